//! The years that ship with the product, from `shipped.toml` beside this file.
use super::{Calendar, CalendarDay, CalendarYear};
use chrono::NaiveDate;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

static SHIPPED: LazyLock<Calendar> = LazyLock::new(|| {
    // invariant: the text is part of the binary and a test reads it.
    #[allow(clippy::expect_used)]
    read(include_str!("shipped.toml")).expect("the shipped calendar reads")
});

/// The shipped calendar, read once.
pub(super) fn calendar() -> &'static Calendar { &SHIPPED }

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    year: Vec<Year>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Year {
    year: i32,
    version: u32,
    source: String,
    festival: Vec<Festival>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Festival {
    name: String,
    off: Vec<String>,
    #[serde(default)]
    work: Vec<String>,
}

/// Stops at the first fault: only we write this file.
fn read(text: &str) -> Result<Calendar, String> {
    let file: File = toml::from_str(text).map_err(|error| error.to_string())?;
    let mut calendar = Calendar::empty();
    for Year { year, version, source, festival } in file.year {
        let mut days = BTreeMap::new();
        for Festival { name, off, work } in festival {
            for (spans, off) in [(off, true), (work, false)] {
                for span in spans {
                    let (first, last) = span.split_once("..").unwrap_or((&span, &span));
                    let last = date(year, last)?;
                    for date in date(year, first)?.iter_days().take_while(|date| *date <= last) {
                        if days.insert(date, CalendarDay { off, name: name.clone() }).is_some() {
                            return Err(format!("{date} is named twice"));
                        }
                    }
                }
            }
        }
        calendar.adopt(CalendarYear { year, version, source, days });
    }
    Ok(calendar)
}

fn date(year: i32, month_and_day: &str) -> Result<NaiveDate, String> {
    NaiveDate::parse_from_str(&format!("{year}-{month_and_day}"), "%Y-%m-%d").map_err(|error| format!("{month_and_day}: {error}"))
}
