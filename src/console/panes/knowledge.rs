//! 知识库 (knowledge): the search box and its hits.
use super::{article, terms};
use crate::console::app::App;
use crate::console::keymap::Action;
use crate::console::layout;
use crate::console::look::{Glyph, Role};
use crate::console::model::knowledge::KnowledgeHit;
use crate::console::model::{Pane, ScreenName};
use crate::console::times;
use crate::console::widgets::{Painter, Well, draw_field};
use crate::words;
use ratatui::layout::Rect;

/// Draws search box, hits, and below them the article where both share the pane.
pub fn draw(app: &App, painter: &mut Painter<'_>, area: Rect) {
    let model = &app.model;
    let knowledge = &model.knowledge;
    let focused = model.focus() == Pane::Query && model.prompt.is_none();
    let alone = model.screen == ScreenName::Knowledge && app.size.0 >= layout::MIDDLE && !model.zoom;
    let tabs = layout::shape(app.size) == layout::Shape::Tabs && model.screen == ScreenName::Desk && !model.zoom;
    let mut y = area.y;
    if !tabs {
        let chord = app.keymap.keys_of(&app.contexts(), Action::FocusKnowledge).map(|row| row.keys()).unwrap_or_default();
        let figure = match (knowledge.indexed, knowledge.answered.is_empty()) {
            (None, _) => words!("loading"),
            (Some(count), true) => words!("pieces", count = times::thousands(i64::try_from(count).unwrap_or(0))),
            (Some(_), false) => {
                let milliseconds = if knowledge.micros < 1000 { "<1".to_owned() } else { (knowledge.micros / 1000).to_string() };
                words!("hits-found", count = times::thousands(i64::try_from(knowledge.total).unwrap_or(0)), milliseconds = milliseconds)
            }
        };
        painter.heading(area, &words!("pane-knowledge"), focused, &chord, &[], &[(&figure, Role::Muted)]);
        y += if area.height >= 25 { 2 } else { 1 };
    }
    let well = Rect::new(area.x + 2, y, area.width - 3, 1);
    let modes = words!("article-search-modes");
    let modes_at = well.right().saturating_sub(painter.cells(&modes) + 1);
    let field = Rect::new(well.x + 2, y, well.width - 2, 1);
    draw_field(painter, &knowledge.query, Well { area: field, focused, placeholder: &words!("empty-query"), hidden: false });
    let ground = if focused { Role::Tint } else { Role::Well };
    painter.fill(Rect::new(well.x, y, 2, 1), ground);
    painter.ground = Some(ground);
    painter.put(well.x + 1, y, 1, "/", Role::Accent);
    if !knowledge.query.is_blank() && painter.cells(knowledge.query.text()) + well.x + 6 < modes_at {
        painter.put(modes_at, y, 30, &modes, Role::Faint);
    }
    painter.ground = None;
    y += if area.height >= 25 { 2 } else { 1 };
    let room = if alone { usize::from(area.bottom().saturating_sub(y)) } else { layout::hits_shown(app.size) };
    if knowledge.hits.is_empty() && !knowledge.answered.is_empty() {
        painter.put(area.x + 2, y, area.width - 3, &words!("empty-hits", query = knowledge.answered.as_str()), Role::Muted);
    }
    let now = app.now();
    for (at, hit) in knowledge.hits.iter().enumerate().skip(knowledge.top).take(room) {
        let row = Rect::new(area.x, y + u16::try_from(at - knowledge.top).unwrap_or(0), area.width, 1);
        if row.y >= area.bottom() {
            break;
        }
        if at == knowledge.selected {
            painter.select(row, row.y, focused);
        }
        draw_hit(painter, row, at - knowledge.top, hit, now);
        painter.ground = None;
    }
    if !alone {
        // With nothing found yet the room of the hits is not kept free.
        let room = if knowledge.answered.is_empty() && knowledge.article.is_none() { 0 } else { room };
        let y = y + u16::try_from(room).unwrap_or(0) + u16::from(area.height >= 25 && room > 0);
        if y + 3 < area.bottom() {
            article::draw(app, painter, Rect::new(area.x, y, area.width, area.bottom() - y), false);
        }
    }
}

fn draw_hit(painter: &mut Painter<'_>, row: Rect, place: usize, hit: &KnowledgeHit, now: crate::domain::Timestamp) {
    let right = row.right() - 1;
    let expired = hit.head.expiry.is_some_and(|expiry| expiry < times::city(now).date_naive());
    let (date, role) = if expired {
        (words!("article-expired"), Role::Warn)
    } else {
        (times::day(times::city(hit.head.published_at).date_naive(), now), Role::Muted)
    };
    // One column for dates and the word that stands in their place.
    let widest = painter.cells(&words!("article-expired")).max(6);
    let mut end = painter.put_right(right, row.y, &date, role).min(right.saturating_sub(widest)) - 1;
    let level = terms::level(hit.head.level);
    // One column for all levels, however long their words.
    end = end.saturating_sub(1 + if crate::words::current() == crate::words::Language::English { 5 } else { 4 });
    painter.put(end, row.y, 5, &level, Role::Muted);
    end = end.saturating_sub(2 + painter.cells(&hit.head.code).clamp(5, 8));
    painter.put(end, row.y, 8, &hit.head.code, Role::Muted);
    if place < 9 {
        painter.put(row.x + 2, row.y, 1, &(place + 1).to_string(), Role::Faint);
    }
    let text = if expired { Role::Muted } else { Role::Text };
    title(painter, row.x + 4, row.y, end.saturating_sub(row.x + 5), &hit.head.title, &hit.matched, text);
}

/// A title with its matched characters in the match style.
pub fn title(painter: &mut Painter<'_>, x: u16, y: u16, room: u16, title: &str, matched: &[usize], role: Role) {
    let shown = crate::text::width::truncate(title, usize::from(room), painter.ambiguous()).into_owned();
    let mut at = x;
    let mut run = String::new();
    let mut lit = false;
    let mut marks = matched.iter().peekable();
    // Stretches, not characters: marks that join their base stay with it.
    for (index, character) in shown.chars().enumerate() {
        while marks.next_if(|mark| **mark < index).is_some() {}
        let now = marks.peek().is_some_and(|mark| **mark == index);
        if now != lit && !run.is_empty() {
            at += painter.put(at, y, (x + room).saturating_sub(at), &run, if lit { Role::Match } else { role });
            run.clear();
        }
        lit = now;
        run.push(character);
    }
    let last = if lit { Role::Match } else { role };
    painter.put(at, y, (x + room).saturating_sub(at), &run, last);
}

/// The mark before a section.
pub fn section(painter: &mut Painter<'_>, area: Rect, y: u16, name: &str, key: &str, label: &str) {
    painter.put(area.x + 2, y, area.width - 4, name, Role::Section);
    if !key.is_empty() {
        painter.put_right(area.right() - 1, y, format!("{key} {label}").trim_end(), Role::Faint);
    }
}

/// The bullet of a list.
pub fn bullet(painter: &Painter<'_>) -> &'static str {
    painter.glyph(Glyph::Dot)
}
