//! 撤销 (undo) for ten seconds: a dispatch or an answer is on the server at once, so that nothing which happens here can
//! lose it; taking it back is an act of its own. What the form held comes back when the server has said yes, and is on the
//! disk from the moment one asks.
use super::app::App;
use super::model::draft::Draft;
use super::model::{Pane, Undo};
use crate::api::tickets::{ActRequest, TicketRow};
use crate::domain::ids::TicketId;
use crate::domain::ticket::{Act, UNDO_SECONDS};
use crate::words;
use std::time::Duration;

impl App {
    /// This has just happened; `draft`: the form it came from.
    pub(super) fn can_be_undone(&mut self, row: &TicketRow, draft: Option<&Draft>) {
        // What is being taken back is not let go for what came after it.
        if self.model.undo.as_ref().is_none_or(|undo| !undo.asked) {
            let until = self.at + Duration::from_secs(UNDO_SECONDS.unsigned_abs());
            let draft = draft.map(|draft| Box::new(draft.again()));
            self.model.undo = Some(Undo { ticket: row.id, number: row.number.clone(), until, draft, asked: false });
        }
    }

    /// The key.
    pub(super) fn undo(&mut self) {
        let at = self.at;
        let Some(undo) = self.model.undo.as_mut().filter(|undo| undo.asked || undo.until > at) else {
            return self.warn(words!("undo-nothing"));
        };
        undo.asked = true;
        let about = (undo.ticket, undo.number.clone());
        self.keep_at_once();
        self.send_act(about, Act::Undo, ActRequest::default());
    }

    /// The server has taken it back: the form is as it was, and what is written in it now stands beside it. False where it
    /// came from no form.
    pub(super) fn undone(&mut self, ticket: TicketId) -> bool {
        let Some(draft) = self.model.undo.take_if(|undo| undo.ticket == ticket).and_then(|undo| undo.draft) else { return false };
        let old = std::mem::replace(&mut self.model.draft, *draft);
        let in_hand = self.model.current_call().map(|call| call.id);
        let this_call = old.call.is_some() && old.call == in_hand && old.call != self.model.draft.call;
        if !old.is_blank() || this_call {
            self.model.parked.push(old);
        }
        self.model.answered = None;
        self.keep_at_once();
        self.focus_on(Pane::Form);
        true
    }

    /// It stands: too late, or somebody has built on it.
    pub(super) fn not_undone(&mut self, ticket: TicketId) {
        self.model.undo.take_if(|undo| undo.ticket == ticket);
    }

    /// Seconds in which it can still be undone.
    pub fn undo_seconds(&self) -> Option<u64> {
        let undo = self.model.undo.as_ref().filter(|undo| !undo.asked)?;
        let left = undo.until.checked_duration_since(self.at)?;
        Some(left.as_millis().div_ceil(1000) as u64).filter(|seconds| *seconds > 0)
    }

    pub(super) fn undo_in_time(&mut self) {
        if self.model.undo.take_if(|undo| !undo.asked && undo.until <= self.at).is_some() {
            self.dirty = true;
        }
    }
}
