//! Filling an empty store with the sample city, through the same decisions as everything else: nothing here writes a
//! projection of its own.
use super::auth;
use super::fault::Fault;
use super::node::Node;
use super::store::callers;
use super::work::{self, Answer, Asker, Work};
use crate::api::articles::NewArticle;
use crate::api::session::NewUser;
use crate::domain::article::{ArticleText, GuideStep, PolicyLevel};
use crate::domain::event::Actor;
use crate::domain::ids::{CallerId, UserId};
use crate::domain::limits::{HandlerLevel, Line, Tag, TicketKind};
use crate::domain::tables::{ClassRow, EnterpriseRow, ReasonRow, TableEvent, UnitRow, UrgentRow, starter_phrases, starter_units};
use crate::domain::ticket::{Accept, Act, Channel, Command, Given, Ticket};
use crate::sample::{self, City, PastStep, PastTicket};
use chrono::NaiveDate;
use std::collections::HashMap;
use std::sync::Arc;
use uuid::Uuid;

/// How many tickets one command of the seeding carries.
const CHUNK: usize = 50;
/// How far back the sample city's past goes.
const DAYS: u32 = 30;

/// How the sample city is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    /// Same seed, same city.
    pub seed: u64,
    /// How much of it.
    pub size: SampleSize,
}

/// How many tickets and articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SampleSize {
    /// Tickets of the last month.
    pub tickets: usize,
    /// Articles; beyond those written for it, numbered copies for trying out sizes.
    pub articles: usize,
}

impl Default for SampleSize {
    fn default() -> Self {
        SampleSize { tickets: 600, articles: 0 }
    }
}

/// Fills.
///
/// # Errors
/// The store's.
pub async fn fill(node: &Arc<Node>, sample: &Sample) -> Result<(), Fault> {
    let city = City::shared();
    put_tables(node, city).await?;
    let users = add_users(node, city).await?;
    publish(node, city, sample.size.articles).await?;
    let now = node.clock.now();
    let mut chunk = Vec::with_capacity(CHUNK);
    for past in sample::history(sample.seed, now, DAYS, sample.size.tickets) {
        chunk.push(past);
        if chunk.len() == CHUNK {
            put_past(node, std::mem::take(&mut chunk), &users).await?;
        }
    }
    put_past(node, chunk, &users).await
}

/// What a centre without the sample city starts with: the sample city's reasons, urgent and company classes and catalogue,
/// and an example of a unit tree.
///
/// # Errors
/// The store's.
pub async fn starter(node: &Arc<Node>) -> Result<(), Fault> {
    let (city, units) = (City::shared(), starter_units());
    node.by_itself(move |mut work| {
        let units = units.clone();
        Box::pin(async move {
            let here = |code: &String| units.iter().any(|unit| &unit.code == code);
            let mut rows: Vec<TableEvent> = units.iter().cloned().map(TableEvent::UnitPut).collect();
            rows.extend(tables_of(city, here));
            work::put_events(&mut work, rows).await?;
            Answer::json(200, &())
        })
    })
    .await
    .map(drop)
}

/// The tables of the city besides its units; a class goes by default to those of its units that are `here`.
fn tables_of(city: &City, here: impl Fn(&String) -> bool) -> Vec<TableEvent> {
    let parent = |code: &str| city.parents.iter().find(|parent| parent.code == code).map_or_else(String::new, |parent| parent.name.clone());
    let mut rows: Vec<TableEvent> = starter_phrases().into_iter().map(TableEvent::PhrasePut).collect();
    rows.extend(city.classes.iter().map(|class| {
        TableEvent::ClassPut(ClassRow {
            code: class.code.clone(),
            parent: parent(class.parent()),
            name: class.name.clone(),
            units: class.units.iter().filter(|unit| here(unit)).cloned().collect(),
            keywords: class.keywords.clone(),
        })
    }));
    rows.extend(city.urgent_classes.iter().map(|class| {
        TableEvent::UrgentPut(UrgentRow { code: class.code.clone(), name: class.name.clone(), name_en: class.name_en.clone() })
    }));
    rows.extend(
        city.enterprise_classes.iter().map(|class| TableEvent::EnterprisePut(EnterpriseRow { code: class.code.clone(), name: class.name.clone() })),
    );
    rows.extend(city.reasons.iter().map(|reason| {
        TableEvent::ReasonPut(ReasonRow { table: reason.table.clone(), code: reason.code.clone(), name: reason.name.clone(), name_en: reason.name_en.clone() })
    }));
    rows
}

