//! Numbers come in leased blocks: gaps are allowed, reuse is not, and no counter is hot.
use super::error::StoreError;
use super::tx::Tx;
use crate::domain::event::CentreId;

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
