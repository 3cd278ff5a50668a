//! Faults with a place, and a reader of TOML tables that collects them: wrong types, unknown keys, missing keys.
//! Used by settings, import maps, keymaps and themes. Not here: what the values mean.
use super::toml_words;
use crate::words;
use std::fmt;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// 错误 (fault) in something a person wrote: `PLACE:LINE: what is wrong`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The file as the person named it; or the flag or the variable of the environment.
    pub place: String,
    /// The line, from 1; none where the place has no lines.
    pub line: Option<u64>,
    /// What is wrong.
    pub text: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(out, "{}:{line}: {}", self.place, self.text),
            None => write!(out, "{}: {}", self.place, self.text),
        }
    }
}

impl Fault {
    /// A fault of a whole file, flag or variable.
    pub fn of(place: impl Into<String>, text: impl Into<String>) -> Fault {
        Fault { place: place.into(), line: None, text: text.into() }
    }

    /// A file that could not be read.
    pub fn unreadable(place: impl Into<String>, error: &std::io::Error) -> Fault {
        let not_text = error.kind() == std::io::ErrorKind::InvalidData;
        Fault::of(place, if not_text { words!("cli-not-utf8") } else { error.to_string() })
    }

    /// A fault at a line, from 1.
    pub fn at(place: impl Into<String>, line: u64, text: impl Into<String>) -> Fault {
        Fault { place: place.into(), line: Some(line), text: text.into() }
    }
}

/// Collects the faults of one file.
pub struct Faults<'a> {
    file: &'a str,
    source: &'a str,
    found: Vec<Fault>,
}

impl<'a> Faults<'a> {
    /// For this file with this text.
    pub fn new(file: &'a str, source: &'a str) -> Self {
        Faults { file, source, found: Vec::new() }
    }

    /// The line of a byte, from 1.
    pub fn line_of(&self, byte: usize) -> u64 {
        1 + self.source.bytes().take(byte).filter(|byte| *byte == b'\n').count() as u64
    }

    /// Notes a fault at this place (bytes) of the file.
    pub fn note(&mut self, place: &Range<usize>, text: impl Into<String>) {
        self.found.push(Fault::at(self.file, self.line_of(place.start), text));
    }

    /// The document, as far as it could be read; what could not is noted.
    pub fn document<'i>(&mut self, text: &'i str) -> Spanned<DeTable<'i>> {
        let (document, errors) = DeTable::parse_recoverable(text);
        self.toml_errors(errors);
        document
    }

    /// What the TOML reader itself found wrong.
    pub fn toml_errors(&mut self, errors: Vec<toml::de::Error>) {
        for error in errors {
            self.note(&error.span().unwrap_or(0..0), toml_words::of(error.message()));
        }
    }

    /// Nothing found so far?
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// All of them, by line.
    pub fn take(mut self) -> Vec<Fault> {
        self.found.sort_by_key(|fault| fault.line);
        self.found.dedup();
        self.found
    }

    /// `Ok` when there are none, else all of them.
    ///
    /// # Errors
    /// When anything was noted.
    pub fn finish(self) -> Result<(), Vec<Fault>> {
        let found = self.take();
        if found.is_empty() { Ok(()) } else { Err(found) }
    }
}

/// A text and where it stands (bytes).
pub type Placed = (String, Range<usize>);

/// One table while it is read: every key asked for is known, every other one is a fault at the end.
pub struct Section<'t, 'i> {
    name: String,
    table: &'t DeTable<'i>,
    place: Range<usize>,
    known: Vec<&'static str>,
}

impl<'t, 'i> Section<'t, 'i> {
    /// Reads this table, named `name` in faults; empty for the document itself.
    pub fn new(name: impl Into<String>, table: &'t DeTable<'i>, place: Range<usize>) -> Self {
        Section { name: name.into(), table, place, known: Vec::new() }
    }

    /// Where it stands (bytes).
    pub fn place(&self) -> Range<usize> {
        self.place.clone()
    }

    /// `fields.title`: a key's full name.
    pub fn path(&self, key: &str) -> String {
        if self.name.is_empty() { key.to_owned() } else { format!("{}.{key}", self.name) }
    }

