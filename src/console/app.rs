//! The console as a value: [`App::update`] folds one message into it and says what to ask for next. It never awaits,
//! never draws, and reads no clock: the time comes with the message.
use super::effect::Effect;
use super::keeping::Keeping;
use super::keymap::{Chord, Context, Continuation, Keymap};
use super::look::Look;
use super::model::{Model, Pane, ScreenName, Toast};
use super::msg::{Answer, Msg};
use super::terminal::{Signal, StopRequest};
use super::{ExitReason, layout};
use crate::domain::Timestamp;
use crate::domain::call::CallState;
use crate::words;
use std::time::{Duration, Instant};

/// How long words stay in the status line.
const TOAST: Duration = Duration::from_secs(8);
/// How often counts are asked for at most, and how long after the last change at least.
pub(super) const COUNTS_PAUSE: Duration = Duration::from_secs(1);

/// How often 话务指标 are asked for at most, while calls come and go.
pub(super) const FIGURES_PAUSE: Duration = Duration::from_secs(10);

/// The console.
#[derive(Debug)]
pub struct App {
    /// What it knows.
    pub model: Model,
    /// The theme's name or path.
    pub theme: String,
    /// The settings file, to say where a theme is kept for good.
    pub settings_file: Option<std::path::PathBuf>,
    /// The mouse is the console's; else the terminal's own.
    pub mouse: bool,
    /// Themes to choose from.
    pub(super) themes: Option<super::themes::Choosing>,
    /// Which key does what.
    pub keymap: Keymap,
    /// Styles and glyphs.
    pub look: Look,
    /// How a shell reaches the same backend: `hotline` and flags.
    pub program: Vec<String>,
    /// Columns and rows of the window.
    pub size: (u16, u16),
    /// Chords pressed so far of a longer sequence.
    pub chords: Vec<Chord>,
    /// 数字: how often the next motion is done, or to which row it goes.
    pub count: Option<u32>,
    /// What may follow them.
    pub follow: Vec<Continuation>,
    /// No clock on the screen.
    pub no_clock: bool,
    /// A lost backend can be found again without asking anybody.
    pub reattaches: bool,
    /// The moment of the last message.
    pub at: Instant,
    /// Something visible has changed.
    pub dirty: bool,
    /// The bell is to ring.
    pub bell: bool,
    /// Every cell is to be sent.
    pub repaint: bool,
    /// The process is to stop for a while.
    pub suspend: Option<StopRequest>,
    /// The signal said that we are back without having stopped ourselves.
    pub resumed: bool,
    /// It is over.
    pub exit: Option<ExitReason>,
    pub(super) effects: Vec<Effect>,
    pub(super) counts_due: Option<Instant>,
    /// When 话务指标 are asked for again.
    pub(super) figures_due: Option<Instant>,
    /// When something was last seen to change the counts.
    pub(super) counts_changed: Option<Instant>,
    /// When one's own promises are asked for again.
    pub(super) promises_due: Option<Instant>,
    /// When what could not be loaded is asked for again.
    pub(super) retry_due: Option<Instant>,
    /// The backend is to be found again; and whether that is under way.
    pub(super) detached: bool,
    /// A key is being folded in.
    at_key: bool,
    /// The key that is folded in is a plain letter: pressed by a slip more easily than any other.
    pub(super) by_letter: bool,
    pub(super) reattaching: bool,
    /// When somebody last touched a key or the mouse.
    pub(super) touched: Instant,
    /// How long nobody may before the console is locked.
    pub lock_after: Option<Duration>,
    pub(super) quit_asked: Option<Instant>,
    pub(super) keeping: Keeping,
    /// Numbers are asked for.
    pub(super) leasing: bool,
    /// When what waits is tried again.
    pub(super) outbox_due: Option<Instant>,
    /// The second that was drawn last, so that a tick within it changes nothing.
    last_second: i64,
}

impl App {
    /// A console that has been told nothing yet.
    pub fn new(keymap: Keymap, look: Look, wall: Timestamp, at: Instant) -> App {
        App {
            model: Model::new(wall, at),
            theme: "dark".to_owned(),
            settings_file: None,
            mouse: false,
            themes: None,
            keymap,
            look,
            program: vec!["hotline".to_owned()],
            size: (80, 24),
            chords: Vec::new(),
            count: None,
            follow: Vec::new(),
            no_clock: false,
            reattaches: false,
            at,
            dirty: true,
            bell: false,
            repaint: false,
            suspend: None,
            resumed: false,
            exit: None,
            effects: Vec::new(),
            counts_due: None,
            figures_due: None,
            counts_changed: None,
            promises_due: None,
            retry_due: None,
            detached: false,
            at_key: false,
            by_letter: false,
            reattaching: false,
            touched: at,
            lock_after: None,
            quit_asked: None,
            keeping: Keeping::default(),
            leasing: false,
            outbox_due: None,
            last_second: 0,
        }
    }

