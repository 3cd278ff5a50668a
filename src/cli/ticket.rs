//! Tickets: listing, showing, filing, and every act of their life.
use super::{Exit, Failure, Paging, Session, city_time, coded, words_or_stdin};
use crate::api::MAX_LIMIT;
use crate::api::tickets::{ActRequest, NewTicket, Sort, Then, TicketDetail, TicketQuery, TicketRow};
use crate::client::Client;
use crate::domain::clocks::Flag;
use crate::domain::ids::{ArticleId, TicketId};
use crate::domain::limits::{HandlerLevel, Line, Tag, TicketKind};
use crate::domain::ticket::{Act, Pin, Step};
use crate::domain::{Timestamp, city_offset};
use crate::words;
use chrono::{Datelike, Utc};
use clap::{Args, Subcommand};
use serde::Serialize;

/// 工单 (tickets). A ticket is named by its id, its number `20261122-0188`, or short `1122-0188` of this year.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// 工单列表 List tickets
    List(List),
    /// 工单详情 Show one ticket
    Show {
        /// 工单 ticket
        ticket: String,
    },
    /// 受理登记 File a ticket
    Create(Box<Create>),
    /// 领取 Claim a ticket
    Take {
        /// 工单 ticket
        ticket: String,
    },
    /// 派单 Dispatch to a unit
    Dispatch {
        /// 工单 ticket
        ticket: String,
        /// 承办单位代码 unit code
        unit: String,
    },
    /// 签收 Sign for it
    Sign {
        /// 工单 ticket
        ticket: String,
    },
    /// 记一次联系，内容可由标准输入给出 Log a contact; words from standard input where none are given
    Contact {
        /// 工单 ticket
        ticket: String,
        /// 内容 words
        text: Option<String>,
        /// 没有联系上 the caller was not reached
        #[arg(long)]
        not_reached: bool,
    },
    /// 反馈办理结果，内容可由标准输入给出 Reply; words from standard input where none are given
    Reply {
        /// 工单 ticket
        ticket: String,
        /// 内容 words
        text: Option<String>,
    },
    /// 审核通过 Review and pass
    Review {
        /// 工单 ticket
        ticket: String,
    },
    /// 办结：回访并归档，或直接解答 Close: call back and archive, or answer directly
    Close {
        /// 工单 ticket
        ticket: String,
        /// 是否解决 solved: yes, no
        #[arg(long, value_name = "yes|no", value_parser = yes_or_no)]
        solved: Option<bool>,
        /// 满意度 rating
        #[arg(long, value_name = "1-5", value_parser = clap::value_parser!(i64).range(1..=5))]
        rating: Option<i64>,
    },
    /// 任一动作 Any act of a ticket's life
    Act(Box<AnyAct>),
}

/// How a list is narrowed and ordered.
#[derive(Debug, Args)]
pub struct List {
    /// 环节 step
    #[arg(long, value_parser = |text: &str| coded(text, Step::from_code, &codes(Step::ALL, Step::code)))]
    step: Option<Step>,
    /// 承办单位及其下级 unit and those below it
    #[arg(long)]
    unit: Option<String>,
    /// 标识 flag: yellow, orange, red, overdue
    #[arg(long, value_parser = flag)]
    flag: Option<Flag>,
    /// 未办结的 open ones
    #[arg(long, conflicts_with = "closed")]
    open: bool,
    /// 已办结的 closed ones
    #[arg(long)]
    closed: bool,
    /// 最新的在前；否则最先变色的在前 newest first; else what turns next first
    #[arg(long)]
    newest: bool,
    /// How much.
    #[command(flatten)]
    paging: Paging,
}

/// A ticket to be filed.
#[derive(Debug, Args)]
pub struct Create {
    /// 标题 title
    #[arg(long)]
    title: String,
    /// 类型 kind
    #[arg(long, value_parser = |text: &str| coded(text, TicketKind::from_code, &codes(TicketKind::ALL, TicketKind::code)))]
    kind: TicketKind,
    /// 诉求，- 表示标准输入 what is asked; - for standard input
    #[arg(long)]
    body: Option<String>,
    /// 地点 place
    #[arg(long)]
    place: Option<String>,
    /// 事项代码 class of matter
    #[arg(long)]
    class: Option<String>,
    /// 急难愁盼代码 urgent class
    #[arg(long)]
    urgent_class: Option<String>,
    /// 热线 line
    #[arg(long, value_parser = |text: &str| coded(text, Line::from_code, &codes(Line::ALL, Line::code)))]
    line: Option<Line>,
    /// 通话编号 the call it came from
    #[arg(long)]
    call: Option<crate::domain::ids::CallId>,
    /// 立即派给 dispatch at once to this unit
    #[arg(long, value_name = "UNIT", conflicts_with = "answer")]
    dispatch: Option<String>,
    /// 直接解答 answered directly
    #[arg(long)]
    answer: bool,
}