    /// The value of a key, whatever it is.
    pub fn value(&mut self, key: &'static str) -> Option<&'t Spanned<DeValue<'i>>> {
        self.known.push(key);
        self.table.get(key)
    }

    /// Whether the key is there.
    pub fn has(&self, key: &str) -> bool {
        self.table.get(key).is_some()
    }

    /// The text of a key, before the table is read.
    pub fn peek(&self, key: &str) -> Option<String> {
        self.table.get(key)?.get_ref().as_str().map(str::to_owned)
    }

    fn wrong(&self, faults: &mut Faults<'_>, key: &str, place: &Range<usize>, wanted: &str) {
        faults.note(place, words!("cli-wrong-type", key = self.path(key), wanted = wanted));
    }

    /// A text.
    pub fn string(&mut self, key: &'static str, faults: &mut Faults<'_>) -> Option<Placed> {
        let value = self.value(key)?;
        match value.get_ref() {
            DeValue::String(text) => Some((text.to_string(), value.span())),
            _ => {
                self.wrong(faults, key, &value.span(), &words!("cli-a-text"));
                None
            }
        }
    }

    /// `true` or `false`; absent is `false`.
    pub fn switch(&mut self, key: &'static str, faults: &mut Faults<'_>) -> bool {
        match self.value(key) {
            None => false,
            Some(value) => value.get_ref().as_bool().unwrap_or_else(|| {
                self.wrong(faults, key, &value.span(), "true / false");
                false
            }),
        }
    }

    /// A list of texts.
    pub fn strings(&mut self, key: &'static str, faults: &mut Faults<'_>) -> Vec<Placed> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let Some(list) = value.get_ref().as_array() else {
            self.wrong(faults, key, &value.span(), &words!("cli-a-list"));
            return Vec::new();
        };
        let mut found = Vec::new();
        for one in list {
            match one.get_ref().as_str() {
                Some(text) => found.push((text.to_owned(), one.span())),
                None => self.wrong(faults, key, &one.span(), &words!("cli-a-text")),
            }
        }
        found
    }

    /// A table.
    pub fn table(&mut self, key: &'static str, faults: &mut Faults<'_>) -> Option<Section<'t, 'i>> {
        let value = self.value(key)?;
        match value.get_ref().as_table() {
            Some(table) => Some(Section::new(self.path(key), table, value.span())),
            None => {
                self.wrong(faults, key, &value.span(), &words!("cli-a-table"));
                None
            }
        }
    }

    /// A list of tables; `None` where the key is absent.
    pub fn tables(&mut self, key: &'static str, faults: &mut Faults<'_>) -> Option<Vec<Section<'t, 'i>>> {
        let value = self.value(key)?;
        let Some(list) = value.get_ref().as_array() else {
            self.wrong(faults, key, &value.span(), &words!("cli-a-list"));
            return None;
        };
        let mut found = Vec::new();
        for (index, one) in list.iter().enumerate() {
            match one.get_ref().as_table() {
                Some(table) => found.push(Section::new(format!("{}[{}]", self.path(key), index + 1), table, one.span())),
                None => self.wrong(faults, key, &one.span(), &words!("cli-a-table")),
            }
        }
        Some(found)
    }

    /// Every key with its text: a table whose keys are the writer's own.
    pub fn free_texts(&mut self, faults: &mut Faults<'_>) -> Vec<(Placed, Placed)> {
        let mut found = Vec::new();
        for (key, value) in self.table {
            match value.get_ref().as_str() {
                Some(text) => found.push(((key.get_ref().to_string(), key.span()), (text.to_owned(), value.span()))),
                None => self.wrong(faults, key.get_ref(), &value.span(), &words!("cli-a-text")),
            }
        }
        found
    }

    /// Every key with its table: names are the writer's own.
    pub fn free_tables(&mut self, faults: &mut Faults<'_>) -> Vec<(String, Section<'t, 'i>)> {
        let mut found = Vec::new();
        for (key, value) in self.table {
            let name = key.get_ref().to_string();
            match value.get_ref().as_table() {
                Some(table) => found.push((name.clone(), Section::new(self.path(&name), table, value.span()))),
                None => self.wrong(faults, &name, &value.span(), &words!("cli-a-table")),
            }
        }
        found
    }

    /// The whole table as values: for a row whose own type knows its fields. Nothing in it is unknown after that.
    pub fn all(&self) -> toml::Table {
        self.table.iter().map(|(key, value)| (key.get_ref().to_string(), plain(value.get_ref()))).collect()
    }

    /// Every key that nobody asked for is a fault.
    pub fn finish(self, faults: &mut Faults<'_>) {
        for key in self.table.keys() {
            let name: &str = key.get_ref();
            if !self.known.contains(&name) {
                let hint = did_you_mean(name, self.known.iter().copied());
                faults.note(&key.span(), words!("cli-unknown-key", key = self.path(name), hint = hint));
            }
        }
    }
}

