//! The clocks of a ticket as its row carries them: moments, so that a flag and the next turn can be said at any time.
use crate::domain::Timestamp;
use crate::domain::clocks::{Flag, NextChange, Turn};
use serde::{Deserialize, Serialize};

/// The moments of a ticket's clocks: enough to say its flag at any store time without asking again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct RowClocks {
    /// 转橙 at; none where colour does not govern, or was stopped.
    pub orange_at: Option<Timestamp>,
    /// 转红 at.
    pub red_at: Option<Timestamp>,
    /// 办结时限.
    pub due: Option<Timestamp>,
    /// 暂定: depends on a year that is not published.
    pub provisional: bool,
    /// 预警 (yellow) at.
    pub warn_at: Option<Timestamp>,
    /// 已延期.
    pub extended: bool,
    /// 已挂起: the legal clock stands still.
    pub paused: bool,
    /// 办结 at; nothing turns any more.
    pub closed_at: Option<Timestamp>,
    /// The worst the present round's clocks came to, as of the last event; what a closed ticket shows.
    pub reached: Flag,
    /// 承诺期限: by when the next of what the caller was promised is due; past: it is late.
    #[serde(default)]
    pub promise_due: Option<Timestamp>,
}

impl RowClocks {
    /// The headline flag at `now`: overdue before red before orange before yellow. A closed ticket shows what
    /// it came to.
    pub fn flag(&self, now: Timestamp) -> Flag {
        let past = |moment: Option<Timestamp>| moment.is_some_and(|moment| moment <= now);
        if self.closed_at.is_some() {
            self.reached
        } else if !self.paused && past(self.due) {
            Flag::Overdue
        } else if past(self.red_at) {
            Flag::Red
        } else if past(self.orange_at) {
            Flag::Orange
        } else if !self.paused && past(self.warn_at) {
            Flag::Yellow
        } else {
            Flag::None
        }
    }

    /// The next moment at which the flag turns, and to what; none once closed. Yellow that comes under orange or red turns
    /// nothing anybody sees.
    pub fn next(&self, now: Timestamp) -> Option<NextChange> {
        let legal = |at: Option<Timestamp>| at.filter(|_| !self.paused);
        let seen = |at: &Timestamp| ![self.orange_at, self.red_at].into_iter().flatten().any(|colour| colour <= *at);
        let turns = [(self.orange_at, Turn::ToOrange), (self.red_at, Turn::ToRed), (legal(self.warn_at).filter(seen), Turn::ToYellow), (legal(self.due), Turn::Due), (self.promise_due, Turn::Promise)];
        turns
            .into_iter()
            .filter_map(|(at, turn)| at.filter(|at| *at > now && self.closed_at.is_none()).map(|at| NextChange { at, turn }))
            .min()
    }

    /// 承诺超期: since when what the caller was promised is late.
    pub fn promise_late(&self, now: Timestamp) -> Option<Timestamp> {
        self.promise_due.filter(|due| *due <= now)
    }

    /// What a list sorts by: the next turn; for what is overdue, red or promised in vain the moment it became so, so that it
    /// stands before all that has yet to turn.
    pub fn sort_at(&self, now: Timestamp) -> Option<Timestamp> {
        let turned = match self.flag(now) {
            _ if self.closed_at.is_some() => return None,
            Flag::Overdue => self.due,
            Flag::Red => self.red_at,
            _ => None,
        };
        let late = self.promise_late(now);
        turned.into_iter().chain(late).min().or_else(|| self.next(now).map(|next| next.at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_red_or_overdue_stands_before_what_has_yet_to_turn() {
        let at = |text: &str| text.parse::<Timestamp>().ok();
        let now = at("2026-11-22T06:00:00Z").unwrap();
        let soon = RowClocks { orange_at: at("2026-11-21T06:10:00Z"), red_at: at("2026-11-22T06:10:00Z"), due: at("2026-12-10T16:00:00Z"), ..RowClocks::default() };
        let red = RowClocks { orange_at: at("2026-11-20T05:00:00Z"), red_at: at("2026-11-21T05:00:00Z"), due: at("2026-12-10T16:00:00Z"), ..RowClocks::default() };
        let overdue = RowClocks { due: at("2026-11-20T16:00:00Z"), ..RowClocks::default() };
        let mut rows = [&soon, &red, &overdue];
        rows.sort_by_key(|row| row.sort_at(now));
        assert_eq!(rows, [&overdue, &red, &soon]);
        let closed = RowClocks { closed_at: Some(now), ..red };
        assert_eq!(closed.sort_at(now), None);
    }

    #[test]
    fn a_promise_is_a_turn_of_its_own_and_one_that_is_late_stands_first() {
        let at = |text: &str| text.parse::<Timestamp>().ok();
        let now = at("2026-11-22T06:00:00Z").unwrap();
        let plain = RowClocks { due: at("2026-12-10T16:00:00Z"), promise_due: at("2026-11-22T07:00:00Z"), ..RowClocks::default() };
        assert_eq!(plain.next(now), at("2026-11-22T07:00:00Z").map(|at| NextChange { at, turn: Turn::Promise }));
        assert_eq!((plain.sort_at(now), plain.promise_late(now)), (plain.promise_due, None));
        let later = plain.promise_due.unwrap();
        assert_eq!((plain.promise_late(later), plain.next(later).unwrap().turn, plain.flag(later)), (plain.promise_due, Turn::Due, Flag::None));
        let soon = RowClocks { orange_at: at("2026-11-22T07:10:00Z"), ..RowClocks::default() };
        assert!(plain.sort_at(later) < soon.sort_at(later), "what is late before what has yet to turn");
        let overdue = RowClocks { due: at("2026-11-20T16:00:00Z"), ..plain };
        assert_eq!(overdue.sort_at(later), overdue.due, "overdue since before");
    }

    #[test]
    fn what_is_red_does_not_turn_yellow() {
        let at = |text: &str| text.parse::<Timestamp>().ok();
        let now = at("2026-11-22T06:00:00Z").unwrap();
        let due = at("2026-12-10T16:00:00Z");
        let red = RowClocks { orange_at: at("2026-11-20T05:00:00Z"), red_at: at("2026-11-21T05:00:00Z"), warn_at: at("2026-12-09T16:00:00Z"), due, ..RowClocks::default() };
        assert_eq!(red.next(now), due.map(|at| NextChange { at, turn: Turn::Due }));
        let plain = RowClocks { orange_at: None, red_at: None, ..red };
        assert_eq!(plain.next(now), red.warn_at.map(|at| NextChange { at, turn: Turn::ToYellow }));
    }
}
