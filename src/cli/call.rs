//! Calls: those waiting and in hand, what a seat does with one, and whether it is ready for the next.
use super::{Exit, Failure, Paging, Session, city_time};
use crate::api::MAX_LIMIT;
use crate::api::audit::RevealRequest;
use crate::api::calls::{CallQuery, CallRow, CallerCard, Ring};
use crate::api::session::SeatState;
use crate::api::tickets::PinRequest;
use crate::domain::access::RevealReason;
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
    /// 结束整理 Finish wrapping up
    WrapUp(Only),
    /// 来电放弃，由交换机上报 The caller gave up; reported by the exchange
    Abandon(Only),
    /// 钉住答复依据 Pin an article to a call
    Pin(Pinned),
    /// 取下答复依据 Take an article off a call
    Unpin(Pinned),
    /// 来电人卡片 The card of who is calling
    Caller(Only),
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
        Verb::Caller(Only { call }) => return card(session, &client.caller_card(call).await?),
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
    };
    if session.out.json {
        session.out.value(&done)?;
    } else {
        session.out.columns(&[row(&done)])?;
    }
    Ok(Exit::Ok)
}

fn card(session: &Session, card: &CallerCard) -> Result<Exit, Failure> {
    if session.out.json {
        session.out.value(card)?;
        return Ok(Exit::Ok);
    }
    session.out.line(format!("{} {}", card.name, card.number).trim())?;
    session.out.line(&words!("cli-caller-matters", calls = card.calls, matters = card.matters, recent = card.matters_90_days))?;
    let rows: Vec<Vec<String>> = card.last.iter().map(|matter| vec![matter.number.clone(), super::ticket::step_words(matter.step), city_time(matter.accepted_at), matter.title.clone()]).collect();
    session.out.columns(&rows)?;
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
