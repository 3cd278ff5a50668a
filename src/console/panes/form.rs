//! 受理登记 (intake form).
use super::{caller, terms};
use crate::console::app::App;
use crate::console::keymap::Action;
use crate::console::layout::{Shape, shape};
use crate::console::look::Role;
use crate::console::model::Pane;
use crate::console::model::draft::{Draft, Field};
use crate::console::times;
use crate::console::widgets::{Painter, Well, draw_field};
use crate::domain::calendar::{Calendar, start_of_day};
use crate::domain::limits::TicketKind;
use crate::text::width::wrap;
use crate::words;
use ratatui::layout::Rect;

/// Draws the form.
pub fn draw(app: &App, painter: &mut Painter<'_>, area: Rect) {
    let model = &app.model;
    let small = shape(app.size) == Shape::Tabs && !model.zoom;
    let mut area = area;
    if small {
        if caller::draw_summary(app, painter, Rect::new(area.x, area.y, area.width, 3)) {
            area = Rect::new(area.x, area.y + 3, area.width, area.height - 3);
        } else {
            area = Rect::new(area.x, area.y + 1, area.width, area.height - 1);
        }
    }
    let focused = model.focus() == Pane::Form && model.prompt.is_none();
    let draft = &model.draft;
    let chord = app.keymap.keys_of(&app.contexts(), Action::FocusForm).map(|row| row.keys()).unwrap_or_default();
    let filled = words!("form-filled", done = draft.filled(), all = draft.items());
    let parked = model.parked.iter().filter(|draft| !draft.is_blank()).count();
    let next = app.keymap.keys_of(&app.contexts(), Action::FormNextDraft).map(|row| row.keys()).unwrap_or_default();
    let edits = draft.edits.as_ref();
    let state = match (draft.sending, parked, draft.is_blank()) {
        (true, _, _) => words!("form-sending"),
        (false, _, _) if edits.is_some() => words!("form-edits", number = edits.map_or("", |edits| times::number(&edits.number, app.now()))),
        // Whose words these are, where it is not whom one is talking to.
        (false, _, false) if draft.call.is_some() && draft.call != model.current_call().map(|call| call.id) => words!("form-other-call"),
        (false, 1.., _) => words!("form-parked", count = parked, key = next),
        (false, 0, false) => words!("step-draft"),
        _ => String::new(),
    };
    let chord = if small { String::new() } else { chord };
    painter.heading(area, &words!("pane-form"), focused && !small, &chord, &[(&state, Role::Muted)], &[(&filled, Role::Text)]);
    // One blank row between fields where there is room for it.
    let fields = draft.fields();
    let gap: u16 = if area.height >= 25 && fields.len() == 6 { 1 } else { 0 };
    let hints = area.bottom() - 1 - gap.min(1);
    let rows = u16::try_from(fields.len()).unwrap_or(9) + 2 + u16::from(draft.promise.is_some());
    let fixed = rows * (1 + gap) + gap + 1;
    let body_height = (hints.saturating_sub(area.y + fixed)).clamp(1, if gap == 0 { 12 } else { 8 });
    let mut y = area.y + 1 + gap;
    let mut popup = None;
    // What is wrong stands below its field; where there is no room for all of it, in place of the keys.
    let room = area.width.saturating_sub(15);
    let at_foot = draft.fault.as_ref().filter(|(field, text)| painter.cells(text) > room || (field.is_some() && gap == 0)).map(|(_, text)| text);
    for field in fields.iter().copied() {
        let height = if field == Field::Body { body_height } else { 1 };
        let here = focused && draft.focus == field;
        label(painter, area, y, field, here);
        match field {
            Field::Kind => kinds(painter, area, y, draft, here),
            _ => text_field(app, painter, area, y, height, field, here),
        }
        if here && matches!(field, Field::Matter | Field::Unit) {
            popup = Some((y + 1, field));
        }
        y += height;
        if let Some((Some(at), text)) = &draft.fault
            && *at == field
            && y < hints
            && at_foot.is_none()
        {
            painter.put(area.x + 13, y, room, text, Role::Error);
        }
        y += gap;
        if field == Field::Body && edits.is_none() {
            urgent(app, painter, area, y, draft);
            y += 1 + gap;
            marks(app, painter, area, y, draft);
            y += 1 + gap;
        }
    }
    if let (Some(promise), true) = (&draft.promise, y < hints) {
        painter.put(area.x + 2, y, 9, &words!("field-promise"), Role::Muted);
        let unit = promise.unit.as_ref().and_then(|code| model.names.units.of(code)).map(|item| item.label.clone());
        let what = terms::promise(promise.kind, promise.due.unwrap_or_else(|| app.now()), app.now());
        let text = [Some(what), promise.place.clone(), unit, promise.text.clone()].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        painter.put(area.x + 13, y, area.width - 15, &text, Role::Strong);
        y += 1 + gap;
    }
    if y < hints && edits.is_none() {
        due(app, painter, area, y, draft);
    }
    if let (Some((None, text)), None) = (&draft.fault, at_foot) {
        painter.put(area.x + 13, hints.saturating_sub(1), room, text, Role::Error);
    }
    if let Some(text) = at_foot {
        let lines = wrap(text, usize::from(area.width.saturating_sub(4)), painter.ambiguous());
        let count = u16::try_from(lines.len()).unwrap_or(1).min(3);
        let first = (hints + 1).saturating_sub(count);
        painter.fill(Rect::new(area.x + 1, first, area.width.saturating_sub(2), count), Role::Page);
        for (line, y) in lines.iter().zip(first..=hints) {
            painter.put(area.x + 2, y, area.width - 3, line, Role::Error);
        }
    } else if hints < area.bottom() {
        let contexts = app.contexts();
        let mut x = area.x + 13;
        let wrap_up = model.current_call().is_some();
        for action in [Action::FormDispatch, Action::FormAnswerDirectly, Action::CallWrapUp] {
            if (action == Action::CallWrapUp && !wrap_up) || (action == Action::FormAnswerDirectly && edits.is_some()) {
                continue;
            }
            let key = app.keymap.keys_of(&contexts, action).map(|row| row.keys()).unwrap_or_default();
            // While somebody is on the line the same key hangs up.
            let label = if action == Action::CallWrapUp && model.in_hand().is_some() { words!("form-hang-up") } else { action.label() };
            let label = if action == Action::FormDispatch && edits.is_some() { words!("form-save-edit") } else { label };
            x = painter.hint(x, hints, area.right() - 1, &key, &label) + 2;
        }
    }
    if let Some((y, field)) = popup {
        proposals(app, painter, area, y, field);
    }
}

