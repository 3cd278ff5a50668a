//! Reads limit rows from TOML, every fault with its line. Not here: whether rows fit together (`table`).
//!
//! A `[defaults]` table says what rows leave unsaid; `[[row]]` tables are the rows.
use super::codes::{CountFrom, HandlerLevel, LimitUnit, Line, Tag, TicketKind};
use super::row::{ColourLimit, DayEnd, LimitRow, Span};
use super::{Fault, Problem};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A fault with the line it sorts by.
pub(super) type Placed = (usize, Fault);

const FIELDS: [&str; 19] = [
    "code", "version", "retired", "source", "line", "kind", "class", "tag", "level", "sign", "first_contact", "amount", "unit",
    "count_from", "day_end", "extensions_allowed", "extension_cap", "warning_share", "colour",
];

/// Rows that could be read, as (place, line, row), and all faults of those that could not.
pub(super) fn rows(file: &str, text: &str) -> (Vec<(String, usize, LimitRow)>, Vec<Placed>) {
    let mut reader = Reader { file, text, faults: Vec::new() };
    let (root, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        reader.fault(error.span().map_or(0, |span| span.start), Problem::Syntax, error.message());
    }
    let root = root.get_ref();
    let mut defaults = None;
    let mut rows = Vec::new();
    for (key, value) in root {
        match (key.get_ref().as_ref(), value.get_ref()) {
            ("defaults", DeValue::Table(table)) => {
                reader.known(table, &FIELDS);
                defaults = Some(table);
            }
            ("row", DeValue::Array(list)) => {
                for entry in list.iter() {
                    match entry.get_ref() {
                        DeValue::Table(table) => rows.push((entry.span().start, table)),
                        other => reader.fault(entry.span().start, Problem::Shape, other.type_str()),
                    }
                }
            }
            ("defaults" | "row", other) => reader.fault(value.span().start, Problem::Shape, other.type_str()),
            (unknown, _) => reader.fault(key.span().start, Problem::Unknown, unknown),
        }
    }
    let mut read = Vec::new();
    for (start, table) in rows {
        reader.known(table, &FIELDS);
        let fields = Fields { table, defaults, start };
        let before = reader.faults.len();
        let row = reader.row(&fields);
        if let (Some(row), true) = (row, reader.faults.len() == before) {
            read.push((reader.place(start), reader.line(start), row));
        }
    }
    (read, reader.faults)
}

/// A row's own fields, then the defaults.
struct Fields<'a, 'i> {
    table: &'a DeTable<'i>,
    defaults: Option<&'a DeTable<'i>>,
    start: usize,
}

impl<'a, 'i> Fields<'a, 'i> {
    fn get(&self, name: &str) -> Option<&'a Spanned<DeValue<'i>>> {
        self.table.get(name).or_else(|| self.defaults.and_then(|table| table.get(name)))
    }
}

struct Reader<'t> {
    file: &'t str,
    text: &'t str,
    faults: Vec<Placed>,
}

