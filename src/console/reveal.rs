//! 明文查看: asking why, asking the server, showing for a while, taking it away. It is asked of the server or not at all:
//! nothing here waits for a link to come back.
use super::app::App;
use super::effect::Effect;
use super::model::choices::{Choices, Item};
use super::model::clean;
use super::model::prompt::{Prompt, Purpose};
use super::model::reveal::{Alarm, Looks, Reveal, Shown};
use super::model::{Pane, ScreenName};
use super::msg::Outcome;
use super::panes::terms;
use crate::api::audit::{Look, RevealRequest, Revealed};
use crate::api::Page;
use crate::domain::access::{RevealReason, Subject};
use crate::domain::ids::TicketId;
use crate::domain::rights::Capability;
use crate::words;
use std::time::Duration;

impl App {
    /// Who is meant: the caller of the ticket in view, or the one on the line.
    fn revealed_subject(&self) -> Option<(Subject, String)> {
        if self.model.screen == ScreenName::Tickets || self.model.focus() == Pane::Board {
            return self.subject().map(|row| (Subject::Ticket(row.id), row.number.clone()));
        }
        self.model.current_call().map(|call| (Subject::Call(call.id), format!("{} {}", call.name, call.number).trim().to_owned()))
    }

    /// The key: why, first.
    pub(super) fn ask_reveal(&mut self) {
        let Some((of, about)) = self.revealed_subject() else {
            let words = if self.model.screen == ScreenName::Desk && self.model.focus() != Pane::Board { words!("refusal-not-on-a-call") } else { words!("refusal-nothing-selected") };
            return self.warn(words);
        };
        if !self.model.can(Capability::CallerReveal) {
            return self.warn(words!("refusal-forbidden", act = words!("reveal")));
        }
        if self.model.link.is_lost() {
            return self.warn(words!("reveal-offline"));
        }
        let item = |reason: &RevealReason| {
            (Item { code: reason.code().to_owned(), label: terms::reveal_reason(*reason), hint: String::new() }, reason.code().replace('_', " "))
        };
        self.model.prompt = Some(Prompt::new(Purpose::Reveal { of, about }, Choices::new(RevealReason::ALL.iter().map(item).collect())));
    }

    /// A reason was chosen, or written.
    pub(super) fn reveal_for(&mut self, of: Subject, about: String, reason: RevealReason, note: Option<String>) {
        if reason == RevealReason::Other && note.is_none() {
            let mut prompt = Prompt::new(Purpose::RevealNote { of, about }, Choices::default());
            if let Some(words) = &self.model.reveal_note {
                prompt.field.set(words);
            }
            self.model.prompt = Some(prompt);
            return;
        }
        self.model.prompt = None;
        self.model.reveal_note.clone_from(&note);
        if self.model.link.is_lost() {
            return self.warn(words!("reveal-offline"));
        }
        let key = self.fresh_key();
        self.model.reveal = Some(Reveal { of, about, key: key.clone(), shown: None });
        self.effects.push(Effect::Reveal { of, request: RevealRequest { reason, note }, key });
    }

    /// It came. What nobody waits for any more is not shown.
    pub(super) fn reveal_came(&mut self, key: &str, result: Outcome<Revealed>) {
        let until = |seconds: u64| self.at + Duration::from_secs(seconds.min(crate::domain::access::SHOWN_SECONDS));
        let Some(reveal) = self.model.reveal.as_mut().filter(|reveal| reveal.key == key) else { return };
        match result {
            Ok(mut revealed) if revealed.number.is_some() => {
                clean::revealed(&mut revealed);
                let until = until(revealed.seconds);
                reveal.shown = Some(Shown { revealed, until });
                self.model.reveal_note = None;
            }
            Ok(_) => {
                self.model.reveal = None;
                self.warn(words!("reveal-spent"));
            }
            Err(error) => {
                self.model.reveal = None;
                let text = if error.is_unknown() { words!("reveal-unanswered") } else { self.words_of(&error) };
                self.refused(&error, text);
            }
        }
    }

    /// Takes it away; whether there was anything.
    pub(super) fn hide_reveal(&mut self) -> bool {
        let shown = self.model.reveal.take().is_some();
        self.dirty |= shown;
        shown
    }

    /// Its time is over, or the call it belonged to is.
    pub(super) fn settle_reveal(&mut self) {
        let over = |reveal: &Reveal| {
            let late = reveal.shown.as_ref().is_some_and(|shown| shown.until <= self.at);
            let left = match reveal.of {
                Subject::Call(call) => self.model.current_call().is_none_or(|current| current.id != call),
                Subject::Ticket(_) => false,
            };
            late || left || self.model.login.is_some()
        };
        if self.model.reveal.as_ref().is_some_and(over) {
            self.hide_reveal();
        }
    }

    /// `V`: who saw this ticket.
    pub(super) fn ask_looks(&mut self) {
        let Some((ticket, number)) = self.subject().map(|row| (row.id, row.number.clone())) else {
            return self.warn(words!("refusal-nothing-selected"));
        };
        self.model.looks = Some(Looks { ticket, number, rows: None, fault: None, scroll: 0 });
        self.effects.push(Effect::LoadLooks(ticket));
    }

    pub(super) fn looks_came(&mut self, ticket: TicketId, result: Outcome<Page<Look>>) {
        let fault = result.as_ref().err().map(|error| self.words_of(error));
        let Some(looks) = self.model.looks.as_mut().filter(|looks| looks.ticket == ticket) else { return };
        match result {
            Ok(mut page) => {
                page.items.iter_mut().for_each(clean::look);
                looks.rows = Some(page.items);
            }
            Err(error) => {
                looks.fault = fault;
                self.quietly(&error);
            }
        }
    }

    /// Somebody looks too often: the line stays until a supervisor has taken note of it.
    pub(super) fn alarmed(&mut self, mut alarm: Alarm) {
        clean::line(&mut alarm.by);
        self.model.alarm = Some(alarm);
        self.bell = true;
        self.dirty = true;
    }
}
