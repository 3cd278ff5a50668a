//! Tickets on the wire: rows of a list, one whole, and what an act brings.
pub use super::clocks::RowClocks;
pub use super::intake::{EnterpriseProfile, LeaseNumbers, LeasedNumbers, NewPromise, PromiseRow, Then};
use crate::domain::Timestamp;
use crate::domain::clocks::{Flag, ScheduleDay};
use crate::domain::ids::{ArticleId, CallId, TicketId};
use crate::domain::limits::{HandlerLevel, Line, Tag, TicketKind};
use crate::domain::ticket::{Act, Channel, Pin, PromiseKind, Step};
use serde::{Deserialize, Serialize};

/// 工单行 (ticket row).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TicketRow {
    /// Identity.
    pub id: TicketId,
    /// 工单号.
    pub number: String,
    /// Version; apply is idempotent by it.
    pub version: i64,
    /// 环节.
    pub step: Step,
    /// 轮次.
    pub round: i64,
    /// 类型.
    pub kind: TicketKind,
    /// 事项.
    pub class: Option<String>,
    /// 急难愁盼.
    pub urgent_class: Option<String>,
    /// 优先.
    pub tag: Option<Tag>,
    /// 绿色通道.
    pub green: bool,
    /// 线路.
    pub line: Line,
    /// 标题, phone and identity-card numbers in it masked; scrubbed where it is shown.
    pub title: String,
    /// 承办单位 code.
    pub unit: Option<String>,
    /// 承办单位.
    pub unit_name: Option<String>,
    /// 经办人, masked.
    pub assignee: Option<String>,
    /// 受理时间.
    pub accepted_at: Timestamp,
    /// 派单时间.
    pub dispatched_at: Option<Timestamp>,
    /// The clocks' moments.
    pub clocks: RowClocks,
    /// 标识, as the sweep last saw it; `clocks` says it for any moment.
    #[serde(default)]
    pub flag: Flag,
    /// 改派次数.
    pub hops: i64,
    /// 催办次数.
    pub urges: i64,
    /// 督办.
    pub supervised: bool,
    /// 是否解决.
    pub solved: Option<bool>,
}

/// One entry of a ticket's timeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TimelineEntry {
    /// When it happened.
    pub at: Timestamp,
    /// `ticket.dispatched` and so on.
    pub kind: String,
    /// Who, as it may be shown.
    pub actor: String,
    /// Words, erased ones as 〔已删除〕.
    pub note: Option<String>,
    /// The event's own fields: codes and times, no words.
    pub fields: serde_json::Value,
    /// 轮次.
    pub round: i64,
}

/// 工单详情 (ticket detail).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TicketDetail {
    /// Its row.
    pub row: TicketRow,
    /// 诉求, numbers masked; so are place and notes.
    pub body: String,
    /// 地点.
    pub place: Option<String>,
    /// 渠道.
    pub channel: Channel,
    /// 承办层级.
    pub level: HandlerLevel,
    /// 来电人, masked: `张* 100****0421`.
    pub caller: Option<String>,
    /// 时限表行 `code/version`.
    pub limit: Option<String>,
    /// How the day limit of this round came about, day by day, before any extension; empty where days do not count.
    #[serde(default)]
    pub days: Vec<ScheduleDay>,
    /// 答复依据.
    pub pins: Vec<Pin>,
    /// 满意度.
    pub rating: Option<i64>,
    /// 企业档案.
    #[serde(default)]
    pub enterprise: Option<EnterpriseProfile>,
    /// 承诺, in their order.
    #[serde(default)]
    pub promises: Vec<PromiseRow>,
    /// 退单或延期待批.
    pub extension_pending: bool,
    /// What the asker may do now, in the table's order.
    pub acts: Vec<Act>,
    /// What has happened.
    pub timeline: Vec<TimelineEntry>,
}

/// 受理登记 (new ticket).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTicket {
    /// 类型.
    pub kind: TicketKind,
    /// 事项.
    #[serde(default)]
    pub class: Option<String>,
    /// 急难愁盼.
    #[serde(default)]
    pub urgent_class: Option<String>,
    /// 优先.
    #[serde(default)]
    pub tag: Option<Tag>,
    /// 绿色通道.
    #[serde(default)]
    pub green: bool,
    /// 线路.
    #[serde(default)]
    pub line: Line,
    /// 标题, at most 200 characters.
    pub title: String,
    /// 诉求, at most 64 KiB.
    #[serde(default)]
    pub body: String,
    /// 地点.
    #[serde(default)]
    pub place: Option<String>,
    /// 通话: the caller is the call's.
    #[serde(default)]
    pub call: Option<CallId>,
    /// 答复依据.
    #[serde(default)]
    pub pins: Vec<Pin>,
    /// What to do with it at once.
    #[serde(default)]
    pub then: Then,
    /// 工单编号, one of those leased to this seat; the server's next where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// 企业档案, on the enterprise line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enterprise: Option<EnterpriseProfile>,
    /// 承诺 made to the caller on this call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise: Option<NewPromise>,
}

/// What an act on a ticket brings; the ticket's life says which of these an act must have.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ActRequest {
    /// 承办单位.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// 承办层级.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<HandlerLevel>,
    /// 原因代码.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Words: a contact, a reply, a note; at most 64 KiB.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// 是否解决.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub solved: Option<bool>,
    /// 满意度 1–5.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rating: Option<i64>,
    /// 并入的工单.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<TicketId>,
    /// 110/119/120/122.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// 急难愁盼 class; absent takes the mark away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub urgent_class: Option<String>,
    /// 优先; absent takes the mark away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<Tag>,
    /// Working days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    /// 答复依据.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pins: Vec<Pin>,
    /// Did the contact reach the caller?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reached: Option<bool>,
    /// 承诺: of what kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub promise: Option<PromiseKind>,
    /// 承诺的期限.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// Which promise was kept, where several are open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub promise_no: Option<u32>,
    /// 上门地点, of an appointment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

/// 修改登记内容 (edit), with `If-Match`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EditRequest {
    /// 类型.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<TicketKind>,
    /// 事项.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
    /// 标题.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// 诉求.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// 地点.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

/// How a ticket list is narrowed and ordered.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct TicketQuery {
    /// Only this step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<Step>,
    /// Only this unit and those below it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Only this flag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flag: Option<Flag>,
    /// Only tickets that are open (`true`) or closed (`false`); where nothing is said, open ones, and of a step, a number or
    /// newest first all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open: Option<bool>,
    /// Only this number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// `next_change` (default: what turns next comes first) or `accepted` (newest first).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<Sort>,
    /// Where the last page ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows a page, at most 200; 50 where none is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// Order of a ticket list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// What turns next comes first; overdue before all.
    #[default]
    NextChange,
    /// Newest first.
    Accepted,
}

/// Counts over everything a viewer may see, whatever the page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Counts {
    /// Open tickets.
    pub open: i64,
    /// ✖ 超期.
    pub overdue: i64,
    /// ◆ 红.
    pub red: i64,
    /// ▲ 橙.
    pub orange: i64,
    /// △ 黄.
    pub yellow: i64,
    /// Turning within 60 minutes.
    pub soon: i64,
}

/// A page of tickets with the counts beside it, and the position it is as of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TicketPage {
    /// The rows.
    pub items: Vec<TicketRow>,
    /// Cursor of the next page.
    pub next: Option<String>,
    /// Counts.
    pub counts: Counts,
    /// Position in the log: frames after it change these rows.
    pub position: i64,
}

/// An article used for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PinRequest {
    /// The article.
    pub article: ArticleId,
    /// Its revision.
    pub revision: i64,
}
