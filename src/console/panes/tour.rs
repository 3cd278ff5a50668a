//! 导览 (tour) in the row above the panes: what to try now, with the keys as they are bound. Before it was begun: how to.
use crate::console::app::App;
use crate::console::keymap::Action;
use crate::console::look::{Glyph, Role};
use crate::console::model::ScreenName;
use crate::console::tour::STEPS;
use crate::console::widgets::Painter;
use crate::domain::rights::Capability;
use crate::words;

/// Draws it; false where there is nothing of it to say.
pub fn draw(app: &App, painter: &mut Painter<'_>) -> bool {
    let right = painter.window().width - 2;
    let Some(tour) = &app.model.tour else {
        let wanted = app.model.tour_offered && app.model.screen == ScreenName::Desk && app.model.can(Capability::CallTake);
        if wanted {
            painter.put(2, 1, right - 2, &words!("tour-offer", key = app.key_of(Action::AppTour), skip = app.key_of(Action::TourSkip)), Role::Muted);
        }
        return wanted;
    };
    let Some(step) = STEPS.get(tour.at) else { return false };
    let (place, of) = (tour.at + 1, STEPS.len());
    let (text, head) = ((step.words)(app), words!("tour-step", step = place, of = of));
    let before = tour.at.checked_sub(1).and_then(|at| STEPS.get(at)).filter(|_| tour.praised);
    let praise = before.map(|before| format!("{} {}", painter.glyph(Glyph::Done), (before.name)())).unwrap_or_default();
    let mut x = 2;
    // Where there is no room for both, what comes next is what counts.
    if !praise.is_empty() && x + painter.cells(&praise) + painter.cells(&head) + painter.cells(&text) + 4 <= right {
        x += painter.put(x, 1, 20, &praise, Role::Green) + 2;
    }
    x += painter.put(x, 1, 24, &head, Role::HeadingFocused) + 2;
    x += painter.put(x, 1, right - x, &text, Role::Text) + 3;
    let out = words!("tour-keys", skip = app.key_of(Action::TourSkip), end = app.key_of(Action::AppTour));
    if x + painter.cells(&out) <= right {
        painter.put_right(right, 1, &out, Role::Faint);
    }
    true
}
