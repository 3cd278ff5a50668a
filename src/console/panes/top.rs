//! The top row (screens, who works here), the strip below it (a ringing call, a lost link, else a headline), and the tabs
//! of small windows.
use super::terms;
use crate::console::app::App;
use crate::console::keymap::Action;
use crate::console::layout::WIDE;
use crate::console::look::{Glyph, Role};
use crate::console::model::link::LinkState;
use crate::console::model::{Filter, Pane, ScreenName};
use crate::console::times;
use crate::console::widgets::Painter;
use crate::text::width::width;
use crate::words;
use ratatui::layout::Rect;

/// The screens, in order, with their actions.
pub const SCREENS: [(ScreenName, Action); 4] = [
    (ScreenName::Desk, Action::ScreenDesk),
    (ScreenName::Tickets, Action::ScreenTickets),
    (ScreenName::Knowledge, Action::ScreenKnowledge),
    (ScreenName::Admin, Action::ScreenAdmin),
];

fn title(app: &App) -> String {
    app.model.title.clone().or_else(|| app.model.me.as_ref().map(|me| me.centre.clone())).unwrap_or_else(|| words!("product-name"))
}

/// The names of the screens and where each begins.
fn screens(app: &App) -> Vec<(ScreenName, u16, String)> {
    let cells = |text: &str| u16::try_from(width(text, app.look.ambiguous())).unwrap_or(u16::MAX);
    let mut x = if app.size.0 >= 100 { 5 + cells(&title(app)).min(30) } else { 2 };
    let contexts = app.contexts();
    let mut found = Vec::new();
    let none = app.kinds().is_empty();
    for (screen, action) in SCREENS.into_iter().filter(|(screen, _)| *screen != ScreenName::Admin || !none) {
        let key = app.keymap.keys_of(&contexts, action).or_else(|| app.keymap.keys_of(&[super::super::keymap::Context::Global], action));
        let key = key.map(|row| row.keys()).filter(|keys| !keys.contains(' ')).unwrap_or_default().to_uppercase();
        let label = action.label();
        let text = if key.is_empty() { format!(" {label} ") } else { format!(" {key} {label} ") };
        let wide = cells(&text);
        found.push((screen, x, text));
        x += wide + 1;
    }
    found
}

/// The screen whose name stands at this column of the top row.
pub fn screen_at(app: &App, x: u16) -> Option<ScreenName> {
    let cells = |text: &str| u16::try_from(width(text, app.look.ambiguous())).unwrap_or(u16::MAX);
    screens(app).into_iter().find(|(_, at, text)| (*at..*at + cells(text)).contains(&x)).map(|(screen, ..)| screen)
}

/// The top row.
pub fn draw_screens(app: &App, painter: &mut Painter<'_>) {
    let window = painter.window();
    painter.fill(Rect::new(0, 0, window.width, 1), Role::Raised);
    painter.ground = Some(Role::Raised);
    let model = &app.model;
    let title = title(app);
    if window.width >= 100 {
        painter.put(2, 0, 30, &title, Role::Priority);
    }
    let mut x = 2;
    for (screen, at, text) in screens(app) {
        let wide = painter.cells(&text);
        if screen == model.screen {
            painter.fill(Rect::new(at, 0, wide, 1), Role::Selected);
            painter.ground = Some(Role::Selected);
            painter.put(at, 0, wide, &text, Role::Key);
            painter.ground = Some(Role::Raised);
        } else {
            painter.put(at, 0, 30, &text, Role::Muted);
        }
        x = at + wide + 1;
    }
    if let Some(me) = &model.me {
        let mut who = format!("{} · {}", me.name, me.login);
        if let Some(unit) = me.unit.as_ref().and_then(|unit| model.names.units.of(unit)) {
            who = format!("{} · {who}", unit.label);
        }
        if painter.cells(&who) + x + 2 < window.width {
            painter.put_right(window.width - 2, 0, &who, Role::Muted);
        }
    }
    painter.ground = None;
}

