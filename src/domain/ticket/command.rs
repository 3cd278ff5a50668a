//! Commands: an act with what it brings. Free text has been put into the content store before it comes here.
use super::{Act, Channel, Pin, PromiseKind};
use crate::domain::Timestamp;
use crate::domain::event::ContentRef;
use crate::domain::ids::{CallId, CallerId, TicketId};
use crate::domain::limits::{HandlerLevel, Line, Tag, TicketKind};

/// 受理 (accept): a new ticket.
#[derive(Debug, Clone, PartialEq)]
pub struct Accept {
    /// Identity, chosen by the caller of `decide`.
    pub id: TicketId,
    /// 工单号 from a leased block.
    pub number: String,
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
    /// 渠道.
    pub channel: Channel,
    /// 标题.
    pub title: ContentRef,
    /// 诉求.
    pub body: ContentRef,
    /// 地点.
    pub place: Option<ContentRef>,
    /// 来电人.
    pub caller: Option<CallerId>,
    /// 通话.
    pub call: Option<CallId>,
    /// 答复依据.
    pub pins: Vec<Pin>,
    /// 企业档案 (enterprise profile), one text of the content store.
    pub enterprise: Option<ContentRef>,
}

/// What an act brings besides itself; `life` says which of these it must have.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Given {
    /// 承办单位.
    pub unit: Option<String>,
    /// 承办层级.
    pub level: Option<HandlerLevel>,
    /// 原因代码.
    pub reason: Option<String>,
    /// Words.
    pub text: Option<ContentRef>,
    /// 是否解决.
    pub solved: Option<bool>,
    /// 满意度 1–5.
    pub rating: Option<i64>,
    /// 并入的工单.
    pub target: Option<TicketId>,
    /// 110/119/120/122.
    pub service: Option<String>,
    /// 急难愁盼 class; `None` takes the mark away.
    pub urgent_class: Option<String>,
    /// 优先; `None` takes the mark away.
    pub tag: Option<Tag>,
    /// Working days asked for or granted.
    pub days: Option<u32>,
    /// 答复依据.
    pub pins: Vec<Pin>,
    /// Did the contact reach the caller?
    pub reached: Option<bool>,
    /// 承诺: of what kind; a call-back where nothing is said.
    pub promise: Option<PromiseKind>,
    /// 承诺的期限.
    pub due: Option<Timestamp>,
    /// Which promise was kept, where several are open.
    pub promise_no: Option<u32>,
    /// 上门地点: where somebody comes by appointment.
    pub place: Option<ContentRef>,
}

/// 修改 (edit): fields that an intake may correct; `None` leaves a field as it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Edit {
    /// 类型.
    pub kind: Option<TicketKind>,
    /// 事项.
    pub class: Option<String>,
    /// 标题.
    pub title: Option<ContentRef>,
    /// 诉求.
    pub body: Option<ContentRef>,
    /// 地点.
    pub place: Option<ContentRef>,
}

/// 命令 (command).
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// A new ticket.
    Accept(Box<Accept>),
    /// An act on one that exists.
    Do(Act, Box<Given>),
    /// A correction of fields.
    Edit(Box<Edit>),
    /// The sweep's: raise what is due.
    Turn,
    /// The sweep's, after the tables changed: say where the due is now, if it is not where it stood.
    Reckon {
        /// The due as it was last told.
        stood: Option<Timestamp>,
        /// 暂定, as it was last told.
        provisional: bool,
    },
}

impl Command {
    /// Which act this is.
    pub fn act(&self) -> Act {
        match self {
            Command::Accept(_) => Act::Accept,
            Command::Do(act, _) => *act,
            Command::Edit(_) => Act::Edit,
            Command::Turn | Command::Reckon { .. } => Act::Turn,
        }
    }
}
