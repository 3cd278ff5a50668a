//! 修改登记内容 at the seat: the ticket's content in the form's fields, saved under its version; where another saved in between,
//! field by field whose words stand. What was typed stays in the form, and on the disk, until the server has it.
use super::app::App;
use super::command_line;
use super::effect::Effect;
use super::model::choices::Choices;
use super::model::clean;
use super::model::draft::{Draft, Field};
use super::model::edit::{Clash, Conflict, EditOf, Registered, merged};
use super::model::prompt::{Prompt, Purpose};
use super::model::{Pane, ScreenName};
use super::msg::Outcome;
use super::panes::terms;
use super::send::field_named;
use crate::api::tickets::{EditRequest, TicketDetail, TicketRow};
use crate::client::ClientError;
use crate::domain::ids::TicketId;
use crate::domain::refusal::Refusal;
use crate::domain::ticket::Act;
use crate::words;

impl App {
    /// The key: what is registered of the open ticket, in the form.
    pub(super) fn begin_edit(&mut self) {
        let Some(data) = self.model.detail.as_ref().and_then(|detail| detail.data.as_deref()) else {
            return self.warn(words!("refusal-nothing-selected"));
        };
        if !data.acts.contains(&Act::Edit) {
            return self.warn(words!("edit-not-now"));
        }
        let ticket = data.row.id;
        let of = |draft: &Draft| draft.edits.as_ref().is_some_and(|edits| edits.ticket == ticket);
        if !of(&self.model.draft) {
            // What was begun on this ticket goes on; else it is opened as it stands.
            let draft = match self.model.parked.iter().position(of) {
                Some(at) => self.model.parked.remove(at),
                None => self.opened(data),
            };
            let old = std::mem::replace(&mut self.model.draft, draft);
            let in_hand = self.model.current_call().map(|call| call.id);
            if !old.is_blank() || (old.call.is_some() && old.call == in_hand) {
                self.model.parked.push(old);
            }
        }
        self.focus_on(Pane::Form);
    }

    fn opened(&self, data: &TicketDetail) -> Draft {
        let base = Registered::of(data);
        let edits = EditOf { ticket: data.row.id, number: data.row.number.clone(), version: data.row.version, base: base.clone(), sent: None };
        let mut draft = Draft { line: data.row.line, edits: Some(edits), focus: Field::Title, ..Draft::default() };
        self.fill(&mut draft, &base);
        draft
    }

    /// Puts words into the fields that hold others.
    fn fill(&self, draft: &mut Draft, with: &Registered) {
        let stands = draft.registered();
        draft.kind = with.kind;
        for field in [Field::Title, Field::Place, Field::Body] {
            if let (true, Some(text)) = (stands.text(field) != with.text(field), draft.field_mut(field)) {
                text.set(with.text(field));
            }
        }
        if draft.matter_code != with.class {
            let label = with.class.as_ref().map(|code| self.model.names.matters.of(code).map_or(code.clone(), |item| item.label.clone()));
            draft.matter.set(&label.unwrap_or_default());
            draft.matter_code.clone_from(&with.class);
        }
    }

    /// Saves what was changed.
    pub(super) fn send_edit(&mut self) {
        if self.model.draft.sending {
            return self.warn(words!("refusal-in-flight"));
        }
        self.model.draft.adopt(&self.model.names);
        let draft = &self.model.draft;
        let Some(edits) = draft.edits.clone() else { return };
        let mine = draft.registered();
        if let Some(field) = Some(Field::Matter).filter(|_| draft.uncoded_matter()) {
            let text = terms::lacking(draft, &self.model.names, field);
            return self.edit_lacks(field, text);
        }
        if let Some(field) = mine.emptied(&edits.base) {
            return self.edit_lacks(field, words!("edit-not-empty", field = terms::field(field)));
        }
        let request = mine.changes(&edits.base);
        if request == EditRequest::default() {
            self.close_edit(edits.ticket);
            return self.say(words!("edit-nothing", number = edits.number));
        }
        // The same words again are the same act; other words are another, and the version tells whether the first stands.
        let sent = Some((request.clone(), edits.version));
        let key = self.model.draft.key.clone().filter(|_| edits.sent == sent).unwrap_or_else(|| self.fresh_key());
        let draft = &mut self.model.draft;
        (draft.key, draft.sending, draft.fault) = (Some(key.clone()), true, None);
        draft.edits = Some(EditOf { sent, ..edits.clone() });
        self.effects.push(Effect::Edit { ticket: edits.ticket, request: Box::new(request), from: edits.version, key });
    }

    fn edit_lacks(&mut self, field: Field, text: String) {
        self.model.draft.focus = field;
        self.model.draft.fault = Some((Some(field), text));
        self.focus_on(Pane::Form);
    }

    /// The draft that edits this ticket.
    fn edit_of(&mut self, ticket: TicketId) -> Option<&mut Draft> {
        std::iter::once(&mut self.model.draft).chain(&mut self.model.parked).find(|draft| draft.edits.as_ref().is_some_and(|edits| edits.ticket == ticket))
    }

