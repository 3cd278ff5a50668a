//! What all projections have in common, for a rebuild: rows that no event stands behind.
use super::error::StoreError;
use super::tx::Tx;
use crate::domain::event::{AggregateKind, CentreId};
use uuid::Uuid;

/// Rows of a kind that the log knows nothing of, at most 500 of them.
///
/// # Errors
/// The store's.
pub async fn strangers(tx: &mut Tx<'_>, centre: CentreId, kind: AggregateKind) -> Result<Vec<Uuid>, StoreError> {
    let sql = match kind {
        AggregateKind::Ticket => {
            "SELECT id FROM ticket_row r WHERE centre = ?1 AND NOT EXISTS (SELECT 1 FROM event e WHERE e.centre = ?1 AND e.aggregate_id = r.id AND e.version = 1) LIMIT 500"
        }
        AggregateKind::Call => {
            "SELECT id FROM call_row r WHERE centre = ?1 AND NOT EXISTS (SELECT 1 FROM event e WHERE e.centre = ?1 AND e.aggregate_id = r.id AND e.version = 1) LIMIT 500"
        }
        AggregateKind::Article => {
            "SELECT id FROM article_row r WHERE centre = ?1 AND NOT EXISTS (SELECT 1 FROM event e WHERE e.centre = ?1 AND e.aggregate_id = r.id AND e.version = 1) LIMIT 500"
        }
        AggregateKind::User => {
            "SELECT id FROM user_row r WHERE centre = ?1 AND NOT EXISTS (SELECT 1 FROM event e WHERE e.centre = ?1 AND e.aggregate_id = r.id AND e.version = 1) LIMIT 500"
        }
        AggregateKind::Table => return Ok(Vec::new()),
    };
    Ok(tx.query(sql, &[centre.into()]).await?.iter().map(|row| row.id(0)).collect())
}
