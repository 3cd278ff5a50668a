//! 管理 (administration): the kinds of things, the rows of one, and at the right the row's fields with its history, or the
//! form an edit is typed into. Entries of the audit are drawn by `audit`.
use super::{audit, terms};
use crate::console::app::App;
use crate::console::keymap::Action;
use crate::console::look::Role;
use crate::console::model::Pane;
use crate::console::model::admin::Kind;
use crate::console::model::admin_form::{Form, Of, Shape, order, shown};
use crate::console::times;
use crate::console::widgets::{Painter, Well, draw_field};
use crate::text::width::wrap;
use crate::words;
use ratatui::layout::Rect;
use serde_json::Value;

/// Cells of the names of fields.
const LABEL: u16 = 12;

fn words_of(kind: Kind) -> String {
    words::find(&kind.words_id()).unwrap_or_default()
}

fn focused(app: &App, pane: Pane) -> bool {
    app.model.focus() == pane && app.model.prompt.is_none()
}

/// The panes of a small window as tabs.
pub fn draw_tabs(app: &App, painter: &mut Painter<'_>, y: u16) {
    let count = if app.kind() == Some(Kind::Audit) { app.model.admin.audit.rows.len() } else { app.model.admin.found.len() };
    let kind = app.kind().map(words_of).unwrap_or_default();
    let tabs = [(Pane::Kinds, words!("pane-kinds")), (Pane::Rows, format!("{kind} {count}")), (Pane::Fields, words!("pane-fields"))];
    let mut x = 2;
    for (pane, label) in tabs {
        let role = if app.model.focus() == pane { Role::HeadingFocused } else { Role::Muted };
        x += painter.put(x, y, 30, &label, role) + 4;
    }
    let key = app.keymap.keys_of(&app.contexts(), Action::PaneNext).map(|row| row.keys()).unwrap_or_default();
    painter.hint(x, y, painter.window().right(), &key, &Action::PaneNext.label());
}

/// The kinds.
pub fn draw_kinds(app: &App, painter: &mut Painter<'_>, area: Rect) {
    let here = focused(app, Pane::Kinds);
    painter.heading(area, &words!("screen-admin"), here, "", &[], &[]);
    for ((at, kind), y) in app.kinds().into_iter().enumerate().zip(area.y + 1..area.bottom()) {
        if at == app.model.admin.kind {
            painter.select(Rect::new(area.x, y, area.width, 1), y, here);
        }
        let role = if at == app.model.admin.kind { Role::Strong } else { Role::Text };
        painter.put(area.x + 2, y, area.width.saturating_sub(3), &words_of(kind), role);
        painter.ground = None;
    }
}

/// The rows.
pub fn draw_rows(app: &App, painter: &mut Painter<'_>, area: Rect) {
    let Some(kind) = app.kind() else { return };
    if kind == Kind::Audit {
        return audit::draw_entries(app, painter, area, focused(app, Pane::Rows));
    }
    let admin = &app.model.admin;
    let here = focused(app, Pane::Rows);
    let place = format!("{}/{}", (admin.selected + 1).min(admin.found.len()), admin.found.len());
    painter.heading(area, &words_of(kind), here, "", &[], &[(&place, Role::Muted)]);
    let mut top = area.y + 1;
    if admin.filtering || !admin.filter.is_blank() {
        let well = Rect::new(area.x + 1, top, area.width.saturating_sub(2), 1);
        draw_field(painter, &admin.filter, Well { area: well, focused: admin.filtering && here, placeholder: &words!("prompt-filter"), hidden: false });
        top += 1;
    }
    if admin.found.is_empty() {
        let (text, role) = match (&admin.fault, kind, &admin.users) {
            (Some(fault), Kind::Users, None) => (fault.clone(), Role::Error),
            (None, Kind::Users, None) => (words!("loading"), Role::Muted),
            _ if !admin.filter.is_blank() => (words!("empty-hits", query = admin.filter.text()), Role::Muted),
            _ => (words!("admin-none", key = key(app, Action::AdminNew)), Role::Muted),
        };
        painter.put(area.x + 2, top, area.width.saturating_sub(3), &text, role);
        return;
    }
    let height = usize::from(area.bottom().saturating_sub(top));
    let first = admin.top.min(admin.selected).max((admin.selected + 1).saturating_sub(height));
    let shown = || admin.found.iter().enumerate().skip(first).take(height);
    let code = shown().map(|(_, at)| painter.cells(&admin.rows.items[*at].code)).max().unwrap_or(8).min(area.width / 3);
    for ((at, found), y) in shown().zip(top..area.bottom()) {
        let item = &admin.rows.items[*found];
        let marked = at == admin.selected;
        if marked {
            painter.select(Rect::new(area.x, y, area.width, 1), y, here);
        }
        painter.put(area.x + 2, y, code, &item.code, Role::Muted);
        let x = area.x + code + 4;
        let end = painter.put_right_half(x, area.right().saturating_sub(1), y, &item.hint, Role::Muted);
        painter.put(x, y, end.saturating_sub(x + 1), &item.label, if marked { Role::Strong } else { Role::Text });
        painter.ground = None;
    }
}

