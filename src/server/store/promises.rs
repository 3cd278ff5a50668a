//! 承诺 that are still to be kept, a row each: so that whoever gave one, or has to keep it, is asked for theirs by one index.
//! What was promised stands in the ticket's events; the words in the content store.
use super::error::StoreError;
use super::tx::Tx;
use super::value::Row;
use crate::domain::event::CentreId;
use crate::domain::ids::{TicketId, UserId};
use crate::domain::ticket::Ticket;
use uuid::Uuid;

/// How many are given at once: more than anybody keeps in mind.
const MOST: i64 = 50;

/// Writes the rows of a ticket as its state has them. A ticket without any promise costs nothing.
///
/// # Errors
/// The store's.
pub async fn save(tx: &mut Tx<'_>, centre: CentreId, ticket: &Ticket) -> Result<(), StoreError> {
    if ticket.promises.is_empty() {
        return Ok(());
    }
    tx.execute("DELETE FROM promise_row WHERE centre = ?1 AND ticket = ?2", &[centre.into(), ticket.id.0.into()]).await?;
    for (no, due, by, unit) in rows(ticket) {
        tx.execute(
            "INSERT INTO promise_row (centre, ticket, no, due_at, made_by, unit) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            &[centre.into(), ticket.id.0.into(), no.into(), due.into(), by.into(), unit.into()],
        )
        .await?;
    }
    Ok(())
}

/// A row as the ticket's state has it: number, due, who gave it, whose unit is to keep it.
pub type PromiseValues = (i64, i64, Option<Uuid>, Option<String>);

/// What [`save`] writes of a ticket, and a rebuild compares.
pub fn rows(ticket: &Ticket) -> Vec<PromiseValues> {
    ticket
        .open_promises()
        .map(|promise| {
            let unit = promise.unit.as_ref().or(ticket.unit.as_ref()).cloned();
            (i64::from(promise.no), promise.due.timestamp_micros(), promise.by.map(|user| user.0), unit)
        })
        .collect()
}

/// The promises this person gave or this unit (and those below it) is to keep: ticket and number, the next due first.
///
/// # Errors
/// The store's.
pub async fn of_person(tx: &mut Tx<'_>, centre: CentreId, user: UserId, unit: Option<&str>) -> Result<Vec<(TicketId, u32)>, StoreError> {
    let below = |end: char| unit.map(|unit| format!("{unit}{end}"));
    let rows = tx
        .query(
            "SELECT ticket, no FROM promise_row WHERE centre = ?1 AND (made_by = ?2 OR unit = ?3 OR (unit >= ?4 AND unit < ?5)) ORDER BY due_at, ticket, no LIMIT ?6",
            &[centre.into(), user.0.into(), unit.map(str::to_owned).into(), below('.').into(), below('/').into(), MOST.into()],
        )
        .await?;
    Ok(named(&rows))
}

/// The same of everything this caller came with.
///
/// # Errors
/// The store's.
pub async fn of_caller(tx: &mut Tx<'_>, centre: CentreId, caller: Uuid) -> Result<Vec<(TicketId, u32)>, StoreError> {
    let rows = tx
        .query(
            "SELECT p.ticket, p.no FROM ticket_row t JOIN promise_row p ON p.centre = t.centre AND p.ticket = t.id
             WHERE t.centre = ?1 AND t.caller = ?2 ORDER BY p.due_at, p.ticket, p.no LIMIT ?3",
            &[centre.into(), caller.into(), MOST.into()],
        )
        .await?;
    Ok(named(&rows))
}

fn named(rows: &[Row]) -> Vec<(TicketId, u32)> {
    rows.iter().map(|row| (TicketId(row.id(0)), u32::try_from(row.int(1)).unwrap_or(0))).collect()
}

/// All rows of a ticket after this one as they are stored, at most 500: ticket, then as [`rows`] gives them.
///
/// # Errors
/// The store's.
pub async fn stored(tx: &mut Tx<'_>, centre: CentreId, after: (Uuid, i64)) -> Result<Vec<(Uuid, PromiseValues)>, StoreError> {
    let rows = tx
        .query(
            "SELECT ticket, no, due_at, made_by, unit FROM promise_row WHERE centre = ?1 AND (ticket, no) > (?2, ?3) ORDER BY ticket, no LIMIT 500",
            &[centre.into(), after.0.into(), after.1.into()],
        )
        .await?;
    Ok(rows.iter().map(|row| (row.id(0), (row.int(1), row.int(2), row.maybe_id(3), row.maybe_text(4)))).collect())
}
