//! 来电队列 (call queue): who waits, how long, on which line; and how the day goes, with numerator and denominator.
use super::terms;
use crate::console::app::App;
use crate::console::keymap::Action;
use crate::console::look::{Glyph, Role};
use crate::console::model::{Pane, SeatView};
use crate::console::times;
use crate::console::widgets::Painter;
use crate::words;
use ratatui::layout::Rect;

/// Draws the queue.
pub fn draw(app: &App, painter: &mut Painter<'_>, area: Rect) {
    let model = &app.model;
    let focused = model.focus() == Pane::Queue;
    let contexts = app.contexts();
    let chord = app.keymap.keys_of(&contexts, Action::FocusQueue).map(|row| row.keys()).unwrap_or_default();
    let waiting: Vec<_> = model.queue().collect();
    let now = app.now();
    let count = waiting.len().to_string();
    let wait = |call: &crate::api::calls::CallRow| (now - call.rang_at).num_seconds().max(0);
    let longest = waiting.first().map(|call| words!("queue-longest", time = times::waited(wait(call))));
    let figures: Vec<(&str, Role)> = longest.iter().map(|text| (text.as_str(), Role::Muted)).collect();
    painter.heading(area, &words!("pane-queue"), focused, &chord, &[(&count, Role::Priority)], &figures);
    let right = area.right().saturating_sub(1);
    let figure_rows = if area.height >= 8 { 3 } else { 0 };
    let room = usize::from(area.height - 1 - figure_rows);
    if waiting.is_empty() {
        let text = if model.seat == SeatView::Ready || !model.can(crate::domain::rights::Capability::CallTake) {
            words!("empty-queue")
        } else {
            let key = app.keymap.keys_of(&contexts, Action::SeatReady).map(|row| row.keys()).unwrap_or_default();
            words!("empty-not-ready", key = key)
        };
        painter.put(area.x + 2, area.y + 1, area.width - 3, &text, Role::Muted);
    }
    let top = (model.call_selected + 1).saturating_sub(room);
    for (at, call) in waiting.iter().enumerate().skip(top).take(room) {
        let y = area.y + 1 + u16::try_from(at - top).unwrap_or(0);
        if focused && at == model.call_selected {
            painter.select(area, y, true);
        }
        let late = wait(call) > 15;
        painter.put_right(area.x + 7, y, &times::waited(wait(call)), if late { Role::Warn } else { Role::Text });
        painter.put(area.x + 9, y, 8, &terms::line(call.line), Role::Muted);
        let number = if call.number.is_empty() { words!("strip-number-hidden") } else { call.number.clone() };
        painter.put(area.x + 18, y, 11, &number, Role::Text);
        let offered = model.offered().is_some_and(|offered| offered.id == call.id);
        let (mark, role) = match (offered, call.repeat) {
            (true, _) => (words!("seat-ringing"), Role::Key),
            (false, true) => (words!("queue-again"), Role::Muted),
            (false, false) => (String::new(), Role::Muted),
        };
        let end = painter.put_right(right, y, &mark, role);
        let none = painter.glyph(Glyph::None).to_owned();
        let district = call.district.as_deref().unwrap_or(&none);
        painter.put(area.x + 31, y, end.saturating_sub(area.x + 32).min(12), district, Role::Muted);
        painter.ground = None;
    }
    if figure_rows > 0 {
        let figures = model.figures;
        for (row, (label, part)) in [(words!("figure-answered"), figures.answered), (words!("figure-within-15"), figures.within_15s)].iter().enumerate() {
            let y = area.bottom() - 3 + u16::try_from(row).unwrap_or(0);
            painter.put(area.x + 2, y, 14, label, Role::Muted);
            let (rate, whole) = if figures.offered == 0 {
                (painter.glyph(Glyph::None).to_owned(), String::new())
            } else {
                let rate = format!("{:.1}%", *part as f64 * 100.0 / figures.offered as f64);
                (rate, format!("{}/{}", times::thousands(*part), times::thousands(figures.offered)))
            };
            painter.put_right(area.x + 22, y, &rate, Role::Strong);
            painter.put(area.x + 24, y, 16, &whole, Role::Faint);
        }
    }
}
