//! Calls: those waiting and in hand, and what a seat does with one.
use super::{Exit, Failure, Paging, Session, city_time};
use crate::api::MAX_LIMIT;
use crate::api::calls::{CallQuery, CallRow};
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

fn row(call: &CallRow) -> Vec<String> {
    let state = serde_json::to_value(call.state).ok().and_then(|state| state.as_str().map(str::to_owned)).unwrap_or_default();
    let state = words::find(&format!("cli-call-{}", state.replace('_', "-"))).unwrap_or(state);
    let mut who = format!("{} {}", call.name, call.number);
    if let Some(by) = &call.taken_by {
        who = format!("{who} → {by}");
    }
    vec![call.id.to_string(), state, city_time(call.rang_at), who]
}
