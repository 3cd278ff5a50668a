//! The content store: free text by revision. Erasing empties the body; what pointed to it shows 〔已删除〕.
use super::error::StoreError;
use super::tx::Tx;
use crate::domain::Timestamp;
use crate::domain::event::{CentreId, ContentRef};
use crate::domain::ids::ContentId;

/// What stands where a text was erased.
pub const ERASED: &str = "〔已删除〕";

/// Keeps a text.
///
/// # Errors
/// The store's.
pub async fn put(tx: &mut Tx<'_>, centre: CentreId, text: &str, reference: &ContentRef, now: Timestamp) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO content (centre, id, body, digest, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
        &[centre.into(), reference.id.0.into(), text.into(), reference.digest.as_str().into(), now.into()],
    )
    .await
    .map(drop)
}

/// Any text that stands, with its digest.
///
/// # Errors
/// The store's.
pub async fn any(tx: &mut Tx<'_>, centre: CentreId) -> Result<Option<(String, String)>, StoreError> {
    let row = tx.first("SELECT body, digest FROM content WHERE centre = ?1 AND body IS NOT NULL LIMIT 1", &[centre.into()]).await?;
    Ok(row.map(|row| (row.text(0), row.text(1))))
}

/// A text, or the words that it was erased.
///
/// # Errors
/// The store's.
pub async fn get(tx: &mut Tx<'_>, centre: CentreId, id: ContentId) -> Result<String, StoreError> {
    let row = tx.first("SELECT body FROM content WHERE centre = ?1 AND id = ?2", &[centre.into(), id.0.into()]).await?;
    Ok(row.and_then(|row| row.maybe_text(0)).unwrap_or_else(|| ERASED.into()))
}
