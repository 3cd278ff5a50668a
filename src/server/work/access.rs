//! Putting on record who is shown what. A reveal is decided, written and committed here; the plain text is no business of
//! this room: whoever asked gets it afterwards, from the vault, and so it can stand in no stored answer.
use super::{Answer, Asker, Outcome, Work, folded};
use crate::api::audit::{RevealRequest, Revealed};
use crate::domain::access::{self, AccessEvent, RevealReason, Subject, WINDOW_MINUTES};
use crate::domain::call::{self, Call};
use crate::domain::event::{Actor, Envelope, Payload};
use crate::domain::ids::{CallId, CallerId, TicketId, UserId};
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Capability, Viewer};
use crate::domain::ticket::{self, Ticket, TicketEvent};
use crate::server::fault::Fault;
use crate::server::node::Node;
use crate::server::store::{access as looks, log};
use crate::server::views::View;
use chrono::TimeDelta;
use std::sync::Arc;

/// Longest note of a reveal, characters.
const LONGEST_NOTE: usize = 500;

/// 明文查看, recorded: what the answer says but for the number and the name.
pub fn reveal<'w>(mut work: Work<'w, '_>, of: Subject, request: RevealRequest) -> Outcome<'w> {
    Box::pin(async move {
        let work = &mut work;
        let viewer = work.asker.viewer.clone().ok_or(Refusal::NotFound)?;
        let caller = match of {
            Subject::Ticket(id) => of_ticket(work, &viewer, id, &request).await?,
            Subject::Call(id) => of_call(work, &viewer, id, &request).await?,
        };
        // Two of one person at once: the second counts the first.
        work.tx.lock(viewer.user.0).await?;
        let note = work.maybe_text("note", request.note.as_deref()).await?;
        let event = AccessEvent::Revealed { of, caller, reason: request.reason, note };
        let envelope = recorded(work, of.trail(), &event, None).await?;
        alarm(work, viewer.user).await?;
        Answer::json(
            201,
            &Revealed { event: envelope.id, caller, by: viewer.login.clone(), at: work.now, seconds: access::SHOWN_SECONDS, number: None, name: None },
        )
    })
}

/// A reason in words where it is none of the list, and not longer than a line of a report.
fn explained(request: &RevealRequest) -> Result<(), Refusal> {
    let note = request.note.as_deref().map_or("", str::trim);
    let count = note.chars().count();
    match request.reason {
        RevealReason::Other if note.is_empty() => Err(Refusal::Missing { field: "note".into() }),
        _ if count > LONGEST_NOTE => Err(Refusal::Unknown { field: "note".into(), value: format!("{count} > {LONGEST_NOTE}") }),
        _ => Ok(()),
    }
}

async fn of_ticket(work: &mut Work<'_, '_>, viewer: &Viewer, id: TicketId, request: &RevealRequest) -> Result<CallerId, Fault> {
    let mut state: Option<Ticket> = None;
    let mut accepted_by = None;
    for envelope in log::load(work.tx, work.node.centre, id.0).await? {
        accepted_by.get_or_insert_with(|| envelope.actor.clone());
        if let Some(event) = TicketEvent::unpack(&envelope.kind, &envelope.payload)? {
            state = ticket::fold(state, &event, &envelope);
        }
    }
    let ticket = state.filter(|ticket| viewer.can_at(Capability::TicketRead, ticket.unit.as_deref())).ok_or(Refusal::NotFound)?;
    if !viewer.can_at(Capability::CallerReveal, ticket.unit.as_deref()) {
        return Err(Refusal::Forbidden { capability: Capability::CallerReveal }.into());
    }
    explained(request)?;
    let talked = match ticket.call {
        Some(call) => folded::<_, Call>(work.tx, work.node.centre, call.0, call::fold).await?.is_some_and(|call| call.taken_by == Some(viewer.user)),
        None => false,
    };
    access::ticket_in_hand(viewer, &ticket, talked || accepted_by == Some(Actor::User(viewer.user)))?;
    ticket.caller.ok_or_else(|| Refusal::Missing { field: "caller".into() }.into())
}

async fn of_call(work: &mut Work<'_, '_>, viewer: &Viewer, id: CallId, request: &RevealRequest) -> Result<CallerId, Fault> {
    let call: Call = folded(work.tx, work.node.centre, id.0, call::fold).await?.ok_or(Refusal::NotFound)?;
    explained(request)?;
    access::call_in_hand(viewer, call.taken_by)?;
    Ok(call.caller)
}

async fn recorded(work: &mut Work<'_, '_>, trail: uuid::Uuid, event: &AccessEvent, at: Option<crate::domain::Timestamp>) -> Result<Envelope, Fault> {
    let version = looks::version(work.tx, work.node.centre, trail).await?;
    work.append(event, trail, version + 1, 0, at).await
}

/// 查看过频: counted in the log, over the window that ends now; said once in it.
async fn alarm(work: &mut Work<'_, '_>, user: UserId) -> Result<(), Fault> {
    let (centre, since) = (work.node.centre, work.now - TimeDelta::minutes(WINDOW_MINUTES));
    let count = looks::reveals_since(work.tx, centre, &work.asker.actor, since).await?;
    let trail = access::trail_of(user.0);
    if count <= access::USUAL {
        return Ok(());
    }
    let alarmed = log::load(work.tx, centre, trail).await?.iter().any(|alarm| alarm.recorded_at > since);
    if access::is_overuse(count, alarmed) {
        recorded(work, trail, &AccessEvent::Overused { by: user, count, since }, None).await?;
    }
    Ok(())
}

/// Puts what one person has read on record.
///
/// # Errors
/// The store's.
pub async fn viewed(node: &Arc<Node>, user: UserId, views: Vec<View>) -> Result<(), Fault> {
    let asker = Asker { viewer: None, actor: Actor::User(user), key: None };
    super::command(node, asker, move |work| written(work, views.clone())).await.map(drop)
}

fn written<'w>(mut work: Work<'w, '_>, views: Vec<View>) -> Outcome<'w> {
    Box::pin(async move {
        for view in &views {
            recorded(&mut work, Subject::Ticket(view.ticket).trail(), &AccessEvent::Viewed { ticket: view.ticket }, Some(view.at)).await?;
        }
        Answer::json(200, &())
    })
}
