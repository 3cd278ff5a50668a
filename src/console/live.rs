//! What the stream tells, folded in: idempotent by row version, whatever order parts of a snapshot come in.
use super::app::{App, COUNTS_PAUSE, FIGURES_PAUSE};
use super::effect::Effect;
use super::model::clean;
use super::model::link::LinkState;
use super::model::reveal::Alarm;
use crate::api::calls::CallRow;
use crate::api::events::Change;
use crate::api::tickets::TicketRow;
use crate::client::Live;
use crate::domain::Timestamp;
use crate::domain::call::CallState;
use crate::words;

impl App {
    pub(super) fn live(&mut self, live: Live) {
        if !matches!(live, Live::Lost(_) | Live::Unauthorized) {
            self.model.link.heard = self.at;
        }
        match live {
            Live::Connected(position) => {
                self.model.link.position = self.model.link.position.max(position);
                if self.model.link.state != LinkState::CatchingUp {
                    self.model.link.state = LinkState::Good;
                }
                self.send_waiting();
                self.dirty = true;
            }
            Live::Heartbeat(heartbeat) => {
                self.model.clock.set(heartbeat.now, heartbeat.rate, self.at);
                if self.model.link.is_lost() {
                    self.model.link.state = LinkState::Good;
                    self.send_waiting();
                    self.dirty = true;
                }
                // With a clock on the screen the next tick shows it; without one nothing has changed.
                if self.model.link.position != heartbeat.position {
                    self.model.link.position = heartbeat.position;
                    self.dirty = true;
                }
            }
            Live::Frame(frame) => {
                self.model.link.position = frame.position;
                self.dirty = true;
                let gathering = self.model.loading.board || self.model.loading.calls;
                for change in frame.changes {
                    if gathering {
                        self.model.loading.meanwhile.push((frame.position, change.clone()));
                    }
                    self.change(change);
                }
            }
            Live::Reset(reset) => {
                self.model.link.position = reset.position;
                self.dirty = true;
                self.snapshot();
            }
            Live::Lost(_) => {
                if !self.model.link.is_lost() {
                    self.model.link.state = LinkState::Lost(self.at);
                    self.dirty = true;
                }
                if self.reattaches {
                    self.reattach();
                }
            }
            Live::Unauthorized => self.logged_out(),
        }
    }

    /// The login has ended: everything typed stays, only the login screen comes over it.
    pub(super) fn logged_out(&mut self) {
        if self.reattaches {
            return self.reattach();
        }
        if self.model.login.is_none() {
            self.model.login = Some(super::model::LoginForm { fault: Some(words!("error-session-ended")), ..Default::default() });
            if let (Some(login), Some(me)) = (&mut self.model.login, &self.model.me) {
                login.login.set(&me.login);
                login.in_password = true;
            }
        }
        self.dirty = true;
    }

    /// A ticket's row, cleaned and where it belongs in the lists; from an answer or a frame alike. Gives the moment it is shown at.
    pub(super) fn ticket_came(&mut self, row: &mut TicketRow) -> Timestamp {
        clean::ticket(row);
        let now = self.now();
        self.model.board.apply(row, now);
        self.model.list.apply(row, now);
        self.model.many.update(row);
        now
    }

    pub(super) fn change(&mut self, change: Change) {
        match change {
            Change::Ticket { mut row } => {
                self.ticket_came(&mut row);
                self.promise_may_have_changed(&row);
                self.touch_detail(row.id.0);
                self.count_soon();
            }
            Change::Call { mut row } => {
                clean::call(&mut row);
                self.put_call(*row);
                self.figures_due = self.figures_due.or(Some(self.at + FIGURES_PAUSE));
            }
            Change::Article { mut row } => {
                clean::head(&mut row);
                self.effects.push(Effect::AddHead(row));
            }
            Change::Leave { id } => {
                self.model.board.leave(id);
                self.model.list.leave(id);
                self.model.many.unmark(id);
                self.model.calls.retain(|call| call.id.0 != id);
                self.count_soon();
            }
            Change::Overused { by, count, at } => self.alarmed(Alarm { by, count, at }),
            Change::Tables { version } => {
                if version != self.model.names.view.version {
                    self.effects.push(Effect::LoadTables);
                }
            }
            Change::Unknown => {}
        }
    }