    /// Folds a message in, and says what to ask for.
    pub fn update(&mut self, msg: Msg, at: Instant) -> Vec<Effect> {
        self.at = at;
        let lost = self.row_is_lost();
        let ticked = matches!(msg, Msg::Tick);
        let acted = matches!(&msg, Msg::Answer(answer) if matches!(**answer, Answer::Acted { .. }));
        match msg {
            Msg::Key(event) => {
                self.dirty = true;
                self.touch();
                self.model.toast.take_if(|toast| toast.of_key);
                self.at_key = true;
                self.key(event);
                self.at_key = false;
            }
            Msg::Paste(text) => {
                self.dirty = true;
                self.touch();
                if layout::shape(self.size) != layout::Shape::TooSmall {
                    self.paste(&text);
                }
            }
            Msg::Mouse(press) => {
                self.touch();
                self.mouse(press);
            }
            Msg::Resize(columns, rows) => {
                self.size = (columns, rows);
                self.dirty = true;
                self.settle_scroll();
            }
            Msg::Live(live) => self.live(*live),
            Msg::Answer(answer) => {
                self.dirty = true;
                self.answer(*answer);
            }
            Msg::Tick => self.tick(),
            Msg::Signal(signal) => self.signal(signal),
            Msg::Closed => self.exit = Some(ExitReason::Closed),
        }
        // What one did to it oneself is said by its own words.
        if !lost && !acted && self.row_is_lost() {
            self.warn(words!("refusal-row-left"));
        }
        self.settle_reveal();
        self.settle_theme();
        self.settle_tour();
        self.keep_in_time(!ticked);
        self.ask_for_pages();
        self.ring();
        std::mem::take(&mut self.effects)
    }

    /// Has the row one looks at left the list by itself?
    fn row_is_lost(&self) -> bool {
        match self.model.focus() {
            Pane::Board => self.model.board.is_lost(),
            Pane::List => self.model.list.is_lost(),
            _ => false,
        }
    }

    /// Store time now.
    pub fn now(&self) -> Timestamp {
        self.model.clock.now(self.at)
    }

    pub(super) fn say(&mut self, text: impl Into<String>) {
        self.model.toast = Some(Toast { text: text.into(), bad: false, of_key: false, until: self.at + TOAST });
        self.dirty = true;
    }

    pub(super) fn warn(&mut self, text: impl Into<String>) {
        self.model.toast = Some(Toast { text: text.into(), bad: true, of_key: self.at_key, until: self.at + TOAST });
        self.dirty = true;
    }

    fn signal(&mut self, signal: Signal) {
        match signal {
            Signal::Stop => self.suspend = Some(StopRequest::Signal),
            Signal::Continue => self.resumed = true,
            ending => self.exit = ending.exit_code().map(ExitReason::Signal),
        }
    }

    fn tick(&mut self) {
        if self.model.toast.as_ref().is_some_and(|toast| toast.until <= self.at) {
            self.model.toast = None;
            self.dirty = true;
        }
        self.undo_in_time();
        self.lock_in_time();
        if self.quit_asked.is_some_and(|asked| self.at - asked > TOAST) {
            self.quit_asked = None;
        }
        if self.counts_due.is_some_and(|due| due <= self.at) {
            // The server's counts may be half a second old: what changed since then is asked for once more.
            let fresh = self.counts_changed.take().is_some_and(|changed| self.at - changed < COUNTS_PAUSE);
            self.counts_due = fresh.then(|| self.at + COUNTS_PAUSE);
            self.effects.push(Effect::LoadCounts);
        }
        if self.figures_due.is_some_and(|due| due <= self.at) {
            self.figures_due = None;
            self.effects.push(Effect::LoadFigures);
        }
        if self.promises_due.is_some_and(|due| due <= self.at) {
            self.promises_due = None;
            self.effects.push(Effect::LoadPromises);
        }
        self.remind();
        if self.retry_due.is_some_and(|due| due <= self.at) {
            self.retry_due = None;
            self.ask_again();
        }
        if self.outbox_due.is_some_and(|due| due <= self.at) {
            self.outbox_due = None;
            self.send_waiting();
        }
        let second = self.shown_second();
        if second != self.last_second {
            self.last_second = second;
            self.dirty = true;
        }
    }

    /// A number that changes exactly when the passing of time changes what is shown.
    fn shown_second(&self) -> i64 {
        let seconds = self.now().timestamp();
        if self.seconds_matter() { seconds } else { seconds / 60 }
    }

