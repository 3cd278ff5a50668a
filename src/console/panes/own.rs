//! What one has just done, as lines for a shell, newest first.
use super::overlay;
use crate::console::app::App;
use crate::console::look::Role;
use crate::console::times;
use crate::console::widgets::Painter;
use crate::text::width::{Ambiguous, width, wrap};
use crate::words;
use ratatui::layout::Rect;

/// The line in rows of at most `cells`: broken between its words, as a shell takes it (`\\`); a single word that is longer is
/// cut where it has to be.
fn broken(line: &str, cells: usize, ambiguous: Ambiguous) -> Vec<String> {
    let (mut words, mut word, mut inside) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        inside ^= c == '\'';
        if c == ' ' && !inside {
            words.push(std::mem::take(&mut word));
        } else {
            word.push(c);
        }
    }
    words.push(word);
    let mut rows = vec![String::new()];
    for word in words {
        let used = rows.last().map_or(0, |row| width(row, ambiguous));
        if used > 0 && used + 3 + width(&word, ambiguous) > cells {
            if let Some(row) = rows.last_mut() {
                row.push_str(" \\");
            }
            rows.push(String::new());
        } else if used > 0
            && let Some(row) = rows.last_mut()
        {
            row.push(' ');
        }
        if let Some(row) = rows.last_mut() {
            row.push_str(&word);
        }
    }
    rows.iter().flat_map(|row| if width(row, ambiguous) <= cells && !row.contains('\n') { vec![row.clone()] } else { wrap(row, cells, ambiguous) }).collect()
}

/// Draws it over the screen. A line stands at the edge and is broken only where it has to be, so that it can be copied.
pub fn draw(app: &App, painter: &mut Painter<'_>, scroll: usize) {
    let window = painter.window();
    let wide = window.width.saturating_sub(4).min(140);
    let cells = usize::from(wide.saturating_sub(4));
    let mut lines: Vec<(String, Role)> = Vec::new();
    for did in &app.model.own.done {
        if !lines.is_empty() {
            lines.push((String::new(), Role::Text));
        }
        lines.push((format!("{}  {}", times::brief(did.at, app.now()), did.what), Role::Muted));
        lines.extend(broken(&did.line, cells, painter.ambiguous()).into_iter().map(|part| (part, Role::Strong)));
    }
    if lines.is_empty() {
        lines.push((words!("own-none"), Role::Muted));
    }
    let room = lines.len().min(usize::from(window.height.saturating_sub(6)).max(1));
    let area = Rect::new((window.width - wide) / 2, 2, wide, u16::try_from(room).unwrap_or(1) + 2);
    let inside = overlay::frame(painter, area, &words!("own-title"), &words!("help-close", key = "esc"));
    let top = scroll.min(lines.len() - room);
    for ((text, role), y) in lines.iter().skip(top).take(room).zip(inside.y..) {
        painter.put(inside.x, y, inside.width, text, *role);
    }
    if lines.len() > room {
        let shown = format!(" {}–{}/{}  {} ", top + 1, top + room, lines.len(), words!("help-scroll"));
        painter.put(inside.x, inside.bottom(), 40, &shown, Role::Muted);
    }
    painter.ground = None;
    painter.caret = None;
}
