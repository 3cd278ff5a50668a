//! Bulk imports: a batch is one command, each row a savepoint of its own, so that a refused row spoils no other; a row
//! that was imported before changes nothing.
use super::articles::{Became, published};
use super::tickets::{created, saved, step};
use super::{Answer, Outcome, Work};
use crate::api::import::{ArticleBatch, ImportOutcome, ImportedTicket, Refused, TicketBatch};
use crate::api::tickets::{NewTicket, Then};
use crate::domain::ids::TicketId;
use crate::domain::refusal::Refusal;
use crate::domain::ticket::{Act, Channel, Command, Given, Ticket};
use crate::server::fault::Fault;
use crate::server::store::imported;
use uuid::Uuid;

/// Tickets of the past: accepted, dispatched and, where there is a reply, signed, replied, reviewed and called back, each at
/// its own time in the world and recorded now.
pub fn tickets<'w>(mut work: Work<'w, '_>, batch: TicketBatch, numbers: Vec<String>) -> Outcome<'w> {
    Box::pin(async move { Answer::json(200, &taken_in(&mut work, batch, numbers).await?) })
}

/// What [`tickets`] would make of a batch. Nothing is kept, and no number is spent.
pub fn judge_tickets<'w>(mut work: Work<'w, '_>, batch: TicketBatch) -> Outcome<'w> {
    Box::pin(async move {
        let numbers = standing_in(batch.len());
        work.tx.savepoint().await?;
        let outcome = taken_in(&mut work, batch, numbers).await?;
        work.tx.rollback().await?;
        Answer::json(200, &outcome)
    })
}

/// What stands for numbers and codes while rows are only judged; longer than any that is given out.
fn standing_in(count: usize) -> Vec<String> {
    (0..count).map(|index| format!("judged-{index}")).collect()
}

async fn taken_in(work: &mut Work<'_, '_>, batch: TicketBatch, numbers: Vec<String>) -> Result<ImportOutcome, Fault> {
    let mut outcome = ImportOutcome::default();
    for (row, number) in batch.into_iter().zip(numbers) {
        work.tx.savepoint().await?;
        let put = ticket(work, row.row, number).await;
        match settled(work, row.line, put, &mut outcome).await? {
            Some(true) => outcome.created += 1,
            Some(false) => outcome.unchanged += 1,
            None => {}
        }
    }
    Ok(outcome)
}

/// Keeps one row, or takes back what it had done and says why; the rows beside it stand.
async fn settled<T>(work: &mut Work<'_, '_>, line: u64, put: Result<T, Fault>, outcome: &mut ImportOutcome) -> Result<Option<T>, Fault> {
    match put {
        Ok(put) => {
            work.tx.release().await?;
            Ok(Some(put))
        }
        Err(Fault::Refused(refusal)) => {
            work.tx.rollback().await?;
            outcome.refused.push(Refused { line, why: crate::server::routes::problem_of(&refusal).title });
            Ok(None)
        }
        Err(other) => Err(other),
    }
}

async fn ticket(work: &mut Work<'_, '_>, row: ImportedTicket, number: String) -> Result<bool, Fault> {
    super::short("external_id", Some(&row.external_id))?;
    if row.external_id.trim().is_empty() {
        return Err(Refusal::Missing { field: "external_id".into() }.into());
    }
    if row.replied_at.is_none() && row.reply.as_ref().is_some_and(|reply| !reply.trim().is_empty()) {
        return Err(Refusal::Missing { field: "replied_at".into() }.into());
    }
    if imported::find(work.tx, work.node.centre, "ticket", &row.external_id).await?.is_some() {
        return Ok(false);
    }
    if row.accepted_at > work.now {
        return Err(Refusal::Unknown { field: "accepted_at".into(), value: row.accepted_at.to_rfc3339() }.into());
    }
    if let Some(replied) = row.replied_at.filter(|replied| *replied < row.accepted_at) {
        return Err(Refusal::Unknown { field: "replied_at".into(), value: format!("{} < {}", replied.to_rfc3339(), row.accepted_at.to_rfc3339()) }.into());
    }
    let id = TicketId(Uuid::now_v7());
    imported::keep(work.tx, work.node.centre, "ticket", &row.external_id, id.0).await?;
    let unit = match row.unit {
        Some(unit) => unit,
        None => work.tables.units.keys().next().cloned().ok_or(Refusal::Missing { field: "unit".into() })?,
    };
    let request = NewTicket {
        kind: row.kind,
        class: None,
        urgent_class: row.urgent_class,
        tag: None,
        green: false,
        line: row.line,
        title: row.title.clone(),
        body: row.body,
        place: row.place,
        call: None,
        pins: Vec::new(),
        then: Then::Dispatch { unit },
        number: None,
        enterprise: None,
        promise: None,
    };
    created(work, id, request, number, Channel::Import, Some(row.accepted_at)).await?;
    if let Some(replied_at) = row.replied_at {
        let reply = row.reply.unwrap_or_default();
        let mut ticket: Option<Ticket> = super::folded(work.tx, work.node.centre, id.0, crate::domain::ticket::fold).await?;
        let text = work.maybe_text("reply", Some(if reply.trim().is_empty() { "—" } else { &reply })).await?;
        for (act, given) in [(Act::Sign, Given::default()), (Act::Reply, Given { text, ..Given::default() }), (Act::Review, Given::default())] {
            ticket = step(work, id, ticket, &Command::Do(act, Box::new(given)), Some(replied_at)).await?;
        }
        if let Some(ticket) = &ticket {
            saved(work, ticket, row.title.trim()).await?;
        }
    }
    Ok(true)
}

/// Articles: new ones get the codes given, known ones a new revision where they changed.
pub fn articles<'w>(mut work: Work<'w, '_>, batch: ArticleBatch, codes: Vec<String>) -> Outcome<'w> {
    Box::pin(async move { Answer::json(200, &put_in(&mut work, batch, codes).await?) })
}

/// What [`articles`] would make of a batch. Nothing is kept, and no code is spent.
pub fn judge_articles<'w>(mut work: Work<'w, '_>, batch: ArticleBatch) -> Outcome<'w> {
    Box::pin(async move {
        let codes = standing_in(batch.len());
        work.tx.savepoint().await?;
        let outcome = put_in(&mut work, batch, codes).await?;
        work.tx.rollback().await?;
        Answer::json(200, &outcome)
    })
}

async fn put_in(work: &mut Work<'_, '_>, batch: ArticleBatch, codes: Vec<String>) -> Result<ImportOutcome, Fault> {
    let mut outcome = ImportOutcome::default();
    for (row, code) in batch.into_iter().zip(codes) {
        work.tx.savepoint().await?;
        let put = published(work, row.row, Some(&code)).await;
        match settled(work, row.line, put, &mut outcome).await? {
            Some((_, Became::Created)) => outcome.created += 1,
            Some((_, Became::Updated)) => outcome.updated += 1,
            Some((_, Became::Unchanged)) => outcome.unchanged += 1,
            None => {}
        }
    }
    Ok(outcome)
}