fn label(painter: &mut Painter<'_>, area: Rect, y: u16, field: Field, here: bool) {
    let text = terms::field(field);
    let end = painter.put(area.x + 2, y, 9, &text, if here { Role::Strong } else { Role::Muted });
    // A title nobody wrote is the first words of the matter.
    if matches!(field, Field::Kind | Field::Body) {
        painter.put(area.x + 2 + end, y, 1, "*", Role::Accent);
    }
}

fn kinds(painter: &mut Painter<'_>, area: Rect, y: u16, draft: &Draft, here: bool) {
    let chosen = draft.kind.map(terms::kind).unwrap_or_default();
    let well = Rect::new(area.x + 12, y, painter.cells(&chosen).max(4) + 4, 1);
    let ground = if here { Role::Tint } else { Role::Well };
    let options: u16 = TicketKind::ALL.iter().map(|kind| painter.cells(&terms::kind_short(*kind)) + 3).sum();
    let mut x = area.x + 13;
    let apart = well.right() + 1 + options <= area.right() + 1;
    // Where the words are long the options stand in the well, and the chosen one is marked there.
    painter.fill(if apart { well } else { Rect::new(well.x, y, area.width - 13, 1) }, ground);
    painter.ground = Some(ground);
    if apart {
        painter.put(well.x + 1, y, 12, &chosen, Role::Strong);
        x = well.right() + 1;
        painter.ground = None;
    }
    if here {
        painter.caret = Some((area.x + 13 + if apart { painter.cells(&chosen) } else { 0 }, y));
    }
    for (at, kind) in TicketKind::ALL.iter().enumerate() {
        let text = format!("{} {}", at + 1, terms::kind_short(*kind));
        if x + painter.cells(&text) > area.right() {
            break;
        }
        let role = if draft.kind == Some(*kind) { Role::Key } else { Role::Muted };
        if here && !apart && draft.kind == Some(*kind) {
            painter.caret = Some((x, y));
        }
        x += painter.put(x, y, 16, &text, role) + 1;
    }
    painter.ground = None;
}

