//! What a caller has come with, counted; and the number a ticket is spoken by. The rows themselves are `tickets`' business.
use super::error::StoreError;
use super::tx::Tx;
use crate::domain::Timestamp;
use crate::domain::event::CentreId;
use uuid::Uuid;

/// 一人多诉: a caller's matters, counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Matters {
    /// How many in all.
    pub all: i64,
    /// How many of late.
    pub late: i64,
    /// The most of one class of late.
    pub same_class: i64,
}

/// How many matters a caller came with: in all, since then, and since then of one class.
///
/// # Errors
/// The store's.
pub async fn of_caller(tx: &mut Tx<'_>, centre: CentreId, caller: Uuid, since: Timestamp) -> Result<Matters, StoreError> {
    let values = [centre.into(), caller.into(), since.into()];
    let row = tx.first("SELECT count(*), count(CASE WHEN accepted_at >= ?3 THEN 1 END) FROM ticket_row WHERE centre = ?1 AND caller = ?2", &values).await?.unwrap_or_default();
    let most = tx
        .first(
            "SELECT count(*) AS of_class FROM ticket_row WHERE centre = ?1 AND caller = ?2 AND accepted_at >= ?3 AND class IS NOT NULL
             GROUP BY class ORDER BY of_class DESC LIMIT 1",
            &values,
        )
        .await?;
    Ok(Matters { all: row.int(0), late: row.int(1), same_class: most.map_or(0, |row| row.int(0)) })
}

/// The ticket of a number; `None` for what is none.
///
/// # Errors
/// The store's.
pub async fn ticket_of(tx: &mut Tx<'_>, centre: CentreId, number: &str) -> Result<Option<Uuid>, StoreError> {
    Ok(tx.first("SELECT id FROM ticket_row WHERE centre = ?1 AND number = ?2", &[centre.into(), number.into()]).await?.map(|row| row.id(0)))
}

/// The number of a ticket; `None` for what is none.
///
/// # Errors
/// The store's.
pub async fn number_of(tx: &mut Tx<'_>, centre: CentreId, id: Uuid) -> Result<Option<String>, StoreError> {
    Ok(tx.first("SELECT number FROM ticket_row WHERE centre = ?1 AND id = ?2", &[centre.into(), id.into()]).await?.map(|row| row.text(0)))
}
