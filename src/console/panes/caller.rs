//! 来电人 (caller): who is on the line, and what they came with before. Without a call: the keys to begin with.
use super::terms;
use crate::api::calls::{CallRow, CallerCard, MATTERS_DAYS};
use crate::console::app::App;
use crate::console::keymap::Action;
use crate::console::look::{Glyph, Role};
use crate::console::model::{Pane, SeatView};
use crate::console::times;
use crate::console::widgets::Painter;
use crate::domain::call::CallState;
use crate::domain::ticket::Step;
use crate::text::width::wrap;
use crate::words;
use chrono::TimeDelta;
use ratatui::layout::Rect;

/// The keys somebody needs for a first call.
const FIRST_KEYS: [Action; 5] = [Action::SeatReady, Action::CallTake, Action::FocusKnowledge, Action::FormDispatch, Action::AppHelp];

/// Draws the card.
pub fn draw(app: &App, painter: &mut Painter<'_>, area: Rect) {
    let model = &app.model;
    let focused = model.focus() == Pane::Caller;
    let chord = app.keymap.keys_of(&app.contexts(), Action::FocusCaller).map(|row| row.keys()).unwrap_or_default();
    let call = model.current_call();
    let spoken = call.map(|call| call_time(app, call));
    let figures: Vec<(&str, Role)> = spoken.iter().map(|text| (text.as_str(), Role::Text)).collect();
    painter.heading(area, &words!("pane-caller"), focused, &chord, &[], &figures);
    let Some(call) = call else {
        return begin(app, painter, area);
    };
    let (x, right) = (area.x + 2, area.right().saturating_sub(1));
    let card = model.card.as_ref().filter(|(id, _)| *id == call.id).map(|(_, card)| card.as_ref());
    identity(painter, x, area.y + 1, right, call, card);
    let Some(card) = card else {
        if area.height > 3 {
            painter.put(x, area.y + 2, area.width - 3, &words!("loading"), Role::Faint);
        }
        return;
    };
    if area.height > 2 {
        painter.put(x, area.y + 2, area.width - 3, &history_words(card), Role::Muted);
    }
    let mut y = notes(app, painter, area, card);
    y = promises(app, painter, area, y, card);
    if area.height > 8 && card.last.is_empty() {
        y += 1;
    } else if area.height > 8 {
        y += 1;
        painter.put(x, y, 20, &words!("caller-history"), Role::Section);
        painter.put_right(right, y, &words!("pieces", count = card.matters), Role::Faint);
        y += 1;
    }
    if card.last.is_empty() && y < area.bottom() {
        painter.put(x, y, area.width - 3, &words!("empty-caller-history"), Role::Muted);
        y += 1;
    }
    for matter in &card.last {
        if y >= area.bottom() {
            break;
        }
        history(app, painter, x, y, right, matter);
        y += 1;
    }
    if !call.pins.is_empty() && y + 2 < area.bottom() {
        y += 1;
        painter.put(x, y, 20, &words!("caller-pinned"), Role::Section);
        for pin in &call.pins {
            y += 1;
            if y >= area.bottom() {
                break;
            }
            let known = model.knowledge.pinned.iter().find(|head| head.id == pin.article);
            let code = known.map_or_else(|| words!("article-edition", edition = pin.revision), |head| head.code.clone());
            let at = x + painter.put(x, y, 12, &code, Role::Text) + 1;
            if let Some(head) = known {
                painter.put(at, y, right - at, &head.title, Role::Muted);
            }
        }
    }
}

