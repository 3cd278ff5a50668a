//! 赋色 (colour clock): natural hours from the first dispatch to the first substantive handling.
use super::{ClockFacts, Flag, NextChange, Turn};
use crate::domain::Timestamp;
use crate::domain::limits::LimitRow;
use chrono::TimeDelta;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The colour a ticket has come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ColourLevel {
    /// 未赋色.
    #[default]
    None,
    /// 橙.
    Orange,
    /// 红.
    Red,
}

impl From<ColourLevel> for Flag {
    fn from(level: ColourLevel) -> Self {
        match level {
            ColourLevel::None => Self::None,
            ColourLevel::Orange => Self::Orange,
            ColourLevel::Red => Self::Red,
        }
    }
}

/// 赋色 at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ColourClock {
    /// The colour; once the clock has stopped, the colour it had come to.
    pub level: ColourLevel,
    /// First dispatch.
    pub started_at: Timestamp,
    /// First substantive handling, or the closure or withdrawal that came before it.
    pub stopped_at: Option<Timestamp>,
    /// When it turns (or would have turned) orange.
    pub orange_at: Timestamp,
    /// When it turns (or would have turned) red.
    pub red_at: Timestamp,
}

impl ColourClock {
    /// The earliest colour turn after `now`.
    pub(super) fn next_change(&self, now: Timestamp) -> Option<NextChange> {
        if self.stopped_at.is_some() {
            return None;
        }
        [(self.orange_at, Turn::ToOrange), (self.red_at, Turn::ToRed)]
            .into_iter()
            .find(|(at, _)| *at > now)
            .map(|(at, turn)| NextChange { at, turn })
    }
}

/// The colour clock at `now`; none before dispatch and for tickets that are not coloured.
pub(super) fn evaluate(facts: &ClockFacts, row: &LimitRow, now: Timestamp) -> Option<ColourClock> {
    let limit = row.colour.filter(|limit| limit.every_ticket || facts.urgent)?;
    let started_at = facts.dispatched()?.at;
    let after = |hours: u32| {
        started_at.checked_add_signed(TimeDelta::hours(i64::from(hours))).unwrap_or(Timestamp::MAX_UTC)
    };
    let (orange_at, red_at) = (after(limit.orange_hours), after(limit.red_hours));
    let first_closed = facts.rounds.iter().find_map(|round| round.closed);
    let stopped_at = [facts.first_handled, first_closed, facts.withdrawn].into_iter().flatten().map(|stamp| stamp.at).min();
    // Stopped exactly at the turn is in time; running at the turn has turned.
    let past = |turn: Timestamp| now >= turn && stopped_at.is_none_or(|stopped| stopped > turn);
    let level = if past(red_at) {
        ColourLevel::Red
    } else if past(orange_at) {
        ColourLevel::Orange
    } else {
        ColourLevel::None
    };
    Some(ColourClock { level, started_at, stopped_at, orange_at, red_at })
}
