//! 审计 by keys: what narrows it, the pages as one scrolls, and a walk along the chain that can be stopped.
use super::app::App;
use super::asks::Ask;
use super::model::admin_form::{Form, Of};
use super::model::audit::Walk;
use super::model::clean;
use super::msg::Outcome;
use super::panes::terms;
use super::times;
use crate::api::Page;
use crate::api::audit::{AuditQuery, AuditRow, ChainHead, ChainStretch};
use crate::domain::calendar::start_of_day;
use crate::domain::refusal::Refusal;
use crate::domain::{Timestamp, city_offset};
use crate::words;
use chrono::{NaiveDate, NaiveDateTime};
use serde_json::json;

/// A city day, a city minute, or a full time.
fn moment(text: &str) -> Option<Timestamp> {
    let minute = || NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").ok()?.and_local_timezone(city_offset()).single().map(|at| at.to_utc());
    text.parse::<NaiveDate>().ok().map(start_of_day).or_else(minute).or_else(|| text.parse().ok())
}

impl App {
    /// Asks for the entries of a question from the newest on.
    pub(super) fn ask_entries(&mut self, query: AuditQuery) {
        self.model.admin.audit.ask(AuditQuery { cursor: None, limit: None, ..query });
        self.ask_page();
        self.ask(Ask::Head);
    }

    /// The next page, where the mark is near the end of what has come.
    pub(super) fn ask_more(&mut self) {
        self.model.admin.audit.loading = true;
        self.ask_page();
    }

    fn ask_page(&mut self) {
        let audit = &self.model.admin.audit;
        let query = AuditQuery { cursor: audit.next.clone(), ..audit.query.clone() };
        self.ask(Ask::Entries { query: Box::new(query), generation: audit.generation });
    }

    pub(super) fn entries_came(&mut self, generation: u64, result: Outcome<Page<AuditRow>>) {
        if self.model.admin.audit.generation != generation {
            return;
        }
        match result {
            Ok(mut page) => {
                page.items.iter_mut().for_each(clean::entry);
                let none = page.items.is_empty();
                let audit = &mut self.model.admin.audit;
                audit.take(page.items, page.next);
                // A page may be empty and yet not the last: the server goes over a stretch of the log at a time.
                if (none && audit.next.is_some()) || audit.wants_more() {
                    self.ask_more();
                }
            }
            Err(error) => {
                let text = self.words_of(&error);
                (self.model.admin.audit.loading, self.model.admin.audit.fault) = (false, Some(text));
                self.quietly(&error);
            }
        }
    }

    pub(super) fn head_came(&mut self, result: Outcome<ChainHead>) {
        match result {
            Ok(head) => self.model.admin.audit.head = Some(head),
            Err(error) => self.quietly(&error),
        }
    }

    /// What narrows the entries, as it was typed last.
    pub(super) fn narrow_audit(&mut self) {
        let query = &self.model.admin.audit.query;
        let at = |at: Option<Timestamp>| at.map(|at| times::city(at).format("%Y-%m-%d %H:%M").to_string());
        let row = json!({ "person": query.person, "kind": query.kind, "ticket": query.ticket, "from": at(query.from), "to": at(query.to) });
        self.open_form(Form::new(Of::Audit, Some(&row)));
    }

    pub(super) fn submit_audit_filter(&mut self) {
        let now = self.now();
        let Some(form) = &mut self.model.admin.form else { return };
        let said = |name: &str| Some(form.text(name).to_owned()).filter(|text| !text.is_empty());
        let mut bounds = [None, None];
        for (bound, name) in bounds.iter_mut().zip(["from", "to"]) {
            let Some(text) = said(name) else { continue };
            *bound = moment(&text);
            if bound.is_none() {
                let wrong = Refusal::Unknown { field: name.to_owned(), value: text };
                return form.refuse(name, terms::refusal(&wrong));
            }
        }
        let ticket = said("ticket").map(|name| times::full_number(&name, now).unwrap_or(name));
        let query = AuditQuery { person: said("person"), kind: said("kind"), ticket, from: bounds[0], to: bounds[1], cursor: None, limit: None };
        self.model.admin.form = None;
        self.focus_on(super::model::Pane::Rows);
        self.ask_entries(query);
    }

    /// Walks along the chain from its beginning; the same key stops it.
    pub(super) fn walk(&mut self) {
        if !self.kinds().contains(&super::model::admin::Kind::Audit) {
            return self.warn(words!("admin-not-here"));
        }
        let at = self.at;
        let audit = &mut self.model.admin.audit;
        if let Some(walk) = audit.walk.as_mut().filter(|walk| walk.goes_on()) {
            (walk.ended, walk.stopped) = (Some(at), Some(words!("audit-walk-stopped")));
            return;
        }
        let last = audit.head.as_ref().map_or(0, |head| head.position);
        audit.walk = Some(Walk { began: at, ended: None, position: 0, last, broken_at: None, stopped: None });
        self.ask(Ask::Walk(0));
    }

    pub(super) fn walked(&mut self, result: Outcome<ChainStretch>) {
        let at = self.at;
        let fault = result.as_ref().err().map(|error| self.words_of(error));
        let Some(walk) = self.model.admin.audit.walk.as_mut().filter(|walk| walk.goes_on()) else { return };
        match result {
            Ok(stretch) => {
                let ended = stretch.broken_at.is_some() || stretch.ended || stretch.head.position == walk.position;
                (walk.position, walk.broken_at) = (stretch.head.position, stretch.broken_at);
                walk.last = walk.last.max(walk.position);
                if ended {
                    walk.ended = Some(at);
                } else {
                    let after = walk.position;
                    self.ask(Ask::Walk(after));
                }
            }
            Err(error) => {
                (walk.ended, walk.stopped) = (Some(at), fault);
                self.quietly(&error);
            }
        }
    }
}