/// 标注: the language to speak in, and for as long as it stands how the caller was on the line. Gives the row below.
fn notes(app: &App, painter: &mut Painter<'_>, area: Rect, card: &CallerCard) -> u16 {
    let now = app.now();
    let y = area.y + 3;
    let tone = card.tone.filter(|mark| now < mark.until);
    if area.height <= 8 || (tone.is_none() && card.language.is_none()) {
        return y;
    }
    let mut x = area.x + 2;
    if let Some(mark) = tone {
        let last = times::city(mark.until - TimeDelta::seconds(1)).date_naive();
        let text = format!("{}{}", painter.glyph(Glyph::Yellow), words!("tone-until", tone = terms::tone(mark.tone), date = times::day(last, now)));
        x += painter.put(x, y, area.right().saturating_sub(x + 1), &text, Role::Warn) + 2;
    }
    if let Some(language) = card.language {
        painter.put(x, y, area.right().saturating_sub(x + 1), &terms::language(language), Role::Strong);
    }
    y + 1
}

/// How many open promises a card says: a caller with more of them hears of the first.
const PROMISES: usize = 3;

/// 承诺 that are open: what the caller will ask about first. One that is late is the solid block: it is owed to the person on
/// the line. Gives the row below them.
fn promises(app: &App, painter: &mut Painter<'_>, area: Rect, from: u16, card: &CallerCard) -> u16 {
    let now = app.now();
    let mut y = from;
    let cells = usize::from(area.width.saturating_sub(3));
    for open in card.promises.iter().take(PROMISES) {
        if area.height <= 8 || y >= area.bottom() {
            break;
        }
        let promise = &open.promise;
        let late = promise.due <= now;
        let unit = promise.visitor.as_ref().or(open.unit_name.as_ref()).cloned().unwrap_or_else(|| words!("promise-by-hotline"));
        let what = terms::promise(promise.kind, promise.due, now);
        let today = times::weekday(times::city(now).date_naive());
        let said = words!("caller-promise", unit = unit, what = what, today = today);
        let text = [Some(said), promise.place.clone(), promise.text.clone()].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        let mut x = area.x + 2;
        if late {
            let block = format!(" {}{} {} ", painter.glyph(Glyph::Overdue), words!("flag-overdue"), times::countdown(now - promise.due));
            x += painter.put_styled(x, y, area.width - 3, &block, app.look.style(Role::OverdueBlock)) + 1;
        }
        let first = usize::from(area.right().saturating_sub(x + 1));
        let mut lines = wrap(&text, first, painter.ambiguous()).into_iter();
        painter.put(x, y, area.right().saturating_sub(x + 1), &lines.next().unwrap_or_default(), if late { Role::Red } else { Role::Warn });
        y += 1;
        // The words end where their row does; one more row is theirs where there is room for it.
        let rest = lines.collect::<Vec<_>>().concat();
        if let (Some(line), true) = (wrap(&rest, cells, painter.ambiguous()).into_iter().next().filter(|line| !line.is_empty()), y + 4 < area.bottom()) {
            painter.put(area.x + 2, y, area.width - 3, &line, if late { Role::Red } else { Role::Warn });
            y += 1;
        }
    }
    y
}

/// Which call of this caller it is and what they came with before: the same count that stands over the list below it.
fn history_words(card: &CallerCard) -> String {
    if card.calls <= 1 && card.matters == 0 {
        return words!("caller-first");
    }
    let mut text = words!("caller-counts", calls = card.calls, matters = card.matters);
    if card.same_class > 1 {
        text = format!("{text} · {}", words!("caller-same", count = card.same_class));
    }
    text
}

/// How long the call lasts, or what has come after it.
pub fn call_time(app: &App, call: &CallRow) -> String {
    let now = app.now();
    match call.state {
        CallState::WrapUp => format!("{} {}", words!("seat-wrapping-up"), times::timer((now - call.ended_at.unwrap_or(now)).num_seconds())),
        CallState::Held => format!("{} {}", words!("seat-held"), times::timer((now - call.taken_at.unwrap_or(now)).num_seconds())),
        _ => words!("call-with-time", time = times::timer((now - call.taken_at.unwrap_or(now)).num_seconds())),
    }
}

