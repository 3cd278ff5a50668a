//! 工单详情 (ticket detail): its clocks, its parties, what may be done now, what has happened.
use super::{terms, tickets};
use crate::api::tickets::{TicketDetail, TimelineEntry};
use crate::console::app::App;
use crate::console::look::{Glyph, Role};
use crate::console::model::Pane;
use crate::console::times;
use crate::console::widgets::Painter;
use crate::domain::Timestamp;
use crate::domain::clocks::DayEffect;
use crate::domain::ticket::Act;
use crate::text::width::wrap;
use crate::words;
use ratatui::layout::Rect;

enum Line {
    Blank,
    Section(String),
    Text(String, Role),
    Clock { name: String, from: String, from_cells: u16, to: String, flag: (Glyph, String), left: String, role: Role },
    Entry { when: String, act: String, actor: String, note: String, pending: bool },
}

/// Draws the open ticket.
pub fn draw(app: &App, painter: &mut Painter<'_>, area: Rect) {
    let model = &app.model;
    let focused = model.focus() == Pane::Detail && model.prompt.is_none();
    let Some(detail) = &model.detail else {
        painter.heading(area, &words!("pane-ticket-detail"), focused, "", &[], &[]);
        painter.put(area.x + 2, area.y + 2, area.width.saturating_sub(3), &words!("empty-detail"), Role::Muted);
        return;
    };
    let Some(data) = &detail.data else {
        painter.heading(area, &words!("pane-ticket-detail"), focused, "", &[], &[]);
        match &detail.fault {
            Some(fault) => painter.put(area.x + 2, area.y + 2, area.width - 3, fault, Role::Error),
            None => painter.put(area.x + 2, area.y + 2, area.width - 3, &words!("loading"), Role::Muted),
        };
        return;
    };
    let now = app.now();
    let row = &data.row;
    let round = words!("ticket-round", round = row.round);
    painter.heading(area, times::number(&row.number, now), focused, "", &[(&round, Role::Muted)], &[]);
    let right = area.right() - 1;
    let turn = if app.is_english() { 17 } else { 13 };
    // A narrow heading keeps the number and the turn: the flag stands in the list beside it too.
    let figures = if area.width >= 48 { turn + 13 } else { turn };
    painter.fill(Rect::new(right - figures - 1, area.y, figures + 2, 1), Role::Page);
    tickets::draw_turn(painter, right - turn, area.y, turn, &row.clocks, now);
    if figures > turn {
        tickets::draw_flag(painter, right - figures, area.y, row, now);
    }
    let acts_rows = acts_rows(app, painter, area, data);
    let cells = usize::from(area.width.saturating_sub(4));
    let lines = lines(app, data, cells, painter, now);
    let room = usize::from(area.height.saturating_sub(2 + acts_rows));
    let top = detail.scroll.min(lines.len().saturating_sub(room));
    for (at, line) in lines.iter().skip(top).take(room).enumerate() {
        draw_line(painter, area, area.y + 1 + u16::try_from(at).unwrap_or(0), line);
    }
    if top + room < lines.len() {
        painter.put_right(right, area.bottom() - acts_rows - 1, painter.glyph(Glyph::Cut), Role::Accent);
    }
}

/// The acts that are legal now, each with its key, on the last rows; gives how many rows they take.
fn acts_rows(app: &App, painter: &mut Painter<'_>, area: Rect, data: &TicketDetail) -> u16 {
    let mut hints: Vec<(String, String)> = Vec::new();
    for act in data.acts.iter().filter(|act| !matches!(act, Act::Merge)) {
        if *act == Act::CallBack {
            use crate::console::keymap::{Action, Context};
            for action in [Action::TicketCallBackSolved, Action::TicketCallBackUnsolved] {
                let key = app.keymap.keys_of(&[Context::Global, Context::Tickets], action).map(|row| row.keys()).unwrap_or_default();
                hints.push((key, action.label()));
            }
            continue;
        }
        let key = app.key_of_act(*act);
        if !key.is_empty() {
            hints.push((key, terms::act(*act)));
        }
    }
    hints.push((".".into(), words!("all-acts")));
    let mut rows: Vec<Vec<(String, String)>> = vec![Vec::new()];
    let mut used = 0;
    for hint in hints {
        let cells = painter.cells(&hint.0) + painter.cells(&hint.1) + 3;
        if used + cells > area.width - 3 && used > 0 {
            rows.push(Vec::new());
            used = 0;
        }
        used += cells;
        if let Some(row) = rows.last_mut() {
            row.push(hint);
        }
    }
    let count = u16::try_from(rows.len()).unwrap_or(1).min(3);
    for (at, row) in rows.iter().take(usize::from(count)).enumerate() {
        let y = area.bottom() - count + u16::try_from(at).unwrap_or(0);
        let mut x = area.x + 2;
        for (key, label) in row {
            x = painter.hint(x, y, area.right(), key, label) + 2;
        }
    }
    count
}

