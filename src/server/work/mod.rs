//! Transactions: load, decide, append the events with their effects, answer. No SQL and no rules here: those live in
//! `store` and in `domain`.
mod access;
mod articles;
mod calls;
mod history;
mod import;
mod preview;
mod rebuild;
mod tables;
mod tickets;
mod users;

pub use access::{reveal, viewed as record_views};
pub use articles::{publish, show as show_article};
pub use calls::{act as act_on_call, pin, ring};
pub use history::{of_row, of_user};
pub use import::{articles as import_articles, judge_articles, judge_tickets, tickets as import_tickets};
pub use preview::{tables as preview_tables, year as preview_year};
pub use rebuild::check as rebuild_check;
pub use tables::{import_year, put as put_tables, put_events};
pub use tickets::{act as act_on_ticket, create as create_ticket, edit as edit_ticket, lease_numbers, saved as save_ticket, step, turn, undo_time};
pub use users::{Change, add as add_user, change as change_user};

use super::fault::Fault;
use super::node::Node;
use super::store::idempotency::{self, Key, Known};
use super::store::value::{Row, micros, moment};
use super::store::{Tx, content, log};
use crate::api::Problem;
use crate::domain::Timestamp;
use crate::domain::event::{Actor, Cause, ContentRef, Envelope, Payload};
use crate::domain::ids::{ContentId, EventId};
use crate::domain::refusal::Refusal;
use crate::domain::rights::{Capability, Viewer};
use crate::domain::tables::Tables;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use uuid::Uuid;

pub use crate::api::{LONGEST_ARTICLE, LONGEST_TEXT as LONGEST};

/// What a request is answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// JSON.
    pub body: String,
    /// The version of what was touched, for `ETag`.
    pub etag: Option<i64>,
    /// Whether this answer was given before.
    pub replayed: bool,
}

impl Answer {
    /// `status` with a body.
    ///
    /// # Errors
    /// When the body cannot be written as JSON.
    pub fn json(status: u16, body: &impl serde::Serialize) -> Result<Answer, Fault> {
        Ok(Answer { status, body: serde_json::to_string(body)?, etag: None, replayed: false })
    }
}

/// Who asks, from where, under which key.
#[derive(Clone)]
pub struct Asker {
    /// Their rights; `None`: the product itself.
    pub viewer: Option<Arc<Viewer>>,
    /// Who the events name.
    pub actor: Actor,
    /// The idempotency key as it was sent, and what the store knows it by.
    pub key: Option<(String, Key)>,
}

impl Asker {
    /// The product itself.
    pub fn system() -> Asker {
        Asker { viewer: None, actor: Actor::System, key: None }
    }

    /// The same for what leaves nothing behind: the key stays free for the act itself.
    #[must_use]
    pub fn without_key(self) -> Asker {
        Asker { key: None, ..self }
    }
}

/// A command at work inside its transaction.
pub struct Work<'w, 'a> {
    /// The transaction.
    pub tx: &'w mut Tx<'a>,
    /// The node it runs on.
    pub node: &'w Node,
    /// The tables of now.
    pub tables: Arc<Tables>,
    /// Who asks.
    pub asker: &'w Asker,
    /// Store time.
    pub now: Timestamp,
}

/// What a command's body gives.
pub type Outcome<'w> = Pin<Box<dyn Future<Output = Result<Answer, Fault>> + Send + 'w>>;

/// Runs a command with all its manners, in the order of judgement: twin in flight, known key, decide, keep the answer.
///
/// # Errors
/// A refusal, a problem, or something broken.
pub async fn command<F>(node: &Arc<Node>, asker: Asker, run: F) -> Result<Answer, Fault>
where
    F: for<'w, 'a> Fn(Work<'w, 'a>) -> Outcome<'w> + Send + Sync + 'static,
{
    let shared = Arc::clone(node);
    let run = Arc::new(run);
    node.store
        .write(Arc::new(move |tx| {
            let (node, run, asker) = (Arc::clone(&shared), Arc::clone(&run), asker.clone());
            Box::pin(async move { judged(&node, tx, &asker, &*run).await })
        }))
        .await
}

