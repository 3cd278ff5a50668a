//! Tables, the calendar, the clock.
use super::request::{Plain, Query, Who, Write};
use super::tickets::require;
use crate::api::import::ImportQuery;
use crate::api::settings::{Advance, ClockView, DueAnswer, DueQuery, HistoryQuery, PutRow, TablesView};
use crate::api::{Page, Problem};
use crate::domain::calendar::{import_holiday_cn, start_of_day};
use crate::domain::limits::MOST_DAYS;
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Capability, within};
use crate::domain::tables::TableName;
use crate::server::fault::Fault;
use crate::server::node::Node;
use crate::server::work::{self, Answer};
use axum::extract::State;
use chrono::NaiveDate;
use std::sync::Arc;

pub(super) async fn tables(State(node): State<Arc<Node>>, who: Who) -> Result<Answer, Fault> {
    who.require(Capability::TableRead)?;
    let tables = node.tables().await?;
    let view = TablesView {
        version: tables.version,
        units: tables.units.values().cloned().collect(),
        classes: tables.classes.values().cloned().collect(),
        urgent: tables.urgent.values().cloned().collect(),
        enterprise: tables.enterprise.values().cloned().collect(),
        reasons: tables.reasons.values().cloned().collect(),
        roles: tables.roles.values().cloned().collect(),
        limits: tables.limits.current().cloned().collect(),
        years: tables.calendar.years().cloned().collect(),
        phrases: tables.phrases.values().filter(|row| row.unit.is_none() || for_unit(row.unit.as_deref(), &who)).cloned().collect(),
    };
    Answer::json(200, &view)
}

/// A unit's own 常用语 are for those who work in it, or below it.
fn for_unit(unit: Option<&str>, who: &Who) -> bool {
    let own = who.0.viewer.unit.as_deref();
    own.is_none() || own.zip(unit).is_some_and(|(own, unit)| within(own, unit))
}

pub(super) async fn put_tables(State(node): State<Arc<Node>>, Query(query): Query<ImportQuery>, write: Write<Vec<PutRow>>) -> Result<Answer, Fault> {
    require(&write.asker, Capability::TableManage)?;
    let body = write.body;
    // What somebody may do hangs on their role: whoever could give rights away could take any.
    if body.iter().any(|row| matches!(row, PutRow::Role(_))) {
        require(&write.asker, Capability::UserManage)?;
    }
    if query.dry_run {
        let mut reader = node.store.snapshot().await?;
        return Answer::json(200, &work::preview_tables(&node, &mut reader.tx(), body).await?);
    }
    let answer = work::command(&node, write.asker, move |work| work::put_tables(work, body.clone())).await?;
    // Other nodes look again within seconds; this one at once.
    node.sessions.forget();
    Ok(answer)
}

pub(super) async fn history(State(node): State<Arc<Node>>, who: Who, Query(query): Query<HistoryQuery>) -> Result<Answer, Fault> {
    who.require(Capability::TableManage)?;
    let table = TableName::from_code(&query.table).ok_or_else(|| Refusal::Unknown { field: "table".into(), value: query.table.chars().take(40).collect() })?;
    let mut reader = node.store.snapshot().await?;
    let mut tx = reader.tx();
    if node.tables_in(&mut tx).await?.standing(table, &query.code).is_none() {
        return Err(Refusal::Unknown { field: "code".into(), value: query.code.chars().take(200).collect() }.into());
    }
    Answer::json(200, &Page { items: work::of_row(&node, &mut tx, table, &query.code).await?, next: None })
}

pub(super) async fn due(State(node): State<Arc<Node>>, who: Who, Query(query): Query<DueQuery>) -> Result<Answer, Fault> {
    who.require(Capability::TableRead)?;
    let unknown = |field: &str, value: String| Fault::from(Refusal::Unknown { field: field.into(), value });
    if !(1..=MOST_DAYS).contains(&query.working_days) {
        return Err(unknown("working_days", query.working_days.to_string()));
    }
    let from = query
        .from
        .parse()
        .or_else(|_| query.from.parse::<NaiveDate>().map(start_of_day))
        .map_err(|_| unknown("from", query.from.chars().take(40).collect()))?;
    let due = node.tables().await?.calendar.due_after_working_days(from, query.working_days);
    Answer::json(200, &DueAnswer { due: due.last_day, provisional: due.provisional })
}

pub(super) async fn import_calendar(State(node): State<Arc<Node>>, Query(query): Query<ImportQuery>, write: Write<serde_json::Value>) -> Result<Answer, Fault> {
    require(&write.asker, Capability::TableManage)?;
    let year = import_holiday_cn(&write.body.to_string()).map_err(|faults| {
        let words: Vec<String> = faults.iter().map(|fault| format!("{}: {} {}", fault.place, fault.problem.code(), fault.found)).collect();
        Problem::new(422, "bad_calendar", "日历文件有误，未作改动。 The calendar file has faults; nothing was changed.").detail(words.join("\n"))
    })?;
    if query.dry_run {
        let mut reader = node.store.snapshot().await?;
        return Answer::json(200, &work::preview_year(&node, &mut reader.tx(), year).await?);
    }
    work::command(&node, write.asker, move |work| work::import_year(work, year.clone())).await
}

pub(super) async fn advance(State(node): State<Arc<Node>>, who: Who, Plain(advance): Plain<Advance>) -> Result<Answer, Fault> {
    who.require(Capability::ClockAdvance)?;
    if !node.test_clock {
        return Err(Problem::new(403, "no_test_clock", "服务器未启用试验时钟（--test-clock）。 The server has no test clock (--test-clock).").into());
    }
    if !node.clock.advance(advance.seconds) {
        return Err(Refusal::Unknown { field: "seconds".into(), value: advance.seconds.to_string() }.into());
    }
    crate::server::sweep::once(&node).await?;
    Answer::json(200, &ClockView { now: node.clock.now() })
}
