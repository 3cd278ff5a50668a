//! Which events a command causes, or why it causes none. Pure: time, tables and the asker come in.
use super::{Accept, Act, Command, Edit, Given, PromiseKind, Raised, Ticket, TicketEvent, life, life::Need, promise};
use crate::domain::Timestamp;
use crate::domain::limits::{HandlerLevel, LimitKey, LimitRef};
use crate::domain::refusal::Refusal;
use crate::domain::rights::Viewer;
use crate::domain::tables::Tables;

/// The events `command` causes for `ticket` (`None`: it does not exist yet).
///
/// # Errors
/// A [`Refusal`] that says why not, and what would be legal.
pub fn decide(ticket: Option<&Ticket>, command: &Command, viewer: Option<&Viewer>, tables: &Tables, now: Timestamp) -> Result<Vec<TicketEvent>, Refusal> {
    let row = life::arc(command.act());
    let unit = ticket.and_then(|ticket| ticket.unit.as_deref());
    if let (Some(capability), Some(viewer)) = (row.capability, viewer)
        && !viewer.can_at(capability, unit)
        && !(ticket.is_none() && viewer.can(capability))
    {
        return Err(Refusal::Forbidden { capability });
    }
    match (ticket, command) {
        (None, Command::Accept(accept)) => accepted(accept, tables),
        (None, _) => Err(Refusal::NotFound),
        (Some(_), Command::Accept(_)) => Err(Refusal::Exists { what: "ticket".into() }),
        (Some(ticket), command) => {
            let illegal = || Refusal::IllegalStep {
                act: row.act,
                step: ticket.step,
                legal: viewer.map(|viewer| life::legal_for(ticket, tables, viewer, now)).unwrap_or_default(),
            };
            // A claim of what somebody has names the winner instead.
            if !row.from.contains(&ticket.step) || !(row.act == Act::Claim || life::is_open_to(row.act, ticket, viewer, now)) {
                return Err(illegal());
            }
            if let (Some(capability), Some(viewer)) = (life::also_held(row.act, ticket, tables), viewer)
                && !viewer.can_at(capability, unit)
            {
                return Err(Refusal::Forbidden { capability });
            }
            match command {
                Command::Edit(edit) => edited(ticket, edit, tables),
                Command::Turn => Ok(turned(ticket, tables, now)),
                Command::Reckon { stood, provisional } => Ok(reckoned(ticket, (*stood, *provisional), tables, now)),
                Command::Do(act, given) => {
                    needs(row.need, given, tables)?;
                    if *act == Act::Promise {
                        return Ok(vec![promise::made(ticket, given, tables, now)?]);
                    }
                    acted(ticket, *act, given, viewer, tables, now, illegal)
                }
                Command::Accept(_) => Err(illegal()),
            }
        }
    }
}

fn needs(need: Need, given: &Given, tables: &Tables) -> Result<(), Refusal> {
    let missing = |field: &str| Err(Refusal::Missing { field: field.into() });
    match need {
        Need::Unit => match &given.unit {
            None => return missing("unit"),
            Some(unit) => tables.require_unit(unit)?,
        },
        Need::Reason(table) => match &given.reason {
            None => return missing("reason"),
            Some(reason) => tables.require_reason(table, reason)?,
        },
        Need::Text if given.text.is_none() => return missing("text"),
        Need::Solved if given.solved.is_none() => return missing("solved"),
        Need::Target if given.target.is_none() => return missing("target"),
        // 政策答复 is due in an hour by itself.
        Need::Due if given.due.is_none() && given.promise != Some(PromiseKind::PolicyAnswer) => return missing("due"),
        Need::Service => match given.service.as_deref() {
            Some("110" | "119" | "120" | "122") => {}
            Some(other) => return Err(Refusal::Unknown { field: "service".into(), value: other.into() }),
            None => return missing("service"),
        },
        _ => {}
    }
    if let Some(rating) = given.rating
        && !(1..=5).contains(&rating)
    {
        return Err(Refusal::Unknown { field: "rating".into(), value: rating.to_string() });
    }
    Ok(())
}

fn accepted(accept: &Accept, tables: &Tables) -> Result<Vec<TicketEvent>, Refusal> {
    if let Some(class) = &accept.class {
        tables.require_class(class)?;
    }
    if let Some(urgent) = &accept.urgent_class {
        tables.require_urgent(urgent)?;
    }
    let a = accept.clone();
    Ok(vec![TicketEvent::Accepted {
        number: a.number,
        kind: a.kind,
        class: a.class,
        urgent_class: a.urgent_class,
        tag: a.tag,
        green: a.green,
        line: a.line,
        channel: a.channel,
        title: a.title,
        body: a.body,
        place: a.place,
        caller: a.caller,
        call: a.call,
        pins: a.pins,
        enterprise: a.enterprise,
    }])
}

