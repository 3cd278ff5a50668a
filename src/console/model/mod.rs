//! What the console knows. No ratatui, no network: folded by `App::update`, read by the panes. Every text that came from
//! outside has passed [`clean`] before it stands here.
pub mod admin;
pub mod admin_form;
pub mod audit;
pub mod choices;
pub mod clean;
pub mod draft;
pub mod edit;
pub mod field;
mod filter;
pub mod form_field;
mod kept_draft;
pub mod knowledge;
pub mod link;
pub mod many;
pub mod outbox;
pub mod own;
pub mod prompt;
pub mod reveal;
pub mod tour;
pub mod window;

use crate::api::calls::{CallFigures, CallRow, CallerCard, OpenPromise};
use crate::api::events::Change;
use crate::api::session::Me;
use crate::api::tickets::{ActRequest, TicketDetail};
use crate::domain::Timestamp;
use crate::domain::call::CallState;
use crate::domain::ids::{CallId, TicketId};
use crate::domain::rights::Capability;
use crate::domain::ticket::Act;
pub use filter::Filter;

use choices::Names;
use draft::Draft;
use field::TextField;
use knowledge::Knowledge;
use many::Many;
use own::Own;
use link::{Link, StoreClock};
use prompt::Prompt;
use reveal::{Alarm, Looks, Reveal};
use std::collections::{HashMap, HashSet};
use std::time::Instant;
use window::Window;

/// A screen; the ordered list of them is the top row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScreenName {
    /// 桌面.
    Desk,
    /// 工单.
    Tickets,
    /// 知识.
    Knowledge,
    /// 管理.
    Admin,
}

/// A pane that can have the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pane {
    /// 来电队列.
    Queue,
    /// 来电人.
    Caller,
    /// 受理登记.
    Form,
    /// 知识检索.
    Query,
    /// 知识正文.
    Article,
    /// 赋色工单 on the desk.
    Board,
    /// The list of tickets.
    List,
    /// 工单详情.
    Detail,
    /// The kinds of 管理.
    Kinds,
    /// The rows of one.
    Rows,
    /// A row's fields, or the form.
    Fields,
}

/// 座席 (seat).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SeatView {
    /// Not signed in, or not a seat at all.
    Off,
    /// 示闲.
    Ready,
    /// 示忙.
    Paused,
}

/// One's own act that the server has not confirmed.
#[derive(Debug, Clone)]
pub struct Pending {
    /// Its idempotency key.
    pub key: String,
    /// The ticket.
    pub ticket: TicketId,
    /// Its number.
    pub number: String,
    /// The act.
    pub act: Act,
    /// What it brings.
    pub request: ActRequest,
    /// When it was given.
    pub at: Timestamp,
}

/// 可撤销 (undoable): what one dispatched or answered a moment ago.
#[derive(Debug, Clone)]
pub struct Undo {
    /// The ticket.
    pub ticket: TicketId,
    /// Its number.
    pub number: String,
    /// Until when it is offered.
    pub until: Instant,
    /// The form it came from, as it was.
    pub draft: Option<Box<Draft>>,
    /// The server was asked.
    pub asked: bool,
}

/// A few words in the status line.
#[derive(Debug, Clone)]
pub struct Toast {
    /// The words.
    pub text: String,
    /// Whether it says no.
    pub bad: bool,
    /// It answers a key: the next key makes it old.
    pub of_key: bool,
    /// When it goes.
    pub until: Instant,
}

/// 工单详情 that is open.
#[derive(Debug, Clone)]
pub struct Detail {
    /// Which.
    pub id: TicketId,
    /// Its content, once it has come.
    pub data: Option<Box<TicketDetail>>,
    /// A request is under way.
    pub loading: bool,
    /// It has changed since the request was sent.
    pub stale: bool,
    /// The legal limit is laid out day by day.
    pub explained: bool,
    /// Lines scrolled away.
    pub scroll: usize,
    /// Why it cannot be shown.
    pub fault: Option<String>,
    /// The screen it was opened from.
    pub from: ScreenName,
}

