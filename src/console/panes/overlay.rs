//! What comes over the panes, always asked for: the help, the which-key box, the small box that asks for words.
use super::terms;
use crate::console::app::App;
use crate::console::keymap::Context;
use crate::console::look::{Glyph, Role};
use crate::console::model::draft::Field;
use crate::console::model::edit::Conflict;
use crate::console::model::prompt::{Prompt, Purpose};
use crate::console::times;
use crate::console::widgets::{Painter, Well, draw_field};
use crate::domain::Timestamp;
use crate::text::width::wrap;
use crate::words;
use ratatui::layout::Rect;

/// A bordered box with one blank cell of margin; gives its inside.
pub(super) fn frame(painter: &mut Painter<'_>, area: Rect, title: &str, keys: &str) -> Rect {
    let margin = Rect::new(area.x.saturating_sub(1), area.y, area.width + 2, area.height);
    painter.fill(margin, Role::Page);
    painter.fill(area, Role::Raised);
    painter.ground = Some(Role::Raised);
    let horizontal = painter.glyph(Glyph::Horizontal);
    for x in area.left() + 1..area.right() - 1 {
        painter.put(x, area.top(), 1, horizontal, Role::Border);
        painter.put(x, area.bottom() - 1, 1, horizontal, Role::Border);
    }
    for y in area.top() + 1..area.bottom() - 1 {
        painter.put(area.left(), y, 1, painter.glyph(Glyph::Vertical), Role::Border);
        painter.put(area.right() - 1, y, 1, painter.glyph(Glyph::Vertical), Role::Border);
    }
    let corners = [
        (area.left(), area.top(), Glyph::CornerTopLeft),
        (area.right() - 1, area.top(), Glyph::CornerTopRight),
        (area.left(), area.bottom() - 1, Glyph::CornerBottomLeft),
        (area.right() - 1, area.bottom() - 1, Glyph::CornerBottomRight),
    ];
    for (x, y, corner) in corners {
        painter.put(x, y, 1, painter.glyph(corner), Role::Border);
    }
    painter.put(area.x + 2, area.y, area.width.saturating_sub(4), &format!(" {title} "), Role::HeadingFocused);
    if !keys.is_empty() {
        let text = format!(" {keys} ");
        let x = area.right().saturating_sub(painter.cells(&text) + 2);
        painter.put(x, area.bottom() - 1, area.width - 4, &text, Role::Muted);
    }
    Rect::new(area.x + 2, area.y + 1, area.width - 4, area.height - 2)
}

/// The help: every key that works here, from the live keymap.
pub fn draw_help(app: &App, painter: &mut Painter<'_>, scroll: usize) {
    let window = painter.window();
    let width = window.width.saturating_sub(8).min(110);
    // What works behind the overlay, not within it.
    let mut contexts = vec![Context::Global];
    let behind = app.contexts_behind();
    contexts.extend(behind.into_iter().filter(|context| *context != Context::Global));
    let mut lines: Vec<(String, String, bool)> = Vec::new();
    let mut last = None;
    for (context, row) in app.keymap.live_rows(&contexts) {
        if last != Some(context) {
            if last.is_some() {
                lines.push((String::new(), String::new(), false));
            }
            lines.push((context.title(), String::new(), true));
            last = Some(context);
        }
        // Nine keys that pin are one line.
        if let Some(place) = row.action.pin_place().filter(|place| *place > 1)
            && let Some((keys, help, false)) = lines.last_mut()
        {
            let first = keys.split('…').next().unwrap_or_default().to_owned();
            *keys = format!("{first}…{}", row.keys().chars().last().unwrap_or_default());
            *help = words!("action-answer-pin", place = format!("1…{place}"));
            continue;
        }
        lines.push((row.keys(), row.help(), false));
    }
    let columns = if width >= 94 { 2 } else { 1 };
    let most = usize::from(window.height - 6);
    // Two columns part where a group begins, as near to the middle as there is one; what does not fit is scrolled to.
    let group = |at: &usize| lines[*at].2 && at.max(&(lines.len() - at)) <= &most;
    let part = (1..lines.len()).filter(group).min_by_key(|at| (2 * at).abs_diff(lines.len()));
    if let (2, Some(part)) = (columns, part) {
        lines.remove(part - 1);
        let half = part - 1;
        let longer = half.max(lines.len() - half);
        lines.splice(half..half, vec![(String::new(), String::new(), false); longer - half]);
    }
    let room = most.min(lines.len().div_ceil(usize::from(columns)));
    let area = Rect::new((window.width - width) / 2, 2, width, u16::try_from(room).unwrap_or(0) + 2);
    let close = words!("help-close", key = "esc");
    let inside = frame(painter, area, &words!("help-title"), &close);
    let wide = inside.width / columns;
    let pages = lines.len().saturating_sub(room * usize::from(columns));
    let top = scroll.min(pages);
    if pages > 0 {
        let shown = format!(" {}–{}/{}  {} ", top + 1, top + room * usize::from(columns), lines.len(), if top < pages { words!("help-scroll") } else { String::new() });
        painter.put(inside.x, inside.bottom(), 40, &shown, Role::Muted);
    }
    for (at, (key, help, heading)) in lines.iter().skip(top).take(room * usize::from(columns)).enumerate() {
        let column = u16::try_from(at / room).unwrap_or(0);
        let (x, y) = (inside.x + column * wide, inside.y + u16::try_from(at % room).unwrap_or(0));
        if *heading {
            painter.put(x, y, wide - 2, key, Role::Section);
        } else {
            painter.put(x, y, 10, key, Role::Key);
            painter.put(x + 11, y, wide - 13, help, Role::Text);
        }
    }
    painter.ground = None;
    painter.caret = None;
}

