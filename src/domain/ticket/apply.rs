//! Folding events into a ticket. It trusts the log: whatever `decide` let through happened.
use super::{Promise, Raised, Step, Ticket, TicketEvent, To, Undoable, facts, life};
use crate::domain::event::Envelope;
use crate::domain::ids::TicketId;
use crate::domain::limits::HandlerLevel;
use chrono::SubsecRound;

/// The ticket after one more event; `None` before its first.
pub fn fold(ticket: Option<Ticket>, event: &TicketEvent, envelope: &Envelope) -> Option<Ticket> {
    if let (None, TicketEvent::Accepted { number, kind, class, urgent_class, tag, green, line, channel, title, body, place, caller, call, pins, enterprise }) =
        (&ticket, event)
    {
        return Some(Ticket {
            id: TicketId(envelope.aggregate_id),
            number: number.clone(),
            version: envelope.version,
            step: Step::Accepted,
            back_to: None,
            round: 1,
            kind: *kind,
            class: class.clone(),
            urgent_class: urgent_class.clone(),
            tag: *tag,
            green: *green,
            line: *line,
            channel: *channel,
            title: title.clone(),
            body: body.clone(),
            place: place.clone(),
            caller: *caller,
            call: *call,
            unit: None,
            level: HandlerLevel::City,
            assignee: None,
            pins: pins.clone(),
            facts: facts::accepted(envelope, urgent_class.is_some(), *green),
            reply: None,
            hops: 0,
            returns: 0,
            return_bound: false,
            urges: 0,
            extension_pending: false,
            extension_asked: None,
            supervised: false,
            solved: None,
            rating: None,
            merged_into: None,
            raised: Vec::new(),
            enterprise: enterprise.clone(),
            promises: Vec::new(),
            accepted_under: envelope.cause.command_key.clone(),
            undoable: None,
        });
    }
    let mut ticket = ticket?;
    ticket.version = envelope.version;
    facts::happened(&mut ticket, event, envelope);
    happened(&mut ticket, event, envelope);
    Some(ticket)
}

/// Moves the ticket along the arc of `act`.
fn step(ticket: &mut Ticket, act: super::Act) {
    match life::arc(act).to {
        To::Same => {}
        To::Step(to) => {
            if matches!(to, Step::ReturnRequested | Step::Suspended) {
                ticket.back_to = Some(ticket.step);
            }
            ticket.step = to;
        }
        To::Back => ticket.step = ticket.back_to.take().unwrap_or(Step::Signed),
    }
}