/// Any act with whatever it brings; the ticket's life says what it must bring.
#[derive(Debug, Args)]
pub struct AnyAct {
    /// 工单 ticket
    ticket: String,
    /// 动作代码 act
    #[arg(value_parser = |text: &str| coded(text, Act::from_code, &codes(Act::ALL, Act::code)))]
    act: Act,
    /// 承办单位 unit
    #[arg(long)]
    unit: Option<String>,
    /// 承办层级 handler level
    #[arg(long, value_parser = |text: &str| coded(text, HandlerLevel::from_code, &codes(HandlerLevel::ALL, HandlerLevel::code)))]
    level: Option<HandlerLevel>,
    /// 原因代码 reason code
    #[arg(long)]
    reason: Option<String>,
    /// 内容，- 表示标准输入 words; - for standard input
    #[arg(long)]
    text: Option<String>,
    /// 是否解决 solved
    #[arg(long, value_name = "yes|no", value_parser = yes_or_no)]
    solved: Option<bool>,
    /// 满意度 rating
    #[arg(long, value_name = "1-5", value_parser = clap::value_parser!(i64).range(1..=5))]
    rating: Option<i64>,
    /// 并入的工单 ticket to merge into
    #[arg(long)]
    target: Option<String>,
    /// 110 119 120 122
    #[arg(long)]
    service: Option<String>,
    /// 急难愁盼代码 urgent class
    #[arg(long)]
    urgent_class: Option<String>,
    /// 优先 priority tag
    #[arg(long, value_parser = |text: &str| coded(text, Tag::from_code, &codes(Tag::ALL, Tag::code)))]
    tag: Option<Tag>,
    /// 工作日 working days
    #[arg(long)]
    days: Option<u32>,
    /// 联系上了 the caller was reached
    #[arg(long, value_name = "yes|no", value_parser = yes_or_no)]
    reached: Option<bool>,
    /// 答复依据 条目编号@版次 article id@revision
    #[arg(long = "pin", value_parser = pin)]
    pins: Vec<Pin>,
}

