//! 承诺 (promise): what the caller was told would happen by when, 上门预约 (site visit) among it. Here: what it is, when it may
//! be made, what keeps it, when it is late. Not here: who is reminded of it, and what people type for a moment.
use super::{Step, Ticket, TicketEvent, command::Given};
use crate::domain::Timestamp;
use crate::domain::clocks::{Deadline, DeadlineId, Flag, Leg};
use crate::domain::event::ContentRef;
use crate::domain::ids::{EventId, UserId};
use crate::domain::refusal::Refusal;
use crate::domain::tables::Tables;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// 政策答复时限: how long a policy answer may take where nothing else was said, hours.
const POLICY_HOURS: i64 = 1;

/// 提前提醒 (reminder): how long before a promise is due, minutes. Ten are enough to look the matter up and to telephone, and
/// of the one hour of a policy answer they leave fifty in which nobody is disturbed.
pub const REMIND_MINUTES: i64 = 10;

/// What was promised.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PromiseKind {
    /// 回电.
    #[default]
    CallBack,
    /// 政策答复, within the hour.
    PolicyAnswer,
    /// 上门.
    SiteVisit,
}

impl PromiseKind {
    /// All, in the order a screen offers them in.
    pub const ALL: &'static [PromiseKind] = &[PromiseKind::CallBack, PromiseKind::PolicyAnswer, PromiseKind::SiteVisit];

    /// The stable code.
    pub const fn code(self) -> &'static str {
        match self {
            PromiseKind::CallBack => "call_back",
            PromiseKind::PolicyAnswer => "policy_answer",
            PromiseKind::SiteVisit => "site_visit",
        }
    }

    /// The kind a code names.
    pub fn from_code(code: &str) -> Option<PromiseKind> {
        PromiseKind::ALL.iter().copied().find(|kind| kind.code() == code)
    }
}

/// One promise of a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// Its number within the ticket, from 1.
    pub no: u32,
    /// What.
    pub kind: PromiseKind,
    /// By when.
    pub due: Timestamp,
    /// In whose words.
    pub note: Option<ContentRef>,
    /// 上门地点, of an appointment.
    pub place: Option<ContentRef>,
    /// Who comes, where that is not the unit that handles the ticket.
    pub unit: Option<String>,
    /// Who gave it.
    pub by: Option<UserId>,
    /// The event that set it.
    pub event: EventId,
    /// When it was made.
    pub made_at: Timestamp,
    /// When it was kept.
    pub kept_at: Option<Timestamp>,
}

impl Ticket {
    /// 承诺 that are still to be kept. Those of a withdrawn matter (撤单) have lapsed with it; an answer or a closure lets
    /// none lapse: the caller was told, and waits.
    pub fn open_promises(&self) -> impl Iterator<Item = &Promise> {
        self.promises.iter().filter(|promise| promise.kept_at.is_none() && self.step != Step::Cancelled)
    }

    /// The moments at which a promise is late: of those still open, and of those that were kept too late.
    pub(super) fn promise_deadlines(&self) -> impl Iterator<Item = Deadline> {
        let late = |promise: &&Promise| promise.kept_at.map_or(self.step != Step::Cancelled, |kept| kept > promise.due);
        self.promises.iter().filter(late).map(|promise| Deadline { at: promise.due, level: Flag::Overdue, id: DeadlineId(promise.event, Leg::Promise), leg: Leg::Promise })
    }
}

/// A promise lies ahead of the moment it is made.
///
/// # Errors
/// Where no moment is given, or one that is over; where the unit is none.
pub(super) fn made(ticket: &Ticket, given: &Given, tables: &Tables, now: Timestamp) -> Result<TicketEvent, Refusal> {
    if let Some(unit) = &given.unit {
        tables.require_unit(unit)?;
    }
    let promise = given.promise.unwrap_or_default();
    let hour = (promise == PromiseKind::PolicyAnswer).then(|| now + TimeDelta::hours(POLICY_HOURS));
    let due = given.due.or(hour).ok_or(Refusal::Missing { field: "due".into() })?;
    if due <= now {
        return Err(Refusal::Unknown { field: "due".into(), value: due.to_rfc3339() });
    }
    let no = ticket.promises.last().map_or(1, |last| last.no + 1);
    Ok(TicketEvent::Promised { no, promise, due, note: given.text.clone(), place: given.place.clone(), unit: given.unit.clone() })
}

/// The one that is named, or the open one that is due first.
pub(super) fn kept(ticket: &Ticket, given: &Given) -> Result<TicketEvent, Refusal> {
    let mut open: Vec<&Promise> = ticket.promises.iter().filter(|promise| promise.kept_at.is_none()).collect();
    open.sort_by_key(|promise| (promise.due, promise.no));
    let found = match given.promise_no {
        Some(no) => open.into_iter().find(|promise| promise.no == no),
        None => open.into_iter().next(),
    };
    let unknown = || Refusal::Unknown { field: "promise".into(), value: given.promise_no.unwrap_or_default().to_string() };
    Ok(TicketEvent::PromiseKept { no: found.ok_or_else(unknown)?.no, note: given.text.clone() })
}
