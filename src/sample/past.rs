//! What a past ticket is: plain values, told by `tickets`, to be turned into commands by whoever seeds a server. They are
//! not the domain's own types, so that the sample city can be read without knowing them.
use serde::Serialize;

use super::matters::{Intent, Line};
use super::places::Caller;
use crate::domain::Timestamp;
use crate::domain::ids::TicketId;

/// 受理渠道 (channel) a request came by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// 电话 (telephone).
    Phone,
    /// 网站与小程序 (website and mini programme).
    Web,
    /// 基层服务哨所 (service outpost).
    Outpost,
}

/// What acceptance came to. accepted = the sum of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// 直接解答 (direct answer).
    DirectAnswer,
    /// 派单 (dispatched), or about to be.
    Dispatched,
    /// 并单 (merged at intake).
    Merged,
    /// 不予受理 (not accepted).
    NotAccepted,
    /// 派单前撤单 (cancelled before dispatch).
    Cancelled,
    /// 转 110/119/120/122 (passed on).
    PassedOn,
}

/// One step of a ticket's life after acceptance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PastStep {
    /// 直接解答, from the article where there is one.
    Answered {
        /// The article it was read from.
        article: Option<String>,
    },
    /// 派单 to a unit.
    Dispatched {
        /// Unit code.
        unit: String,
    },
    /// 签收.
    Signed,
    /// 联系来电人 (contact logged): the first substantive handling.
    Contacted {
        /// In words.
        note: String,
    },
    /// 反馈 (reply).
    Replied {
        /// In words.
        text: String,
    },
    /// 审核通过 (review passed).
    Reviewed,
    /// 回访 (call-back), with the rating 5 to 1 where one was given.
    CalledBack {
        /// Whether the caller says it is solved.
        solved: bool,
        /// 好差评, 5 (best) to 1.
        rating: Option<u8>,
    },
    /// 归档.
    Archived,
    /// 退单 requested.
    ReturnRequested {
        /// Reason code.
        reason: String,
        /// In words.
        note: String,
    },
    /// 改派: the return is granted and another unit gets it, unsigned.
    ReturnGranted {
        /// Unit code.
        unit: String,
    },
    /// 退单驳回: the unit keeps it.
    ReturnRefused {
        /// In words.
        note: String,
    },
    /// 延期 requested.
    ExtensionRequested {
        /// Reason code.
        reason: String,
        /// For so many working days.
        working_days: u32,
    },
    /// 延期 granted, as requested.
    ExtensionGranted,
    /// 挂起.
    Suspended {
        /// Reason code.
        reason: String,
    },
    /// 恢复.
    Resumed,
    /// 催办.
    Urged {
        /// In words.
        note: String,
    },
    /// 重办: the next round, dispatched to the same unit and unsigned again.
    Reworked {
        /// Reason code.
        reason: String,
        /// Unit code.
        unit: String,
    },
    /// 并单 into a parent.
    Merged {
        /// The ticket that goes on for both.
        parent: TicketId,
    },
    /// 不予受理.
    NotAccepted {
        /// Reason code.
        reason: String,
    },
    /// 撤单.
    Cancelled {
        /// Reason code.
        reason: String,
    },
    /// 转 110/119/120/122.
    PassedOn {
        /// The emergency number.
        number: &'static str,
    },
}

/// An act in a ticket's past.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PastAct {
    /// When.
    pub at: Timestamp,
    /// Login of who did it.
    pub actor: String,
    /// What was done.
    pub step: PastStep,
}

/// A ticket with its past.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PastTicket {
    /// Identity, the same for the same seed, place in the history and moment.
    pub id: TicketId,
    /// The line it came in on.
    pub line: Line,
    /// The channel it came by.
    pub channel: Channel,
    /// What the caller wants.
    pub intent: Intent,
    /// Who called.
    pub caller: Caller,
    /// 优先 (priority tag).
    pub priority: bool,
    /// Login of who accepted it.
    pub accepted_by: String,
    /// 受理时间.
    pub accepted_at: Timestamp,
    /// Length of the conversation in seconds; 0 where there was none.
    pub talk_s: u32,
    /// What acceptance came to.
    pub outcome: Outcome,
    /// Everything after acceptance, in order of time, nothing later than the history's end.
    pub acts: Vec<PastAct>,
}