    /// Is anything on the screen that runs in seconds?
    pub fn seconds_matter(&self) -> bool {
        let model = &self.model;
        if let Some(login) = &model.login {
            return login.locked && model.offered().is_some();
        }
        let clock = !self.no_clock && self.size.0 >= layout::WIDE;
        let calls = model.current_call().is_some_and(|call| call.state != CallState::Ended) || model.queue().next().is_some();
        let window = if model.screen == ScreenName::Tickets { &model.list } else { &model.board };
        let shown = !matches!(model.screen, ScreenName::Knowledge | ScreenName::Admin);
        clock || model.undo.is_some() || model.reveal.is_some() || model.link.is_lost() || self.at >= model.link.stale_at() || (shown && (calls || window.within_the_hour(self.list_height(), self.now())))
    }

    /// When [`Msg::Tick`] is wanted next.
    pub fn wake_at(&self) -> Instant {
        let now = self.now();
        let rate = self.model.clock.rate().max(0.001);
        let milliseconds = now.timestamp_subsec_millis();
        let wait = if self.seconds_matter() {
            Duration::from_secs_f64((f64::from(1000 - milliseconds.min(999)) / 1000.0 / rate).clamp(0.02, 3600.0))
        } else {
            Duration::from_secs_f64(((60 - now.timestamp().rem_euclid(60)) as f64 / rate).clamp(1.0, 3600.0))
        };
        // A clock that is played faster than the world still moves the screen once a second at most.
        let wait = if rate > 1.5 { wait.max(Duration::from_secs(1)) } else { wait };
        let toast = self.model.toast.as_ref().map(|toast| toast.until);
        let hides = self.model.reveal.as_ref().and_then(|reveal| reveal.shown.as_ref()).map(|shown| shown.until);
        // Once for the moment what is shown gets old; from then on its age runs in seconds.
        let stale = (self.at < self.model.link.stale_at() && self.model.login.is_none()).then(|| self.model.link.stale_at());
        let due = [self.counts_due, self.figures_due, self.promises_due, self.retry_due, self.keeping.due, self.outbox_due, self.lock_due()];
        [Some(self.at + wait), stale, toast, hides].into_iter().chain(due).flatten().min().unwrap_or(self.at + wait)
    }

    /// The contexts in which a key is looked up, outermost first.
    pub fn contexts(&self) -> Vec<Context> {
        let over = self.model.help.is_some() || self.model.looks.is_some() || self.model.own.shown.is_some() || self.model.faults.is_some();
        if over && self.model.login.is_none() {
            return vec![Context::Global, Context::Help];
        }
        self.contexts_behind()
    }

    /// The same, as if no help lay over it.
    pub fn contexts_behind(&self) -> Vec<Context> {
        if self.model.prompt.is_some() || self.model.login.is_some() {
            return vec![Context::Global, Context::Input];
        }
        if self.model.screen == ScreenName::Admin && (self.model.admin.form.is_some() || self.model.admin.filtering) {
            return vec![Context::Global, Context::Input];
        }
        self.place()
    }

    /// The contexts of the place one is in, whatever lies over it.
    pub fn place(&self) -> Vec<Context> {
        let mut contexts = vec![Context::Global];
        if self.model.screen == ScreenName::Desk {
            contexts.push(Context::Desk);
        }
        match self.model.focus() {
            Pane::Queue => contexts.push(Context::Queue),
            Pane::Caller => contexts.push(Context::Caller),
            Pane::Form => contexts.push(Context::Form),
            Pane::Query => contexts.push(Context::KnowledgeQuery),
            Pane::Article => contexts.push(Context::Article),
            Pane::Board | Pane::List => contexts.push(Context::Tickets),
            Pane::Detail => contexts.extend([Context::Tickets, Context::TicketDetail]),
            Pane::Kinds | Pane::Rows | Pane::Fields => contexts.push(Context::Admin),
        }
        contexts
    }

    /// How many rows the list on this screen shows.
    pub fn list_height(&self) -> usize {
        let areas = layout::of(self.size, self.model.screen, self.model.focus(), self.model.zoom);
        let pane = if self.model.screen == ScreenName::Tickets { Pane::List } else { Pane::Board };
        areas.of(pane).map_or(0, |area| usize::from(area.height.saturating_sub(2)))
    }

    pub(super) fn settle_scroll(&mut self) {
        let height = self.list_height();
        let window = if self.model.screen == ScreenName::Tickets { &mut self.model.list } else { &mut self.model.board };
        window.show(height);
        let hits = layout::hits_shown(self.size);
        let knowledge = &mut self.model.knowledge;
        knowledge.top = knowledge.top.min(knowledge.selected).max((knowledge.selected + 1).saturating_sub(hits));
    }

    /// The bell, once for each call that comes to the strip.
    fn ring(&mut self) {
        let Some(id) = self.model.offered().map(|call| call.id) else { return };
        if self.model.rung.insert(id) {
            self.bell = true;
            self.dirty = true;
        }
    }
}
