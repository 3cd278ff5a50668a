//! What has happened to a ticket. Past tense; no free text, no personal data: references only.
use super::{Channel, Pin, PromiseKind, Step};
use crate::domain::Timestamp;
use crate::domain::clocks::{DeadlineId, Flag};
use crate::domain::event::{AggregateKind, ContentRef, Payload};
use crate::domain::ids::{CallId, CallerId, TicketId, UserId};
use crate::domain::limits::{HandlerLevel, LimitRef, Line, Tag, TicketKind};
use serde::{Deserialize, Serialize};

/// 工单事件 (ticket event).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "payload", rename_all = "snake_case")]
#[allow(missing_docs, reason = "the fields are those of the commands, documented there")]
pub enum TicketEvent {
    /// 受理.
    Accepted {
        number: String,
        kind: TicketKind,
        class: Option<String>,
        urgent_class: Option<String>,
        tag: Option<Tag>,
        green: bool,
        line: Line,
        channel: Channel,
        title: ContentRef,
        body: ContentRef,
        place: Option<ContentRef>,
        caller: Option<CallerId>,
        call: Option<CallId>,
        pins: Vec<Pin>,
        /// 企业档案.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        enterprise: Option<ContentRef>,
    },
    /// 直接解答.
    Answered { pins: Vec<Pin>, text: Option<ContentRef> },
    /// 派单.
    Dispatched { unit: String, level: HandlerLevel, limit: LimitRef, note: Option<ContentRef> },
    /// 转接.
    PassedOn { service: String },
    /// 不予受理.
    NotAccepted { reason: String, note: Option<ContentRef> },
    /// 认领.
    Claimed { by: UserId },
    /// 签收.
    Signed,
    /// 联系来电人.
    Contacted { note: ContentRef, reached: bool },
    /// 办理进展.
    Progressed { note: ContentRef },
    /// 退单.
    ReturnRequested { reason: String, basis: Option<ContentRef> },
    /// 改派.
    /// `binding`: decided by an adjudicator after the table's number of returns; no further return may be asked for.
    Redispatched {
        from: Option<String>,
        unit: String,
        level: HandlerLevel,
        note: Option<ContentRef>,
        #[serde(default)]
        binding: bool,
        /// The limit row it runs under from here on, where the other level picks another; so in the events below.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limit: Option<LimitRef>,
    },
    /// 驳回退单; `binding` as for a re-dispatch.
    ReturnRefused {
        note: ContentRef,
        #[serde(default)]
        binding: bool,
    },
    /// 申请延期.
    ExtensionRequested { reason: String, days: u32, note: Option<ContentRef> },
    /// 同意延期: the new due is the moment the table and the calendar gave at that time.
    ExtensionGranted { days: u32, due: Timestamp },
    /// 不同意延期.
    ExtensionRefused { note: ContentRef },
    /// 挂起.
    Suspended { reason: String, note: Option<ContentRef> },
    /// 恢复.
    Resumed,
    /// 反馈.
    Replied { reply: ContentRef, pins: Vec<Pin> },
    /// 审核通过.
    Reviewed,
    /// 审核退回.
    SentBack { note: ContentRef },
    /// 回访.
    CalledBack { solved: bool, rating: Option<i64>, note: Option<ContentRef> },
    /// 重办.
    Reworked { limit: LimitRef },
    /// 归档.
    Archived,
    /// 催办.
    Urged { note: Option<ContentRef> },
    /// 督办.
    Supervised { note: Option<ContentRef> },
    /// 提级.
    Lifted {
        level: HandlerLevel,
        note: ContentRef,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limit: Option<LimitRef>,
    },
    /// 并单.
    Merged { into: TicketId },
    /// 撤单.
    Cancelled { reason: String, note: Option<ContentRef> },
    /// 标记急难愁盼.
    Flagged {
        urgent_class: Option<String>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limit: Option<LimitRef>,
    },
    /// 优先.
    Prioritised {
        tag: Option<Tag>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limit: Option<LimitRef>,
    },
    /// 备注.
    Noted { note: ContentRef },
    /// 承诺: numbered within its ticket, from 1.
    /// Of an appointment `place` is where, and `unit` who comes.
    Promised {
        no: u32,
        promise: PromiseKind,
        due: Timestamp,
        note: Option<ContentRef>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        place: Option<ContentRef>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unit: Option<String>,
    },
    /// 承诺已兑现.
    PromiseKept { no: u32, note: Option<ContentRef> },
    /// 撤销: the dispatch or the answer before it does not count; `step` is where the ticket stands now.
    Undone { step: Step },
    /// 修改.
    Edited {
        kind: Option<TicketKind>,
        class: Option<String>,
        title: Option<ContentRef>,
        body: Option<ContentRef>,
        place: Option<ContentRef>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limit: Option<LimitRef>,
    },
    /// 时限重算 (reckoned anew): a calendar year or a limit row arrived and moved the due; this says what it is now.
    Reckoned { due: Option<Timestamp>, provisional: bool },
    /// 标识变化: a deadline passed; UNIQUE (centre, deadline, level) in the store says once.
    FlagRaised { deadline: DeadlineId, level: Flag },
}

impl Payload for TicketEvent {
    const AGGREGATE: AggregateKind = AggregateKind::Ticket;
}

impl TicketEvent {
    /// The limit row that a ticket already dispatched runs under from this event on, where it picks another.
    pub fn limit_from_here(&self) -> Option<&LimitRef> {
        use TicketEvent as E;
        match self {
            E::Redispatched { limit, .. } | E::Lifted { limit, .. } | E::Flagged { limit, .. } | E::Prioritised { limit, .. } | E::Edited { limit, .. } => limit.as_ref(),
            _ => None,
        }
    }

    /// The text this event points to, if it has one: what a timeline shows beside it.
    pub fn note(&self) -> Option<&ContentRef> {
        use TicketEvent as E;
        match self {
            E::Answered { text: note, .. }
            | E::Dispatched { note, .. }
            | E::NotAccepted { note, .. }
            | E::Redispatched { note, .. }
            | E::ExtensionRequested { note, .. }
            | E::Suspended { note, .. }
            | E::CalledBack { note, .. }
            | E::Urged { note }
            | E::Supervised { note }
            | E::Promised { note, .. }
            | E::PromiseKept { note, .. }
            | E::Cancelled { note, .. }
            | E::ReturnRequested { basis: note, .. } => note.as_ref(),
            E::Contacted { note, .. }
            | E::Progressed { note }
            | E::ReturnRefused { note, .. }
            | E::ExtensionRefused { note }
            | E::SentBack { note }
            | E::Lifted { note, .. }
            | E::Noted { note }
            | E::Replied { reply: note, .. } => Some(note),
            _ => None,
        }
    }
}
