//! `ticket explain`: how a due date came about.
use crate::api::tickets::TicketDetail;
use crate::cli::{Exit, Failure, Session, city_due};
use crate::domain::clocks::{DayEffect, ScheduleDay};
use crate::words;

/// How the limit came about: each day, whether it counts, and why not.
pub(super) fn run(session: &Session, detail: &TicketDetail) -> Result<Exit, Failure> {
    let out = &session.out;
    if out.json {
        out.value(&serde_json::json!({ "number": detail.row.number, "limit": detail.limit, "due": detail.row.clocks.due, "provisional": detail.row.clocks.provisional, "days": detail.days }))?;
        return Ok(Exit::Ok);
    }
    out.line(&format!("{}  {}", detail.row.number, detail.limit.as_deref().unwrap_or("-")))?;
    let day = |day: &ScheduleDay| {
        let effect = match day.effect {
            DayEffect::Counted(number) => words!("day-counted", number = number),
            DayEffect::Skipped => words!("day-skipped"),
            DayEffect::Paused => words!("day-paused"),
        };
        let reason = serde_json::to_value(day.reason).ok().and_then(|code| code.as_str().map(|code| code.replace('_', "-"))).unwrap_or_default();
        let why = words::find(&format!("day-{reason}")).unwrap_or(reason);
        let provisional = if day.settled { String::new() } else { words!("flag-provisional") };
        vec![day.date.to_string(), why, effect, provisional]
    };
    out.columns(&detail.days.iter().map(day).collect::<Vec<_>>())?;
    match detail.row.clocks.due {
        Some(due) => out.line(&words!("command-due", date = city_due(due)))?,
        None => out.line("-")?,
    }
    Ok(Exit::Ok)
}
