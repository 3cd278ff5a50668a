//! 实时帧 (live frames): one task reads the log in position order, makes each changed row once, and offers it to every
//! viewer, who is sent what is in their scope. Resuming reads the same log with the same code.
use super::fault::Fault;
use super::node::Node;
use super::store::{Tx, articles, calls, log, tickets, users};
use crate::api::events::Change;
use crate::domain::Timestamp;
use crate::domain::access::AccessEvent;
use crate::domain::event::{AggregateKind, Envelope, Payload};
use crate::domain::rights::{Capability, Viewer};
use crate::domain::ticket::TicketEvent;
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;
use tokio::sync::broadcast;
use uuid::Uuid;

/// How many events one frame may stand for.
const PAGE: i64 = 512;
/// The least time between two looks at the log.
const PAUSE: Duration = Duration::from_millis(5);
/// How many frames a slow listener may be behind before it is told to start again.
const BEHIND: usize = 1024;
/// How long what another process wrote may go unseen.
const ELSEWHERE: Duration = Duration::from_millis(500);
/// How many events a resumption may go back over; beyond that a snapshot is cheaper.
pub const RESUMABLE: i64 = 20_000;

/// The feed.
pub struct Feed {
    sender: broadcast::Sender<Arc<Batch>>,
    position: AtomicI64,
}

/// A stretch of the log as rows.
#[derive(Debug)]
pub struct Batch {
    /// The position before it.
    pub prev: i64,
    /// The position after it.
    pub position: i64,
    /// When its last event was recorded.
    pub at: Timestamp,
    items: Vec<Item>,
}

#[derive(Debug)]
struct Item {
    id: Uuid,
    /// The row as JSON, made once for all viewers.
    json: String,
    sight: Sight,
}

/// Who may see an item.
#[derive(Debug)]
enum Sight {
    /// A ticket's viewers by unit: as it is, and as it was before.
    Ticket { now: Option<String>, before: Vec<Option<String>> },
    /// Whoever holds this.
    Holder(Capability),
    /// Everybody.
    All,
}

impl Feed {
    /// A feed that has read nothing yet.
    #[allow(clippy::new_without_default)]
    pub fn new() -> Feed {
        Feed { sender: broadcast::channel(BEHIND).0, position: AtomicI64::new(0) }
    }

    /// Up to where the log was read.
    pub fn position(&self) -> i64 {
        self.position.load(Ordering::Acquire)
    }

    /// What comes from here on.
    pub fn listen(&self) -> broadcast::Receiver<Arc<Batch>> {
        self.sender.subscribe()
    }
}

/// Reads the log as it grows, until the store is gone.
pub async fn run(node: Arc<Node>) {
    let mut grown = node.store.grown();
    loop {
        match catch_up(&node).await {
            Ok(()) => {}
            Err(fault) => {
                tracing::warn!(?fault, "the feed could not read the log; it tries again");
                tokio::time::sleep(ELSEWHERE).await;
                continue;
            }
        }
        // What comes within a moment goes out together; what comes after a quiet one goes out at once.
        tokio::time::sleep(PAUSE).await;
        // On SQLite nobody rings for what another process writes to the same file (the command line beside a running
        // node): an idle log is looked at all the same, one look-up by key.
        if let Ok(Err(_)) = tokio::time::timeout(ELSEWHERE, grown.changed()).await {
            return;
        }
    }
}

/// Starts at the end of the log: what came before is a snapshot's business.
///
/// # Errors
/// The store's.
pub async fn start(node: &Node) -> Result<(), Fault> {
    let head = log::head(&mut node.store.reader().await?.tx(), node.centre).await?;
    node.feed.position.store(head, Ordering::Release);
    Ok(())
}

async fn catch_up(node: &Node) -> Result<(), Fault> {
    loop {
        let from = node.feed.position();
        let batch = if node.feed.sender.receiver_count() == 0 { passed(node, from).await? } else { read(node, from, i64::MAX).await? };
        let Some(batch) = batch else { return Ok(()) };
        node.feed.position.store(batch.position, Ordering::Release);
        let _ = node.feed.sender.send(Arc::new(batch));
    }
}

/// All there is after `from`, while nobody listens: no rows are made. `prev` is its end, so that whoever began to listen in
/// between knows to read it from the log.
async fn passed(node: &Node, from: i64) -> Result<Option<Batch>, Fault> {
    let mut reader = node.store.reader().await?;
    let mut tx = reader.tx();
    let position = log::head(&mut tx, node.centre).await?;
    if position <= from {
        return Ok(None);
    }
    if log::count(&mut tx, node.centre, AggregateKind::Article, from, position).await? > 0 {
        node.knowledge.outdated();
    }
    Ok(Some(Batch { prev: position, position, at: node.clock.now(), items: Vec::new() }))
}

