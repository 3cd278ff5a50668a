//! THE ordered table of roles: what a piece of the screen is, never what colour it has.
//! To add one: a row here with its fallback; themes may then style it, and need not.

macro_rules! roles {
    ($($(#[$doc:meta])* $variant:ident $name:literal $fallback:expr;)+) => {
        /// What a piece of the screen is.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Role { $($(#[$doc])* $variant,)+ }

        impl Role {
            /// Every role.
            pub const ALL: &'static [Role] = &[$(Role::$variant,)+];

            /// The name used in theme files.
            pub const fn name(self) -> &'static str {
                match self { $(Role::$variant => $name,)+ }
            }

            /// The role whose look it takes where a theme does not style it; `None` only for the
            /// few that every theme must define.
            pub const fn fallback(self) -> Option<Role> {
                match self { $(Role::$variant => $fallback,)+ }
            }
        }
    };
}

roles! {
    /// The page: its ground and plain text.
    Page "page" None;
    /// Top and status rows, overlays.
    Raised "raised" Some(Role::Page);
    /// The selected row of the focused pane.
    Selected "selected" None;
    /// The selected row of a pane without focus.
    SelectedUnfocused "selected-unfocused" Some(Role::Page);
    /// The well of a form field.
    Well "well" Some(Role::Page);
    /// The field being typed, the current step, the strip.
    Tint "tint" Some(Role::Page);
    /// Text.
    Text "text" None;
    /// What is read aloud, typed text, rows that turn within the hour.
    Strong "strong" Some(Role::Text);
    /// Labels, ticket numbers.
    Muted "muted" Some(Role::Text);
    /// Column heads, key hints, placeholders.
    Faint "faint" Some(Role::Muted);
    /// Lines; never text.
    Rule "rule" Some(Role::Faint);
    /// The line of the focused pane.
    RuleFocused "rule-focused" Some(Role::Accent);
    /// Focus, the current step.
    Accent "accent" Some(Role::Strong);
    /// A key that can be pressed.
    Key "key" Some(Role::Accent);
    /// The characters a search matched.
    Match "match" Some(Role::Accent);
    /// The name of the focused pane.
    HeadingFocused "heading-focused" Some(Role::Accent);
    /// The name of a pane without focus.
    Heading "heading" Some(Role::Muted);
    /// The label of a section inside a pane.
    Section "section" Some(Role::Muted);
    /// The mark before the selected row of the focused pane.
    Cursor "cursor" Some(Role::Accent);
    /// The mark before the selected row of another pane.
    CursorUnfocused "cursor-unfocused" Some(Role::Muted);
    /// The one block that waits for a key.
    Block "block" None;
    /// ▲橙 24 h.
    Orange "orange" Some(Role::Strong);
    /// ◆红 48 h; overdue text.
    Red "red" Some(Role::Strong);
    /// ✖超期 as a solid block.
    OverdueBlock "overdue-block" Some(Role::Block);
    /// 绿道 (green channel), a ticked step.
    Green "green" Some(Role::Strong);
    /// △: needs a look.
    Warn "warn" Some(Role::Strong);
    /// ★优先: weight, no hue.
    Priority "priority" Some(Role::Strong);
    /// One's own act that waits for the server.
    Pending "pending" Some(Role::Muted);
    /// Rows that came before the link was lost.
    Stale "stale" Some(Role::Faint);
    /// What went wrong, in the place where it did.
    Error "error" Some(Role::Red);
    /// The seat's state in the status line.
    Seat "seat" Some(Role::Selected);
    /// The border of an overlay.
    Border "border" Some(Role::Accent);
}

impl Role {
    /// The role of this name.
    pub fn from_name(name: &str) -> Option<Role> {
        Role::ALL.iter().copied().find(|role| role.name() == name)
    }
}
