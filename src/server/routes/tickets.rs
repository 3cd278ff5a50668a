//! Tickets over HTTP.
use super::request::{Query, Who, Write, cursor, from_cursor, identity, page_limit};
use crate::api::MAX_LIMIT;
use crate::api::import::{ImportQuery, MAX_BATCH, TicketBatch};
use crate::api::tickets::{ActRequest, EditRequest, EnterpriseProfile, LeaseNumbers, NewTicket, TicketDetail, TicketPage, TicketQuery, TimelineEntry};
use crate::domain::clocks::explain_days;
use crate::domain::event::{Actor, Envelope, Payload};
use crate::domain::ids::TicketId;
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Capability, Scope, Viewer, within};
use crate::domain::ticket::{self, Act, Ticket, TicketEvent, legal_for};
use crate::server::fault::Fault;
use crate::server::node::Node;
use crate::server::store::{Tx, callers, content, log, tickets, users};
use crate::server::work::{self, Answer};
use crate::text::mask::mask_text;
use axum::extract::{Path, State};
use std::collections::HashMap;
use std::sync::Arc;

/// How many numbers a seat may ask for at once.
const MOST_NUMBERS: u32 = 50;

/// A code that no unit has.
const NO_UNIT: &str = "-";

/// The unit a viewer's list is kept within; `None`: everything. No reading right at all is a refusal.
fn scope(viewer: &Viewer) -> Result<Option<String>, Fault> {
    let mut unit = None;
    for (capability, scope) in &viewer.grants {
        if *capability == Capability::TicketRead {
            match scope {
                Scope::Centre => return Ok(None),
                Scope::Unit => unit = Some(viewer.unit.clone().ok_or(Refusal::Forbidden { capability: Capability::TicketRead })?),
            }
        }
    }
    unit.map(Some).ok_or(Fault::Refused(Refusal::Forbidden { capability: Capability::TicketRead }))
}

pub(super) async fn list(State(node): State<Arc<Node>>, who: Who, Query(mut query): Query<TicketQuery>) -> Result<Answer, Fault> {
    let scope = scope(&who.0.viewer)?;
    // A unit asked for outside one's own sight is an empty list, the same as a unit that does not exist.
    if let (Some(asked), Some(own)) = (&query.unit, &scope)
        && !within(asked, own)
    {
        query.unit = Some(NO_UNIT.into());
    }
    let after = from_cursor(query.cursor.as_deref())?;
    let limit = page_limit(query.limit, 50, MAX_LIMIT);
    let counts = node.counts(scope.as_deref()).await?;
    let mut reader = node.store.snapshot().await?;
    let mut tx = reader.tx();
    let tables = node.tables_in(&mut tx).await?;
    let position = log::head(&mut tx, node.centre).await?;
    let rows = tickets::list(&mut tx, node.centre, &query, scope.as_deref(), after, limit, &tables).await?;
    let next = (rows.len() as i64 == limit).then(|| rows.last().map(|(at, row)| cursor(*at, row.id.0))).flatten();
    Answer::json(200, &TicketPage { items: rows.into_iter().map(|(_, row)| row).collect(), next, counts, position })
}

pub(super) async fn create(State(node): State<Arc<Node>>, write: Write<NewTicket>) -> Result<Answer, Fault> {
    require(&write.asker, Capability::TicketAccept)?;
    let number = match &write.body.number {
        Some(_) => None,
        None => node.ticket_numbers(1).await?.pop(),
    };
    let (body, age) = (write.body, write.age);
    work::command(&node, write.asker, move |work| work::create_ticket(work, body.clone(), number.clone(), age)).await
}

pub(super) async fn lease(State(node): State<Arc<Node>>, write: Write<LeaseNumbers>) -> Result<Answer, Fault> {
    require(&write.asker, Capability::TicketAccept)?;
    let count = write.body.count;
    if !(1..=MOST_NUMBERS).contains(&count) {
        return Err(Refusal::Unknown { field: "count".into(), value: format!("1–{MOST_NUMBERS}") }.into());
    }
    let numbers = node.ticket_numbers(count as usize).await?;
    work::command(&node, write.asker, move |work| work::lease_numbers(work, numbers.clone())).await
}

/// Whether an act is asked for by its name; the others have a route of their own, or nobody asks for them.
pub(super) const fn by_name(act: Act) -> bool {
    !matches!(act, Act::Accept | Act::Edit | Act::Turn)
}

pub(super) async fn act(State(node): State<Arc<Node>>, Path((id, act)): Path<(String, String)>, write: Write<ActRequest>) -> Result<Answer, Fault> {
    require(&write.asker, Capability::TicketRead)?;
    let id: TicketId = identity(&id)?;
    let act = Act::from_code(&act).filter(|act| by_name(*act)).ok_or(Refusal::NotFound)?;
    let body = write.body;
    work::command(&node, write.asker, move |work| work::act_on_ticket(work, id, act, body.clone())).await
}

pub(super) async fn edit(State(node): State<Arc<Node>>, Path(id): Path<String>, write: Write<EditRequest>) -> Result<Answer, Fault> {
    require(&write.asker, Capability::TicketEdit)?;
    let id: TicketId = identity(&id)?;
    let (body, from) = (write.body, write.matching);
    work::command(&node, write.asker, move |work| work::edit_ticket(work, id, body.clone(), from)).await
}

