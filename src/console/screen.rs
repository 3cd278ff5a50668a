//! One frame: which panes are on the screen, and what comes over them. Draws from `&App`, changes nothing.
use super::app::App;
use super::layout::{self, SMALLEST, Shape};
use super::look::{Glyph, Role};
use super::model::{Pane, ScreenName};
use super::panes::{admin, article, caller, detail, faults, form, knowledge, login, overlay, own, queue, reveal, status, tickets, top};
use super::widgets::Painter;
use crate::words;
use ratatui::Frame;
use ratatui::layout::Rect;

/// Draws everything.
pub fn draw(app: &App, frame: &mut Frame<'_>) {
    let size = (frame.area().width, frame.area().height);
    let mut painter = Painter::new(frame.buffer_mut(), &app.look);
    let window = painter.window();
    painter.fill(window, Role::Page);
    if layout::shape(size) == Shape::TooSmall {
        too_small(&mut painter, size);
        return;
    }
    top::draw_screens(app, &mut painter);
    if let Some(form) = &app.model.login {
        login::draw(app, &mut painter, form);
        if form.locked && app.model.offered().is_some() {
            top::draw_strip(app, &mut painter);
        }
    } else {
        panes(app, &mut painter, size);
        top::draw_strip(app, &mut painter);
        if let Some(shown) = &app.model.reveal {
            reveal::draw(app, &mut painter, shown);
        }
        if let Some(looks) = &app.model.looks {
            reveal::draw_looks(app, &mut painter, looks);
        }
        match &app.model.prompt {
            Some(prompt) => overlay::draw_prompt(app, &mut painter, prompt),
            None => overlay::draw_which_key(app, &mut painter),
        }
    }
    status::draw(app, &mut painter);
    // Nothing lies over the login: what was on the screen is covered by it.
    if app.model.login.is_none() {
        if let Some(scroll) = app.model.help {
            overlay::draw_help(app, &mut painter, scroll);
        }
        if let Some(scroll) = app.model.own.shown {
            own::draw(app, &mut painter, scroll);
        }
        if let Some((found, scroll)) = &app.model.faults {
            faults::draw(&mut painter, found, *scroll);
        }
    }
    if let Some((x, y)) = painter.caret.filter(|(x, y)| *x < size.0 && *y < size.1) {
        frame.set_cursor_position((x, y));
    }
}

fn panes(app: &App, painter: &mut Painter<'_>, size: (u16, u16)) {
    let model = &app.model;
    let areas = layout::of(size, model.screen, model.focus(), model.zoom);
    for (x, from, to) in &areas.rules {
        for y in *from..*to {
            painter.put(*x, y, 1, painter.glyph(Glyph::Vertical), Role::Rule);
        }
    }
    if let Some(y) = areas.tabs {
        if model.screen == ScreenName::Admin { admin::draw_tabs(app, painter, y) } else { top::draw_tabs(app, painter, y) }
    }
    let lost = model.link.is_lost();
    let mut draw = |pane: Pane, local: bool, draw: &dyn Fn(&App, &mut Painter<'_>, Rect)| {
        if let Some(area) = areas.of(pane) {
            // One's own draft and the local index are as good as before.
            painter.stale = lost && !local;
            draw(app, painter, area);
            painter.stale = false;
            painter.ground = None;
        }
    };
    draw(Pane::Queue, false, &queue::draw);
    draw(Pane::Caller, false, &caller::draw);
    draw(Pane::Board, false, &|app, painter, area| tickets::draw(app, painter, area, Pane::Board));
    draw(Pane::List, false, &|app, painter, area| tickets::draw(app, painter, area, Pane::List));
    draw(Pane::Detail, false, &detail::draw);
    draw(Pane::Kinds, false, &admin::draw_kinds);
    draw(Pane::Rows, false, &admin::draw_rows);
    draw(Pane::Fields, app.model.admin.form.is_some(), &admin::draw_fields);
    let apart = model.screen == ScreenName::Knowledge && size.0 >= layout::MIDDLE && !model.zoom;
    if apart {
        draw(Pane::Query, true, &knowledge::draw);
        draw(Pane::Article, true, &|app, painter, area| article::draw(app, painter, area, true));
    } else if model.zoom && model.focus() == Pane::Article {
        draw(Pane::Article, true, &|app, painter, area| article::draw(app, painter, area, true));
    } else if areas.of(Pane::Query).is_some() {
        draw(Pane::Query, true, &knowledge::draw);
    } else {
        draw(Pane::Article, true, &knowledge::draw);
    }
    // Last: its proposals may lie over what is below it.
    draw(Pane::Form, true, &form::draw);
    junctions(painter, &areas.rules);
}

/// Where a vertical rule meets headings, the lines join.
fn junctions(painter: &mut Painter<'_>, rules: &[(u16, u16, u16)]) {
    for (x, from, to) in rules {
        painter.put(*x, *from, 1, painter.glyph(Glyph::JunctionDown), Role::Rule);
        if *to < painter.window().bottom() - 1 {
            painter.put(*x, *to, 1, painter.glyph(Glyph::JunctionUp), Role::Rule);
        }
    }
}

fn too_small(painter: &mut Painter<'_>, (columns, rows): (u16, u16)) {
    let text = words!("terminal-too-small", columns = columns, rows = rows, needed_columns = SMALLEST.0, needed_rows = SMALLEST.1);
    let lines = crate::text::width::wrap(&text, usize::from(columns.saturating_sub(2)).max(2), painter.ambiguous());
    for (y, line) in lines.iter().enumerate().take(usize::from(rows)) {
        painter.put(1, u16::try_from(y).unwrap_or(0), columns.saturating_sub(1), line, Role::Text);
    }
}
