//! 时钟 (clocks): what a ticket's log, its limit row and the calendar say about its flags at a moment.
//!
//! Everything is computed anew from facts; there is no counter to run wrong, so a pause, an extension, a changed
//! calendar or a late-arriving event come out right afterwards. Not here: folding events into facts (the ticket's own
//! room), choosing the row (`limits`), raising flags (the sweep).
//!
//! The rules, with their reasons:
//! - **Colour 赋色** runs in natural hours from the first dispatch to the first substantive handling. Pauses, returns,
//!   re-dispatches, nights and holidays do not stop it.
//! - **Legal limit 办结时限** runs from the round's dispatch to the closure. A re-dispatch does not restart it; rework
//!   (the next round) does.
//! - **A pause 挂起** stops the legal limit. In day limits every counted day that the pause touches, between 00:00 and
//!   the day's end, does not count: whole days, as the rules count whole days, and never to the unit's loss. In hour
//!   limits the paused time itself does not count.
//! - **An extension 延期** sets the due to the granted moment. Pauses after the grant move it on by what they take.
//! - **The warning** comes when the table's share of the counted time is used up, so it falls into time that counts:
//!   80 % of three working days is the last of them at 09:36, never a holiday.
//! - **Green channel 绿色通道** is due at 24:00 of the city day of acceptance; pauses and extensions do not move it.
//! - A clock that is stopped exactly at a turn was in time: the turn did not happen.
mod colour;
mod deadline;
mod facts;
mod legal;
mod pauses;
mod schedule;
#[cfg(test)]
mod tests;

pub use colour::{ColourClock, ColourLevel};
pub use deadline::{Deadline, DeadlineId, Leg, deadlines};
pub use facts::{ClockFacts, Extension, Round, Stamp, Suspension};
pub use legal::{LegalClock, LegalState};
pub use schedule::{DayEffect, ScheduleDay, explain_days};

use super::Timestamp;
use super::calendar::Calendar;
use super::limits::LimitRow;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// 标识 (flag): the one thing a list shows about a ticket's clocks. Ordered by urgency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// Nothing to say.
    #[default]
    None,
    /// 黄: the legal limit's warning share is used up.
    Yellow,
    /// 橙: unhandled past the first colour limit.
    Orange,
    /// 红: unhandled past the second colour limit.
    Red,
    /// 超期: not closed by the legal due.
    Overdue,
}

/// What happens at a turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// 转黄: the warning share is used up.
    ToYellow,
    /// 转橙.
    ToOrange,
    /// 转红.
    ToRed,
    /// 到期: overdue from here on.
    Due,
    /// 承诺到期: what the caller was told is late from here on.
    Promise,
}

/// 下一次变化: the earliest moment at which anything turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct NextChange {
    /// When.
    pub at: Timestamp,
    /// To what.
    pub turn: Turn,
}

/// All clocks of a ticket at a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Clocks {
    /// 赋色, where the ticket is coloured and was dispatched.
    pub colour: Option<ColourClock>,
    /// 办结时限, where the ticket was dispatched (green channel: accepted).
    pub legal: Option<LegalClock>,
    /// What asks for action now: the most urgent flag of the clocks that still run.
    pub flag: Flag,
    /// The most urgent flag the present round's clocks came to, also after they stopped: a closed ticket that was
    /// late, or handled only when red, still says so here.
    pub reached: Flag,
    /// The earliest turn still ahead, if any; lists sort by it.
    pub next_change: Option<NextChange>,
}

/// The clocks of a ticket at `now`. `row` is the row (and version) the ticket runs under.
pub fn evaluate(facts: &ClockFacts, row: &LimitRow, calendar: &Calendar, now: Timestamp) -> Clocks {
    let colour = colour::evaluate(facts, row, now);
    let legal = legal::evaluate(facts, row, calendar, now);
    let colour_reached = colour.as_ref().map_or(Flag::None, |clock| clock.level.into());
    let legal_reached = legal.as_ref().map_or(Flag::None, LegalClock::reached);
    let colour_now = if colour.as_ref().is_some_and(|clock| clock.stopped_at.is_none()) { colour_reached } else { Flag::None };
    let legal_now = legal.as_ref().map_or(Flag::None, LegalClock::flag);
    let next_change = [colour.as_ref().and_then(|clock| clock.next_change(now)), legal.as_ref().and_then(|clock| clock.next_change(now))]
        .into_iter()
        .flatten()
        // At the same moment the graver turn is the one to tell.
        .min_by_key(|change| (change.at, std::cmp::Reverse(change.turn)));
    Clocks { flag: colour_now.max(legal_now), reached: colour_reached.max(legal_reached), colour, legal, next_change }
}
