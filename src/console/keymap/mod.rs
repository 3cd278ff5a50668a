//! Keys: the tables in `keymaps/*.toml`, and which action a press runs.
//!
//! Here: [`Keymap`], which answers three questions from the same rows, so that help never lies:
//! what does this press do ([`Keymap::feed`]), what may follow it (which-key), and which key runs
//! this action ([`Keymap::keys_of`]).
//! Not here: what an action does, which contexts are active, and the editing keys of text fields.
//!
//! A context inherits by standing inside another: the console passes the active ones outermost
//! first (global, screen, pane) and the inner one wins. A file inherits with `inherits = "default"`.

mod action;
mod chord;
mod context;
pub(crate) mod hint;
mod read;

use std::sync::OnceLock;

pub use action::Action;
pub use chord::{Chord, Key, Named, parse_sequence, print_sequence};
pub use context::Context;
pub use crate::config::Fault;

/// One row of a keymap: a sequence of chords and the action it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The chords, at least one.
    pub chords: Vec<Chord>,
    /// What it runs.
    pub action: Action,
    /// Words of the file's own for the help; else the action's, in the current language.
    pub own_help: Option<String>,
}

impl Row {
    /// The sequence as text: `g g`.
    pub fn keys(&self) -> String {
        print_sequence(&self.chords)
    }

    /// One sentence for the help.
    pub fn help(&self) -> String {
        self.own_help.clone().unwrap_or_else(|| self.action.help())
    }
}

/// What may follow the chords pressed so far: a line of the which-key box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Continuation {
    /// The next chord.
    pub chord: Chord,
    /// The rows it leads to; one whose sequence ends here, or several that go on.
    pub rows: Vec<Row>,
}

impl Continuation {
    /// The words for the box: the help of the row, or the labels of those that go on.
    pub fn help(&self) -> String {
        match self.rows.as_slice() {
            [row] => row.help(),
            rows => {
                let labels: Vec<String> = rows.iter().map(|row| row.action.label()).collect();
                labels.join(" · ")
            }
        }
    }
}

/// What a press comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fed {
    /// Run this; nothing is pending any more.
    Run(Action),
    /// More chords are needed; these may follow.
    Pending(Vec<Continuation>),
    /// Not bound. With nothing pending, the focused text field may have it; else forget the pending chords.
    Nothing,
}

/// The rows of one context as a trie: each node knows its row (at a leaf) or what follows.
#[derive(Debug, Clone, Default)]
struct Node {
    row: Option<Row>,
    next: Vec<(Chord, Node)>,
}

impl Node {
    fn insert(&mut self, chords: &[Chord], row: &Row) {
        let Some((first, rest)) = chords.split_first() else {
            self.row = Some(row.clone());
            return;
        };
        let place = match self.next.iter().position(|(chord, _)| chord == first) {
            Some(place) => place,
            None => {
                self.next.push((*first, Node::default()));
                self.next.len() - 1
            }
        };
        self.next[place].1.insert(rest, row);
    }

    fn find(&self, chord: Chord) -> Option<&Node> {
        let found = self.next.iter().find(|(known, _)| *known == chord);
        found.map(|(_, node)| node)
    }

    fn walk(&self, chords: &[Chord]) -> Option<&Node> {
        let mut node = self;
        for chord in chords {
            node = node.find(*chord)?;
        }
        Some(node)
    }

    fn rows(&self) -> Vec<Row> {
        let below = self.next.iter().flat_map(|(_, node)| node.rows());
        self.row.iter().cloned().chain(below).collect()
    }
}

#[derive(Debug, Clone, Default)]
struct Table {
    rows: Vec<Row>,
    trie: Node,
}

impl Table {
    fn new(rows: Vec<Row>) -> Table {
        let mut trie = Node::default();
        for row in &rows {
            trie.insert(&row.chords, row);
        }
        Table { rows, trie }
    }
}

/// A loaded keymap.
#[derive(Debug, Clone)]
pub struct Keymap {
    tables: Vec<Table>,
}

/// The keymaps that come with the program, by name.
const SHIPPED: &[(&str, &str)] =
    &[("default", include_str!("../../../keymaps/default.toml")), ("vim", include_str!("../../../keymaps/vim.toml"))];

