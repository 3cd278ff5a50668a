//! Where panes stand at each size. Nothing is drawn here, and nothing here depends on what the panes hold.
use super::model::{Pane, ScreenName};
use ratatui::layout::{Position, Rect};

/// Columns from which the desk shows its four areas at once, and the status line its seconds.
pub const WIDE: u16 = 140;
/// Columns from which two panes stand side by side.
pub const MIDDLE: u16 = 100;
/// The smallest window the console can be used in.
pub const SMALLEST: (u16, u16) = (76, 22);

/// How a size is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Too small for anything.
    TooSmall,
    /// One pane at a time, the others as tabs.
    Tabs,
    /// Two columns.
    Middle,
    /// Everything.
    Wide,
}

/// The shape a size gets.
pub fn shape((columns, rows): (u16, u16)) -> Shape {
    if columns < SMALLEST.0 || rows < SMALLEST.1 {
        Shape::TooSmall
    } else if columns >= WIDE && rows >= 34 {
        Shape::Wide
    } else if columns >= MIDDLE && rows >= 30 {
        Shape::Middle
    } else {
        Shape::Tabs
    }
}

/// Areas of one frame.
#[derive(Debug, Clone, Default)]
pub struct Areas {
    panes: Vec<(Pane, Rect)>,
    /// Vertical rules between panes: column, first row, one past the last.
    pub rules: Vec<(u16, u16, u16)>,
    /// The row of tabs.
    pub tabs: Option<u16>,
}

impl Areas {
    /// Where a pane stands, if it is shown.
    pub fn of(&self, pane: Pane) -> Option<Rect> {
        self.panes.iter().find(|(one, _)| *one == pane).map(|(_, area)| *area)
    }

    /// The pane at a cell, and where it stands.
    pub fn at(&self, cell: Position) -> Option<(Pane, Rect)> {
        self.panes.iter().find(|(_, area)| area.contains(cell)).copied()
    }

    fn put(&mut self, pane: Pane, x: u16, y: u16, width: u16, height: u16) {
        self.panes.push((pane, Rect::new(x, y, width, height)));
    }
}

/// The areas.
pub fn of(size: (u16, u16), screen: ScreenName, focus: Pane, zoom: bool) -> Areas {
    let (columns, rows) = size;
    let mut areas = Areas::default();
    let shape = shape(size);
    if shape == Shape::TooSmall {
        return areas;
    }
    let bottom = rows - 1;
    if zoom {
        areas.put(focus, 0, 2, columns, bottom - 2);
        return areas;
    }
    match (screen, shape) {
        (ScreenName::Desk, Shape::Wide) => {
            let left = columns * 43 / 160;
            let right = columns * 58 / 160;
            let middle = columns - left - right - 2;
            let board = rows / 3;
            let turn = bottom - board;
            areas.put(Pane::Queue, 0, 2, left, 9);
            areas.put(Pane::Caller, 0, 11, left, turn - 11);
            areas.put(Pane::Form, left + 1, 2, middle, turn - 2);
            areas.put(Pane::Board, 0, turn, left + 1 + middle, board);
            for pane in [Pane::Query, Pane::Article] {
                areas.put(pane, left + middle + 2, 2, right, bottom - 2);
            }
            areas.rules = vec![(left, 2, turn), (left + middle + 1, 2, bottom)];
        }
        (ScreenName::Desk, Shape::Middle) => {
            let left = columns / 2;
            let turn = bottom - 9;
            areas.put(Pane::Queue, 0, 2, left, 4);
            areas.put(Pane::Caller, left + 1, 2, columns - left - 1, 4);
            areas.put(Pane::Form, 0, 6, left, turn - 6);
            for pane in [Pane::Query, Pane::Article] {
                areas.put(pane, left + 1, 6, columns - left - 1, turn - 6);
            }
            areas.put(Pane::Board, 0, turn, columns, 9);
            areas.rules = vec![(left, 2, turn)];
        }
        (ScreenName::Desk, _) => {
            areas.tabs = Some(2);
            areas.put(focus, 0, 3, columns, bottom - 3);
        }
        (ScreenName::Tickets, _) if columns >= 120 => {
            let list = columns * 101 / 160;
            areas.put(Pane::List, 0, 2, list, bottom - 2);
            areas.put(Pane::Detail, list + 1, 2, columns - list - 1, bottom - 2);
            areas.rules = vec![(list, 2, bottom)];
        }
        (ScreenName::Knowledge, _) if columns >= MIDDLE => {
            let list = columns * 50 / 120;
            areas.put(Pane::Query, 0, 2, list, bottom - 2);
            areas.put(Pane::Article, list + 1, 2, columns - list - 1, bottom - 2);
            areas.rules = vec![(list, 2, bottom)];
        }
        (ScreenName::Admin, _) if columns >= MIDDLE => {
            let kinds = if columns >= WIDE { 20 } else { 16 };
            let rows = (columns - kinds) * 5 / 11;
            areas.put(Pane::Kinds, 0, 2, kinds, bottom - 2);
            areas.put(Pane::Rows, kinds + 1, 2, rows, bottom - 2);
            areas.put(Pane::Fields, kinds + rows + 2, 2, columns - kinds - rows - 2, bottom - 2);
            areas.rules = vec![(kinds, 2, bottom), (kinds + rows + 1, 2, bottom)];
        }
        (ScreenName::Admin, _) => {
            areas.tabs = Some(2);
            areas.put(focus, 0, 3, columns, bottom - 3);
        }
        _ => {
            areas.put(focus, 0, 2, columns, bottom - 2);
        }
    }
    areas
}