/// What may follow the chords pressed so far: bottom right, never over the caret.
pub fn draw_which_key(app: &App, painter: &mut Painter<'_>) {
    if app.follow.is_empty() {
        return;
    }
    let window = painter.window();
    let columns = if window.width >= 120 { 3 } else { 2 };
    let rows = u16::try_from(app.follow.len()).unwrap_or(1).div_ceil(columns);
    let (width, height) = ((columns * 28 + 4).min(window.width), rows + 2);
    let y = window.height.saturating_sub(1 + height);
    let right = window.width - width;
    let over = painter.caret.is_some_and(|(x, at)| x >= right && at >= y);
    let area = Rect::new(if over { 0 } else { right }, y, width, height);
    let pressed: Vec<String> = app.count.iter().map(ToString::to_string).chain(app.chords.iter().map(ToString::to_string)).collect();
    let inside = frame(painter, area, &words!("which-key-title", keys = pressed.join(" ")), "");
    for (at, follow) in app.follow.iter().enumerate() {
        let at = u16::try_from(at).unwrap_or(0);
        let (x, y) = (inside.x + (at / rows) * 28, inside.y + at % rows);
        painter.put(x, y, 7, &follow.chord.to_string(), Role::Key);
        painter.put(x + 8, y, 19, &follow.help(), Role::Text);
    }
    painter.ground = None;
}

fn title(app: &App, prompt: &Prompt, now: Timestamp) -> String {
    let act = prompt.act.map(terms::act).unwrap_or_default();
    let many = words!("pieces-marked", count = app.model.many.count());
    let number = if prompt.many { many.as_str() } else { prompt.ticket.as_ref().map(|(_, number)| times::number(number, now)).unwrap_or_default() };
    match (&prompt.purpose, prompt.act) {
        (Purpose::Palette, _) => words!("prompt-palette"),
        (Purpose::Theme, _) => words!("prompt-theme"),
        (Purpose::Phrase, _) => words!("prompt-phrase"),
        (Purpose::Promise { .. }, None) => words!("prompt-promise"),
        (Purpose::Promise { visit: true }, _) => format!("{number} {}", words!("prompt-visit")),
        (Purpose::Promise { visit: false }, _) => format!("{number} {}", words!("prompt-promise")),
        (Purpose::Conflict(_), _) => format!("{number} {}", words!("edit-conflict")),
        (Purpose::VisitPlace, _) => words!("prompt-visit-place"),
        (Purpose::VisitUnit, _) => words!("prompt-visit-unit"),
        (Purpose::VisitNote, _) => words!("prompt-visit-note"),
        (Purpose::Language, _) => words!("prompt-language"),
        (Purpose::Tone, _) => words!("prompt-tone"),
        (Purpose::Number, _) => words!("prompt-number"),
        (Purpose::Reveal { about, .. } | Purpose::RevealNote { about, .. }, _) => words!("prompt-reveal", about = times::number(about, now)),
        (Purpose::Acts, _) => format!("{number} {}", words!("all-acts")),
        (Purpose::Unit, _) => format!("{number} {act} · {}", words!("prompt-unit")),
        (Purpose::Reason { .. }, _) => format!("{number} {act} · {}", words!("field-reason")),
        (Purpose::Days, _) => format!("{number} {act} · {}", words!("prompt-days")),
        (Purpose::Urgent, _) => format!("{number} {}", words!("field-urgent-class")),
        (Purpose::Text, Some(one)) => {
            let words = crate::words::find(&format!("prompt-{}", one.code().replace('_', "-"))).unwrap_or_else(|| words!("prompt-words"));
            format!("{number} {act} · {words}")
        }
        _ => format!("{number} {act}"),
    }
}

