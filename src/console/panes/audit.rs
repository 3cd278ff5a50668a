//! 审计 (audit): who did, viewed and revealed what, newest first; the head of the chain, and how far a walk along it has come.
//! Nobody's name or number stands here: logins, codes and digests only.
use super::terms;
use crate::api::audit::AuditRow;
use crate::console::app::App;
use crate::console::keymap::Action;
use crate::console::look::{Glyph, Role};
use crate::console::model::audit::Walk;
use crate::console::times;
use crate::console::widgets::Painter;
use crate::words;
use ratatui::layout::Rect;

/// The entries.
pub fn draw_entries(app: &App, painter: &mut Painter<'_>, area: Rect, here: bool) {
    let audit = &app.model.admin.audit;
    let more = if audit.next.is_some() { "+" } else { "" };
    let place = format!("{}/{}{more}", (audit.selected + 1).min(audit.rows.len()), times::thousands(i64::try_from(audit.rows.len()).unwrap_or(0)));
    let narrowed = narrowed(app);
    painter.heading(area, &words!("admin-audit"), here, "", &[(&narrowed, Role::Priority)], &[(&place, Role::Muted)]);
    let foot = area.bottom().saturating_sub(1);
    draw_chain(app, painter, area, foot);
    if audit.rows.is_empty() {
        let (text, role) = match &audit.fault {
            Some(fault) => (fault.clone(), Role::Error),
            None if audit.loading => (words!("loading"), Role::Muted),
            None => (words!("audit-none"), Role::Muted),
        };
        painter.put(area.x + 2, area.y + 1, area.width.saturating_sub(3), &text, role);
        return;
    }
    let height = usize::from(foot.saturating_sub(area.y + 1));
    let top = audit.top.min(audit.selected).max((audit.selected + 1).saturating_sub(height));
    let now = app.now();
    // As wide as what stands there, so that what it is about has the rest.
    let shown = || audit.rows.iter().skip(top).take(height);
    let widest = |cells: &dyn Fn(&AuditRow) -> u16, most: u16| shown().map(cells).max().unwrap_or(most).min(most);
    let when = widest(&|row| painter.cells(&times::brief(row.at, now)), 11);
    let who = widest(&|row| painter.cells(&row.by), if area.width < 70 { 12 } else { 22 });
    let what = widest(&|row| painter.cells(&terms::event(&row.kind)), if area.width < 70 { 16 } else { 24 });
    for ((at, row), y) in audit.rows.iter().enumerate().skip(top).take(height).zip(area.y + 1..foot) {
        if at == audit.selected {
            painter.select(Rect::new(area.x, y, area.width, 1), y, here);
        }
        let mut x = area.x + 2 + when;
        painter.put_right(x, y, &times::brief(row.at, now), Role::Muted);
        painter.put(x + 1, y, who, &row.by, Role::Text);
        x += who + 2;
        let looks = row.kind.starts_with("access.");
        painter.put(x, y, what, &terms::event(&row.kind), if looks { Role::Warn } else { Role::Text });
        x += what + 2;
        painter.put(x, y, area.right().saturating_sub(x + 1), &about(row, now), Role::Muted);
        painter.ground = None;
    }
}

/// What an entry is about: a ticket's number, a row's code, else the thing's identity.
fn about(row: &AuditRow, now: crate::domain::Timestamp) -> String {
    if let Some(number) = &row.number {
        return times::number(number, now).to_owned();
    }
    let named = ["code", "login", "year"].iter().find_map(|name| row.fields.get(*name)).filter(|value| !value.is_null());
    named.map_or_else(|| row.id.to_string(), |value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
}

/// What the entries are narrowed to.
fn narrowed(app: &App) -> String {
    let query = &app.model.admin.audit.query;
    let at = |at: crate::domain::Timestamp| times::brief(at, app.now());
    let from_to = match (query.from, query.to) {
        (None, None) => None,
        (from, to) => Some(format!("{}–{}", from.map(at).unwrap_or_default(), to.map(at).unwrap_or_default())),
    };
    let facts = [query.person.clone(), query.kind.clone(), query.ticket.clone(), from_to];
    facts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The last row: the head of the chain, or the walk along it.
fn draw_chain(app: &App, painter: &mut Painter<'_>, area: Rect, y: u16) {
    let audit = &app.model.admin.audit;
    let key = app.keymap.keys_of(&app.contexts(), Action::AuditVerify).map(|row| row.keys()).unwrap_or_default();
    let (text, role) = match (&audit.walk, &audit.head) {
        (Some(walk), _) => walked(app, walk, &key),
        (None, Some(head)) => {
            let hash: String = head.hash.chars().take(12).collect();
            (words!("audit-head", position = times::thousands(head.position), hash = hash, key = key), Role::Muted)
        }
        (None, None) => (String::new(), Role::Muted),
    };
    let mark = match audit.walk.as_ref().and_then(|walk| walk.broken_at) {
        Some(_) => painter.glyph(Glyph::Overdue).to_owned(),
        None => String::new(),
    };
    let at = area.x + 2 + painter.put(area.x + 2, y, 2, &mark, Role::Red);
    painter.put(at, y, area.right().saturating_sub(at + 1), &text, role);
}

fn walked(app: &App, walk: &Walk, key: &str) -> (String, Role) {
    let (at, last) = (times::thousands(walk.position), times::thousands(walk.last));
    if let Some(broken) = walk.broken_at {
        return (words!("audit-walk-broken", position = times::thousands(broken)), Role::Red);
    }
    if let Some(why) = &walk.stopped {
        return (words!("audit-walk-ended", position = at, last = last, why = why.as_str(), key = key), Role::Warn);
    }
    let (rate, left) = walk.pace(app.at).unwrap_or_default();
    match walk.ended {
        Some(_) => (words!("audit-walk-whole", position = at, rate = times::thousands(rate)), Role::Text),
        None => (words!("audit-walking", position = at, last = last, rate = times::thousands(rate), left = times::timer(left), key = key), Role::Accent),
    }
}

/// An entry whole: what the event says, no text and no person.
pub fn lines_of_entry(app: &App) -> Vec<(String, String, Role)> {
    let audit = &app.model.admin.audit;
    let Some(row) = audit.rows.get(audit.selected) else { return Vec::new() };
    let now = app.now();
    let mut lines = vec![
        (words!("audit-position"), times::thousands(row.position), Role::Text),
        (words!("audit-recorded"), times::full(row.at, now), Role::Text),
        (words!("audit-occurred"), times::full(row.occurred_at, now), Role::Text),
        (words!("audit-by"), row.by.clone(), Role::Strong),
        (words!("audit-kind"), format!("{} · {}", terms::event(&row.kind), row.kind), Role::Text),
        (words!("audit-about"), row.number.clone().unwrap_or_else(|| row.id.to_string()), Role::Text),
    ];
    if let Some(reason) = row.fields.get("reason").and_then(serde_json::Value::as_str) {
        let said = words::find(&format!("reveal-{}", reason.replace('_', "-"))).unwrap_or_else(|| reason.to_owned());
        lines.push((words!("field-reason"), said, Role::Text));
    }
    lines.push((String::new(), String::new(), Role::Text));
    for (name, value) in row.fields.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null()) {
        lines.push((name.clone(), super::admin::value(value), Role::Muted));
    }
    lines
}
