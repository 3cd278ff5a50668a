//! What all projections have in common, for a rebuild: rows that no event stands behind, a ticket's row as it lies there.
use super::error::StoreError;
use super::tx::Tx;
use super::value::Row;
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
        AggregateKind::Table | AggregateKind::Access | AggregateKind::Caller => return Ok(Vec::new()),
    };
    Ok(tx.query(sql, &[centre.into()]).await?.iter().map(|row| row.id(0)).collect())
}

/// Flags as they are stored after this deadline and level: deadline, level, ticket, raised at; at most 500.
///
/// # Errors
/// The store's.
pub async fn flags(tx: &mut Tx<'_>, centre: CentreId, after: (&str, &str)) -> Result<Vec<Row>, StoreError> {
    tx.query(
        "SELECT deadline, level, ticket, raised_at FROM flag WHERE centre = ?1 AND (deadline, level) > (?2, ?3) ORDER BY deadline, level LIMIT 500",
        &[centre.into(), after.0.into(), after.1.into()],
    )
    .await
}

/// What imports brought as it is stored after this kind and source's id: kind, source's id, aggregate; at most 500.
///
/// # Errors
/// The store's.
pub async fn imports(tx: &mut Tx<'_>, centre: CentreId, after: (&str, &str)) -> Result<Vec<Row>, StoreError> {
    tx.query(
        "SELECT kind, external_id, aggregate_id FROM imported WHERE centre = ?1 AND (kind, external_id) > (?2, ?3) ORDER BY kind, external_id LIMIT 500",
        &[centre.into(), after.0.into(), after.1.into()],
    )
    .await
}

/// How many table events the log has.
///
/// # Errors
/// The store's.
pub async fn table_events(tx: &mut Tx<'_>, centre: CentreId) -> Result<i64, StoreError> {
    Ok(tx.first("SELECT count(*) FROM event WHERE centre = ?1 AND aggregate = 'table'", &[centre.into()]).await?.map_or(0, |row| row.int(0)))
}

/// A ticket's stored row as the parameters `tickets::values` would write.
///
/// # Errors
/// The store's.
pub async fn ticket(tx: &mut Tx<'_>, centre: CentreId, id: Uuid) -> Result<Option<Row>, StoreError> {
    tx.first(
        "SELECT centre, id, number, version, step, round, kind, class, urgent_class, tag, green, line, title, unit, assignee, accepted_at, dispatched_at,
           orange_at, red_at, due_at, provisional, warn_at, extended, paused, closed_at, hops, urges, supervised, solved, caller, reached, is_open, flag, next_at, sort_at
         FROM ticket_row WHERE centre = ?1 AND id = ?2",
        &[centre.into(), id.into()],
    )
    .await
}
