//! Deadlines: every moment at which a flag is raised, under an identity that survives being computed again.
use super::facts::{ClockFacts, Extension};
use super::legal::extensions_of;
use super::pauses::Pauses;
use super::schedule::{Plan, Schedule};
use super::{Flag, colour};
use crate::domain::Timestamp;
use crate::domain::calendar::Calendar;
use crate::domain::ids::EventId;
use crate::domain::limits::LimitRow;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which of a ticket's clocks a deadline belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Leg {
    /// 赋色.
    Colour,
    /// 办结时限.
    Legal,
    /// 承诺.
    Promise,
}

/// The identity of a deadline: the event that set it, and the leg. A flag is unique per (deadline, level).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct DeadlineId(pub EventId, pub Leg);

/// A moment at which a flag is raised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Deadline {
    /// When.
    pub at: Timestamp,
    /// The flag; never [`Flag::None`].
    pub level: Flag,
    /// Which deadline of which event.
    pub id: DeadlineId,
    /// The leg, the same as in the id.
    pub leg: Leg,
}

/// Every moment at which a flag was or will be raised if nothing more happens, in order of time.
///
/// A due that an extension replaced, or a round that was reworked, keeps the flags it raised before that; a clock that
/// stopped at or before a turn has none for it. Days of earlier rounds are counted under the same `row`.
pub fn deadlines(facts: &ClockFacts, row: &LimitRow, calendar: &Calendar) -> Vec<Deadline> {
    let mut found = Vec::new();
    let mut raise = |set_by: EventId, leg: Leg, level: Flag, at: Timestamp, over: Option<Timestamp>| {
        if over.is_none_or(|over| at < over) {
            found.push(Deadline { at, level, id: DeadlineId(set_by, leg), leg });
        }
    };
    if let (Some(clock), Some(dispatched)) = (colour::evaluate(facts, row, Timestamp::MIN_UTC), facts.dispatched()) {
        raise(dispatched.event, Leg::Colour, Flag::Orange, clock.orange_at, clock.stopped_at);
        raise(dispatched.event, Leg::Colour, Flag::Red, clock.red_at, clock.stopped_at);
    }
    let withdrawn = facts.withdrawn.map(|stamp| stamp.at);
    if let (true, Some(accepted), true) = (facts.green_channel, facts.accepted, facts.rounds.is_empty()) {
        let plan = Plan::of_acceptance(accepted, row, calendar);
        legal(facts, withdrawn, |pauses| plan.base(pauses), &mut raise);
    }
    for (index, round) in facts.rounds.iter().enumerate() {
        let next = facts.rounds.get(index + 1).map(|round| round.opened.at);
        let over = [round.closed.map(|stamp| stamp.at), withdrawn, next].into_iter().flatten().min();
        let plan = Plan::of_round(facts, round, index == 0, row, calendar);
        let granted: Vec<&Extension> = extensions_of(facts, index).filter(|_| !facts.green_channel).collect();
        let until = |grant: Option<&&Extension>| [over, grant.map(|next| next.granted.at)].into_iter().flatten().min();
        legal(facts, until(granted.first()), |pauses| plan.base(pauses), &mut raise);
        for (position, extension) in granted.iter().enumerate() {
            // A grant that comes when the warning of the new due is already past warns at once, not before itself.
            let lay_out = |pauses: &Pauses| {
                let schedule = plan.extended(extension, pauses)?;
                let at = extension.granted.at;
                Some(Schedule { warn_at: schedule.warn_at.max(at), due: schedule.due.max(at), ..schedule })
            };
            legal(facts, until(granted.get(position + 1)), lay_out, &mut raise);
        }
    }
    found.sort();
    found
}

/// The flags of one legal due, in force until `over`.
fn legal(
    facts: &ClockFacts,
    over: Option<Timestamp>,
    lay_out: impl Fn(&Pauses) -> Option<Schedule>,
    raise: &mut impl FnMut(EventId, Leg, Flag, Timestamp, Option<Timestamp>),
) {
    let pauses = Pauses::new(&facts.suspensions, over);
    let (schedule, standing) = match lay_out(&pauses) {
        Some(schedule) => (Some(schedule), None),
        // A pause that still lasts: what it came to before the pause stands, the rest is not known.
        None => (pauses.open_from().and_then(|from| lay_out(&Pauses::new(&facts.suspensions, Some(from)))), pauses.open_from()),
    };
    let Some(schedule) = schedule else { return };
    let over = [over, standing].into_iter().flatten().min();
    if schedule.warn_at < schedule.due {
        raise(schedule.set_by.event, Leg::Legal, Flag::Yellow, schedule.warn_at, over);
    }
    raise(schedule.set_by.event, Leg::Legal, Flag::Overdue, schedule.due, over);
}
