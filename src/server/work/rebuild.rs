//! 重建 (rebuild): the projections made again from the log and the content, and held against what is stored. Of what an
//! import brought, the source's own id stands in no event (it may name a person): there it is checked that every imported
//! ticket has exactly one source, and every source its imported ticket.
use super::{folded, same};
use crate::domain::article::{self, Article, ArticleText};
use crate::domain::call::{self, Call};
use crate::domain::event::AggregateKind;
use crate::domain::Timestamp;
use crate::domain::event::Payload;
use crate::domain::ticket::{self, Channel, Ticket, TicketEvent};
use crate::domain::user::{self, User};
use crate::server::fault::Fault;
use crate::server::node::Node;
use crate::server::store::value::Value;
use crate::server::store::{Tx, articles, calls, chain, content, log, projections, promises, tables, tickets, users};
use chrono::TimeDelta;
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// Where `next_at` stands in a ticket's row.
const NEXT_AT: usize = 33;

/// A row that is not what the log says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Which kind of row.
    pub kind: &'static str,
    /// Whose.
    pub id: Uuid,
    /// `missing`, `differs`, `unknown to the log`; of an event that it breaks the audit chain.
    pub what: &'static str,
}

/// Every row that differs, over all kinds.
///
/// # Errors
/// The store's, or a damaged log.
pub async fn check(node: &Node) -> Result<Vec<Difference>, Fault> {
    let mut reader = node.store.snapshot().await?;
    let mut found = Vec::new();
    // What the log has recorded has happened, whatever this node's clock says.
    let now = log::last_recorded(&mut reader.tx(), node.centre).await?.map_or(node.clock.now(), |recorded| recorded.max(node.clock.now()));
    let mut beside = Beside::read(node, &mut reader.tx()).await?;
    for kind in AggregateKind::ALL.into_iter().filter(|kind| !matches!(kind, AggregateKind::Table | AggregateKind::Access | AggregateKind::Caller)) {
        let mut after = Uuid::nil();
        loop {
            let page = log::aggregates(&mut reader.tx(), node.centre, kind, after, 500).await?;
            let Some(last) = page.last() else { break };
            after = *last;
            for id in page {
                if let Some(what) = one(node, &mut reader.tx(), kind, id, now).await? {
                    found.push(Difference { kind: kind.code(), id, what });
                }
                if kind == AggregateKind::Ticket {
                    beside.ticket(node, &mut reader.tx(), id, &mut found).await?;
                }
            }
        }
        let strangers = projections::strangers(&mut reader.tx(), node.centre, kind).await?;
        found.extend(strangers.into_iter().map(|id| Difference { kind: kind.code(), id, what: "unknown to the log" }));
    }
    beside.rest(&mut found);
    let version = tables::version(&mut reader.tx(), node.centre).await?;
    if version != projections::table_events(&mut reader.tx(), node.centre).await? {
        found.push(Difference { kind: "tables_state", id: Uuid::nil(), what: "differs" });
    }
    found.extend(chain_breaks(node).await?);
    Ok(found)
}

/// Where the audit chain does not hold: somebody changed an event, took one out or put one in.
async fn chain_breaks(node: &Node) -> Result<Vec<Difference>, Fault> {
    let (mut reading, mut found) = (chain::Reading::default(), Vec::new());
    let mut reader = node.store.snapshot().await?;
    loop {
        let (broken, more) = chain::read(&mut reader.tx(), node.centre, &mut reading, 1000).await?;
        found.extend(broken.into_iter().map(|(_, id)| Difference { kind: "event", id, what: "breaks the audit chain" }));
        if !more {
            break;
        }
    }
    if !chain::ends_at(&mut reader.tx(), node.centre, &reading).await? {
        found.push(Difference { kind: "event", id: Uuid::nil(), what: "the audit chain's end is another" });
    }
    Ok(found)
}

/// A raised flag: deadline, level, moment.
type Raised = (String, String, Timestamp);

/// The rows beside a ticket's own: its flags, its open promises, and that it was imported.
struct Beside {
    flags: HashMap<Uuid, BTreeSet<Raised>>,
    promises: HashMap<Uuid, BTreeSet<promises::PromiseValues>>,
    sources: HashMap<Uuid, usize>,
}

impl Beside {
    async fn read(node: &Node, tx: &mut Tx<'_>) -> Result<Beside, Fault> {
        let mut beside = Beside { flags: HashMap::new(), promises: HashMap::new(), sources: HashMap::new() };
        let mut after = (String::new(), String::new());
        loop {
            let page = projections::flags(tx, node.centre, (&after.0, &after.1)).await?;
            let Some(last) = page.last() else { break };
            after = (last.text(0), last.text(1));
            for row in page {
                beside.flags.entry(row.id(2)).or_default().insert((row.text(0), row.text(1), row.at(3)));
            }
        }
        let mut after_promise = (Uuid::nil(), i64::MIN);
        loop {
            let page = promises::stored(tx, node.centre, after_promise).await?;
            let Some(last) = page.last() else { break };
            after_promise = (last.0, last.1.0);
            for (ticket, row) in page {
                beside.promises.entry(ticket).or_default().insert(row);
            }
        }
        after = (String::new(), String::new());
        loop {
            let page = projections::imports(tx, node.centre, (&after.0, &after.1)).await?;
            let Some(last) = page.last() else { break };
            after = (last.text(0), last.text(1));
            for row in page {
                *beside.sources.entry(row.id(2)).or_default() += 1;
            }
        }
        Ok(beside)
    }

