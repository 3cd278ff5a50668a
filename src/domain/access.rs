//! 查阅 (access): who was shown what. A ticket's detail that was read, a caller's number and name shown in clear (明文查看),
//! and that somebody does the latter too often. Events of their own, beside those of the ticket or call they are about: who
//! looked changes nothing about the thing itself. Not here: the plain text, which stands in the vault alone.
use super::Timestamp;
use super::event::{AggregateKind, ContentRef, Payload};
use super::ids::{CallId, CallerId, TicketId, UserId};
use super::refusal::Refusal;
use super::rights::{Capability, Viewer};
use super::ticket::{Step, Ticket};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How long a number stays on a screen once it is shown, seconds.
pub const SHOWN_SECONDS: u64 = 30;

/// So many reveals of one person within [`WINDOW_MINUTES`] are in order; one more alarms a supervisor.
pub const USUAL: i64 = 30;

/// 过频的时段: over how long reveals are counted, minutes.
pub const WINDOW_MINUTES: i64 = 60;

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $code:literal),* $(,)?) => {
        /// 查看事由 (why a number is shown).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
        pub enum RevealReason { $($(#[$doc])* #[serde(rename = $code)] $name),* }
        impl RevealReason {
            /// Every reason, in the order a screen offers them in.
            pub const ALL: &'static [RevealReason] = &[$(RevealReason::$name),*];
            /// The stable code.
            pub const fn code(self) -> &'static str { match self { $(RevealReason::$name => $code),* } }
            /// The reason a code names.
            pub fn from_code(code: &str) -> Option<RevealReason> { RevealReason::ALL.iter().copied().find(|reason| reason.code() == code) }
        }
    };
}

reasons! {
    /// 回拨来电人: the line broke, or the call is returned.
    CallBack = "call_back",
    /// 联系办理: the matter cannot be handled without asking.
    Contact = "contact",
    /// 核实身份.
    Verify = "verify",
    /// 转接紧急救助: 110, 119, 120 or 122 needs it at once.
    Emergency = "emergency",
    /// 其他: in words of one's own.
    Other = "other",
}

/// What was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// 工单.
    Ticket(TicketId),
    /// 通话.
    Call(CallId),
}

impl Subject {
    /// The aggregate its looks are kept under: its own identity with the version's bits turned, so that the one is found
    /// from the other, and neither stands in the other's history.
    pub const fn trail(self) -> Uuid {
        let (Subject::Ticket(TicketId(id)) | Subject::Call(CallId(id))) = self;
        trail_of(id)
    }
}

/// The same for any identity: of a user it is where alarms about them are kept.
pub const fn trail_of(id: Uuid) -> Uuid {
    Uuid::from_u128(id.as_u128() ^ (0xF << 76))
}

/// 查阅事件 (access event).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "payload", rename_all = "snake_case")]
pub enum AccessEvent {
    /// 明文查看: number and name were shown in clear.
    Revealed {
        /// Of what.
        of: Subject,
        /// Whose.
        caller: CallerId,
        /// 事由.
        reason: RevealReason,
        /// 说明, where the reason is in words.
        note: Option<ContentRef>,
    },
    /// 查看详情: a ticket's detail was read, by somebody it was not handed to.
    Viewed {
        /// Which.
        ticket: TicketId,
    },
    /// 查看过频: more reveals within the window than are usual.
    Overused {
        /// By whom.
        by: UserId,
        /// How many.
        count: i64,
        /// Since when they were counted.
        since: Timestamp,
    },
}

impl Payload for AccessEvent {
    const AGGREGATE: AggregateKind = AggregateKind::Access;
}

impl AccessEvent {
    /// The words it refers to.
    pub const fn note(&self) -> Option<&ContentRef> {
        match self {
            AccessEvent::Revealed { note, .. } => note.as_ref(),
            _ => None,
        }
    }
}

/// May this person have the number of a ticket's caller? Who accepted it or talked with the caller may (`took_in`), who is
/// to call back may, a unit may once it has signed; a supervisor always.
///
/// # Errors
/// 403, in words.
pub fn ticket_in_hand(viewer: &Viewer, ticket: &Ticket, took_in: bool) -> Result<(), Refusal> {
    let unit = ticket.unit.as_deref();
    let held = |capability| viewer.can_at(capability, unit);
    let signed = ticket.facts.current_round().is_some_and(|round| round.signed.is_some());
    let handles = held(Capability::TicketHandle) && signed;
    let calls_back = held(Capability::TicketCallBack) && ticket.step == Step::Reviewed;
    let own = took_in || ticket.assignee == Some(viewer.user);
    if held(Capability::CallerRevealAny) || (held(Capability::CallerReveal) && (own || handles || calls_back)) { Ok(()) } else { Err(refused(held(Capability::CallerReveal))) }
}

/// The same of a call: who took it may; a supervisor always.
///
/// # Errors
/// 403, in words.
pub fn call_in_hand(viewer: &Viewer, taken_by: Option<UserId>) -> Result<(), Refusal> {
    let own = taken_by == Some(viewer.user);
    let reveals = viewer.can(Capability::CallerReveal);
    if viewer.can(Capability::CallerRevealAny) || (reveals && own) { Ok(()) } else { Err(refused(reveals)) }
}

const fn refused(reveals: bool) -> Refusal {
    if reveals { Refusal::NotInHand } else { Refusal::Forbidden { capability: Capability::CallerReveal } }
}

/// Is it time to alarm? `count`: reveals within the window, this one among them; `alarmed`: there was an alarm within it.
pub const fn is_overuse(count: i64, alarmed: bool) -> bool {
    count > USUAL && !alarmed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trail_is_found_from_its_subject_and_is_no_subject_itself() {
        let id = Uuid::from_u128(0x0193_5a2b_0000_7000_8000_0000_0000_0001);
        let trail = Subject::Ticket(TicketId(id)).trail();
        assert_eq!((trail.get_version_num(), trail_of(trail)), (8, id));
        assert_ne!(trail, id);
    }

    #[test]
    fn one_more_than_usual_alarms_once() {
        assert!(!is_overuse(USUAL, false));
        assert!(is_overuse(USUAL + 1, false));
        assert!(!is_overuse(USUAL + 2, true));
    }
}
