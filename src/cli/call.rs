//! Calls: those waiting and in hand, what a seat does with one, and whether it is ready for the next.
use super::{Exit, Failure, Paging, Session, city_time};
use crate::api::MAX_LIMIT;
use crate::api::audit::RevealRequest;
use crate::api::calls::{CallQuery, CallRow, CallerCard, MATTERS_DAYS, Matter, NoteRequest, Ring};
use crate::api::session::SeatState;
use crate::api::tickets::PinRequest;
use crate::domain::access::RevealReason;
use crate::domain::caller::{CallerLanguage, LONGEST_TONE_DAYS, Tone, ToneMark};
use crate::domain::ids::CallId;
use crate::domain::limits::Line;
use crate::domain::ticket::Pin;
use crate::words;
use clap::{Args, Subcommand};

/// 来电 (calls).
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// 来电列表 List calls
    List {
        /// 已结束的 those that are over
        #[arg(long)]
        over: bool,
        /// How much.
        #[command(flatten)]
        paging: Paging,
    },
    /// 接听 Take a ringing call
    Take(Only),
    /// 保持 Hold
    Hold(Only),
    /// 取回 Resume a call on hold
    #[command(visible_alias = "retrieve")]
    Resume(Only),
    /// 挂机 Hang up
    HangUp(Only),
    /// 来电人标注：语言、来电情形 Note a caller's language or tone
    Note {
        /// 通话编号 the call's id
        call: CallId,
        /// 语言，none 为取消 language; none takes it away
        #[arg(long, value_parser = |text: &str| or_none(text, CallerLanguage::from_code, CallerLanguage::ALL, CallerLanguage::code))]
        language: Option<OrNone<CallerLanguage>>,
        /// 来电情形，none 为取消 tone; none takes it away
        #[arg(long, value_parser = |text: &str| or_none(text, Tone::from_code, Tone::ALL, Tone::code))]
        tone: Option<OrNone<Tone>>,
        /// 来电情形的有效天数 days the tone stands
        #[arg(long, requires = "tone", value_parser = clap::value_parser!(u32).range(1..=i64::from(LONGEST_TONE_DAYS)))]
        days: Option<u32>,
    },
    /// 结束整理 Finish wrapping up
    WrapUp(Only),
    /// 来电放弃，由交换机上报 The caller gave up; reported by the exchange
    Abandon(Only),
    /// 钉住答复依据 Pin an article to a call
    Pin(Pinned),
    /// 取下答复依据 Take an article off a call
    Unpin(Pinned),
    /// 来电人卡片 Who is calling, masked: matters, open promises, what is noted
    #[command(visible_alias = "caller")]
    Card(Only),
    /// 查看来电人明文，留痕 Show the caller in clear; it goes on record
    Reveal {
        /// 通话编号 the call's id
        call: CallId,
        /// 事由 why
        #[arg(long, value_parser = super::ticket::reveal_reason)]
        reason: RevealReason,
        /// 说明，事由为 other 时必填 in words; needed with `other`
        #[arg(long)]
        note: Option<String>,
    },
    /// 来电上报，由交换机 Report a call, as an exchange does
    Ring {
        /// 主叫号码 the caller's number
        number: String,
        /// 交换机代码 exchange code
        #[arg(long)]
        exchange: String,
        /// 交换机的通话编号 the exchange's own id of the call
        #[arg(long)]
        exchange_call: String,
        /// 热线 line: citizen, enterprise
        #[arg(long, value_parser = super::ticket::line)]
        line: Option<Line>,
        /// 来电区域 district
        #[arg(long)]
        district: Option<String>,
    },
}

/// A call.
#[derive(Debug, Args)]
pub struct Only {
    /// 通话编号 the call's id
    pub(super) call: CallId,
}

/// A call and an article.
#[derive(Debug, Args)]
pub struct Pinned {
    /// 通话编号 the call's id
    call: CallId,
    /// 条目编号@版次 article id@revision
    #[arg(value_parser = super::ticket::pin)]
    article: Pin,
}

/// 坐席 (seat).
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum Seat {
    /// 示闲 Ready for calls
    Ready,
    /// 示忙 Not ready
    Pause,
}

/// 示闲, 示忙.
pub(super) async fn seat(session: &Session, seat: Seat) -> Result<Exit, Failure> {
    let (state, words) = match seat {
        Seat::Ready => (SeatState::Ready, words!("cli-seat-ready")),
        Seat::Pause => (SeatState::Paused, words!("cli-seat-paused")),
    };
    let set = session.connect().await?.seat(state).await?;
    if session.out.json {
        session.out.value(&set)?;
    } else {
        session.out.line(&words)?;
    }
    Ok(Exit::Ok)
}