fn key(app: &App, action: Action) -> String {
    app.keymap.keys_of(&app.contexts(), action).map(|row| row.keys()).unwrap_or_default()
}

/// The right pane: the form, an entry of the audit, or the row's fields and its history.
pub fn draw_fields(app: &App, painter: &mut Painter<'_>, area: Rect) {
    let here = focused(app, Pane::Fields);
    if let Some(form) = &app.model.admin.form {
        return draw_form(app, painter, area, form, here);
    }
    let name = app.model.admin.current().map(|item| item.code.clone()).unwrap_or_default();
    let lines = match app.kind() {
        Some(Kind::Audit) => audit::lines_of_entry(app),
        _ => lines_of_row(app),
    };
    let title = if app.kind() == Some(Kind::Audit) { words!("audit-entry") } else { words!("pane-fields") };
    painter.heading(area, &title, here, "", &[(&name, Role::Priority)], &[]);
    let room = usize::from(area.width.saturating_sub(LABEL + 5)).max(8);
    let mut drawn: Vec<(String, String, Role)> = Vec::new();
    for (label, text, role) in lines {
        // A heading has the whole line, a value is wrapped beside its name.
        let wide = if role == Role::Section { usize::from(area.width.saturating_sub(3)) } else { room };
        let mut wrapped = wrap(&text, wide.max(2), painter.ambiguous()).into_iter();
        drawn.push((label, wrapped.next().unwrap_or_default(), role));
        drawn.extend(wrapped.map(|more| (String::new(), more, role)));
    }
    let height = usize::from(area.height.saturating_sub(1));
    let first = app.model.admin.scroll.min(drawn.len().saturating_sub(height));
    for ((label, text, role), y) in drawn.iter().skip(first).zip(area.y + 1..area.bottom()) {
        if *role == Role::Section {
            painter.put(area.x + 2, y, area.width.saturating_sub(3), text, Role::Section);
            continue;
        }
        painter.put(area.x + 2, y, LABEL, label, Role::Muted);
        painter.put(area.x + LABEL + 4, y, area.width.saturating_sub(LABEL + 5), text, *role);
    }
}

/// A value as one reads it: several in a row, an inner row by its fields.
pub(super) fn value(value: &Value) -> String {
    match value {
        Value::Object(fields) if fields.len() > 4 || fields.len() == 1 => fields.iter().map(|(name, value)| format!("{name} {}", self::value(value))).collect::<Vec<_>>().join(" · "),
        Value::Object(fields) => fields.values().map(self::value).collect::<Vec<_>>().join(" "),
        other => shown(other, Shape::Text),
    }
}

type Lines = Vec<(String, String, Role)>;

fn lines_of_row(app: &App) -> Lines {
    let Some(row) = app.admin_row() else { return Vec::new() };
    let mut lines: Lines = Vec::new();
    let mut fields: Vec<(&String, &Value)> = row.as_object().into_iter().flatten().filter(|(_, one)| !one.is_null()).collect();
    let order = app.kind().map(order).unwrap_or_default();
    fields.sort_by_key(|(name, _)| order.iter().position(|one| one == name).unwrap_or(usize::MAX));
    for (name, one) in fields {
        match one {
            // The days of a calendar: one a line.
            Value::Object(days) if name == "days" => {
                lines.push((terms::row_field(name), days.len().to_string(), Role::Text));
                let day = |day: &Value| if day["off"] == true { words!("day-holiday") } else { words!("day-make-up") };
                lines.extend(days.iter().map(|(date, one)| (String::new(), format!("{date}  {} {}", day(one), one["name"].as_str().unwrap_or_default()), Role::Muted)));
            }
            other => lines.push((terms::row_field(name), value(other), Role::Text)),
        }
    }
    let admin = &app.model.admin;
    let of = |history: &&crate::console::model::admin::History| app.kind() == Some(history.of.0) && admin.current().is_some_and(|item| item.code == history.of.1);
    let history = admin.history.as_ref().filter(of);
    lines.push((String::new(), String::new(), Role::Text));
    lines.push((String::new(), words!("admin-history"), Role::Section));
    match history.map(|history| (&history.rows, &history.fault)) {
        Some((_, Some(fault))) => lines.push((String::new(), fault.clone(), Role::Error)),
        Some((Some(rows), None)) if rows.is_empty() => lines.push((String::new(), words!("admin-as-shipped"), Role::Muted)),
        Some((Some(rows), None)) => {
            for row in rows {
                let what = terms::event(&row.kind);
                let by = if row.by == "system" { words!("actor-system") } else { row.by.clone() };
                lines.push((times::brief(row.at, app.now()), format!("{by} {what}"), Role::Text));
                lines.extend(row.changes.iter().map(|change| (String::new(), terms::change(change), Role::Muted)));
            }
        }
        _ => lines.push((String::new(), words!("loading"), Role::Muted)),
    }
    lines
}

