//! The log as an auditor reads it: newest first, a stretch at a time. A stretch costs the same whatever is looked for in
//! it, so no index has to be kept for questions that are asked once a month.
use super::error::StoreError;
use super::log::{Positioned, positioned};
use super::tx::Tx;
use super::value::micros;
use crate::domain::Timestamp;
use crate::domain::event::CentreId;
use uuid::Uuid;

/// What an auditor asks for.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The actor as the log writes one; empty: everybody.
    pub actor: String,
    /// A kind of event or of aggregate, or `import`: what an import brought; empty: every kind.
    pub kind: String,
    /// These aggregates only: a ticket, and the trail of who looked at it; none: all.
    pub about: Option<[Uuid; 2]>,
}

/// Events from position `from` on and before `before`, newest first, those that are wanted.
///
/// # Errors
/// The store's.
pub async fn stretch(tx: &mut Tx<'_>, centre: CentreId, wanted: &Wanted, from: i64, before: i64) -> Result<Vec<Positioned>, StoreError> {
    let [one, other] = wanted.about.unwrap_or_default();
    let rows = tx
        .query(
            "SELECT e.id, e.aggregate, e.aggregate_id, e.version, e.kind, e.schema, e.occurred_at, p.recorded_at, e.actor, e.command_key, e.call_id, e.round, e.payload, p.position
             FROM event_position p JOIN event e ON e.centre = p.centre AND e.id = p.event_id
             WHERE p.centre = ?1 AND p.position >= ?2 AND p.position < ?3 AND (?4 = '' OR e.actor = ?4) AND (?5 = '' OR e.kind = ?5 OR e.aggregate = ?5
               OR (?5 = 'import' AND (e.kind = 'table.year_imported' OR e.payload LIKE '%channel___import%')))
               AND (?6 = 0 OR e.aggregate_id = ?7 OR e.aggregate_id = ?8)
             ORDER BY p.position DESC",
            &[centre.into(), from.into(), before.into(), wanted.actor.as_str().into(), wanted.kind.as_str().into(), i64::from(wanted.about.is_some()).into(), one.into(), other.into()],
        )
        .await?;
    rows.iter().map(|row| positioned(centre, row)).collect()
}

/// The first position recorded at or after a moment; one past the last where there is none. Moments never fall along
/// positions, and positions are dense: a few look-ups by key find it.
///
/// # Errors
/// The store's.
pub async fn first_at(tx: &mut Tx<'_>, centre: CentreId, at: Timestamp, last: i64) -> Result<i64, StoreError> {
    let (mut low, mut high) = (1, last + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        let row = tx.first("SELECT recorded_at FROM event_position WHERE centre = ?1 AND position = ?2", &[centre.into(), middle.into()]).await?;
        if row.is_some_and(|row| row.int(0) < micros(at)) { low = middle + 1 } else { high = middle }
    }
    Ok(low)
}