/// The login screen.
#[derive(Debug, Clone, Default)]
pub struct LoginForm {
    /// 锁屏: it covers the console of somebody who is logged in.
    pub locked: bool,
    /// 工号.
    pub login: TextField,
    /// 密码.
    pub password: TextField,
    /// The caret is in the password.
    pub in_password: bool,
    /// Under way.
    pub sending: bool,
    /// What went wrong.
    pub fault: Option<String>,
}

/// Which parts of a snapshot are still to come, and the frames that came meanwhile.
#[derive(Debug, Clone, Default)]
pub struct Loading {
    /// Tickets not yet there.
    pub board: bool,
    /// Calls not yet there.
    pub calls: bool,
    /// The position each part is as of.
    pub positions: Vec<i64>,
    /// Changes that came while parts were under way, with their positions.
    pub meanwhile: Vec<(i64, Change)>,
    /// The stream runs.
    pub following: bool,
}

/// Everything.
#[derive(Debug)]
pub struct Model {
    /// Who works here.
    pub me: Option<Me>,
    /// 座席.
    pub seat: SeatView,
    /// The link.
    pub link: Link,
    /// The store's clock.
    pub clock: StoreClock,
    /// Tables.
    pub names: Names,
    /// Calls in the queue and in hand, oldest first.
    pub calls: Vec<CallRow>,
    /// 话务指标.
    pub figures: CallFigures,
    /// The selected call.
    pub call_selected: usize,
    /// 来电人 of the call in hand.
    pub card: Option<(CallId, Box<CallerCard>)>,
    /// 接听 (take) under way.
    pub taking: Option<CallId>,
    /// 来电人 under way.
    pub card_asked: Option<CallId>,
    /// Calls the bell has rung for.
    pub rung: HashSet<CallId>,
    /// The intake.
    pub draft: Draft,
    /// The call that was answered directly last, and how many articles were pinned to it then.
    pub answered: Option<(CallId, usize)>,
    /// What can still be undone.
    pub undo: Option<Undo>,
    /// The call whose intake was put into the form.
    pub bound: Option<CallId>,
    /// 待补交: intakes given while nobody answered, oldest first.
    pub outbox: Vec<Draft>,
    /// Numbers leased to this seat.
    pub numbers: Vec<String>,
    /// Unsent intakes of earlier calls.
    pub parked: Vec<Draft>,
    /// Knowledge.
    pub knowledge: Knowledge,
    /// 赋色工单.
    pub board: Window,
    /// The list of tickets.
    pub list: Window,
    /// How it is narrowed.
    pub filter: Filter,
    /// Only this number.
    pub number_filter: Option<String>,
    /// The open ticket.
    pub detail: Option<Detail>,
    /// The small box.
    pub prompt: Option<Prompt>,
    /// 明文查看 under way or on the screen.
    pub reveal: Option<Reveal>,
    /// 说明 of a reveal that did not come to anything yet.
    pub reveal_note: Option<String>,
    /// 查阅记录 over the screen.
    pub looks: Option<Looks>,
    /// 承诺 one gave or one's unit has to keep, the next due first.
    pub promises: Vec<OpenPromise>,
    /// Those one was reminded of, at which stage.
    pub reminded: HashSet<(TicketId, u32, super::promised::Stage)>,
    /// 查看过频, until somebody has taken note of it.
    pub alarm: Option<Alarm>,
    /// Words left behind in a box, by ticket and act.
    pub remembered: HashMap<(TicketId, Act), String>,
    /// Acts whose outcome is not known: sent again under the same key.
    pub unsure: HashMap<(TicketId, Act), (ActRequest, String)>,
    /// Acts under way.
    pub pending: Vec<Pending>,
    /// 标记与批量.
    pub many: Many,
    /// Faults of files over the screen, and how far they are scrolled.
    pub faults: Option<(Vec<String>, usize)>,
    /// What one has done since the console was opened.
    pub own: Own,
    /// The last word.
    pub toast: Option<Toast>,
    /// The login screen, where it is shown.
    pub login: Option<LoginForm>,
    /// The snapshot under way.
    pub loading: Loading,
    /// Which screen.
    pub screen: ScreenName,
    /// 管理.
    pub admin: admin::Admin,
    /// The focused pane of each screen: desk, tickets, knowledge, admin.
    pub focuses: [Pane; 4],
    /// The help overlay, and how far it is scrolled.
    pub help: Option<usize>,
    /// The focused pane fills the screen.
    pub zoom: bool,
    /// 导览 under way.
    pub tour: Option<tour::Tour>,
    /// Somebody new may be here: the tour is offered.
    pub tour_offered: bool,
    /// The name in the corner.
    pub title: Option<String>,
}

