//! What the sweep asks for and writes: whose row is to be made again, for whom something has turned, that a flag was raised.
use super::error::StoreError;
use super::tickets::flag_number;
use super::tx::Tx;
use crate::domain::Timestamp;
use crate::domain::clocks::Flag;
use crate::domain::event::CentreId;
use uuid::Uuid;

/// Gives the open tickets whose limits reach into a year, or rest on one that was not published, to the sweep: it makes
/// their rows again a few hundred at a time, on whichever node, also after a restart.
///
/// # Errors
/// The store's.
pub async fn recompute(tx: &mut Tx<'_>, centre: CentreId, from: Timestamp, to: Timestamp, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE ticket_row SET next_at = ?4 WHERE centre = ?1 AND is_open = 1 AND (provisional = 1 OR (due_at >= ?2 AND accepted_at < ?3)) AND (next_at IS NULL OR next_at > ?4)",
        &[centre.into(), from.into(), to.into(), now.into()],
    )
    .await
    .map(drop)
}

/// The tickets [`recompute`] would give to the sweep, at most `limit`: asked before the year is taken in.
///
/// # Errors
/// The store's.
pub async fn reaching(tx: &mut Tx<'_>, centre: CentreId, from: Timestamp, to: Timestamp, limit: i64) -> Result<Vec<Uuid>, StoreError> {
    let rows = tx
        .query(
            "SELECT id FROM ticket_row WHERE centre = ?1 AND is_open = 1 AND (provisional = 1 OR (due_at >= ?2 AND accepted_at < ?3)) ORDER BY sort_at, id LIMIT ?4",
            &[centre.into(), from.into(), to.into(), limit.into()],
        )
        .await?;
    Ok(rows.iter().map(|row| row.id(0)).collect())
}

/// Tickets for which something has turned, at most `limit`.
///
/// # Errors
/// The store's.
pub async fn due(tx: &mut Tx<'_>, centre: CentreId, now: Timestamp, limit: i64) -> Result<Vec<Uuid>, StoreError> {
    let rows = tx
        .query(
            "SELECT id FROM ticket_row WHERE centre = ?1 AND next_at IS NOT NULL AND next_at <= ?2 ORDER BY next_at LIMIT ?3",
            &[centre.into(), now.into(), limit.into()],
        )
        .await?;
    Ok(rows.iter().map(|row| row.id(0)).collect())
}

/// Says that a flag was raised; `Unique` where it was already.
///
/// # Errors
/// The store's.
pub async fn raise(tx: &mut Tx<'_>, centre: CentreId, deadline: &str, level: Flag, ticket: Uuid, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO flag (centre, deadline, level, ticket, raised_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        &[centre.into(), deadline.into(), flag_number(level).to_string().into(), ticket.into(), now.into()],
    )
    .await
    .map(drop)
}
