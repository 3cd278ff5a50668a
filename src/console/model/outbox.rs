//! 待补交 (outbox): intakes given while nobody answered. Each has its key, the number its caller was told, and the moment it
//! was given; it goes out once, in order, when the link is back. Pure: the moment comes from outside.
use crate::api::tickets::NewTicket;
use crate::domain::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A moment by two clocks: the wall's, which people may set, and the machine's since it started, which goes on in sleep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// By the wall.
    pub wall: Timestamp,
    /// Which start of the machine; empty where the system does not say.
    pub boot: String,
    /// Milliseconds since that start.
    pub uptime: u64,
}

impl Moment {
    /// How long ago it was at `now`. After a restart of the machine only the wall knows.
    pub fn age(&self, now: &Moment) -> Duration {
        if self.boot == now.boot && !self.boot.is_empty() {
            return Duration::from_millis(now.uptime.saturating_sub(self.uptime));
        }
        (now.wall - self.wall).to_std().unwrap_or_default()
    }
}

/// What is to be sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outgoing {
    /// The request, the same at every try.
    pub ticket: NewTicket,
    /// 直接解答.
    pub answered: bool,
    /// When it was given, known once a try has failed; none while the first is under way.
    pub given: Option<Moment>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(wall: &str, boot: &str, uptime: u64) -> Moment {
        Moment { wall: wall.parse().unwrap(), boot: boot.into(), uptime }
    }

    #[test]
    fn a_wall_clock_that_is_set_changes_no_age_but_a_restart_leaves_only_the_wall() {
        let given = moment("2026-11-22T06:00:00Z", "a", 5_000);
        assert_eq!(given.age(&moment("2026-11-22T09:00:00Z", "a", 65_000)), Duration::from_secs(60));
        assert_eq!(given.age(&moment("2026-11-22T06:10:00Z", "b", 1_000)), Duration::from_secs(600));
        assert_eq!(given.age(&moment("2026-11-22T05:10:00Z", "b", 1_000)), Duration::ZERO);
        let unsaid = moment("2026-11-22T06:00:00Z", "", 0);
        assert_eq!(unsaid.age(&moment("2026-11-22T06:00:07Z", "", 0)), Duration::from_secs(7));
    }
}
