//! The table: all rows at all versions, and the choice of one for a ticket.
use super::codes::{CountFrom, HandlerLevel, LimitUnit, Line, Tag, TicketKind};
use super::row::{LimitRow, MOST_DAYS, MOST_HOURS, Span};
use super::{Fault, Problem, read};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What decides which row a ticket runs under.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct LimitKey {
    /// The line it came in on.
    pub line: Line,
    /// 诉求类型.
    pub kind: TicketKind,
    /// The codes of its classes: none, an urgent class, an enterprise class, or several.
    pub classes: BTreeSet<String>,
    /// Its 优先 tags.
    pub tags: BTreeSet<Tag>,
    /// The level of the unit that handles it.
    pub level: HandlerLevel,
}

/// 时限表. Holds at least one row that answers for every ticket, so that choosing always finds one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitTable {
    name: String,
    rows: BTreeMap<(String, u32), LimitRow>,
    /// The row without conditions: (code, version).
    fallback: (String, u32),
}

impl LimitTable {
    /// A table that ships with the product: `sichuan` (the default) or `beijing`.
    pub fn shipped(name: &str) -> Option<Self> {
        let text = match name {
            "sichuan" => include_str!("sichuan.toml"),
            "beijing" => include_str!("beijing.toml"),
            _ => return None,
        };
        // invariant: the text is part of the binary and a test reads every one.
        #[allow(clippy::expect_used)]
        Some(Self::read(name, &format!("{name}.toml"), text).expect("a shipped limit table reads"))
    }

    /// Reads a table from TOML. All faults come back at once, each with `file:line`.
    pub fn read(name: &str, file: &str, text: &str) -> Result<Self, Vec<Fault>> {
        let (rows, mut faults) = read::rows(file, text);
        let table = Self::build(name, rows, file, &mut faults);
        faults.sort_by_key(|(line, _)| *line);
        let mut faults: Vec<Fault> = faults.into_iter().map(|(_, fault)| fault).collect();
        faults.dedup();
        table.filter(|_| faults.is_empty()).ok_or(faults)
    }

    /// A table from rows that are already values (as the log keeps them). Places of faults are row codes.
    pub fn from_rows(name: &str, rows: Vec<LimitRow>) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let rows = rows.into_iter().map(|row| (row.code.clone(), 0, row)).collect();
        let table = Self::build(name, rows, name, &mut faults);
        table.filter(|_| faults.is_empty()).ok_or_else(|| faults.into_iter().map(|(_, fault)| fault).collect())
    }

    /// Puts rows together: (place, line for sorting, row).
    fn build(name: &str, list: Vec<(String, usize, LimitRow)>, whole: &str, faults: &mut Vec<(usize, Fault)>) -> Option<Self> {
        let mut rows: BTreeMap<(String, u32), LimitRow> = BTreeMap::new();
        let mut places = BTreeMap::new();
        for (place, line, row) in list {
            for (problem, found) in out_of_range(&row) {
                faults.push((line, Fault::new(place.clone(), problem, found)));
            }
            let id = (row.code.clone(), row.version);
            if rows.contains_key(&id) {
                faults.push((line, Fault::new(place, Problem::Duplicate, format!("{} v{}", id.0, id.1))));
                continue;
            }
            places.insert(id.clone(), (place, line));
            rows.insert(id, row);
        }
        let mut table = Self { name: name.to_owned(), rows, fallback: (String::new(), 0) };
        let mut seen: BTreeMap<_, &str> = BTreeMap::new();
        for row in table.current() {
            if let Some(other) = seen.insert((row.line, row.kind, row.class.clone(), row.tag, row.level), &row.code)
                && let Some((place, line)) = places.get(&(row.code.clone(), row.version))
            {
                faults.push((*line, Fault::new(place.clone(), Problem::SameKey, format!("{other} = {}", row.code))));
            }
        }
        let fallback = table.current().find(|row| weight(row) == 0).map(|row| (row.code.clone(), row.version));
        match fallback {
            Some(id) => {
                table.fallback = id;
                Some(table)
            }
            None => {
                faults.push((usize::MAX, Fault::new(whole, Problem::NoFallback, "")));
                None
            }
        }
    }

    /// The table's name.
    pub fn name(&self) -> &str { &self.name }

    /// Every row at every version, by code, then version.
    pub fn rows(&self) -> impl Iterator<Item = &LimitRow> { self.rows.values() }

    /// A row at a version, also one that no new ticket takes any more.
    pub fn row(&self, code: &str, version: u32) -> Option<&LimitRow> { self.rows.get(&(code.to_owned(), version)) }

    /// The rows that new tickets may take: each code's latest version, unless retired.
    pub fn current(&self) -> impl Iterator<Item = &LimitRow> {
        let mut rows = self.rows.values().peekable();
        std::iter::from_fn(move || {
            loop {
                let row = rows.next()?;
                let superseded = rows.peek().is_some_and(|next| next.code == row.code);
                if !superseded && !row.retired {
                    return Some(row);
                }
            }
        })
    }

    /// The row for a ticket: the most specific current row whose every condition holds.
    ///
    /// A class outweighs all else, then a tag, the line, the level, and last the kind: a promise made to one class or
    /// one line is not undone by the general rule for complaints. Two rows of equal weight (a ticket of two classes)
    /// are settled by the shorter limit, then by code: the answer never depends on the order of rows.
    pub fn select(&self, key: &LimitKey) -> &LimitRow {
        let best = self.current().filter(|row| holds(row, key)).max_by(|left, right| {
            (weight(left), right.limit().least_hours(), &right.code).cmp(&(weight(right), left.limit().least_hours(), &left.code))
        });
        // invariant: the fallback has no conditions and was found among the rows when the table was built.
        best.unwrap_or_else(|| &self.rows[&self.fallback])
    }
}

