//! The snapshot: loaded at the start and after a gap, then continued by frames from the smallest position of its parts.
use super::app::App;
use super::effect::{Ask, Effect};
use super::model::link::LinkState;
use super::model::window::Want;
use super::model::{Filter, Loading, Pane, ScreenName};
use crate::api::session::Me;
use crate::client::{ClientError, new_key};
use crate::domain::access::WINDOW_MINUTES;
use crate::domain::rights::Capability;
use crate::text::scrub::scrub;
use chrono::TimeDelta;
use std::time::Duration;

impl App {
    /// What to ask for first. `token`: there is a login already.
    pub fn start(&mut self, token: bool) -> Vec<Effect> {
        match (&self.model.me, token) {
            (Some(_), true) => self.entered(),
            (None, true) => self.effects.push(Effect::WhoAmI),
            (_, false) => self.model.login = Some(Default::default()),
        }
        std::mem::take(&mut self.effects)
    }

    /// Somebody has logged in, perhaps again.
    pub(super) fn entered(&mut self) {
        // A backend found again unlocks nothing.
        self.model.login.take_if(|login| !login.locked);
        self.own_drafts();
        // Whoever takes calls begins at the desk, everybody else at their tickets.
        if !self.model.can(Capability::CallTake) && self.model.screen == ScreenName::Desk {
            self.model.screen = ScreenName::Tickets;
        }
        if let Some(unit) = self.model.me.as_ref().and_then(|me| me.unit.clone()) {
            self.model.filter = Filter::Open;
            self.model.list.query = Filter::Open.query(Some(&unit));
        }
        self.model.looks = None;
        if self.model.can(Capability::AuditRead) {
            self.effects.push(Effect::LoadAlarm { since: self.now() - TimeDelta::minutes(WINDOW_MINUTES) });
        }
        self.model.loading.following = false;
        self.snapshot();
    }

    /// Loads everything anew; what is shown stays until the answers come.
    pub(super) fn snapshot(&mut self) {
        let following = self.model.loading.following;
        let calls = self.model.can(Capability::CallRead);
        self.model.loading = Loading { board: true, calls, following, ..Loading::default() };
        if following {
            self.model.link.state = LinkState::CatchingUp;
        }
        self.effects.push(Effect::LoadTables);
        let want = self.model.board.reload();
        self.effects.push(self.page_of(Ask::Board, want));
        if self.model.list.loaded || self.model.screen == ScreenName::Tickets {
            let want = self.model.list.reload();
            self.effects.push(self.page_of(Ask::List, want));
        }
        if calls {
            self.effects.push(Effect::LoadCalls);
        }
        if self.model.can(Capability::KnowledgeRead) {
            self.effects.push(Effect::LoadHeads);
        }
        if self.model.can(Capability::TicketRead) {
            self.effects.push(Effect::LoadPromises);
        }
        if let Some(detail) = &mut self.model.detail {
            detail.loading = true;
            self.effects.push(Effect::LoadDetail(detail.id));
        }
        if let Some((call, _)) = &self.model.card {
            self.effects.push(Effect::LoadCard(*call));
        }
    }

    /// A part has come that is as of this position.
    pub(super) fn part_arrived(&mut self, position: i64) {
        self.model.loading.positions.push(position);
        if self.model.loading.board || self.model.loading.calls {
            return;
        }
        let from = self.model.loading.positions.iter().copied().min().unwrap_or(position);
        let meanwhile = std::mem::take(&mut self.model.loading.meanwhile);
        for (at, change) in meanwhile {
            if at > from {
                self.change(change);
            }
        }
        if self.model.loading.following {
            self.model.link.state = LinkState::Good;
            self.send_waiting();
        } else {
            self.model.loading.following = true;
            self.model.link.position = from;
            self.effects.push(Effect::Follow { after: from });
        }
    }

    /// Finds the backend again, where that can be done without asking anybody.
    pub(super) fn reattach(&mut self) {
        self.detached = true;
        if !std::mem::replace(&mut self.reattaching, true) {
            self.effects.push(Effect::Reattach);
        }
    }

    pub(super) fn reattached(&mut self, result: Result<Me, String>) {
        self.reattaching = false;
        match result {
            Ok(me) => {
                self.detached = false;
                self.known(me);
            }
            Err(why) => {
                self.warn(scrub(&why).into_owned());
                self.retry_due = Some(self.at + Duration::from_secs(2));
            }
        }
    }

    /// Something could not be loaded: the console heals by itself, without a key.
    pub(super) fn load_failed(&mut self, error: &ClientError) {
        if error.is_unauthorized() {
            return self.logged_out();
        }
        if matches!(error, ClientError::Unreachable(_)) && !self.model.link.is_lost() && !self.model.loading.following {
            self.model.link.state = LinkState::Lost(self.at);
        }
        if !self.model.link.is_lost() {
            let text = self.words_of(error);
            self.warn(text);
        }
        self.detached |= self.reattaches && matches!(error, ClientError::Unreachable(_));
        if self.retry_due.is_none() {
            self.retry_due = Some(self.at + Duration::from_secs(2));
        }
    }

    /// Asks again for whatever is still missing.
    pub(super) fn ask_again(&mut self) {
        if self.detached {
            return self.reattach();
        }
        if self.model.is_logged_out() {
            return;
        }
        if self.model.me.is_none() {
            return self.effects.push(Effect::WhoAmI);
        }
        self.model.board.asked = None;
        self.model.list.asked = None;
        if self.model.loading.board || self.model.loading.calls {
            return self.snapshot();
        }
        if self.model.names.view.version == 0 {
            self.effects.push(Effect::LoadTables);
        }
        if self.model.knowledge.indexed.is_none() && self.model.can(Capability::KnowledgeRead) {
            self.effects.push(Effect::LoadHeads);
        }
    }

    pub(super) fn page_of(&self, ask: Ask, want: Want) -> Effect {
        let window = if ask == Ask::Board { &self.model.board } else { &self.model.list };
        Effect::LoadTickets { ask, generation: window.generation, query: Box::new(window.page_query(&want)), want }
    }

    /// Pages that the selection has come near to.
    pub(super) fn ask_for_pages(&mut self) {
        if self.model.me.is_none() || self.model.login.is_some() || self.model.link.is_lost() {
            return;
        }
        let on_tickets = self.model.screen == ScreenName::Tickets;
        let (ask, window) = if on_tickets { (Ask::List, &mut self.model.list) } else { (Ask::Board, &mut self.model.board) };
        // The desk's first page comes with the snapshot.
        if let Some(want) = (window.loaded || on_tickets).then(|| window.want()).flatten() {
            let effect = self.page_of(ask, want);
            self.effects.push(effect);
        }
    }

    /// Narrows the list of tickets.
    pub(super) fn narrow(&mut self, filter: Filter, number: Option<String>) {
        self.model.filter = filter;
        self.model.number_filter.clone_from(&number);
        let unit = self.model.me.as_ref().and_then(|me| me.unit.clone());
        let mut query = filter.query(unit.as_deref());
        if number.is_some() {
            (query.number, query.open, query.flag) = (number, None, None);
        }
        self.model.list.narrow(query);
        self.model.focuses[ScreenName::Tickets as usize] = Pane::List;
        let want = self.model.list.reload();
        let effect = self.page_of(Ask::List, want);
        self.effects.push(effect);
    }

    pub(super) fn fresh_key(&self) -> String {
        new_key()
    }
}
