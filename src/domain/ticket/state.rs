//! What a ticket is at one moment: the fold of its events, and nothing that its events do not say.
use crate::domain::Timestamp;
use crate::domain::clocks::{self, ClockFacts, Clocks, Deadline, DeadlineId, Flag, LegalState, Stamp};
use super::Promise;
use crate::domain::event::{Actor, ContentRef, Envelope};
use crate::domain::ids::{ArticleId, CallId, CallerId, TicketId, UserId};
use crate::domain::limits::{HandlerLevel, LimitKey, Line, Tag, TicketKind};
use crate::domain::tables::Tables;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

macro_rules! steps {
    ($($(#[$doc:meta])* $name:ident = $code:literal),* $(,)?) => {
        /// 环节 (step): where a ticket stands in its life.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
        pub enum Step { $($(#[$doc])* #[serde(rename = $code)] $name),* }
        impl Step {
            /// Every step, in the order of a ticket's life.
            pub const ALL: &'static [Step] = &[$(Step::$name),*];
            /// The stable code.
            pub const fn code(self) -> &'static str { match self { $(Step::$name => $code),* } }
            /// The step a code names.
            pub fn from_code(code: &str) -> Option<Step> { Step::ALL.iter().copied().find(|step| step.code() == code) }
        }
    };
}

steps! {
    /// 受理.
    Accepted = "accepted",
    /// 派单.
    Dispatched = "dispatched",
    /// 签收.
    Signed = "signed",
    /// 办理.
    InProgress = "in_progress",
    /// 退单待裁.
    ReturnRequested = "return_requested",
    /// 挂起.
    Suspended = "suspended",
    /// 反馈.
    Replied = "replied",
    /// 审核.
    Reviewed = "reviewed",
    /// 回访.
    CalledBack = "called_back",
    /// 直接解答.
    Answered = "answered",
    /// 归档.
    Archived = "archived",
    /// 并单.
    Merged = "merged",
    /// 撤单.
    Cancelled = "cancelled",
    /// 不予受理.
    NotAccepted = "not_accepted",
    /// 转接.
    PassedOn = "passed_on",
}

impl Step {
    /// Is somebody still owed something? Closed steps have no running clock.
    pub const fn is_open(self) -> bool {
        matches!(
            self,
            Step::Accepted | Step::Dispatched | Step::Signed | Step::InProgress | Step::ReturnRequested | Step::Suspended | Step::Replied
        )
    }
}

/// 渠道 (channel): how the matter reached the centre.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// 电话.
    #[default]
    Phone,
    /// 网络.
    Web,
    /// 基层服务哨所.
    Outpost,
    /// 批量导入.
    Import,
}

/// 答复依据 (pin): the article and the revision of it that an answer came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Pin {
    /// The article.
    pub article: ArticleId,
    /// Its revision at that moment.
    pub revision: i64,
}

/// 工单 (ticket).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ticket {
    /// Identity.
    pub id: TicketId,
    /// 工单号: the number an operator speaks.
    pub number: String,
    /// Version: how many events it has.
    pub version: i64,
    /// 环节.
    pub step: Step,
    /// The step a refused return or a resumption goes back to.
    pub back_to: Option<Step>,
    /// 轮次, from 1.
    pub round: i64,
    /// 类型.
    pub kind: TicketKind,
    /// 事项 (catalogue code).
    pub class: Option<String>,
    /// 急难愁盼 (urgent class code).
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
    /// 承办单位.
    pub unit: Option<String>,
    /// 承办层级.
    pub level: HandlerLevel,
    /// 经办人.
    pub assignee: Option<UserId>,
    /// 答复依据.
    pub pins: Vec<Pin>,
    /// What the clocks read.
    pub facts: ClockFacts,
    /// 反馈 that waits for review.
    pub reply: Option<Stamp>,
    /// 改派次数 (hops between units).
    pub hops: i64,
    /// 退单次数 (how often a return was asked for); so many of them go to adjudication.
    pub returns: i64,
    /// 退单已裁定: an adjudicator has decided, and that binds: no further return.
    pub return_bound: bool,
    /// 催办次数.
    pub urges: i64,
    /// 延期申请待批.
    pub extension_pending: bool,
    /// 申请延期的天数: working days last asked for.
    #[serde(default)]
    pub extension_asked: Option<u32>,
    /// 督办.
    pub supervised: bool,
    /// 是否解决: closed and solved are separate facts.
    pub solved: Option<bool>,
    /// 满意度 1–5 (好差评).
    pub rating: Option<i64>,
    /// 并入的工单.
    pub merged_into: Option<TicketId>,
    /// Flags that have been raised.
    pub raised: Vec<Raised>,
    /// 企业档案.
    #[serde(default)]
    pub enterprise: Option<ContentRef>,
    /// 承诺, in their order.
    #[serde(default)]
    pub promises: Vec<Promise>,
    /// The command it was accepted by.
    #[serde(default)]
    pub accepted_under: Option<String>,
    /// What can still be undone.
    #[serde(default)]
    pub undoable: Option<Undoable>,
}

/// 撤销期 (time to undo), seconds. Whatever goes outward from a dispatch or an answer waits as long.
pub const UNDO_SECONDS: i64 = 10;
/// What the way to the server may take of it, seconds.
const ON_THE_WAY: i64 = 2;

/// The dispatch or the answer that happened last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undoable {
    /// Who may: whoever did it.
    pub by: Option<UserId>,
    /// When, as the store knew of it.
    pub at: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// Where it leads back to: an intake that did it at once is withdrawn whole, another ticket waits again.
    pub back: Step,
    /// How many 答复依据 there were before.
    pub pins: usize,
}

impl Undoable {
    /// What this event makes undoable on this ticket.
    pub(super) fn of(ticket: &Ticket, envelope: &Envelope) -> Undoable {
        let at_once = envelope.cause.command_key.is_some() && envelope.cause.command_key == ticket.accepted_under;
        Undoable {
            by: if let Actor::User(user) = envelope.actor { Some(user) } else { None },
            at: envelope.recorded_at,
            until: envelope.recorded_at + TimeDelta::seconds(UNDO_SECONDS + ON_THE_WAY),
            back: if at_once { Step::Cancelled } else { Step::Accepted },
            pins: ticket.pins.len(),
        }
    }
}

/// A flag that was raised: once per deadline and level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Raised {
    /// Which deadline.
    pub deadline: DeadlineId,
    /// To what.
    pub level: Flag,
}