async fn judged<F>(node: &Node, tx: &mut Tx<'_>, asker: &Asker, run: &F) -> Result<Answer, Fault>
where
    F: for<'w, 'a> Fn(Work<'w, 'a>) -> Outcome<'w> + Send + Sync,
{
    let centre = node.centre;
    let now = node.clock.now();
    if let Some((_, key)) = &asker.key {
        if !tx.lock_key(key.lock()).await? {
            return Err(Problem::new(409, "twin_in_flight", "同一请求正在处理。 The same request is being handled.").retry_after(1).into());
        }
        match idempotency::find(tx, centre, key).await? {
            Known::New => {}
            Known::Answered(answer) => return Ok(answer),
            Known::OtherBody => {
                return Err(Problem::new(422, "key_reused", "此幂等键已用于另一请求。 This idempotency key was used for another request.").into());
            }
        }
    }
    let tables = node.tables_in(tx).await?;
    tx.savepoint().await?;
    let outcome = run(Work { tx: &mut *tx, node, tables, asker, now }).await;
    let answer = match outcome {
        Ok(answer) => {
            tx.release().await?;
            answer
        }
        Err(Fault::Refused(refusal)) if asker.key.is_some() => {
            tx.rollback().await?;
            // A refusal is an answer too: the same key is refused the same way, whatever has changed since.
            let problem = super::routes::problem_of(&refusal);
            // A stale edit is told the current version where every client looks for it.
            let etag = match refusal {
                Refusal::Stale { current } => Some(current),
                _ => None,
            };
            Answer { status: problem.status, body: serde_json::to_string(&problem)?, etag, replayed: false }
        }
        Err(other) => return Err(other),
    };
    if let Some((_, key)) = &asker.key {
        idempotency::keep(tx, centre, key, &answer, now).await?;
    }
    Ok(answer)
}

impl Work<'_, '_> {
    /// Puts a text into the content store; its reference is what an event may hold.
    ///
    /// # Errors
    /// When it is too long or has a NUL in it, or the store's.
    pub async fn text(&mut self, field: &str, text: &str) -> Result<ContentRef, Fault> {
        self.document(field, text, LONGEST).await
    }

    /// [`Work::text`] of a document made of several fields, at most `longest` bytes.
    ///
    /// # Errors
    /// As there.
    pub async fn document(&mut self, field: &str, text: &str, longest: usize) -> Result<ContentRef, Fault> {
        if text.len() > longest || text.contains('\0') {
            return Err(Refusal::Unknown { field: field.into(), value: if text.contains('\0') { "NUL".into() } else { format!("{} bytes", text.len()) } }.into());
        }
        let reference = ContentRef { id: ContentId(Uuid::now_v7()), digest: self.node.keys.digest(text) };
        content::put(self.tx, self.node.centre, text, &reference, self.now).await?;
        Ok(reference)
    }

    /// [`Work::text`] of a text that may be absent or blank.
    ///
    /// # Errors
    /// As there.
    pub async fn maybe_text(&mut self, field: &str, text: Option<&str>) -> Result<Option<ContentRef>, Fault> {
        match text.filter(|text| !text.trim().is_empty()) {
            Some(text) => self.text(field, text).await.map(Some),
            None => Ok(None),
        }
    }

    /// Appends one event and gives back its envelope.
    ///
    /// # Errors
    /// The store's.
    pub async fn append<E: Payload>(&mut self, event: &E, id: Uuid, version: i64, round: i64, occurred_at: Option<Timestamp>) -> Result<Envelope, Fault> {
        let (kind, payload) = event.pack()?;
        let envelope = Envelope {
            id: EventId(Uuid::now_v7()),
            centre: self.node.centre,
            aggregate: E::AGGREGATE,
            aggregate_id: id,
            version,
            kind,
            schema: 1,
            // To the microsecond, as it is kept: what is folded now is what is read back later.
            occurred_at: moment(micros(occurred_at.unwrap_or(self.now))),
            recorded_at: self.now,
            actor: self.asker.actor.clone(),
            cause: Cause { command_key: self.asker.key.as_ref().map(|(key, _)| key.clone()), call: None },
            round,
            payload,
        };
        log::append(self.tx, &envelope).await?;
        Ok(envelope)
    }

    /// # Errors
    /// When the asker does not hold the capability anywhere.
    pub fn require(&self, capability: Capability) -> Result<(), Refusal> {
        match &self.asker.viewer {
            Some(viewer) if !viewer.can(capability) => Err(Refusal::Forbidden { capability }),
            _ => Ok(()),
        }
    }
}

/// Folds an aggregate's events.
///
/// # Errors
/// The store's, or a damaged log.
pub async fn folded<E: Payload, S>(
    tx: &mut Tx<'_>,
    centre: crate::domain::event::CentreId,
    id: Uuid,
    fold: impl Fn(Option<S>, &E, &Envelope) -> Option<S>,
) -> Result<Option<S>, Fault> {
    let mut state = None;
    for envelope in log::load(tx, centre, id).await? {
        if envelope.aggregate != E::AGGREGATE {
            return Ok(None);
        }
        if let Some(event) = E::unpack(&envelope.kind, &envelope.payload)? {
            state = fold(state, &event, &envelope);
        }
    }
    Ok(state)
}

/// Longest code or foreign id, characters: what an index holds whole.
pub const LONGEST_CODE: usize = 200;

/// # Errors
/// When a code, an exchange's id or the like is longer than [`LONGEST_CODE`].
pub fn short(field: &str, value: Option<&str>) -> Result<(), Refusal> {
    let count = value.map_or(0, |value| value.chars().count());
    if count > LONGEST_CODE { Err(Refusal::Unknown { field: field.into(), value: format!("{count} > {LONGEST_CODE}") }) } else { Ok(()) }
}

/// Are the stored row and the one it should be the same?
fn same(stored: &Row, wanted: &[super::store::value::Value]) -> bool {
    use super::store::value::Value;
    stored.0.len() == wanted.len()
        && stored.0.iter().zip(wanted).all(|(stored, wanted)| match (stored, wanted) {
            // A null read back has lost its type.
            (Value::Int(None) | Value::Text(None) | Value::Bytes(None), Value::Int(None) | Value::Text(None) | Value::Bytes(None)) => true,
            (stored, wanted) => stored == wanted,
        })
}
