//! 明文 over the panes: who called, who looks and since when, how long it stays; and the list of who has looked at a ticket.
use super::{overlay, terms};
use crate::console::app::App;
use crate::console::keymap::Action;
use crate::console::look::Role;
use crate::console::model::reveal::{Looks, Reveal};
use crate::console::times;
use crate::console::widgets::Painter;
use crate::words;
use ratatui::layout::Rect;

/// The number and the name, with the viewer's mark on them: a picture of this screen says who took it.
pub fn draw(app: &App, painter: &mut Painter<'_>, reveal: &Reveal) {
    let window = painter.window();
    let width = 62.min(window.width.saturating_sub(4));
    let x = window.right().saturating_sub(width + 2);
    let over = painter.caret.is_some_and(|(at, y)| at + 1 >= x && (2..8).contains(&y));
    let top = if over { window.bottom().saturating_sub(8) } else { 2 };
    let key = app.keymap.keys_of(&app.contexts(), Action::Back).or_else(|| app.keymap.keys_of(&app.contexts(), Action::Cancel)).map(|row| row.keys()).unwrap_or_default();
    let caret = painter.caret;
    let about = times::number(&reveal.about, app.now());
    let inside = overlay::frame(painter, Rect::new(x, top, width, 6), &words!("reveal-title", about = about), &words!("reveal-keys", key = key));
    match &reveal.shown {
        None => {
            painter.put(inside.x, inside.y, inside.width, &words!("reveal-asking"), Role::Muted);
        }
        Some(shown) => {
            let told = &shown.revealed;
            let number = told.number.as_deref().filter(|number| !number.is_empty()).map_or_else(|| words!("strip-number-hidden"), str::to_owned);
            let name = told.name.as_deref().filter(|name| !name.is_empty()).map_or_else(|| words!("reveal-no-name"), str::to_owned);
            painter.put(inside.x, inside.y, inside.width, &number, Role::Priority);
            painter.put(inside.x, inside.y + 1, inside.width, &name, Role::Strong);
            let by = words!("reveal-by", login = told.by.as_str(), time = times::clock(told.at, true));
            painter.put(inside.x, inside.y + 2, inside.width, &by, Role::Text);
            let left = shown.until.saturating_duration_since(app.at).as_millis().div_ceil(1000) as u64;
            painter.put(inside.x, inside.y + 3, inside.width, &words!("reveal-left", seconds = left), Role::Warn);
        }
    }
    painter.ground = None;
    painter.caret = caret;
}

/// Who saw the ticket, newest first.
pub fn draw_looks(app: &App, painter: &mut Painter<'_>, looks: &Looks) {
    let window = painter.window();
    let width = window.width.saturating_sub(8).min(100);
    let rows = looks.rows.as_deref().unwrap_or_default();
    let most = usize::from(window.height.saturating_sub(6));
    let room = rows.len().clamp(1, most.max(1));
    let area = Rect::new((window.width - width) / 2, 2, width, u16::try_from(room).unwrap_or(1) + 2);
    let title = words!("looks-title", number = times::number(&looks.number, app.now()));
    let inside = overlay::frame(painter, area, &title, &words!("help-close", key = "esc"));
    let word = match (&looks.fault, &looks.rows) {
        (Some(fault), _) => Some((fault.clone(), Role::Error)),
        (None, None) => Some((words!("loading"), Role::Muted)),
        (None, Some(rows)) if rows.is_empty() => Some((words!("looks-none"), Role::Muted)),
        _ => None,
    };
    if let Some((text, role)) = word {
        painter.put(inside.x, inside.y, inside.width, &text, role);
    }
    let top = looks.scroll.min(rows.len().saturating_sub(room));
    for (look, y) in rows.iter().skip(top).take(room).zip(inside.y..) {
        let revealed = look.reason.is_some();
        let what = terms::look(&look.kind);
        let mut at = inside.x + painter.put(inside.x, y, 14, &times::brief(look.at, app.now()), Role::Muted) + 1;
        at = at.max(inside.x + 14);
        at += painter.put(at, y, 22, &format!("{} {}", look.name, look.by), Role::Text) + 1;
        at = at.max(inside.x + 37);
        at += painter.put(at, y, 10, &what, if revealed { Role::Warn } else { Role::Muted }) + 1;
        let reason = look.reason.map(terms::reveal_reason).unwrap_or_default();
        let words = match &look.note {
            Some(note) => format!("{reason} · {note}"),
            None => reason,
        };
        painter.put(at, y, inside.right().saturating_sub(at), &words, Role::Text);
    }
    if rows.len() > room {
        let shown = format!(" {}–{}/{} ", top + 1, top + room, rows.len());
        painter.put(inside.x, inside.bottom(), 20, &shown, Role::Muted);
    }
    painter.ground = None;
    painter.caret = None;
}