/// The strip.
pub fn draw_strip(app: &App, painter: &mut Painter<'_>) {
    let model = &app.model;
    if let LinkState::Lost(since) = model.link.state {
        return lost(app, painter, since);
    }
    if let Some(call) = model.offered() {
        return ringing(app, painter, call);
    }
    let window = painter.window();
    if let Some(alarm) = &model.alarm {
        let key = app.keymap.keys_of(&app.contexts(), Action::AlarmSeen).map(|row| row.keys()).unwrap_or_default();
        let text = words!("alarm-overused", who = alarm.by.as_str(), count = alarm.count, time = times::brief(alarm.at, app.now()));
        let at = painter.put(2, 1, window.width.saturating_sub(4), &text, Role::Red);
        painter.put(5 + at, 1, window.width.saturating_sub(at + 7), &format!("{key} {}", Action::AlarmSeen.label()), Role::Key);
        return;
    }
    if model.link.state == LinkState::CatchingUp {
        let at = painter.put(2, 1, 40, &words!("link-catching-up"), Role::Accent);
        painter.put(4 + at, 1, 60, &words!("link-catching-up-hint"), Role::Muted);
        return;
    }
    if super::tour::draw(app, painter) {
        return;
    }
    if model.screen == ScreenName::Tickets && model.login.is_none() {
        let mut x = 2;
        let counts = model.list.counts;
        for filter in Filter::ALL {
            if filter == Filter::Mine && model.me.as_ref().is_none_or(|me| me.unit.is_none()) {
                continue;
            }
            let label = words::find(filter.words_id()).unwrap_or_default();
            let count = match filter {
                Filter::Open => times::thousands(counts.open),
                Filter::Overdue => times::thousands(counts.overdue),
                Filter::Red => times::thousands(counts.red),
                Filter::Orange => times::thousands(counts.orange),
                Filter::Yellow => times::thousands(counts.yellow),
                Filter::Mine | Filter::Closed => String::new(),
            };
            let chosen = filter == model.filter && model.number_filter.is_none();
            let wide = painter.cells(&label) + if count.is_empty() { 0 } else { painter.cells(&count) + 1 } + 2;
            if x + wide + 2 >= window.width {
                break;
            }
            if chosen {
                painter.fill(Rect::new(x, 1, wide, 1), Role::Selected);
                painter.ground = Some(Role::Selected);
            }
            let (name, figure) = if chosen { (Role::Key, Role::Priority) } else { (Role::Muted, Role::Text) };
            let at = x + 1 + painter.put(x + 1, 1, 30, &label, name);
            painter.put(at + 1, 1, 12, &count, figure);
            painter.ground = None;
            x += wide + 2;
        }
        if let Some(number) = &model.number_filter {
            painter.row(x, 1, window.width, &[("/ ", Role::Accent), (number, Role::Priority)]);
        }
    }
}

fn lost(app: &App, painter: &mut Painter<'_>, since: std::time::Instant) {
    let window = painter.window();
    painter.fill(Rect::new(0, 1, window.width, 1), Role::Tint);
    painter.ground = Some(Role::Tint);
    let seconds = i64::try_from(app.at.saturating_duration_since(since).as_secs()).unwrap_or(0);
    let block = format!(" {}{} ", painter.glyph(Glyph::Overdue), words!("link-lost-for", time = times::timer(seconds)));
    let style = app.look.style(Role::OverdueBlock);
    let mut x = painter.put_styled(0, 1, 40, &block, style);
    let stopped = app.model.clock.now(app.model.link.heard);
    let stopped = times::city(stopped).format("%H:%M:%S").to_string();
    x += 2 + painter.put(x + 2, 1, 60, &words!("link-stopped-at", time = stopped), Role::Strong);
    let works = words!("link-still-works");
    painter.put(x + 3, 1, window.width.saturating_sub(x + 4), &works, Role::Muted);
    painter.ground = None;
}

fn ringing(app: &App, painter: &mut Painter<'_>, call: &crate::api::calls::CallRow) {
    let window = painter.window();
    let waited = (app.now() - call.rang_at).num_seconds().max(0);
    let left = 15 - waited;
    let key = app.keymap.keys_of(&app.contexts(), Action::CallTake).map(|row| row.keys()).unwrap_or_default();
    // The last five seconds of the standard: the whole strip is solid.
    let solid = left <= 5;
    let ground = if solid { Role::Block } else { Role::Tint };
    painter.fill(Rect::new(0, 1, window.width, 1), ground);
    let block = app.look.style(Role::Block);
    let wide = window.width >= WIDE;
    let ring = if wide { words!("strip-ringing") } else { words!("strip-ringing-short") };
    let mut x = painter.put_styled(0, 1, 20, &format!("  {} {ring} ", painter.glyph(Glyph::Ring)), block) + 2;
    let take = format!(" {}  ", words!("strip-take", key = key));
    let tag = window.width - painter.cells(&take);
    painter.put_styled(tag, 1, 24, &take, block);
    let style = |role: Role| if solid { block } else { app.look.style_on(role, Role::Tint) };
    let number = if call.number.is_empty() { words!("strip-number-hidden") } else { call.number.clone() };
    x += painter.put_styled(x, 1, 14, &number, style(Role::Priority)) + 2;
    if !call.name.is_empty() {
        x += painter.put_styled(x, 1, 10, &call.name, style(Role::Strong)) + 2;
    }
    x += painter.put_styled(x, 1, 16, &terms::line(call.line), style(Role::Text)) + 2;
    if wide && let Some(district) = &call.district {
        x += painter.put_styled(x, 1, 24, district, style(Role::Text)) + 2;
    }
    let again = if call.repeat { words!("strip-again") } else { words!("strip-first-call") };
    let end = x + painter.put_styled(x, 1, 16, &again, style(Role::Text));
    let waited = words!("strip-waited", time = times::waited(waited));
    let said = match (left > 0, wide) {
        (true, true) => format!("{waited} · {}", words!("strip-left", standard = 15, left = left)),
        (true, false) => words!("strip-left-short", left = left),
        (false, _) => waited,
    };
    let at = tag.saturating_sub(painter.cells(&said) + 2);
    if at > end {
        painter.put_styled(at, 1, 60, &said, style(Role::Strong));
    }
}

