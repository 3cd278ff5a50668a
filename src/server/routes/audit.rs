//! Reveals, looks and the audit over HTTP. The vault is opened here and nowhere else, and only after the reveal's commit.
use super::request::{Query, Who, Write, identity, page_limit};
use super::tickets::require;
use crate::api::audit::{AuditQuery, AuditRow, ChainHead, ChainQuery, ChainStretch, Look, RevealRequest, Revealed};
use crate::api::{MAX_LIMIT, Page, Problem};
use crate::domain::access::{AccessEvent, Subject};
use crate::domain::article::ArticleEvent;
use crate::domain::call::CallEvent;
use crate::domain::event::{Actor, AggregateKind, CentreId, Envelope, Payload};
use crate::domain::ids::{CallId, TicketId};
use crate::domain::refusal::Refusal;
use crate::domain::rights::Capability;
use crate::domain::tables::TableEvent;
use crate::domain::ticket::{self, Ticket, TicketEvent};
use crate::domain::user::UserEvent;
use crate::server::fault::Fault;
use crate::server::node::Node;
use crate::server::store::log::actor_text;
use crate::server::store::value::moment;
use crate::server::store::{StoreError, Tx, audit, callers, chain, content, log, matters, users};
use crate::server::work::{self, Answer};
use crate::text::mask::{mask_name, mask_text};
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// Positions one question of the database goes over.
const STRETCH: i64 = 2_000;
/// Positions one request goes over at most; where nothing was found so far, its cursor goes on.
const MOST: i64 = 40_000;

pub(super) async fn reveal_ticket(State(node): State<Arc<Node>>, Path(id): Path<String>, write: Write<RevealRequest>) -> Result<Response, Fault> {
    require(&write.asker, Capability::TicketRead)?;
    let id: TicketId = identity(&id)?;
    reveal(&node, Subject::Ticket(id), write).await
}

pub(super) async fn reveal_call(State(node): State<Arc<Node>>, Path(id): Path<String>, write: Write<RevealRequest>) -> Result<Response, Fault> {
    require(&write.asker, Capability::CallRead)?;
    require(&write.asker, Capability::CallerReveal)?;
    let id: CallId = identity(&id)?;
    reveal(&node, Subject::Call(id), write).await
}

