//! 历史与预览 (history, preview): who changed a row from what to what, and what a change would move before it is made.
use super::{Exit, Failure, Session, city_time};
use crate::api::settings::{HistoryRow, TablesPreview, Tally, YearPreview};
use crate::domain::tables::FieldChange;
use crate::words;
use serde_json::Value;

/// A history, newest first.
pub(super) fn told(session: &Session, rows: &[HistoryRow]) -> Result<Exit, Failure> {
    let lines = rows.iter().map(|row| {
        let done: Vec<String> = row.changes.iter().map(change).collect();
        vec![city_time(row.at), row.by.clone(), super::ticket::event_words(&row.kind), done.join("; ")]
    });
    super::ticket::listed(session, rows, lines.collect(), None)
}

/// `name: 甲 → 乙`.
fn change(change: &FieldChange) -> String {
    format!("{}: {} → {}", change.field, value(change.from.as_ref()), value(change.to.as_ref()))
}

fn value(value: Option<&Value>) -> String {
    match value {
        None => "-".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => items.iter().map(|item| self::value(Some(item))).collect::<Vec<_>>().join(" "),
        Some(other) => other.to_string(),
    }
}

/// How many of how many; `+` where there are more than were looked at.
fn tally(tally: Tally) -> String {
    format!("{}/{}{}", tally.count, tally.of, if tally.more { "+" } else { "" })
}

/// What putting rows would move.
pub(super) fn tables(session: &Session, preview: &TablesPreview) -> Result<(), Failure> {
    for row in preview.rows.iter().filter(|row| !row.changes.is_empty()) {
        let new = if row.new { words!("preview-new") } else { String::new() };
        session.out.line(format!("{} {}  {new}", row.table, row.code).trim_end())?;
        for one in &row.changes {
            session.out.line(&format!("  {}", change(one)))?;
        }
        if let Some(keep) = row.keep {
            session.out.line(&format!("  {}", words!("preview-keep", tickets = tally(keep))))?;
        }
    }
    Ok(())
}

/// What a calendar year would move.
pub(super) fn year(session: &Session, preview: &YearPreview) -> Result<Exit, Failure> {
    if session.out.json {
        session.out.value(preview)?;
        return Ok(Exit::Ok);
    }
    if !preview.changed {
        session.out.line(&words!("preview-same-year", year = preview.year.to_string()))?;
        return Ok(Exit::Ok);
    }
    for one in &preview.changes {
        session.out.line(&change(one))?;
    }
    session.out.line(&words!("preview-moves", tickets = tally(preview.moves)))?;
    let due = |at: Option<crate::domain::Timestamp>| at.map_or_else(|| "-".to_owned(), super::city_due);
    let rows: Vec<Vec<String>> = preview.first.iter().map(|moved| vec![moved.number.clone(), due(moved.from), "→".to_owned(), due(moved.to)]).collect();
    session.out.columns(&rows)?;
    Ok(Exit::Ok)
}