impl Model {
    /// Before anything has come. `wall`: this machine's time, until the store says better.
    pub fn new(wall: Timestamp, at: Instant) -> Model {
        Model {
            me: None,
            seat: SeatView::Off,
            link: Link::new(at),
            clock: StoreClock::new(wall, at),
            names: Names::default(),
            calls: Vec::new(),
            figures: CallFigures::default(),
            call_selected: 0,
            card: None,
            taking: None,
            card_asked: None,
            rung: HashSet::new(),
            draft: Draft::default(),
            answered: None,
            undo: None,
            bound: None,
            outbox: Vec::new(),
            numbers: Vec::new(),
            parked: Vec::new(),
            knowledge: Knowledge::default(),
            board: Window::on(Filter::Open.query(None)),
            list: Window::on(Filter::Open.query(None)),
            filter: Filter::Open,
            number_filter: None,
            detail: None,
            prompt: None,
            reveal: None,
            reveal_note: None,
            looks: None,
            promises: Vec::new(),
            reminded: HashSet::new(),
            alarm: None,
            remembered: HashMap::new(),
            unsure: HashMap::new(),
            pending: Vec::new(),
            many: Many::default(),
            faults: None,
            own: Own::default(),
            toast: None,
            login: None,
            loading: Loading::default(),
            screen: ScreenName::Desk,
            admin: admin::Admin::default(),
            focuses: [Pane::Form, Pane::List, Pane::Query, Pane::Kinds],
            help: None,
            zoom: false,
            tour: None,
            tour_offered: false,
            title: None,
        }
    }

    /// The focused pane.
    pub fn focus(&self) -> Pane {
        self.focuses[self.screen as usize]
    }

    /// Nobody is logged in; a locked console still works for whoever locked it.
    pub fn is_logged_out(&self) -> bool {
        self.login.as_ref().is_some_and(|login| !login.locked)
    }

    /// May this person do this at all?
    pub fn can(&self, capability: Capability) -> bool {
        self.me.as_ref().is_some_and(|me| me.grants.iter().any(|(held, _)| *held == capability))
    }

    /// The call in hand: talking, held or being wrapped up, taken here.
    pub fn current_call(&self) -> Option<&CallRow> {
        let login = &self.me.as_ref()?.login;
        let mine = |call: &&CallRow| {
            call.taken_by.as_ref() == Some(login) && matches!(call.state, CallState::Talking | CallState::Held | CallState::WrapUp)
        };
        // While one is wrapped up, the one that is talked to counts.
        self.calls.iter().filter(mine).min_by_key(|call| call.state == CallState::WrapUp)
    }

    /// The call somebody is on: talking or held, taken here. One that is only wrapped up leaves the ear free.
    pub fn in_hand(&self) -> Option<&CallRow> {
        self.current_call().filter(|call| call.state != CallState::WrapUp)
    }

    /// The calls in the queue, oldest first.
    pub fn queue(&self) -> impl Iterator<Item = &CallRow> {
        self.calls.iter().filter(|call| call.state == CallState::Ringing)
    }

    /// The call the strip offers: the oldest that rings, while this seat is ready and has no call in hand.
    pub fn offered(&self) -> Option<&CallRow> {
        if self.seat != SeatView::Ready || self.in_hand().is_some() { None } else { self.queue().next() }
    }
}