    /// It is done: the form is free, and one is back at the ticket.
    fn close_edit(&mut self, ticket: TicketId) {
        let of = |draft: &Draft| draft.edits.as_ref().is_some_and(|edits| edits.ticket == ticket);
        if of(&self.model.draft) {
            self.model.draft = self.model.parked.pop().unwrap_or_default();
            self.model.bound = None;
            self.bind_call();
            if self.model.screen == ScreenName::Desk && self.model.focus() == Pane::Form {
                self.open_ticket(ticket);
            }
        } else {
            self.model.parked.retain(|draft| !of(draft));
        }
    }

    pub(super) fn edited(&mut self, ticket: TicketId, key: &str, result: Outcome<TicketRow>) {
        let Some(draft) = self.edit_of(ticket).filter(|draft| draft.key.as_deref() == Some(key)) else { return };
        draft.sending = false;
        let refusal = match &result {
            Err(ClientError::Problem(problem)) => problem.refusal.clone(),
            _ => None,
        };
        match (result, refusal) {
            (Ok(mut row), _) => {
                let sent = draft.edits.as_ref().and_then(|edits| edits.sent.clone());
                self.ticket_came(&mut row);
                if let Some((request, _)) = sent {
                    let line = command_line::edit(&self.program, &row.number, &request);
                    self.did(format!("{} {}", terms::act(Act::Edit), row.number), line);
                }
                self.close_edit(ticket);
                self.touch_detail(ticket.0);
                self.say(words!("edit-done", number = row.number.as_str()));
            }
            (Err(_), Some(Refusal::Stale { .. })) => {
                draft.key = None;
                self.effects.push(Effect::LoadTheirs(ticket));
            }
            (Err(error), refusal) => {
                if !error.is_unknown() && !error.is_unauthorized() {
                    draft.key = None;
                }
                let field = match &refusal {
                    Some(Refusal::Missing { field } | Refusal::Unknown { field, .. }) => field_named(field),
                    _ => None,
                };
                let text = self.words_of(&error);
                if let Some(draft) = self.edit_of(ticket) {
                    draft.focus = field.unwrap_or(draft.focus);
                    draft.fault = Some((field, text.clone()));
                }
                self.refused(&error, text);
            }
        }
    }

    /// Another saved in between: this is how it stands now.
    pub(super) fn theirs_came(&mut self, ticket: TicketId, result: Outcome<TicketDetail>) {
        let mut data = match result {
            Ok(data) => data,
            Err(error) => {
                let text = self.words_of(&error);
                return self.refused(&error, text);
            }
        };
        clean::detail(&mut data);
        let theirs = Registered::of(&data);
        let here = self.model.draft.edits.as_ref().is_some_and(|edits| edits.ticket == ticket);
        let Some(draft) = self.edit_of(ticket) else { return };
        let (mine, Some(edits)) = (draft.registered(), draft.edits.clone()) else { return };
        let (whole, both) = merged(&edits.base, &theirs, &mine);
        if !here {
            // One is writing something else by now: it is told where it lies, and asked for when it is saved again.
            return self.warn(words!("edit-stale-parked", number = edits.number));
        }
        if both.is_empty() {
            self.take_over(&whole, theirs, data.row.version);
            self.say(words!("edit-merged", number = edits.number));
            return self.send_edit();
        }
        let clashes = both.into_iter().map(|field| Clash { field, mine: None }).collect();
        let conflict = Conflict { was: edits.base, theirs, mine: whole, version: data.row.version, clashes, selected: 0 };
        let mut prompt = Prompt::new(Purpose::Conflict(Box::new(conflict)), Choices::default());
        prompt.ticket = Some((ticket, edits.number));
        self.model.prompt = Some(prompt);
    }

    /// The form goes on from what the other left.
    fn take_over(&mut self, whole: &Registered, theirs: Registered, version: i64) {
        let mut draft = std::mem::take(&mut self.model.draft);
        self.fill(&mut draft, whole);
        if let Some(edits) = &mut draft.edits {
            (edits.base, edits.version) = (theirs, version);
        }
        self.model.draft = draft;
    }

    /// The screen of the conflicts is confirmed.
    pub(super) fn settle_conflict(&mut self) {
        let Some(Prompt { purpose: Purpose::Conflict(conflict), fault, ticket, .. }) = &mut self.model.prompt else { return };
        let Some(whole) = conflict.settled() else {
            *fault = Some(words!("edit-undecided"));
            return;
        };
        let (theirs, version, ticket) = (conflict.theirs.clone(), conflict.version, ticket.as_ref().map(|(ticket, _)| *ticket));
        self.model.prompt = None;
        if self.model.draft.edits.as_ref().map(|edits| edits.ticket) == ticket {
            self.take_over(&whole, theirs, version);
            self.send_edit();
        }
    }

    /// Marks of an intake are no part of what an edit changes. True where one may be set.
    pub(super) fn may_mark(&mut self) -> bool {
        if self.model.draft.edits.is_some() {
            self.warn(words!("edit-only-registered"));
            return false;
        }
        self.may_edit()
    }
}
