//! 承诺 over HTTP: of one ticket, of one caller, of whoever asks. Words are masked on their way out.
use super::request::Who;
use crate::api::Page;
use crate::api::calls::OpenPromise;
use crate::api::tickets::PromiseRow;
use crate::domain::ids::TicketId;
use crate::domain::rights::{Capability, Scope};
use crate::domain::tables::Tables;
use crate::domain::ticket::{self, Ticket};
use crate::server::fault::Fault;
use crate::server::node::Node;
use crate::server::store::{Tx, content, promises, tickets};
use crate::server::work::{self, Answer};
use crate::text::mask::mask_text;
use axum::extract::State;
use std::sync::Arc;

/// Those of the asker: what they gave, and what their unit is to keep; the next due first.
pub(super) async fn list(State(node): State<Arc<Node>>, who: Who) -> Result<Answer, Fault> {
    who.require(Capability::TicketRead)?;
    let viewer = &who.0.viewer;
    let mut reader = node.store.snapshot().await?;
    let mut tx = reader.tx();
    let tables = node.tables_in(&mut tx).await?;
    // Whoever handles tickets for a unit keeps its promises; to be of a unit alone is not enough.
    let handles = viewer.grants.contains(&(Capability::TicketHandle, Scope::Unit));
    let unit = viewer.unit.as_deref().filter(|_| handles);
    let named = promises::of_person(&mut tx, node.centre, viewer.user, unit).await?;
    let mut items = open(&node, &mut tx, named, &tables).await?;
    // Who gave one and has lost sight of the ticket since is not reminded of it.
    let mut seen = Vec::with_capacity(items.len());
    for item in items.drain(..) {
        let row = tickets::row(&mut tx, node.centre, item.ticket.0, &tables).await?;
        if row.is_some_and(|row| viewer.can_at(Capability::TicketRead, row.unit.as_deref())) {
            seen.push(item);
        }
    }
    Answer::json(200, &Page { items: seen, next: None })
}

/// Those named, with their words; one that was kept meanwhile is left out.
pub(super) async fn open(node: &Node, tx: &mut Tx<'_>, named: Vec<(TicketId, u32)>, tables: &Tables) -> Result<Vec<OpenPromise>, Fault> {
    let mut open: Vec<OpenPromise> = Vec::with_capacity(named.len());
    for (id, no) in named {
        let Some(ticket) = work::folded::<_, Ticket>(tx, node.centre, id.0, ticket::fold).await? else { continue };
        let found = of_ticket(node, tx, &ticket, tables).await?.into_iter().find(|promise| promise.no == no && promise.kept_at.is_none());
        let unit_name = ticket.unit.as_ref().map(|unit| tables.units.get(unit).map_or_else(|| unit.clone(), |row| row.name.clone()));
        open.extend(found.map(|promise| OpenPromise { ticket: id, number: ticket.number.clone(), unit_name, promise }));
    }
    Ok(open)
}

/// All of a ticket, with their words.
pub(super) async fn of_ticket(node: &Node, tx: &mut Tx<'_>, ticket: &Ticket, tables: &Tables) -> Result<Vec<PromiseRow>, Fault> {
    let mut rows = Vec::with_capacity(ticket.promises.len());
    for promise in &ticket.promises {
        let (mut text, mut place) = (None, None);
        for (words, shown) in [(&promise.note, &mut text), (&promise.place, &mut place)] {
            if let Some(words) = words {
                *shown = Some(mask_text(&content::get(tx, node.centre, words.id).await?));
            }
        }
        let visitor = promise.unit.as_ref().map(|unit| tables.units.get(unit).map_or_else(|| unit.clone(), |row| row.name.clone()));
        rows.push(PromiseRow { no: promise.no, kind: promise.kind, due: promise.due, text, kept_at: promise.kept_at, place, visitor });
    }
    Ok(rows)
}
