//! Commands on tickets.
use super::{Answer, Outcome, Work, folded};
use crate::api::tickets::{ActRequest, EditRequest, EnterpriseProfile, LeasedNumbers, NewTicket, Then, TicketRow};
use crate::domain::Timestamp;
use crate::domain::call::Call;
use crate::domain::credit_code;
use crate::domain::event::{Actor, ContentRef};
use crate::domain::ids::TicketId;
use crate::domain::refusal::Refusal;
use crate::domain::rights::Capability;
use crate::domain::ticket::{self, Accept, Act, Channel, Command, Edit, Given, Ticket, TicketEvent};
use crate::server::fault::Fault;
use crate::server::store::{content, numbers, tickets, turns};
use crate::text::mask::unmasked;
use chrono::TimeDelta;
use uuid::Uuid;

/// Longest title, characters.
const LONGEST_TITLE: usize = 200;

/// 受理: a new ticket, and what the intake does with it at once.
///
/// `number`: the server's own, where the seat brings none. `age`: how long ago it was given. That counts for a leased number
/// alone, and reaches back to its lease at the most: nobody dates an intake before their seat was there.
pub fn create<'w>(mut work: Work<'w, '_>, request: NewTicket, number: Option<String>, age: Option<TimeDelta>) -> Outcome<'w> {
    Box::pin(async move {
        let unknown = |number: &str| Refusal::Unknown { field: "number".into(), value: number.to_owned() };
        let (number, at) = match (&request.number, number, &work.asker.actor) {
            (Some(leased), _, Actor::User(user)) => {
                let since = numbers::use_up(work.tx, work.node.centre, user.0, leased).await?.ok_or_else(|| unknown(leased))?;
                // The age is the world's; a sample city's clock may run faster.
                let age = age.map(|age| TimeDelta::milliseconds((age.num_milliseconds() as f64 * work.node.clock.rate) as i64));
                (leased.clone(), age.map(|age| (work.now - age).clamp(since.min(work.now), work.now)))
            }
            (None, Some(number), _) => (number, None),
            (leased, _, _) => return Err(unknown(leased.as_deref().unwrap_or_default()).into()),
        };
        let row = created(&mut work, TicketId(Uuid::now_v7()), request, number, Channel::Phone, at).await?;
        let mut answer = Answer::json(201, &row)?;
        answer.etag = Some(row.version);
        Ok(answer)
    })
}

/// A title as it is kept: trimmed, not empty, not longer than a row can show.
fn title_of(text: &str) -> Result<&str, Refusal> {
    let title = text.trim();
    match title.chars().count() {
        0 => Err(Refusal::Missing { field: "title".into() }),
        count if count > LONGEST_TITLE => Err(Refusal::Unknown { field: "title".into(), value: format!("{count} > {LONGEST_TITLE}") }),
        _ => Ok(title),
    }
}

/// 企业档案 as one text; its code is right, or the intake is refused.
async fn profile(work: &mut Work<'_, '_>, profile: Option<&EnterpriseProfile>) -> Result<Option<ContentRef>, Fault> {
    let Some(profile) = profile.filter(|profile| **profile != EnterpriseProfile::default()) else { return Ok(None) };
    let mut profile = profile.clone();
    if let Some(code) = &mut profile.credit_code {
        *code = credit_code::check(code).map_err(|_| Refusal::Unknown { field: "credit_code".into(), value: code.clone() })?;
    }
    work.text("enterprise", &serde_json::to_string(&profile)?).await.map(Some)
}

/// 预留编号: these numbers are the asker's from now on.
pub fn lease_numbers<'w>(work: Work<'w, '_>, leased: Vec<String>) -> Outcome<'w> {
    Box::pin(async move {
        let Actor::User(user) = &work.asker.actor else { return Err(Refusal::Forbidden { capability: Capability::TicketAccept }.into()) };
        numbers::hand_out(work.tx, work.node.centre, user.0, &leased, work.now).await?;
        Answer::json(201, &LeasedNumbers { numbers: leased })
    })
}

