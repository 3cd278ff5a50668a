//! The look: roles and glyphs with the theme that gives them colour and weight.
//!
//! Here: [`Look`], which the panes ask for a style or a glyph, never for a colour.
//! Not here: where things stand (layout, panes), and the widths of text (`text`).
//! Nothing is said by colour alone: with the `mono` theme every flag still has its glyph and word.

mod colour;
mod glyphs;
mod read;
mod roles;

use ratatui::style::Style;

pub use colour::{Depth, parse_colour};
pub use glyphs::Glyph;
pub use roles::Role;

use super::keymap::Fault;

/// The themes that come with the program; the first is the one used where none is named.
pub(crate) const SHIPPED: &[(&str, &str)] = &[
    ("dark", include_str!("../../../themes/dark.toml")),
    ("light", include_str!("../../../themes/light.toml")),
    ("high-contrast", include_str!("../../../themes/high-contrast.toml")),
    ("mono", include_str!("../../../themes/mono.toml")),
    ("sixteen", include_str!("../../../themes/sixteen.toml")),
];

/// How many cells the terminal gives to characters of ambiguous width (▲, ─, …): a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ambiguous {
    /// One cell: glyphs are drawn as designed.
    #[default]
    One,
    /// Two cells: the whole ASCII column is drawn instead.
    Two,
}

/// A loaded theme, made fit for this terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    styles: Vec<Style>,
    ambiguous: Ambiguous,
}

impl Look {
    /// The names of the shipped themes.
    pub fn theme_names() -> impl Iterator<Item = &'static str> {
        SHIPPED.iter().map(|(name, _)| *name)
    }

    /// A shipped theme by name, as this terminal can show it: without colours always `mono`, with
    /// sixteen always `sixteen`. `None` for a name that is not there.
    pub fn shipped(name: &str, depth: Depth, ambiguous: Ambiguous) -> Option<Look> {
        let fit = match depth {
            _ if !SHIPPED.iter().any(|(known, _)| *known == name) => return None,
            Depth::None => "mono",
            Depth::Sixteen if name != "mono" => "sixteen",
            _ => name,
        };
        let (_, text) = SHIPPED.iter().find(|(known, _)| *known == fit)?;
        Look::read(fit, text, depth, ambiguous).ok()
    }

    /// Reads a theme file; all its faults at once. The caller goes on with a shipped theme.
    pub fn read(
        file: &str,
        text: &str,
        depth: Depth,
        ambiguous: Ambiguous,
    ) -> Result<Look, Vec<Fault>> {
        let mut styles = read::read(file, text)?;
        for style in &mut styles {
            style.fg = style.fg.map(|colour| depth.reduce(colour));
            style.bg = style.bg.map(|colour| depth.reduce(colour));
        }
        Ok(Look { styles, ambiguous })
    }

    /// A person's own theme if it is good; else the named shipped one (or the first), and every
    /// fault of the file. Where the terminal shows too few colours, the fitting shipped theme.
    pub fn read_or_shipped(
        file: &str,
        text: &str,
        depth: Depth,
        ambiguous: Ambiguous,
    ) -> (Look, Vec<Fault>) {
        let shipped = || {
            // invariant: the first theme is embedded, and a test loads it at every depth.
            #[allow(clippy::expect_used)]
            Look::shipped(SHIPPED[0].0, depth, ambiguous).expect("the first theme")
        };
        match Look::read(file, text, depth, ambiguous) {
            Ok(_) if matches!(depth, Depth::None | Depth::Sixteen) => (shipped(), Vec::new()),
            Ok(look) => (look, Vec::new()),
            Err(faults) => (shipped(), faults),
        }
    }

    /// The style of a role.
    pub fn style(&self, role: Role) -> Style {
        self.styles[role as usize]
    }

    /// The style of a role where it stands on another ground, such as a flag in the selected row.
    /// Faint text on a selection is lifted to muted, else it could not be read.
    pub fn style_on(&self, role: Role, ground: Role) -> Style {
        let on_selection = matches!(ground, Role::Selected | Role::Seat);
        let role = match role {
            Role::Faint | Role::Stale if on_selection => Role::Muted,
            role => role,
        };
        self.style(ground).patch(self.style(role))
    }

    /// How wide characters of ambiguous width are drawn, as [`crate::text::width`] has it.
    pub fn ambiguous(&self) -> crate::text::width::Ambiguous {
        match self.ambiguous {
            Ambiguous::One => crate::text::width::Ambiguous::One,
            Ambiguous::Two => crate::text::width::Ambiguous::Two,
        }
    }

    /// A glyph, from the column that fits the terminal.
    pub fn glyph(&self, glyph: Glyph) -> &'static str {
        match self.ambiguous {
            Ambiguous::One => glyph.drawn(),
            Ambiguous::Two => glyph.ascii(),
        }
    }
}

#[cfg(test)]
mod tests;