/// 回访: what the caller said, each with its key; what is chosen stands in brackets, so that it shows without colour too.
fn draw_call_back(painter: &mut Painter<'_>, inside: Rect, prompt: &Prompt) {
    painter.caret = None;
    let request = &prompt.request;
    let solved = [("y", words!("solved"), request.solved == Some(true)), ("n", words!("unsolved"), request.solved == Some(false))];
    let ratings = ["1", "2", "3", "4", "5", "0"].map(|key| {
        let rating = key.parse().ok().filter(|rating| *rating > 0);
        (key, words::find(&format!("rating-{key}")).unwrap_or_default(), request.rating == rating)
    });
    draw_choices(painter, inside, &words!("named-solved"), &solved);
    let below = Rect { y: inside.y + 2, ..inside };
    draw_choices(painter, below, &words!("named-rating"), &ratings);
}

fn draw_choices(painter: &mut Painter<'_>, area: Rect, label: &str, choices: &[(&str, String, bool)]) {
    painter.put(area.x, area.y, 9, label, Role::Muted);
    let mut x = area.x + 9;
    for (key, name, chosen) in choices {
        let (text, role) = if *chosen { (format!("[{key} {name}]"), Role::Strong) } else { (format!(" {key} {name} "), Role::Text) };
        x += painter.put(x, area.y, area.right().saturating_sub(x), &text, role);
    }
}

/// How many rows each side of a conflict is shown in.
const CONFLICT_ROWS: u16 = 3;

/// 冲突: the fields with what was decided, and below them the marked one: what was, theirs, mine.
fn draw_conflict(app: &App, painter: &mut Painter<'_>, inside: Rect, conflict: &Conflict) {
    painter.caret = None;
    let mut y = inside.y;
    for (at, clash) in conflict.clashes.iter().enumerate() {
        let here = at == conflict.selected;
        if here {
            painter.put(inside.x, y, 1, painter.glyph(Glyph::Cursor), Role::Cursor);
        }
        painter.put(inside.x + 2, y, 10, &terms::field(clash.field), if here { Role::Strong } else { Role::Text });
        let (text, role) = match clash.mine {
            Some(true) => (format!("{}{}", painter.glyph(Glyph::Done), words!("edit-mine")), Role::Strong),
            Some(false) => (format!("{}{}", painter.glyph(Glyph::Done), words!("edit-theirs")), Role::Strong),
            None => (words!("edit-open"), Role::Warn),
        };
        painter.put(inside.x + 13, y, inside.width.saturating_sub(14), &text, role);
        y += 1;
    }
    let Some(clash) = conflict.clashes.get(conflict.selected) else { return };
    y += 1;
    let sides = [(words!("edit-was"), &conflict.was), (format!("1 {}", words!("edit-theirs")), &conflict.theirs), (format!("2 {}", words!("edit-mine")), &conflict.mine)];
    for (label, side) in sides {
        let text = match clash.field {
            Field::Kind => side.kind.map(terms::kind).unwrap_or_default(),
            Field::Matter => side.class.as_ref().map(|code| app.model.names.matters.of(code).map_or(code.clone(), |item| item.label.clone())).unwrap_or_default(),
            field => side.text(field).to_owned(),
        };
        painter.put(inside.x, y, 12, &label, Role::Muted);
        let room = inside.width.saturating_sub(13);
        let mut wrapped = wrap(&text, usize::from(room), painter.ambiguous());
        if wrapped.len() > usize::from(CONFLICT_ROWS) {
            wrapped.truncate(usize::from(CONFLICT_ROWS));
            if let Some(last) = wrapped.last_mut() {
                last.push_str(painter.glyph(Glyph::Cut));
            }
        }
        for (line, at) in wrapped.iter().zip(y..) {
            painter.put(inside.x + 13, at, room, line, Role::Text);
        }
        y += CONFLICT_ROWS;
    }
}

