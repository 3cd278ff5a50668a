//! What an import brought: the source's id says which aggregate it became.
use super::error::StoreError;
use super::tx::Tx;
use crate::domain::event::CentreId;
use uuid::Uuid;

/// The aggregate a source's id became.
///
/// # Errors
/// The store's.
pub async fn find(tx: &mut Tx<'_>, centre: CentreId, kind: &str, external_id: &str) -> Result<Option<Uuid>, StoreError> {
    let row = tx
        .first("SELECT aggregate_id FROM imported WHERE centre = ?1 AND kind = ?2 AND external_id = ?3", &[centre.into(), kind.into(), external_id.into()])
        .await?;
    Ok(row.map(|row| row.id(0)))
}

/// Remembers one.
///
/// # Errors
/// The store's.
pub async fn keep(tx: &mut Tx<'_>, centre: CentreId, kind: &str, external_id: &str, id: Uuid) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO imported (centre, kind, external_id, aggregate_id) VALUES (?1, ?2, ?3, ?4)",
        &[centre.into(), kind.into(), external_id.into(), id.into()],
    )
    .await
    .map(drop)
}