fn identity(painter: &mut Painter<'_>, x: u16, y: u16, right: u16, call: &CallRow, card: Option<&CallerCard>) {
    let (name, number) = card.map_or((&call.name, &call.number), |card| (&card.name, &card.number));
    let many = card.filter(|card| card.matters_90_days > 1).map(|card| words!("caller-many", days = MATTERS_DAYS, count = card.matters_90_days));
    let end = many.map_or(right, |text| painter.put_right(right, y, &text, Role::Warn));
    let mut at = x;
    if !name.is_empty() {
        at += painter.put(at, y, 12, name, Role::Priority) + 2;
    }
    let shown = if number.is_empty() { words!("strip-number-hidden") } else { number.clone() };
    at += painter.put(at, y, 14, &shown, Role::Strong) + 2;
    if let Some(district) = &call.district {
        painter.put(at, y, end.saturating_sub(at + 1), district, Role::Text);
    }
}

fn history(app: &App, painter: &mut Painter<'_>, x: u16, y: u16, right: u16, matter: &crate::api::calls::Matter) {
    let (state, role) = match (matter.solved, matter.step) {
        (Some(false), _) => (words!("unsolved"), Role::Red),
        (_, Step::Answered) => (words!("answered-short"), Role::Muted),
        (_, step) => (terms::step(step), Role::Muted),
    };
    let end = painter.put_right(right, y, &state, role);
    let now = app.now();
    let mut at = x + painter.put(x, y, 10, &times::day(times::city(matter.accepted_at).date_naive(), now), Role::Muted) + 1;
    at += painter.put(at, y, 14, times::number(&matter.number, now), Role::Muted) + 1;
    painter.put(at, y, end.saturating_sub(at + 1), &matter.title, Role::Text);
}

/// Three rows above the form of a small window; true when there is a call.
pub fn draw_summary(app: &App, painter: &mut Painter<'_>, area: Rect) -> bool {
    let model = &app.model;
    let Some(call) = model.current_call() else { return false };
    let right = area.right() - 2;
    let card = model.card.as_ref().filter(|(id, _)| *id == call.id).map(|(_, card)| card.as_ref());
    identity(painter, area.x + 2, area.y, right, call, card);
    if let Some(matter) = card.and_then(|card| card.last.first()) {
        history(app, painter, area.x + 2, area.y + 1, right, matter);
    } else if card.is_some() {
        painter.put(area.x + 2, area.y + 1, 50, &words!("empty-caller-history"), Role::Muted);
    }
    if let Some(card) = card {
        painter.put(area.x + 2, area.y + 2, 50, &history_words(card), Role::Muted);
        let key = app.keymap.keys_of(&app.contexts(), Action::FocusCaller).map(|row| row.keys()).unwrap_or_default();
        painter.put_right(right, area.y + 2, &format!("{key} {}", Action::FocusCaller.label()), Role::Faint);
    }
    true
}

/// No call: what to press.
fn begin(app: &App, painter: &mut Painter<'_>, area: Rect) {
    let x = area.x + 2;
    let ready = app.model.seat == SeatView::Ready;
    painter.put(x, area.y + 1, area.width - 3, &if ready { words!("caller-waiting") } else { words!("empty-caller") }, Role::Muted);
    if area.height < 8 {
        return;
    }
    painter.put(x, area.y + 3, area.width - 3, &words!("help-five-keys"), Role::Section);
    let contexts = app.contexts();
    let desk = [crate::console::keymap::Context::Global, crate::console::keymap::Context::Desk];
    for (row, action) in FIRST_KEYS.iter().enumerate() {
        let y = area.y + 4 + u16::try_from(row).unwrap_or(0);
        let key = app.keymap.keys_of(&contexts, *action).or_else(|| app.keymap.keys_of(&desk, *action)).map(|row| row.keys()).unwrap_or_default();
        painter.put(x, y, 8, &key, Role::Key);
        painter.put(x + 8, y, area.width - 11, &action.help(), Role::Text);
    }
}
