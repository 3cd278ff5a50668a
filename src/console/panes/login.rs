//! The login screen. What was typed elsewhere waits behind it.
use crate::console::app::App;
use crate::console::look::Role;
use crate::console::model::LoginForm;
use crate::console::widgets::{Painter, Well, draw_field};
use crate::words;
use ratatui::layout::Rect;

/// Draws it.
pub fn draw(app: &App, painter: &mut Painter<'_>, login: &LoginForm) {
    let window = painter.window();
    let x = window.width.saturating_sub(48) / 2;
    let y = (window.height / 3).max(3);
    let title = app.model.title.clone().unwrap_or_else(|| words!("product-name"));
    painter.heading(Rect::new(x, y, 48, 1), &title, true, "", &[], &[(&if login.locked { words!("pane-locked") } else { words!("pane-login") }, Role::Muted)]);
    if app.unlocks_by_key() {
        painter.row(x + 2, y + 2, window.width, &[("enter", Role::Key), (" ", Role::Muted), (&words!("lock-unlock"), Role::Muted)]);
        return;
    }
    let rows = [(words!("field-user"), &login.login, false), (words!("field-password"), &login.password, true)];
    for (row, (label, field, hidden)) in rows.iter().enumerate() {
        let y = y + 2 + u16::try_from(row).unwrap_or(0) * 2;
        painter.put(x + 2, y, 10, label, Role::Muted);
        let focused = login.in_password == *hidden && !login.sending;
        draw_field(painter, field, Well { area: Rect::new(x + 13, y, 34, 1), focused, placeholder: "", hidden: *hidden });
    }
    let below = y + 6;
    match (&login.fault, login.sending) {
        (_, true) => painter.put(x + 2, below, 44, &words!("login-sending"), Role::Muted),
        (Some(fault), _) => painter.put(x + 2, below, 60, fault, Role::Error),
        (None, _) if login.locked => painter.row(x + 2, below, window.width, &[("enter", Role::Key), (" ", Role::Muted), (&words!("lock-unlock"), Role::Muted)]),
        (None, _) => painter.row(x + 2, below, window.width, &[("enter", Role::Key), (" ", Role::Muted), (&words!("pane-login"), Role::Muted), ("  tab", Role::Key), (" ", Role::Muted), (&words!("login-next"), Role::Muted)]),
    };
}
