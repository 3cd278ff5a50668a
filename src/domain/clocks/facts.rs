//! What a ticket's log says that clocks need; no more. Times are times in the world (`occurred_at`).
use crate::domain::Timestamp;
use crate::domain::ids::EventId;
use crate::domain::limits::LimitRef;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A moment and the event that set it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Stamp {
    /// The event.
    pub event: EventId,
    /// When it happened.
    pub at: Timestamp,
}

/// 轮次 (round): from a dispatch to the closure that follows it. The first is opened by the first dispatch, each later
/// one by the dispatch of a rework (重办).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Round {
    /// The dispatch that opened it.
    pub opened: Stamp,
    /// 改派 (re-dispatches) within the round, in order. They do not restart the clocks of this module.
    #[serde(default)]
    pub redispatched: Vec<Stamp>,
    /// 签收 (signing) by the unit that has it now.
    pub signed: Option<Stamp>,
    /// 办结 (closure): the reply that review let pass, at the reply's time.
    pub closed: Option<Stamp>,
}

impl Round {
    /// A round just opened.
    pub const fn open(opened: Stamp) -> Self { Self { opened, redispatched: Vec::new(), signed: None, closed: None } }
}

/// 挂起 (suspension), from suspended to resumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Suspension {
    /// When it was suspended.
    pub from: Timestamp,
    /// When it was resumed; absent while it lasts.
    pub until: Option<Timestamp>,
}

/// 延期 (extension) that was granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Extension {
    /// The event that granted it.
    pub granted: Stamp,
    /// The new due moment, within the row's cap (the grant is refused otherwise: laying it out costs time in
    /// proportion to its days).
    pub due: Timestamp,
}

/// What a ticket's log says that its clocks need.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClockFacts {
    /// 受理 (accepted).
    pub accepted: Option<Stamp>,
    /// 轮次, oldest first; empty before the first dispatch.
    #[serde(default)]
    pub rounds: Vec<Round>,
    /// First substantive handling: the first logged contact, progress with content, or reply; once per ticket.
    pub first_handled: Option<Stamp>,
    /// The ticket left the clocks without a closure: 撤单, 并单, 不予受理, 转出.
    pub withdrawn: Option<Stamp>,
    /// 挂起, in order.
    #[serde(default)]
    pub suspensions: Vec<Suspension>,
    /// 延期 granted, in order of granting, over all rounds.
    #[serde(default)]
    pub extensions: Vec<Extension>,
    /// Whether the ticket is of an urgent class (急难愁盼).
    pub urgent: bool,
    /// 绿色通道: due on the day of acceptance.
    pub green_channel: bool,
    /// The row and version the ticket runs under.
    pub limit: Option<LimitRef>,
}

impl ClockFacts {
    /// The first dispatch (首次派单).
    pub fn dispatched(&self) -> Option<Stamp> { self.rounds.first().map(|round| round.opened) }

    /// The round the ticket is in.
    pub fn current_round(&self) -> Option<&Round> { self.rounds.last() }
}
