//! Reads a year as the holiday-cn project publishes it, unmodified. Fields it does not need are left alone, so a
//! newer file with more in it still reads.
use super::{CalendarDay, CalendarYear, Fault, Problem};
use chrono::{Datelike, NaiveDate};
use serde_json::Value;
use std::collections::BTreeMap;

/// Years a calendar can sensibly be about.
const YEARS: std::ops::RangeInclusive<i64> = 1949..=2999;

/// Reads one holiday-cn year. All faults come back at once, each with its place in the JSON.
///
/// A file published before the arrangement is known names no day at all; it is refused ([`Problem::Empty`]) because
/// taking it in would pass a year of plain weekdays off as settled.
pub fn import_holiday_cn(json: &str) -> Result<CalendarYear, Vec<Fault>> {
    // Some editors leave a byte-order mark in front.
    let json = json.strip_prefix('\u{feff}').unwrap_or(json);
    let root: Value = serde_json::from_str(json).map_err(|error| {
        let place = format!("line {} column {}", error.line(), error.column());
        vec![Fault::new(place, Problem::Syntax, error.to_string())]
    })?;
    let Value::Object(root) = root else {
        return Err(vec![Fault::new("$", Problem::Shape, kind_of(&root))]);
    };
    let mut faults = Vec::new();
    let year = read_year(root.get("year"), &mut faults);
    let source = read_papers(root.get("papers"), year, &mut faults);
    let days = read_days(root.get("days"), year, &mut faults);
    match (year, faults.is_empty()) {
        (Some(year), true) => Ok(CalendarYear { year, version: 1, source, days }),
        _ => Err(faults),
    }
}

fn read_year(value: Option<&Value>, faults: &mut Vec<Fault>) -> Option<i32> {
    let Some(value) = value else {
        faults.push(Fault::new("year", Problem::Missing, ""));
        return None;
    };
    let Some(year) = value.as_i64() else {
        faults.push(Fault::new("year", Problem::Shape, value.to_string()));
        return None;
    };
    match i32::try_from(year) {
        Ok(small) if YEARS.contains(&year) => Some(small),
        _ => {
            faults.push(Fault::new("year", Problem::OutOfRange, year.to_string()));
            None
        }
    }
}

/// The papers are the source a person can check; a file without them is still usable.
fn read_papers(value: Option<&Value>, year: Option<i32>, faults: &mut Vec<Fault>) -> String {
    let mut source = year.map_or_else(|| "holiday-cn".to_owned(), |year| format!("holiday-cn {year}"));
    match value {
        None => {}
        Some(Value::Array(papers)) => {
            for (index, paper) in papers.iter().enumerate() {
                match paper.as_str() {
                    Some(paper) => {
                        source.push(' ');
                        source.push_str(paper);
                    }
                    None => faults.push(Fault::new(format!("papers[{index}]"), Problem::Shape, paper.to_string())),
                }
            }
        }
        Some(other) => faults.push(Fault::new("papers", Problem::Shape, kind_of(other))),
    }
    source
}

fn read_days(value: Option<&Value>, year: Option<i32>, faults: &mut Vec<Fault>) -> BTreeMap<NaiveDate, CalendarDay> {
    let mut days = BTreeMap::new();
    let list = match value {
        None => {
            faults.push(Fault::new("days", Problem::Missing, ""));
            return days;
        }
        Some(Value::Array(list)) => list,
        Some(other) => {
            faults.push(Fault::new("days", Problem::Shape, kind_of(other)));
            return days;
        }
    };
    if list.is_empty() {
        faults.push(Fault::new("days", Problem::Empty, ""));
    }
    for (index, entry) in list.iter().enumerate() {
        let place = format!("days[{index}]");
        let Value::Object(entry) = entry else {
            faults.push(Fault::new(place, Problem::Shape, kind_of(entry)));
            continue;
        };
        let name = typed(entry.get("name"), &place, "name", Value::as_str, faults).map(str::to_owned);
        let off = typed(entry.get("isOffDay"), &place, "isOffDay", Value::as_bool, faults);
        let date = typed(entry.get("date"), &place, "date", Value::as_str, faults)
            .and_then(|text| read_date(text, year, &format!("{place}.date"), faults));
        if let Some(date) = date
            && days.insert(date, CalendarDay { off: off.unwrap_or(true), name: name.unwrap_or_default() }).is_some()
        {
            faults.push(Fault::new(format!("{place}.date"), Problem::Duplicate, date.to_string()));
        }
    }
    days
}

fn typed<'a, T>(
    value: Option<&'a Value>,
    place: &str,
    field: &str,
    read: impl FnOnce(&'a Value) -> Option<T>,
    faults: &mut Vec<Fault>,
) -> Option<T> {
    let Some(value) = value else {
        faults.push(Fault::new(format!("{place}.{field}"), Problem::Missing, ""));
        return None;
    };
    let found = read(value);
    if found.is_none() {
        faults.push(Fault::new(format!("{place}.{field}"), Problem::Shape, value.to_string()));
    }
    found
}

fn read_date(text: &str, year: Option<i32>, place: &str, faults: &mut Vec<Fault>) -> Option<NaiveDate> {
    // chrono would also read 2026-2-4; ten characters keep one spelling per day.
    let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().filter(|_| text.len() == 10);
    let Some(date) = date else {
        faults.push(Fault::new(place, Problem::BadDate, text));
        return None;
    };
    if let Some(year) = year
        && !belongs(date, year)
    {
        faults.push(Fault::new(place, Problem::WrongYear, text));
        return None;
    }
    Some(date)
}

/// An arrangement reaches into the December before its year (元旦 with its make-up day) and may reach into the
/// January after.
fn belongs(date: NaiveDate, year: i32) -> bool {
    date.year() == year || (date.year() == year - 1 && date.month() == 12) || (date.year() == year + 1 && date.month() == 1)
}

const fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
