//! Whether a row may be put: what every way in is held to, the command line's file and the screen's form alike. A refusal
//! names the field, so that it can be shown there.
use super::{REASON_TABLES, TableEvent, Tables};
use crate::domain::limits::{DayEnd, LimitTable};
use crate::domain::refusal::Refusal;
use std::collections::BTreeSet;

/// Longest name or phrase, bytes.
const LONGEST: usize = 16 * 1024;

fn unknown(field: &str, value: &str) -> Refusal {
    Refusal::Unknown { field: field.into(), value: value.chars().take(200).collect() }
}

/// A code: of characters that stand in an address, no empty part between dots.
fn code(code: &str) -> Result<(), Refusal> {
    if code.is_empty() {
        return Err(Refusal::Missing { field: "code".into() });
    }
    let plain = code.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
    if plain && code.len() <= 100 && !code.split('.').any(str::is_empty) { Ok(()) } else { Err(unknown("code", code)) }
}

fn said(field: &str, text: &str) -> Result<(), Refusal> {
    match text.trim() {
        "" => Err(Refusal::Missing { field: field.into() }),
        text if text.len() > LONGEST => Err(unknown(field, &format!("{} bytes", text.len()))),
        _ => Ok(()),
    }
}

/// May these rows be put together, over the tables as they stand?
///
/// # Errors
/// The first thing that is wrong, by its field.
pub fn judge(tables: &Tables, rows: &[TableEvent]) -> Result<(), Refusal> {
    let coming: BTreeSet<&str> = rows.iter().filter_map(|row| if let TableEvent::UnitPut(unit) = row { Some(unit.code.as_str()) } else { None }).collect();
    let there = |unit: &str| tables.units.contains_key(unit) || coming.contains(unit);
    for row in rows {
        match row {
            TableEvent::UnitPut(row) => {
                code(&row.code)?;
                said("name", &row.name)?;
                if let Some((parent, _)) = row.code.rsplit_once('.').filter(|(parent, _)| !there(parent)) {
                    return Err(unknown("code", parent));
                }
                if let Some(close) = row.office_close.as_deref().filter(|close| DayEnd::parse(close).is_none()) {
                    return Err(unknown("office_close", close));
                }
            }
            TableEvent::ClassPut(row) => {
                code(&row.code)?;
                said("name", &row.name)?;
                said("parent", &row.parent)?;
                if let Some(unit) = row.units.iter().find(|unit| !there(unit)) {
                    return Err(unknown("units", unit));
                }
            }
            TableEvent::UrgentPut(row) => code(&row.code).and_then(|()| said("name", &row.name))?,
            TableEvent::EnterprisePut(row) => code(&row.code).and_then(|()| said("name", &row.name))?,
            TableEvent::ReasonPut(row) => {
                if !REASON_TABLES.contains(&row.table.as_str()) {
                    return Err(unknown("table", &row.table));
                }
                code(&row.code).and_then(|()| said("name", &row.name))?;
            }
            TableEvent::PhrasePut(row) => {
                code(&row.code).and_then(|()| said("name", &row.name)).and_then(|()| said("text", &row.text))?;
                if let Some(unit) = row.unit.as_deref().filter(|unit| !there(unit)) {
                    return Err(unknown("unit", unit));
                }
            }
            TableEvent::RolePut(row) => code(&row.code).and_then(|()| said("name", &row.name))?,
            TableEvent::LimitPut(row) => {
                code(&row.code)?;
                let rows = tables.limits.rows().filter(|old| (&old.code, old.version) != (&row.code, row.version)).cloned().chain([(**row).clone()]).collect();
                if let Err(faults) = LimitTable::from_rows(tables.limits.name(), rows) {
                    let words: Vec<String> = faults.iter().map(|fault| format!("{} {}", fault.problem.code(), fault.found).trim().to_owned()).collect();
                    return Err(unknown("limit", &words.join("; ")));
                }
            }
            TableEvent::YearImported(_) => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::{PhraseRow, UnitRow};
    use super::*;
    use crate::domain::limits::HandlerLevel;

    fn unit(code: &str) -> TableEvent {
        TableEvent::UnitPut(UnitRow { code: code.into(), name: "示例单位".into(), name_en: String::new(), kind: "unit".into(), level: HandlerLevel::City, duty_phone: None, office_close: None })
    }

    #[test]
    fn a_row_is_refused_at_its_field_and_a_parent_may_come_along() {
        let tables = Tables::default();
        let field = |rows: &[TableEvent]| match judge(&tables, rows) {
            Err(Refusal::Unknown { field, .. } | Refusal::Missing { field }) => field,
            other => format!("{other:?}"),
        };
        assert_eq!(field(&[unit("a b")]), "code");
        assert_eq!(field(&[unit("city.east")]), "code", "there is no city");
        assert_eq!(judge(&tables, &[unit("city.east"), unit("city")]), Ok(()));
        let phrase = |text: &str, unit: Option<&str>| TableEvent::PhrasePut(PhraseRow { code: "p".into(), name: "示例".into(), text: text.into(), unit: unit.map(str::to_owned) });
        assert_eq!(field(&[phrase(" ", None)]), "text");
        assert_eq!(field(&[phrase("示例", Some("city"))]), "unit");
        let mut limit = tables.limits.current().next().unwrap().clone();
        limit.version += 1;
        assert_eq!(judge(&tables, &[TableEvent::LimitPut(Box::new(limit.clone()))]), Ok(()));
        limit.amount = 0;
        assert_eq!(field(&[TableEvent::LimitPut(Box::new(limit))]), "limit");
    }
}
