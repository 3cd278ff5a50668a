//! Administration: the comparison with a rebuild, and the test clock.
use super::args::{Admin, Clock};
use super::{Exit, Failure, Session};
use crate::{run, words};

pub(super) async fn run(session: &Session, verb: Admin) -> Result<Exit, Failure> {
    match verb {
        Admin::Rebuild { check: _, database: _ } => {
            let differences = run::rebuild_check(session).await?;
            if session.out.json {
                session.out.value(&serde_json::json!({ "items": differences, "next": null }))?;
            } else {
                for difference in &differences {
                    session.out.line(difference)?;
                }
                let words = if differences.is_empty() { words!("cli-rebuild-same") } else { words!("cli-rebuild-differs", count = differences.len()) };
                session.out.line(&words)?;
            }
            Ok(if differences.is_empty() { Exit::Ok } else { Exit::Refused })
        }
        Admin::Clock(Clock::Advance { seconds }) => {
            let clock = session.connect().await?.advance_clock(seconds).await?;
            if session.out.json {
                session.out.value(&clock)?;
            } else {
                session.out.line(&words!("cli-clock", now = super::city_time(clock.now)))?;
            }
            Ok(Exit::Ok)
        }
    }
}