fn text_field(app: &App, painter: &mut Painter<'_>, area: Rect, y: u16, height: u16, field: Field, here: bool) {
    let draft = &app.model.draft;
    let Some(text) = draft.field(field) else { return };
    let well = Rect::new(area.x + 12, y, area.width - 13, height);
    let placeholder = match field {
        Field::Matter => words!("placeholder-matter"),
        Field::Unit => match draft.matter_code.as_ref().and_then(|code| app.model.names.unit_of_matter(code)) {
            Some(unit) => words!("placeholder-unit-by-catalogue", unit = unit.label.as_str()),
            None => words!("placeholder-unit"),
        },
        Field::Title => words!("placeholder-title"),
        Field::Body => words!("placeholder-body"),
        _ => String::new(),
    };
    draw_field(painter, text, Well { area: well, focused: here, placeholder: &placeholder, hidden: false });
    let ground = if here { Role::Tint } else { Role::Well };
    let chosen = match field {
        Field::Matter => draft.matter_code.is_some(),
        Field::Unit => draft.unit_code.is_some(),
        _ => return,
    };
    if !text.is_blank() {
        painter.ground = Some(ground);
        let (mark, role) = if chosen { (painter.glyph(crate::console::look::Glyph::Done).to_owned(), Role::Green) } else { (words!("adopt-hint"), Role::Faint) };
        painter.put_right(well.right() - 1, y, &mark, role);
        painter.ground = None;
    }
}

fn urgent(app: &App, painter: &mut Painter<'_>, area: Rect, y: u16, draft: &Draft) {
    painter.put(area.x + 2, y, 9, &words!("field-urgent-class"), Role::Muted);
    let chosen = draft.urgent.as_deref().map(|code| app.model.names.urgent(code).unwrap_or(code));
    let wanted = chosen.map_or(0, |name| painter.cells(name) + 2);
    let well = Rect::new(area.x + 12, y, wanted.max(20).min(area.width - 14), 1);
    painter.fill(well, Role::Well);
    painter.ground = Some(Role::Well);
    match chosen {
        Some(name) => painter.put(well.x + 1, y, well.width - 2, name, Role::Warn),
        None => painter.put(well.x + 1, y, well.width - 2, &words!("field-not-urgent"), Role::Muted),
    };
    painter.ground = None;
    let key = app.keymap.keys_of(&app.contexts(), Action::FormUrgent).map(|row| row.keys()).unwrap_or_default();
    painter.hint(well.right() + 2, y, area.right() - 1, &key, &words!("form-cycle-urgent"));
}

