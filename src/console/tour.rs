//! 导览 (tour): the ten steps, in order, and how each is known to have been done. Nothing is blocked and nothing is taken
//! over: the line above the panes says what to try, the keys do what they always do.
use super::app::App;
use super::keymap::Action;
use super::model::{Pane, SeatView};
use super::model::tour::{Fact, Tour};
use crate::domain::rights::Capability;
use crate::words;

/// A step: what to try, and whether it was done.
pub struct Step {
    /// Its short name, in the current language.
    pub name: fn() -> String,
    /// What to try, with the keys as they are bound.
    pub words: fn(&App) -> String,
    done: fn(&App, &Tour) -> bool,
}

macro_rules! step {
    ($id:literal, $($key:ident: $action:ident),+; $done:expr) => {
        Step { name: || words!($id, "short"), words: |app| words!($id, $($key = app.key_of(Action::$action)),+), done: $done }
    };
}

/// The way from the first key to a date one can explain.
pub const STEPS: [Step; 10] = [
    step!("tour-ready", key: SeatReady; |app, _| app.model.seat == SeatView::Ready),
    step!("tour-take", key: CallTake; |app, _| app.model.in_hand().is_some()),
    step!("tour-search", key: FocusKnowledge; |app, _| !app.model.knowledge.query.is_blank() && !app.model.knowledge.hits.is_empty()),
    step!("tour-pin", key: AnswerPin1; |app, _| app.model.current_call().is_some_and(|call| !call.pins.is_empty())),
    step!("tour-answer", key: FormAnswerDirectly; |_, tour| tour.facts.contains(&Fact::Answered)),
    step!("tour-wrap-up", key: CallWrapUp, second: CallTake; |app, _| {
        let answered = app.model.answered.map(|(call, _)| call);
        app.model.in_hand().is_some_and(|call| Some(call.id) != answered)
    }),
    step!("tour-form", key: FocusForm; |app, _| {
        let draft = &app.model.draft;
        draft.kind.is_some() && !draft.title.is_blank() && draft.unit_code.is_some()
    }),
    step!("tour-dispatch", key: FormDispatch; |_, tour| tour.facts.contains(&Fact::Dispatched)),
    step!("tour-undo", key: AppUndo; |_, tour| tour.facts.contains(&Fact::Undone)),
    step!("tour-explain", key: FocusTickets, second: Open, third: ClockExplain; |app, _| {
        app.model.focus() == Pane::Detail && app.model.detail.as_ref().is_some_and(|detail| detail.explained)
    }),
];

impl App {
    /// The key: begins the tour, or ends it.
    pub(super) fn switch_tour(&mut self) {
        if self.model.tour.take().is_some() {
            let key = self.key_of(Action::AppTour);
            return self.say(words!("tour-left", key = key));
        }
        if !self.model.can(Capability::CallTake) {
            return self.warn(words!("tour-not-a-seat"));
        }
        self.model.tour_offered = false;
        self.model.tour = Some(Tour::default());
    }

    /// The key: the next step, this one not done.
    pub(super) fn skip_step(&mut self) {
        let Some(tour) = &mut self.model.tour else { return };
        *tour = Tour { at: tour.at + 1, ..Tour::default() };
        self.end_tour_after_the_last(false);
    }

    /// Something was done that a step may be waiting for.
    pub(super) fn tour_saw(&mut self, fact: Fact) {
        if let Some(tour) = &mut self.model.tour {
            tour.facts.insert(fact);
        }
    }

    /// After every message: has the step been done?
    pub(super) fn settle_tour(&mut self) {
        while let Some(tour) = &self.model.tour {
            if !STEPS.get(tour.at).is_some_and(|step| (step.done)(self, tour)) {
                return;
            }
            self.model.tour = Some(Tour { at: tour.at + 1, praised: true, ..Tour::default() });
            self.dirty = true;
            self.end_tour_after_the_last(true);
        }
    }

    fn end_tour_after_the_last(&mut self, done: bool) {
        if self.model.tour.as_ref().is_some_and(|tour| tour.at >= STEPS.len()) {
            self.model.tour = None;
            if done {
                let (help, palette) = (self.key_of(Action::AppHelp), self.key_of(Action::AppPalette));
                self.say(words!("tour-finished", help = help, palette = palette));
            }
        }
    }

    /// The key that runs an action here, or on the desk; empty where none does.
    pub fn key_of(&self, action: Action) -> String {
        use super::keymap::Context;
        let desk = [Context::Global, Context::Desk];
        let tickets = [Context::Global, Context::Tickets];
        let places = [self.contexts_behind(), desk.to_vec(), tickets.to_vec()];
        places.iter().find_map(|contexts| self.keymap.keys_of(contexts, action)).map(|row| row.keys()).unwrap_or_default()
    }
}
