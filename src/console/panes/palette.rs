//! 命令面板 (palette): every action with its key and its verb, and below a rule what the selected one would do.
use super::overlay;
use crate::console::app::App;
use crate::console::keymap::{Action, Context};
use crate::console::look::{Glyph, Role};
use crate::console::model::prompt::Prompt;
use crate::console::widgets::{Painter, Well, draw_field};
use crate::text::width::wrap;
use crate::words;
use ratatui::layout::Rect;

/// Its size where it fits, and the row it begins at.
const SIZE: (u16, u16) = (84, 18);
const TOP: u16 = 6;
/// Rows below the rule.
const BELOW: u16 = 4;

/// Draws it; the two top rows and the status line stay free.
pub fn draw(app: &App, painter: &mut Painter<'_>, prompt: &Prompt, title: &str, keys: &str) {
    let window = painter.window();
    let width = SIZE.0.min(window.width.saturating_sub(2));
    let height = SIZE.1.min(window.height.saturating_sub(3));
    let y = TOP.min(window.height.saturating_sub(height + 1));
    let inside = overlay::frame(painter, Rect::new((window.width - width) / 2, y, width, height), title, keys);
    let well = Rect::new(inside.x, inside.y, inside.width, 1);
    draw_field(painter, &prompt.field, Well { area: well, focused: true, placeholder: &words!("prompt-filter"), hidden: false });
    painter.ground = Some(Role::Raised);
    let rows = inside.height.saturating_sub(2 + BELOW);
    let top = (prompt.selected + 1).saturating_sub(usize::from(rows.max(1)));
    if prompt.found.is_empty() {
        painter.put(inside.x + 1, inside.y + 1, inside.width - 2, &words!("empty-hits", query = prompt.field.text()), Role::Muted);
    }
    for (row, at) in prompt.found.iter().enumerate().skip(top).take(usize::from(rows)) {
        let y = inside.y + 1 + u16::try_from(row - top).unwrap_or(0);
        let Some(action) = Action::from_name(&prompt.choices.items[*at].code) else { continue };
        line(app, painter, Rect::new(inside.x, y, inside.width, 1), action, row == prompt.selected);
    }
    painter.ground = Some(Role::Raised);
    let rule = inside.y + 1 + rows;
    let horizontal = painter.glyph(Glyph::Horizontal);
    for x in inside.x..inside.right() {
        painter.put(x, rule, 1, horizontal, Role::Rule);
    }
    if let Some(action) = prompt.chosen().and_then(|item| Action::from_name(&item.code)) {
        below(app, painter, Rect::new(inside.x, rule + 1, inside.width, inside.bottom().saturating_sub(rule + 1)), action, prompt.fault.as_deref());
    }
    if prompt.found.len() > usize::from(rows) {
        let place = format!(" {}/{} ", prompt.selected + 1, prompt.found.len());
        painter.put(inside.x, inside.bottom(), 12, &place, Role::Muted);
    }
    painter.ground = None;
}

/// One action: its words, its verb, its key; a key of another place says which, and a refused one says so by its weight and,
/// below, in words.
fn line(app: &App, painter: &mut Painter<'_>, area: Rect, action: Action, selected: bool) {
    if selected {
        painter.select(area, area.y, true);
    } else {
        painter.ground = Some(Role::Raised);
    }
    let key = app.place_of_key(action).map(|(live, context, row)| match live {
        true => (row.keys(), Role::Key),
        false if context == Context::Global => (row.keys(), Role::Muted),
        false => (words!("palette-elsewhere", place = context.title(), key = row.keys()), Role::Muted),
    });
    let (text, role) = key.unwrap_or((String::new(), Role::Muted));
    let end = painter.put_right_half(area.x, area.right() - 1, area.y, &text, role);
    let verb = action.command_line_verb().map(|verb| verb.split(' ').filter(|word| !word.chars().all(char::is_uppercase)).collect::<Vec<_>>().join(" "));
    let middle = area.x + area.width / 2 - 2;
    if let Some(verb) = verb.filter(|_| end > middle + 4) {
        painter.put(middle, area.y, end.saturating_sub(middle + 1), &verb, Role::Faint);
    }
    let refused = app.refusal_now(action).is_some();
    let role = match (selected, refused) {
        (_, true) => Role::Muted,
        (true, false) => Role::Strong,
        (false, false) => Role::Text,
    };
    painter.put(area.x + 2, area.y, middle.saturating_sub(area.x + 3), &action.help(), role);
}

/// What it would do: for which tickets, by which line in a shell, or why not.
fn below(app: &App, painter: &mut Painter<'_>, area: Rect, action: Action, fault: Option<&str>) {
    let offer = app.offer(action);
    let mut y = area.y;
    let about = match offer.tickets.as_slice() {
        [] => None,
        [(number, title)] => Some(format!("{number}  {title}")),
        several => {
            let numbers: Vec<&str> = several.iter().map(|(number, _)| number.as_str()).collect();
            Some(words!("palette-tickets", count = several.len(), numbers = numbers.join(" ")))
        }
    };
    if let Some(about) = about {
        painter.put(area.x, y, area.width, &about, Role::Text);
        y += 1;
    }
    let refusal = fault.map(str::to_owned).or(offer.refusal);
    let last = area.bottom().saturating_sub(u16::from(refusal.is_some()));
    if let Some(line) = offer.line {
        for part in wrap(&line, usize::from(area.width), painter.ambiguous()) {
            if y >= last {
                break;
            }
            painter.put(area.x, y, area.width, &part, Role::Muted);
            y += 1;
        }
    }
    if let Some(refusal) = refusal {
        painter.put(area.x, y.min(area.bottom().saturating_sub(1)), area.width, &refusal, Role::Warn);
    }
}
