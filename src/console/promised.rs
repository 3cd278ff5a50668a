//! 承诺和预约: the boxes they are given and kept through, and the reminder of those that are due. A reminder is words and the
//! bell: it takes neither the focus nor a key. Not here: the dates on offer (`chooser`), what a card shows (`panes`).
use super::app::App;
use super::model::choices::{Choices, Item};
use super::model::prompt::{Prompt, Purpose};
use super::model::{Pane, clean};
use super::msg::Outcome;
use super::panes::terms;
use super::times;
use crate::api::Page;
use crate::api::calls::OpenPromise;
use crate::api::tickets::{ActRequest, NewPromise, TicketRow};
use crate::domain::limits::DayEnd;
use crate::domain::rights::{Capability, Scope, within};
use crate::domain::ticket::{Act, PromiseKind, REMIND_MINUTES};
use crate::domain::{Timestamp, by_when};
use crate::words;
use chrono::TimeDelta;
use std::time::Duration;

/// What has changed is asked for after this pause, so that many changes are one request.
const PAUSE: Duration = Duration::from_secs(1);

/// How near a promise is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Due within the reminder's time.
    Soon,
    /// Past.
    Late,
}

/// The stage of a promise due then.
pub fn stage(due: Timestamp, now: Timestamp) -> Option<Stage> {
    match due - now {
        left if left <= TimeDelta::zero() => Some(Stage::Late),
        left if left <= TimeDelta::minutes(REMIND_MINUTES) => Some(Stage::Soon),
        _ => None,
    }
}

impl App {
    /// One's own promises that are due or late, the earliest first.
    pub fn reminders(&self) -> impl Iterator<Item = (&OpenPromise, Stage)> {
        let now = self.now();
        self.model.promises.iter().filter_map(move |open| stage(open.promise.due, now).map(|stage| (open, stage)))
    }

    /// A reminder in words: what, of which ticket, how long still or how long since.
    pub fn reminder_words(&self, open: &OpenPromise, stage: Stage) -> String {
        let now = self.now();
        let what = terms::promised(open.promise.kind);
        let left = times::countdown(open.promise.due - now);
        let unit = open.promise.visitor.as_ref().or(open.unit_name.as_ref()).cloned().unwrap_or_default();
        let number = times::number(&open.number, now);
        match stage {
            Stage::Soon => words!("reminder-soon", number = number, unit = unit, what = what, left = left),
            Stage::Late => words!("reminder-late", number = number, unit = unit, what = what, left = left),
        }
    }

    pub(super) fn promises_came(&mut self, result: Outcome<Page<OpenPromise>>) {
        match result {
            Ok(mut page) => {
                page.items.iter_mut().for_each(clean::promise);
                self.model.promises = page.items;
                let standing: Vec<_> = self.model.promises.iter().map(|open| (open.ticket, open.promise.no)).collect();
                self.model.reminded.retain(|(ticket, no, _)| standing.contains(&(*ticket, *no)));
                self.remind();
            }
            Err(error) => self.quietly(&error),
        }
    }

    /// The bell and words at the foot, once when a promise comes near and once when it is late.
    pub(super) fn remind(&mut self) {
        let fresh: Vec<(OpenPromise, Stage)> =
            self.reminders().filter(|(open, stage)| !self.model.reminded.contains(&(open.ticket, open.promise.no, *stage))).map(|(open, stage)| (open.clone(), stage)).collect();
        let Some((first, stage)) = fresh.first() else { return };
        let text = self.reminder_words(first, *stage);
        self.warn(text);
        self.model.reminded.extend(fresh.iter().map(|(open, stage)| (open.ticket, open.promise.no, *stage)));
        self.bell = true;
        self.dirty = true;
    }

    /// A ticket has changed: where its promises are one's own to give or to keep, they are asked for again.
    pub(super) fn promise_may_have_changed(&mut self, row: &TicketRow) {
        let handles = |me: &&crate::api::session::Me| me.grants.contains(&(Capability::TicketHandle, Scope::Unit));
        let own = self.model.me.as_ref().filter(handles).and_then(|me| me.unit.as_deref());
        let ours = row.clocks.promise_due.is_some() && own.zip(row.unit.as_deref()).is_some_and(|(own, unit)| within(unit, own));
        if ours || self.model.promises.iter().any(|open| open.ticket == row.id) {
            self.ask_promises_soon();
        }
    }

    pub(super) fn ask_promises_soon(&mut self) {
        self.promises_due = self.promises_due.or(Some(self.at + PAUSE));
    }

    /// The key: the ticket of the promise that is due first, opened.
    pub(super) fn open_promise(&mut self) {
        match self.model.promises.first().map(|open| open.ticket) {
            Some(ticket) => self.open_ticket(ticket),
            None => self.say(words!("reminder-none")),
        }
    }

    /// 预约上门 of the ticket in view.
    pub(super) fn make_appointment(&mut self) {
        self.act(Act::Promise);
        if let Some(prompt) = self.model.prompt.as_mut().filter(|prompt| matches!(prompt.purpose, Purpose::Promise { .. })) {
            prompt.purpose = Purpose::Promise { visit: true };
            self.offer_moments();
        }
    }

