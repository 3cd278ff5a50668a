//! The mouse: a press focuses a pane and selects its row, or goes to a screen; the wheel scrolls what is under it. It never
//! types, never opens, never confirms: whatever it hits by mistake, nothing has been done.
use super::app::App;
use super::layout::{self, Shape};
use super::model::{Pane, ScreenName};
use super::panes::top;
use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::{Position, Rect};

/// Rows a turn of the wheel moves.
const TURN: isize = 3;

/// What was done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The left button went down.
    Press,
    /// The wheel was turned: rows down.
    Wheel(isize),
}

/// A press or a turn, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Press {
    /// What.
    pub kind: Kind,
    /// The cell.
    pub at: (u16, u16),
}

impl Press {
    /// Of an event of the terminal; none for all that means nothing here.
    pub fn of(event: MouseEvent) -> Option<Press> {
        let kind = match event.kind {
            MouseEventKind::Down(MouseButton::Left) => Kind::Press,
            MouseEventKind::ScrollDown => Kind::Wheel(TURN),
            MouseEventKind::ScrollUp => Kind::Wheel(-TURN),
            _ => return None,
        };
        Some(Press { kind, at: (event.column, event.row) })
    }
}

impl App {
    pub(super) fn mouse(&mut self, press: Press) {
        self.dirty = true;
        let model = &self.model;
        if layout::shape(self.size) == Shape::TooSmall || model.login.is_some() {
            return;
        }
        // A press is no part of a sequence of keys.
        let over = model.help.is_some() || model.own.shown.is_some() || model.looks.is_some() || model.faults.is_some();
        self.chords.clear();
        self.follow.clear();
        self.count = None;
        let model = &self.model;
        match press.kind {
            Kind::Wheel(by) if over => self.step(by),
            Kind::Wheel(by) if model.prompt.is_some() => {
                if let Some(prompt) = self.model.prompt.as_mut().filter(|prompt| prompt.purpose.is_choice()) {
                    prompt.step(by.signum());
                }
            }
            // What lies over the panes is answered by keys.
            _ if over || model.prompt.is_some() => {}
            Kind::Wheel(by) => {
                if let Some((pane, _)) = self.pane_at(press.at) {
                    self.step_in(pane, by);
                }
            }
            Kind::Press if press.at.1 == 0 => {
                if let Some(screen) = top::screen_at(self, press.at.0) {
                    self.screen(screen);
                }
            }
            Kind::Press => {
                if let Some((pane, area)) = self.pane_at(press.at) {
                    self.focus_on(pane);
                    self.select_at(pane, area, press.at.1);
                }
            }
        }
        self.settle_scroll();
    }

    /// The pane at a cell, and where it stands.
    fn pane_at(&self, (x, y): (u16, u16)) -> Option<(Pane, Rect)> {
        let areas = layout::of(self.size, self.model.screen, self.model.focus(), self.model.zoom);
        let (pane, area) = areas.at(Position { x, y })?;
        // The desk's search and its article share one place: the hits are the upper part.
        let shared = matches!(pane, Pane::Query | Pane::Article) && areas.of(Pane::Query) == areas.of(Pane::Article);
        let alone = self.model.zoom && self.model.focus() == Pane::Article;
        match pane {
            Pane::Query | Pane::Article if shared || (areas.of(Pane::Query).is_none() && !alone) => {
                let hits = self.hits_begin(area) + u16::try_from(layout::hits_shown(self.size)).unwrap_or(0);
                Some((if y < hits || self.model.knowledge.article.is_none() { Pane::Query } else { Pane::Article }, area))
            }
            _ => Some((pane, area)),
        }
    }

    /// The row of the first hit.
    fn hits_begin(&self, area: Rect) -> u16 {
        let tabs = layout::shape(self.size) == Shape::Tabs && self.model.screen == ScreenName::Desk && !self.model.zoom;
        let step = if area.height >= 25 { 2 } else { 1 };
        area.y + if tabs { step } else { 2 * step }
    }

    /// Selects the row of a pane that stands at this line of the screen, if one does.
    fn select_at(&mut self, pane: Pane, area: Rect, y: u16) {
        match pane {
            Pane::Board | Pane::List => {
                let window = if pane == Pane::Board { &mut self.model.board } else { &mut self.model.list };
                let Some(line) = y.checked_sub(area.y + 2) else { return };
                let at = window.top + usize::from(line);
                if at < window.rows.len() {
                    window.settle();
                    let by = isize::try_from(at).unwrap_or(0) - isize::try_from(window.selected).unwrap_or(0);
                    window.step(by);
                }
            }
            Pane::Queue => {
                let waiting = self.model.queue().count();
                let room = usize::from(area.height - 1 - if area.height >= 8 { 3 } else { 0 });
                let top = (self.model.call_selected + 1).saturating_sub(room);
                let Some(line) = y.checked_sub(area.y + 1).map(usize::from).filter(|line| *line < room) else { return };
                if top + line < waiting {
                    self.model.call_selected = top + line;
                }
            }
            Pane::Query => {
                let Some(line) = y.checked_sub(self.hits_begin(area)) else { return };
                let at = self.model.knowledge.top + usize::from(line);
                if at < self.model.knowledge.hits.len() {
                    self.model.knowledge.selected = at;
                }
            }
            _ => {}
        }
    }
}