/// The same for imports, which bring their own time and channel.
pub(super) async fn created(
    work: &mut Work<'_, '_>,
    id: TicketId,
    request: NewTicket,
    number: String,
    channel: Channel,
    at: Option<Timestamp>,
) -> Result<TicketRow, Fault> {
    let title = title_of(&request.title)?;
    super::articles::exist(work, &request.pins).await?;
    let caller = match request.call {
        Some(call) => {
            let call = folded::<_, Call>(work.tx, work.node.centre, call.0, crate::domain::call::fold).await?;
            Some(call.ok_or(Refusal::Unknown { field: "call".into(), value: request.call.map(|call| call.to_string()).unwrap_or_default() })?)
        }
        None => None,
    };
    let accept = Accept {
        id,
        number,
        kind: request.kind,
        class: request.class.clone(),
        urgent_class: request.urgent_class.clone(),
        tag: request.tag,
        green: request.green,
        line: caller.as_ref().map_or(request.line, |call| call.line),
        channel,
        title: work.text("title", title).await?,
        body: work.text("body", &request.body).await?,
        place: work.maybe_text("place", request.place.as_deref()).await?,
        caller: caller.as_ref().map(|call| call.caller),
        call: request.call,
        enterprise: profile(work, request.enterprise.as_ref()).await?,
        pins: if request.pins.is_empty() { caller.map(|call| call.pins).unwrap_or_default() } else { request.pins.clone() },
    };
    let pins = accept.pins.clone();
    let mut ticket = step(work, id, None, &Command::Accept(Box::new(accept)), at).await?;
    let then = match &request.then {
        Then::Nothing => None,
        Then::Answer => Some(Command::Do(Act::Answer, Box::new(Given { pins, ..Given::default() }))),
        Then::Dispatch { unit } => Some(Command::Do(Act::Dispatch, Box::new(Given { unit: Some(unit.clone()), ..Given::default() }))),
    };
    // Before what is done with it: a ticket that is answered is told apart from one that is still owed something.
    let promise = match &request.promise {
        Some(promise) => {
            let text = work.maybe_text("promise", promise.text.as_deref()).await?;
            let place = work.maybe_text("place", promise.place.as_deref()).await?;
            let given = Given { promise: Some(promise.kind), due: promise.due, text, place, unit: promise.unit.clone(), ..Given::default() };
            Some(Command::Do(Act::Promise, Box::new(given)))
        }
        None => None,
    };
    for next in promise.into_iter().chain(then) {
        ticket = step(work, id, ticket, &next, at).await?;
    }
    let ticket = ticket.ok_or_else(|| Fault::broken("an accepted ticket folded to nothing"))?;
    saved(work, &ticket, title).await
}

/// Now, as the people see it who may still undo: a sample city's clock may run faster than theirs.
pub fn undo_time(ticket: &Ticket, now: Timestamp, rate: f64) -> Timestamp {
    let Some(last) = ticket.undoable.as_ref().filter(|_| rate > 1.0) else { return now };
    let age = (now - last.at).num_milliseconds() as f64 / rate;
    last.at + TimeDelta::milliseconds(age as i64)
}

/// Decides and appends, without writing the projection yet. `at`: when it happened, where that is not now.
pub async fn step(work: &mut Work<'_, '_>, id: TicketId, ticket: Option<Ticket>, command: &Command, at: Option<Timestamp>) -> Result<Option<Ticket>, Fault> {
    let viewer = work.asker.viewer.as_deref();
    let now = match &ticket {
        Some(ticket) if command.act() == Act::Undo => undo_time(ticket, work.now, work.node.clock.rate),
        _ => at.unwrap_or(work.now),
    };
    let events = ticket::decide(ticket.as_ref(), command, viewer, &work.tables, now)?;
    let mut ticket = ticket;
    for event in events {
        let (version, round) = ticket.as_ref().map_or((0, 1), |ticket| (ticket.version, ticket.round));
        if let TicketEvent::FlagRaised { deadline, level } = &event {
            let deadline = serde_json::to_string(deadline)?;
            turns::raise(work.tx, work.node.centre, &deadline, *level, id.0, work.now).await?;
        }
        let envelope = work.append(&event, id.0, version + 1, round, at).await?;
        ticket = ticket::fold(ticket, &event, &envelope);
    }
    Ok(ticket)
}

/// Writes the projection; the row as everybody sees it.
///
/// # Errors
/// The store's.
pub async fn saved(work: &mut Work<'_, '_>, ticket: &Ticket, title: &str) -> Result<TicketRow, Fault> {
    let (centre, now) = (work.node.centre, work.now);
    let row = tickets::save(work.tx, centre, ticket, title, &work.tables, now).await?;
    // Reading it back costs as much as writing it: debug builds, and so all tests, see that it would be the same.
    if cfg!(debug_assertions) {
        let read = tickets::row(work.tx, centre, ticket.id.0, &work.tables).await?;
        assert_eq!(read.as_ref(), Some(&row), "the row answered is the row written");
    }
    Ok(row)
}

/// The ticket, if this asker may see it: another's is the same as missing.
async fn visible(work: &mut Work<'_, '_>, id: TicketId) -> Result<Ticket, Fault> {
    let ticket: Ticket = folded(work.tx, work.node.centre, id.0, ticket::fold).await?.ok_or(Refusal::NotFound)?;
    match &work.asker.viewer {
        Some(viewer) if !viewer.can_at(Capability::TicketRead, ticket.unit.as_deref()) => Err(Refusal::NotFound.into()),
        _ => Ok(ticket),
    }
}

/// Does the act lead out of the open steps? Then it waits for others that judge this ticket by its being open.
fn ends(act: Act) -> bool {
    matches!(ticket::life::arc(act).to, ticket::To::Step(step) if !step.is_open())
}

