//! THE table of a ticket's life (`domain` §4): which act is legal at which step, what it leads to, who may do it and
//! what it must bring. `decide`, the acts a screen offers, the refusals and the documentation are all read from here.
use super::{Act, Step, Ticket};
use crate::domain::Timestamp;
use crate::domain::rights::{Capability, Viewer};
use crate::domain::tables::Tables;
use Capability as C;
use Step::{
    Accepted, Answered, Archived, CalledBack, Cancelled, Dispatched, InProgress, Merged, NotAccepted, PassedOn, Replied, ReturnRequested,
    Reviewed, Signed, Suspended,
};

/// Where an arc leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// To this step.
    Step(Step),
    /// Nowhere: the step stays.
    Same,
    /// Back to where the ticket was before it was set aside.
    Back,
}

impl To {
    /// The step it leads to from this one; none where the ticket's own history says.
    pub fn after(self, now: Step) -> Option<Step> {
        match self {
            To::Step(step) => Some(step),
            To::Same => Some(now),
            To::Back => None,
        }
    }
}

/// What a command must bring along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// 承办单位.
    Unit,
    /// 原因代码 from the named table.
    Reason(&'static str),
    /// Words: a contact, a progress entry, a reply, the basis of a return.
    Text,
    /// 是否解决.
    Solved,
    /// 并入的工单.
    Target,
    /// 转往的号码.
    Service,
    /// 承诺的期限.
    Due,
    /// 急难愁盼 class or none.
    Nothing,
}

/// 弧 (arc): one row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Arc {
    /// The act.
    pub act: Act,
    /// The steps it is legal at; empty where the ticket does not exist yet.
    pub from: &'static [Step],
    /// Where it leads.
    pub to: To,
    /// What the person must hold; `None` for acts of the product itself.
    pub capability: Option<Capability>,
    /// What the command must bring.
    pub need: Need,
}

const OPEN: &[Step] = &[Accepted, Dispatched, Signed, InProgress, ReturnRequested, Suspended, Replied];
const AT_UNIT: &[Step] = &[Dispatched, Signed, InProgress, ReturnRequested, Suspended];
const PROMISING: &[Step] = &[Accepted, Dispatched, Signed, InProgress, ReturnRequested, Suspended, Replied, Reviewed, CalledBack, Answered];
const HANDLING: &[Step] = &[Signed, InProgress];

const fn row(act: Act, from: &'static [Step], to: To, capability: Capability, need: Need) -> Arc {
    Arc { act, from, to, capability: Some(capability), need }
}

/// The table. One row per act; an act that is not in a row's `from` is refused with the acts that are.
pub const LIFE: &[Arc] = &[
    row(Act::Accept, &[], To::Step(Accepted), C::TicketAccept, Need::Text),
    row(Act::Answer, &[Accepted], To::Step(Answered), C::TicketAnswer, Need::Nothing),
    row(Act::Dispatch, &[Accepted], To::Step(Dispatched), C::TicketDispatch, Need::Unit),
    row(Act::PassOn, &[Accepted], To::Step(PassedOn), C::TicketDispatch, Need::Service),
    row(Act::NotAccept, &[Accepted], To::Step(NotAccepted), C::TicketAccept, Need::Reason("not_accepted")),
    row(Act::Claim, &[Dispatched, Signed, InProgress], To::Same, C::TicketHandle, Need::Nothing),
    row(Act::Sign, &[Dispatched], To::Step(Signed), C::TicketHandle, Need::Nothing),
    row(Act::Contact, HANDLING, To::Step(InProgress), C::TicketHandle, Need::Text),
    row(Act::Progress, HANDLING, To::Step(InProgress), C::TicketHandle, Need::Text),
    row(Act::Reply, HANDLING, To::Step(Replied), C::TicketHandle, Need::Text),
    row(Act::RequestReturn, &[Dispatched, Signed], To::Step(ReturnRequested), C::TicketHandle, Need::Reason("return")),
    row(Act::Redispatch, &[ReturnRequested, Dispatched, Signed, InProgress], To::Step(Dispatched), C::TicketDispatch, Need::Unit),
    row(Act::RefuseReturn, &[ReturnRequested], To::Back, C::ReturnAdjudicate, Need::Text),
    row(Act::RequestExtension, HANDLING, To::Same, C::TicketHandle, Need::Reason("extension")),
    row(Act::GrantExtension, HANDLING, To::Same, C::TicketExtend, Need::Nothing),
    row(Act::RefuseExtension, HANDLING, To::Same, C::TicketExtend, Need::Text),
    row(Act::Suspend, HANDLING, To::Step(Suspended), C::TicketHandle, Need::Reason("suspend")),
    row(Act::Resume, &[Suspended], To::Back, C::TicketHandle, Need::Nothing),
    row(Act::Review, &[Replied], To::Step(Reviewed), C::TicketReview, Need::Nothing),
    row(Act::SendBack, &[Replied], To::Step(InProgress), C::TicketReview, Need::Text),
    row(Act::CallBack, &[Reviewed], To::Step(CalledBack), C::TicketCallBack, Need::Solved),
    row(Act::Rework, &[CalledBack], To::Step(Dispatched), C::TicketCallBack, Need::Nothing),
    row(Act::Archive, &[Answered, CalledBack], To::Step(Archived), C::TicketArchive, Need::Nothing),
    row(Act::Urge, AT_UNIT, To::Same, C::TicketUrge, Need::Nothing),
    row(Act::Supervise, AT_UNIT, To::Same, C::TicketSupervise, Need::Nothing),
    row(Act::Lift, AT_UNIT, To::Same, C::TicketLift, Need::Text),
    row(Act::Merge, &[Accepted, Dispatched, Signed, InProgress], To::Step(Merged), C::TicketCancel, Need::Target),
    row(Act::Cancel, &[Accepted, Dispatched, Signed, InProgress, ReturnRequested, Suspended], To::Step(Cancelled), C::TicketCancel, Need::Reason("cancel")),
    row(Act::Flag, OPEN, To::Same, C::TicketFlag, Need::Nothing),
    row(Act::Prioritise, OPEN, To::Same, C::TicketFlag, Need::Nothing),
    row(Act::Note, Step::ALL, To::Same, C::TicketNote, Need::Text),
    row(Act::Promise, PROMISING, To::Same, C::TicketNote, Need::Due),
    row(Act::KeepPromise, Step::ALL, To::Same, C::TicketNote, Need::Nothing),
    row(Act::Undo, &[Dispatched, Answered], To::Back, C::TicketDispatch, Need::Nothing),
    row(Act::Edit, OPEN, To::Same, C::TicketEdit, Need::Nothing),
    Arc { act: Act::Turn, from: Step::ALL, to: To::Same, capability: None, need: Need::Nothing },
];

