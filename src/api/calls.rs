//! Calls on the wire, and the card of who is calling.
use super::tickets::PromiseRow;
use crate::domain::Timestamp;
use crate::domain::call::CallState;
use crate::domain::caller::{CallerLanguage, Tone, ToneMark};
use crate::domain::ids::{CallId, CallerId, TicketId};
use crate::domain::limits::{Line, TicketKind};
use crate::domain::ticket::{Pin, Step};
use serde::{Deserialize, Serialize};

/// 来电 (ring): what an exchange reports.
#[derive(Clone, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ring {
    /// Exchange code.
    pub exchange: String,
    /// The exchange's own id of the call.
    pub exchange_call: String,
    /// 线路.
    #[serde(default)]
    pub line: Line,
    /// 主叫号码; goes into the vault, comes out masked.
    pub number: String,
    /// 姓名, where the exchange knows one.
    #[serde(default)]
    pub name: Option<String>,
    /// 来电区域.
    #[serde(default)]
    pub district: Option<String>,
}

/// Numbers and names never reach a log through `{:?}`.
impl std::fmt::Debug for Ring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ring").field("exchange", &self.exchange).field("exchange_call", &self.exchange_call).finish_non_exhaustive()
    }
}

/// 通话行 (call row).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CallRow {
    /// Identity.
    pub id: CallId,
    /// Version.
    pub version: i64,
    /// State.
    pub state: CallState,
    /// 线路.
    pub line: Line,
    /// 号码, masked.
    pub number: String,
    /// 姓名, masked; empty where unknown.
    pub name: String,
    /// 来电区域.
    pub district: Option<String>,
    /// 再次来电: this caller is known.
    pub repeat: bool,
    /// Joined the queue.
    pub rang_at: Timestamp,
    /// Answered.
    pub taken_at: Option<Timestamp>,
    /// Ended.
    pub ended_at: Option<Timestamp>,
    /// Who took it: login.
    pub taken_by: Option<String>,
    /// 答复依据.
    pub pins: Vec<Pin>,
}

/// Which calls.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct CallQuery {
    /// `true` (default): those in the queue and in hand; `false`: those that are over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live: Option<bool>,
    /// Where the last page ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows a page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Calls, with the position they are as of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CallPage {
    /// The rows, oldest first.
    pub items: Vec<CallRow>,
    /// Cursor of the next page.
    pub next: Option<String>,
    /// Position in the log.
    pub position: i64,
    /// Figures of the running 24 hours.
    pub figures: CallFigures,
}

/// 话务指标 (call figures), each as numerator and denominator.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CallFigures {
    /// 进线.
    pub offered: i64,
    /// 接通.
    pub answered: i64,
    /// 15 秒内接听.
    pub within_15s: i64,
}

/// A caller's earlier matter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Matter {
    /// The ticket.
    pub ticket: TicketId,
    /// 工单号.
    pub number: String,
    /// 类型.
    pub kind: TicketKind,
    /// 标题.
    pub title: String,
    /// 环节.
    pub step: Step,
    /// 是否解决.
    pub solved: Option<bool>,
    /// 受理时间.
    pub accepted_at: Timestamp,
}

/// 来电人卡片 (caller card).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CallerCard {
    /// Who, by identity.
    pub caller: CallerId,
    /// 姓名, masked.
    pub name: String,
    /// 号码, masked.
    pub number: String,
    /// 来电次数, this call among them.
    pub calls: i64,
    /// 历史诉求: all matters of this caller, of which `last` are the newest.
    pub matters: i64,
    /// 同一事项: the most matters of one class within 90 days; 0 where none has a class.
    pub same_class: i64,
    /// 一人多诉: matters within 90 days.
    pub matters_90_days: i64,
    /// The last five.
    pub last: Vec<Matter>,
    /// 承诺 that are still open, whichever matter they belong to; the next due first.
    #[serde(default)]
    pub promises: Vec<OpenPromise>,
    /// 语言.
    #[serde(default)]
    pub language: Option<CallerLanguage>,
    /// 来电情形, while it stands.
    #[serde(default)]
    pub tone: Option<ToneMark>,
}

/// 来电人标注 (note of a caller): what is absent stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NoteRequest {
    /// 语言.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<CallerLanguage>,
    /// 来电情形.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tone: Option<Tone>,
    /// For how many days the tone stands, 1–180; 30 where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    /// Takes the language away.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub no_language: bool,
    /// Takes the tone away.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub no_tone: bool,
}

/// What is noted of a caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct CallerNotesView {
    /// 语言.
    pub language: Option<CallerLanguage>,
    /// 来电情形, while it stands.
    pub tone: Option<ToneMark>,
}

/// 一人多诉: over how many days a caller's matters are counted.
pub const MATTERS_DAYS: i64 = 90;

/// 承诺 (promise) that is still open.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct OpenPromise {
    /// The ticket.
    pub ticket: TicketId,
    /// 工单号.
    pub number: String,
    /// 承办单位.
    pub unit_name: Option<String>,
    /// What, by when, in whose words.
    #[serde(flatten)]
    pub promise: PromiseRow,
}
