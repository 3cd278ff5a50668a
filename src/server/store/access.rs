//! Looks in the log: counted by person and time, found by what they were at. There is no table of them: the log is.
use super::error::StoreError;
use super::log::actor_text;
use super::tx::Tx;
use crate::domain::Timestamp;
use crate::domain::event::{Actor, CentreId};
use uuid::Uuid;

/// How many events an aggregate has: the next one's version is one more.
///
/// # Errors
/// The store's.
pub async fn version(tx: &mut Tx<'_>, centre: CentreId, aggregate: Uuid) -> Result<i64, StoreError> {
    let row = tx.first("SELECT max(version) FROM event WHERE centre = ?1 AND aggregate_id = ?2", &[centre.into(), aggregate.into()]).await?;
    Ok(row.map_or(0, |row| row.int(0)))
}

/// How often somebody has revealed since then.
///
/// # Errors
/// The store's.
pub async fn reveals_since(tx: &mut Tx<'_>, centre: CentreId, actor: &Actor, since: Timestamp) -> Result<i64, StoreError> {
    let row = tx
        .first(
            "SELECT count(*) FROM event WHERE centre = ?1 AND aggregate = 'access' AND actor = ?2 AND recorded_at > ?3 AND kind = 'access.revealed'",
            &[centre.into(), actor_text(actor).into(), since.into()],
        )
        .await?;
    Ok(row.map_or(0, |row| row.int(0)))
}
