//! What each action does.
use super::app::App;
use super::effect::Effect;
use super::keymap::Action;
use super::layout;
use super::model::choices::Choices;
use super::model::prompt::{Prompt, Purpose};
use super::model::{Detail, Filter, Pane, ScreenName, SeatView};
use super::terminal::StopRequest;
use crate::api::session::SeatState;
use crate::domain::call::CallState;
use crate::domain::ids::TicketId;
use crate::domain::rights::Capability;
use crate::domain::ticket::Act;
use crate::words;
use crate::words::Language;

impl App {
    pub(super) fn command(&mut self, action: Action) {
        if self.model.login.is_some() {
            match action {
                // What lies under the login is not confirmed by the same key.
                Action::Submit => return self.submit_login(),
                Action::AppQuit | Action::AppLanguage | Action::AppRedraw | Action::AppSuspend => {}
                Action::PaneNext | Action::PanePrevious => {
                    if let Some(login) = self.model.login.as_mut().filter(|login| !login.locked) {
                        login.in_password = !login.in_password;
                    }
                    return;
                }
                _ => return,
            }
        }
        // What is shown in clear goes first, whatever else the key is for.
        if matches!(action, Action::Back | Action::Cancel) && self.hide_reveal() {
            return;
        }
        if matches!(action, Action::AppSuspend | Action::AppQuit) {
            self.hide_reveal();
        }
        if let Some(place) = action.pin_place() {
            return self.pin(usize::from(place) - 1);
        }
        if self.admin_runs(action) {
            return;
        }
        use Action as A;
        match action {
            A::AppQuit => self.quit(),
            A::AppHelp => self.model.help = if self.model.help.is_some() { None } else { Some(0) },
            A::AppTour => self.switch_tour(),
            A::TourSkip => self.skip_step(),
            A::AppLock => self.lock(),
            A::AppPalette => self.palette(),
            A::AppLanguage => {
                words::switch_to(words::current().other());
                self.say(words!("done-language"));
            }
            A::AppCommands => self.model.own.shown = if self.model.own.shown.is_some() { None } else { Some(0) },
            A::AppTheme => self.choose_theme(),
            A::AppReload => self.effects.push(Effect::ReadAgain { theme: self.theme.clone() }),
            A::AppMouse => {
                self.mouse = !self.mouse;
                self.say(if self.mouse { words!("mouse-here") } else { words!("mouse-terminal") });
            }
            A::AppRedraw => self.repaint = true,
            A::AppSuspend => self.suspend = Some(StopRequest::Key),
            A::ScreenDesk => self.screen(ScreenName::Desk),
            A::ScreenTickets => self.screen(ScreenName::Tickets),
            A::ScreenKnowledge => self.screen(ScreenName::Knowledge),
            A::ScreenAdmin => self.go_admin(false),
            A::ScreenAudit => self.go_admin(true),
            A::FocusQueue => self.focus_on(Pane::Queue),
            A::FocusCaller => self.focus_on(Pane::Caller),
            A::FocusForm => self.focus_on(Pane::Form),
            A::FocusKnowledge => self.focus_on(Pane::Query),
            A::FocusTickets => self.focus_on(Pane::Board),
            A::PaneNext => self.next_pane(1),
            A::PanePrevious => self.next_pane(-1),
            A::SelectUp => self.step(-1),
            A::SelectDown => self.step(1),
            A::SelectPageUp => self.step(-self.page()),
            A::SelectPageDown => self.step(self.page()),
            A::SelectFirst => self.first(),
            A::SelectLast => self.step(isize::MAX / 2),
            A::Open => self.open(),
            A::Back => self.back(),
            A::Zoom => self.model.zoom = !self.model.zoom,
            A::SearchStart => self.start_search(),
            A::SeatReady => self.seat(SeatState::Ready),
            A::SeatPause => self.seat(SeatState::Paused),
            A::CallTake => self.take(),
            A::CallHold => self.hold(),
            A::CallWrapUp => self.wrap_up(),
            A::FormAnswerDirectly => self.answer_directly(),
            A::AppUndo => self.undo(),
            A::FormTag => self.next_tag(),
            A::FormGreen => self.switch_green(),
            A::FormPromise => self.choose_promise(),
            A::FormPhrase => self.choose_phrase(),
            A::FormUndoTyping => self.step_typing(true),
            A::FormRedoTyping => self.step_typing(false),
            A::FormDispatch => self.send_draft(false),
            A::FormUrgent => self.next_urgent(),
            A::FormNextField => self.next_field(),
            A::FormNextDraft => self.next_draft(),
            A::FormPreviousField => self.model.draft.go(-1),
            A::TicketClaim => self.act(Act::Claim),
            A::TicketSign => self.act(Act::Sign),
            A::TicketContact => self.act(Act::Contact),
            A::TicketProgress => self.act(Act::Progress),
            A::TicketReply => self.act(Act::Reply),
            A::TicketReview => self.act(Act::Review),
            A::TicketSendBack => self.act(Act::SendBack),
            A::TicketCallBackSolved => self.call_back(true),
            A::TicketCallBackUnsolved => self.call_back(false),
            A::TicketRework => self.act(Act::Rework),
            A::TicketArchive => self.act(Act::Archive),
            A::TicketUrge => self.act(Act::Urge),
            A::TicketNote => self.act(Act::Note),
            A::TicketDispatch => self.act(Act::Dispatch),
            A::TicketFlag => self.act(Act::Flag),
            A::TicketEdit => self.begin_edit(),
            A::TicketPromise => self.act(Act::Promise),
            A::TicketVisit => self.make_appointment(),
            A::TicketKeepPromise => self.act(Act::KeepPromise),
            A::PromiseOpen => self.open_promise(),
            A::CallerLanguage => self.ask_note(false),
            A::CallerTone => self.ask_note(true),
            A::CallerReveal => self.ask_reveal(),
            A::TicketLooks => self.ask_looks(),
            A::AlarmSeen => self.model.alarm = None,
            A::ListMark => self.mark(),
            A::ListMarkShown => self.mark_shown(),
            A::TicketActs => self.offer_acts(),
            A::ClockExplain => self.explain(),
            A::ListFilter => self.next_filter(),
            A::ListRefresh => self.snapshot(),
            A::Submit => self.submit_prompt(),
            A::Cancel => self.leave_prompt(),
            other => {
                // The rarer acts on a ticket.
                if let Some(act) = Self::act_of(other) {
                    self.act(act);
                }
            }
        }
    }