fn edited(ticket: &Ticket, edit: &Edit, tables: &Tables) -> Result<Vec<TicketEvent>, Refusal> {
    if let Some(class) = &edit.class {
        tables.require_class(class)?;
    }
    if *edit == Edit::default() {
        return Err(Refusal::Missing { field: "changes".into() });
    }
    let e = edit.clone();
    let mut key = ticket.limit_key();
    key.kind = e.kind.unwrap_or(key.kind);
    if let Some(class) = &e.class {
        key.classes = std::iter::once(class).chain(&ticket.urgent_class).cloned().collect();
    }
    let limit = taken_anew(ticket, &key, tables);
    Ok(vec![TicketEvent::Edited { kind: e.kind, class: e.class, title: e.title, body: e.body, place: e.place, limit }])
}

/// 并入 (merge into): only a ticket that is still worked on takes another in; else a citizen's matter would leave every list
/// of open ones.
///
/// # Errors
/// A refusal that says where the target stands.
pub fn takes_in(target: &Ticket) -> Result<(), Refusal> {
    if target.step.is_open() { Ok(()) } else { Err(Refusal::TargetClosed { number: target.number.clone(), step: target.step }) }
}

/// The limit row a ticket runs under once it is with `level`.
fn limit_for(ticket: &Ticket, level: HandlerLevel, tables: &Tables) -> LimitRef {
    tables.limits.select(&LimitKey { level, ..ticket.limit_key() }).reference()
}

/// The limit row that a ticket already dispatched takes once its key is this; `None` where it stays under the one it has:
/// a row put again holds for new tickets only.
fn taken_anew(ticket: &Ticket, key: &LimitKey, tables: &Tables) -> Option<LimitRef> {
    let stands = ticket.facts.limit.as_ref()?;
    Some(tables.limits.select(key).reference()).filter(|limit| limit.code != stands.code)
}

/// 延期次数 and 延期上限 of the limit row the ticket runs under.
fn within_cap(ticket: &Ticket, days: u32, tables: &Tables) -> Result<(), Refusal> {
    let row = tables.limit_of(ticket);
    let opened = ticket.facts.current_round().map(|round| round.opened.at);
    let granted = ticket.facts.extensions.iter().filter(|extension| Some(extension.granted.at) >= opened).count();
    if granted >= row.extensions_allowed as usize {
        return Err(Refusal::Unknown { field: "extensions".into(), value: format!("{} > {}", granted + 1, row.extensions_allowed) });
    }
    match row.extension_cap {
        Some(cap) if days > cap.amount => Err(Refusal::Unknown { field: "days".into(), value: format!("{days} > {}", cap.amount) }),
        _ => Ok(()),
    }
}

/// Working days of one extension.
fn days(days: u32) -> Result<u32, Refusal> {
    if (1..=60).contains(&days) { Ok(days) } else { Err(Refusal::Unknown { field: "days".into(), value: days.to_string() }) }
}

fn turned(ticket: &Ticket, tables: &Tables, now: Timestamp) -> Vec<TicketEvent> {
    ticket
        .deadlines(tables)
        .into_iter()
        .filter(|deadline| deadline.at <= now && !ticket.raised.contains(&Raised { deadline: deadline.id, level: deadline.level }))
        .map(|deadline| TicketEvent::FlagRaised { deadline: deadline.id, level: deadline.level })
        .collect()
}

fn reckoned(ticket: &Ticket, stood: (Option<Timestamp>, bool), tables: &Tables, now: Timestamp) -> Vec<TicketEvent> {
    let legal = ticket.clocks_told(tables, now).legal;
    let (due, provisional) = (legal.map(|legal| legal.due), legal.is_some_and(|legal| legal.provisional));
    if ticket.step.is_open() && (due, provisional) != stood { vec![TicketEvent::Reckoned { due, provisional }] } else { Vec::new() }
}