impl Keymap {
    /// The built-in keymap, `keymaps/default.toml`.
    pub fn built_in() -> &'static Keymap {
        static BUILT_IN: OnceLock<Keymap> = OnceLock::new();
        BUILT_IN.get_or_init(|| {
            let (_, text) = SHIPPED[0];
            // invariant: the embedded file is read by a test; a broken one never ships.
            #[allow(clippy::expect_used)]
            Keymap::read("keymaps/default.toml", text).expect("the built-in keymap")
        })
    }

    /// One that comes with the program, by its name: `default`, `vim`.
    pub fn shipped(name: &str) -> Option<Keymap> {
        let (name, text) = SHIPPED.iter().find(|(known, _)| *known == name)?;
        Keymap::read(name, text).ok()
    }

    /// Reads a keymap file; all its faults at once.
    pub fn read(file: &str, text: &str) -> Result<Keymap, Vec<Fault>> {
        read::read(file, text)
    }

    /// A person's own file if it is good; else the built-in keymap and every fault of the file.
    /// A bad file never stops the console.
    pub fn read_or_built_in(file: &str, text: &str) -> (Keymap, Vec<Fault>) {
        match Keymap::read(file, text) {
            Ok(keymap) => (keymap, Vec::new()),
            Err(faults) => (Keymap::built_in().clone(), faults),
        }
    }

    fn from_rows(mut rows: Vec<(Context, Row)>) -> Keymap {
        let tables = Context::ALL
            .iter()
            .map(|context| {
                let mine = rows.extract_if(.., |(of, _)| of == context);
                Table::new(mine.map(|(_, row)| row).collect())
            })
            .collect();
        Keymap { tables }
    }

    /// The rows of one context, in the order of the file.
    pub fn rows(&self, context: Context) -> &[Row] {
        &self.tables[context as usize].rows
    }

    /// What this press does. `contexts` are the active ones, outermost first (global, screen, pane);
    /// `pending` are the chords pressed before it that came to [`Fed::Pending`].
    ///
    /// Where the innermost context types text, a plain character is never taken from it.
    pub fn feed(&self, contexts: &[Context], pending: &[Chord], chord: Chord) -> Fed {
        let typing = contexts.last().is_some_and(|context| context.types_text());
        if typing && pending.is_empty() && chord.types_text() {
            return Fed::Nothing;
        }
        let mut pressed = pending.to_vec();
        pressed.push(chord);
        let mut follow: Vec<Continuation> = Vec::new();
        for context in contexts.iter().rev() {
            let Some(node) = self.tables[*context as usize].trie.walk(&pressed) else {
                continue;
            };
            match &node.row {
                Some(row) if follow.is_empty() => return Fed::Run(row.action),
                // An inner context goes on where this one ends: the inner one wins.
                Some(_) => {}
                None => {
                    for (next, below) in &node.next {
                        if !follow.iter().any(|known| known.chord == *next) {
                            follow.push(Continuation {
                                chord: *next,
                                rows: below.rows(),
                            });
                        }
                    }
                }
            }
        }
        if follow.is_empty() {
            Fed::Nothing
        } else {
            Fed::Pending(follow)
        }
    }

    /// The first row that runs this action in these contexts, innermost first; never one that an
    /// inner context hides or that text typing would swallow. For the status line and the palette.
    pub fn keys_of(&self, contexts: &[Context], action: Action) -> Option<&Row> {
        contexts
            .iter()
            .rev()
            .flat_map(|context| self.rows(*context))
            .find(|row| row.action == action && self.is_live(contexts, row))
    }

    /// Every row that works in these contexts, innermost first: the content of the help.
    pub fn live_rows(&self, contexts: &[Context]) -> Vec<(Context, &Row)> {
        contexts
            .iter()
            .rev()
            .flat_map(|context| self.rows(*context).iter().map(|row| (*context, row)))
            .filter(|(_, row)| self.is_live(contexts, row))
            .collect()
    }

    fn is_live(&self, contexts: &[Context], row: &Row) -> bool {
        let Some((last, before)) = row.chords.split_last() else {
            return false;
        };
        for (place, chord) in before.iter().enumerate() {
            if !matches!(
                self.feed(contexts, &before[..place], *chord),
                Fed::Pending(_)
            ) {
                return false;
            }
        }
        self.feed(contexts, before, *last) == Fed::Run(row.action)
    }
}

#[cfg(test)]
mod tests;
