//! A whole file through a map, row by row; and the survey that reads it all before anything is sent.
use super::build::Mapped;
use super::map::Map;
use super::rows::{Refused, Rows};
use crate::config::Fault;
use crate::words;
use std::collections::{BTreeSet, HashMap};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// One row and what became of it.
#[derive(Debug)]
pub struct Item {
    /// Line of the file, from 1.
    pub line: u64,
    /// The row ready to be sent with notes on it, or why it is refused.
    pub outcome: Result<(Mapped, Vec<String>), Refused>,
    /// Bytes of the file read so far.
    pub bytes: u64,
}

/// The rows of a file, in order. An id that came before is refused: two rows cannot be the same matter.
pub struct Items<'m> {
    map: &'m Map,
    rows: Rows,
    seen: HashMap<String, u64>,
    unmet: BTreeSet<&'m str>,
}

impl<'m> Items<'m> {
    /// Opens the file.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn open(map: &'m Map, path: &Path) -> io::Result<Items<'m>> {
        let rows = Rows::open(path, map.format)?;
        let unmet = map.columns.keys().map(String::as_str).filter(|column| rows.header_has(column) != Some(true)).collect();
        Ok(Items { map, rows, seen: HashMap::new(), unmet })
    }

    /// The next row; none at the end.
    ///
    /// # Errors
    /// When the file cannot be read on.
    pub fn next_item(&mut self) -> io::Result<Option<Item>> {
        let Some(row) = self.rows.next()? else { return Ok(None) };
        let (line, outcome) = match row {
            Err(refused) => (refused.line, Err(refused)),
            Ok((line, cells)) => {
                self.unmet.retain(|column| !cells.has(column));
                let outcome = self.map.row(&cells).and_then(|(mapped, notes)| match self.seen.get(mapped.external_id()).copied() {
                    Some(first) => Err(words!("cli-same-id", id = super::source::shortened(mapped.external_id()), line = first)),
                    None => {
                        self.seen.insert(mapped.external_id().to_owned(), line);
                        Ok((mapped, notes))
                    }
                });
                (line, outcome.map_err(|why| Refused { line, why }))
            }
        };
        Ok(Some(Item { line, outcome, bytes: self.rows.bytes() }))
    }

    /// Columns of the map that no row had so far: slips of the pen in the map, or another file than it was made for.
    fn unmet(&self, data: &Path) -> Vec<Fault> {
        let named = self.map.columns.iter().filter(|(column, _)| self.unmet.contains(column.as_str()));
        let fault = |(column, line): (&String, &u64)| Fault::at(&self.map.file, *line, words!("cli-no-such-column", column = column.as_str(), file = data.display().to_string()));
        named.map(fault).collect()
    }
}

/// What a file holds.
#[derive(Debug, Default)]
pub struct Survey {
    /// Rows that can be sent.
    pub good: u64,
    /// Rows that are refused.
    pub refused: Vec<Refused>,
    /// What had to be cut or moved, by line.
    pub notes: Vec<(u64, String)>,
}

/// Most bytes of a first line that are looked at.
const FIRST: u64 = 64 * 1024;

/// A file with nothing in it, or in another encoding, is told as that, not as columns that are missing.
fn whole(path: &Path) -> Result<(), Vec<Fault>> {
    let place = path.display().to_string();
    let mut first = Vec::new();
    let read = File::open(path).and_then(|file| file.take(FIRST).read_to_end(&mut first));
    read.map_err(|error| vec![Fault::of(place.as_str(), error.to_string())])?;
    if first.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&first).trim_ascii().is_empty() {
        return Err(vec![Fault::of(place, words!("cli-empty-file"))]);
    }
    let line = first.split(|byte| *byte == b'\n').next().unwrap_or_default();
    match std::str::from_utf8(line) {
        // A line that is cut in the middle of a character is none of another encoding.
        Err(error) if error.error_len().is_some() || (line.len() as u64) < FIRST => Err(vec![Fault::at(place, 1, words!("cli-other-encoding"))]),
        _ => Ok(()),
    }
}

/// Reads the whole file through the map. `seen` hears of bytes and rows read.
///
/// # Errors
/// When the file cannot be read, or lacks a column the map names: all of those at once.
pub fn survey(map: &Map, path: &Path, mut seen: impl FnMut(u64, u64)) -> Result<Survey, Vec<Fault>> {
    let unreadable = |error: io::Error| vec![Fault::of(path.display().to_string(), error.to_string())];
    whole(path)?;
    let mut items = Items::open(map, path).map_err(unreadable)?;
    let mut survey = Survey::default();
    if map.format == super::Format::Csv && !items.unmet.is_empty() {
        return Err(items.unmet(path));
    }
    let mut rows = 0;
    while let Some(item) = items.next_item().map_err(unreadable)? {
        rows += 1;
        seen(item.bytes, rows);
        match item.outcome {
            Ok((_, notes)) => {
                survey.good += 1;
                survey.notes.extend(notes.into_iter().map(|note| (item.line, note)));
            }
            Err(refused) => survey.refused.push(refused),
        }
    }
    // A file whose rows all failed to be read says nothing about columns.
    if survey.good > 0 && !items.unmet.is_empty() {
        return Err(items.unmet(path));
    }
    Ok(survey)
}