/// The next stretch after `from`, not beyond `to`.
///
/// # Errors
/// The store's.
pub async fn read(node: &Node, from: i64, to: i64) -> Result<Option<Batch>, Fault> {
    let mut reader = node.store.reader().await?;
    let mut tx = reader.tx();
    let mut events = log::since(&mut tx, node.centre, from, PAGE).await?;
    events.retain(|(position, _)| *position <= to);
    let Some((position, last)) = events.last().map(|(position, event)| (*position, event.recorded_at)) else { return Ok(None) };
    let mut order: Vec<Uuid> = Vec::new();
    let mut touched: HashMap<Uuid, (AggregateKind, Vec<Option<String>>)> = HashMap::new();
    for (_, event) in &events {
        let (_, before) = touched.entry(event.aggregate_id).or_insert_with(|| {
            order.push(event.aggregate_id);
            (event.aggregate, Vec::new())
        });
        before.extend(unit_before(event));
    }
    let tables = node.tables_in(&mut tx).await?;
    let any = |kind| touched.values().any(|(of, _)| *of == kind);
    // All rows of a kind in one question: a question for each would hold up everybody's frames in a busy hour.
    let (mut ticket_rows, mut call_rows) = (HashMap::new(), HashMap::new());
    if any(AggregateKind::Ticket) {
        ticket_rows.extend(tickets::changed(&mut tx, node.centre, from, position, &tables).await?.into_iter().map(|row| (row.id.0, row)));
    }
    if any(AggregateKind::Call) {
        call_rows.extend(calls::changed(&mut tx, node.centre, from, position).await?.into_iter().map(|row| (row.id.0, row)));
    }
    let mut items = Vec::with_capacity(order.len());
    let mut changed = false;
    for (_, event) in events.iter().filter(|(_, event)| event.kind == "access.overused") {
        items.extend(alarm(node, &mut tx, event).await?);
    }
    for id in order {
        let Some((kind, before)) = touched.remove(&id) else { continue };
        let found = match kind {
            AggregateKind::Ticket => {
                ticket_rows.remove(&id).map(|row| (Sight::Ticket { now: row.unit.clone(), before }, Change::Ticket { row: Box::new(row) }))
            }
            AggregateKind::Call => call_rows.remove(&id).map(|row| (Sight::Holder(Capability::CallRead), Change::Call { row: Box::new(row) })),
            AggregateKind::Article => {
                node.knowledge.outdated();
                let head = articles::one_head(&mut tx, node.centre, id).await?;
                head.map(|row| (Sight::Holder(Capability::KnowledgeRead), Change::Article { row: Box::new(row) }))
            }
            AggregateKind::Table => {
                changed = true;
                None
            }
            AggregateKind::User | AggregateKind::Access | AggregateKind::Caller => None,
        };
        if let Some((sight, change)) = found {
            items.push(Item { id, json: serde_json::to_string(&change)?, sight });
        }
    }
    if changed {
        let change = Change::Tables { version: tables.version };
        items.push(Item { id: Uuid::nil(), json: serde_json::to_string(&change)?, sight: Sight::All });
    }
    Ok(Some(Batch { prev: from, position, at: last, items }))
}

/// 查看过频, as those who audit hear of it.
async fn alarm(node: &Node, tx: &mut Tx<'_>, event: &Envelope) -> Result<Option<Item>, Fault> {
    let Ok(Some(AccessEvent::Overused { by, count, .. })) = AccessEvent::unpack(&event.kind, &event.payload) else { return Ok(None) };
    let by = users::by_id(tx, node.centre, by.0).await?.map_or_else(|| by.to_string(), |user| user.login);
    let json = serde_json::to_string(&Change::Overused { by, count, at: event.recorded_at })?;
    Ok(Some(Item { id: event.aggregate_id, json, sight: Sight::Holder(Capability::AuditRead) }))
}

/// The unit a ticket was with before an event that may have moved it.
fn unit_before(event: &Envelope) -> Option<Option<String>> {
    if event.kind != "ticket.redispatched" {
        return None;
    }
    match TicketEvent::unpack(&event.kind, &event.payload) {
        Ok(Some(TicketEvent::Redispatched { from, .. })) => Some(from),
        _ => None,
    }
}

impl Batch {
    /// The frame this viewer is sent, as JSON; none where nothing in it is theirs to see. `prev` is the position of the
    /// last frame they were sent.
    pub fn frame(&self, viewer: &Viewer, prev: i64) -> Option<String> {
        let mut changes = String::new();
        for item in &self.items {
            let in_sight = |unit: &Option<String>| viewer.can_at(Capability::TicketRead, unit.as_deref());
            let (now, before) = match &item.sight {
                Sight::Ticket { now, before } => (in_sight(now), before.iter().any(in_sight)),
                Sight::Holder(capability) => (viewer.can(*capability), false),
                Sight::All => (true, false),
            };
            let change = match (&item.json, now) {
                (json, true) => json.clone(),
                _ if before => format!(r#"{{"op":"leave","id":"{}"}}"#, item.id),
                _ => continue,
            };
            if !changes.is_empty() {
                changes.push(',');
            }
            changes.push_str(&change);
        }
        (!changes.is_empty()).then(|| {
            format!(
                r#"{{"position":{},"prev":{prev},"at":"{}","changes":[{changes}]}}"#,
                self.position,
                self.at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)
            )
        })
    }
}
