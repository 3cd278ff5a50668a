//! Tickets: listing, showing, filing, and every act of their life.
mod acts;
mod args;
mod explain;
mod list;
mod promises;
mod edit;
mod several;
#[cfg(test)]
mod tests;
#[cfg(test)]
#[cfg(feature = "console")]
mod told_tests;

pub use args::Verb;
pub(super) use args::{line, pin, reveal_reason};
pub(super) use promises::promise_words;

use super::{Exit, Failure, Session, city_due, city_time, words_or_stdin};
use crate::api::audit::{RevealRequest, Revealed};
use crate::api::tickets::{ActRequest, EnterpriseProfile, NewPromise, NewTicket, Then, TicketDetail, TicketQuery, TicketRow};
use crate::client::Client;
use crate::domain::clocks::Flag;
use crate::domain::ids::TicketId;
use crate::domain::ticket::{Act, PromiseKind, Step};
use crate::domain::city_offset;
use crate::words;
use chrono::{Datelike, Utc};
use args::Create;
use serde::Serialize;

pub(super) async fn run(session: &Session, verb: Verb) -> Result<Exit, Failure> {
    // Words are taken in before anything is asked of a backend.
    let (ticket, act, request) = match verb {
        Verb::List(options) => return list::run(session, options).await,
        Verb::Create(options) => return create(session, *options).await,
        Verb::Show { ticket } => {
            let client = session.connect().await?;
            let detail = client.ticket(resolve(&client, &ticket).await?).await?;
            return show(session, &detail);
        }
        Verb::Explain { ticket } => {
            let client = session.connect().await?;
            let detail = client.ticket(resolve(&client, &ticket).await?).await?;
            return explain::run(session, &detail);
        }
        Verb::Numbers { count } => {
            let numbers = session.connect().await?.lease_numbers(count, &session.key()).await?;
            let rows = numbers.numbers.iter().map(|number| vec![number.clone()]).collect();
            return listed(session, &numbers.numbers, rows, None);
        }
        Verb::Reveal { ticket, reason, note } => return reveal(session, &ticket, RevealRequest { reason, note }).await,
        Verb::Looks { ticket } => return looks(session, &ticket).await,
        Verb::Close { ticket, solved, rating } => return close(session, &ticket, solved, rating).await,
        Verb::Do(verb) => {
            let acts::Typed { ticket, act, mut request, target } = verb.typed()?;
            if let Some(target) = target {
                request.target = Some(resolve(&session.connect().await?, &target).await?);
            }
            (ticket, act, request)
        }
        Verb::Promises => return promises::run(session).await,
        Verb::Edit(edit) => return edit::run(session, *edit).await,
        Verb::Promise(promise) => {
            let kind = if promise.policy { PromiseKind::PolicyAnswer } else { PromiseKind::CallBack };
            let text = promise.text.map(|text| words_or_stdin(Some(text))).transpose()?;
            (promise.ticket, Act::Promise, ActRequest { promise: Some(kind), due: promise.due, text, ..ActRequest::default() })
        }
        Verb::Visit(visit) => {
            let text = visit.text.map(|text| words_or_stdin(Some(text))).transpose()?;
            let request = ActRequest { promise: Some(PromiseKind::SiteVisit), due: Some(visit.due), place: visit.place, unit: visit.unit, text, ..ActRequest::default() };
            (visit.ticket, Act::Promise, request)
        }
        Verb::Keep { ticket, no, text } => {
            let text = text.map(|text| words_or_stdin(Some(text))).transpose()?;
            (ticket, Act::KeepPromise, ActRequest { promise_no: no, text, ..ActRequest::default() })
        }
        Verb::Urge { tickets, text, dry_run } => {
            let request = ActRequest { text: text.map(|text| words_or_stdin(Some(text))).transpose()?, ..ActRequest::default() };
            return several::run(session, &tickets, Act::Urge, &request, dry_run).await;
        }
        Verb::Act(any) => {
            let Asked { tickets, act, mut request, target, dry_run } = asked(*any);
            request.text = request.text.map(|text| words_or_stdin(Some(text))).transpose()?;
            if let Some(target) = target {
                request.target = Some(resolve(&session.connect().await?, &target).await?);
            }
            return several::run(session, &tickets, act, &request, dry_run).await;
        }
    };
    let client = session.connect().await?;
    let id = resolve(&client, &ticket).await?;
    done(session, &client.act(id, act, &request, &session.key()).await?)
}

