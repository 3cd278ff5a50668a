//! The call projection: the queue, who has what in hand, the figures of the running day.
use super::error::StoreError;
use super::tx::Tx;
use super::value::{Row, Value};
use crate::api::calls::{CallFigures, CallRow};
use crate::domain::Timestamp;
use crate::domain::call::{Call, CallState};
use crate::domain::event::CentreId;
use crate::domain::ids::CallId;
use crate::domain::limits::Line;
use chrono::TimeDelta;
use uuid::Uuid;

/// Writes the row of a call.
///
/// # Errors
/// `Unique` where the exchange has reported this call already.
pub async fn save(tx: &mut Tx<'_>, centre: CentreId, call: &Call) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO call_row (centre, id, version, state, line, caller, district, exchange, exchange_call, rang_at, taken_at, ended_at, taken_by, pins, is_live)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
         ON CONFLICT (centre, id) DO UPDATE SET version = excluded.version, state = excluded.state, taken_at = excluded.taken_at,
           ended_at = excluded.ended_at, taken_by = excluded.taken_by, pins = excluded.pins, is_live = excluded.is_live",
        &values(centre, call),
    )
    .await
    .map(drop)
}

/// The row a call should have.
pub fn values(centre: CentreId, call: &Call) -> Vec<Value> {
    vec![
        centre.into(),
        call.id.0.into(),
        call.version.into(),
        call.state.code().into(),
        call.line.code().into(),
        call.caller.0.into(),
        call.district.clone().into(),
        call.exchange.as_str().into(),
        call.exchange_call.as_str().into(),
        call.rang_at.into(),
        call.taken_at.into(),
        call.ended_at.into(),
        call.taken_by.map(|user| user.0).into(),
        serde_json::to_string(&call.pins).unwrap_or_default().into(),
        (!matches!(call.state, CallState::Ended | CallState::Abandoned)).into(),
    ]
}

macro_rules! rows {
    ($tail:literal) => {
        concat!(
            "SELECT c.id, c.version, c.state, c.line, v.masked_number, v.masked_name, c.district, c.rang_at, c.taken_at, c.ended_at, u.login, c.pins, v.first_seen
             FROM call_row c LEFT JOIN caller v ON v.centre = c.centre AND v.id = c.caller LEFT JOIN user_row u ON u.centre = c.centre AND u.id = c.taken_by
             WHERE c.centre = ?1 AND ",
            $tail
        )
    };
}

fn call_row(row: &Row) -> CallRow {
    let rang_at = row.at(7);
    CallRow {
        id: CallId(row.id(0)),
        version: row.int(1),
        state: serde_json::from_value(row.text(2).into()).unwrap_or(CallState::Ended),
        line: Line::from_code(&row.text(3)).unwrap_or(Line::Citizen),
        number: row.text(4),
        name: row.text(5),
        district: row.maybe_text(6),
        repeat: row.maybe_at(12).is_some_and(|first| first < rang_at),
        rang_at,
        taken_at: row.maybe_at(8),
        ended_at: row.maybe_at(9),
        taken_by: row.maybe_text(10),
        pins: serde_json::from_str(&row.text(11)).unwrap_or_default(),
    }
}

/// One row.
///
/// # Errors
/// The store's.
pub async fn row(tx: &mut Tx<'_>, centre: CentreId, id: Uuid) -> Result<Option<CallRow>, StoreError> {
    Ok(tx.first(rows!("c.id = ?2"), &[centre.into(), id.into()]).await?.map(|row| call_row(&row)))
}

/// The rows of all calls that the events after one position, up to another, are about.
///
/// # Errors
/// The store's.
pub async fn changed(tx: &mut Tx<'_>, centre: CentreId, from: i64, to: i64) -> Result<Vec<CallRow>, StoreError> {
    let rows = tx
        .query(
            rows!(
                "c.id IN (SELECT e.aggregate_id FROM event_position p JOIN event e ON e.centre = p.centre AND e.id = p.event_id
                 WHERE p.centre = ?1 AND p.position > ?2 AND p.position <= ?3)"
            ),
            &[centre.into(), from.into(), to.into()],
        )
        .await?;
    Ok(rows.iter().map(call_row).collect())
}