pub(super) async fn import(State(node): State<Arc<Node>>, Query(query): Query<ImportQuery>, write: Write<TicketBatch>) -> Result<Answer, Fault> {
    require(&write.asker, Capability::ImportRun)?;
    if write.body.len() > MAX_BATCH {
        return Err(Refusal::Unknown { field: "batch".into(), value: format!("{} > {MAX_BATCH}", write.body.len()) }.into());
    }
    let body = write.body;
    if query.dry_run {
        return work::command(&node, write.asker.without_key(), move |work| work::judge_tickets(work, body.clone())).await;
    }
    let numbers = node.ticket_numbers(body.len()).await?;
    work::command(&node, write.asker, move |work| work::import_tickets(work, body.clone(), numbers.clone())).await
}

/// # Errors
/// 403 where the asker does not hold it anywhere.
pub(super) fn require(asker: &work::Asker, capability: Capability) -> Result<(), Fault> {
    match &asker.viewer {
        Some(viewer) if !viewer.can(capability) => Err(Refusal::Forbidden { capability }.into()),
        _ => Ok(()),
    }
}

pub(super) async fn show(State(node): State<Arc<Node>>, who: Who, Path(id): Path<String>) -> Result<Answer, Fault> {
    who.require(Capability::TicketRead)?;
    let id: TicketId = identity(&id)?;
    let mut reader = node.store.snapshot().await?;
    let mut tx = reader.tx();
    let events = log::load(&mut tx, node.centre, id.0).await?;
    let mut state: Option<Ticket> = None;
    let mut told = Vec::with_capacity(events.len());
    for envelope in events {
        if let Some(event) = TicketEvent::unpack(&envelope.kind, &envelope.payload)? {
            state = ticket::fold(state, &event, &envelope);
            told.push((envelope, event));
        }
    }
    let viewer = &who.0.viewer;
    let ticket = state.filter(|ticket| viewer.can_at(Capability::TicketRead, ticket.unit.as_deref())).ok_or(Refusal::NotFound)?;
    let tables = node.tables_in(&mut tx).await?;
    let row = tickets::row(&mut tx, node.centre, id.0, &tables).await?.ok_or(Refusal::NotFound)?;
    let caller = match ticket.caller {
        Some(caller) => {
            let masked = callers::masked(&mut tx, node.centre, caller.0).await?;
            Some(format!("{} {}", masked.name, masked.number).trim().to_owned())
        }
        None => None,
    };
    let place = match &ticket.place {
        Some(place) => Some(mask_text(&content::get(&mut tx, node.centre, place.id).await?)),
        None => None,
    };
    let enterprise = match &ticket.enterprise {
        // An erased one is no profile any more.
        Some(profile) => serde_json::from_str::<EnterpriseProfile>(&content::get(&mut tx, node.centre, profile.id).await?).ok(),
        None => None,
    };
    // The code is an enterprise's and looks like a person's: only the words are masked.
    let enterprise = enterprise.map(|profile| EnterpriseProfile { industry: profile.industry.as_deref().map(mask_text), park: profile.park.as_deref().map(mask_text), ..profile });
    let detail = TicketDetail {
        body: mask_text(&content::get(&mut tx, node.centre, ticket.body.id).await?),
        place,
        channel: ticket.channel,
        level: ticket.level,
        caller,
        limit: ticket.facts.limit.as_ref().map(|limit| format!("{}/{}", limit.code, limit.version)),
        days: explain_days(&ticket.facts, tables.limit_of(&ticket), &tables.calendar),
        pins: ticket.pins.clone(),
        rating: ticket.rating,
        extension_pending: ticket.extension_pending,
        acts: legal_for(&ticket, &tables, viewer, work::undo_time(&ticket, node.clock.now(), node.clock.rate)),
        enterprise,
        promises: super::promises::of_ticket(&node, &mut tx, &ticket, &tables).await?,
        timeline: timeline(&node, &mut tx, told).await?,
        row,
    };
    if ticket.assignee != Some(viewer.user) {
        node.views.note(viewer.user, id, node.clock.now());
    }
    let mut answer = Answer::json(200, &detail)?;
    answer.etag = Some(ticket.version);
    Ok(answer)
}

async fn timeline(node: &Node, tx: &mut Tx<'_>, told: Vec<(Envelope, TicketEvent)>) -> Result<Vec<TimelineEntry>, Fault> {
    let mut names: HashMap<String, String> = HashMap::new();
    let mut entries = Vec::with_capacity(told.len());
    for (envelope, event) in told {
        let note = match event.note() {
            Some(note) => Some(mask_text(&content::get(tx, node.centre, note.id).await?)),
            None => None,
        };
        let actor = match &envelope.actor {
            Actor::User(user) => {
                let id = user.to_string();
                match names.get(&id) {
                    Some(name) => name.clone(),
                    None => {
                        let name = users::by_id(tx, node.centre, user.0).await?.map_or_else(String::new, |user| crate::text::mask::mask_name(&user.name));
                        names.insert(id, name.clone());
                        name
                    }
                }
            }
            Actor::Exchange(code) => code.clone(),
            Actor::System => "—".into(),
        };
        entries.push(TimelineEntry {
            at: envelope.occurred_at,
            kind: envelope.kind,
            actor,
            note,
            fields: serde_json::from_str(&envelope.payload)?,
            round: envelope.round,
        });
    }
    Ok(entries)
}
