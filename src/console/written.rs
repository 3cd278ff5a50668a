//! What a write came to: an intake, an act on a ticket. Here it is known whether it was done, refused, or may have been
//! done; what was typed is kept until it is known to be done.
use super::app::App;
use super::command_line;
use super::model::draft::Draft;
use super::model::outbox::Moment;
use super::model::own::Did;
use super::model::tour::Fact;
use super::msg::Outcome;
use super::panes::terms;
use super::send::field_named;
use crate::api::tickets::TicketRow;
use crate::client::ClientError;
use crate::domain::refusal::Refusal;
use crate::domain::ticket::Act;
use crate::words;

impl App {
    /// For "what have I just done": the line that does it, once the server has said yes.
    pub(super) fn did(&mut self, what: String, line: String) {
        let at = self.now();
        self.model.own.add(Did { at, what, line });
    }

    /// An intake stands.
    pub(super) fn did_file(&mut self, row: &TicketRow, draft: Option<&Draft>) {
        if let Some(outgoing) = draft.and_then(|draft| draft.outgoing.as_ref()) {
            let line = command_line::create(&self.program, &outgoing.ticket);
            self.did(words!("own-filed", number = row.number.as_str()), line);
        }
    }

    pub(super) fn created(&mut self, key: &str, answered: bool, given: &Moment, result: Outcome<TicketRow>) {
        let here = self.model.draft.key.as_deref() == Some(key);
        if here && std::mem::take(&mut self.model.draft.asking) {
            return self.first_try_known(result);
        }
        let parked = self.model.parked.iter().position(|draft| draft.key.as_deref() == Some(key));
        match result {
            Ok(mut row) => {
                let now = self.ticket_came(&mut row);
                if row.clocks.promise_due.is_some() {
                    self.ask_promises_soon();
                }
                let filed = if here { Some(self.model.draft.clone()) } else { parked.map(|at| self.model.parked[at].clone()) };
                self.can_be_undone(&row, filed.as_ref());
                self.did_file(&row, filed.as_ref());
                self.tour_saw(if answered { Fact::Answered } else { Fact::Dispatched });
                if here {
                    // The call may still go on: what comes next belongs to it as well.
                    let (call, line) = self.model.current_call().map_or((None, Default::default()), |call| (Some(call.id), call.line));
                    self.model.draft = if call.is_none() { self.model.parked.pop().unwrap_or_default() } else { Draft { call, line, ..Draft::default() } };
                } else if let Some(at) = parked {
                    self.model.parked.remove(at);
                }
                self.say(if answered { words!("done-answered", number = row.number.as_str()) } else { terms::dispatched(&row, now) });
            }
            Err(error) if here && self.may_wait(&error) => {
                self.model.draft.sending = false;
                if let Some(outgoing) = &mut self.model.draft.outgoing {
                    outgoing.given = Some(given.clone());
                }
                self.put_in_outbox();
            }
            Err(error) => {
                let text = self.words_of(&error);
                let field = match &error {
                    ClientError::Problem(problem) => match &problem.refusal {
                        Some(Refusal::Missing { field } | Refusal::Unknown { field, .. }) => field_named(field),
                        _ => None,
                    },
                    _ => None,
                };
                let no_number = matches!(&error, ClientError::Problem(problem) if matches!(&problem.refusal, Some(Refusal::Unknown { field, .. }) if field == "number"));
                let draft = match parked {
                    Some(at) => &mut self.model.parked[at],
                    None => &mut self.model.draft,
                };
                draft.sending = false;
                // A plain no ends the act; where the outcome is not known, the same act is sent again under its key.
                if !error.is_unknown() && !error.is_unauthorized() {
                    (draft.key, draft.outgoing) = (None, None);
                }
                if no_number {
                    draft.number = None;
                }
                if let Some(field) = field {
                    draft.focus = field;
                }
                draft.fault = Some((field, text.clone()));
                self.refused(&error, text);
            }
        }
    }

    /// What became of a first try whose words have been changed since. What is in the form is sent by nobody but the next
    /// press, which is then another act under another key.
    fn first_try_known(&mut self, result: Outcome<TicketRow>) {
        self.model.draft.sending = false;
        let text = match result {
            Ok(mut row) => {
                self.ticket_came(&mut row);
                let first = self.model.draft.clone();
                self.did_file(&row, Some(&first));
                self.model.draft.number = None;
                words!("refusal-first-stands", number = row.number.as_str())
            }
            Err(error) if error.is_unknown() || error.is_unauthorized() => {
                let text = self.words_of(&error);
                self.model.draft.fault = Some((None, text.clone()));
                return self.refused(&error, text);
            }
            Err(error) => words!("refusal-first-refused", why = self.words_of(&error)),
        };
        (self.model.draft.key, self.model.draft.outgoing) = (None, None);
        self.model.draft.fault = Some((None, text.clone()));
        self.warn(text);
    }

    pub(super) fn acted(&mut self, key: &str, result: Outcome<TicketRow>) {
        let Some(at) = self.model.pending.iter().position(|pending| pending.key == key) else { return };
        let pending = self.model.pending.remove(at);
        if self.model.many.batch.as_ref().is_some_and(|batch| batch.has(key)) {
            return self.one_of_many(pending, result);
        }
        let about = (pending.ticket, pending.act);
        match result {
            Ok(mut row) => {
                let now = self.ticket_came(&mut row);
                self.model.remembered.remove(&about);
                self.model.unsure.remove(&about);
                let line = command_line::act(&self.program, &[row.number.as_str()], pending.act, &pending.request);
                self.did(format!("{} {}", terms::act(pending.act), row.number), line);
                match pending.act {
                    Act::Dispatch => {
                        self.can_be_undone(&row, None);
                        self.say(terms::dispatched(&row, now));
                    }
                    Act::Undo => {
                        self.tour_saw(Fact::Undone);
                        let number = row.number.as_str();
                        let text = if self.undone(row.id) { words!("undo-done", number = number) } else { words!("undo-done-ticket", number = number) };
                        self.say(text);
                    }
                    act => self.say(terms::done(act, &row.number)),
                }
                if matches!(pending.act, Act::Promise | Act::KeepPromise) {
                    self.ask_promises_soon();
                }
                self.touch_detail(row.id.0);
            }
            Err(error) => {
                if error.is_unknown() || error.is_unauthorized() {
                    self.model.unsure.insert(about, (pending.request, pending.key));
                } else {
                    self.model.unsure.remove(&about);
                    self.touch_detail(pending.ticket.0);
                }
                let mut text = self.words_of(&error);
                if about.1 == Act::Undo && !(error.is_unknown() || error.is_unauthorized()) {
                    self.not_undone(about.0);
                    text = words!("undo-too-late", number = pending.number);
                }
                self.refused(&error, text);
            }
        }
    }
}