/// What is marked by one key each: 优先, 绿色通道, 承诺.
fn marks(app: &App, painter: &mut Painter<'_>, area: Rect, y: u16, draft: &Draft) {
    painter.put(area.x + 2, y, 9, &words!("field-marks"), Role::Muted);
    let tick = painter.glyph(crate::console::look::Glyph::Done).to_owned();
    let ticked = |text: String, on: bool| if on { format!("{text}{tick}") } else { text };
    let marks = [
        (Action::FormTag, draft.tag.map_or_else(|| words!("mark-tag"), terms::tag), draft.tag.map(|_| Role::Warn)),
        (Action::FormGreen, ticked(words!("mark-green"), draft.green), draft.green.then_some(Role::Green)),
        (Action::FormPromise, ticked(words!("mark-promise"), draft.promise.is_some()), draft.promise.is_some().then_some(Role::Strong)),
    ];
    let mut x = area.x + 13;
    for (action, label, role) in marks {
        let key = app.keymap.keys_of(&app.contexts(), action).map(|row| row.keys()).unwrap_or_default();
        if x + painter.cells(&key) + painter.cells(&label) + 1 > area.right() - 1 {
            break;
        }
        let space = if key.is_empty() { "" } else { " " };
        x = painter.row(x, y, area.right() - 1, &[(&key, Role::Key), (space, Role::Muted), (&label, role.unwrap_or(Role::Muted))]) + 2;
    }
}

/// The rule behind the limit, as far as it is known before the server has decided; of a green-channel matter how long its
/// unit is there today, and whom to call.
fn due(app: &App, painter: &mut Painter<'_>, area: Rect, y: u16, draft: &Draft) {
    painter.put(area.x + 2, y, 9, &words!("field-due"), Role::Muted);
    let (text, role) = if draft.green {
        green(app, draft)
    } else if draft.urgent.is_some() {
        (words!("due-urgent"), Role::Muted)
    } else {
        (words!("due-by-table"), Role::Muted)
    };
    painter.put(area.x + 13, y, area.width - 15, &text, role);
}

/// Less than so many minutes before the office closes it is late, and the unit is called rather than waited for.
const LATE: i64 = 120;

fn green(app: &App, draft: &Draft) -> (String, Role) {
    let names = &app.model.names;
    let now = app.now();
    let today = times::city(now).date_naive();
    let unit = draft.unit_code.as_deref();
    let close = names.office_close(unit).map(|close| start_of_day(today) + chrono::TimeDelta::minutes(i64::from(close.minutes())));
    let (office, late) = match close {
        _ if !Calendar::shipped().is_working_day(today).0 => (Some(words!("green-day-off")), true),
        Some(close) if close <= now => (Some(words!("green-closed")), true),
        Some(close) => {
            let left = close - now;
            let late = left.num_minutes() < LATE;
            let text = if late { words!("green-minutes", minutes = left.num_minutes()) } else { words!("green-left", left = times::countdown(left)) };
            (Some(text), late)
        }
        None => (None, false),
    };
    let duty = unit.and_then(|unit| names.duty_phone(unit)).map(|phone| words!("detail-duty", phone = phone));
    let facts: Vec<String> = [Some(words!("green-today")), office, duty].into_iter().flatten().collect();
    (facts.join(" · "), if late { Role::Warn } else { Role::Green })
}

fn proposals(app: &App, painter: &mut Painter<'_>, area: Rect, y: u16, field: Field) {
    let names = &app.model.names;
    let found = app.model.draft.proposals(names, 6);
    let items = if field == Field::Matter { &names.matters.items } else { &names.units.items };
    let x = area.x + 12;
    let width = area.width - 13;
    for (row, at) in found.iter().enumerate() {
        let y = y + u16::try_from(row).unwrap_or(0);
        if y >= painter.window().bottom().saturating_sub(1) {
            break;
        }
        let marked = row == app.model.draft.proposal;
        let role = if marked { Role::Selected } else { Role::Raised };
        painter.fill(Rect::new(x, y, width, 1), role);
        painter.ground = Some(role);
        let item = &items[*at];
        if marked {
            painter.put(x, y, 1, painter.glyph(crate::console::look::Glyph::Cursor), Role::Cursor);
        }
        let end = painter.put_right_half(x, x + width - 1, y, &item.hint, Role::Muted);
        painter.put(x + 2, y, end.saturating_sub(x + 3), &item.label, if marked { Role::Strong } else { Role::Text });
        painter.ground = None;
    }
}