    pub(super) fn screen(&mut self, screen: ScreenName) {
        self.model.screen = screen;
        self.model.help = None;
        self.model.zoom = false;
    }

    pub(super) fn focus_on(&mut self, pane: Pane) {
        if matches!(pane, Pane::Queue | Pane::Caller | Pane::Form | Pane::Board) {
            self.model.screen = ScreenName::Desk;
        }
        if pane == Pane::Query && self.model.focus() != Pane::Query && self.model.focus() != Pane::Article {
            self.model.knowledge.fresh = true;
        }
        // What is looked at now shows which row is selected.
        match pane {
            Pane::Board => self.model.board.settle(),
            Pane::List => self.model.list.settle(),
            _ => {}
        }
        self.model.focuses[self.model.screen as usize] = pane;
    }

    fn next_pane(&mut self, by: isize) {
        let order: &[Pane] = match self.model.screen {
            ScreenName::Desk => &[Pane::Form, Pane::Query, Pane::Article, Pane::Board, Pane::Queue, Pane::Caller],
            ScreenName::Tickets => &[Pane::List, Pane::Detail],
            ScreenName::Knowledge => &[Pane::Query, Pane::Article],
            ScreenName::Admin => &[Pane::Kinds, Pane::Rows, Pane::Fields],
        };
        let at = order.iter().position(|pane| *pane == self.model.focus()).unwrap_or(0);
        let to = (at as isize + by).rem_euclid(order.len() as isize) as usize;
        self.focus_on(order[to]);
    }

    pub(super) fn page(&self) -> isize {
        let areas = layout::of(self.size, self.model.screen, self.model.focus(), self.model.zoom);
        areas.of(self.model.focus()).map_or(10, |area| (isize::try_from(area.height).unwrap_or(10) - 3).max(1))
    }