pub(super) async fn run(session: &Session, verb: Verb) -> Result<Exit, Failure> {
    let client = session.connect().await?;
    let key = session.key();
    let done = match verb {
        Verb::List { over, paging } => {
            let mut items = Vec::new();
            let mut next = paging.after;
            loop {
                let limit = (paging.limit - items.len() as u32).min(MAX_LIMIT);
                let page = client.calls(&CallQuery { live: Some(!over), cursor: next, limit: Some(limit) }).await?;
                let got = page.items.len();
                items.extend(page.items);
                next = page.next;
                if next.is_none() || got == 0 || items.len() >= paging.limit as usize {
                    break;
                }
            }
            let rows = items.iter().map(row).collect();
            return super::ticket::listed(session, &items, rows, next);
        }
        Verb::Card(Only { call }) => return card(session, &client.caller_card(call).await?),
        Verb::Reveal { call, reason, note } => {
            let revealed = client.reveal_call(call, &RevealRequest { reason, note }, &key).await?;
            return super::ticket::revealed(session, &revealed);
        }
        Verb::Take(Only { call }) => client.act_on_call(call, "take", &key).await?,
        Verb::Hold(Only { call }) => client.act_on_call(call, "hold", &key).await?,
        Verb::Resume(Only { call }) => client.act_on_call(call, "retrieve", &key).await?,
        Verb::HangUp(Only { call }) => client.act_on_call(call, "hang_up", &key).await?,
        Verb::WrapUp(Only { call }) => client.act_on_call(call, "wrap_up", &key).await?,
        Verb::Abandon(Only { call }) => client.act_on_call(call, "abandon", &key).await?,
        Verb::Pin(Pinned { call, article: Pin { article, revision } }) => client.pin(call, &PinRequest { article, revision }, &key).await?,
        Verb::Unpin(Pinned { call, article: Pin { article, revision } }) => client.unpin(call, &PinRequest { article, revision }, &key).await?,
        Verb::Ring { number, exchange, exchange_call, line, district } => {
            let ring = Ring { exchange, exchange_call, line: line.unwrap_or_default(), number, name: None, district };
            client.ring(&ring, &key).await?
        }
        Verb::Note { call, language, tone, days } => {
            let request = NoteRequest {
                no_language: language.is_some_and(|language| language.0.is_none()),
                no_tone: tone.is_some_and(|tone| tone.0.is_none()),
                language: language.and_then(|language| language.0),
                tone: tone.and_then(|tone| tone.0),
                days,
            };
            let notes = client.note_caller(call, &request, &key).await?;
            if session.out.json {
                session.out.value(&notes)?;
            } else {
                session.out.line(&noted(notes.language, notes.tone))?;
            }
            return Ok(Exit::Ok);
        }
    };
    if session.out.json {
        session.out.value(&done)?;
    } else {
        session.out.columns(&[row(&done)])?;
    }
    Ok(Exit::Ok)
}

/// A value or the word `none`.
#[derive(Debug, Clone, Copy)]
pub struct OrNone<T>(Option<T>);

fn or_none<T: Copy>(text: &str, from_code: impl Fn(&str) -> Option<T>, all: &[T], code: impl Fn(T) -> &'static str) -> Result<OrNone<T>, String> {
    let codes: Vec<&str> = all.iter().map(|one| code(*one)).chain(["none"]).collect();
    if text == "none" { Ok(OrNone(None)) } else { super::coded(text, from_code, &codes).map(|one| OrNone(Some(one))) }
}

/// What is noted of a caller, in words.
fn noted(language: Option<CallerLanguage>, tone: Option<ToneMark>) -> String {
    let language = language.and_then(|language| words::find(&format!("language-{}", language.code())));
    let tone = tone.map(|mark| {
        let tone = words::find(&format!("tone-{}", mark.tone.code().replace('_', "-"))).unwrap_or_default();
        // It ends at that moment: its last day is the one before.
        let last = city_time(mark.until - chrono::TimeDelta::seconds(1));
        words!("tone-until", tone = tone, date = last.split(' ').next().unwrap_or_default())
    });
    let facts: Vec<String> = [language, tone].into_iter().flatten().collect();
    if facts.is_empty() { "-".to_owned() } else { facts.join(" · ") }
}

fn card(session: &Session, card: &CallerCard) -> Result<Exit, Failure> {
    let out = &session.out;
    if out.json {
        out.value(card)?;
        return Ok(Exit::Ok);
    }
    out.line(format!("{} {}  {}", card.name, card.number, noted(card.language, card.tone)).trim())?;
    out.line(&words!("caller-many", days = MATTERS_DAYS, count = card.matters_90_days))?;
    for open in &card.promises {
        out.line(format!("{}  {}  {}", open.number, super::ticket::promise_words(&open.promise), open.unit_name.as_deref().unwrap_or_default()).trim_end())?;
    }
    let matter = |matter: &Matter| vec![matter.number.clone(), city_time(matter.accepted_at), super::ticket::step_words(matter.step), matter.title.clone()];
    out.columns(&card.last.iter().map(matter).collect::<Vec<_>>())?;
    Ok(Exit::Ok)
}

fn row(call: &CallRow) -> Vec<String> {
    let state = serde_json::to_value(call.state).ok().and_then(|state| state.as_str().map(str::to_owned)).unwrap_or_default();
    let state = words::find(&format!("cli-call-{}", state.replace('_', "-"))).unwrap_or(state);
    let mut who = format!("{} {}", call.name, call.number);
    if let Some(by) = &call.taken_by {
        who = format!("{who} → {by}");
    }
    vec![call.id.to_string(), state, city_time(call.rang_at), who]
}
