//! Working-day arithmetic: from the shipped calendar without any server, or from a backend's where one is named.
use super::{Exit, Failure, Session};
use crate::api::settings::{DueAnswer, DueQuery};
use crate::client::Client;
use crate::domain::calendar::{Calendar, start_of_day};
use crate::domain::limits::MOST_DAYS;
use crate::domain::{Timestamp, city_offset};
use crate::words;
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeZone, Utc};
use clap::Subcommand;
use std::io::BufRead;

/// 工作日历 (working calendar).
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// 几个工作日之后到期 When so many working days are over
    Due {
        /// 从哪天或何时起，次日算第 1 天 date or moment; the day after counts as day 1
        #[arg(long, required_unless_present = "stdin", conflicts_with = "stdin")]
        from: Option<String>,
        /// 几个工作日 how many working days
        #[arg(long, required_unless_present = "stdin", conflicts_with = "stdin")]
        working_days: Option<u32>,
        /// 每行读一个 {"from", "working_days"} read one a line from standard input
        #[arg(long)]
        stdin: bool,
    },
}

/// Where answers come from.
enum Source {
    Shipped(Calendar),
    Backend(Box<Client>),
}

impl Source {
    async fn due(&self, query: &DueQuery) -> Result<DueAnswer, Failure> {
        match self {
            Source::Shipped(calendar) => due(calendar, query).map_err(Failure::Usage),
            Source::Backend(client) => Ok(client.calendar_due(query).await?),
        }
    }
}

pub(super) async fn run(session: &Session, verb: Verb) -> Result<Exit, Failure> {
    let Verb::Due { from, working_days, stdin } = verb;
    let source = if session.names_backend() { Source::Backend(Box::new(session.connect().await?)) } else { Source::Shipped(Calendar::shipped()) };
    if let (false, Some(from), Some(working_days)) = (stdin, from, working_days) {
        let answer = source.due(&DueQuery { from, working_days }).await?;
        tell(session, &answer)?;
        return Ok(Exit::Ok);
    }
    let mut wrong = 0;
    let mut input = std::io::stdin().lock();
    let mut line = Vec::new();
    for number in 1_u64.. {
        line.clear();
        if input.read_until(b'\n', &mut line).map_err(|error| Failure::Broken(error.to_string()))? == 0 {
            break;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let query: Result<DueQuery, _> = serde_json::from_slice(&line);
        let answered = match query {
            Ok(query) => source.due(&query).await,
            Err(error) => Err(Failure::Usage(error.to_string())),
        };
        match answered {
            Ok(answer) => tell(session, &answer)?,
            // One answer a line, so that a reader keeps its place; the fault is told with its line as well.
            Err(Failure::Usage(why)) => {
                wrong += 1;
                session.out.error(&format!("stdin:{number}: {why}"));
                if session.out.json {
                    session.out.value(&serde_json::json!({ "error": why }))?;
                } else {
                    session.out.line("-")?;
                }
            }
            Err(other) => return Err(other),
        }
    }
    Ok(if wrong == 0 { Exit::Ok } else { Exit::Usage })
}

fn tell(session: &Session, answer: &DueAnswer) -> Result<(), Failure> {
    if session.out.json {
        return session.out.value(answer);
    }
    let date = answer.due.to_string();
    let due = words!("command-due", date = date);
    session.out.line(&if answer.provisional { format!("{due} ({})", words!("flag-provisional")) } else { due })
}

/// The answer of a calendar, or why there is none.
pub(super) fn due(calendar: &Calendar, query: &DueQuery) -> Result<DueAnswer, String> {
    let from = moment(&query.from).ok_or_else(|| words!("cli-bad-from", value = query.from.as_str()))?;
    if query.working_days > MOST_DAYS {
        return Err(words!("cli-too-many-days", days = query.working_days, most = MOST_DAYS));
    }
    let due = calendar.due_after_working_days(from, query.working_days);
    Ok(DueAnswer { due: due.last_day, provisional: due.provisional })
}

/// A date, or a moment; one without a zone is city time.
fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(date) = NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        return Some(start_of_day(date)).filter(|_| sensible(date));
    }
    let local = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"];
    let local = local.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    let at = match local {
        Some(local) => city_offset().from_local_datetime(&local).single()?.with_timezone(&Utc),
        None => DateTime::parse_from_rfc3339(text).ok()?.with_timezone(&Utc),
    };
    Some(at).filter(|at| sensible(at.date_naive()))
}

fn sensible(date: NaiveDate) -> bool {
    (1949..=2999).contains(&date.year())
}
