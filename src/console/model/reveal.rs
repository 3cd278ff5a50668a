//! 明文查看 on this screen: what was asked for, what is shown and until when; who looked at a ticket; an alarm that somebody
//! looks too often. The plain text stands in [`Shown`] alone, and is written over when that goes.
use crate::api::audit::{Look, Revealed};
use crate::domain::Timestamp;
use crate::domain::access::Subject;
use crate::domain::ids::TicketId;
use std::time::Instant;

/// A reveal: asked for, then shown.
#[derive(Debug)]
pub struct Reveal {
    /// Of what.
    pub of: Subject,
    /// What stands over it: a ticket's number, or a caller as they are masked.
    pub about: String,
    /// Its idempotency key: an answer to another is not shown.
    pub key: String,
    /// What is shown, once it has come.
    pub shown: Option<Shown>,
}

/// A number and a name in clear.
#[derive(Debug)]
pub struct Shown {
    /// They, who looks, and since when.
    pub revealed: Revealed,
    /// When it hides itself.
    pub until: Instant,
}

/// 查阅记录 of one ticket, laid over the screen.
#[derive(Debug)]
pub struct Looks {
    /// Which.
    pub ticket: TicketId,
    /// Its number.
    pub number: String,
    /// Newest first, once they have come.
    pub rows: Option<Vec<Look>>,
    /// Why they cannot be shown.
    pub fault: Option<String>,
    /// Rows scrolled away.
    pub scroll: usize,
}

/// 查看过频: who, how often, when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    /// Login.
    pub by: String,
    /// How many within the hour.
    pub count: i64,
    /// When.
    pub at: Timestamp,
}
