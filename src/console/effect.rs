//! Effect: what the console asks of the world. The worker carries each out and answers with exactly one message.
use super::model::draft::KeptDraft;
use super::model::outbox::Moment;
use super::model::window::Want;
use crate::api::articles::ArticleHead;
use crate::api::audit::RevealRequest;
use crate::api::session::SeatState;
use crate::api::tickets::{ActRequest, NewTicket, PinRequest, TicketQuery};
use crate::domain::access::Subject;
use crate::domain::ids::{ArticleId, CallId, TicketId};
use crate::domain::ticket::Act;

/// Which window a page is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// 赋色工单 on the desk.
    Board,
    /// The list of tickets.
    List,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "the fields are those of the requests, documented in api")]
pub enum Effect {
    /// Log in.
    LogIn { login: String, password: Secret },
    /// Find the backend again, with a login that holds.
    Reattach,
    /// Ask who one is.
    WhoAmI,
    /// Load the tables.
    LoadTables,
    /// Load the calls.
    LoadCalls,
    /// Load a page of tickets.
    LoadTickets { ask: Ask, want: Want, generation: u64, query: Box<TicketQuery> },
    /// Load the counts.
    LoadCounts,
    /// Load 话务指标.
    LoadFigures,
    /// Load a ticket.
    LoadDetail(TicketId),
    /// Load a caller card.
    LoadCard(CallId),
    /// 明文查看. It is asked once and never kept for later.
    Reveal { of: Subject, request: RevealRequest, key: String },
    /// What 管理 or 审计 asks.
    Admin(Box<super::asks::Ask>),
    /// Load who saw a ticket.
    LoadLooks(TicketId),
    /// Load the last alarm of the hour that ends now.
    LoadAlarm { since: crate::domain::Timestamp },
    /// Load all article heads into the index.
    LoadHeads,
    /// Put one head into the index.
    AddHead(Box<ArticleHead>),
    /// Search.
    Search { serial: u64, query: String },
    /// Load an article.
    LoadArticle(ArticleId),
    /// Set the seat's state.
    SetSeat(SeatState),
    /// Act on a call.
    Call { call: CallId, act: &'static str, key: String },
    /// Pin an article to a call.
    Pin { call: CallId, pin: PinRequest, code: String, key: String },
    /// Take a pinned article off a call.
    Unpin { call: CallId, pin: PinRequest, code: String, key: String },
    /// Send an intake; `given`: when, where an earlier try was not answered.
    Create { ticket: Box<NewTicket>, answered: bool, key: String, given: Option<Moment> },
    /// Act on a ticket.
    Act { ticket: TicketId, act: Act, request: Box<ActRequest>, key: String },
    /// Ask for numbers for this seat.
    LeaseNumbers { count: u32, key: String },
    /// Find the drafts this person left on this machine.
    FindDrafts { owner: String },
    /// Keep these drafts on this machine, forget those.
    KeepDrafts { owner: String, keep: Vec<KeptDraft>, forget: Vec<uuid::Uuid> },
    /// Find the themes there are, the one in use among them.
    FindThemes { theme: String },
    /// Read keymap and theme files again.
    ReadAgain { theme: String },
    /// Follow the stream from a position; an older one ends.
    Follow { after: i64 },
}

/// A password on its way: never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}