/// A ticket's name as the server knows it: a short number is of this year.
pub(super) fn named(name: &str) -> String {
    let name = name.trim();
    let this_year = Utc::now().with_timezone(&city_offset()).year();
    full_number(name, this_year).unwrap_or_else(|| name.to_owned())
}

/// What `act` was asked for, before anything is looked up: words may still be a `-`, tickets are as people name them.
pub(super) struct Asked {
    pub(super) tickets: Vec<String>,
    pub(super) act: Act,
    pub(super) request: ActRequest,
    pub(super) target: Option<String>,
    pub(super) dry_run: bool,
}

pub(super) fn asked(any: args::AnyAct) -> Asked {
    let request = ActRequest {
        unit: any.unit,
        level: any.level,
        reason: any.reason,
        text: any.text,
        solved: any.solved,
        rating: any.rating,
        target: None,
        service: any.service,
        urgent_class: any.urgent_class,
        tag: any.tag,
        days: any.days,
        pins: any.pins,
        reached: any.reached,
        promise: any.promise,
        due: any.due,
        promise_no: any.promise_no,
        place: any.place,
    };
    Asked { tickets: any.tickets, act: any.act, request, target: any.target, dry_run: any.dry_run }
}

/// The ticket a person names.
pub(super) async fn resolve(client: &Client, name: &str) -> Result<TicketId, Failure> {
    let name = name.trim();
    if let Ok(id) = name.parse() {
        return Ok(id);
    }
    let this_year = Utc::now().with_timezone(&city_offset()).year();
    let number = full_number(name, this_year).ok_or_else(|| Failure::Usage(words!("cli-bad-ticket", value = name)))?;
    let page = client.tickets(&TicketQuery { number: Some(number.clone()), limit: Some(1), ..TicketQuery::default() }).await?;
    page.items.first().map(|row| row.id).ok_or_else(|| Failure::Refused(words!("refusal-not-found", what = number)))
}

/// `1122-0188` of this year is `20261122-0188`; a full number stays; nothing else is one.
fn full_number(name: &str, year: i32) -> Option<String> {
    let (day, ordinal) = name.split_once('-')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(day) || !digits(ordinal) || ordinal.len() > 9 {
        return None;
    }
    match day.len() {
        8 => Some(name.to_owned()),
        4 => Some(format!("{year}{name}")),
        _ => None,
    }
}

/// A list: `{"items", "next"}`, or columns and a word on what follows.
pub(super) fn listed<T: Serialize>(session: &Session, items: &[T], rows: Vec<Vec<String>>, next: Option<String>) -> Result<Exit, Failure> {
    let out = &session.out;
    if out.json {
        out.value(&serde_json::json!({ "items": items, "next": next }))?;
    } else if rows.is_empty() {
        out.line(&words!("command-nothing"))?;
    } else {
        out.columns(&rows)?;
        if let Some(next) = next {
            out.error(&words!("command-more", next = next));
        }
    }
    Ok(Exit::Ok)
}

fn columns(row: &TicketRow) -> Vec<String> {
    vec![row.number.clone(), flag_words(row), step_words(row.step), row.unit_name.clone().or_else(|| row.unit.clone()).unwrap_or_default(), city_time(row.accepted_at), row.title.clone()]
}

