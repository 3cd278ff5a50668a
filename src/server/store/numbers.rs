//! Numbers come in leased blocks: gaps are allowed, reuse is not, and no counter is hot.
use super::error::StoreError;
use super::tx::Tx;
use crate::domain::Timestamp;
use crate::domain::event::CentreId;
use uuid::Uuid;

/// How many numbers a lease holds.
pub const BLOCK: i64 = 100;

/// Leases the next block of a series; its first number.
///
/// # Errors
/// The store's.
pub async fn lease(tx: &mut Tx<'_>, centre: CentreId, series: &str) -> Result<i64, StoreError> {
    let row = tx
        .first(
            "INSERT INTO number_lease (centre, series, next) VALUES (?1, ?2, 1 + ?3)
             ON CONFLICT (centre, series) DO UPDATE SET next = number_lease.next + ?3 RETURNING next",
            &[centre.into(), series.into(), BLOCK.into()],
        )
        .await?;
    row.map(|row| row.int(0) - BLOCK).ok_or_else(|| StoreError::Broken("a lease gave no row".into()))
}

/// Gives numbers to a seat: what its holder has promised a caller while nobody answered is theirs alone.
///
/// # Errors
/// The store's.
pub async fn hand_out(tx: &mut Tx<'_>, centre: CentreId, holder: Uuid, numbers: &[String], now: Timestamp) -> Result<(), StoreError> {
    for number in numbers {
        tx.execute(
            "INSERT INTO seat_number (centre, number, holder, leased_at) VALUES (?1, ?2, ?3, ?4)",
            &[centre.into(), number.as_str().into(), holder.into(), now.into()],
        )
        .await?;
    }
    Ok(())
}

/// Uses a number up; when it was leased. None where this holder does not have it, or has used it.
///
/// # Errors
/// The store's.
pub async fn use_up(tx: &mut Tx<'_>, centre: CentreId, holder: Uuid, number: &str) -> Result<Option<Timestamp>, StoreError> {
    let row = tx
        .first("DELETE FROM seat_number WHERE centre = ?1 AND number = ?2 AND holder = ?3 RETURNING leased_at", &[centre.into(), number.into(), holder.into()])
        .await?;
    Ok(row.map(|row| row.at(0)))
}
