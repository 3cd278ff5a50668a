//! Putting rows of the configuration tables.
use super::{Answer, Outcome, Work};
use crate::api::settings::PutRow;
use crate::domain::Timestamp;
use crate::domain::calendar::{CalendarYear, start_of_day};
use crate::domain::event::Payload;
use crate::domain::refusal::Refusal;
use crate::domain::rights::Capability;
use crate::domain::tables::{TableEvent, Tables, judge, table_id};
use crate::server::fault::Fault;
use crate::server::store::{log, tables, turns, users};
use chrono::NaiveDate;
use serde_json::json;

/// Puts rows; a row that stands already as given is left alone.
pub fn put<'w>(mut work: Work<'w, '_>, rows: Vec<PutRow>) -> Outcome<'w> {
    Box::pin(async move {
        let events = wanted(&work.tables, rows)?;
        not_oneself(&mut work, &events).await?;
        let put = put_events(&mut work, events).await?;
        Answer::json(200, &json!({ "put": put }))
    })
}

/// The rows as events over the tables that stand, judged together.
///
/// # Errors
/// The first thing that is wrong with them.
pub fn wanted(tables: &Tables, rows: Vec<PutRow>) -> Result<Vec<TableEvent>, Refusal> {
    let events: Vec<TableEvent> = rows.into_iter().map(|row| tables.versioned(row.into())).collect();
    judge(tables, &events)?;
    Ok(events)
}

/// Nobody takes their own administration away by changing what their role may do.
async fn not_oneself(work: &mut Work<'_, '_>, events: &[TableEvent]) -> Result<(), Fault> {
    let Some(viewer) = work.asker.viewer.clone().filter(|_| events.iter().any(|event| matches!(event, TableEvent::RolePut(_)))) else { return Ok(()) };
    let Some(user) = users::by_id(work.tx, work.node.centre, viewer.user.0).await? else { return Ok(()) };
    let mut roles = work.tables.roles.clone();
    for event in events {
        if let TableEvent::RolePut(role) = event {
            roles.insert(role.code.clone(), role.clone());
        }
    }
    let kept = |capability: Capability| user.roles.iter().filter_map(|role| roles.get(role)).any(|role| role.capabilities.contains(&capability));
    let lost = [Capability::UserManage, Capability::TableManage].into_iter().any(|capability| viewer.can(capability) && !kept(capability));
    if lost { Err(Refusal::NotOneself.into()) } else { Ok(()) }
}

/// Takes a calendar year in.
pub fn import_year<'w>(mut work: Work<'w, '_>, year: CalendarYear) -> Outcome<'w> {
    Box::pin(async move {
        let number = year.year;
        let put = put_events(&mut work, vec![TableEvent::YearImported(year)]).await?;
        Answer::json(200, &json!({ "year": number, "changed": put > 0 }))
    })
}

/// When a city year begins.
pub(super) fn first_moment(year: i32) -> Timestamp {
    NaiveDate::from_ymd_opt(year, 1, 1).map_or(Timestamp::MAX_UTC, start_of_day)
}

/// Appends table events, skipping those that say what the row's last event says.
pub async fn put_events(work: &mut Work<'_, '_>, events: Vec<TableEvent>) -> Result<i64, Fault> {
    let mut put = 0;
    for event in events {
        let (table, key) = event.key();
        let id = table_id(table, &key);
        let last = log::load(work.tx, work.node.centre, id).await?.pop();
        let (kind, payload) = event.pack()?;
        if last.as_ref().is_some_and(|last| last.kind == kind && last.payload == payload) {
            continue;
        }
        work.append(&event, id, last.map_or(0, |last| last.version) + 1, 0, None).await?;
        put += 1;
        if let TableEvent::YearImported(year) = &event {
            let (from, to) = (first_moment(year.year), first_moment(year.year + 1));
            turns::recompute(work.tx, work.node.centre, from, to, work.now).await?;
        }
    }
    if put > 0 {
        tables::advance(work.tx, work.node.centre, put).await?;
    }
    Ok(put)
}
