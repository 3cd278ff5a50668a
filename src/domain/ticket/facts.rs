//! What each event means to the clocks: the ticket's log, told in `ClockFacts`.
use super::{Step, Ticket, TicketEvent};
use crate::domain::clocks::{ClockFacts, Extension, Round, Stamp, Suspension};
use crate::domain::event::Envelope;
use crate::domain::limits::LimitRef;

/// The facts of a ticket that was just accepted.
pub fn accepted(envelope: &Envelope, urgent: bool, green_channel: bool) -> ClockFacts {
    ClockFacts { accepted: Some(stamp(envelope)), urgent, green_channel, ..ClockFacts::default() }
}

fn stamp(envelope: &Envelope) -> Stamp {
    Stamp { event: envelope.id, at: envelope.occurred_at }
}

fn open(facts: &mut ClockFacts, envelope: &Envelope, limit: &LimitRef) {
    facts.rounds.push(Round::open(stamp(envelope)));
    facts.limit = Some(limit.clone());
}

/// Takes one event into the facts. Runs before the ticket itself moves on.
pub fn happened(ticket: &mut Ticket, event: &TicketEvent, envelope: &Envelope) {
    use TicketEvent as E;
    let now = stamp(envelope);
    let facts = &mut ticket.facts;
    if let Some(limit) = event.limit_from_here() {
        facts.limit = Some(limit.clone());
    }
    match event {
        E::Dispatched { limit, .. } | E::Reworked { limit } => open(facts, envelope, limit),
        E::Redispatched { .. } => {
            if let Some(round) = facts.rounds.last_mut() {
                round.redispatched.push(now);
                round.signed = None;
            }
        }
        E::Signed => {
            if let Some(round) = facts.rounds.last_mut() {
                round.signed = Some(now);
            }
        }
        // An attempt that reached nobody is no contact with the caller: the colour clock runs on.
        E::Contacted { reached: true, .. } | E::Progressed { .. } => {
            facts.first_handled.get_or_insert(now);
        }
        E::Replied { .. } => {
            facts.first_handled.get_or_insert(now);
            ticket.reply = Some(now);
        }
        E::SentBack { .. } => ticket.reply = None,
        // 办结: the reply that review lets pass, at the reply's time.
        E::Reviewed => {
            if let Some(round) = facts.rounds.last_mut() {
                round.closed = ticket.reply.take().or(Some(now));
            }
        }
        E::Suspended { .. } => facts.suspensions.push(Suspension { from: now.at, until: None }),
        E::Resumed => {
            if let Some(pause) = facts.suspensions.last_mut() {
                pause.until = Some(now.at);
            }
        }
        E::ExtensionGranted { due, .. } => facts.extensions.push(Extension { granted: now, due: *due }),
        E::Answered { .. } | E::PassedOn { .. } | E::NotAccepted { .. } | E::Merged { .. } | E::Cancelled { .. } => facts.withdrawn = Some(now),
        E::Undone { step } => {
            if ticket.step == Step::Dispatched {
                facts.rounds.pop();
                facts.limit = None;
            }
            facts.withdrawn = (*step == Step::Cancelled).then_some(now);
        }
        E::Flagged { urgent_class, .. } => facts.urgent = urgent_class.is_some(),
        _ => {}
    }
}
