//! 预览 (preview) of an act on several tickets: each with its number, its title and what changes; then those that are left
//! out, each with its reason.
use super::{overlay, terms};
use crate::console::app::App;
use crate::console::look::{Glyph, Role};
use crate::console::model::many::Plan;
use crate::console::times;
use crate::console::widgets::Painter;
use crate::words;
use ratatui::layout::Rect;

/// Draws it; rows 0, 1 and the status line stay free.
pub fn draw(app: &App, painter: &mut Painter<'_>, plan: &Plan, scroll: usize, keys: &str, fault: Option<&str>) {
    let window = painter.window();
    let now = app.now();
    let wide = window.width.saturating_sub(4).min(110);
    let gap = usize::from(!plan.left.is_empty() && !plan.planned.is_empty());
    let rows = plan.planned.len() + plan.left.len() + usize::from(!plan.left.is_empty()) + gap;
    let words = u16::from(plan.request.text.is_some());
    let most = window.height.saturating_sub(6 + words);
    let room = u16::try_from(rows).unwrap_or(u16::MAX).min(most);
    let mut title = words!("many-title", act = terms::act(plan.act), count = plan.planned.len());
    if !plan.left.is_empty() {
        title = format!("{title} · {}", words!("many-left", count = plan.left.len()));
    }
    let height = room + 2 + words + u16::from(fault.is_some());
    let y = window.height.saturating_sub(height + 1).clamp(2, 6);
    let area = Rect::new((window.width - wide) / 2, y, wide, height.min(window.height.saturating_sub(3)));
    let inside = overlay::frame(painter, area, &title, keys);
    let top = scroll.min(rows.saturating_sub(usize::from(room)));
    let numbers = plan.planned.iter().map(|one| one.number.as_str()).chain(plan.left.iter().map(|one| one.number.as_str()));
    let number = numbers.map(|number| painter.cells(times::number(number, now))).max().unwrap_or(9) + 2;
    let arrow = painter.glyph(Glyph::Arrow);
    let changes: Vec<String> = plan.planned.iter().map(|one| format!("{} {arrow} {}", one.now, one.then)).collect();
    let widest = changes.iter().map(|change| painter.cells(change)).max().unwrap_or(0).min(inside.width / 2);
    for (at, y) in (top..rows).zip(inside.y..inside.y + room) {
        if let Some(one) = plan.planned.get(at) {
            painter.put(inside.x, y, number, times::number(&one.number, now), Role::Muted);
            let right = inside.right() - widest;
            painter.put(inside.x + number, y, right.saturating_sub(inside.x + number + 2), &one.title, Role::Text);
            painter.put(right, y, widest, &changes[at], Role::Strong);
            continue;
        }
        let heading = plan.planned.len() + gap;
        if at == heading {
            painter.put(inside.x, y, inside.width, &words!("many-left", count = plan.left.len()), Role::Section);
        } else if let Some(one) = at.checked_sub(heading + 1).and_then(|at| plan.left.get(at)) {
            painter.put(inside.x, y, number, times::number(&one.number, now), Role::Muted);
            let half = (inside.width - number) / 2;
            painter.put(inside.x + number, y, half.saturating_sub(2), &one.title, Role::Muted);
            painter.put(inside.x + number + half, y, inside.width - number - half, &one.why, Role::Warn);
        }
    }
    let mut y = inside.y + room;
    if let Some(text) = &plan.request.text {
        painter.put(inside.x, y, inside.width, &words!("many-words", words = text.replace('\n', " ")), Role::Text);
        y += 1;
    }
    if let Some(fault) = fault {
        painter.put(inside.x, y, inside.width, fault, Role::Error);
    }
    if rows > usize::from(room) {
        let place = format!(" {}–{}/{rows} ", top + 1, top + usize::from(room));
        painter.put(inside.x, inside.bottom(), 20, &place, Role::Muted);
    }
    painter.ground = None;
    painter.caret = None;
}
