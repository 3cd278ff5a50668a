//! Lists of tickets: 赋色工单 on the desk and the list of their own screen. One row anatomy for both.
use super::terms;
use crate::api::tickets::{Counts, RowClocks, TicketRow};
use crate::console::app::App;
use crate::console::keymap::Action;
use crate::console::look::{Glyph, Role};
use crate::console::model::window::Window;
use crate::console::model::{Pane, ScreenName};
use crate::console::times;
use crate::console::widgets::Painter;
use crate::domain::Timestamp;
use crate::domain::clocks::{Flag, Turn};
use crate::words;
use ratatui::layout::Rect;

/// The glyph and hue of a flag.
pub fn mark(flag: Flag) -> Option<(Glyph, Role)> {
    match flag {
        Flag::None => None,
        Flag::Yellow => Some((Glyph::Yellow, Role::Warn)),
        Flag::Orange => Some((Glyph::Orange, Role::Orange)),
        Flag::Red => Some((Glyph::Red, Role::Red)),
        Flag::Overdue => Some((Glyph::Overdue, Role::Red)),
    }
}

/// The counts of a heading: glyph, how many, hue.
pub fn figures(counts: &Counts) -> [(Glyph, i64, Role); 4] {
    [
        (Glyph::Overdue, counts.overdue, Role::Red),
        (Glyph::Red, counts.red, Role::Red),
        (Glyph::Orange, counts.orange, Role::Orange),
        (Glyph::Yellow, counts.yellow, Role::Warn),
    ]
}

/// Where the columns stand; zero cells: left out.
struct Columns {
    flag: u16,
    turn: u16,
    turn_cells: u16,
    number: u16,
    number_cells: u16,
    kind: u16,
    kind_cells: u16,
    title: u16,
    title_cells: u16,
    unit: u16,
    unit_cells: u16,
    step: u16,
    step_cells: u16,
}

impl Columns {
    /// What is dropped when it gets narrow, in this order: kind, step (in a unit's own hands: the unit), four cells of the
    /// unit, the number. Never flag, turn or title.
    fn of(area: Rect, english: bool, longest_number: u16, in_unit: bool) -> Columns {
        let (flag_cells, turn_cells) = if english { (12, 17) } else { (10, 13) };
        let mut number = longest_number.clamp(9, 14);
        let (mut kind, mut step, mut unit) = if english { (8, 8, 14) } else { (4, 8, 14) };
        let room = area.width.saturating_sub(3);
        let fixed = |number: u16, kind: u16, unit: u16, step: u16| {
            let gap = |cells: u16| if cells > 0 { cells + 1 } else { 0 };
            flag_cells + 1 + turn_cells + 2 + gap(number) + gap(kind) + 2 + gap(unit) + gap(step)
        };
        if room < fixed(number, kind, unit, step) + 24 {
            kind = 0;
        }
        if room < fixed(number, kind, unit, step) + 22 {
            // Whoever belongs to a unit knows which; where a ticket stands they do not.
            if in_unit { unit = 0 } else { step = 0 }
        }
        if unit > 0 && room < fixed(number, kind, unit, step) + 20 {
            unit = 10;
        }
        if room < fixed(number, kind, unit, step) + 16 {
            number = 0;
        }
        let flag = area.x + 2;
        let turn = flag + flag_cells + 1;
        let number_at = turn + turn_cells + 2;
        let kind_at = number_at + if number > 0 { number + 1 } else { 0 };
        let title = kind_at + if kind > 0 { kind + 1 } else { 0 } + 2;
        let right = area.right() - 1;
        let step_at = right - step;
        let unit_at = step_at - if step > 0 { 1 } else { 0 } - unit;
        Columns {
            flag,
            turn,
            turn_cells,
            number: number_at,
            number_cells: number,
            kind: kind_at,
            kind_cells: kind,
            title,
            title_cells: unit_at.saturating_sub(title + 1),
            unit: unit_at,
            unit_cells: unit,
            step: step_at,
            step_cells: step,
        }
    }
}

/// Draws a list.
pub fn draw(app: &App, painter: &mut Painter<'_>, area: Rect, pane: Pane) {
    let model = &app.model;
    let window = if pane == Pane::Board { &model.board } else { &model.list };
    let focused = model.focus() == pane && model.prompt.is_none();
    heading(app, painter, area, window, pane, focused);
    let now = app.now();
    if window.rows.is_empty() {
        let text = match (window.loaded, pane) {
            (false, _) => words!("loading"),
            (true, Pane::Board) => words!("empty-tickets"),
            (true, _) => words!("empty-ticket-list"),
        };
        painter.put(area.x + 2, area.y + 2, area.width - 3, &text, Role::Muted);
        return;
    }
    let height = usize::from(area.height.saturating_sub(2));
    let top = window.top.min(window.rows.len().saturating_sub(1));
    let shown = window.rows.range(top..(top + height).min(window.rows.len()));
    let longest = shown.clone().map(|listed| painter.cells(times::number(&listed.row.number, now))).max().unwrap_or(9);
    let columns = Columns::of(area, app.is_english(), longest, model.me.as_ref().is_some_and(|me| me.unit.is_some()));
    heads(painter, area.y + 1, &columns);
    for (at, listed) in shown.enumerate() {
        let y = area.y + 2 + u16::try_from(at).unwrap_or(0);
        if top + at == window.selected && !window.adrift {
            painter.stale = false;
            painter.select(area, y, focused);
            painter.stale = model.link.is_lost();
        }
        if model.many.has(listed.row.id) {
            painter.put(area.x + 1, y, 1, "+", Role::Key);
        }
        row(app, painter, y, &columns, &listed.row, now);
        painter.ground = None;
    }
}

