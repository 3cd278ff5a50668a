//! Calls: those waiting and in hand, and what a seat does with one.
use super::{Exit, Failure, Paging, Session, city_time};
use crate::api::MAX_LIMIT;
use crate::api::calls::{CallQuery, CallRow, CallerCard, MATTERS_DAYS, Matter, NoteRequest};
use crate::domain::caller::{CallerLanguage, LONGEST_TONE_DAYS, Tone, ToneMark};
use crate::domain::ids::CallId;
use crate::words;
use clap::Subcommand;

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
    Take {
        /// 通话编号 the call's id
        call: CallId,
    },
    /// 挂机 Hang up
    HangUp {
        /// 通话编号 the call's id
        call: CallId,
    },
    /// 来电人卡片 Who is calling, masked: matters, open promises, what is noted
    Card {
        /// 通话编号 the call's id
        call: CallId,
    },
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
    WrapUp {
        /// 通话编号 the call's id
        call: CallId,
    },
}

pub(super) async fn run(session: &Session, verb: Verb) -> Result<Exit, Failure> {
    let client = session.connect().await?;
    let (call, act) = match verb {
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
        Verb::Card { call } => return card(session, &client.caller_card(call).await?),
        Verb::Note { call, language, tone, days } => {
            let request = NoteRequest {
                no_language: language.is_some_and(|language| language.0.is_none()),
                no_tone: tone.is_some_and(|tone| tone.0.is_none()),
                language: language.and_then(|language| language.0),
                tone: tone.and_then(|tone| tone.0),
                days,
            };
            let notes = client.note_caller(call, &request, &session.key()).await?;
            if session.out.json {
                session.out.value(&notes)?;
            } else {
                session.out.line(&noted(notes.language, notes.tone))?;
            }
            return Ok(Exit::Ok);
        }
        Verb::Take { call } => (call, "take"),
        Verb::HangUp { call } => (call, "hang_up"),
        Verb::WrapUp { call } => (call, "wrap_up"),
    };
    let done = client.act_on_call(call, act, &session.key()).await?;
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
