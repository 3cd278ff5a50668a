//! Faults with a place: `FILE:LINE: what is wrong`, and the nearest known name for a wrong one.
//! Used by keymaps and themes alike. Not here: reading the files.

use std::fmt;
use std::ops::Range;

/// One fault in a file a person wrote.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The file as the person named it.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub text: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {}", self.file, self.line, self.text)
    }
}

/// Collects the faults of one file.
pub(crate) struct Faults<'a> {
    file: &'a str,
    source: &'a str,
    found: Vec<Fault>,
}

impl<'a> Faults<'a> {
    pub(crate) fn new(file: &'a str, source: &'a str) -> Self {
        Faults {
            file,
            source,
            found: Vec::new(),
        }
    }

    /// Notes a fault at this place (bytes) of the file.
    pub(crate) fn at(&mut self, place: Range<usize>, text: impl Into<String>) {
        let before = self.source.as_bytes().iter().take(place.start);
        let line = 1 + before.filter(|byte| **byte == b'\n').count();
        self.found.push(Fault {
            file: self.file.to_owned(),
            line,
            text: text.into(),
        });
    }

    /// What the TOML reader itself found wrong.
    pub(crate) fn toml_errors(&mut self, errors: Vec<toml::de::Error>) {
        for error in errors {
            self.at(
                error.span().unwrap_or(0..0),
                error.message().replace('\n', ", "),
            );
        }
    }

    /// All of them, by line; `Ok` when there are none.
    pub(crate) fn finish(mut self) -> Result<(), Vec<Fault>> {
        self.found.sort_by_key(|fault| fault.line);
        self.found.dedup();
        if self.found.is_empty() {
            Ok(())
        } else {
            Err(self.found)
        }
    }
}

/// ` (did you mean "x"?)` for the nearest known name, or nothing when none is near.
pub(crate) fn did_you_mean<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let allowed = (wrong.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|name| (distance(wrong, name), name))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| format!(" (did you mean \"{name}\"?)"))
        .unwrap_or_default()
}

/// How many characters must be put in, taken out, changed or swapped with a neighbour.
fn distance(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    // A row per character of `from`, as a swap looks two rows back.
    let mut rows = vec![(0..=to.len()).collect::<Vec<usize>>()];
    for i in 1..=from.len() {
        let mut row = vec![i];
        for j in 1..=to.len() {
            let changed = rows[i - 1][j - 1] + usize::from(from[i - 1] != to[j - 1]);
            let mut best = changed.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[from.len()][to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_offered_and_a_far_one_is_not() {
        assert_eq!(
            did_you_mean("shft", ["ctrl", "alt", "shift"]),
            " (did you mean \"shift\"?)"
        );
        assert_eq!(
            did_you_mean("ticket.ugre", ["ticket.urge", "ticket.note"]),
            " (did you mean \"ticket.urge\"?)"
        );
        assert_eq!(did_you_mean("banana", ["ctrl", "alt", "shift"]), "");
    }

    #[test]
    fn lines_count_from_one() {
        let mut faults = Faults::new("a.toml", "一\n二\n三");
        faults.at(8..9, "here");
        faults.at(0..1, "first");
        let found: Vec<String> = faults
            .finish()
            .unwrap_err()
            .iter()
            .map(Fault::to_string)
            .collect();
        assert_eq!(found, ["a.toml:1: first", "a.toml:3: here"]);
    }
}