/// The row of an act: the table has one for each, a test says so.
pub fn arc(act: Act) -> &'static Arc {
    // invariant: LIFE is in the order of Act::ALL's members, one row each; `every_act_has_one_row` proves it.
    #[allow(clippy::expect_used)]
    LIFE.iter().find(|row| row.act == act).expect("every act has a row")
}

/// What this person may do to a ticket at `step` that belongs to `unit`, in the table's order.
/// `extension_pending` opens the two arcs that answer a request, and closes the one that makes another.
pub fn legal_acts(step: Step, unit: Option<&str>, extension_pending: bool, viewer: &Viewer) -> Vec<Act> {
    LIFE.iter()
        .filter(|row| row.from.contains(&step))
        .filter(|row| match row.act {
            Act::GrantExtension | Act::RefuseExtension => extension_pending,
            Act::RequestExtension => !extension_pending,
            // Only the ticket's own history opens these.
            Act::Undo | Act::KeepPromise => false,
            _ => true,
        })
        .filter(|row| row.capability.is_some_and(|capability| viewer.can_at(capability, unit)))
        .map(|row| row.act)
        .collect()
}

/// What this person may do to this ticket now: [`legal_acts`] of its step, as its own history has it.
pub fn legal_for(ticket: &Ticket, tables: &Tables, viewer: &Viewer, now: Timestamp) -> Vec<Act> {
    let unit = ticket.unit.as_deref();
    LIFE.iter()
        .filter(|row| row.from.contains(&ticket.step) && is_open_to(row.act, ticket, Some(viewer), now))
        .filter(|row| row.capability.is_some_and(|capability| viewer.can_at(capability, unit)))
        .filter(|row| also_held(row.act, ticket, tables).is_none_or(|capability| viewer.can_at(capability, unit)))
        .map(|row| row.act)
        .collect()
}

/// Does the ticket's own history leave this act open? The step is the table's business.
pub(super) fn is_open_to(act: Act, ticket: &Ticket, viewer: Option<&Viewer>, now: Timestamp) -> bool {
    match act {
        Act::Undo => ticket.undoable.as_ref().is_some_and(|last| viewer.is_some_and(|viewer| last.by == Some(viewer.user)) && now <= last.until),
        Act::KeepPromise => ticket.promises.iter().any(|promise| promise.kept_at.is_none()),
        Act::GrantExtension | Act::RefuseExtension => ticket.extension_pending,
        Act::RequestExtension => !ticket.extension_pending,
        Act::RequestReturn => !ticket.return_bound,
        Act::Rework => ticket.dissatisfied(),
        Act::Claim => ticket.assignee.is_none(),
        _ => true,
    }
}

/// What a person must hold besides the row's capability: 改派 of what goes to adjudication, or was adjudicated, is an
/// adjudicator's alone.
pub(super) fn also_held(act: Act, ticket: &Ticket, tables: &Tables) -> Option<Capability> {
    (act == Act::Redispatch && (ticket.return_bound || ticket.for_adjudication(tables))).then_some(C::ReturnAdjudicate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_act_has_one_row() {
        assert_eq!(LIFE.len(), Act::ALL.len());
        for act in Act::ALL {
            assert_eq!(LIFE.iter().filter(|row| row.act == *act).count(), 1, "{act:?}");
        }
    }
}
