//! The log: appending, reading one aggregate, reading in position order.
use super::error::StoreError;
use super::heads::link;
use super::tx::{Over, Tx};
use super::value::{Row, Value, micros, moment};
use crate::domain::Timestamp;
use crate::domain::event::{Actor, AggregateKind, Cause, CentreId, Envelope};
use crate::domain::ids::{CallId, EventId};
use uuid::Uuid;

/// Makes sure that a centre has a head to count from.
///
/// # Errors
/// The store's.
pub async fn ensure_centre(tx: &mut Tx<'_>, centre: CentreId) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO seq_state (centre, position, recorded_at, hash) VALUES (?1, 0, 0, ?2) ON CONFLICT (centre) DO NOTHING",
        &[centre.into(), vec![0u8; 32].into()],
    )
    .await?;
    tx.execute("INSERT INTO tables_state (centre, version) VALUES (?1, 0) ON CONFLICT (centre) DO NOTHING", &[centre.into()]).await?;
    Ok(())
}

/// Appends one event; on SQLite it gets its position here.
///
/// # Errors
/// `Unique` where another has appended this version first; the command is then tried again.
pub async fn append(tx: &mut Tx<'_>, event: &Envelope) -> Result<(), StoreError> {
    let digest = digest(event);
    tx.execute(
        "INSERT INTO event (centre, id, aggregate, aggregate_id, version, kind, schema, occurred_at, recorded_at, actor, command_key, call_id, round, payload, digest)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
        &[
            event.centre.into(),
            event.id.0.into(),
            event.aggregate.code().into(),
            event.aggregate_id.into(),
            event.version.into(),
            event.kind.as_str().into(),
            event.schema.into(),
            event.occurred_at.into(),
            event.recorded_at.into(),
            actor_text(&event.actor).into(),
            event.cause.command_key.clone().into(),
            event.cause.call.map(|call| call.0).into(),
            event.round.into(),
            event.payload.as_str().into(),
            digest.clone().into(),
        ],
    )
    .await?;
    let Over::Sqlite(_, Some(heads)) = &mut tx.over else { return Ok(()) };
    let head = heads.of(event.centre);
    head.position += 1;
    head.recorded_at = head.recorded_at.max(micros(event.recorded_at));
    if head.hash.is_empty() {
        head.hash = vec![0; 32];
    }
    head.hash = link(&head.hash, head.position, event.id.0.as_bytes(), head.recorded_at, &digest);
    let values: [Value; 5] =
        [event.centre.into(), head.position.into(), event.id.0.into(), head.recorded_at.into(), head.hash.clone().into()];
    tx.execute("INSERT INTO event_position (centre, position, event_id, recorded_at, hash) VALUES (?1, ?2, ?3, ?4, ?5)", &values).await?;
    Ok(())
}

/// All events of one aggregate, by version.
///
/// # Errors
/// The store's.
pub async fn load(tx: &mut Tx<'_>, centre: CentreId, aggregate: Uuid) -> Result<Vec<Envelope>, StoreError> {
    let rows = tx
        .query(
            "SELECT id, aggregate, aggregate_id, version, kind, schema, occurred_at, recorded_at, actor, command_key, call_id, round, payload
             FROM event WHERE centre = ?1 AND aggregate_id = ?2 ORDER BY version",
            &[centre.into(), aggregate.into()],
        )
        .await?;
    rows.iter().map(|row| envelope(centre, row)).collect()
}

/// Events after a position, in order, at most `limit`, each with its position.
///
/// # Errors
/// The store's.
pub async fn since(tx: &mut Tx<'_>, centre: CentreId, position: i64, limit: i64) -> Result<Vec<Positioned>, StoreError> {
    let rows = tx
        .query(
            "SELECT e.id, e.aggregate, e.aggregate_id, e.version, e.kind, e.schema, e.occurred_at, p.recorded_at, e.actor, e.command_key, e.call_id, e.round, e.payload, p.position
             FROM event_position p JOIN event e ON e.centre = p.centre AND e.id = p.event_id
             WHERE p.centre = ?1 AND p.position > ?2 ORDER BY p.position LIMIT ?3",
            &[centre.into(), position.into(), limit.into()],
        )
        .await?;
    rows.iter().map(|row| positioned(centre, row)).collect()
}

/// An event with its position.
pub type Positioned = (i64, Envelope);

/// A row of an event's columns, its position last.
///
/// # Errors
/// A kind of aggregate this version does not know.
pub(super) fn positioned(centre: CentreId, row: &Row) -> Result<Positioned, StoreError> {
    Ok((row.int(13), envelope(centre, row)?))
}

/// How many events of a kind of aggregate lie after one position, up to another.
///
/// # Errors
/// The store's.
pub async fn count(tx: &mut Tx<'_>, centre: CentreId, kind: AggregateKind, from: i64, to: i64) -> Result<i64, StoreError> {
    let row = tx
        .first(
            "SELECT count(*) FROM event_position p JOIN event e ON e.centre = p.centre AND e.id = p.event_id
             WHERE p.centre = ?1 AND p.position > ?2 AND p.position <= ?3 AND e.aggregate = ?4",
            &[centre.into(), from.into(), to.into(), kind.code().into()],
        )
        .await?;
    Ok(row.map_or(0, |row| row.int(0)))
}

