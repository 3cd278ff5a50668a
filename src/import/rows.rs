//! Reads the rows of a file, each with its line number; what is not a row is refused with its line and the rest goes on.
use super::map::Format;
use crate::words;
use serde_json::Value;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::path::Path;
use std::sync::Arc;

/// Longest line of a JSON Lines file, bytes; a longer one is refused without being kept.
const LONGEST_LINE: usize = 8 * 1024 * 1024;

/// 拒绝 (refused): a row that is not taken, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Line of the file, from 1, on which the row begins.
    pub line: u64,
    /// Why, in words.
    pub why: String,
}

/// The cells of one row.
#[derive(Debug)]
pub(super) enum Cells {
    /// Of a CSV file.
    Csv(Arc<HashMap<String, usize>>, csv::StringRecord),
    /// Of a JSON Lines file.
    Json(serde_json::Map<String, Value>),
}

impl Cells {
    /// What a column holds: none, one, or in JSON several.
    pub(super) fn texts(&self, column: &str) -> Result<Vec<String>, String> {
        match self {
            Cells::Csv(header, record) => Ok(header.get(column).and_then(|index| record.get(*index)).map(str::to_owned).into_iter().collect()),
            Cells::Json(object) => match object.get(column) {
                Some(Value::Array(list)) => list.iter().filter_map(|value| scalar(column, value).transpose()).collect(),
                Some(value) => Ok(scalar(column, value)?.into_iter().collect()),
                None => Ok(Vec::new()),
            },
        }
    }

    pub(super) fn has(&self, column: &str) -> bool {
        match self {
            Cells::Csv(header, _) => header.contains_key(column),
            Cells::Json(object) => object.contains_key(column),
        }
    }
}

fn scalar(column: &str, value: &Value) -> Result<Option<String>, String> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(text.clone())),
        Value::Bool(flag) => Ok(Some(flag.to_string())),
        Value::Number(number) => Ok(Some(number.to_string())),
        Value::Array(_) | Value::Object(_) => Err(words!("cli-nested", column = column)),
    }
}

/// The rows of a file, in order.
pub(super) enum Rows {
    Csv { reader: Box<csv::Reader<BufReader<File>>>, lines: Lines, header: Arc<HashMap<String, usize>>, width: usize },
    Jsonl { reader: BufReader<File>, line: u64, bytes: u64 },
}

/// A row, or why there is none at its line.
pub(super) type Row = Result<(u64, Cells), Refused>;

impl Rows {
    pub(super) fn open(path: &Path, format: Format) -> io::Result<Rows> {
        let mut reader = BufReader::with_capacity(256 * 1024, File::open(path)?);
        let mut mark = [0; 3];
        let start = match reader.read_exact(&mut mark) {
            Ok(()) if mark == *b"\xEF\xBB\xBF" => 3,
            Ok(()) => 0,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => 0,
            Err(error) => return Err(error),
        };
        reader.seek(io::SeekFrom::Start(start))?;
        if format == Format::Jsonl {
            return Ok(Rows::Jsonl { reader, line: 0, bytes: start });
        }
        // Lengths are judged here, in words and with the line, not by the reader.
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(reader);
        let mut lines = BufReader::with_capacity(64 * 1024, File::open(path)?);
        lines.seek(io::SeekFrom::Start(start))?;
        let lines = Lines { reader: lines, byte: 0, line: 1 };
        let header = reader.byte_headers().map_err(io::Error::other)?;
        let names = header.iter().enumerate().map(|(index, name)| (String::from_utf8_lossy(name).trim().to_owned(), index));
        let (width, header) = (header.len(), Arc::new(names.collect()));
        Ok(Rows::Csv { reader: Box::new(reader), lines, header, width })
    }

    /// Bytes read so far, for the progress bar.
    pub(super) fn bytes(&self) -> u64 {
        match self {
            Rows::Csv { reader, .. } => reader.position().byte(),
            Rows::Jsonl { bytes, .. } => *bytes,
        }
    }

    /// Does the file have this column? None where only the rows can tell.
    pub(super) fn header_has(&self, column: &str) -> Option<bool> {
        match self {
            Rows::Csv { header, .. } => Some(header.contains_key(column)),
            Rows::Jsonl { .. } => None,
        }
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Row>> {
        match self {
            Rows::Csv { reader, lines, header, width } => {
                let mut record = csv::ByteRecord::new();
                if !reader.read_byte_record(&mut record).map_err(io::Error::other)? {
                    return Ok(None);
                }
                let line = lines.at(record.position().map_or(0, csv::Position::byte))?;
                let (got, wanted) = (record.len(), *width);
                if got != wanted {
                    return Ok(Some(Err(Refused { line, why: words!("cli-wrong-columns", got = got, wanted = wanted) })));
                }
                Ok(Some(match csv::StringRecord::from_byte_record(record) {
                    Ok(record) => Ok((line, Cells::Csv(Arc::clone(header), record))),
                    Err(_) => Err(Refused { line, why: words!("cli-not-utf8") }),
                }))
            }
            Rows::Jsonl { reader, line, bytes } => loop {
                let mut text = Vec::new();
                let read = reader.by_ref().take(LONGEST_LINE as u64 + 1).read_until(b'\n', &mut text)?;
                if read == 0 {
                    return Ok(None);
                }
                *line += 1;
                *bytes += read as u64;
                if read > LONGEST_LINE {
                    *bytes += reader.skip_until(b'\n')? as u64;
                    return Ok(Some(Err(Refused { line: *line, why: words!("cli-line-too-long", limit = LONGEST_LINE) })));
                }
                if !text.trim_ascii().is_empty() {
                    return Ok(Some(object(*line, &text)));
                }
            },
        }
    }
}

/// Which line a row begins on. The CSV reader's own count takes blank lines, and the second half of a CRLF, for the
/// beginning of the row after them; so the file is followed a second time, byte by byte.
pub(super) struct Lines {
    reader: BufReader<File>,
    byte: u64,
    line: u64,
}

impl Lines {
    /// The line of the first row at or after this byte; never asked to go back.
    fn at(&mut self, byte: u64) -> io::Result<u64> {
        loop {
            let buffer = self.reader.fill_buf()?;
            let before = (byte.saturating_sub(self.byte)).min(buffer.len() as u64) as usize;
            let mut used = before;
            self.line += memchr::memchr_iter(b'\n', &buffer[..before]).count() as u64;
            while let Some(b'\r' | b'\n') = buffer.get(used) {
                self.line += u64::from(buffer[used] == b'\n');
                used += 1;
            }
            let done = used < buffer.len() || buffer.is_empty();
            self.reader.consume(used);
            self.byte += used as u64;
            if done {
                return Ok(self.line);
            }
        }
    }
}

fn object(line: u64, text: &[u8]) -> Row {
    let refused = |why| Err(Refused { line, why });
    let Ok(text) = std::str::from_utf8(text) else { return refused(words!("cli-not-utf8")) };
    // Without its line break, so that what ends too soon is told at its end.
    match serde_json::from_str(text.trim_end()) {
        Ok(Value::Object(object)) => Ok((line, Cells::Json(object))),
        Ok(_) => refused(words!("cli-not-an-object")),
        Err(error) => refused(words!("cli-not-json", column = error.column())),
    }
}