/// On record first: the command's answer comes after its commit, and holds no number. One that was given before stays as
/// it is, so that a key gives a number once.
async fn reveal(node: &Arc<Node>, of: Subject, write: Write<RevealRequest>) -> Result<Response, Fault> {
    let body = write.body;
    let mut answer = work::command(node, write.asker, move |work| work::reveal(work, of, body.clone())).await?;
    if answer.status == 201 && !answer.replayed {
        let mut revealed: Revealed = serde_json::from_str(&answer.body)?;
        let plain = callers::plain(&mut node.store.reader().await?.tx(), node.centre, &node.keys, revealed.caller).await?;
        (revealed.number, revealed.name) = (Some(plain.number), Some(plain.name));
        answer.body = serde_json::to_string(&revealed)?;
    }
    let mut response = answer.into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// Names of people, each looked up once.
#[derive(Default)]
struct People(HashMap<Uuid, (String, String)>);

impl People {
    /// Login and masked name.
    async fn of(&mut self, tx: &mut Tx<'_>, centre: CentreId, user: Uuid) -> Result<(String, String), StoreError> {
        if let Some(known) = self.0.get(&user) {
            return Ok(known.clone());
        }
        let known = users::by_id(tx, centre, user).await?.map_or_else(|| (user.to_string(), String::new()), |user| (user.login, mask_name(&user.name)));
        self.0.insert(user, known.clone());
        Ok(known)
    }
}

async fn note_of(tx: &mut Tx<'_>, centre: CentreId, event: &AccessEvent) -> Result<Option<String>, StoreError> {
    Ok(match event.note() {
        Some(note) => Some(mask_text(&content::get(tx, centre, note.id).await?)),
        None => None,
    })
}

/// Who saw a ticket: itself, and its caller while the call was on.
pub(super) async fn looks(State(node): State<Arc<Node>>, who: Who, Path(id): Path<String>) -> Result<Answer, Fault> {
    who.require(Capability::TicketRead)?;
    let id: TicketId = identity(&id)?;
    let mut reader = node.store.snapshot().await?;
    let mut tx = reader.tx();
    let ticket: Ticket = work::folded(&mut tx, node.centre, id.0, ticket::fold).await?.ok_or(Refusal::NotFound)?;
    if !who.0.viewer.can_at(Capability::TicketRead, ticket.unit.as_deref()) {
        return Err(Refusal::NotFound.into());
    }
    let mut events = log::load(&mut tx, node.centre, Subject::Ticket(id).trail()).await?;
    if let Some(call) = ticket.call {
        events.extend(log::load(&mut tx, node.centre, Subject::Call(call).trail()).await?);
    }
    events.sort_by_key(|event| std::cmp::Reverse((event.occurred_at, event.id.0)));
    let (mut people, mut items) = (People::default(), Vec::new());
    for envelope in events {
        let (Some(event), Actor::User(user)) = (AccessEvent::unpack(&envelope.kind, &envelope.payload)?, &envelope.actor) else { continue };
        let (by, name) = people.of(&mut tx, node.centre, user.0).await?;
        let reason = match &event {
            AccessEvent::Revealed { reason, .. } => Some(*reason),
            _ => None,
        };
        items.push(Look { at: envelope.occurred_at, by, name, note: note_of(&mut tx, node.centre, &event).await?, kind: envelope.kind, reason });
    }
    Answer::json(200, &Page { items, next: None })
}

/// What a list can be narrowed to.
fn is_kind(kind: &str) -> bool {
    let event = TicketEvent::has(kind) || CallEvent::has(kind) || ArticleEvent::has(kind) || UserEvent::has(kind) || TableEvent::has(kind) || AccessEvent::has(kind);
    kind == "import" || AggregateKind::from_code(kind).is_some() || event
}

pub(super) async fn list(State(node): State<Arc<Node>>, who: Who, Query(query): Query<AuditQuery>) -> Result<Answer, Fault> {
    who.require(Capability::AuditRead)?;
    if let Some(kind) = query.kind.as_deref().filter(|kind| !is_kind(kind)) {
        // An empty list would say that nothing of the kind was done.
        return Err(Refusal::Unknown { field: "kind".into(), value: kind.to_owned() }.into());
    }
    let limit = usize::try_from(page_limit(query.limit, 50, MAX_LIMIT)).unwrap_or(50);
    let mut reader = node.store.snapshot().await?;
    let mut tx = reader.tx();
    let centre = node.centre;
    let head = log::head(&mut tx, centre).await?;
    let mut wanted = audit::Wanted { kind: query.kind.clone().unwrap_or_default(), ..Default::default() };
    if let Some(login) = &query.person {
        // Whoever is not there has done nothing.
        let Some(user) = users::by_login(&mut tx, centre, login).await? else { return Answer::json(200, &Page::<AuditRow> { items: Vec::new(), next: None }) };
        wanted.actor = actor_text(&Actor::User(user.id));
    }
    if let Some(name) = &query.ticket {
        let id = match name.parse() {
            Ok(id) => Some(id),
            Err(_) => matters::ticket_of(&mut tx, centre, name).await?,
        };
        // A ticket that is misspelt has nothing done to it either, and an empty list would say so of the one that was meant.
        let id = id.ok_or_else(|| Refusal::Unknown { field: "ticket".into(), value: name.chars().take(40).collect() })?;
        wanted.about = Some([id, Subject::Ticket(TicketId(id)).trail()]);
    }
    let first = match query.from {
        Some(from) => audit::first_at(&mut tx, centre, from, head).await?,
        None => 1,
    };
    let mut before = match query.to {
        Some(to) => audit::first_at(&mut tx, centre, to, head).await?,
        None => head + 1,
    };
    if let Some(cursor) = &query.cursor {
        let at: i64 = cursor.parse().map_err(|_| Problem::new(422, "bad_cursor", "翻页标记无效，请从第一页重新读取。 The cursor is not one of ours; start from the first page."))?;
        before = before.min(at);
    }
    let (mut found, stop) = (Vec::new(), before - MOST);
    while before > first && before > stop && found.len() < limit {
        let from = (before - STRETCH).max(first);
        found.extend(audit::stretch(&mut tx, centre, &wanted, from, before).await?);
        before = from;
    }
    if found.len() > limit {
        found.truncate(limit);
        before = found.last().map_or(before, |(position, _)| *position);
    }
    let mut people = People::default();
    let mut items = Vec::with_capacity(found.len());
    for (position, envelope) in found {
        items.push(row(&mut tx, centre, &mut people, position, envelope).await?);
    }
    Answer::json(200, &Page { items, next: (before > first).then(|| before.to_string()) })
}

async fn row(tx: &mut Tx<'_>, centre: CentreId, people: &mut People, position: i64, envelope: Envelope) -> Result<AuditRow, Fault> {
    let by = match &envelope.actor {
        Actor::User(user) => people.of(tx, centre, user.0).await?.0,
        other => actor_text(other),
    };
    let event = AccessEvent::unpack(&envelope.kind, &envelope.payload).ok().flatten().filter(|_| envelope.aggregate == AccessEvent::AGGREGATE);
    let (id, note) = match &event {
        Some(event) => {
            let about = match event {
                AccessEvent::Revealed { of: Subject::Ticket(TicketId(id)) | Subject::Call(CallId(id)), .. } | AccessEvent::Viewed { ticket: TicketId(id) } => *id,
                AccessEvent::Overused { by, .. } => by.0,
            };
            (about, note_of(tx, centre, event).await?)
        }
        None => (envelope.aggregate_id, None),
    };
    Ok(AuditRow {
        position,
        event: envelope.id,
        at: envelope.recorded_at,
        occurred_at: envelope.occurred_at,
        by,
        kind: envelope.kind,
        id,
        number: matters::number_of(tx, centre, id).await?,
        note,
        fields: serde_json::from_str(&envelope.payload)?,
    })
}

fn told(reading: &chain::Reading) -> ChainHead {
    ChainHead { position: reading.position, recorded_at: moment(reading.recorded_at), hash: reading.hash.iter().map(|byte| format!("{byte:02x}")).collect() }
}

pub(super) async fn head(State(node): State<Arc<Node>>, who: Who) -> Result<Answer, Fault> {
    who.require(Capability::AuditRead)?;
    Answer::json(200, &told(&chain::head(&mut node.store.reader().await?.tx(), node.centre).await?))
}

/// A stretch of the chain, read again by the server. Whoever trusts neither it nor its database holds the head it gave
/// earlier against what it gives now.
pub(super) async fn stretch(State(node): State<Arc<Node>>, who: Who, Query(query): Query<ChainQuery>) -> Result<Answer, Fault> {
    who.require(Capability::AuditRead)?;
    let mut reader = node.store.snapshot().await?;
    let mut tx = reader.tx();
    let centre = node.centre;
    let last = log::head(&mut tx, centre).await?;
    let Some(mut reading) = chain::after(&mut tx, centre, query.after).await? else {
        // A position that was given and is gone: the log was cut.
        let head = told(&chain::head(&mut tx, centre).await?);
        return Answer::json(200, &ChainStretch { head, broken_at: Some(query.after), ended: true });
    };
    let (broken, more) = chain::read(&mut tx, centre, &mut reading, query.limit.map_or(STRETCH, |limit| i64::from(limit).clamp(1, STRETCH))).await?;
    let mut broken_at = broken.first().map(|(position, _)| *position);
    if !more && broken_at.is_none() && (reading.position < last || !chain::ends_at(&mut tx, centre, &reading).await?) {
        broken_at = Some(reading.position + 1);
    }
    Answer::json(200, &ChainStretch { head: told(&reading), broken_at, ended: !more })
}
