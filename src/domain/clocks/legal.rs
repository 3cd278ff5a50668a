//! 办结时限 (legal clock): is the round's limit running, paused, warned, overdue, met or missed.
use super::facts::{ClockFacts, Extension, Round};
use super::pauses::Pauses;
use super::schedule::{Plan, Schedule};
use super::{Flag, NextChange, Turn};
use crate::domain::Timestamp;
use crate::domain::calendar::Calendar;
use crate::domain::limits::LimitRow;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a legal limit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LegalState {
    /// 在办: time is left.
    Running,
    /// 挂起: the limit stands still.
    Paused,
    /// 预警: the warning share is used up.
    Warned,
    /// 超期: not closed by the due.
    Overdue,
    /// 按期办结: closed by the due.
    Met,
    /// 超期办结: closed after the due.
    Missed,
    /// 终止: the ticket was withdrawn, merged, refused or passed on.
    Ended,
}

/// 办结时限 at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LegalClock {
    /// The moment the round's limit counts from.
    pub started_at: Timestamp,
    /// When it is due; while paused, when it would be due if the ticket were resumed now.
    pub due: Timestamp,
    /// 暂定: the due depends on an unpublished year.
    pub provisional: bool,
    /// When the warning share is used up.
    pub warn_at: Timestamp,
    /// Whether an extension (延期) set the due.
    pub extended: bool,
    /// How it stands.
    pub state: LegalState,
}

impl LegalClock {
    /// What asks for action.
    pub(super) const fn flag(&self) -> Flag {
        match self.state {
            LegalState::Warned => Flag::Yellow,
            LegalState::Overdue => Flag::Overdue,
            _ => Flag::None,
        }
    }

    /// What it came to, also once it is over.
    pub(super) const fn reached(&self) -> Flag {
        match self.state {
            LegalState::Missed => Flag::Overdue,
            _ => self.flag(),
        }
    }

    /// The next legal turn after `now`; none while it stands still or is over.
    pub(super) fn next_change(&self, now: Timestamp) -> Option<NextChange> {
        match self.state {
            LegalState::Running if self.warn_at < self.due => Some(NextChange { at: self.warn_at, turn: Turn::ToYellow }),
            LegalState::Running | LegalState::Warned => Some(NextChange { at: self.due, turn: Turn::Due }),
            _ => None,
        }
        .filter(|change| change.at > now)
    }
}

/// Extensions granted in the round: after it opened and before the next one did.
pub(super) fn extensions_of(facts: &ClockFacts, index: usize) -> impl Iterator<Item = &Extension> {
    let opened = facts.rounds.get(index).map(|round| round.opened.at);
    let next = facts.rounds.get(index + 1).map(|round| round.opened.at);
    facts.extensions.iter().filter(move |extension| {
        opened.is_some_and(|opened| extension.granted.at >= opened) && next.is_none_or(|next| extension.granted.at < next)
    })
}

/// The legal clock of the present round at `now`.
pub(super) fn evaluate(facts: &ClockFacts, row: &LimitRow, calendar: &Calendar, now: Timestamp) -> Option<LegalClock> {
    let Some(round) = facts.current_round() else {
        let accepted = facts.accepted.filter(|_| facts.green_channel)?;
        let plan = Plan::of_acceptance(accepted, row, calendar);
        return clock(facts, None, now, |pauses| plan.base(pauses), false);
    };
    let index = facts.rounds.len() - 1;
    let plan = Plan::of_round(facts, round, index == 0, row, calendar);
    let extension = extensions_of(facts, index).last().filter(|_| !facts.green_channel);
    let lay_out = |pauses: &Pauses| match extension {
        Some(extension) => plan.extended(extension, pauses),
        None => plan.base(pauses),
    };
    clock(facts, Some(round), now, lay_out, extension.is_some())
}

fn clock(
    facts: &ClockFacts,
    round: Option<&Round>,
    now: Timestamp,
    lay_out: impl Fn(&Pauses) -> Option<Schedule>,
    extended: bool,
) -> Option<LegalClock> {
    let closed = round.and_then(|round| round.closed).map(|stamp| stamp.at);
    let ended = closed.or(facts.withdrawn.map(|stamp| stamp.at));
    // A pause nobody resumed ends with the ticket.
    let known = lay_out(&Pauses::new(&facts.suspensions, ended));
    let schedule = match known {
        Some(schedule) => schedule,
        None => lay_out(&Pauses::new(&facts.suspensions, Some(now)))?,
    };
    let state = match (closed, facts.withdrawn, known) {
        (Some(closed), _, _) if closed > schedule.due => LegalState::Missed,
        (Some(_), _, _) => LegalState::Met,
        (None, Some(_), _) => LegalState::Ended,
        (None, None, None) => LegalState::Paused,
        (None, None, Some(_)) if now >= schedule.due => LegalState::Overdue,
        (None, None, Some(_)) if now >= schedule.warn_at => LegalState::Warned,
        (None, None, Some(_)) => LegalState::Running,
    };
    let Schedule { start, due, warn_at, provisional, .. } = schedule;
    Some(LegalClock { started_at: start, due, provisional, warn_at, extended, state })
}