fn heading(app: &App, painter: &mut Painter<'_>, area: Rect, window: &Window, pane: Pane, focused: bool) {
    let chord = app.keymap.keys_of(&app.contexts(), Action::FocusTickets).map(|row| row.keys()).unwrap_or_default();
    let counts = window.counts;
    let marked = match app.model.many.count() {
        0 => String::new(),
        count => format!("  {}", words!("many-marked", count = count)),
    };
    if pane == Pane::List {
        let at = window.dropped + window.selected + 1;
        let place = format!("{}/{}", times::thousands(i64::try_from(at.min(window.dropped + window.rows.len())).unwrap_or(0)), total(app, window));
        let filter = match &app.model.number_filter {
            Some(number) => number.clone(),
            None => words::find(app.model.filter.words_id()).unwrap_or_default(),
        };
        painter.heading(area, &words!("pane-ticket-list"), focused, "", &[(&filter, Role::Priority), (&marked, Role::Key)], &[(&place, Role::Muted)]);
        return;
    }
    let texts: Vec<(String, Role)> =
        figures(&counts).into_iter().filter(|(_, count, _)| *count > 0).map(|(glyph, count, role)| (format!("{}{} ", painter.glyph(glyph), times::thousands(count)), role)).collect();
    let soon = words!("tickets-turning", count = times::thousands(counts.soon));
    let mut stretches: Vec<(&str, Role)> = texts.iter().map(|(text, role)| (text.as_str(), *role)).collect();
    stretches.push(("  ", Role::Muted));
    stretches.push((&soon, if counts.soon > 0 { Role::Strong } else { Role::Muted }));
    painter.heading(area, &words!("pane-tickets"), focused, &chord, &[(marked.trim_start(), Role::Key)], &stretches);
}

fn total(app: &App, window: &Window) -> String {
    use crate::console::model::Filter;
    let counts = window.counts;
    let known = match app.model.filter {
        _ if app.model.number_filter.is_some() => None,
        Filter::Open => Some(counts.open),
        Filter::Overdue => Some(counts.overdue),
        Filter::Red => Some(counts.red),
        Filter::Orange => Some(counts.orange),
        Filter::Yellow => Some(counts.yellow),
        Filter::Mine | Filter::Closed => None,
    };
    match known {
        Some(count) => times::thousands(count),
        None => times::thousands(i64::try_from(window.dropped + window.rows.len()).unwrap_or(0)),
    }
}

fn heads(painter: &mut Painter<'_>, y: u16, columns: &Columns) {
    let stale = std::mem::take(&mut painter.stale);
    painter.put(columns.flag, y, columns.turn - columns.flag, &words!("field-flag"), Role::Faint);
    painter.put(columns.turn, y, columns.turn_cells, &words!("field-next-turn"), Role::Faint);
    painter.put(columns.number, y, columns.number_cells, &words!("field-number"), Role::Faint);
    painter.put(columns.kind, y, columns.kind_cells, &words!("field-kind"), Role::Faint);
    painter.put(columns.title, y, columns.title_cells, &words!("field-demand"), Role::Faint);
    painter.put(columns.unit, y, columns.unit_cells, &words!("field-handling-unit"), Role::Faint);
    painter.put(columns.step, y, columns.step_cells, &words!("field-step"), Role::Faint);
    painter.stale = stale;
}

fn row(app: &App, painter: &mut Painter<'_>, y: u16, columns: &Columns, row: &TicketRow, now: Timestamp) {
    let soon = row.clocks.next(now).is_some_and(|next| (next.at - now).num_seconds() < 3600);
    draw_flag(painter, columns.flag, y, row, now);
    draw_turn(painter, columns.turn, y, columns.turn_cells, &row.clocks, now);
    painter.put(columns.number, y, columns.number_cells, times::number(&row.number, now), Role::Muted);
    painter.put(columns.kind, y, columns.kind_cells, &terms::kind_short(row.kind), Role::Muted);
    if row.tag.is_some() {
        painter.put(columns.title - 2, y, 1, painter.glyph(Glyph::Priority), Role::Priority);
    }
    painter.put(columns.title, y, columns.title_cells, &row.title, if soon { Role::Strong } else { Role::Text });
    let unit = row.unit_name.as_deref().or(row.unit.as_deref()).unwrap_or_default();
    painter.put(columns.unit, y, columns.unit_cells, unit, Role::Muted);
    let pending = app.model.pending.iter().find(|pending| pending.ticket == row.id);
    let step = match pending {
        Some(pending) => words!("act-pending", act = terms::act(pending.act)),
        None => terms::step(row.step),
    };
    painter.put(columns.step, y, columns.step_cells, &step, if pending.is_some() { Role::Pending } else { Role::Muted });
}

