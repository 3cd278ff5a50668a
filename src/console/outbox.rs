//! Sending what could not be sent: leased numbers before the link is lost, the outbox while it is, and once it is back each
//! intake once, under its key, with its true time. What the server refuses comes back as a draft, nothing of it lost.
use super::app::App;
use super::effect::Effect;
use super::model::draft::Draft;
use super::model::link::LinkState;
use super::model::outbox::{Moment, Outgoing};
use super::model::{Pane, Pending};
use super::msg::Outcome;
use crate::api::tickets::{LeasedNumbers, TicketRow};
use crate::client::ClientError;
use crate::domain::city_offset;
use crate::domain::refusal::Refusal;
use crate::domain::rights::Capability;
use crate::words;
use std::time::Duration;

/// How many numbers a seat asks for: more than it takes calls in an hour.
const NUMBERS: u32 = 30;
/// With fewer than these it asks again.
const LOW: usize = 10;
/// How long after an answer that says "later" it is tried again.
const AGAIN: Duration = Duration::from_secs(5);

impl App {
    /// While somebody answers: numbers for the time when nobody does.
    pub(super) fn lease_if_low(&mut self) {
        let today = self.city_day();
        // Yesterday's are not given to a caller of today; gaps are allowed.
        self.model.numbers.retain(|number| number.starts_with(&today));
        let wanted = self.model.numbers.len() < LOW && self.model.can(Capability::TicketAccept);
        if wanted && !self.leasing && !self.model.link.is_lost() && !self.model.is_logged_out() {
            self.leasing = true;
            let key = self.fresh_key();
            self.effects.push(Effect::LeaseNumbers { count: NUMBERS, key });
        }
    }

    fn city_day(&self) -> String {
        self.now().with_timezone(&city_offset()).format("%Y%m%d").to_string()
    }

    pub(super) fn leased(&mut self, result: Outcome<LeasedNumbers>) {
        self.leasing = false;
        // Without numbers an intake waits in the form, as it did before there were any.
        if let Ok(leased) = result {
            self.model.numbers.extend(leased.numbers);
        }
    }

    /// The number the next intake goes under.
    pub(super) fn take_number(&mut self) -> Option<String> {
        let today = self.city_day();
        let at = self.model.numbers.iter().position(|number| number.starts_with(&today))?;
        let number = self.model.numbers.remove(at);
        self.lease_if_low();
        Some(number)
    }

    /// The intake in the form cannot be sent now: it waits, and the form is free for the next caller.
    pub(super) fn put_in_outbox(&mut self) {
        let (call, line) = self.model.current_call().map_or((None, Default::default()), |call| (Some(call.id), call.line));
        let waiting = std::mem::replace(&mut self.model.draft, Draft { call, line, ..Draft::default() });
        let number = waiting.number.clone().unwrap_or_default();
        self.model.outbox.push(waiting);
        self.keep_at_once();
        self.say(words!("outbox-waits", number = number));
    }

    /// Sends the first that waits, where there is a link; the next follows its answer.
    pub(super) fn send_waiting(&mut self) {
        let ready = self.model.link.state == LinkState::Good && !self.model.is_logged_out() && self.model.me.is_some();
        if !ready {
            return;
        }
        self.outbox_due = None;
        self.lease_if_low();
        self.send_unsure();
        if self.model.outbox.iter().any(|draft| draft.sending) {
            return;
        }
        let Some(first) = self.model.outbox.first_mut() else { return };
        let (Some(outgoing), Some(key)) = (first.outgoing.clone(), first.key.clone()) else { return };
        first.sending = true;
        self.effects.push(Effect::Create { ticket: Box::new(outgoing.ticket), answered: outgoing.answered, key, given: outgoing.given });
    }

    /// Acts whose outcome is not known go out again under their own keys: carried out once, whichever try was heard.
    fn send_unsure(&mut self) {
        for ((ticket, act), (request, key)) in std::mem::take(&mut self.model.unsure) {
            let number = self.model.list.find(ticket).or(self.model.board.find(ticket)).map(|row| row.number.clone()).unwrap_or_default();
            let at = self.now();
            self.model.pending.push(Pending { key: key.clone(), ticket, number, act, request: request.clone(), at });
            self.effects.push(Effect::Act { ticket, act, request: Box::new(request), key });
        }
    }

    /// What came of sending one that waited; false where it is none of those.
    pub(super) fn sent_late(&mut self, key: &str, given: Option<&Moment>, result: &Outcome<TicketRow>) -> bool {
        let Some(at) = self.model.outbox.iter().position(|draft| draft.key.as_deref() == Some(key)) else { return false };
        match result {
            Ok(row) => {
                let sent = self.model.outbox.remove(at);
                let mut row = row.clone();
                super::model::clean::ticket(&mut row);
                self.can_be_undone(&row, Some(&sent));
                self.did_file(&row, Some(&sent));
                let left = self.model.outbox.len();
                self.say(words!("outbox-sent", number = row.number.as_str(), left = left));
                self.send_waiting();
            }
            Err(error) if error.is_unknown() || error.is_unauthorized() || later(error) => {
                let draft = &mut self.model.outbox[at];
                draft.sending = false;
                if let Some(outgoing) = &mut draft.outgoing
                    && outgoing.given.is_none()
                {
                    outgoing.given = given.cloned();
                }
                if error.is_unauthorized() {
                    self.logged_out();
                } else {
                    self.outbox_due = Some(self.at + AGAIN);
                }
            }
            Err(error) => {
                let text = self.words_of(error);
                let mut draft = self.model.outbox.remove(at);
                (draft.sending, draft.key, draft.outgoing) = (false, None, None);
                let field = match error {
                    ClientError::Problem(problem) => match &problem.refusal {
                        Some(Refusal::Unknown { field, .. }) if field == "number" => {
                            draft.number = None;
                            None
                        }
                        Some(Refusal::Missing { field } | Refusal::Unknown { field, .. }) => super::send::field_named(field),
                        _ => None,
                    },
                    _ => None,
                };
                draft.focus = field.unwrap_or(draft.focus);
                draft.fault = Some((field, text.clone()));
                // In front of the others, but never in place of what is being written.
                if self.model.draft.is_blank() && self.model.draft.call.is_none() {
                    self.model.draft = draft;
                } else {
                    self.model.parked.insert(0, draft);
                }
                let key = self.keymap.keys_of(&self.contexts(), super::keymap::Action::FormNextDraft).map(|row| row.keys()).unwrap_or_default();
                self.warn(words!("outbox-refused", why = text, key = key));
                self.send_waiting();
            }
        }
        true
    }

    /// An intake whose first try was not answered: it has its number, so it may wait without its operator.
    pub(super) fn may_wait(&self, error: &ClientError) -> bool {
        let away = match error {
            ClientError::Unreachable(_) => true,
            ClientError::Problem(problem) => problem.status == 503,
            _ => false,
        };
        away && self.model.draft.number.is_some() && self.model.draft.outgoing.is_some()
    }

    /// Marks the outgoing request of the form.
    pub(super) fn going_out(&mut self, ticket: crate::api::tickets::NewTicket, answered: bool) {
        self.model.draft.outgoing = Some(Outgoing { ticket, answered, given: None });
        self.keep_at_once();
        if self.model.link.is_lost() && self.model.draft.number.is_some() {
            self.put_in_outbox();
            self.focus_on(Pane::Form);
        }
    }
}

/// The server asks to wait.
fn later(error: &ClientError) -> bool {
    matches!(error, ClientError::Problem(problem) if problem.status == 429)
}
