//! Faults of a person's own files, all of them, each with its file and line.
use super::overlay;
use crate::console::look::Role;
use crate::console::widgets::Painter;
use crate::text::width::wrap;
use crate::words;
use ratatui::layout::Rect;

/// Draws them over the screen.
pub fn draw(painter: &mut Painter<'_>, faults: &[String], scroll: usize) {
    let window = painter.window();
    let wide = window.width.saturating_sub(4).min(120);
    let cells = usize::from(wide.saturating_sub(6));
    let mut lines: Vec<String> = Vec::new();
    for fault in faults {
        // What goes on stands further in, so that each fault is seen to begin.
        lines.extend(wrap(fault, cells, painter.ambiguous()).into_iter().enumerate().map(|(at, line)| if at == 0 { line } else { format!("  {line}") }));
    }
    let room = lines.len().min(usize::from(window.height.saturating_sub(6)).max(1));
    let area = Rect::new((window.width - wide) / 2, 2, wide, u16::try_from(room).unwrap_or(1) + 2);
    let inside = overlay::frame(painter, area, &words!("faults-title"), &words!("help-close", key = "esc"));
    let top = scroll.min(lines.len() - room);
    for (line, y) in lines.iter().skip(top).take(room).zip(inside.y..) {
        painter.put(inside.x, y, inside.width, line, Role::Text);
    }
    if lines.len() > room {
        let shown = format!(" {}–{}/{}  {} ", top + 1, top + room, lines.len(), words!("help-scroll"));
        painter.put(inside.x, inside.bottom(), 40, &shown, Role::Muted);
    }
    painter.ground = None;
    painter.caret = None;
}
