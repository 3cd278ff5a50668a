//! 承诺 (promise): what the caller was told would happen by when, 上门预约 (site visit) among it. Here: what it is, when it may
//! be made, and what keeps it. Not here: who reminds of it.
use super::{Ticket, TicketEvent, command::Given};
use crate::domain::Timestamp;
use crate::domain::event::ContentRef;
use crate::domain::refusal::Refusal;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

/// 政策答复时限: how long a policy answer may take where nothing else was said, hours.
const POLICY_HOURS: i64 = 1;

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
    /// When it was made.
    pub made_at: Timestamp,
    /// When it was kept.
    pub kept_at: Option<Timestamp>,
}

/// A promise lies ahead of the moment it is made.
pub(super) fn made(ticket: &Ticket, given: &Given, now: Timestamp) -> Result<TicketEvent, Refusal> {
    let promise = given.promise.unwrap_or_default();
    let hour = (promise == PromiseKind::PolicyAnswer).then(|| now + TimeDelta::hours(POLICY_HOURS));
    let due = given.due.or(hour).ok_or(Refusal::Missing { field: "due".into() })?;
    if due <= now {
        return Err(Refusal::Unknown { field: "due".into(), value: due.to_rfc3339() });
    }
    let no = ticket.promises.last().map_or(1, |last| last.no + 1);
    Ok(TicketEvent::Promised { no, promise, due, note: given.text.clone() })
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