    /// 兑现承诺: of several that are open one is chosen; a ticket with one needs no box.
    pub(super) fn keep_promise(&mut self) {
        let Some((id, number)) = self.subject().map(|row| (row.id, row.number.clone())) else {
            return self.warn(words!("refusal-nothing-selected"));
        };
        let now = self.now();
        let known = self.model.detail.as_ref().filter(|detail| detail.id == id).and_then(|detail| detail.data.as_ref());
        let open: Vec<Item> = known.map(|data| data.promises.as_slice()).unwrap_or_default().iter().filter(|promise| promise.kept_at.is_none()).map(|promise| {
            Item { code: promise.no.to_string(), label: terms::promise(promise.kind, promise.due, now), hint: promise.text.clone().unwrap_or_default() }
        }).collect();
        if open.len() > 1 {
            let choices = Choices::new(open.into_iter().map(|item| (item, String::new())).collect());
            self.model.prompt = Some(Prompt::new(Purpose::Kept, choices).about((id, number), Act::KeepPromise));
        } else {
            self.send_act((id, number), Act::KeepPromise, ActRequest::default());
        }
    }

    /// What is typed into the box of a promise: a moment in one's own words comes first, else it filters what is on offer.
    pub(super) fn offer_moments(&mut self) {
        let Some(prompt) = &self.model.prompt else { return };
        let Purpose::Promise { visit } = prompt.purpose else { return };
        let unit = match &prompt.ticket {
            Some((id, _)) => self.subject().filter(|row| row.id == *id).and_then(|row| row.unit.clone()),
            None => self.model.draft.unit_code.clone(),
        };
        let (now, typed) = (self.now(), prompt.field.text().to_owned());
        let close = self.model.names.office_close(unit.as_deref()).unwrap_or(DayEnd::MIDNIGHT).minutes();
        let said = by_when::parse(&typed, now, close);
        let choices = match said {
            Some(due) => {
                let kinds = [PromiseKind::CallBack, PromiseKind::SiteVisit, PromiseKind::PolicyAnswer];
                let item = |kind: PromiseKind| Item { code: format!("{} {}", kind.code(), due.to_rfc3339()), label: terms::promise(kind, due, now), hint: String::new() };
                Choices::new(kinds.into_iter().filter(|kind| !visit || *kind == PromiseKind::SiteVisit).map(|kind| (item(kind), String::new())).collect())
            }
            None => self.promises(unit.as_deref(), visit),
        };
        let Some(prompt) = &mut self.model.prompt else { return };
        prompt.choices = choices;
        prompt.typed();
        // Calls stand before visits, whichever words are shorter.
        prompt.found.sort_unstable();
        if let Some(due) = said {
            prompt.found = (0..prompt.choices.items.len()).collect();
            prompt.fault = (due <= now).then(|| words!("refusal-moment-over"));
        }
    }

    /// A promise was chosen. A visit still asks where, by whom, and for a word; everything else is said with it.
    pub(super) fn promise_chosen(&mut self, code: &str) {
        let Some(promise) = super::chooser::promise_of(code) else { return };
        let now = self.now();
        let Some(prompt) = &mut self.model.prompt else { return };
        if promise.due.is_some_and(|due| due <= now) {
            prompt.fault = Some(words!("refusal-moment-over"));
            return;
        }
        let request = ActRequest { promise: Some(promise.kind), due: promise.due, ..prompt.request.clone() };
        if promise.kind != PromiseKind::SiteVisit {
            return self.promise_said(request);
        }
        let place = match &prompt.ticket {
            Some((id, _)) => self.model.detail.as_ref().filter(|detail| detail.id == *id).and_then(|detail| detail.data.as_ref()?.place.clone()),
            None => Some(self.model.draft.place.text().trim().to_owned()),
        };
        self.visit_asks(Purpose::VisitPlace, Choices::default(), request, place);
    }

    /// The next box of an appointment.
    fn visit_asks(&mut self, purpose: Purpose, choices: Choices, request: ActRequest, typed: Option<String>) {
        let Some(last) = self.model.prompt.take() else { return };
        let mut next = Prompt::new(purpose, choices);
        (next.ticket, next.act, next.many, next.request) = (last.ticket, last.act, last.many, request);
        if let Some(typed) = typed.filter(|typed| !typed.is_empty()) {
            next.field.set(&typed);
        }
        self.model.prompt = Some(next);
    }

    /// A box of an appointment is confirmed.
    pub(super) fn visit_answered(&mut self, text: String, chosen: Option<String>) {
        let Some(prompt) = &self.model.prompt else { return };
        let (mut request, said) = (prompt.request.clone(), Some(text).filter(|text| !text.is_empty()));
        match prompt.purpose {
            Purpose::VisitPlace => {
                request.place = said;
                let handling = Item { code: String::new(), label: words!("visit-by-handling-unit"), hint: String::new() };
                let units = self.model.names.units.items.iter().cloned();
                let choices = Choices::new(std::iter::once(handling).chain(units).map(|item| (item, String::new())).collect());
                self.visit_asks(Purpose::VisitUnit, choices, request, None);
            }
            Purpose::VisitUnit => {
                request.unit = chosen.filter(|code| !code.is_empty());
                self.visit_asks(Purpose::VisitNote, Choices::default(), request, None);
            }
            _ => {
                request.text = said;
                self.promise_said(request);
            }
        }
    }

    /// Everything is said: of the intake it waits in the form, of a ticket it goes out.
    fn promise_said(&mut self, request: ActRequest) {
        let Some(prompt) = self.model.prompt.take() else { return };
        match (prompt.ticket, prompt.act) {
            (Some(ticket), Some(act)) => self.send_act(ticket, act, request),
            (None, Some(act)) if prompt.many => self.preview(act, request),
            _ => {
                let kind = request.promise.unwrap_or_default();
                self.model.draft.promise = Some(NewPromise { kind, due: request.due, text: request.text, place: request.place, unit: request.unit });
                self.focus_on(Pane::Form);
            }
        }
    }
}