/// The tabs of a small desk: hidden panes still speak through their figures.
pub fn draw_tabs(app: &App, painter: &mut Painter<'_>, y: u16) {
    let model = &app.model;
    let focus = model.focus();
    let counts = model.board.counts;
    let contexts = app.contexts();
    let chord = |action: Action| app.keymap.keys_of(&contexts, action).map(|row| row.keys()).unwrap_or_default();
    let mut x = 0;
    let form = match model.current_call() {
        Some(call) => super::caller::call_time(app, call),
        None => Action::FocusForm.label(),
    };
    let tabs = [
        (vec![Pane::Form], Action::FocusForm, form, String::new()),
        (vec![Pane::Query, Pane::Article], Action::FocusKnowledge, words!("screen-knowledge"), number(model.knowledge.total)),
        (vec![Pane::Board], Action::FocusTickets, words!("screen-tickets"), String::new()),
        (vec![Pane::Queue], Action::FocusQueue, Action::FocusQueue.label(), model.queue().count().to_string()),
        (vec![Pane::Caller], Action::FocusCaller, Action::FocusCaller.label(), String::new()),
    ];
    let window = painter.window();
    let flags: Vec<(String, Role)> =
        super::tickets::figures(&counts).into_iter().filter(|(_, count, _)| *count > 0).map(|(glyph, count, role)| (format!(" {}{count}", painter.glyph(glyph)), role)).collect();
    let cells = |painter: &Painter<'_>, (panes, action, label, figure): &(Vec<Pane>, Action, String, String)| {
        let key = if panes.contains(&focus) { 0 } else { painter.cells(&chord(*action)) + 1 };
        let flags: u16 = if *action == Action::FocusTickets { flags.iter().map(|(text, _)| painter.cells(text)).sum() } else { 0 };
        key + painter.cells(label) + if figure.is_empty() { 0 } else { painter.cells(figure) + 1 } + flags
    };
    // Four cells apart, or as few as it takes to show every tab; in a call the caller's chord stands with the caller too.
    let used: u16 = tabs.iter().map(|tab| cells(painter, tab)).sum();
    let gap = (window.width.saturating_sub(used + 3) / (tabs.len() as u16 - 1)).clamp(2, 4);
    for (place, tab) in tabs.iter().enumerate() {
        let (panes, action, label, figure) = tab;
        let here = panes.contains(&focus);
        let key = chord(*action);
        if x + 2 + cells(painter, tab) > window.width {
            break;
        }
        x += if place == 0 { 2 } else { 0 };
        // The other panes have a heading of their own to bear the mark.
        if here && matches!(focus, Pane::Form | Pane::Query) {
            painter.put(x.saturating_sub(2), y, 1, painter.glyph(Glyph::Focus), Role::Accent);
        }
        if !here {
            x = painter.row(x, y, window.width, &[(&key, Role::Faint), (" ", Role::Faint)]);
        }
        x += painter.put(x, y, 24, label, if here { Role::HeadingFocused } else { Role::Muted });
        if !figure.is_empty() {
            x = painter.row(x, y, window.width, &[(" ", Role::Text), (figure, Role::Text)]);
        }
        if *action == Action::FocusTickets {
            for (text, role) in &flags {
                x += painter.put(x, y, 12, text, *role);
            }
        }
        x += gap;
    }
}

fn number(count: usize) -> String {
    if count == 0 { String::new() } else { times::thousands(i64::try_from(count).unwrap_or(i64::MAX)) }
}
