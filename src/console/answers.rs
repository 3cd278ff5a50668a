//! What requests came to, folded in. A refusal is said in words where it belongs; nothing typed is lost by it.
use super::app::App;
use super::command_line;
use super::effect::{Ask, Effect};
use super::model::choices::Names;
use super::model::clean;
use super::model::reveal::Alarm;
use super::model::{Pane, ScreenName, SeatView};
use super::msg::{Answer, Outcome};
use super::panes::terms;
use crate::api::articles::ArticleRow;
use crate::api::calls::{CallPage, CallRow};
use crate::api::session::{Me, SeatState, Session};
use crate::client::ClientError;
use crate::domain::refusal::Refusal;
use crate::text::scrub::scrub;
use crate::words;

impl App {
    pub(super) fn answer(&mut self, answer: Answer) {
        match answer {
            Answer::LoggedIn(result) => self.logged_in(result),
            Answer::Reattached(result) => self.reattached(result),
            Answer::Me(result) => match result {
                Ok(me) => self.known(me),
                Err(error) => self.load_failed(&error),
            },
            Answer::Tables(Ok(mut view)) => {
                clean::tables(&mut view);
                self.model.names = Names::new(view);
                self.fill_rows();
            }
            Answer::Tables(Err(error)) => self.load_failed(&error),
            Answer::Calls(result) => self.calls_came(result),
            Answer::Tickets { ask, want, generation, result } => {
                let now = self.now();
                let window = if ask == Ask::Board { &mut self.model.board } else { &mut self.model.list };
                if window.generation != generation {
                    return;
                }
                match result {
                    Ok(mut page) => {
                        page.items.iter_mut().for_each(clean::ticket);
                        let position = page.position;
                        window.take(&want, page, now);
                        if ask == Ask::Board && self.model.loading.board {
                            self.model.loading.board = false;
                            self.part_arrived(position);
                        }
                        self.settle_scroll();
                    }
                    // It stays marked as asked for, so that it is not asked for again before the time has come.
                    Err(error) => self.load_failed(&error),
                }
            }
            Answer::Counts(Ok(page)) => {
                self.model.board.counts = page.counts;
                self.model.list.counts = page.counts;
            }
            Answer::Counts(Err(error)) => self.quietly(&error),
            Answer::Figures(Ok(page)) => self.model.figures = page.figures,
            Answer::Figures(Err(error)) => self.quietly(&error),
            Answer::Detail(id, result) => {
                let fault = result.as_ref().err().map(|error| self.words_of(error));
                let Some(detail) = self.model.detail.as_mut().filter(|detail| detail.id == id) else { return };
                detail.loading = false;
                let again = std::mem::take(&mut detail.stale);
                match result {
                    Ok(mut data) => {
                        clean::detail(&mut data);
                        detail.data = Some(Box::new(data));
                        detail.fault = None;
                    }
                    Err(error) => {
                        detail.fault = fault;
                        self.quietly(&error);
                    }
                }
                if again {
                    self.touch_detail(id.0);
                }
            }
            Answer::Told(told) => self.told(*told),
            Answer::Revealed { key, result } => self.reveal_came(&key, result),
            Answer::Looks(ticket, result) => self.looks_came(ticket, result),
            Answer::Alarm(Ok(page)) => {
                if let Some(row) = page.items.into_iter().next() {
                    let count = row.fields.get("count").and_then(serde_json::Value::as_i64).unwrap_or_default();
                    self.alarmed(Alarm { by: row.by, count, at: row.at });
                }
            }
            Answer::Alarm(Err(error)) => self.quietly(&error),
            Answer::Card(call, result) => {
                // A late one of a call before this one is not this caller's.
                if self.model.current_call().is_some_and(|current| current.id != call) {
                    return;
                }
                self.model.card_asked = None;
                match result {
                    Ok(mut card) => {
                        clean::card(&mut card);
                        self.model.card = Some((call, Box::new(card)));
                    }
                    Err(error) => self.failed(&error),
                }
            }
            Answer::Seat(state, Ok(())) => {
                self.model.seat = if state == SeatState::Ready { SeatView::Ready } else { SeatView::Paused };
            }
            Answer::Seat(_, Err(error)) => self.failed(&error),
            Answer::Call { call, act, result } => {
                // Holding and taking back are a telephone's business: no verb does them.
                if result.is_ok() && matches!(act, "take" | "wrap_up") {
                    let line = command_line::call(&self.program, act, &call.to_string());
                    self.did(terms::call(act), line);
                }
                if act == "take" {
                    self.model.taking = None;
                }
                match result {
                Ok(row) => self.call_came(row),
                Err(error) => {
                    let text = match &error {
                        ClientError::Problem(problem) => match &problem.refusal {
                            Some(Refusal::AlreadyClaimed { by }) => words!("refusal-call-already-taken", who = scrub(by).into_owned()),
                            _ => self.words_of(&error),
                        },
                        _ => self.words_of(&error),
                    };
                    self.refused(&error, text);
                }
                }
            }
            Answer::Pinned { code, result } => match result {
                Ok(row) => {
                    self.call_came(row);
                    self.say(words!("article-pinned", code = code));
                }
                Err(error) => self.failed(&error),
            },
            Answer::Unpinned { code, result } => match result {
                Ok(row) => {
                    self.call_came(row);
                    self.say(words!("article-unpinned", code = code));
                }
                Err(error) => self.failed(&error),
            },
            Answer::Created { key, answered, given, result } => {
                if answered && result.is_ok() {
                    self.model.answered = self.model.current_call().map(|call| (call.id, call.pins.len()));
                }
                if !self.sent_late(&key, Some(&given), &result) {
                    self.created(&key, answered, &given, result);
                } else if let Ok(mut row) = result {
                    self.ticket_came(&mut row);
                }
            }
            Answer::Numbers(result) => self.leased(result),
            Answer::Acted { key, result } => self.acted(&key, result),
            Answer::Article(id, result) => {
                if self.model.knowledge.opening != Some(id) {
                    return;
                }
                self.model.knowledge.opening = None;
                match result {
                    Ok(mut row) => {
                        clean::article(&mut row);
                        self.model.knowledge.article = Some(Box::new(row));
                    }
                    Err(error) => self.failed(&error),
                }
            }
            Answer::Indexed(Ok(count)) => {
                self.model.knowledge.indexed = Some(count);
                if !self.model.knowledge.query.is_blank() {
                    let query = self.model.knowledge.query.text().trim().to_owned();
                    self.model.knowledge.serial += 1;
                    self.effects.push(Effect::Search { serial: self.model.knowledge.serial, query });
                }
            }
            Answer::Indexed(Err(error)) => self.load_failed(&error),
            Answer::Found { serial, query, hits, total, micros } => {
                let knowledge = &mut self.model.knowledge;
                if let (true, Some(hits)) = (serial == knowledge.serial, hits) {
                    (knowledge.hits, knowledge.total, knowledge.micros, knowledge.answered) = (hits, total, micros, query);
                    knowledge.step(0);
                    // What is read aloud is one of those that were found, not what was open before.
                    let among = |article: &ArticleRow| knowledge.hits.iter().any(|hit| hit.head.id == article.id);
                    if self.model.focuses[self.model.screen as usize] != Pane::Article && !knowledge.article.as_deref().is_some_and(among) {
                        knowledge.article = None;
                    }
                }
            }
            Answer::Drafts(result) => self.drafts_found(result),
            Answer::Kept(result) => self.drafts_kept(result),
            Answer::Themes(found) => self.themes_came(found),
            Answer::Reread(read) => self.reread(*read),
            Answer::Following => {}
        }
    }

