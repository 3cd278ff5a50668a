//! The painter: puts text by cells, cuts it visibly, never halves a wide character, never leaves the window.
use crate::console::look::{Glyph, Look, Role};
use crate::text::width::{Ambiguous, cluster_width, truncate, width};
use ratatui::buffer::{Buffer, CellDiffOption};
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use std::num::NonZeroU16;
use unicode_segmentation::UnicodeSegmentation;

/// A painter on one frame.
pub struct Painter<'a> {
    buffer: &'a mut Buffer,
    /// Styles and glyphs.
    pub look: &'a Look,
    /// What the text stands on, where that is not the page.
    pub ground: Option<Role>,
    /// What stands here came before the link was lost: faint, flags keep their hue.
    pub stale: bool,
    /// Where the caret stands.
    pub caret: Option<(u16, u16)>,
    ambiguous: Ambiguous,
}

impl<'a> Painter<'a> {
    /// On this frame.
    pub fn new(buffer: &'a mut Buffer, look: &'a Look) -> Painter<'a> {
        Painter { buffer, ambiguous: look.ambiguous(), look, ground: None, stale: false, caret: None }
    }

    /// The whole window.
    pub fn window(&self) -> Rect {
        self.buffer.area
    }

    /// How ambiguous characters are counted.
    pub fn ambiguous(&self) -> Ambiguous {
        self.ambiguous
    }

    /// Cells of a text.
    pub fn cells(&self, text: &str) -> u16 {
        u16::try_from(width(text, self.ambiguous)).unwrap_or(u16::MAX)
    }

    /// The style of a role here.
    pub fn style(&self, role: Role) -> Style {
        let flag = matches!(role, Role::Orange | Role::Red | Role::OverdueBlock | Role::Warn | Role::Green);
        if self.stale && flag {
            let hue = if role == Role::OverdueBlock { Role::Red } else { role };
            return self.look.style(hue).remove_modifier(Modifier::BOLD);
        }
        let role = match role {
            Role::Text | Role::Strong | Role::Muted | Role::Priority | Role::Accent | Role::Section if self.stale => Role::Stale,
            role => role,
        };
        match self.ground {
            Some(ground) => self.look.style_on(role, ground),
            None => self.look.style(role),
        }
    }

    /// A glyph.
    pub fn glyph(&self, glyph: Glyph) -> &'static str {
        self.look.glyph(glyph)
    }

    /// Fills an area.
    pub fn fill(&mut self, area: Rect, role: Role) {
        let area = area.intersection(self.buffer.area);
        let style = self.look.style(role);
        for y in area.top()..area.bottom() {
            for x in area.left()..area.right() {
                self.buffer[(x, y)].reset();
                self.buffer[(x, y)].set_style(style);
            }
        }
    }

    /// Puts text in at most `room` cells, cut with a mark; gives the cells it took.
    pub fn put(&mut self, x: u16, y: u16, room: u16, text: &str, role: Role) -> u16 {
        let style = self.style(role);
        self.put_styled(x, y, room, text, style)
    }

    /// The same with a style of one's own.
    pub fn put_styled(&mut self, x: u16, y: u16, room: u16, text: &str, style: Style) -> u16 {
        let area = self.buffer.area;
        if y < area.top() || y >= area.bottom() || x >= area.right() {
            return 0;
        }
        let room = room.min(area.right() - x);
        let text = truncate(text, usize::from(room), self.ambiguous);
        let mut at = x;
        for cluster in text.graphemes(true) {
            let wide = u16::try_from(cluster_width(cluster, self.ambiguous)).unwrap_or(1);
            if wide == 0 || at + wide > x + room {
                continue;
            }
            let drawn = cluster_width(cluster, Ambiguous::One);
            let cell = &mut self.buffer[(at, y)];
            cell.set_symbol(cluster).set_style(style);
            // The terminal draws it wider than ratatui believes: say so, so that nothing after it slips.
            cell.set_diff_option(match NonZeroU16::new(wide) {
                Some(forced) if usize::from(wide) != drawn => CellDiffOption::ForcedWidth(forced),
                _ => CellDiffOption::None,
            });
            for behind in 1..wide {
                let cell = &mut self.buffer[(at + behind, y)];
                cell.reset();
                cell.set_style(style);
            }
            at += wide;
        }
        at - x
    }

    /// Puts text so that it ends before `right`; gives where it begins.
    pub fn put_right(&mut self, right: u16, y: u16, text: &str, role: Role) -> u16 {
        let wide = self.cells(text).min(right);
        let x = right - wide;
        self.put(x, y, wide, text, role);
        x
    }

    /// The same with text of any length, which keeps to the right half of what begins at `left`.
    pub fn put_right_half(&mut self, left: u16, right: u16, y: u16, text: &str, role: Role) -> u16 {
        let wide = self.cells(text).min(right.saturating_sub(left) / 2);
        let x = right.saturating_sub(wide);
        self.put(x, y, wide, text, role);
        x
    }

    /// Puts several stretches one after another; gives where they end.
    pub fn row(&mut self, x: u16, y: u16, right: u16, stretches: &[(&str, Role)]) -> u16 {
        let mut at = x;
        for (text, role) in stretches {
            at += self.put(at, y, right.saturating_sub(at), text, *role);
        }
        at
    }

    /// A key and what it does, `alt-d 派单`, gives where it ends.
    pub fn hint(&mut self, x: u16, y: u16, right: u16, key: &str, label: &str) -> u16 {
        if key.is_empty() || x + self.cells(key) + 1 + self.cells(label) > right {
            return x;
        }
        self.row(x, y, right, &[(key, Role::Key), (" ", Role::Muted), (label, Role::Muted)])
    }

    /// A horizontal line.
    pub fn line(&mut self, x: u16, y: u16, right: u16, focused: bool) {
        let (glyph, role) = if focused { (Glyph::HorizontalFocused, Role::RuleFocused) } else { (Glyph::Horizontal, Role::Rule) };
        let (symbol, style) = (self.look.glyph(glyph), self.look.style(role));
        for at in x..right {
            self.put_styled(at, y, 1, symbol, style);
        }
    }

    /// The heading of a pane: name, chord, facts, a rule, a figure at the right.
    pub fn heading(&mut self, area: Rect, name: &str, focused: bool, chord: &str, facts: &[(&str, Role)], figures: &[(&str, Role)]) {
        let (y, right) = (area.y, area.right());
        let stale = std::mem::take(&mut self.stale);
        if focused {
            self.put(area.x, y, 1, self.glyph(Glyph::Focus), Role::Accent);
        }
        let mut at = area.x + 2;
        at += self.put(at, y, right.saturating_sub(at), name, if focused { Role::HeadingFocused } else { Role::Heading });
        if !focused && !chord.is_empty() {
            at = self.row(at + 1, y, right, &[(chord, Role::Faint)]);
        }
        if !facts.is_empty() {
            at = self.row(at + 2, y, right, facts);
        }
        let figure_cells: u16 = figures.iter().map(|(text, _)| self.cells(text)).sum();
        let figure_at = right.saturating_sub(figure_cells + 1);
        if figures.is_empty() || figure_at <= at + 2 {
            self.line(at + 1, y, right, focused);
        } else {
            self.line(at + 1, y, figure_at - 1, focused);
            self.row(figure_at, y, right, figures);
        }
        self.stale = stale;
    }

    /// Selects a row: its ground, and the mark before it.
    pub fn select(&mut self, area: Rect, y: u16, focused: bool) {
        let role = if focused { Role::Selected } else { Role::SelectedUnfocused };
        self.fill(Rect::new(area.x, y, area.width, 1), role);
        self.ground = Some(role);
        self.put(area.x, y, 1, self.glyph(Glyph::Cursor), if focused { Role::Cursor } else { Role::CursorUnfocused });
    }
}