    /// Takes out what belongs to this ticket, and says where it is not what the log says.
    async fn ticket(&mut self, node: &Node, tx: &mut Tx<'_>, id: Uuid, found: &mut Vec<Difference>) -> Result<(), Fault> {
        let (mut wanted, mut imported) = (BTreeSet::new(), false);
        let mut state: Option<Ticket> = None;
        for envelope in log::load(tx, node.centre, id).await? {
            let event = TicketEvent::unpack(&envelope.kind, &envelope.payload)?;
            if let Some(event) = &event {
                state = ticket::fold(state, event, &envelope);
            }
            match event {
                Some(TicketEvent::FlagRaised { deadline, level }) => {
                    wanted.insert((serde_json::to_string(&deadline)?, tickets::flag_number(level).to_string(), envelope.recorded_at));
                }
                Some(TicketEvent::Accepted { channel, .. }) => imported = channel == Channel::Import,
                _ => {}
            }
        }
        let stored = self.flags.remove(&id).unwrap_or_default();
        if stored != wanted {
            let what = if stored.is_subset(&wanted) { "missing" } else { "differs" };
            found.push(Difference { kind: "flag", id, what });
        }
        let promised: BTreeSet<_> = state.iter().flat_map(promises::rows).collect();
        let stored = self.promises.remove(&id).unwrap_or_default();
        if stored != promised {
            let what = if stored.is_subset(&promised) { "missing" } else { "differs" };
            found.push(Difference { kind: "promise", id, what });
        }
        match (imported, self.sources.remove(&id)) {
            (true, Some(1)) | (false, None) => {}
            (true, None) => found.push(Difference { kind: "imported", id, what: "missing" }),
            _ => found.push(Difference { kind: "imported", id, what: "differs" }),
        }
        Ok(())
    }

    /// What no ticket of the log has taken out.
    fn rest(self, found: &mut Vec<Difference>) {
        let stranger = |kind| move |id| Difference { kind, id, what: "unknown to the log" };
        found.extend(self.flags.into_keys().map(stranger("flag")));
        found.extend(self.promises.into_keys().map(stranger("promise")));
        found.extend(self.sources.into_keys().map(stranger("imported")));
    }
}

async fn one(node: &Node, tx: &mut Tx<'_>, kind: AggregateKind, id: Uuid, now: Timestamp) -> Result<Option<&'static str>, Fault> {
    let centre = node.centre;
    let (stored, wanted): (_, Option<Vec<Value>>) = match kind {
        AggregateKind::Ticket => {
            let tables = node.tables_in(tx).await?;
            let stored = projections::ticket(tx, centre, id).await?;
            let state: Option<Ticket> = folded(tx, centre, id, ticket::fold).await?;
            let wanted = match state {
                Some(ticket) => {
                    let title = content::get(tx, centre, ticket.title.id).await?;
                    let at = |moment| tickets::values(centre, &ticket, &title, &tables, moment);
                    let next = stored.as_ref().and_then(|row| row.maybe_at(NEXT_AT));
                    // Between two turns a row says the same. It is judged at the last moment before its next one where
                    // it does not say what it should now: that one may have come due since, which is the sweep's business,
                    // or the row was written under the clock of a node that is ahead of this one.
                    let before = next.map(|next| at(next - TimeDelta::microseconds(1)));
                    let before = before.filter(|values| stored.as_ref().is_some_and(|row| same(row, values)));
                    Some(before.unwrap_or_else(|| at(now)))
                }
                None => None,
            };
            (stored, wanted)
        }
        AggregateKind::Call => {
            let state: Option<Call> = folded(tx, centre, id, call::fold).await?;
            (calls::stored(tx, centre, id).await?, state.map(|call| calls::values(centre, &call)))
        }
        AggregateKind::Article => {
            let state: Option<Article> = folded(tx, centre, id, article::fold).await?;
            let wanted = match state {
                Some(article) => {
                    let words = content::get(tx, centre, article.text.id).await?;
                    let text: ArticleText = serde_json::from_str(&words).unwrap_or_default();
                    Some(articles::values(centre, &article, &text))
                }
                None => None,
            };
            (articles::stored(tx, centre, id).await?, wanted)
        }
        AggregateKind::User => {
            let state: Option<User> = folded(tx, centre, id, user::fold).await?;
            let wanted = match state {
                Some(user) => {
                    let name = content::get(tx, centre, user.name.id).await?;
                    Some(users::values(centre, &user, &name))
                }
                None => None,
            };
            (users::stored(tx, centre, id).await?, wanted)
        }
        AggregateKind::Table | AggregateKind::Access | AggregateKind::Caller => return Ok(None),
    };
    Ok(match (stored, wanted) {
        (Some(stored), Some(wanted)) if same(&stored, &wanted) => None,
        (Some(_), Some(_)) => Some("differs"),
        (None, Some(_)) => Some("missing"),
        (Some(_), None) => Some("unknown to the log"),
        (None, None) => None,
    })
}