fn lines(app: &App, data: &TicketDetail, cells: usize, painter: &Painter<'_>, now: Timestamp) -> Vec<Line> {
    let row = &data.row;
    let mut lines = vec![Line::Blank];
    let ambiguous = painter.ambiguous();
    let text = |lines: &mut Vec<Line>, words: &str, role: Role| {
        lines.extend(wrap(words, cells, ambiguous).into_iter().map(|line| Line::Text(line, role)));
    };
    text(&mut lines, &row.title, Role::Priority);
    let names = &app.model.names;
    let matter = row.class.as_ref().map(|code| names.matters.of(code).map_or(code.clone(), |item| item.label.clone()));
    let urgent = row.urgent_class.as_ref().map(|code| words!("detail-urgent", class = names.urgent(code).unwrap_or(code)));
    let facts = [Some(terms::kind(row.kind)), matter, urgent, row.tag.map(terms::tag), data.place.clone()];
    let facts: Vec<String> = facts.into_iter().flatten().filter(|fact| !fact.is_empty()).collect();
    text(&mut lines, &facts.join(" · "), Role::Muted);
    clocks(&mut lines, data, cells, app.is_english(), now);
    if app.model.detail.as_ref().is_some_and(|detail| detail.explained) {
        days(&mut lines, data, now);
    }
    lines.push(Line::Blank);
    lines.push(Line::Section(words!("detail-parties")));
    if let Some(caller) = &data.caller {
        lines.push(Line::Text(format!("{}  {caller}", words!("field-caller")), Role::Text));
    }
    if let Some(unit) = row.unit_name.as_ref().or(row.unit.as_ref()) {
        let duty = row.unit.as_ref().and_then(|code| names.view.units.iter().find(|one| &one.code == code)).and_then(|unit| unit.duty_phone.clone());
        let facts = [Some(unit.clone()), row.assignee.clone(), duty.map(|phone| words!("detail-duty", phone = phone))];
        let facts: Vec<String> = facts.into_iter().flatten().collect();
        lines.push(Line::Text(format!("{}  {}", words!("detail-handling"), facts.join(" · ")), Role::Text));
    }
    if let Some(profile) = &data.enterprise {
        let facts: Vec<&str> = [&profile.credit_code, &profile.industry, &profile.park].into_iter().flatten().map(String::as_str).collect();
        lines.push(Line::Text(format!("{}  {}", words!("detail-enterprise"), facts.join(" · ")), Role::Text));
    }
    for promise in &data.promises {
        let what = terms::promise(promise.kind, promise.due, now);
        let (state, role) = match promise.kept_at {
            Some(at) => (words!("promise-kept", at = times::brief(at, now)), Role::Muted),
            None if promise.due <= now => (format!("{}{}", painter.glyph(Glyph::Overdue), words!("flag-over-by", time = times::countdown(promise.due - now))), Role::Red),
            None => (format!("{}{}", painter.glyph(Glyph::Yellow), times::countdown(promise.due - now)), Role::Warn),
        };
        let facts = [Some(what), Some(state), promise.place.clone(), promise.visitor.clone(), promise.text.clone()];
        text(&mut lines, &format!("{} {}  {}", words!("field-promise"), promise.no, facts.into_iter().flatten().collect::<Vec<_>>().join(" · ")), role);
    }
    if !data.body.is_empty() {
        lines.push(Line::Blank);
        lines.push(Line::Section(words!("detail-body")));
        text(&mut lines, &data.body, Role::Text);
    }
    lines.push(Line::Blank);
    lines.push(Line::Section(words!("pane-timeline")));
    for pending in app.model.pending.iter().filter(|pending| pending.ticket == row.id) {
        lines.push(Line::Entry {
            when: times::brief(pending.at, now),
            act: words!("act-pending", act = terms::act(pending.act)),
            actor: String::new(),
            note: words!("act-waiting-for-server"),
            pending: true,
        });
    }
    if data.timeline.is_empty() {
        lines.push(Line::Text(words!("empty-timeline"), Role::Muted));
    }
    for entry in data.timeline.iter().rev() {
        timeline(app, &mut lines, entry, cells, painter, now);
    }
    lines
}