fn flag_words(row: &TicketRow) -> String {
    let (glyph, id) = match row.flag {
        Flag::None => return "-".to_owned(),
        Flag::Yellow => ("△", "flag-yellow"),
        Flag::Orange => ("▲", "flag-orange"),
        Flag::Red => ("◆", "flag-red"),
        Flag::Overdue => ("✖", "flag-overdue"),
    };
    format!("{glyph}{}", words::find(id).unwrap_or_default())
}

pub(super) fn step_words(step: Step) -> String {
    words::find(&format!("step-{}", step.code().replace('_', "-"))).unwrap_or_else(|| step.code().to_owned())
}

/// `ticket.accepted` in words; a kind of a later version as it is.
pub(super) fn event_words(kind: &str) -> String {
    let name = kind.split_once('.').map_or(kind, |(_, name)| name);
    words::find(&format!("event-{}", name.replace('_', "-"))).unwrap_or_else(|| kind.to_owned())
}

/// 事由, in words.
pub(super) fn reveal_words(code: &str) -> String {
    words::find(&format!("reveal-{}", code.replace('_', "-"))).unwrap_or_else(|| code.to_owned())
}

async fn reveal(session: &Session, name: &str, request: RevealRequest) -> Result<Exit, Failure> {
    let client = session.connect().await?;
    revealed(session, &client.reveal_ticket(resolve(&client, name).await?, &request, &session.key()).await?)
}

/// The number on standard output alone, whose eyes saw it on standard error.
pub(super) fn revealed(session: &Session, revealed: &Revealed) -> Result<Exit, Failure> {
    // The same key again: it stands in no stored answer.
    let (Some(number), Some(name)) = (&revealed.number, &revealed.name) else { return Err(Failure::Refused(words!("cli-reveal-spent"))) };
    if session.out.json {
        session.out.value(revealed)?;
    } else {
        let number = if number.is_empty() { words!("strip-number-hidden") } else { number.clone() };
        session.out.line(format!("{number}  {name}").trim_end())?;
        session.out.error(&words!("reveal-by", login = revealed.by.as_str(), time = city_time(revealed.at)));
    }
    Ok(Exit::Ok)
}

async fn looks(session: &Session, name: &str) -> Result<Exit, Failure> {
    let client = session.connect().await?;
    let page = client.looks(resolve(&client, name).await?).await?;
    let row = |look: &crate::api::audit::Look| {
        let reason = look.reason.map(|reason| reveal_words(reason.code())).unwrap_or_default();
        vec![city_time(look.at), look.by.clone(), look.name.clone(), event_words(&look.kind), reason, look.note.clone().unwrap_or_default()]
    };
    let rows = page.items.iter().map(row).collect();
    listed(session, &page.items, rows, page.next)
}

fn act_words(act: Act) -> String {
    words::find(&format!("act-{}", act.code().replace('_', "-"))).unwrap_or_else(|| act.code().to_owned())
}

fn show(session: &Session, detail: &TicketDetail) -> Result<Exit, Failure> {
    let out = &session.out;
    if out.json {
        out.value(detail)?;
        return Ok(Exit::Ok);
    }
    out.columns(&[columns(&detail.row)])?;
    for line in [detail.caller.as_ref(), detail.place.as_ref()].into_iter().flatten() {
        out.line(line)?;
    }
    if let Some(due) = detail.row.clocks.due {
        out.line(&words!("command-due", date = city_due(due)))?;
    }
    match detail.body.trim() {
        "" => out.line("")?,
        body => out.block(&format!("\n{body}\n"))?,
    }
    for promise in &detail.promises {
        out.line(&promise_words(promise))?;
    }
    for entry in &detail.timeline {
        let mut line = format!("{}  {}  {}", city_time(entry.at), event_words(&entry.kind), entry.actor);
        if let Some(note) = &entry.note {
            line = format!("{line}  {note}");
        }
        out.line(&line)?;
    }
    let acts: Vec<String> = detail.acts.iter().map(|act| act_words(*act)).collect();
    out.line(&words!("cli-acts", acts = if acts.is_empty() { "-".to_owned() } else { acts.join(" · ") }))?;
    Ok(Exit::Ok)
}

