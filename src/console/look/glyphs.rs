//! THE table of glyphs with an ASCII column, for terminals that draw ambiguous characters two cells wide.
//! One switch takes the whole ASCII column, never glyph by glyph.

macro_rules! glyphs {
    ($($(#[$doc:meta])* $variant:ident $name:literal $drawn:literal $ascii:literal;)+) => {
        /// A mark of one cell (the ASCII arrow is two).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Glyph { $($(#[$doc])* $variant,)+ }

        impl Glyph {
            /// Every glyph.
            pub const ALL: &'static [Glyph] = &[$(Glyph::$variant,)+];

            /// Its name.
            pub const fn name(self) -> &'static str {
                match self { $(Glyph::$variant => $name,)+ }
            }

            /// As drawn where ambiguous characters take one cell.
            pub const fn drawn(self) -> &'static str {
                match self { $(Glyph::$variant => $drawn,)+ }
            }

            /// As drawn where they take two.
            pub const fn ascii(self) -> &'static str {
                match self { $(Glyph::$variant => $ascii,)+ }
            }
        }
    };
}

glyphs! {
    /// 橙
    Orange "orange" "▲" "^";
    /// 红
    Red "red" "◆" "#";
    /// 超期
    Overdue "overdue" "✖" "X";
    /// 黄
    Yellow "yellow" "△" "!";
    /// 优先
    Priority "priority" "★" "*";
    /// Cut text.
    Cut "cut" "…" "~";
    /// The selected row.
    Cursor "cursor" "›" ">";
    /// Done.
    Done "done" "✓" "v";
    /// A ringing call.
    Ring "ring" "◉" "@";
    /// The focused pane.
    Focus "focus" "▌" "|";
    /// A marked row.
    Mark "mark" "+" "+";
    /// The rule of a heading.
    Horizontal "horizontal" "─" "-";
    /// The rule of the focused heading.
    HorizontalFocused "horizontal-focused" "━" "=";
    /// The rule between panes.
    Vertical "vertical" "│" "|";
    /// A junction from below.
    JunctionDown "junction-down" "┬" "+";
    /// A junction from the left.
    JunctionLeft "junction-left" "┤" "+";
    /// A junction from the right.
    JunctionRight "junction-right" "├" "+";
    /// A junction from above.
    JunctionUp "junction-up" "┴" "+";
    /// Overlay corner.
    CornerTopLeft "corner-top-left" "┌" "+";
    /// Overlay corner.
    CornerTopRight "corner-top-right" "┐" "+";
    /// Overlay corner.
    CornerBottomLeft "corner-bottom-left" "└" "+";
    /// Overlay corner.
    CornerBottomRight "corner-bottom-right" "┘" "+";
    /// From one to another.
    Arrow "arrow" "→" "->";
    /// Between facts of one line.
    Dot "dot" "·" ".";
    /// No value.
    None "none" "—" "-";
    /// Before a quotation.
    QuoteOpen "quote-open" "“" "\"";
    /// After a quotation.
    QuoteClose "quote-close" "”" "\"";
}
