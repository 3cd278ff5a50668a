//! The status line: seat, link, the last own act or word, the keys of the place one is in, the clock.
use crate::console::app::App;
use crate::console::keymap::{Action, Context};
use crate::console::layout::WIDE;
use crate::console::look::Role;
use crate::console::model::link::{FRESH, LinkState};
use crate::console::model::admin::Kind;
use crate::console::model::{Pane, ScreenName, SeatView};
use crate::console::times;
use crate::console::widgets::Painter;
use crate::domain::call::CallState;
use crate::domain::rights::Capability;
use crate::text::width::wrap;
use crate::words;
use ratatui::layout::Rect;

/// The actions worth a hint in a context, most useful first.
fn hints(app: &App) -> &'static [Action] {
    use Action as A;
    let call = app.model.current_call().map(|call| call.state);
    let in_call = call.is_some();
    match app.contexts().last() {
        Some(Context::Form) if call == Some(CallState::WrapUp) => &[A::CallWrapUp, A::FormDispatch, A::FocusKnowledge, A::AppPalette, A::AppHelp],
        Some(Context::Form) if in_call => &[A::CallHold, A::FocusKnowledge, A::FormDispatch, A::AppPalette, A::AppHelp],
        Some(Context::Form) => &[A::SeatReady, A::CallTake, A::FocusKnowledge, A::AppPalette, A::AppHelp],
        Some(Context::KnowledgeQuery) => &[A::Open, A::AnswerPin1, A::FocusForm, A::AppPalette, A::AppHelp],
        Some(Context::Article) => &[A::AnswerPin1, A::Back, A::FocusForm, A::AppHelp],
        Some(Context::TicketDetail) => &[A::Back, A::TicketActs, A::CallerReveal, A::AppPalette, A::AppHelp],
        Some(Context::Tickets) if app.model.many.count() > 0 => &[A::TicketActs, A::TicketUrge, A::ListMark, A::Back, A::AppHelp],
        Some(Context::Tickets) if app.model.screen == ScreenName::Tickets => &[A::Open, A::ListFilter, A::SearchStart, A::TicketActs, A::AppHelp],
        Some(Context::Tickets) => &[A::Open, A::TicketUrge, A::TicketActs, A::FocusForm, A::AppHelp],
        Some(Context::Admin) if app.kind() == Some(Kind::Audit) => &[A::ListFilter, A::AuditVerify, A::Open, A::PaneNext, A::AppHelp],
        Some(Context::Admin) if app.kind() == Some(Kind::Users) => &[A::Open, A::AdminNew, A::AdminSwitch, A::AdminPassword, A::ListFilter],
        Some(Context::Admin) => &[A::Open, A::AdminNew, A::ListFilter, A::PaneNext, A::AppHelp],
        Some(Context::Input) => &[A::Submit, A::Cancel],
        Some(Context::Help) => &[A::Back],
        _ => &[A::CallTake, A::FocusForm, A::AppPalette, A::AppHelp],
    }
}