/// The flag: glyph, word, and how long the ticket has been out. In lists only the glyph of 超期 is a solid block.
pub fn draw_flag(painter: &mut Painter<'_>, x: u16, y: u16, row: &TicketRow, now: Timestamp) {
    let flag = row.clocks.flag(now);
    let Some((glyph, role)) = mark(flag) else {
        if row.green && row.clocks.closed_at.is_none() {
            let due = row.clocks.due.map(|due| times::full(due, now).rsplit(' ').next().unwrap_or_default().to_owned()).unwrap_or_default();
            painter.put(x, y, 12, &format!("{} {due}", words!("flag-green")), Role::Green);
        }
        return;
    };
    if row.clocks.closed_at.is_some() {
        // What it came to, as a fact: nothing asks for action any more.
        painter.put(x, y, 11, &format!("{}{}", painter.glyph(glyph), terms::flag(flag)), Role::Muted);
        return;
    }
    let first = if flag == Flag::Overdue { Role::OverdueBlock } else { role };
    painter.put(x, y, 1, painter.glyph(glyph), first);
    let mut text = terms::flag(flag);
    if matches!(flag, Flag::Orange | Flag::Red) {
        text = format!("{text} {}", times::age(now - row.dispatched_at.unwrap_or(row.accepted_at)));
    }
    painter.put(x + 1, y, 11, &text, role);
}

/// The next turn and the time to it; its hue only within the hour.
pub fn draw_turn(painter: &mut Painter<'_>, x: u16, y: u16, cells: u16, clocks: &RowClocks, now: Timestamp) {
    // What the caller was told and did not get comes before all that runs by the table, also of a closed ticket.
    if let Some(late) = clocks.promise_late(now) {
        painter.put(x, y, 1, painter.glyph(Glyph::Overdue), Role::OverdueBlock);
        let start = painter.put_right(x + cells, y, &times::countdown(now - late), Role::Red);
        painter.put(x + 1, y, start.saturating_sub(x + 1), &words!("turn-promise-late"), Role::Red);
        return;
    }
    if let Some(closed) = clocks.closed_at {
        painter.put(x, y, 6, &words!("turn-closed"), Role::Muted);
        painter.put_right(x + cells, y, &times::brief(closed, now), Role::Muted);
        return;
    }
    if clocks.flag(now) == Flag::Overdue {
        let over = clocks.due.map(|due| times::countdown(now - due)).unwrap_or_default();
        painter.put(x, y, 6, &words!("turn-over"), Role::Red);
        painter.put_right(x + cells, y, &over, Role::Red);
        return;
    }
    let Some(next) = clocks.next(now) else {
        if clocks.paused {
            painter.put(x, y, cells, &words!("step-suspended"), Role::Muted);
        }
        return;
    };
    let left = next.at - now;
    let flag = terms::flag_of(next.turn);
    let hue = if left.num_seconds() < 3600 { mark(flag).map_or(Role::Muted, |(_, role)| role) } else { Role::Muted };
    let mut at = x;
    if next.turn == Turn::Promise {
        let hue = if hue == Role::Muted { hue } else { Role::Warn };
        at += painter.put(at, y, 1, painter.glyph(Glyph::Yellow), hue);
        painter.put(at, y, 8, &words!("turn-promise"), hue);
        painter.put_right(x + cells, y, &times::countdown(left), hue);
        return;
    }
    if flag == Flag::Overdue {
        at += painter.put(at, y, 6, &words!("flag-due"), hue);
    } else if let Some((glyph, _)) = mark(flag) {
        at += painter.put(at, y, 3, &words!("turn-to"), Role::Muted);
        at += painter.put(at, y, 1, painter.glyph(glyph), hue);
        at += painter.put(at, y, 7, &terms::flag(flag), hue);
    }
    let countdown = times::countdown(left);
    let start = painter.put_right(x + cells, y, &countdown, hue);
    if clocks.provisional && start > at {
        painter.put(start - 1, y, 1, "?", Role::Warn);
    }
}

/// Is this pane on a screen of its own?
pub fn pane_of(screen: ScreenName) -> Pane {
    if screen == ScreenName::Tickets { Pane::List } else { Pane::Board }
}
