//! 重建 (rebuild): the projections made again from the log and the content, and held against what is stored.
use super::{folded, same};
use crate::domain::article::{self, Article, ArticleText};
use crate::domain::call::{self, Call};
use crate::domain::event::AggregateKind;
use crate::domain::ticket::{self, Ticket};
use crate::domain::user::{self, User};
use crate::server::fault::Fault;
use crate::server::node::Node;
use crate::server::store::value::Value;
use crate::server::store::{Tx, articles, calls, chain, content, log, projections, tickets, users};
use chrono::TimeDelta;
use serde::Serialize;
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
    let mut reader = node.store.reader().await?;
    let mut found = Vec::new();
    for kind in AggregateKind::ALL.into_iter().filter(|kind| *kind != AggregateKind::Table) {
        let mut after = Uuid::nil();
        loop {
            let page = log::aggregates(&mut reader.tx(), node.centre, kind, after, 500).await?;
            let Some(last) = page.last() else { break };
            after = *last;
            for id in page {
                if let Some(what) = one(node, &mut reader.tx(), kind, id).await? {
                    found.push(Difference { kind: kind.code(), id, what });
                }
            }
        }
        let strangers = projections::strangers(&mut reader.tx(), node.centre, kind).await?;
        found.extend(strangers.into_iter().map(|id| Difference { kind: kind.code(), id, what: "unknown to the log" }));
    }
    found.extend(chain_breaks(node).await?);
    Ok(found)
}

/// Where the audit chain does not hold: somebody changed an event, took one out or put one in.
async fn chain_breaks(node: &Node) -> Result<Vec<Difference>, Fault> {
    let (mut reading, mut found) = (chain::Reading::default(), Vec::new());
    let mut reader = node.store.reader().await?;
    loop {
        let (broken, more) = chain::read(&mut reader.tx(), node.centre, &mut reading, 1000).await?;
        found.extend(broken.into_iter().map(|id| Difference { kind: "event", id, what: "breaks the audit chain" }));
        if !more {
            break;
        }
    }
    if !chain::ends_at(&mut reader.tx(), node.centre, &reading).await? {
        found.push(Difference { kind: "event", id: Uuid::nil(), what: "the audit chain's end is another" });
    }
    Ok(found)
}

async fn one(node: &Node, tx: &mut Tx<'_>, kind: AggregateKind, id: Uuid) -> Result<Option<&'static str>, Fault> {
    let centre = node.centre;
    let (stored, wanted): (_, Option<Vec<Value>>) = match kind {
        AggregateKind::Ticket => {
            let tables = node.tables_in(tx).await?;
            let stored = tickets::stored(tx, centre, id).await?;
            let state: Option<Ticket> = folded(tx, centre, id, ticket::fold).await?;
            let wanted = match state {
                Some(ticket) => {
                    let title = content::get(tx, centre, ticket.title.id).await?;
                    // A flag that has come due since the row was written is the sweep's business, not a difference.
                    let now = node.clock.now();
                    let next = stored.as_ref().and_then(|row| row.maybe_at(NEXT_AT)).filter(|next| *next <= now);
                    let as_of = next.map_or(now, |next| next - TimeDelta::microseconds(1));
                    Some(tickets::values(centre, &ticket, &title, &tables, as_of))
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
        AggregateKind::Table => return Ok(None),
    };
    Ok(match (stored, wanted) {
        (Some(stored), Some(wanted)) if same(&stored, &wanted) => None,
        (Some(_), Some(_)) => Some("differs"),
        (None, Some(_)) => Some("missing"),
        (Some(_), None) => Some("unknown to the log"),
        (None, None) => None,
    })
}