/// Draws it.
pub fn draw(app: &App, painter: &mut Painter<'_>) {
    let window = painter.window();
    let y = window.bottom() - 1;
    painter.fill(Rect::new(0, y, window.width, 1), Role::Raised);
    painter.ground = Some(Role::Raised);
    let model = &app.model;
    let wide = window.width >= WIDE;
    let seat = seat(app);
    let mut x = 1;
    if !seat.is_empty() {
        let text = format!(" {seat} ");
        let cells = painter.cells(&text);
        painter.fill(Rect::new(0, y, cells, 1), Role::Seat);
        let style = app.look.style(Role::Seat).patch(app.look.style(Role::Priority));
        painter.put_styled(0, y, cells, &text, style);
        x = cells + 1;
    }
    let after_seat = x;
    let (link, role) = match model.link.state {
        LinkState::Connecting => (words!("link-connecting"), Role::Muted),
        LinkState::Good => (words!("link-good"), Role::Muted),
        LinkState::CatchingUp => (words!("link-catching-up"), Role::Muted),
        LinkState::Lost(_) => (words!("link-lost"), Role::Red),
    };
    x += painter.put(x, y, 20, &link, role);
    // Only what is older than a healthy line makes it is counted, and moves.
    let age = match model.link.state {
        LinkState::Connecting => None,
        _ if app.at >= model.link.stale_at() => Some(words!("link-age", age = words!("seconds", count = model.link.age(app.at).as_secs()))),
        _ if !wide => None,
        LinkState::Lost(_) => None,
        _ => Some(words!("link-fresh", count = FRESH.as_secs())),
    };
    if let Some(age) = age {
        x = painter.row(x, y, window.width, &[(" · ", Role::Faint), (&age, Role::Muted)]);
    }
    if wide && model.link.position > 0 {
        let position = words!("link-position", position = times::thousands(model.link.position));
        x = painter.row(x, y, window.width, &[(" · ", Role::Faint), (&position, Role::Muted)]);
    }
    let unsent = model.unsure.len() + model.outbox.len() + usize::from(model.draft.key.is_some() && !model.draft.sending);
    if unsent > 0 {
        x = painter.row(x, y, window.width, &[("  ", Role::Muted), (&words!("link-unsent", count = unsent), Role::Warn)]);
    }
    if let Some(seconds) = app.undo_seconds() {
        let key = app.keymap.keys_of(&app.contexts(), Action::AppUndo).map(|row| row.keys()).unwrap_or_default();
        x = painter.row(x, y, window.width, &[("  ", Role::Muted), (&key, Role::Key), (" ", Role::Muted), (&words!("undo-within", seconds = seconds), Role::Strong)]);
    }
    if let Some(count) = app.count {
        x = painter.row(x, y, window.width, &[("  ", Role::Muted), (&words!("count-pending", count = count), Role::Key)]);
    }
    let clock = if app.no_clock { String::new() } else { times::clock(app.now(), wide) };
    let right = window.width.saturating_sub(1);
    let end = painter.put_right(right, y, &clock, Role::Text).saturating_sub(2);
    x += 3;
    if let Some(toast) = &model.toast {
        let cells = painter.cells(&toast.text);
        // Where room is short the last word takes the place of the hints, and of a link of which there is nothing to say.
        if x + cells > end && after_seat + cells <= end && model.link.state == LinkState::Good && unsent == 0 && app.undo_seconds().is_none() {
            painter.fill(Rect::new(after_seat, y, end - after_seat, 1), Role::Raised);
            x = after_seat;
        }
        let room = end.saturating_sub(x);
        if cells > room {
            // What one can do instead stands at its end: nothing of it is cut off.
            let lines = wrap(&toast.text, usize::from(window.width.saturating_sub(2)), painter.ambiguous());
            let count = u16::try_from(lines.len()).unwrap_or(1).min(y);
            for (line, y) in lines.iter().zip(y - count..y) {
                painter.fill(Rect::new(0, y, window.width, 1), Role::Raised);
                painter.ground = Some(Role::Raised);
                painter.put(1, y, window.width - 1, line, if toast.bad { Role::Warn } else { Role::Strong });
            }
            painter.ground = None;
            return;
        }
        x += painter.put(x, y, room, &toast.text, if toast.bad { Role::Warn } else { Role::Strong }) + 3;
        if cells >= room || !wide {
            painter.ground = None;
            return;
        }
    }
    draw_hints(app, painter, x, end, y);
    painter.ground = None;
}

fn draw_hints(app: &App, painter: &mut Painter<'_>, from: u16, end: u16, y: u16) {
    let contexts = app.contexts();
    let mut shown = Vec::new();
    let mut used = 0;
    for action in hints(app) {
        let Some(action) = (if *action == Action::AnswerPin1 { pin(app) } else { Some(*action) }) else { continue };
        let Some(row) = app.keymap.keys_of(&contexts, action) else { continue };
        let held = action == Action::CallHold && app.model.current_call().is_some_and(|call| call.state == CallState::Held);
        let (key, label) = (row.keys(), if held { words!("call-retrieve") } else { action.label() });
        let cells = painter.cells(&key) + painter.cells(&label) + 3;
        if from + used + cells > end || shown.len() == 5 {
            break;
        }
        used += cells;
        shown.push((key, label));
    }
    let mut x = end.saturating_sub(used);
    for (key, label) in shown {
        x = painter.hint(x, y, end + 2, &key, &label) + 2;
    }
}

/// The key that pins what one reads, or would open: not another hit than that.
fn pin(app: &App) -> Option<Action> {
    let knowledge = &app.model.knowledge;
    let at = match (&knowledge.article, app.model.focus()) {
        (Some(article), Pane::Article) => knowledge.hits.iter().position(|hit| hit.head.id == article.id)?,
        _ => knowledge.current().map(|_| knowledge.selected)?,
    };
    Action::from_name(&format!("answer.pin_{}", at.checked_sub(knowledge.top)? + 1))
}

fn seat(app: &App) -> String {
    let model = &app.model;
    if model.login.is_some() || !model.can(Capability::CallTake) {
        return String::new();
    }
    let now = app.now();
    match model.current_call() {
        Some(call) => {
            let (word, since) = match call.state {
                CallState::Held => (words!("seat-held"), call.taken_at),
                CallState::WrapUp => (words!("seat-wrapping-up"), call.ended_at),
                _ => (words!("seat-talking"), call.taken_at),
            };
            format!("{word} {}", times::timer((now - since.unwrap_or(now)).num_seconds()))
        }
        None => match model.seat {
            SeatView::Off => words!("seat-off"),
            SeatView::Ready => words!("seat-ready"),
            SeatView::Paused => words!("seat-paused"),
        },
    }
}
