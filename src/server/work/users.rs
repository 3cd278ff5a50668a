//! Adding users.
use super::{Answer, Outcome, Work};
use crate::api::session::{NewUser, UserRow};
use crate::domain::ids::UserId;
use crate::domain::refusal::Refusal;
use crate::domain::user::{self, UserEvent};
use crate::server::fault::Fault;
use crate::server::store::users;
use uuid::Uuid;

/// 新增用户. The password's hash is made before the transaction and is not part of the log.
pub fn add<'w>(mut work: Work<'w, '_>, request: NewUser, hash: Option<String>) -> Outcome<'w> {
    Box::pin(async move {
        let work = &mut work;
        let centre = work.node.centre;
        if request.login.is_empty() || request.login.len() > 64 || !request.login.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_')) {
            return Err(Refusal::Unknown { field: "login".into(), value: request.login }.into());
        }
        for role in &request.roles {
            if !work.tables.roles.contains_key(role) {
                return Err(Refusal::Unknown { field: "role".into(), value: role.clone() }.into());
            }
        }
        if let Some(unit) = &request.unit {
            work.tables.require_unit(unit)?;
        }
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