fn happened(ticket: &mut Ticket, event: &TicketEvent, envelope: &Envelope) {
    use super::Act;
    use TicketEvent as E;
    // What somebody has built on is not undone.
    if !matches!(event, E::Noted { .. } | E::Promised { .. } | E::PromiseKept { .. } | E::Reckoned { .. } | E::FlagRaised { .. } | E::Undone { .. }) {
        ticket.undoable = matches!(event, E::Dispatched { .. } | E::Answered { .. }).then(|| Undoable::of(ticket, envelope));
    }
    match event {
        E::Accepted { .. } => {}
        E::Answered { pins, .. } => {
            ticket.pins.extend(pins.iter().cloned());
            step(ticket, Act::Answer);
        }
        E::Dispatched { unit, level, .. } => {
            ticket.unit = Some(unit.clone());
            ticket.level = *level;
            step(ticket, Act::Dispatch);
        }
        E::PassedOn { .. } => {
            step(ticket, Act::PassOn);
        }
        E::NotAccepted { .. } => {
            step(ticket, Act::NotAccept);
        }
        E::Claimed { by } => ticket.assignee = Some(*by),
        E::Signed => {
            if let crate::domain::event::Actor::User(user) = envelope.actor {
                ticket.assignee.get_or_insert(user);
            }
            step(ticket, Act::Sign);
        }
        E::Contacted { .. } => {
            step(ticket, Act::Contact);
        }
        E::Progressed { .. } => {
            step(ticket, Act::Progress);
        }
        E::ReturnRequested { .. } => {
            ticket.returns += 1;
            step(ticket, Act::RequestReturn);
        }
        E::Redispatched { unit, level, binding, .. } => {
            ticket.return_bound |= binding;
            // What the old unit asked for is not the new one's to get.
            ticket.extension_pending = false;
            ticket.unit = Some(unit.clone());
            ticket.level = *level;
            ticket.assignee = None;
            ticket.back_to = None;
            ticket.hops += 1;
            step(ticket, Act::Redispatch);
        }
        E::ReturnRefused { binding, .. } => {
            ticket.return_bound |= binding;
            step(ticket, Act::RefuseReturn);
        }
        E::ExtensionRequested { days, .. } => {
            ticket.extension_pending = true;
            ticket.extension_asked = Some(*days);
        }
        E::ExtensionGranted { .. } => {
            ticket.extension_pending = false;
        }
        E::ExtensionRefused { .. } => ticket.extension_pending = false,
        E::Suspended { .. } => {
            step(ticket, Act::Suspend);
        }
        E::Resumed => {
            step(ticket, Act::Resume);
        }
        E::Replied { pins, .. } => {
            ticket.pins.extend(pins.iter().cloned());
            step(ticket, Act::Reply);
        }
        E::Reviewed => {
            step(ticket, Act::Review);
        }
        E::SentBack { .. } => {
            step(ticket, Act::SendBack);
        }
        E::CalledBack { solved, rating, .. } => {
            ticket.solved = Some(*solved);
            ticket.rating = *rating;
            step(ticket, Act::CallBack);
        }
        E::Reworked { .. } => {
            ticket.round += 1;
            ticket.extension_pending = false;
            ticket.solved = None;
            ticket.rating = None;
            ticket.assignee = None;
            step(ticket, Act::Rework);
        }
        E::Archived => step(ticket, Act::Archive),
        E::Urged { .. } => ticket.urges += 1,
        E::Supervised { .. } => ticket.supervised = true,
        E::Lifted { level, .. } => ticket.level = *level,
        E::Merged { into } => {
            ticket.merged_into = Some(*into);
            step(ticket, Act::Merge);
        }
        E::Cancelled { .. } => {
            step(ticket, Act::Cancel);
        }
        E::Flagged { urgent_class, .. } => {
            ticket.urgent_class.clone_from(urgent_class);
        }
        E::Prioritised { tag, .. } => ticket.tag = *tag,
        E::Noted { .. } | E::Reckoned { .. } => {}
        E::Promised { no, promise, due, note, place, unit } => {
            let by = if let crate::domain::event::Actor::User(user) = envelope.actor { Some(user) } else { None };
            let (note, place, unit) = (note.clone(), place.clone(), unit.clone());
            // To the microsecond, as rows keep it.
            let due = due.trunc_subsecs(6);
            ticket.promises.push(Promise { no: *no, kind: *promise, due, note, place, unit, by, event: envelope.id, made_at: envelope.occurred_at, kept_at: None });
        }
        E::PromiseKept { no, .. } => {
            if let Some(promise) = ticket.promises.iter_mut().find(|promise| promise.no == *no) {
                promise.kept_at = Some(envelope.occurred_at);
            }
        }
        E::Undone { step } => {
            if let Some(last) = ticket.undoable.take() {
                ticket.pins.truncate(last.pins);
            }
            (ticket.unit, ticket.level) = (None, HandlerLevel::City);
            ticket.step = *step;
        }
        E::Edited { kind, class, title, body, place, .. } => {
            if let Some(kind) = kind {
                ticket.kind = *kind;
            }
            ticket.class = class.clone().or(ticket.class.take());
            if let Some(title) = title {
                ticket.title = title.clone();
            }
            if let Some(body) = body {
                ticket.body = body.clone();
            }
            ticket.place = place.clone().or(ticket.place.take());
        }
        E::FlagRaised { deadline, level } => {
            let raised = Raised { deadline: *deadline, level: *level };
            if !ticket.raised.contains(&raised) {
                ticket.raised.push(raised);
            }
        }
    }
}