fn clocks(lines: &mut Vec<Line>, data: &TicketDetail, cells: usize, english: bool, now: Timestamp) {
    let clocks = &data.row.clocks;
    // With its weekday where there is room.
    let short = |at: Timestamp| match times::full(at, now).split(' ').collect::<Vec<_>>()[..] {
        [day, _, time] => format!("{day} {time}"),
        _ => times::full(at, now),
    };
    let moment = |at: Timestamp| if cells < 70 { short(at) } else { times::full(at, now) };
    // English words leave no room for the hour at which it began, and a narrow pane none for the beginning.
    let began = |at: Timestamp| if english && cells < 70 { times::day(times::city(at).date_naive(), now) } else { short(at) };
    let from_cells = match cells {
        ..54 => 0,
        _ if english && cells < 70 => 11,
        _ => 17,
    };
    let from = data.row.dispatched_at.map(|at| format!("{} {}", began(at), words!("act-dispatch"))).unwrap_or_default();
    let turns = [
        (words!("detail-clock-colour"), clocks.orange_at, (Glyph::Orange, words!("flag-orange")), Role::Orange),
        (words!("detail-clock-colour"), clocks.red_at, (Glyph::Red, words!("flag-red")), Role::Red),
        (words!("detail-clock-legal"), clocks.warn_at, (Glyph::Yellow, words!("flag-yellow")), Role::Warn),
        (words!("detail-clock-legal"), clocks.due, (Glyph::Overdue, words!("flag-due")), Role::Red),
    ];
    let known = turns.iter().any(|(_, at, _, _)| at.is_some());
    if !known {
        return;
    }
    lines.push(Line::Blank);
    lines.push(Line::Section(words!("detail-clocks")));
    let mut last = String::new();
    for (name, at, flag, role) in turns {
        let Some(at) = at else { continue };
        let left = at - now;
        let closed = clocks.closed_at.is_some();
        let (text, role) = if closed {
            (String::new(), Role::Muted)
        } else if left.num_seconds() <= 0 {
            (words!("flag-over-by", time = times::countdown(left)), role)
        } else if left.num_seconds() < 3600 {
            (times::countdown(left), role)
        } else {
            (times::countdown(left), Role::Muted)
        };
        let shown = if name == last { String::new() } else { name.clone() };
        let first = if name == last { String::new() } else { from.clone() };
        last = name;
        lines.push(Line::Clock { name: shown, from: first, from_cells, to: moment(at), flag, left: text, role });
    }
    let mut notes = Vec::new();
    if clocks.paused {
        notes.push(words!("detail-paused"));
    }
    if clocks.extended {
        notes.push(words!("detail-extended"));
    }
    if clocks.provisional {
        notes.push(words!("detail-provisional"));
    }
    if let Some(limit) = &data.limit {
        // A rule's code and revision: `complaint/1`.
        let (code, revision) = limit.split_once('/').unwrap_or((limit, ""));
        let name = words::find(&format!("limit-{}", code.replace('_', "-"))).unwrap_or_else(|| code.to_owned());
        notes.push(words!("detail-limit", limit = name, revision = revision));
    }
    if !notes.is_empty() {
        lines.push(Line::Text(notes.join(" · "), Role::Faint));
    }
}

/// How the legal limit came about: every day it counted or passed over, and why.
fn days(lines: &mut Vec<Line>, data: &TicketDetail, now: Timestamp) {
    lines.push(Line::Blank);
    lines.push(Line::Section(words!("detail-days")));
    if data.days.is_empty() {
        lines.push(Line::Text(words!("detail-no-days"), Role::Muted));
    }
    for day in &data.days {
        let why = terms::calendar_reason(day.reason);
        let (effect, role) = match day.effect {
            DayEffect::Counted(number) => (words!("day-counted", number = number), Role::Text),
            DayEffect::Skipped => (words!("day-skipped"), Role::Muted),
            DayEffect::Paused => (words!("day-paused"), Role::Muted),
        };
        let provisional = if day.settled { String::new() } else { format!(" · {}", words!("flag-provisional")) };
        lines.push(Line::Text(format!("{} {}  {why} · {effect}{provisional}", times::day(day.date, now), times::weekday(day.date)), role));
    }
}

