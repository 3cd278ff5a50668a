//! 用户 (user): who works at a console. Names are content, passwords are credentials; neither is in the log.
use super::event::{AggregateKind, ContentRef, Envelope, Payload};
use super::ids::UserId;
use serde::{Deserialize, Serialize};

/// 用户事件 (user event).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "payload", rename_all = "snake_case")]
pub enum UserEvent {
    /// 新增.
    Added {
        /// 登录名.
        login: String,
        /// 角色代码.
        roles: Vec<String>,
        /// 所属单位; none for the hotline's own staff.
        unit: Option<String>,
        /// 姓名.
        name: ContentRef,
    },
    /// 调整角色与单位.
    Changed {
        /// 角色代码.
        roles: Vec<String>,
        /// 所属单位.
        unit: Option<String>,
    },
    /// 停用.
    Disabled,
    /// 重新启用.
    Enabled,
    /// 重设密码: that it was, not what it is.
    PasswordSet,
}

impl Payload for UserEvent {
    const AGGREGATE: AggregateKind = AggregateKind::User;
}

/// 用户 (user).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct User {
    /// Identity.
    pub id: UserId,
    /// How many events it has.
    pub version: i64,
    /// 登录名.
    pub login: String,
    /// 角色代码.
    pub roles: Vec<String>,
    /// 所属单位.
    pub unit: Option<String>,
    /// 姓名.
    pub name: ContentRef,
    /// 在用.
    pub active: bool,
}

/// The user after one more event.
pub fn fold(user: Option<User>, event: &UserEvent, envelope: &Envelope) -> Option<User> {
    match (user, event) {
        (None, UserEvent::Added { login, roles, unit, name }) => Some(User {
            id: UserId(envelope.aggregate_id),
            version: envelope.version,
            login: login.clone(),
            roles: roles.clone(),
            unit: unit.clone(),
            name: name.clone(),
            active: true,
        }),
        (Some(mut user), event) => {
            user.version = envelope.version;
            match event {
                UserEvent::Added { .. } | UserEvent::PasswordSet => {}
                UserEvent::Changed { roles, unit } => {
                    user.roles.clone_from(roles);
                    user.unit.clone_from(unit);
                }
                UserEvent::Disabled => user.active = false,
                UserEvent::Enabled => user.active = true,
            }
            Some(user)
        }
        (None, _) => None,
    }
}