fn title(app: &App, form: &Form) -> String {
    match &form.of {
        Of::Row(_, Some(code)) => words!("admin-edit", what = code.as_str()),
        Of::Row(_, None) => words!("admin-new-row", kind = app.kind().map(words_of).unwrap_or_default()),
        Of::NewUser => words!("admin-new-row", kind = words!("admin-users")),
        Of::Role(login) => words!("admin-edit", what = login.as_str()),
        Of::Password(login) => words!("admin-password-of", user = login.as_str()),
        Of::Switch(login, true) => words!("admin-enable", user = login.as_str()),
        Of::Switch(login, false) => words!("admin-disable", user = login.as_str()),
        Of::Audit => words!("audit-narrow"),
    }
}

fn draw_form(app: &App, painter: &mut Painter<'_>, area: Rect, form: &Form, here: bool) {
    let state = if form.sending { words!("form-sending") } else { String::new() };
    painter.heading(area, &title(app, form), here, "", &[(&state, Role::Muted)], &[]);
    let (submit, cancel) = (key(app, Action::Submit), key(app, Action::Cancel));
    let foot = area.bottom().saturating_sub(1);
    if let Some(preview) = &form.preview {
        return draw_preview(painter, area, foot, preview, form.fault.as_ref().map(|(_, text)| text.as_str()), &words!("admin-put-keys", submit = submit, cancel = cancel));
    }
    let mut y = area.y + 1;
    let room = area.width.saturating_sub(LABEL + 4);
    // The one being typed into stays on the screen.
    let height = usize::from(foot.saturating_sub(area.y + 3));
    let first = (form.focus + 1).saturating_sub(height.max(1));
    for (at, line) in form.lines.iter().enumerate().skip(first) {
        if y >= foot {
            break;
        }
        let typed = here && at == form.focus;
        painter.put(area.x + 2, y, LABEL, &terms::row_field(line.name), if typed { Role::Strong } else { Role::Muted });
        if line.fixed {
            painter.put(area.x + LABEL + 4, y, room, line.text.text(), Role::Text);
        } else {
            let well = Rect::new(area.x + LABEL + 3, y, room, 1);
            let placeholder = words::find(&format!("row-hint-{}", line.name.replace('_', "-"))).unwrap_or_default();
            // What is not typed into shows its beginning.
            let mut text = line.text.clone();
            if !typed {
                text.to_start();
            }
            draw_field(painter, &text, Well { area: well, focused: typed, placeholder: &placeholder, hidden: line.shape == Shape::Hidden });
        }
        y += 1;
        if let Some((Some(wrong), text)) = &form.fault
            && *wrong == at
        {
            for more in wrap(text, usize::from(room).max(2), painter.ambiguous()) {
                if y < foot {
                    painter.put(area.x + LABEL + 4, y, room, &more, Role::Error);
                    y += 1;
                }
            }
        }
    }
    if let Some((None, text)) = &form.fault {
        for more in wrap(text, usize::from(area.width.saturating_sub(4)).max(2), painter.ambiguous()) {
            if y < foot {
                painter.put(area.x + 2, y, area.width.saturating_sub(3), &more, Role::Error);
                y += 1;
            }
        }
    }
    painter.put(area.x + 2, foot, area.width.saturating_sub(3), &words!("prompt-keys", submit = submit, cancel = cancel), Role::Muted);
}

fn draw_preview(painter: &mut Painter<'_>, area: Rect, foot: u16, preview: &[String], fault: Option<&str>, keys: &str) {
    painter.caret = None;
    painter.put(area.x + 2, area.y + 1, area.width.saturating_sub(3), &words!("admin-moves"), Role::Section);
    let wide = usize::from(area.width.saturating_sub(4)).max(2);
    let told = preview.iter().flat_map(|line| wrap(line, wide, painter.ambiguous())).map(|line| (line, Role::Text)).collect::<Vec<_>>();
    let wrong = fault.map(|fault| wrap(fault, wide, painter.ambiguous())).unwrap_or_default().into_iter().map(|line| (line, Role::Error));
    let lines: Vec<(String, Role)> = told.into_iter().chain(wrong).collect();
    for ((line, role), y) in lines.iter().zip(area.y + 2..foot) {
        painter.put(area.x + 2, y, area.width.saturating_sub(3), line, *role);
    }
    painter.put(area.x + 2, foot, area.width.saturating_sub(3), keys, Role::Key);
}