/// How many hits stand above the article where both share a pane.
pub fn hits_shown((_, rows): (u16, u16)) -> usize {
    match rows {
        40.. => 8,
        30.. => 5,
        _ => 5,
    }
}

/// Cells of a line in the small box at the bottom.
pub fn prompt_cells((columns, _): (u16, u16)) -> usize {
    usize::from(columns.saturating_sub(8))
}

/// Cells of a line of the form's fields.
pub fn form_cells(size: (u16, u16), zoom: bool) -> usize {
    let areas = of(size, ScreenName::Desk, Pane::Form, zoom);
    areas.of(Pane::Form).map_or(40, |area| usize::from(area.width.saturating_sub(15)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_desk_stands_as_it_is_drawn() {
        let areas = of((160, 45), ScreenName::Desk, Pane::Form, false);
        assert_eq!(areas.of(Pane::Queue), Some(Rect::new(0, 2, 43, 9)));
        assert_eq!(areas.of(Pane::Caller), Some(Rect::new(0, 11, 43, 18)));
        assert_eq!(areas.of(Pane::Form), Some(Rect::new(44, 2, 57, 27)));
        assert_eq!(areas.of(Pane::Board), Some(Rect::new(0, 29, 101, 15)));
        assert_eq!(areas.of(Pane::Query), Some(Rect::new(102, 2, 58, 42)));
        assert_eq!(of((80, 24), ScreenName::Desk, Pane::Board, false).of(Pane::Board), Some(Rect::new(0, 3, 80, 20)));
    }

    #[test]
    fn no_pane_leaves_the_window_at_any_size() {
        for columns in 0..220 {
            for rows in 0..70 {
                for screen in [ScreenName::Desk, ScreenName::Tickets, ScreenName::Knowledge, ScreenName::Admin] {
                    for zoom in [false, true] {
                        let areas = of((columns, rows), screen, Pane::Form, zoom);
                        for (_, area) in &areas.panes {
                            assert!(area.right() <= columns && area.bottom() < rows && area.height >= 3, "{columns}x{rows} {area:?}");
                        }
                    }
                }
            }
        }
    }
}
