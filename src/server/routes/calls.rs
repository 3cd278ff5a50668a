//! Calls over HTTP.
use super::request::{Query, Who, Write, cursor, from_cursor, identity, page_limit, without_value};
use super::tickets::require;
use crate::api::MAX_LIMIT;
use crate::api::calls::{CallPage, CallQuery, CallerCard, MATTERS_DAYS, Matter, NoteRequest, Ring};
use crate::api::tickets::PinRequest;
use crate::domain::call::{self, Call, CallCommand};
use crate::domain::event::Actor;
use crate::domain::ids::CallId;
use crate::domain::refusal::Refusal;
use crate::domain::rights::Capability;
use crate::server::fault::Fault;
use crate::server::node::Node;
use crate::server::store::value::micros;
use crate::server::store::{callers, calls, log, matters, promises, tickets};
use crate::server::work::{self, Answer};
use axum::extract::{Path, State};
use chrono::TimeDelta;
use std::sync::Arc;

pub(super) async fn list(State(node): State<Arc<Node>>, who: Who, Query(query): Query<CallQuery>) -> Result<Answer, Fault> {
    who.require(Capability::CallRead)?;
    let limit = page_limit(query.limit, 100, MAX_LIMIT);
    let after = from_cursor(query.cursor.as_deref())?;
    let mut reader = node.store.snapshot().await?;
    let mut tx = reader.tx();
    let position = log::head(&mut tx, node.centre).await?;
    let items = calls::list(&mut tx, node.centre, query.live.unwrap_or(true), after, limit).await?;
    let figures = calls::figures(&mut tx, node.centre, node.clock.now()).await?;
    let next = (items.len() as i64 == limit).then(|| items.last().map(|row| cursor(micros(row.rang_at), row.id.0))).flatten();
    Answer::json(200, &CallPage { items, next, position, figures })
}

pub(super) async fn ring(State(node): State<Arc<Node>>, write: Write<Ring>) -> Result<Answer, Fault> {
    require(&write.asker, Capability::CallReport)?;
    let body = write.body;
    let mut asker = write.asker;
    asker.actor = Actor::Exchange(body.exchange.chars().take(64).collect());
    work::command(&node, asker, move |work| work::ring(work, body.clone())).await
}

/// What may be done with a call, as [`act`] knows it.
pub(super) const ACTS: &[&str] = &["take", "hold", "retrieve", "wrap_up", "hang_up", "abandon", "pin"];

pub(super) async fn act(State(node): State<Arc<Node>>, Path((id, act)): Path<(String, String)>, write: Write<serde_json::Value>) -> Result<Answer, Fault> {
    require(&write.asker, Capability::CallRead)?;
    let id: CallId = identity(&id)?;
    let Some(viewer) = write.asker.viewer.clone() else { return Err(Refusal::NotFound.into()) };
    let (capability, command) = match act.as_str() {
        "take" => (Capability::CallTake, CallCommand::Take(viewer.user)),
        "hold" => (Capability::CallTake, CallCommand::Hold),
        "retrieve" => (Capability::CallTake, CallCommand::Retrieve),
        "wrap_up" => (Capability::CallTake, CallCommand::WrapUp),
        "hang_up" => (Capability::CallReport, CallCommand::HangUp),
        "abandon" => (Capability::CallReport, CallCommand::Abandon),
        "pin" | "unpin" => {
            require(&write.asker, Capability::CallTake)?;
            let pin: PinRequest =
                serde_json::from_value(write.body).map_err(|error| Refusal::Unknown { field: "pin".into(), value: without_value(&error.to_string()) })?;
            if act == "unpin" {
                return work::command(&node, write.asker, move |work| work::act_on_call(work, id, CallCommand::Unpin(pin.article))).await;
            }
            return work::command(&node, write.asker, move |work| work::pin(work, id, pin)).await;
        }
        _ => return Err(Refusal::NotFound.into()),
    };
    require(&write.asker, capability)?;
    if write.body.as_object().is_some_and(|fields| !fields.is_empty()) {
        return Err(Refusal::Unknown { field: "body".into(), value: write.body.as_object().into_iter().flatten().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ") }.into());
    }
    work::command(&node, write.asker, move |work| work::act_on_call(work, id, command.clone())).await
}

pub(super) async fn note(State(node): State<Arc<Node>>, Path(id): Path<String>, write: Write<NoteRequest>) -> Result<Answer, Fault> {
    require(&write.asker, Capability::CallTake)?;
    let id: CallId = identity(&id)?;
    let body = write.body;
    work::command(&node, write.asker, move |work| work::note_caller(work, id, body.clone())).await
}

pub(super) async fn card(State(node): State<Arc<Node>>, who: Who, Path(id): Path<String>) -> Result<Answer, Fault> {
    who.require(Capability::CallRead)?;
    let id: CallId = identity(&id)?;
    let mut reader = node.store.snapshot().await?;
    let mut tx = reader.tx();
    let call: Call = work::folded(&mut tx, node.centre, id.0, call::fold).await?.ok_or(Refusal::NotFound)?;
    let caller = call.caller;
    let masked = callers::masked(&mut tx, node.centre, caller.0).await?;
    let tables = node.tables_in(&mut tx).await?;
    let since = node.clock.now() - TimeDelta::days(MATTERS_DAYS);
    let counted = matters::of_caller(&mut tx, node.centre, caller.0, since).await?;
    let last = tickets::last_of_caller(&mut tx, node.centre, caller.0, &tables).await?;
    let promised = promises::of_caller(&mut tx, node.centre, caller.0).await?;
    let promises = super::promises::open(&node, &mut tx, promised, &tables).await?;
    let notes = work::notes_of(&mut tx, node.centre, caller).await?;
    let card = CallerCard {
        promises,
        language: notes.language,
        tone: notes.tone(node.clock.now()),
        caller,
        name: masked.name,
        number: masked.number,
        calls: calls::count_of(&mut tx, node.centre, caller.0).await?,
        matters: counted.all,
        matters_90_days: counted.late,
        same_class: counted.same_class,
        last: last
            .into_iter()
            .map(|row| Matter { ticket: row.id, number: row.number, kind: row.kind, title: row.title, step: row.step, solved: row.solved, accepted_at: row.accepted_at })
            .collect(),
    };
    Answer::json(200, &card)
}
