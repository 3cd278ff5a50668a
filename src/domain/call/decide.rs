//! Which events a call command causes.
use super::event::{Call, CallEvent, CallState};
use crate::domain::ids::{ArticleId, CallerId, UserId};
use crate::domain::limits::Line;
use crate::domain::refusal::Refusal;

/// 通话命令 (call command).
#[derive(Debug, Clone, PartialEq)]
pub enum CallCommand {
    /// 来电: the exchange says that a call has joined the queue.
    Ring {
        /// Exchange code.
        exchange: String,
        /// Its id of the call.
        exchange_call: String,
        /// 线路.
        line: Line,
        /// 来电人.
        caller: CallerId,
        /// 来电区域.
        district: Option<String>,
    },
    /// 接听.
    Take(UserId),
    /// 保持.
    Hold,
    /// 取回.
    Retrieve,
    /// 挂机.
    HangUp,
    /// 结束整理.
    WrapUp,
    /// 放弃.
    Abandon,
    /// 钉住答复依据.
    Pin(ArticleId, i64),
    /// 取下答复依据: whichever edition of it was pinned.
    Unpin(ArticleId),
}

impl CallCommand {
    /// The stable code: the last part of the route.
    pub const fn code(&self) -> &'static str {
        match self {
            CallCommand::Ring { .. } => "ring",
            CallCommand::Take(_) => "take",
            CallCommand::Hold => "hold",
            CallCommand::Retrieve => "retrieve",
            CallCommand::HangUp => "hang_up",
            CallCommand::WrapUp => "wrap_up",
            CallCommand::Abandon => "abandon",
            CallCommand::Pin(..) => "pin",
            CallCommand::Unpin(_) => "unpin",
        }
    }
}

/// The events `command` of `by` causes for `call` (`None`: it does not exist yet). What is done at a seat is done by the
/// one who took the call; the exchange's reports are of nobody's seat.
///
/// # Errors
/// A [`Refusal`]; a call that another seat took names them.
pub fn decide(call: Option<&Call>, command: &CallCommand, by: Option<UserId>) -> Result<Vec<CallEvent>, Refusal> {
    use CallCommand as C;
    use CallState as S;
    let Some(call) = call else {
        return match command.clone() {
            C::Ring { exchange, exchange_call, line, caller, district } => {
                Ok(vec![CallEvent::Rang { exchange, exchange_call, line, caller, district }])
            }
            _ => Err(Refusal::NotFound),
        };
    };
    let of_the_seat = matches!(command, C::Hold | C::Retrieve | C::WrapUp | C::Pin(..) | C::Unpin(_));
    if let (true, Some(taker)) = (of_the_seat, call.taken_by)
        && by.is_some_and(|by| by != taker)
    {
        return Err(Refusal::NotYours { by: taker.to_string() });
    }
    let event = match (command, call.state) {
        (C::Take(by), S::Ringing) => CallEvent::Taken { by: *by },
        (C::Take(by), _) => match call.taken_by {
            Some(winner) if winner == *by => return Ok(Vec::new()),
            Some(winner) => return Err(Refusal::AlreadyClaimed { by: winner.to_string() }),
            None => return Err(illegal(command, call.state)),
        },
        (C::Hold, S::Talking) => CallEvent::Held,
        (C::Retrieve, S::Held) => CallEvent::Retrieved,
        (C::HangUp, S::Talking | S::Held) => CallEvent::HungUp,
        // An operator who ends the wrap-up while the line is still open hangs up as well.
        (C::WrapUp, S::Talking | S::Held) => return Ok(vec![CallEvent::HungUp, CallEvent::WrappedUp]),
        (C::WrapUp, S::WrapUp) => CallEvent::WrappedUp,
        (C::Abandon, S::Ringing) => CallEvent::Abandoned,
        (C::Pin(article, revision), S::Talking | S::Held | S::WrapUp) => CallEvent::Pinned { article: *article, revision: *revision },
        (C::Unpin(article), S::Talking | S::Held | S::WrapUp) if call.pins.iter().any(|pin| pin.article == *article) => CallEvent::Unpinned { article: *article },
        // What is not pinned need not be taken off.
        (C::Unpin(_), S::Talking | S::Held | S::WrapUp) => return Ok(Vec::new()),
        _ => return Err(illegal(command, call.state)),
    };
    Ok(vec![event])
}

fn illegal(command: &CallCommand, state: CallState) -> Refusal {
    Refusal::IllegalCall { act: command.code().into(), state: state.code().into() }
}