impl Reader<'_> {
    fn line(&self, at: usize) -> usize { self.text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1 }

    fn place(&self, at: usize) -> String { format!("{}:{}", self.file, self.line(at)) }

    fn fault(&mut self, at: usize, problem: Problem, found: impl AsRef<str>) {
        self.faults.push((self.line(at), Fault::new(self.place(at), problem, found)));
    }

    fn known(&mut self, table: &DeTable<'_>, names: &[&str]) {
        for key in table.keys().filter(|key| !names.contains(&key.get_ref().as_ref())) {
            self.fault(key.span().start, Problem::Unknown, key.get_ref());
        }
    }

    fn row(&mut self, fields: &Fields<'_, '_>) -> Option<LimitRow> {
        // Each field is read before any is missed, so that all faults of a row are told together.
        let code = self.text(fields, "code").map(str::to_owned);
        let version = self.number(fields, "version", 1, 1_000_000);
        let retired = self.truth(fields, "retired");
        let source = self.text(fields, "source").map(str::to_owned);
        let line = self.code(fields, "line", Line::from_code);
        let kind = self.code(fields, "kind", TicketKind::from_code);
        let class = fields.get("class").and_then(|_| self.text(fields, "class")).map(str::to_owned);
        let tag = self.code(fields, "tag", Tag::from_code);
        let level = self.code(fields, "level", HandlerLevel::from_code);
        let sign_limit = self.span(fields, "sign");
        let first_contact_limit = self.span(fields, "first_contact");
        let amount = self.number(fields, "amount", 1, i64::from(super::row::MOST_HOURS));
        let unit = self.needed(fields, "unit", LimitUnit::from_code);
        let count_from = self.needed(fields, "count_from", CountFrom::from_code);
        let day_end = self.needed(fields, "day_end", DayEnd::parse);
        let extensions_allowed = self.number(fields, "extensions_allowed", 0, 100);
        let extension_cap = self.span(fields, "extension_cap");
        let warning_share = self.number(fields, "warning_share", 1, 100);
        let colour = self.colour(fields);
        Some(LimitRow {
            code: code?,
            version: version?,
            retired,
            source: source?,
            line,
            kind,
            class,
            tag,
            level,
            sign_limit,
            first_contact_limit,
            amount: amount?,
            unit: unit?,
            count_from: count_from?,
            day_end: day_end?,
            extensions_allowed: extensions_allowed?,
            extension_cap,
            warning_share: u8::try_from(warning_share?).ok()?,
            colour,
        })
    }

    fn present<'a, 'i>(&mut self, fields: &Fields<'a, 'i>, name: &str) -> Option<&'a Spanned<DeValue<'i>>> {
        let value = fields.get(name);
        if value.is_none() {
            self.fault(fields.start, Problem::Missing, name);
        }
        value
    }

    fn text<'a>(&mut self, fields: &Fields<'a, '_>, name: &str) -> Option<&'a str> {
        let value = self.present(fields, name)?;
        match value.get_ref().as_str() {
            Some(text) if !text.trim().is_empty() => Some(text),
            Some(_) => {
                self.fault(value.span().start, Problem::Missing, name);
                None
            }
            None => {
                self.fault(value.span().start, Problem::Shape, format!("{name}: {}", value.get_ref().type_str()));
                None
            }
        }
    }

    fn number(&mut self, fields: &Fields<'_, '_>, name: &str, least: i64, most: i64) -> Option<u32> {
        let value = self.present(fields, name)?;
        let Some(integer) = value.get_ref().as_integer() else {
            self.fault(value.span().start, Problem::Shape, format!("{name}: {}", value.get_ref().type_str()));
            return None;
        };
        let number = i64::from_str_radix(integer.as_str(), integer.radix()).ok().filter(|number| (least..=most).contains(number));
        if number.is_none() {
            self.fault(value.span().start, Problem::OutOfRange, format!("{name} = {integer}"));
        }
        number.and_then(|number| u32::try_from(number).ok())
    }

    fn truth(&mut self, fields: &Fields<'_, '_>, name: &str) -> bool {
        let Some(value) = fields.get(name) else { return false };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.fault(value.span().start, Problem::Shape, format!("{name}: {}", value.get_ref().type_str()));
            false
        })
    }

    fn needed<T>(&mut self, fields: &Fields<'_, '_>, name: &str, read: fn(&str) -> Option<T>) -> Option<T> {
        self.present(fields, name)?;
        self.code(fields, name, read)
    }

    fn code<T>(&mut self, fields: &Fields<'_, '_>, name: &str, read: fn(&str) -> Option<T>) -> Option<T> {
        let at = fields.get(name)?.span().start;
        let text = self.text(fields, name)?;
        let value = read(text);
        if value.is_none() {
            self.fault(at, Problem::BadCode, format!("{name} = {text}"));
        }
        value
    }

    fn inner<'a, 'i>(&mut self, fields: &Fields<'a, 'i>, name: &str, names: &[&str]) -> Option<Fields<'a, 'i>> {
        let value = fields.get(name)?;
        match value.get_ref().as_table() {
            Some(table) => {
                self.known(table, names);
                Some(Fields { table, defaults: None, start: value.span().start })
            }
            None => {
                self.fault(value.span().start, Problem::Shape, format!("{name}: {}", value.get_ref().type_str()));
                None
            }
        }
    }

    fn span(&mut self, fields: &Fields<'_, '_>, name: &str) -> Option<Span> {
        let inner = self.inner(fields, name, &["amount", "unit"])?;
        let amount = self.number(&inner, "amount", 1, i64::from(super::row::MOST_HOURS));
        let unit = self.needed(&inner, "unit", LimitUnit::from_code);
        Some(Span { amount: amount?, unit: unit? })
    }

    fn colour(&mut self, fields: &Fields<'_, '_>) -> Option<ColourLimit> {
        let inner = self.inner(fields, "colour", &["orange_hours", "red_hours", "every_ticket"])?;
        let orange = self.number(&inner, "orange_hours", 1, i64::from(super::row::MOST_HOURS));
        let red = self.number(&inner, "red_hours", 1, i64::from(super::row::MOST_HOURS));
        let every_ticket = self.truth(&inner, "every_ticket");
        Some(ColourLimit { orange_hours: orange?, red_hours: red?, every_ticket })
    }
}
