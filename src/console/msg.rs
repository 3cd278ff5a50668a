//! Msg: everything that happens to the console, on one ordered channel.
use super::asks::Told;
use super::effect::Ask;
use super::files::{Reread, ThemeFound};
use super::keep::Found;
use super::model::knowledge::KnowledgeHit;
use super::model::outbox::Moment;
use super::mouse::Press;
use super::terminal::Signal;
use crate::api::Page;
use crate::api::articles::ArticleRow;
use crate::api::audit::{AuditRow, Look, Revealed};
use crate::api::calls::{CallPage, CallRow, CallerCard};
use crate::api::session::{Me, SeatState, Session};
use crate::api::settings::TablesView;
use crate::api::tickets::{LeasedNumbers, TicketDetail, TicketPage, TicketRow};
use crate::client::{ClientError, Live};
use crate::domain::ids::{ArticleId, CallId, TicketId};
use crate::console::model::window::Want;
use crossterm::event::KeyEvent;

/// What happened.
#[derive(Debug)]
pub enum Msg {
    /// A key was pressed.
    Key(KeyEvent),
    /// Text was pasted.
    Paste(String),
    /// The mouse was pressed or turned.
    Mouse(Press),
    /// The window has another size: columns, rows.
    Resize(u16, u16),
    /// The stream said something.
    Live(Box<Live>),
    /// An effect has ended.
    Answer(Box<Answer>),
    /// Time has passed.
    Tick,
    /// The system asked for something.
    Signal(Signal),
    /// No more keys will come.
    Closed,
}

/// How a request ended.
pub type Outcome<T> = Result<T, ClientError>;

/// How an effect ended: each ends in exactly one of these.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "it always travels in the box of Msg::Answer")]
pub enum Answer {
    /// Logged in, or not.
    LoggedIn(Outcome<Session>),
    /// The backend was found again, and who one is there; or why not.
    Reattached(Result<Me, String>),
    /// Who one is.
    Me(Outcome<Me>),
    /// The tables.
    Tables(Outcome<TablesView>),
    /// The calls.
    Calls(Outcome<CallPage>),
    /// A page of tickets.
    Tickets {
        /// For which window.
        ask: Ask,
        /// Which page.
        want: Want,
        /// The window's generation when it was asked for.
        generation: u64,
        /// The page.
        result: Outcome<TicketPage>,
    },
    /// Counts only.
    Counts(Outcome<TicketPage>),
    /// 话务指标 only.
    Figures(Outcome<CallPage>),
    /// A ticket whole.
    Detail(TicketId, Outcome<TicketDetail>),
    /// A caller card.
    Card(CallId, Outcome<CallerCard>),
    /// What 管理 or 审计 asked for.
    Told(Box<Told>),
    /// A reveal.
    Revealed {
        /// Its key.
        key: String,
        /// Number and name.
        result: Outcome<Revealed>,
    },
    /// Who saw a ticket.
    Looks(TicketId, Outcome<Page<Look>>),
    /// The last alarm of the hour, where there is one.
    Alarm(Outcome<Page<AuditRow>>),
    /// The seat's state was set.
    Seat(SeatState, Outcome<()>),
    /// An act on a call.
    Call {
        /// The call.
        call: CallId,
        /// The act.
        act: &'static str,
        /// The call after it.
        result: Outcome<CallRow>,
    },
    /// An article was pinned.
    Pinned {
        /// Its code.
        code: String,
        /// The call after it.
        result: Outcome<CallRow>,
    },
    /// An article was taken off the call.
    Unpinned {
        /// Its code.
        code: String,
        /// The call after it.
        result: Outcome<CallRow>,
    },
    /// An intake was sent.
    Created {
        /// Its key.
        key: String,
        /// Whether it was answered directly.
        answered: bool,
        /// When it was given.
        given: Moment,
        /// The ticket.
        result: Outcome<TicketRow>,
    },
    /// An act on a ticket.
    Acted {
        /// Its key.
        key: String,
        /// The ticket after it.
        result: Outcome<TicketRow>,
    },
    /// An article.
    Article(ArticleId, Outcome<ArticleRow>),
    /// The index was built or has grown.
    Indexed(Outcome<usize>),
    /// A search has ended.
    Found {
        /// Which.
        serial: u64,
        /// What for.
        query: String,
        /// None where a newer key stopped it.
        hits: Option<Vec<KnowledgeHit>>,
        /// How many in all.
        total: usize,
        /// How long it took, microseconds.
        micros: u64,
    },
    /// Numbers for this seat.
    Numbers(Outcome<LeasedNumbers>),
    /// Drafts found on this machine, or why none could be.
    Drafts(Result<Found, String>),
    /// Drafts were kept, or why not.
    Kept(Result<(), String>),
    /// The themes there are.
    Themes(Vec<ThemeFound>),
    /// Keymap and theme were read again.
    Reread(Box<Reread>),
    /// The stream was opened; it speaks through [`Msg::Live`].
    Following,
}
