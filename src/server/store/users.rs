//! Users, their credentials and their sessions.
use super::error::StoreError;
use super::tx::Tx;
use super::value::{Row, Value};
use crate::api::session::UserRow;
use crate::domain::Timestamp;
use crate::domain::event::CentreId;
use crate::domain::ids::UserId;
use crate::domain::user::User;
use uuid::Uuid;

/// A user as the server works with one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Who.
    pub id: UserId,
    /// 登录名.
    pub login: String,
    /// 角色代码.
    pub roles: Vec<String>,
    /// 所属单位.
    pub unit: Option<String>,
    /// 姓名.
    pub name: String,
    /// 在用.
    pub active: bool,
}

/// Writes the row of a user; `name` is the present text.
///
/// # Errors
/// `Unique` where the login is taken.
pub async fn save(tx: &mut Tx<'_>, centre: CentreId, user: &User, name: &str) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO user_row (centre, id, version, login, roles, unit, name, active) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (centre, id) DO UPDATE SET version = excluded.version, roles = excluded.roles, unit = excluded.unit, name = excluded.name, active = excluded.active",
        &values(centre, user, name),
    )
    .await
    .map(drop)
}

/// The row a user should have.
pub fn values(centre: CentreId, user: &User, name: &str) -> Vec<Value> {
    vec![
        centre.into(),
        user.id.0.into(),
        user.version.into(),
        user.login.as_str().into(),
        user.roles.join(",").into(),
        user.unit.clone().into(),
        name.into(),
        user.active.into(),
    ]
}

fn known(row: &Row) -> Known {
    Known {
        id: UserId(row.id(0)),
        login: row.text(1),
        roles: row.text(2).split(',').filter(|role| !role.is_empty()).map(str::to_owned).collect(),
        unit: row.maybe_text(3),
        name: row.text(4),
        active: row.flag(5),
    }
}

/// The user with this login.
///
/// # Errors
/// The store's.
pub async fn by_login(tx: &mut Tx<'_>, centre: CentreId, login: &str) -> Result<Option<Known>, StoreError> {
    let row = tx.first("SELECT id, login, roles, unit, name, active FROM user_row WHERE centre = ?1 AND login = ?2", &[centre.into(), login.into()]).await?;
    Ok(row.map(|row| known(&row)))
}

/// A user.
///
/// # Errors
/// The store's.
pub async fn by_id(tx: &mut Tx<'_>, centre: CentreId, id: Uuid) -> Result<Option<Known>, StoreError> {
    let row = tx.first("SELECT id, login, roles, unit, name, active FROM user_row WHERE centre = ?1 AND id = ?2", &[centre.into(), id.into()]).await?;
    Ok(row.map(|row| known(&row)))
}

/// Users, by login.
///
/// # Errors
/// The store's.
pub async fn list(tx: &mut Tx<'_>, centre: CentreId, after: &str, limit: i64) -> Result<Vec<UserRow>, StoreError> {
    let rows = tx
        .query(
            "SELECT id, login, roles, unit, name, active FROM user_row WHERE centre = ?1 AND login > ?2 ORDER BY login LIMIT ?3",
            &[centre.into(), after.into(), limit.into()],
        )
        .await?;
    Ok(rows
        .iter()
        .map(known)
        .map(|user| UserRow { id: user.id, login: user.login, roles: user.roles, unit: user.unit, active: user.active })
        .collect())
}

/// Keeps a password's hash.
///
/// # Errors
/// The store's.
pub async fn set_credential(tx: &mut Tx<'_>, centre: CentreId, user: Uuid, hash: &str) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO credential (centre, user_id, hash) VALUES (?1, ?2, ?3) ON CONFLICT (centre, user_id) DO UPDATE SET hash = excluded.hash",
        &[centre.into(), user.into(), hash.into()],
    )
    .await
    .map(drop)
}

/// A password's hash.
///
/// # Errors
/// The store's.
pub async fn credential(tx: &mut Tx<'_>, centre: CentreId, user: Uuid) -> Result<Option<String>, StoreError> {
    let row = tx.first("SELECT hash FROM credential WHERE centre = ?1 AND user_id = ?2", &[centre.into(), user.into()]).await?;
    Ok(row.map(|row| row.text(0)))
}

/// Opens a session under the hash of its token.
///
/// # Errors
/// The store's.
pub async fn open_session(tx: &mut Tx<'_>, centre: CentreId, token: &[u8], user: Uuid, now: Timestamp, expires: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO session (centre, token, user_id, created_at, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        &[centre.into(), token.to_vec().into(), user.into(), now.into(), expires.into()],
    )
    .await
    .map(drop)
}

/// Ends a session.
///
/// # Errors
/// The store's.
pub async fn close_session(tx: &mut Tx<'_>, centre: CentreId, token: &[u8]) -> Result<(), StoreError> {
    tx.execute("DELETE FROM session WHERE centre = ?1 AND token = ?2", &[centre.into(), token.to_vec().into()]).await.map(drop)
}

/// Ends every session of a user.
///
/// # Errors
/// The store's.
pub async fn close_sessions(tx: &mut Tx<'_>, centre: CentreId, user: Uuid) -> Result<(), StoreError> {
    tx.execute("DELETE FROM session WHERE centre = ?1 AND user_id = ?2", &[centre.into(), user.into()]).await.map(drop)
}

/// Forgets sessions that have ended.
///
/// # Errors
/// The store's.
pub async fn forget_sessions(tx: &mut Tx<'_>, centre: CentreId, now: Timestamp) -> Result<u64, StoreError> {
    tx.execute("DELETE FROM session WHERE centre = ?1 AND expires_at <= ?2", &[centre.into(), now.into()]).await
}

/// The user of a session that has not ended.
///
/// # Errors
/// The store's.
pub async fn of_session(tx: &mut Tx<'_>, centre: CentreId, token: &[u8], now: Timestamp) -> Result<Option<Known>, StoreError> {
    let row = tx
        .first(
            "SELECT u.id, u.login, u.roles, u.unit, u.name, u.active FROM session s JOIN user_row u ON u.centre = s.centre AND u.id = s.user_id
             WHERE s.centre = ?1 AND s.token = ?2 AND s.expires_at > ?3 AND u.active = 1",
            &[centre.into(), token.to_vec().into(), now.into()],
        )
        .await?;
    Ok(row.map(|row| known(&row)))
}

/// The stored row as the parameters `values` would write.
///
/// # Errors
/// The store's.
pub async fn stored(tx: &mut Tx<'_>, centre: CentreId, id: Uuid) -> Result<Option<Row>, StoreError> {
    tx.first("SELECT centre, id, version, login, roles, unit, name, active FROM user_row WHERE centre = ?1 AND id = ?2", &[centre.into(), id.into()]).await
}