/// An act on a ticket.
pub fn act<'w>(mut work: Work<'w, '_>, id: TicketId, act: Act, request: ActRequest) -> Outcome<'w> {
    Box::pin(async move {
        let work = &mut work;
        if ends(act) {
            // In the order of their identities, so that two merges of the same two wait for each other once.
            let mut both = [Some(id), request.target.filter(|target| *target != id)];
            both.sort();
            for one in both.into_iter().flatten() {
                work.tx.lock(one.0).await?;
            }
        }
        let ticket = visible(work, id).await?;
        let title = content::get(work.tx, work.node.centre, ticket.title.id).await?;
        if let Some(target) = request.target {
            let target = visible(work, target).await?;
            if act == Act::Merge && target.id != id {
                ticket::takes_in(&target)?;
            }
        }
        super::articles::exist(work, &request.pins).await?;
        let given = Given {
            text: work.maybe_text("text", request.text.as_deref()).await?,
            unit: request.unit,
            level: request.level,
            reason: request.reason,
            solved: request.solved,
            rating: request.rating,
            target: request.target,
            service: request.service,
            urgent_class: request.urgent_class,
            tag: request.tag,
            days: request.days,
            pins: request.pins,
            reached: request.reached,
            promise: request.promise,
            due: request.due,
            promise_no: request.promise_no,
            place: work.maybe_text("place", request.place.as_deref()).await?,
        };
        let ticket = match step(work, id, Some(ticket), &Command::Do(act, Box::new(given)), None).await {
            Err(Fault::Refused(Refusal::AlreadyClaimed { by })) => return Err(Refusal::AlreadyClaimed { by: work.node.login_of(work.tx, &by).await? }.into()),
            other => other?.ok_or_else(|| Fault::broken("a ticket folded to nothing"))?,
        };
        let row = saved(work, &ticket, &title).await?;
        let mut answer = Answer::json(200, &row)?;
        answer.etag = Some(row.version);
        Ok(answer)
    })
}

/// 修改登记内容: an edit names the version it was made from.
pub fn edit<'w>(mut work: Work<'w, '_>, id: TicketId, request: EditRequest, from: Option<i64>) -> Outcome<'w> {
    Box::pin(async move {
        let work = &mut work;
        let from = from.ok_or(Refusal::MatchRequired)?;
        let ticket = visible(work, id).await?;
        let mut request = request;
        // Who edits saw numbers masked: what came back masked stays the number it stands for.
        let stands = [(&mut request.title, Some(&ticket.title)), (&mut request.body, Some(&ticket.body)), (&mut request.place, ticket.place.as_ref())];
        for (words, stands) in stands {
            if let (Some(words), Some(stands)) = (words, stands) {
                *words = unmasked(words, &content::get(work.tx, work.node.centre, stands.id).await?);
            }
        }
        let edit = Edit {
            kind: request.kind,
            class: request.class,
            title: match &request.title {
                Some(title) => Some(work.text("title", title_of(title)?).await?),
                None => None,
            },
            body: work.maybe_text("body", request.body.as_deref()).await?,
            place: work.maybe_text("place", request.place.as_deref()).await?,
        };
        // Decide first, then stale: an act that would be refused anyway says so, whatever the version.
        let current = ticket.version;
        ticket::decide(Some(&ticket), &Command::Edit(Box::new(edit.clone())), work.asker.viewer.as_deref(), &work.tables, work.now)?;
        if from != current {
            return Err(Refusal::Stale { current }.into());
        }
        let ticket = step(work, id, Some(ticket), &Command::Edit(Box::new(edit)), None).await?.ok_or_else(|| Fault::broken("a ticket folded to nothing"))?;
        let title = content::get(work.tx, work.node.centre, ticket.title.id).await?;
        let row = saved(work, &ticket, &title).await?;
        let mut answer = Answer::json(200, &row)?;
        answer.etag = Some(row.version);
        Ok(answer)
    })
}

/// The sweep's command: raises what is due on one ticket, and gives its row the next moment.
pub fn turn<'w>(mut work: Work<'w, '_>, id: Uuid) -> Outcome<'w> {
    Box::pin(async move {
        let work = &mut work;
        let Some(ticket) = folded::<_, Ticket>(work.tx, work.node.centre, id, ticket::fold).await? else {
            return Answer::json(200, &());
        };
        let title = content::get(work.tx, work.node.centre, ticket.title.id).await?;
        // What the row told last: where a calendar has moved the due since, that is an event of its own.
        let told = tickets::row(work.tx, work.node.centre, id, &work.tables).await?.map(|row| row.clocks);
        let mut ticket = Some(ticket);
        if let Some(told) = told {
            ticket = step(work, TicketId(id), ticket, &Command::Reckon { stood: told.due, provisional: told.provisional }, None).await?;
        }
        let ticket = step(work, TicketId(id), ticket, &Command::Turn, None).await?.ok_or_else(|| Fault::broken("a ticket folded to nothing"))?;
        saved(work, &ticket, &title).await?;
        Answer::json(200, &())
    })
}