/// Live calls, oldest first, or those that are over, newest first.
///
/// # Errors
/// The store's.
pub async fn list(tx: &mut Tx<'_>, centre: CentreId, live: bool, after: Option<(i64, Uuid)>, limit: i64) -> Result<Vec<CallRow>, StoreError> {
    let rows = if live {
        let (at, id) = after.unwrap_or((i64::MIN, Uuid::nil()));
        tx.query(
            rows!("c.is_live = 1 AND (c.rang_at, c.id) > (?2, ?3) ORDER BY c.rang_at, c.id LIMIT ?4"),
            &[centre.into(), at.into(), id.into(), limit.into()],
        )
        .await?
    } else {
        let (at, id) = after.unwrap_or((i64::MAX, Uuid::max()));
        tx.query(
            rows!("c.is_live = 0 AND (c.rang_at, c.id) < (?2, ?3) ORDER BY c.rang_at DESC, c.id DESC LIMIT ?4"),
            &[centre.into(), at.into(), id.into(), limit.into()],
        )
        .await?
    };
    Ok(rows.iter().map(call_row).collect())
}

/// The call an exchange's id names.
///
/// # Errors
/// The store's.
pub async fn by_exchange(tx: &mut Tx<'_>, centre: CentreId, exchange: &str, call: &str) -> Result<Option<Uuid>, StoreError> {
    let row = tx
        .first("SELECT id FROM call_row WHERE centre = ?1 AND exchange = ?2 AND exchange_call = ?3", &[centre.into(), exchange.into(), call.into()])
        .await?;
    Ok(row.map(|row| row.id(0)))
}

/// The masked number of a call that `user` talks on or holds, other than `besides`; none where their hands are free.
///
/// # Errors
/// The store's.
pub async fn in_hand(tx: &mut Tx<'_>, centre: CentreId, user: Uuid, besides: Uuid) -> Result<Option<String>, StoreError> {
    let row = tx
        .first(
            "SELECT v.masked_number FROM call_row c LEFT JOIN caller v ON v.centre = c.centre AND v.id = c.caller
             WHERE c.centre = ?1 AND c.is_live = 1 AND c.taken_by = ?2 AND c.id <> ?3 AND c.state IN ('talking', 'held') LIMIT 1",
            &[centre.into(), user.into(), besides.into()],
        )
        .await?;
    Ok(row.map(|row| row.text(0)))
}

/// How often this caller has rung.
///
/// # Errors
/// The store's.
pub async fn count_of(tx: &mut Tx<'_>, centre: CentreId, caller: Uuid) -> Result<i64, StoreError> {
    Ok(tx.first("SELECT count(*) FROM call_row WHERE centre = ?1 AND caller = ?2", &[centre.into(), caller.into()]).await?.map_or(0, |row| row.int(0)))
}

/// Figures of the running 24 hours. 接通率 = answered / offered; 15 秒接听 = answered within 15 s / offered (GB/T 33358).
///
/// # Errors
/// The store's.
pub async fn figures(tx: &mut Tx<'_>, centre: CentreId, now: Timestamp) -> Result<CallFigures, StoreError> {
    let row = tx
        .first(
            "SELECT count(*), count(taken_at), count(CASE WHEN taken_at - rang_at <= 15000000 THEN 1 END) FROM call_row
             WHERE centre = ?1 AND rang_at >= ?2 AND (taken_at IS NOT NULL OR is_live = 0)",
            &[centre.into(), (now - TimeDelta::hours(24)).into()],
        )
        .await?;
    Ok(row.map(|row| CallFigures { offered: row.int(0), answered: row.int(1), within_15s: row.int(2) }).unwrap_or_default())
}

/// The stored row as the parameters `values` would write.
///
/// # Errors
/// The store's.
pub async fn stored(tx: &mut Tx<'_>, centre: CentreId, id: Uuid) -> Result<Option<Row>, StoreError> {
    tx.first(
        "SELECT centre, id, version, state, line, caller, district, exchange, exchange_call, rang_at, taken_at, ended_at, taken_by, pins, is_live
         FROM call_row WHERE centre = ?1 AND id = ?2",
        &[centre.into(), id.into()],
    )
    .await
}