    pub(super) fn step(&mut self, by: isize) {
        if let Some(scroll) = &mut self.model.help {
            *scroll = scroll.saturating_add_signed(by).min(200);
            return;
        }
        if let Some((_, scroll)) = &mut self.model.faults {
            *scroll = scroll.saturating_add_signed(by).min(500);
            return;
        }
        if let Some(scroll) = &mut self.model.own.shown {
            *scroll = scroll.saturating_add_signed(by).min(500);
            return;
        }
        if let Some(looks) = &mut self.model.looks {
            let last = looks.rows.as_ref().map_or(0, Vec::len).saturating_sub(1);
            looks.scroll = looks.scroll.saturating_add_signed(by).min(last);
            return;
        }
        self.step_in(self.model.focus(), by);
    }

    /// Moves in this pane, whether or not it is the one in focus.
    pub(super) fn step_in(&mut self, pane: Pane, by: isize) {
        let model = &mut self.model;
        match pane {
            Pane::Board => model.board.step(by),
            Pane::List => model.list.step(by),
            Pane::Query => model.knowledge.step(by),
            Pane::Article => model.knowledge.scroll = model.knowledge.scroll.saturating_add_signed(by).min(2000),
            Pane::Detail => {
                if let Some(detail) = &mut model.detail {
                    detail.scroll = detail.scroll.saturating_add_signed(by).min(2000);
                }
            }
            Pane::Queue | Pane::Caller => {
                let waiting = model.queue().count();
                model.call_selected = model.call_selected.saturating_add_signed(by).min(waiting.saturating_sub(1));
            }
            Pane::Form => {}
            Pane::Kinds | Pane::Rows | Pane::Fields => self.admin_step(by),
        }
    }

    fn first(&mut self) {
        let window = match self.model.focus() {
            Pane::Board => &mut self.model.board,
            Pane::List => &mut self.model.list,
            _ => return self.step(isize::MIN / 2),
        };
        if window.dropped == 0 {
            (window.selected, window.top) = (0, 0);
            window.settle();
        } else {
            window.from_top();
            let ask = if self.model.focus() == Pane::Board { super::effect::Ask::Board } else { super::effect::Ask::List };
            let want = if ask == super::effect::Ask::Board { self.model.board.reload() } else { self.model.list.reload() };
            let effect = self.page_of(ask, want);
            self.effects.push(effect);
        }
    }

    fn open(&mut self) {
        match self.model.focus() {
            Pane::Board => {
                if let Some(id) = self.model.board.current().map(|row| row.id) {
                    self.open_ticket(id);
                }
            }
            Pane::List => {
                if let Some(id) = self.model.list.current().map(|row| row.id) {
                    self.open_ticket(id);
                }
            }
            Pane::Query => self.open_article(),
            Pane::Caller => {
                if let Some(id) = self.model.card.as_ref().and_then(|(_, card)| card.last.first()).map(|matter| matter.ticket) {
                    self.open_ticket(id);
                }
            }
            _ => {}
        }
    }

    pub(super) fn open_ticket(&mut self, id: TicketId) {
        // Cursor and detail do not part company: what is acted on from the list is what stands beside it.
        self.model.list.select(id);
        let known = self.model.detail.take().filter(|detail| detail.id == id);
        self.model.detail = Some(Detail { id, data: known.and_then(|detail| detail.data), loading: true, stale: false, explained: false, scroll: 0, fault: None, from: self.model.screen });
        self.model.screen = ScreenName::Tickets;
        self.model.focuses[ScreenName::Tickets as usize] = Pane::Detail;
        self.effects.push(Effect::LoadDetail(id));
    }

