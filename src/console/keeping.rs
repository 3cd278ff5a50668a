//! Which drafts are kept when: whatever is typed is on this machine's disk within half a second, and goes from there when
//! the server has it or nothing is left of it, never before. Not here: the disk (`keep`).
use super::app::App;
use super::effect::Effect;
use super::keep::Found;
use super::keymap::Action;
use super::model::Pane;
use super::model::draft::{Draft, KeptDraft};
use crate::domain::ids::TicketId;
use crate::domain::ticket::Act;
use crate::words;
use std::collections::HashMap;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// How long what was typed may be in memory alone: with the disk's own time well below a second.
const PAUSE: Duration = Duration::from_millis(400);
/// How long after a disk that said no it is tried again.
const AGAIN: Duration = Duration::from_secs(5);

/// What is known of the kept drafts.
#[derive(Debug, Default)]
pub struct Keeping {
    /// Whose they are.
    owner: Option<String>,
    /// As they were given to the disk last.
    kept: HashMap<Uuid, KeptDraft>,
    /// Under which id the words of each box are kept.
    pub(super) boxes: HashMap<(TicketId, Act), Uuid>,
    /// When it is looked whether anything has changed.
    pub(super) due: Option<Instant>,
    /// The disk says no.
    failing: bool,
}

impl App {
    /// Whoever has logged in finds what they left; another person's drafts leave the screen and stay on the disk.
    pub(super) fn own_drafts(&mut self) {
        let Some(login) = self.model.me.as_ref().map(|me| me.login.clone()) else { return };
        if self.keeping.owner.as_ref() == Some(&login) {
            return;
        }
        if self.keeping.owner.is_some() {
            self.keep_drafts();
            self.model.parked.clear();
            self.model.outbox.clear();
            self.model.numbers.clear();
            self.model.undo = None;
            (self.model.remembered, self.model.unsure) = Default::default();
            self.model.prompt = None;
            self.model.own = Default::default();
            self.model.many = Default::default();
            self.model.draft = Draft::default();
            self.keeping = Keeping::default();
        }
        self.keeping.owner = Some(login.clone());
        self.effects.push(Effect::FindDrafts { owner: login });
    }

    /// After each message: what has come may have changed a draft.
    pub(super) fn keep_in_time(&mut self, something: bool) {
        if something && self.keeping.due.is_none() && (!self.keeping.kept.is_empty() || !self.model.draft.is_blank() || self.has_box_words()) {
            self.keeping.due = Some(self.at + PAUSE);
        }
        if self.keeping.due.is_some_and(|due| due <= self.at) {
            self.keeping.due = None;
            self.keep_drafts();
        }
    }

    /// What was given must outlast even the next instant: its caller has been told a number.
    pub(super) fn keep_at_once(&mut self) {
        self.keeping.due = Some(self.at);
    }

    fn keep_drafts(&mut self) {
        let Some(owner) = self.keeping.owner.clone() else { return };
        let mut live: HashMap<Uuid, KeptDraft> = self.box_words().into_iter().map(|words| (words.id, words)).collect();
        let undone = self.model.undo.iter_mut().filter(|undo| undo.asked).filter_map(|undo| undo.draft.as_deref_mut());
        for draft in std::iter::once(&mut self.model.draft).chain(&mut self.model.parked).chain(&mut self.model.outbox).chain(undone) {
            if draft.is_blank() {
                draft.id = None;
            } else {
                let id = *draft.id.get_or_insert_with(Uuid::now_v7);
                live.insert(id, draft.kept(id));
            }
        }
        let keep: Vec<KeptDraft> = live.values().filter(|draft| self.keeping.kept.get(&draft.id) != Some(draft)).cloned().collect();
        let forget: Vec<Uuid> = self.keeping.kept.keys().filter(|id| !live.contains_key(id)).copied().collect();
        self.keeping.kept = live;
        if !keep.is_empty() || !forget.is_empty() {
            self.effects.push(Effect::KeepDrafts { owner, keep, forget });
        }
    }

    /// What is still to be kept when the console is left.
    pub(super) fn leaving(&mut self) -> Vec<Effect> {
        self.keep_drafts();
        std::mem::take(&mut self.effects).into_iter().filter(|effect| matches!(effect, Effect::KeepDrafts { .. })).collect()
    }

    pub(super) fn drafts_kept(&mut self, result: Result<(), String>) {
        match result {
            Ok(()) => self.keeping.failing = false,
            Err(why) => {
                // Everything is given to it again.
                self.keeping.kept.clear();
                self.keeping.due = Some(self.at + AGAIN);
                if !std::mem::replace(&mut self.keeping.failing, true) {
                    self.warn(words!("drafts-not-kept", why = why));
                }
            }
        }
    }

    pub(super) fn drafts_found(&mut self, result: Result<Found, String>) {
        let found = match result {
            Ok(found) => found,
            Err(why) => return self.warn(words!("drafts-not-kept", why = why)),
        };
        for kept in found.drafts {
            self.keeping.kept.insert(kept.id, kept.clone());
            if let Some(words) = &kept.in_box {
                self.box_words_found(kept.id, words);
                continue;
            }
            // It was given: it goes out by itself, under its key, whether or not it was under way.
            if kept.outgoing.is_some() {
                let draft = Draft::from(kept);
                // What was written after it had been sent is no part of it, and is not lost with it.
                if draft.changed_since_sent() {
                    self.model.parked.push(Draft { id: None, key: None, number: None, outgoing: None, ..draft.clone() });
                }
                self.model.outbox.push(draft);
            } else {
                self.model.parked.push(Draft::from(kept));
            }
        }
        if self.model.draft.is_blank()
            && self.model.draft.call.is_none()
            && let Some(newest) = self.model.parked.pop()
        {
            self.model.draft = newest;
        }
        self.bind_call();
        self.send_waiting();
        let count = self.model.parked.len() + usize::from(!self.model.draft.is_blank());
        if let Some(file) = found.aside.first() {
            self.warn(words!("drafts-damaged", count = found.aside.len(), file = file.display().to_string()));
        } else if count > 0 {
            let key = self.keymap.keys_of(&self.contexts(), Action::FormNextDraft).map(|row| row.keys()).unwrap_or_default();
            self.say(words!("drafts-found", count = count, key = key));
        } else if !self.model.remembered.is_empty() {
            self.say(words!("boxes-found", count = self.model.remembered.len()));
        }
    }

    /// Goes round the drafts; an empty one stands among them only where it belongs to the call in hand.
    pub(super) fn next_draft(&mut self) {
        self.focus_on(Pane::Form);
        if self.model.parked.is_empty() {
            return self.say(words!("drafts-no-other"));
        }
        let next = self.model.parked.remove(0);
        let old = std::mem::replace(&mut self.model.draft, next);
        let in_hand = self.model.current_call().map(|call| call.id);
        if !old.is_blank() || (old.call.is_some() && old.call == in_hand) {
            self.model.parked.push(old);
        }
    }
}