/// A value without its place; one that cannot be read as its kind stays the text it was.
fn plain(value: &DeValue<'_>) -> toml::Value {
    let text = |text: &str| toml::Value::String(text.to_owned());
    match value {
        DeValue::String(one) => text(one),
        DeValue::Integer(number) => number.as_str().replace('_', "").parse().map_or_else(|_| text(number.as_str()), toml::Value::Integer),
        DeValue::Float(number) => number.as_str().parse().map_or_else(|_| text(number.as_str()), toml::Value::Float),
        DeValue::Boolean(truth) => toml::Value::Boolean(*truth),
        DeValue::Datetime(moment) => toml::Value::Datetime(*moment),
        DeValue::Array(items) => toml::Value::Array(items.iter().map(|item| plain(item.get_ref())).collect()),
        DeValue::Table(table) => toml::Value::Table(table.iter().map(|(key, value)| (key.get_ref().to_string(), plain(value.get_ref()))).collect()),
    }
}

/// The words for the nearest known name, or nothing when none is near.
pub fn did_you_mean<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(wrong, known).map(|name| words!("cli-did-you-mean", name = name)).unwrap_or_default()
}

/// The nearest known name, if one is near; the first of several.
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (wrong.chars().count() / 3).max(1);
    let near = known.into_iter().map(|name| (steps_between(wrong, name), name)).filter(|(steps, _)| *steps <= allowed);
    near.min_by_key(|(steps, _)| *steps).map(|(_, name)| name)
}

/// The known names that are near, the nearest first, at most `most`.
pub fn near<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>, most: usize) -> Vec<&'a str> {
    let allowed = (wrong.chars().count() / 3).max(1);
    let mut found: Vec<(usize, &str)> = known.into_iter().map(|name| (steps_between(wrong, name), name)).filter(|(steps, _)| *steps <= allowed).collect();
    found.sort();
    found.into_iter().take(most).map(|(_, name)| name).collect()
}

/// How many characters must be put in, taken out or changed, or swapped with their neighbour.
fn steps_between(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=to.len()).collect()];
    for (i, left) in from.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, right) in to.iter().enumerate() {
            let mut best = (rows[i][j] + usize::from(left != right)).min(rows[i][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *left == to[j - 1] && from[i - 1] == *right {
                best = best.min(rows[i - 1][j - 1] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows.last().and_then(|row| row.last()).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_offered_and_a_far_one_is_not() {
        assert_eq!(nearest("shft", ["ctrl", "alt", "shift"]), Some("shift"));
        assert_eq!(nearest("ticket.ugre", ["ticket.urge", "ticket.note"]), Some("ticket.urge"));
        assert_eq!(nearest("banana", ["ctrl", "alt", "shift"]), None);
    }

    #[test]
    fn lines_count_from_one() {
        let mut faults = Faults::new("a.toml", "一\n二\n三");
        faults.note(&(8..9), "here");
        faults.note(&(0..1), "first");
        let found: Vec<String> = faults.take().iter().map(Fault::to_string).collect();
        assert_eq!(found, ["a.toml:1: first", "a.toml:3: here"]);
    }
}
