//! Logging in, and who one is then.
use crate::domain::Timestamp;
use crate::domain::ids::UserId;
use crate::domain::rights::{Capability, Scope};
use serde::{Deserialize, Serialize};

/// 登录 (login).
#[derive(Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// 登录名.
    pub login: String,
    /// 密码.
    pub password: String,
}

/// The password never reaches a log through `{:?}`.
impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Login").field("login", &self.login).finish_non_exhaustive()
    }
}

/// 会话 (session).
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Session {
    /// Opaque bearer token, 256 bits; shown this once, kept hashed.
    pub token: String,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// Who.
    pub me: Me,
}

/// 当前用户 (who one is).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Me {
    /// Identity.
    pub user: UserId,
    /// 登录名.
    pub login: String,
    /// 姓名, as it may be shown: masked.
    pub name: String,
    /// 角色代码.
    pub roles: Vec<String>,
    /// 所属单位.
    pub unit: Option<String>,
    /// What one may do, and in which scope.
    pub grants: Vec<(Capability, Scope)>,
    /// 中心名称.
    pub centre: String,
}

/// 坐席状态 (seat state): ephemeral, latest wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SeatState {
    /// 示闲.
    Ready,
    /// 示忙.
    Paused,
}

/// A seat's state as it is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Seat {
    /// State.
    pub state: SeatState,
}

/// 新增用户 (new user).
#[derive(Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    /// 登录名.
    pub login: String,
    /// 姓名.
    pub name: String,
    /// 角色代码.
    pub roles: Vec<String>,
    /// 所属单位.
    #[serde(default)]
    pub unit: Option<String>,
    /// 初始密码; none: this user cannot log in with a password yet.
    #[serde(default)]
    pub password: Option<String>,
}

/// What a change of a user brings: `disable` and `enable` nothing, `password` the password, `role` the roles and the unit.
#[derive(Clone, Default, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct UserChange {
    /// 角色代码.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
    /// 所属单位, given with the roles; absent: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// 新密码.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
}

/// A user as a list shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct UserRow {
    /// Identity.
    pub id: UserId,
    /// 登录名.
    pub login: String,
    /// 角色代码.
    pub roles: Vec<String>,
    /// 所属单位.
    pub unit: Option<String>,
    /// 在用.
    pub active: bool,
}

/// Which users.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct UserQuery {
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// Rows a page, at most 200; 50 where none is given.
    pub limit: Option<u32>,
}
