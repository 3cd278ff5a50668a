//! 审计链 (audit chain), read back: each event's digest and each link made again from the rows themselves. Writing the
//! chain is `log`'s and the sequencer's business.
use super::error::StoreError;
use super::heads::link;
use super::log::digest_of;
use super::tx::Tx;
use super::value::Row;
use crate::domain::event::CentreId;
use uuid::Uuid;

/// Where a reading of the chain stands.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// The last position read.
    pub position: i64,
    /// Its moment, microseconds.
    pub recorded_at: i64,
    /// Its hash.
    pub hash: Vec<u8>,
}

/// Reads on, at most `limit` positions; the events whose digest, moment or link is not what the log says, each with its position. `false`: that
/// was the end.
///
/// # Errors
/// The store's.
pub async fn read(tx: &mut Tx<'_>, centre: CentreId, reading: &mut Reading, limit: i64) -> Result<(Vec<(i64, Uuid)>, bool), StoreError> {
    let rows = tx
        .query(
            "SELECT p.position, p.event_id, p.recorded_at, p.hash, e.digest, e.aggregate, e.aggregate_id, e.version, e.kind, e.schema, e.occurred_at, e.actor,
               e.command_key, e.call_id, e.round, e.payload, e.recorded_at
             FROM event_position p LEFT JOIN event e ON e.centre = p.centre AND e.id = p.event_id
             WHERE p.centre = ?1 AND p.position > ?2 ORDER BY p.position LIMIT ?3",
            &[centre.into(), reading.position.into(), limit.into()],
        )
        .await?;
    let mut broken = Vec::new();
    for row in &rows {
        if reading.hash.is_empty() {
            reading.hash = vec![0; 32];
        }
        let (position, event, at) = (row.int(0), row.id(1), row.int(2));
        let digest = digest_again(centre, row);
        let linked = link(&reading.hash, position, event.as_bytes(), at, &digest);
        let in_order = position == reading.position + 1 && at >= reading.recorded_at && at >= row.int(16);
        if !in_order || digest != row.bytes(4) || linked != row.bytes(3) {
            broken.push((position, event));
        }
        // Each break is told once: the next link is judged by what stands here.
        *reading = Reading { position, recorded_at: at, hash: row.bytes(3) };
    }
    Ok((broken, rows.len() as i64 == limit))
}

fn digest_again(centre: CentreId, row: &Row) -> Vec<u8> {
    let number = |column: usize| row.int(column).to_be_bytes();
    digest_of([
        Some(&centre.to_be_bytes()),
        Some(row.id(1).as_bytes()),
        Some(row.text(5).as_bytes()),
        Some(row.id(6).as_bytes()),
        Some(&number(7)),
        Some(row.text(8).as_bytes()),
        Some(&number(9)),
        Some(&number(10)),
        Some(&number(16)),
        Some(row.text(11).as_bytes()),
        row.maybe_text(12).as_deref().map(str::as_bytes),
        row.maybe_bytes(13).as_deref(),
        Some(&number(14)),
        Some(row.text(15).as_bytes()),
    ])
}

/// Is the head what the last position says?
///
/// # Errors
/// The store's.
pub async fn ends_at(tx: &mut Tx<'_>, centre: CentreId, reading: &Reading) -> Result<bool, StoreError> {
    // Every centre has a head from its beginning.
    let Some(head) = tx.first("SELECT position, recorded_at, hash FROM seq_state WHERE centre = ?1", &[centre.into()]).await? else { return Ok(false) };
    // What was appended while the chain was read stands after it.
    Ok(head.int(0) > reading.position || reading.position == 0 || (head.int(0), head.int(1), head.bytes(2)) == (reading.position, reading.recorded_at, reading.hash.clone()))
}

/// A reading that goes on after this position, whatever stands there: the next link is judged by it.
///
/// # Errors
/// The store's.
pub async fn after(tx: &mut Tx<'_>, centre: CentreId, position: i64) -> Result<Option<Reading>, StoreError> {
    if position <= 0 {
        return Ok(Some(Reading::default()));
    }
    let row = tx.first("SELECT recorded_at, hash FROM event_position WHERE centre = ?1 AND position = ?2", &[centre.into(), position.into()]).await?;
    Ok(row.map(|row| Reading { position, recorded_at: row.int(0), hash: row.bytes(1) }))
}

/// The head as it is stored.
///
/// # Errors
/// The store's.
pub async fn head(tx: &mut Tx<'_>, centre: CentreId) -> Result<Reading, StoreError> {
    let row = tx.first("SELECT position, recorded_at, hash FROM seq_state WHERE centre = ?1", &[centre.into()]).await?;
    Ok(row.map_or_else(Reading::default, |row| Reading { position: row.int(0), recorded_at: row.int(1), hash: row.bytes(2) }))
}
