//! A field of text on the screen: its well, its lines, and the true cursor at the caret, where input methods look for it.
use super::Painter;
use crate::console::look::Role;
use crate::console::model::field::TextField;
use ratatui::layout::Rect;

/// How a field is drawn.
#[derive(Debug, Clone, Copy)]
pub struct Well<'a> {
    /// Its area, ground included; text stands one cell in.
    pub area: Rect,
    /// Typed into now.
    pub focused: bool,
    /// What stands there while it is empty.
    pub placeholder: &'a str,
    /// Shown as dots.
    pub hidden: bool,
}

/// Draws a field.
pub fn draw_field(painter: &mut Painter<'_>, field: &TextField, well: Well<'_>) {
    let role = if well.focused { Role::Tint } else { Role::Well };
    painter.fill(well.area, role);
    let ground = painter.ground.replace(role);
    let area = Rect::new(well.area.x + 1, well.area.y, well.area.width.saturating_sub(2), well.area.height);
    if field.text().is_empty() && !well.placeholder.is_empty() {
        painter.put(area.x, area.y, area.width, well.placeholder, Role::Faint);
    }
    if well.hidden {
        let dots = "*".repeat(field.text().chars().count().min(usize::from(area.width)));
        let end = painter.put(area.x, area.y, area.width, &dots, Role::Strong);
        if well.focused {
            painter.caret = Some((area.x + end.min(area.width.saturating_sub(1)), area.y));
        }
    } else if area.height > 1 {
        let cells = usize::from(area.width);
        let (line, column) = field.caret_at(cells, painter.ambiguous());
        let lines = field.wrapped(cells, painter.ambiguous());
        let height = usize::from(area.height);
        let top = if well.focused { (line + 1).saturating_sub(height) } else { 0 };
        for (y, stretch) in (area.y..area.bottom()).zip(lines.into_iter().skip(top)) {
            painter.put(area.x, y, area.width, &field.text()[stretch], Role::Strong);
        }
        if well.focused {
            let x = area.x + u16::try_from(column).unwrap_or(0).min(area.width);
            painter.caret = Some((x, area.y + u16::try_from(line - top).unwrap_or(0)));
        }
    } else {
        // One line: the part around the caret is shown.
        let before = &field.text()[..field.caret()];
        let room = area.width.saturating_sub(1);
        let mut start = 0;
        if well.focused {
            for (at, character) in before.char_indices() {
                if painter.cells(&before[start..]) <= room {
                    break;
                }
                start = at + character.len_utf8();
            }
        }
        painter.put(area.x, area.y, area.width, &field.text()[start..], Role::Strong);
        if well.focused {
            painter.caret = Some((area.x + painter.cells(&before[start..]), area.y));
        }
    }
    painter.ground = ground;
}