    /// The open ticket has changed: it is asked for again, once.
    pub(super) fn touch_detail(&mut self, id: uuid::Uuid) {
        if let Some(detail) = self.model.detail.as_mut().filter(|detail| detail.id.0 == id) {
            if detail.loading {
                detail.stale = true;
            } else {
                detail.loading = true;
                self.effects.push(Effect::LoadDetail(detail.id));
            }
        }
    }

    /// Counts are asked for at most once a second, however many frames come.
    fn count_soon(&mut self) {
        self.counts_changed = Some(self.at);
        if self.counts_due.is_none() {
            self.counts_due = Some(self.at + COUNTS_PAUSE);
        }
    }

    pub(super) fn put_call(&mut self, row: CallRow) {
        let old = self.model.calls.iter().position(|call| call.id == row.id);
        if let Some(at) = old
            && self.model.calls[at].version > row.version
        {
            return;
        }
        let mine = self.model.me.as_ref().is_some_and(|me| row.taken_by.as_ref() == Some(&me.login));
        let over = matches!(row.state, CallState::Ended | CallState::Abandoned) || (row.state != CallState::Ringing && !mine);
        let selected = self.model.queue().nth(self.model.call_selected).map(|call| call.id);
        match old {
            Some(at) if over => {
                drop(self.model.calls.remove(at));
                // An empty intake outlives its call; what is written next belongs to whoever calls next.
                if self.model.draft.call == Some(row.id) && self.model.draft.is_blank() {
                    (self.model.draft.call, self.model.draft.line) = (None, Default::default());
                }
            }
            Some(at) => self.model.calls[at] = row,
            None if over => {}
            None => {
                let place = self.model.calls.partition_point(|call| (call.rang_at, call.id.0) < (row.rang_at, row.id.0));
                self.model.calls.insert(place, row);
            }
        }
        let waiting = self.model.queue().count();
        let at = selected.and_then(|id| self.model.queue().position(|call| call.id == id));
        self.model.call_selected = at.unwrap_or(self.model.call_selected).min(waiting.saturating_sub(1));
        self.model.rung.retain(|id| self.model.calls.iter().any(|call| call.id == *id));
        self.bind_call();
    }

    /// The call in hand gets its card and its intake; a half-written one of an earlier call is put aside, not lost.
    pub(super) fn bind_call(&mut self) {
        let Some((id, line)) = self.model.current_call().map(|call| (call.id, call.line)) else {
            self.model.bound = None;
            return;
        };
        if self.model.card.as_ref().is_none_or(|(call, _)| *call != id) && self.model.card_asked != Some(id) {
            self.model.card_asked = Some(id);
            self.model.card = None;
            self.effects.push(Effect::LoadCard(id));
        }
        // Whoever has gone to another draft since, or taken one back, is not sent away from it.
        let bound = self.model.bound.replace(id) == Some(id);
        let edits = self.model.draft.edits.is_some();
        if self.model.draft.call == Some(id) || (bound && (edits || self.model.draft.call.is_some())) {
            return;
        }
        if let Some(at) = self.model.parked.iter().position(|draft| draft.call == Some(id)) {
            let own = self.model.parked.remove(at);
            let other = std::mem::replace(&mut self.model.draft, own);
            if !other.is_blank() {
                self.model.parked.push(other);
            }
        } else if !edits && (self.model.draft.is_blank() || self.model.draft.call.is_none()) {
            // What was written before the call was taken belongs to it.
            (self.model.draft.call, self.model.draft.line) = (Some(id), line);
        } else {
            let fresh = super::model::draft::Draft { call: Some(id), line, ..Default::default() };
            let parked = std::mem::replace(&mut self.model.draft, fresh);
            self.model.parked.push(parked);
        }
    }
}
