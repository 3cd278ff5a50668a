//! What has happened to a call, and what it is then.
use crate::domain::Timestamp;
use crate::domain::event::{AggregateKind, Envelope, Payload};
use crate::domain::ids::{ArticleId, CallId, CallerId, UserId};
use crate::domain::limits::Line;
use crate::domain::ticket::Pin;
use serde::{Deserialize, Serialize};

/// 通话状态 (call state).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CallState {
    /// 振铃 (waiting in the queue).
    Ringing,
    /// 通话中.
    Talking,
    /// 保持.
    Held,
    /// 整理 (after the call, the form still open).
    WrapUp,
    /// 结束.
    Ended,
    /// 放弃 (the caller hung up first).
    Abandoned,
}

impl CallState {
    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            CallState::Ringing => "ringing",
            CallState::Talking => "talking",
            CallState::Held => "held",
            CallState::WrapUp => "wrap_up",
            CallState::Ended => "ended",
            CallState::Abandoned => "abandoned",
        }
    }
}

/// 通话事件 (call event).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "payload", rename_all = "snake_case")]
#[allow(missing_docs, reason = "the fields are the call's, documented there")]
pub enum CallEvent {
    /// 来电.
    Rang { exchange: String, exchange_call: String, line: Line, caller: CallerId, district: Option<String> },
    /// 接听.
    Taken { by: UserId },
    /// 保持.
    Held,
    /// 取回.
    Retrieved,
    /// 挂机: the talk is over, wrap-up begins.
    HungUp,
    /// 结束整理.
    WrappedUp,
    /// 放弃.
    Abandoned,
    /// 钉住答复依据.
    Pinned { article: ArticleId, revision: i64 },
    /// 取下答复依据.
    Unpinned { article: ArticleId },
}

impl Payload for CallEvent {
    const AGGREGATE: AggregateKind = AggregateKind::Call;
}

/// 通话 (call).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Call {
    /// Identity.
    pub id: CallId,
    /// How many events it has.
    pub version: i64,
    /// State.
    pub state: CallState,
    /// 交换机.
    pub exchange: String,
    /// The exchange's own id of the call; UNIQUE with the exchange.
    pub exchange_call: String,
    /// 线路.
    pub line: Line,
    /// 来电人.
    pub caller: CallerId,
    /// 来电区域.
    pub district: Option<String>,
    /// 接听人.
    pub taken_by: Option<UserId>,
    /// When it joined the queue.
    pub rang_at: Timestamp,
    /// When it was answered.
    pub taken_at: Option<Timestamp>,
    /// When the talk ended.
    pub ended_at: Option<Timestamp>,
    /// 答复依据.
    pub pins: Vec<Pin>,
}

/// The call after one more event.
pub fn fold(call: Option<Call>, event: &CallEvent, envelope: &Envelope) -> Option<Call> {
    let at = envelope.occurred_at;
    if let (None, CallEvent::Rang { exchange, exchange_call, line, caller, district }) = (&call, event) {
        return Some(Call {
            id: CallId(envelope.aggregate_id),
            version: envelope.version,
            state: CallState::Ringing,
            exchange: exchange.clone(),
            exchange_call: exchange_call.clone(),
            line: *line,
            caller: *caller,
            district: district.clone(),
            taken_by: None,
            rang_at: at,
            taken_at: None,
            ended_at: None,
            pins: Vec::new(),
        });
    }
    let mut call = call?;
    call.version = envelope.version;
    match event {
        CallEvent::Rang { .. } => {}
        CallEvent::Taken { by } => {
            call.taken_by = Some(*by);
            call.taken_at = Some(at);
            call.state = CallState::Talking;
        }
        CallEvent::Held => call.state = CallState::Held,
        CallEvent::Retrieved => call.state = CallState::Talking,
        CallEvent::HungUp => {
            call.ended_at = Some(at);
            call.state = CallState::WrapUp;
        }
        CallEvent::WrappedUp => call.state = CallState::Ended,
        CallEvent::Abandoned => {
            call.ended_at = Some(at);
            call.state = CallState::Abandoned;
        }
        CallEvent::Unpinned { article } => call.pins.retain(|pin| pin.article != *article),
        CallEvent::Pinned { article, revision } => {
            let pin = Pin { article: *article, revision: *revision };
            if !call.pins.contains(&pin) {
                call.pins.push(pin);
            }
        }
    }
    Some(call)
}