/// The small box, above the status line.
pub fn draw_prompt(app: &App, painter: &mut Painter<'_>, prompt: &Prompt) {
    let window = painter.window();
    let contexts = app.contexts();
    let key = |action| app.keymap.keys_of(&contexts, action).map(|row| row.keys()).unwrap_or_default();
    let keys = words!("prompt-keys", submit = key(crate::console::keymap::Action::Submit), cancel = key(crate::console::keymap::Action::Cancel));
    // A box for words takes several lines.
    let keys = if prompt.purpose == Purpose::Text { format!("{}  {keys}", words!("prompt-new-line")) } else { keys };
    let choice = prompt.purpose.is_choice();
    let rows = if choice { u16::try_from(prompt.found.len().clamp(1, 10)).unwrap_or(1) } else { 0 };
    let lines = match &prompt.purpose {
        Purpose::Text => 4,
        Purpose::Conflict(conflict) => u16::try_from(conflict.clashes.len()).unwrap_or(0) + 3 * CONFLICT_ROWS + 2,
        Purpose::CallBack => 3,
        _ => 1,
    };
    if prompt.purpose == Purpose::Palette {
        return super::palette::draw(app, painter, prompt, &title(app, prompt, app.now()), &keys);
    }
    if let Some((plan, scroll)) = &prompt.plan {
        return super::preview::draw(app, painter, plan, *scroll, &keys, prompt.fault.as_deref());
    }
    let width = window.width.saturating_sub(4).min(100);
    let height = lines + rows + 2 + u16::from(prompt.fault.is_some());
    let x = (window.width - width) / 2;
    let y = window.height.saturating_sub(height + 1);
    let inside = frame(painter, Rect::new(x, y, width, height), &title(app, prompt, app.now()), &keys);
    let well = Rect::new(inside.x, inside.y, inside.width, lines);
    let placeholder = if choice { words!("prompt-filter") } else { String::new() };
    if prompt.purpose == Purpose::CallBack {
        draw_call_back(painter, inside, prompt);
    } else if let Purpose::Conflict(conflict) = &prompt.purpose {
        draw_conflict(app, painter, inside, conflict);
    } else {
        draw_field(painter, &prompt.field, Well { area: well, focused: true, placeholder: &placeholder, hidden: false });
    }
    let top = (prompt.selected + 1).saturating_sub(usize::from(rows.max(1)));
    if choice {
        if prompt.found.is_empty() {
            painter.put(inside.x + 1, inside.y + 1, inside.width - 2, &words!("empty-hits", query = prompt.field.text()), Role::Muted);
        }
        for (row, at) in prompt.found.iter().enumerate().skip(top).take(usize::from(rows)) {
            let y = inside.y + lines + u16::try_from(row - top).unwrap_or(0);
            let item = &prompt.choices.items[*at];
            let line = Rect::new(inside.x, y, inside.width, 1);
            if row == prompt.selected {
                painter.select(line, y, true);
            } else {
                painter.ground = Some(Role::Raised);
            }
            let end = painter.put_right_half(line.x, line.right() - 1, y, &item.hint, Role::Key);
            painter.put(line.x + 2, y, end.saturating_sub(line.x + 3), &item.label, if row == prompt.selected { Role::Strong } else { Role::Text });
        }
    }
    painter.ground = Some(Role::Raised);
    if prompt.found.len() > usize::from(rows) && choice {
        // More than is shown: which one of how many.
        let place = format!(" {}/{} ", prompt.selected + 1, prompt.found.len());
        painter.put(inside.x, inside.bottom(), 12, &place, Role::Muted);
    }
    if let Some(fault) = &prompt.fault {
        painter.put(inside.x, inside.bottom() - 1, inside.width, fault, Role::Error);
    }
    painter.ground = None;
}