impl Ticket {
    /// What picks its limit row, as it stands.
    pub fn limit_key(&self) -> LimitKey {
        LimitKey {
            line: self.line,
            kind: self.kind,
            classes: self.class.iter().chain(&self.urgent_class).cloned().collect(),
            tags: self.tag.into_iter().collect(),
            level: self.level,
        }
    }

    /// 该裁定 (for adjudication): has the return been asked for so often that only an adjudicator decides it?
    pub fn for_adjudication(&self, tables: &Tables) -> bool {
        self.step == Step::ReturnRequested && self.returns >= tables.returns_to_adjudication
    }

    /// 重办 follows dissatisfaction: not solved, or rated 不满意 (2) or 非常不满意 (1). What is solved is archived.
    pub fn dissatisfied(&self) -> bool {
        self.solved == Some(false) || self.rating.is_some_and(|rating| rating < 3)
    }

    /// The clocks as a row tells them: of `now`, and while the ticket is suspended of the pause's beginning. A row is written
    /// when something happens, not every day of a pause, and says the same whenever it is made again.
    pub fn clocks_told(&self, tables: &Tables, now: Timestamp) -> Clocks {
        let mut clocks = self.clocks(tables, now);
        let pause = self.facts.suspensions.last().filter(|pause| pause.until.is_none());
        if let (Some(pause), Some(legal)) = (pause, &mut clocks.legal)
            && let Some(then) = self.clocks(tables, pause.from).legal
            && legal.state == LegalState::Paused
        {
            (legal.due, legal.warn_at, legal.provisional) = (then.due, then.warn_at, then.provisional);
        }
        clocks
    }

    /// Every moment at which a flag was or will be raised: those of the clocks and those of the promises, in order of time.
    pub fn deadlines(&self, tables: &Tables) -> Vec<Deadline> {
        let mut found = clocks::deadlines(&self.facts, tables.limit_of(self), &tables.calendar);
        found.extend(self.promise_deadlines());
        found.sort();
        found
    }

    /// The clocks at `now`, recomputed from the facts.
    pub fn clocks(&self, tables: &Tables, now: Timestamp) -> Clocks {
        clocks::evaluate(&self.facts, tables.limit_of(self), &tables.calendar, now)
    }
}
