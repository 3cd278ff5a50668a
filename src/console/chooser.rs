//! What the form offers to choose from by a key: 承诺 by when, 常用语. Dates are reckoned here, from the calendar and the unit's
//! hours; the boxes are the prompts'.
use super::app::App;
use super::model::choices::{Choices, Item};
use super::model::draft::Field;
use super::model::prompt::{Prompt, Purpose};
use super::panes::terms;
use super::times;
use crate::api::tickets::NewPromise;
use crate::domain::Timestamp;
use crate::domain::calendar::{Calendar, start_of_day};
use crate::domain::limits::DayEnd;
use crate::domain::ticket::PromiseKind;
use crate::words;
use chrono::{NaiveDate, TimeDelta};

/// How many working days ahead a promise is offered for.
const DAYS: usize = 5;

/// A moment of a city day.
fn moment(date: NaiveDate, minutes: u16) -> Timestamp {
    start_of_day(date) + TimeDelta::minutes(i64::from(minutes))
}

/// A promise as its code in a list says it: `call_back 2026-11-25T09:30:00Z`.
pub(super) fn promise_of(code: &str) -> Option<NewPromise> {
    let (kind, due) = code.split_once(' ')?;
    Some(NewPromise { kind: PromiseKind::from_code(kind)?, due: Some(due.parse().ok()?), ..NewPromise::default() })
}

impl App {
    /// Promises to choose from: by when the unit can keep them.
    pub(super) fn promises(&self, unit: Option<&str>, visit: bool) -> Choices {
        let now = self.now();
        let today = times::city(now).date_naive();
        let close = self.model.names.office_close(unit).unwrap_or(DayEnd::MIDNIGHT).minutes();
        let days: Vec<NaiveDate> = Calendar::shipped().days_from(today).filter(|day| day.working).map(|day| day.date).take(DAYS + 1).collect();
        let mut offered = vec![(PromiseKind::PolicyAnswer, now + TimeDelta::hours(1))];
        offered.extend(days.iter().map(|day| (PromiseKind::CallBack, moment(*day, close))));
        offered.extend(days.iter().flat_map(|day| [12 * 60, close].map(|minutes| (PromiseKind::SiteVisit, moment(*day, minutes)))));
        offered.retain(|(kind, due)| *due > now && (!visit || *kind == PromiseKind::SiteVisit));
        let item = |(kind, due): (PromiseKind, Timestamp)| Item { code: format!("{} {}", kind.code(), due.to_rfc3339()), label: terms::promise(kind, due, now), hint: String::new() };
        Choices::new(offered.into_iter().map(|one| (item(one), one.0.code().replace('_', " "))).collect())
    }

    /// 承诺 of the intake: the box; the same key takes one that was given away again.
    pub(super) fn choose_promise(&mut self) {
        if !self.may_mark() || self.model.draft.promise.take().is_some() {
            return;
        }
        let unit = self.model.draft.unit_code.clone();
        self.model.prompt = Some(Prompt::new(Purpose::Promise { visit: false }, self.promises(unit.as_deref(), false)));
    }

    /// 常用语: the box.
    pub(super) fn choose_phrase(&mut self) {
        if !self.may_edit() {
            return;
        }
        if self.model.names.view.phrases.is_empty() {
            return self.warn(words!("phrase-none"));
        }
        self.model.prompt = Some(Prompt::new(Purpose::Phrase, self.model.names.phrases()));
    }

    /// Puts the words where the caret of 诉求 stands.
    pub(super) fn put_phrase(&mut self, code: &str) {
        let text = self.model.names.view.phrases.iter().find(|row| row.code == code).map(|row| row.text.clone());
        if let (Some(text), true) = (text, self.may_edit()) {
            self.model.draft.focus = Field::Body;
            self.model.draft.body.insert(&text);
            self.model.draft.edited();
        }
    }

    /// 绿色通道: on or off.
    pub(super) fn switch_green(&mut self) {
        if self.may_mark() {
            self.model.draft.green = !self.model.draft.green;
        }
    }

    /// The next 优先 tag.
    pub(super) fn next_tag(&mut self) {
        if self.may_mark() {
            self.model.draft.cycle_tag();
        }
    }

    /// Takes back a step of typing in the field one is in, or does it again.
    pub(super) fn step_typing(&mut self, back: bool) {
        let focus = self.model.draft.focus;
        if !self.may_edit() {
            return;
        }
        let done = self.model.draft.field_mut(focus).is_some_and(|field| if back { field.undo() } else { field.redo() });
        if done {
            self.model.draft.edited();
        } else {
            self.warn(words!("undo-no-typing"));
        }
    }
}