async fn put_tables(node: &Arc<Node>, city: &'static City) -> Result<(), Fault> {
    node.by_itself(move |mut work| {
        Box::pin(async move {
            let mut rows = Vec::new();
            rows.extend(city.units.iter().map(|unit| {
                TableEvent::UnitPut(UnitRow {
                    code: unit.code.clone(),
                    name: unit.name.clone(),
                    name_en: unit.name_en.clone(),
                    kind: code_of(&unit.kind),
                    level: HandlerLevel::from_code(&code_of(&unit.level)).unwrap_or(HandlerLevel::City),
                    duty_phone: Some(unit.duty_phone.clone()),
                    office_close: (unit.code == "city").then(|| "18:00".to_owned()),
                })
            }));
            rows.extend(tables_of(city, |_| true));
            work::put_events(&mut work, rows).await?;
            Answer::json(200, &())
        })
    })
    .await
    .map(drop)
}

/// The snake_case code of a unit-like enum of the sample.
fn code_of(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

async fn add_users(node: &Arc<Node>, city: &'static City) -> Result<HashMap<String, UserId>, Fault> {
    let hash = auth::hash_aside(sample::PASSWORD.into()).await?;
    let mut users = HashMap::new();
    let people = sample::people(city);
    let added = people.iter().map(|person| {
        let role = if person.role == "handler" { "handler_clerk" } else { person.role };
        let new = NewUser { login: person.login.clone(), name: person.name.clone(), roles: vec![role.into()], unit: Some(person.unit.clone()), password: None };
        let hash = hash.clone();
        node.by_itself(move |work| work::add_user(work, new.clone(), Some(hash.clone())))
    });
    for (person, answer) in people.iter().zip(futures_util::future::join_all(added).await) {
        let row: crate::api::session::UserRow = serde_json::from_str(&answer?.body)?;
        users.insert(person.login.clone(), row.id);
    }
    Ok(users)
}

fn article(article: &sample::Article) -> NewArticle {
    let date = |text: &str| text.parse::<NaiveDate>().ok();
    NewArticle {
        code: Some(article.code.clone()),
        external_id: None,
        level: match code_of(&article.level).as_str() {
            "national" => PolicyLevel::National,
            "province" => PolicyLevel::Province,
            "district" => PolicyLevel::District,
            _ => PolicyLevel::City,
        },
        effective: date(&article.effective.to_string()),
        expiry: article.expiry.as_ref().and_then(|expiry| date(&expiry.to_string())),
        owner: Some(article.owner.clone()),
        successor: article.successor.clone(),
        text: ArticleText {
            title: article.title.clone(),
            document_number: article.document_number.clone(),
            issuer: article.issuer.clone(),
            keywords: article.keywords.clone(),
            plain_answer: article.answer.clone(),
            clause: article.clause.clone(),
            steps: article
                .steps
                .iter()
                .map(|step| GuideStep {
                    what: step.what.clone(),
                    who: step.who.clone(),
                    materials: step.materials.clone(),
                    fee: step.fee.clone(),
                    time: step.time.clone(),
                })
                .collect(),
        },
    }
}

async fn publish(node: &Arc<Node>, city: &'static City, wanted: usize) -> Result<(), Fault> {
    let written: Vec<NewArticle> = city.articles.iter().map(article).collect();
    let copies = (written.len()..wanted).map(|number| {
        let mut copy = written[number % written.len()].clone();
        copy.code = Some(format!("K{:04}", number + 1000));
        copy.text.title = format!("{}（样例 {number}）", copy.text.title);
        copy
    });
    let all: Vec<NewArticle> = written.iter().cloned().chain(copies).collect();
    for chunk in all.chunks(64) {
        let published = chunk.iter().cloned().map(|new| node.by_itself(move |work| work::publish(work, new.clone(), None)));
        for answer in futures_util::future::join_all(published).await {
            answer?;
        }
    }
    Ok(())
}

async fn put_past(node: &Arc<Node>, chunk: Vec<PastTicket>, users: &HashMap<String, UserId>) -> Result<(), Fault> {
    let mut numbered = Vec::with_capacity(chunk.len());
    for past in chunk {
        let number = node.ticket_numbers_of(past.accepted_at, 1).await?.pop().unwrap_or_default();
        numbered.push((past, number));
    }
    let (numbered, users) = (Arc::new(numbered), Arc::new(users.clone()));
    node.by_itself(move |mut work| {
        let (numbered, users) = (Arc::clone(&numbered), Arc::clone(&users));
        Box::pin(async move {
            for (past, number) in numbered.iter() {
                one(&mut work, past, number, &users).await?;
            }
            Answer::json(200, &())
        })
    })
    .await
    .map(drop)
}

async fn one(work: &mut Work<'_, '_>, past: &PastTicket, number: &str, users: &HashMap<String, UserId>) -> Result<(), Fault> {
    let asker = |login: &str| Asker { viewer: None, actor: users.get(login).map_or(Actor::System, |user| Actor::User(*user)), key: None };
    let centre = work.node.centre;
    let caller = callers::find_or_add(work.tx, centre, &work.node.keys, &past.caller.number, Some(&past.caller.name), CallerId(Uuid::now_v7()), past.accepted_at).await?;
    let intent = &past.intent;
    let accept = Accept {
        id: past.id,
        number: number.to_owned(),
        kind: TicketKind::from_code(&code_of(&intent.kind)).unwrap_or(TicketKind::HelpRequest),
        class: intent.enterprise_class.clone().or_else(|| Some(intent.class.clone())),
        urgent_class: intent.urgent_class.clone(),
        tag: past.priority.then_some(Tag::SpeedUp),
        green: intent.green_channel,
        line: Line::from_code(&code_of(&past.line)).unwrap_or(Line::Citizen),
        channel: match past.channel {
            sample::Channel::Phone => Channel::Phone,
            sample::Channel::Web => Channel::Web,
            sample::Channel::Outpost => Channel::Outpost,
        },
        title: work.text("title", &intent.title).await?,
        body: work.text("body", &intent.body).await?,
        place: work.maybe_text("place", Some(&intent.place)).await?,
        caller: Some(caller),
        call: None,
        pins: Vec::new(),
        enterprise: None,
    };
    let accepted = asker(&past.accepted_by);
    let mut by = Work { tx: &mut *work.tx, node: work.node, tables: Arc::clone(&work.tables), asker: &accepted, now: work.now };
    let mut ticket = work::step(&mut by, past.id, None, &Command::Accept(Box::new(accept)), Some(past.accepted_at)).await?;
    for act in &past.acts {
        let who = asker(&act.actor);
        let mut by = Work { tx: &mut *work.tx, node: work.node, tables: Arc::clone(&work.tables), asker: &who, now: work.now };
        let Some((what, given)) = told(&mut by, &act.step).await? else { continue };
        ticket = work::step(&mut by, past.id, ticket, &Command::Do(what, Box::new(given)), Some(act.at)).await?;
    }
    if let Some(ticket) = raised(work, ticket).await? {
        work::save_ticket(work, &ticket, &intent.title).await?;
    }
    Ok(())
}

/// The flags its past deserves are part of its past.
async fn raised(work: &mut Work<'_, '_>, ticket: Option<Ticket>) -> Result<Option<Ticket>, Fault> {
    let Some(ticket) = ticket else { return Ok(None) };
    if !ticket.step.is_open() {
        return Ok(Some(ticket));
    }
    let id = ticket.id;
    work::step(work, id, Some(ticket), &Command::Turn, None).await
}

/// A past step as the act and what it brought.
async fn told(work: &mut Work<'_, '_>, step: &PastStep) -> Result<Option<(Act, Given)>, Fault> {
    let mut given = Given::default();
    let act = match step {
        PastStep::Answered { .. } => Act::Answer,
        PastStep::Dispatched { unit } => {
            given.unit = Some(unit.clone());
            Act::Dispatch
        }
        PastStep::Signed => Act::Sign,
        PastStep::Contacted { note } => {
            given.text = Some(work.text("text", note).await?);
            Act::Contact
        }
        PastStep::Replied { text } => {
            given.text = Some(work.text("text", text).await?);
            Act::Reply
        }
        PastStep::Reviewed => Act::Review,
        PastStep::CalledBack { solved, rating } => {
            given.solved = Some(*solved);
            given.rating = rating.map(i64::from);
            Act::CallBack
        }
        PastStep::Archived => Act::Archive,
        PastStep::ReturnRequested { reason, note } => {
            given.reason = Some(reason.clone());
            given.text = Some(work.text("text", note).await?);
            Act::RequestReturn
        }
        PastStep::ReturnGranted { unit } => {
            given.unit = Some(unit.clone());
            Act::Redispatch
        }
        PastStep::ReturnRefused { note } => {
            given.text = Some(work.text("text", note).await?);
            Act::RefuseReturn
        }
        PastStep::ExtensionRequested { reason, working_days } => {
            given.reason = Some(reason.clone());
            given.days = Some(*working_days);
            Act::RequestExtension
        }
        PastStep::ExtensionGranted => {
            given.days = Some(5);
            Act::GrantExtension
        }
        PastStep::Suspended { reason } => {
            given.reason = Some(reason.clone());
            Act::Suspend
        }
        PastStep::Resumed => Act::Resume,
        PastStep::Urged { note } => {
            given.text = Some(work.text("text", note).await?);
            Act::Urge
        }
        PastStep::Reworked { .. } => Act::Rework,
        PastStep::Merged { parent } => {
            given.target = Some(*parent);
            Act::Merge
        }
        PastStep::NotAccepted { reason } => {
            given.reason = Some(reason.clone());
            Act::NotAccept
        }
        PastStep::Cancelled { reason } => {
            given.reason = Some(reason.clone());
            Act::Cancel
        }
        PastStep::PassedOn { number } => {
            given.service = Some((*number).to_owned());
            Act::PassOn
        }
    };
    Ok(Some((act, given)))
}