fn timeline(app: &App, lines: &mut Vec<Line>, entry: &TimelineEntry, cells: usize, painter: &Painter<'_>, now: Timestamp) {
    let kind = entry.kind.split_once('.').map_or(entry.kind.as_str(), |(_, kind)| kind);
    let act = words::find(&format!("event-{}", kind.replace('_', "-"))).unwrap_or_else(|| kind.to_owned());
    // What was chosen, then what was written.
    let said = [facts(app, entry), entry.note.clone().unwrap_or_default()];
    let note = said.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · ");
    let room = cells.saturating_sub(28).max(10);
    let mut wrapped = wrap(&note, room, painter.ambiguous()).into_iter();
    lines.push(Line::Entry {
        when: times::brief(entry.at, now),
        act,
        // Nobody's name: it turned by itself.
        actor: if entry.actor.is_empty() || entry.actor == "—" { words!("actor-system") } else { entry.actor.clone() },
        note: wrapped.next().unwrap_or_default(),
        pending: false,
    });
    for more in wrapped {
        lines.push(Line::Entry { when: String::new(), act: String::new(), actor: String::new(), note: more, pending: false });
    }
}

/// What an event's own fields say, in words: the unit, the reason, whether it was solved.
fn facts(app: &App, entry: &TimelineEntry) -> String {
    let names = &app.model.names;
    let field = |name: &str| entry.fields.get(name).and_then(|value| value.as_str());
    let mut facts = Vec::new();
    if let Some(unit) = field("unit") {
        facts.push(names.units.of(unit).map_or(unit.to_owned(), |item| item.label.clone()));
    }
    if let Some(reason) = field("reason") {
        // One code may stand in several tables.
        let table = match entry.kind.as_str() {
            "ticket.return_requested" => "return",
            "ticket.extension_requested" => "extension",
            "ticket.suspended" => "suspend",
            "ticket.cancelled" => "cancel",
            "ticket.not_accepted" => "not_accepted",
            _ => "",
        };
        let row = names.view.reasons.iter().find(|row| row.code == reason && (table.is_empty() || row.table == table));
        facts.push(row.map_or(reason, |row| crate::console::model::choices::named(&row.name, &row.name_en)).to_owned());
    }
    if let Some(solved) = entry.fields.get("solved").and_then(serde_json::Value::as_bool) {
        facts.push(if solved { words!("solved") } else { words!("unsolved") });
    }
    let number = |name: &str| entry.fields.get(name).and_then(serde_json::Value::as_i64);
    if let Some(rating) = number("rating") {
        facts.extend(words::find(&format!("rating-{rating}")));
    }
    if let Some(days) = number("days") {
        facts.push(words!("timeline-days", days = days));
    }
    if entry.fields.get("reached").and_then(serde_json::Value::as_bool) == Some(false) {
        facts.push(words!("timeline-not-reached"));
    }
    if entry.fields.get("deadline").and_then(|deadline| deadline.get(1)?.as_str()) == Some("promise") {
        facts.push(words!("promise-late"));
    } else if let Some(level) = field("level") {
        facts.extend(words::find(&format!("flag-{level}")));
    }
    if let Some(class) = field("urgent_class") {
        facts.push(names.urgent(class).unwrap_or(class).to_owned());
    }
    facts.join(" · ")
}

fn draw_line(painter: &mut Painter<'_>, area: Rect, y: u16, line: &Line) {
    let (x, right) = (area.x + 2, area.right() - 1);
    match line {
        Line::Blank => {}
        Line::Section(name) => drop(painter.put(x, y, area.width - 3, name, Role::Section)),
        Line::Text(text, role) => drop(painter.put(x, y, area.width - 3, text, *role)),
        Line::Clock { name, from, from_cells, to, flag, left, role } => {
            painter.put(x, y, 6, name, Role::Muted);
            let start = painter.put_right(right, y, left, *role);
            let mut at = x + 7;
            if *from_cells > 0 {
                if painter.put(at, y, from_cells - 1, from, Role::Muted) > 0 {
                    painter.put(at + from_cells, y, 1, painter.glyph(Glyph::Arrow), Role::Faint);
                }
                at += from_cells + 2;
            }
            at += painter.put(at, y, start.saturating_sub(at + 1), to, Role::Text) + 1;
            at += painter.put(at, y, 1, painter.glyph(flag.0), *role);
            painter.put(at, y, start.saturating_sub(at + 1), &flag.1, *role);
        }
        Line::Entry { when, act, actor, note, pending } => {
            let role = |role: Role| if *pending { Role::Pending } else { role };
            painter.put_right(x + 8, y, when, role(Role::Muted));
            painter.put(x + 10, y, 8, act, role(Role::Strong));
            painter.put(x + 19, y, 9, actor, role(Role::Muted));
            painter.put(x + 28, y, right.saturating_sub(x + 28), note, role(Role::Text));
        }
    }
}