fn done(session: &Session, row: &TicketRow) -> Result<Exit, Failure> {
    if session.out.json {
        session.out.value(row)?;
    } else {
        session.out.columns(&[columns(row)])?;
    }
    Ok(Exit::Ok)
}

async fn create(session: &Session, options: Create) -> Result<Exit, Failure> {
    let mut ticket = intake(options);
    if !ticket.body.is_empty() {
        ticket.body = words_or_stdin(Some(ticket.body))?;
    }
    let row = session.connect().await?.create_ticket(&ticket, &session.key()).await?;
    done(session, &row)
}

/// The intake as it was typed; a `-` for words is still one.
pub(super) fn intake(options: Create) -> NewTicket {
    let then = match options.dispatch {
        Some(unit) => Then::Dispatch { unit },
        None if options.answer => Then::Answer,
        None => Then::Nothing,
    };
    NewTicket {
        kind: options.kind,
        class: options.class,
        urgent_class: options.urgent_class,
        tag: options.tag,
        green: options.green,
        line: options.line.unwrap_or_default(),
        title: options.title,
        body: options.body.unwrap_or_default(),
        place: options.place,
        call: options.call,
        pins: options.pins,
        then,
        number: None,
        enterprise: Some(EnterpriseProfile { credit_code: options.credit_code, industry: options.industry, park: options.park }).filter(|profile| *profile != EnterpriseProfile::default()),
        promise: options.promise.map(|kind| NewPromise { kind, due: options.due, text: options.promise_text, place: options.visit_place, unit: options.visit_unit }),
    }
}

/// What `close` does next at a step, with the acts the ticket offers to this person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Closing {
    Do(Act),
    SolvedNeeded,
    CannotYet,
    Done,
}

fn closing(acts: &[Act], solved: Option<bool>, archived: bool) -> Closing {
    if acts.contains(&Act::Archive) {
        Closing::Do(Act::Archive)
    } else if acts.contains(&Act::CallBack) {
        if solved.is_some() { Closing::Do(Act::CallBack) } else { Closing::SolvedNeeded }
    } else if acts.contains(&Act::Answer) {
        Closing::Do(Act::Answer)
    } else if archived {
        Closing::Done
    } else {
        Closing::CannotYet
    }
}

async fn close(session: &Session, name: &str, solved: Option<bool>, rating: Option<i64>) -> Result<Exit, Failure> {
    let client = session.connect().await?;
    let id = resolve(&client, name).await?;
    let mut last = None;
    // Two arcs at most lead from where a ticket can be closed to the archive.
    for step in 0..2 {
        let detail = client.ticket(id).await?;
        let act = match closing(&detail.acts, solved, detail.row.step == Step::Archived) {
            Closing::Do(act) => act,
            Closing::SolvedNeeded => return Err(Failure::Usage(words!("cli-solved-needed"))),
            // Called back and answered tickets are closed; that somebody else archives them is no failure.
            Closing::CannotYet | Closing::Done if last.is_some() => break,
            Closing::Done => {
                last = Some(detail.row);
                break;
            }
            Closing::CannotYet => {
                let acts: Vec<String> = detail.acts.iter().map(|act| act_words(*act)).collect();
                return Err(Failure::Refused(words!("refusal-illegal-step", step = step_words(detail.row.step), act = words!("cli-close"), legal = acts.join(" · "))));
            }
        };
        // Not solved: it goes back to be done again, so it is not put away.
        if act == Act::Archive && step == 1 && solved == Some(false) {
            break;
        }
        let request = ActRequest { solved: solved.filter(|_| act == Act::CallBack), rating: rating.filter(|_| act == Act::CallBack), ..ActRequest::default() };
        let key = format!("{}-{}", session.key(), act.code());
        last = Some(client.act(id, act, &request, &key).await?);
    }
    match last {
        Some(row) => done(session, &row),
        None => Ok(Exit::Ok),
    }
}