fn acted(
    ticket: &Ticket,
    act: Act,
    given: &Given,
    viewer: Option<&Viewer>,
    tables: &Tables,
    now: Timestamp,
    illegal: impl Fn() -> Refusal,
) -> Result<Vec<TicketEvent>, Refusal> {
    use TicketEvent as E;
    let note = given.text.clone();
    // invariant: `needs` has seen that what this act's row demands is there; the fallbacks are never reached.
    let text = || given.text.clone().ok_or(Refusal::Missing { field: "text".into() });
    let reason = || given.reason.clone().ok_or(Refusal::Missing { field: "reason".into() });
    let unit = || given.unit.clone().ok_or(Refusal::Missing { field: "unit".into() });
    let level = |unit: &str| given.level.unwrap_or_else(|| tables.level_of(unit));
    Ok(vec![match act {
        Act::Answer => E::Answered { pins: given.pins.clone(), text: note },
        Act::Dispatch => {
            let unit = unit()?;
            let level = level(&unit);
            E::Dispatched { limit: limit_for(ticket, level, tables), unit, level, note }
        }
        Act::PassOn => E::PassedOn { service: given.service.clone().unwrap_or_default() },
        Act::NotAccept => E::NotAccepted { reason: reason()?, note },
        Act::Claim => {
            let Some(viewer) = viewer else { return Err(illegal()) };
            match ticket.assignee {
                Some(by) if by == viewer.user => return Ok(Vec::new()),
                Some(by) => return Err(Refusal::AlreadyClaimed { by: by.to_string() }),
                None => E::Claimed { by: viewer.user },
            }
        }
        Act::Sign => E::Signed,
        Act::Contact => E::Contacted { note: text()?, reached: given.reached.unwrap_or(true) },
        Act::Progress => E::Progressed { note: text()? },
        Act::Reply => E::Replied { reply: text()?, pins: given.pins.clone() },
        Act::RequestReturn => E::ReturnRequested { reason: reason()?, basis: Some(text()?) },
        Act::Redispatch => {
            let unit = unit()?;
            let level = level(&unit);
            let limit = taken_anew(ticket, &LimitKey { level, ..ticket.limit_key() }, tables);
            E::Redispatched { from: ticket.unit.clone(), level, unit, note, binding: ticket.for_adjudication(tables), limit }
        }
        Act::RefuseReturn => E::ReturnRefused { note: text()?, binding: ticket.for_adjudication(tables) },
        Act::RequestExtension => {
            let days = days(given.days.ok_or(Refusal::Missing { field: "days".into() })?)?;
            E::ExtensionRequested { reason: reason()?, days, note }
        }
        Act::GrantExtension => {
            // What was asked for is what is granted, where nobody says otherwise.
            let days = days(given.days.or(ticket.extension_asked).ok_or(Refusal::Missing { field: "days".into() })?)?;
            // What was granted in the past was granted, whatever the table says today: this binds people only.
            if viewer.is_some() {
                within_cap(ticket, days, tables)?;
            }
            let due = ticket.clocks(tables, now).legal.map_or(now, |legal| legal.due);
            // The due is a day's end, so working days count on from the day it closes.
            let from = due - chrono::TimeDelta::microseconds(1);
            E::ExtensionGranted { days, due: tables.calendar.due_after_working_days(from, days).at }
        }
        Act::RefuseExtension => E::ExtensionRefused { note: text()? },
        Act::Suspend => E::Suspended { reason: reason()?, note },
        Act::Resume => E::Resumed,
        Act::Review => E::Reviewed,
        Act::SendBack => E::SentBack { note: text()? },
        Act::CallBack => E::CalledBack { solved: given.solved.unwrap_or(false), rating: given.rating, note },
        Act::Rework => E::Reworked { limit: limit_for(ticket, ticket.level, tables) },
        Act::Archive => E::Archived,
        Act::Urge => E::Urged { note },
        Act::Supervise => E::Supervised { note },
        Act::Lift => {
            let target = given.level.or(match ticket.level {
                HandlerLevel::Township => Some(HandlerLevel::County),
                HandlerLevel::County => Some(HandlerLevel::City),
                HandlerLevel::City => None,
            });
            match target {
                Some(level) if level > ticket.level => {
                    let limit = taken_anew(ticket, &LimitKey { level, ..ticket.limit_key() }, tables);
                    E::Lifted { level, note: text()?, limit }
                }
                _ => return Err(Refusal::Unknown { field: "level".into(), value: format!("{:?}", ticket.level).to_lowercase() }),
            }
        }
        Act::Merge => match given.target {
            Some(into) if into != ticket.id => E::Merged { into },
            _ => return Err(Refusal::Unknown { field: "target".into(), value: ticket.number.clone() }),
        },
        Act::Cancel => E::Cancelled { reason: reason()?, note },
        Act::Flag => {
            if let Some(class) = &given.urgent_class {
                tables.require_urgent(class)?;
            }
            let classes = ticket.class.iter().chain(&given.urgent_class).cloned().collect();
            let limit = taken_anew(ticket, &LimitKey { classes, ..ticket.limit_key() }, tables);
            E::Flagged { urgent_class: given.urgent_class.clone(), limit }
        }
        Act::Prioritise => {
            let limit = taken_anew(ticket, &LimitKey { tags: given.tag.into_iter().collect(), ..ticket.limit_key() }, tables);
            E::Prioritised { tag: given.tag, limit }
        }
        Act::Note => E::Noted { note: text()? },
        Act::KeepPromise => promise::kept(ticket, given)?,
        Act::Undo => match &ticket.undoable {
            Some(last) => E::Undone { step: last.back },
            None => return Err(illegal()),
        },
        Act::Accept | Act::Edit | Act::Turn | Act::Promise => return Err(illegal()),
    }])
}
