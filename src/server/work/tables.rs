//! Putting rows of the configuration tables.
use super::{Answer, Outcome, Work};
use crate::api::settings::PutRow;
use crate::domain::Timestamp;
use crate::domain::calendar::{CalendarYear, start_of_day};
use crate::domain::event::Payload;
use crate::domain::tables::{TableEvent, table_id};
use crate::server::fault::Fault;
use crate::server::store::{log, tables, turns};
use chrono::NaiveDate;
use serde_json::json;

/// Puts rows; a row that stands already as given is left alone.
pub fn put<'w>(mut work: Work<'w, '_>, rows: Vec<PutRow>) -> Outcome<'w> {
    Box::pin(async move {
        let events = rows.into_iter().map(|row| match row {
            PutRow::Unit(row) => TableEvent::UnitPut(row),
            PutRow::Class(row) => TableEvent::ClassPut(row),
            PutRow::Urgent(row) => TableEvent::UrgentPut(row),
            PutRow::Enterprise(row) => TableEvent::EnterprisePut(row),
            PutRow::Reason(row) => TableEvent::ReasonPut(row),
            PutRow::Phrase(row) => TableEvent::PhrasePut(row),
        });
        let put = put_events(&mut work, events.collect()).await?;
        Answer::json(200, &json!({ "put": put }))
    })
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
fn first_moment(year: i32) -> Timestamp {
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