fn holds(row: &LimitRow, key: &LimitKey) -> bool {
    row.line.is_none_or(|line| line == key.line)
        && row.kind.is_none_or(|kind| kind == key.kind)
        && row.class.as_ref().is_none_or(|class| key.classes.contains(class))
        && row.tag.is_none_or(|tag| key.tags.contains(&tag))
        && row.level.is_none_or(|level| level == key.level)
}

fn weight(row: &LimitRow) -> u8 {
    u8::from(row.class.is_some()) << 4
        | u8::from(row.tag.is_some()) << 3
        | u8::from(row.line.is_some()) << 2
        | u8::from(row.level.is_some()) << 1
        | u8::from(row.kind.is_some())
}

/// Figures that make no sense, whatever way the row came in.
fn out_of_range(row: &LimitRow) -> Vec<(Problem, String)> {
    let mut wrong = Vec::new();
    refuse(&mut wrong, row.code.is_empty(), "code".into());
    refuse(&mut wrong, row.version == 0, format!("version = {}", row.version));
    refuse(&mut wrong, !(1..=100).contains(&row.warning_share), format!("warning_share = {}", row.warning_share));
    let spans =
        [("limit", Some(row.limit())), ("sign", row.sign_limit), ("first_contact", row.first_contact_limit), ("extension_cap", row.extension_cap)];
    for (field, span) in spans {
        if let Some(Span { amount, unit }) = span {
            let most = if unit == LimitUnit::NaturalHours { MOST_HOURS } else { MOST_DAYS };
            refuse(&mut wrong, !(1..=most).contains(&amount), format!("{field}.amount = {amount}"));
        }
    }
    if row.count_from == CountFrom::Signing && row.sign_limit.is_none() {
        // Without one, a unit that never signs would never be due.
        wrong.push((Problem::Missing, "sign".to_owned()));
    }
    if let Some(colour) = row.colour {
        let ordered = 0 < colour.orange_hours && colour.orange_hours < colour.red_hours && colour.red_hours <= MOST_HOURS;
        refuse(&mut wrong, !ordered, format!("colour = {} / {}", colour.orange_hours, colour.red_hours));
    }
    wrong
}

fn refuse(wrong: &mut Vec<(Problem, String)>, said: bool, found: String) {
    if said {
        wrong.push((Problem::OutOfRange, found));
    }
}