    fn back(&mut self) {
        if self.model.faults.take().is_some() || self.model.help.take().is_some() || self.model.own.shown.take().is_some() || self.model.looks.take().is_some() || std::mem::take(&mut self.model.zoom) {
            return;
        }
        if self.unmark_all() {
            return;
        }
        match (self.model.screen, self.model.focus()) {
            (ScreenName::Tickets, Pane::Detail) => match self.model.detail.as_mut().map(|detail| std::mem::replace(&mut detail.from, ScreenName::Tickets)) {
                Some(ScreenName::Desk) => self.screen(ScreenName::Desk),
                _ => self.focus_on(Pane::List),
            },
            (ScreenName::Tickets, Pane::List) if self.model.number_filter.is_some() || self.model.filter != Filter::Open => self.narrow(Filter::Open, None),
            (_, Pane::Article) => self.focus_on(Pane::Query),
            (ScreenName::Desk, Pane::Form) | (ScreenName::Tickets, _) => {}
            (ScreenName::Desk, Pane::Query) if !self.model.knowledge.query.is_blank() => {
                self.model.knowledge.query.set("");
                self.search();
            }
            (ScreenName::Desk, _) => self.focus_on(Pane::Form),
            _ => {}
        }
    }

    fn start_search(&mut self) {
        if self.model.screen == ScreenName::Tickets {
            self.model.prompt = Some(Prompt::new(Purpose::Number, Choices::default()));
        } else {
            self.focus_on(Pane::Query);
        }
    }

    fn next_filter(&mut self) {
        self.model.screen = ScreenName::Tickets;
        let has_unit = self.model.me.as_ref().is_some_and(|me| me.unit.is_some());
        let all: Vec<Filter> = Filter::ALL.into_iter().filter(|filter| has_unit || *filter != Filter::Mine).collect();
        let at = all.iter().position(|filter| *filter == self.model.filter).unwrap_or(0);
        self.narrow(all[(at + 1) % all.len()], None);
    }

    fn seat(&mut self, state: SeatState) {
        // Who one is may still be on its way: then the server is asked, and says so where it is not allowed.
        if self.model.me.is_none() || self.model.can(Capability::CallTake) {
            self.effects.push(Effect::SetSeat(state));
        } else {
            self.warn(words!("refusal-forbidden", act = words!("seat-ready")));
        }
    }

    fn take(&mut self) {
        // One ear, one caller: the next one would wait in a call nobody speaks in.
        if self.model.in_hand().is_some() {
            let key = self.keymap.keys_of(&self.contexts(), Action::CallWrapUp).map(|row| row.keys()).unwrap_or_default();
            return self.warn(words!("refusal-call-in-hand", key = key));
        }
        if self.model.taking.is_some() {
            return;
        }
        let chosen = if self.model.focus() == Pane::Queue && self.model.screen == ScreenName::Desk {
            self.model.queue().nth(self.model.call_selected)
        } else {
            self.model.queue().next()
        };
        let Some(call) = chosen.map(|call| call.id) else { return self.warn(words!("refusal-no-ringing-call")) };
        if self.model.seat != SeatView::Ready {
            let key = self.keymap.keys_of(&self.contexts(), Action::SeatReady).map(|row| row.keys()).unwrap_or_default();
            return self.warn(words!("empty-not-ready", key = key));
        }
        let key = self.fresh_key();
        self.model.taking = Some(call);
        self.effects.push(Effect::Call { call, act: "take", key });
    }

    fn hold(&mut self) {
        let act = match self.model.current_call().map(|call| call.state) {
            Some(CallState::Talking) => "hold",
            Some(CallState::Held) => "retrieve",
            _ => return self.warn(words!("refusal-not-on-a-call")),
        };
        self.act_on_call(act);
    }

    fn wrap_up(&mut self) {
        if self.model.current_call().is_none() {
            return self.warn(words!("refusal-not-on-a-call"));
        }
        self.act_on_call("wrap_up");
    }

    fn act_on_call(&mut self, act: &'static str) {
        if let Some(call) = self.model.current_call().map(|call| call.id) {
            let key = self.fresh_key();
            self.effects.push(Effect::Call { call, act, key });
        }
    }

    /// The clocks stand in the detail; below them, how the legal one came about, day by day.
    fn explain(&mut self) {
        if self.model.focus() != Pane::Detail {
            self.open();
        }
        if let Some(detail) = &mut self.model.detail {
            detail.explained = !detail.explained;
            detail.scroll = 0;
        }
    }

    /// True while the language is English: some columns are wider then.
    pub fn is_english(&self) -> bool {
        words::current() == Language::English
    }
}