fn codes<T: Copy>(all: &[T], code: impl Fn(T) -> &'static str) -> Vec<&'static str> {
    all.iter().map(|one| code(*one)).collect()
}

fn yes_or_no(text: &str) -> Result<bool, String> {
    match text {
        "yes" | "true" | "是" => Ok(true),
        "no" | "false" | "否" => Ok(false),
        _ => Err("yes | no".to_owned()),
    }
}

fn flag(text: &str) -> Result<Flag, String> {
    serde_json::from_value(serde_json::Value::String(text.to_owned())).map_err(|_| "yellow | orange | red | overdue | none".to_owned())
}

fn pin(text: &str) -> Result<Pin, String> {
    let (article, revision) = text.split_once('@').ok_or("ID@N")?;
    let article: ArticleId = article.parse().map_err(|_| "ID@N".to_owned())?;
    Ok(Pin { article, revision: revision.parse().map_err(|_| "ID@N".to_owned())? })
}

pub(super) async fn run(session: &Session, verb: Verb) -> Result<Exit, Failure> {
    // Words are taken in before anything is asked of a backend.
    let none = ActRequest::default;
    let (ticket, act, request) = match verb {
        Verb::List(options) => return list(session, options).await,
        Verb::Create(options) => return create(session, *options).await,
        Verb::Show { ticket } => {
            let client = session.connect().await?;
            let detail = client.ticket(resolve(&client, &ticket).await?).await?;
            return show(session, &detail);
        }
        Verb::Close { ticket, solved, rating } => return close(session, &ticket, solved, rating).await,
        Verb::Take { ticket } => (ticket, Act::Claim, none()),
        Verb::Dispatch { ticket, unit } => (ticket, Act::Dispatch, ActRequest { unit: Some(unit), ..none() }),
        Verb::Sign { ticket } => (ticket, Act::Sign, none()),
        Verb::Contact { ticket, text, not_reached } => {
            (ticket, Act::Contact, ActRequest { text: Some(words_or_stdin(text)?), reached: Some(!not_reached), ..none() })
        }
        Verb::Reply { ticket, text } => (ticket, Act::Reply, ActRequest { text: Some(words_or_stdin(text)?), ..none() }),
        Verb::Review { ticket } => (ticket, Act::Review, none()),
        Verb::Act(any) => {
            let client = session.connect().await?;
            let target = match &any.target {
                Some(target) => Some(resolve(&client, target).await?),
                None => None,
            };
            let text = any.text.map(|text| words_or_stdin(Some(text))).transpose()?;
            let request = ActRequest {
                unit: any.unit,
                level: any.level,
                reason: any.reason,
                text,
                solved: any.solved,
                rating: any.rating,
                target,
                service: any.service,
                urgent_class: any.urgent_class,
                tag: any.tag,
                days: any.days,
                pins: any.pins,
                reached: any.reached,
            };
            (any.ticket, any.act, request)
        }
    };
    let client = session.connect().await?;
    let id = resolve(&client, &ticket).await?;
    done(session, &client.act(id, act, &request, &session.key()).await?)
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

async fn list(session: &Session, options: List) -> Result<Exit, Failure> {
    let client = session.connect().await?;
    let mut query = TicketQuery {
        step: options.step,
        unit: options.unit,
        flag: options.flag,
        open: if options.open || options.closed { Some(options.open) } else { None },
        number: None,
        sort: options.newest.then_some(Sort::Accepted),
        cursor: options.paging.after,
        limit: None,
    };
    let wanted = options.paging.limit;
    let mut items: Vec<TicketRow> = Vec::new();
    loop {
        query.limit = Some((wanted - items.len() as u32).min(MAX_LIMIT));
        let page = client.tickets(&query).await?;
        let got = page.items.len();
        items.extend(page.items);
        query.cursor = page.next;
        if query.cursor.is_none() || got == 0 || items.len() >= wanted as usize {
            break;
        }
    }
    let now = Utc::now();
    let rows = items.iter().map(|row| columns(row, now)).collect();
    listed(session, &items, rows, query.cursor)
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

fn columns(row: &TicketRow, now: Timestamp) -> Vec<String> {
    vec![row.number.clone(), flag_words(row, now), step_words(row.step), row.unit_name.clone().or_else(|| row.unit.clone()).unwrap_or_default(), city_time(row.accepted_at), row.title.clone()]
}

fn flag_words(row: &TicketRow, now: Timestamp) -> String {
    let (glyph, id) = match row.clocks.flag(now) {
        Flag::None => return "-".to_owned(),
        Flag::Yellow => ("△", "flag-yellow"),
        Flag::Orange => ("▲", "flag-orange"),
        Flag::Red => ("◆", "flag-red"),
        Flag::Overdue => ("✖", "flag-overdue"),
    };
    format!("{glyph}{}", words::find(id).unwrap_or_default())
}

fn step_words(step: Step) -> String {
    words::find(&format!("step-{}", step.code().replace('_', "-"))).unwrap_or_else(|| step.code().to_owned())
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
    out.columns(&[columns(&detail.row, Utc::now())])?;
    for line in [detail.caller.as_ref(), detail.place.as_ref()].into_iter().flatten() {
        out.line(line)?;
    }
    if let Some(due) = detail.row.clocks.due {
        out.line(&words!("command-due", date = city_time(due)))?;
    }
    out.block(&format!("\n{}\n", detail.body))?;
    for entry in &detail.timeline {
        let mut line = format!("{}  {}  {}", city_time(entry.at), entry.kind, entry.actor);
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
        session.out.columns(&[columns(row, Utc::now())])?;
    }
    Ok(Exit::Ok)
}

async fn create(session: &Session, options: Create) -> Result<Exit, Failure> {
    let then = match options.dispatch {
        Some(unit) => Then::Dispatch { unit },
        None if options.answer => Then::Answer,
        None => Then::Nothing,
    };
    let body = options.body.map(|body| words_or_stdin(Some(body))).transpose()?.unwrap_or_default();
    let ticket = NewTicket {
        kind: options.kind,
        class: options.class,
        urgent_class: options.urgent_class,
        tag: None,
        green: false,
        line: options.line.unwrap_or_default(),
        title: options.title,
        body,
        place: options.place,
        call: options.call,
        pins: Vec::new(),
        then,
    };
    let row = session.connect().await?.create_ticket(&ticket, &session.key()).await?;
    done(session, &row)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_numbers_are_of_this_year_and_full_ones_stay() {
        assert_eq!(full_number("1122-0188", 2026).as_deref(), Some("20261122-0188"));
        assert_eq!(full_number("20251122-0188", 2026).as_deref(), Some("20251122-0188"));
        for bad in ["", "1122", "1122-", "-0188", "112-1", "1122-01x", "1122 0188", "1122-0188; drop"] {
            assert_eq!(full_number(bad, 2026), None, "{bad}");
        }
    }

    #[test]
    fn closing_calls_back_before_it_archives_and_answers_only_what_waits() {
        assert_eq!(closing(&[Act::CallBack, Act::Note], Some(true), false), Closing::Do(Act::CallBack));
        assert_eq!(closing(&[Act::CallBack], None, false), Closing::SolvedNeeded);
        assert_eq!(closing(&[Act::Rework, Act::Archive], Some(true), false), Closing::Do(Act::Archive));
        assert_eq!(closing(&[Act::Answer, Act::Dispatch], None, false), Closing::Do(Act::Answer));
        assert_eq!(closing(&[Act::Sign], None, false), Closing::CannotYet);
        assert_eq!(closing(&[Act::Note], None, true), Closing::Done);
    }

    #[test]
    fn pins_name_an_article_and_its_edition() {
        assert!(pin("0190a5b0-0000-7000-8000-000000000000@3").is_ok());
        assert!(pin("0190a5b0-0000-7000-8000-000000000000").is_err());
        assert!(pin("x@1").is_err());
    }
}