/// The events of the configuration tables, oldest version first.
///
/// # Errors
/// The store's.
pub async fn table_events(tx: &mut Tx<'_>, centre: CentreId) -> Result<Vec<Envelope>, StoreError> {
    let rows = tx
        .query(
            "SELECT id, aggregate, aggregate_id, version, kind, schema, occurred_at, recorded_at, actor, command_key, call_id, round, payload
             FROM event WHERE centre = ?1 AND aggregate = 'table' ORDER BY version, id",
            &[centre.into()],
        )
        .await?;
    rows.iter().map(|row| envelope(centre, row)).collect()
}

/// The identities of all aggregates of a kind, in pages by identity.
///
/// # Errors
/// The store's.
pub async fn aggregates(tx: &mut Tx<'_>, centre: CentreId, kind: AggregateKind, after: Uuid, limit: i64) -> Result<Vec<Uuid>, StoreError> {
    let rows = tx
        .query(
            "SELECT aggregate_id FROM event WHERE centre = ?1 AND aggregate = ?2 AND version = 1 AND aggregate_id > ?3 ORDER BY aggregate_id LIMIT ?4",
            &[centre.into(), kind.code().into(), after.into(), limit.into()],
        )
        .await?;
    Ok(rows.iter().map(|row| row.id(0)).collect())
}

/// The last position given.
///
/// # Errors
/// The store's.
pub async fn head(tx: &mut Tx<'_>, centre: CentreId) -> Result<i64, StoreError> {
    Ok(tx.first("SELECT position FROM seq_state WHERE centre = ?1", &[centre.into()]).await?.map_or(0, |row| row.int(0)))
}

/// When the last positioned event was recorded.
///
/// # Errors
/// The store's.
pub async fn last_recorded(tx: &mut Tx<'_>, centre: CentreId) -> Result<Option<Timestamp>, StoreError> {
    Ok(tx.first("SELECT recorded_at FROM seq_state WHERE centre = ?1", &[centre.into()]).await?.map(|row| row.at(0)))
}

fn envelope(centre: CentreId, row: &Row) -> Result<Envelope, StoreError> {
    let kind = row.text(1);
    Ok(Envelope {
        id: EventId(row.id(0)),
        centre,
        aggregate: AggregateKind::from_code(&kind).ok_or_else(|| StoreError::Broken(format!("unknown aggregate kind {kind:?} in the log")))?,
        aggregate_id: row.id(2),
        version: row.int(3),
        kind: row.text(4),
        schema: row.int(5),
        occurred_at: row.at(6),
        recorded_at: moment(row.int(7)),
        actor: actor_from(&row.text(8)),
        cause: Cause { command_key: row.maybe_text(9), call: row.maybe_id(10).map(CallId) },
        round: row.int(11),
        payload: row.text(12),
    })
}

/// `user:UUID`, `exchange:CODE` or `system`.
pub fn actor_text(actor: &Actor) -> String {
    match actor {
        Actor::User(user) => format!("user:{user}"),
        Actor::Exchange(code) => format!("exchange:{code}"),
        Actor::System => "system".into(),
    }
}

fn actor_from(text: &str) -> Actor {
    match text.split_once(':') {
        Some(("user", id)) => id.parse().map_or(Actor::System, Actor::User),
        Some(("exchange", code)) => Actor::Exchange(code.to_owned()),
        _ => Actor::System,
    }
}

/// SHA-256 over the event's fields, each with its length before it (−1 where there is none): bytes any reader of the row can
/// make again.
pub fn digest(event: &Envelope) -> Vec<u8> {
    let actor = actor_text(&event.actor);
    digest_of([
        Some(&event.centre.to_be_bytes()),
        Some(event.id.0.as_bytes()),
        Some(event.aggregate.code().as_bytes()),
        Some(event.aggregate_id.as_bytes()),
        Some(&event.version.to_be_bytes()),
        Some(event.kind.as_bytes()),
        Some(&event.schema.to_be_bytes()),
        Some(&micros(event.occurred_at).to_be_bytes()),
        Some(&micros(event.recorded_at).to_be_bytes()),
        Some(actor.as_bytes()),
        event.cause.command_key.as_deref().map(str::as_bytes),
        event.cause.call.as_ref().map(|call| call.0.as_bytes().as_slice()),
        Some(&event.round.to_be_bytes()),
        Some(event.payload.as_bytes()),
    ])
}

/// The same over the fields themselves, in their order.
pub fn digest_of(fields: [Option<&[u8]>; 14]) -> Vec<u8> {
    let mut sha = ring::digest::Context::new(&ring::digest::SHA256);
    for field in fields {
        sha.update(&field.map_or(u64::MAX, |field| field.len() as u64).to_be_bytes());
        sha.update(field.unwrap_or_default());
    }
    sha.finish().as_ref().to_vec()
}
