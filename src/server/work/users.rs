//! Adding users, and changing what they may.
use super::{Answer, Outcome, Work, folded};
use crate::api::session::{NewUser, UserRow};
use crate::domain::ids::UserId;
use crate::domain::refusal::Refusal;
use crate::domain::rights::Capability;
use crate::domain::tables::Tables;
use crate::domain::user::{self, User, UserEvent};
use crate::server::fault::Fault;
use crate::server::store::{content, users};
use uuid::Uuid;

/// A user works in roles that there are, and in a unit that there is where they have one.
fn known(tables: &Tables, roles: &[String], unit: Option<&str>) -> Result<(), Refusal> {
    if roles.is_empty() {
        return Err(Refusal::Missing { field: "roles".into() });
    }
    if let Some(role) = roles.iter().find(|role| !tables.roles.contains_key(*role)) {
        return Err(Refusal::Unknown { field: "role".into(), value: role.clone() });
    }
    unit.map_or(Ok(()), |unit| tables.require_unit(unit))
}

/// What is changed about a user.
#[derive(Debug, Clone)]
pub enum Change {
    /// 停用: every session of theirs ends.
    Disable,
    /// 重新启用.
    Enable,
    /// 重设密码: the hash of the new one; every session of theirs ends.
    Password(String),
    /// 调整角色与单位.
    Role {
        /// 角色代码.
        roles: Vec<String>,
        /// 所属单位.
        unit: Option<String>,
    },
}

/// 停用, 启用, 重设密码, 调整角色.
pub fn change<'w>(mut work: Work<'w, '_>, login: String, change: Change) -> Outcome<'w> {
    Box::pin(async move {
        let work = &mut work;
        let centre = work.node.centre;
        let id = users::by_login(work.tx, centre, &login).await?.ok_or(Refusal::NotFound)?.id;
        let user: User = folded(work.tx, centre, id.0, user::fold).await?.ok_or(Refusal::NotFound)?;
        if let Change::Role { roles, unit } = &change {
            known(&work.tables, roles, unit.as_deref())?;
        }
        let administers = |roles: &[String]| {
            roles.iter().filter_map(|role| work.tables.roles.get(role)).any(|role| role.capabilities.contains(&Capability::UserManage))
        };
        let own = work.asker.viewer.as_ref().is_some_and(|viewer| viewer.user == id);
        if own && (matches!(change, Change::Disable) || matches!(&change, Change::Role { roles, .. } if !administers(roles))) {
            return Err(Refusal::NotOneself.into());
        }
        let event = match &change {
            Change::Disable => UserEvent::Disabled,
            Change::Enable => UserEvent::Enabled,
            Change::Password(_) => UserEvent::PasswordSet,
            Change::Role { roles, unit } => UserEvent::Changed { roles: roles.clone(), unit: unit.clone() },
        };
        let envelope = work.append(&event, id.0, user.version + 1, 0, None).await?;
        let user = user::fold(Some(user), &event, &envelope).ok_or_else(|| Fault::broken("a user folded to nothing"))?;
        let name = content::get(work.tx, centre, user.name.id).await?;
        users::save(work.tx, centre, &user, &name).await?;
        if let Change::Password(hash) = &change {
            users::set_credential(work.tx, centre, id.0, hash).await?;
        }
        if matches!(change, Change::Disable | Change::Password(_)) {
            users::close_sessions(work.tx, centre, id.0).await?;
        }
        Answer::json(200, &UserRow { id, login: user.login, roles: user.roles, unit: user.unit, active: user.active })
    })
}

/// 新增用户. The password's hash is made before the transaction and is not part of the log.
pub fn add<'w>(mut work: Work<'w, '_>, request: NewUser, hash: Option<String>) -> Outcome<'w> {
    Box::pin(async move {
        let work = &mut work;
        let centre = work.node.centre;
        if request.login.is_empty() || request.login.len() > 64 || !request.login.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_')) {
            return Err(Refusal::Unknown { field: "login".into(), value: request.login }.into());
        }
        if request.name.trim().is_empty() {
            return Err(Refusal::Missing { field: "name".into() }.into());
        }
        known(&work.tables, &request.roles, request.unit.as_deref())?;
        if users::by_login(work.tx, centre, &request.login).await?.is_some() {
            return Err(Refusal::Exists { what: request.login }.into());
        }
        let id = Uuid::now_v7();
        let event =
            UserEvent::Added { login: request.login, roles: request.roles, unit: request.unit, name: work.text("name", &request.name).await? };
        let envelope = work.append(&event, id, 1, 0, None).await?;
        let user = user::fold(None, &event, &envelope).ok_or_else(|| Fault::broken("a user folded to nothing"))?;
        users::save(work.tx, centre, &user, &request.name).await?;
        if let Some(hash) = hash {
            users::set_credential(work.tx, centre, id, &hash).await?;
        }
        Answer::json(201, &UserRow { id: UserId(id), login: user.login, roles: user.roles, unit: user.unit, active: true })
    })
}