    fn logged_in(&mut self, result: Outcome<Session>) {
        match result {
            Ok(session) => {
                self.model.login = None;
                self.known(session.me);
            }
            Err(error) => {
                let text = if error.is_unauthorized() { words!("error-wrong-password") } else { self.words_of(&error) };
                if let Some(login) = &mut self.model.login {
                    login.sending = false;
                    login.password.set("");
                    login.in_password = true;
                    login.fault = Some(text);
                }
            }
        }
    }

    pub(super) fn known(&mut self, mut me: Me) {
        clean::me(&mut me);
        // What one person administers is not the next one's to see, nor half typed to find.
        if self.model.me.as_ref().is_none_or(|before| before.login != me.login || before.roles != me.roles) {
            self.model.admin = Default::default();
            if self.model.screen == ScreenName::Admin {
                self.model.screen = ScreenName::Desk;
            }
        }
        self.model.me = Some(me);
        self.entered();
    }

    fn calls_came(&mut self, result: Outcome<CallPage>) {
        match result {
            Ok(mut page) => {
                page.items.iter_mut().for_each(clean::call);
                self.model.figures = page.figures;
                self.model.calls.clear();
                for row in page.items {
                    self.put_call(row);
                }
                if self.model.loading.calls {
                    self.model.loading.calls = false;
                    self.part_arrived(page.position);
                }
            }
            Err(error) => self.load_failed(&error),
        }
    }

    fn call_came(&mut self, mut row: CallRow) {
        clean::call(&mut row);
        self.put_call(row);
    }

    fn failed(&mut self, error: &ClientError) {
        let text = self.words_of(error);
        self.refused(error, text);
    }

    pub(super) fn quietly(&mut self, error: &ClientError) {
        if error.is_unauthorized() {
            self.logged_out();
        }
    }

    pub(super) fn refused(&mut self, error: &ClientError, text: String) {
        if error.is_unauthorized() {
            self.logged_out();
            if self.reattaches {
                self.warn(words!("error-reattaching"));
            }
        } else {
            self.warn(text);
        }
    }

    /// An error as people read it.
    pub(super) fn words_of(&self, error: &ClientError) -> String {
        // Codes and arguments of a refusal are the server's, as untrusted as its texts.
        let text = match error {
            ClientError::Unreachable(_) => words!("error-no-answer"),
            ClientError::Unexpected(_) => words!("error-protocol"),
            ClientError::Address(why) => why.clone(),
            ClientError::Problem(problem) => match &problem.refusal {
                Some(refusal) => terms::refusal(refusal),
                None if problem.status == 401 => words!("error-session-ended"),
                None if problem.status == 429 => words!("refusal-too-many", seconds = problem.retry_after.unwrap_or(1)),
                None if problem.code == "twin_in_flight" => words!("refusal-in-flight"),
                None => format!("{} ({})", problem.title, problem.code),
            },
        };
        scrub(&text).into_owned()
    }
}
