//! Reads a map, with every fault at its line: unknown fields and keys, wrong types, codes nobody knows, date formats that
//! are none, two sources for one field.
use super::fields::{self, Field, Takes};
use super::map::{Fields, Format, From, Map, Rule, Source, Target};
use crate::config::Fault;
use crate::config::located::{Faults, Placed, Section, did_you_mean};
use crate::words;
use chrono::FixedOffset;
use chrono::format::{Item, StrftimeItems};
use std::collections::BTreeMap;
use toml::de::DeValue;

impl Map {
    /// Reads a map.
    ///
    /// # Errors
    /// All its faults at once.
    pub fn read(file: &str, text: &str) -> Result<Map, Vec<Fault>> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = Reader { faults: Faults::new(file, text), columns: BTreeMap::new() };
        let map = reader.map(file, text);
        match map {
            Some(map) if reader.faults.is_empty() => Ok(Map { columns: reader.columns, ..map }),
            _ => Err(reader.faults.take()),
        }
    }
}

struct Reader<'a> {
    faults: Faults<'a>,
    columns: BTreeMap<String, u64>,
}

impl Reader<'_> {
    fn map(&mut self, file: &str, text: &str) -> Option<Map> {
        let document = self.faults.document(text);
        if !self.faults.is_empty() {
            // What is half read would be judged for what it does not say.
            return None;
        }
        let mut root = Section::new("", document.get_ref(), 0..0);
        let target = self.choice(&mut root, "target", &[("tickets", Target::Tickets), ("articles", Target::Articles)]);
        let format = self.choice(&mut root, "format", &[("csv", Format::Csv), ("jsonl", Format::Jsonl)]);
        let offset = match root.string("offset", &mut self.faults) {
            None => crate::domain::city_offset(),
            Some((text, place)) => text.parse::<FixedOffset>().unwrap_or_else(|_| {
                self.faults.note(&place, words!("cli-bad-offset", value = text));
                crate::domain::city_offset()
            }),
        };
        let section = root.table("fields", &mut self.faults);
        let steps = root.tables("steps", &mut self.faults);
        if section.is_none() && !root.has("fields") {
            self.faults.note(&(0..0), words!("cli-missing-key", key = "fields"));
        }
        root.finish(&mut self.faults);
        let target = target?;
        let mut fields = Fields::default();
        if let Some(section) = section {
            fields.one = self.fields(section, fields::fields(target));
        }
        for step in steps.unwrap_or_default() {
            if target == Target::Tickets {
                self.faults.note(&step.place(), words!("cli-steps-are-of-articles"));
            }
            fields.steps.push(self.fields(step, fields::STEP));
        }
        Some(Map { file: file.to_owned(), target, format: format?, offset, fields, columns: BTreeMap::new() })
    }

    fn choice<T: Copy>(&mut self, section: &mut Section<'_, '_>, key: &'static str, known: &[(&str, T)]) -> Option<T> {
        if !section.has(key) {
            self.faults.note(&section.place(), words!("cli-missing-key", key = section.path(key)));
        }
        let (text, place) = section.string(key, &mut self.faults)?;
        let found = known.iter().find(|(name, _)| *name == text);
        if found.is_none() {
            self.unknown_code(&section.path(key), &text, &place, &known.iter().map(|(name, _)| *name).collect::<Vec<_>>());
        }
        found.map(|(_, value)| *value)
    }

    fn unknown_code(&mut self, key: &str, value: &str, place: &std::ops::Range<usize>, known: &[&str]) {
        let hint = did_you_mean(value, known.iter().copied());
        self.faults.note(place, words!("cli-unknown-code", key = key, value = value, known = known.join(", "), hint = hint));
    }

    fn fields(&mut self, mut section: Section<'_, '_>, known: &'static [Field]) -> BTreeMap<&'static str, Source> {
        let mut found = BTreeMap::new();
        for field in known {
            match section.value(field.name) {
                Some(value) => {
                    let name = section.path(field.name);
                    if let Some(source) = self.source(&name, value, field.takes) {
                        found.insert(field.name, source);
                    }
                }
                None if field.required => {
                    self.faults.note(&section.place(), words!("cli-missing-key", key = section.path(field.name)));
                }
                None => {}
            }
        }
        section.finish(&mut self.faults);
        found
    }

    /// `"column"` or `{ column | constant | parts = …, … }`.
    fn source(&mut self, name: &str, value: &toml::Spanned<DeValue<'_>>, takes: Takes) -> Option<Source> {
        match value.get_ref() {
            DeValue::String(column) => {
                if matches!(takes, Takes::Time | Takes::Date) {
                    self.faults.note(&value.span(), words!("cli-dates-needed", key = name));
                }
                Some(plain(self.column((column.to_string(), value.span()))))
            }
            DeValue::Table(table) => self.full(Section::new(name, table, value.span()), takes),
            _ => {
                self.faults.note(&value.span(), words!("cli-wrong-type", key = name, wanted = words!("cli-a-source")));
                None
            }
        }
    }

    fn column(&mut self, (column, place): Placed) -> From {
        let line = self.faults.line_of(place.start);
        self.columns.entry(column.clone()).or_insert(line);
        From::Column(column)
    }

    fn full(&mut self, mut section: Section<'_, '_>, takes: Takes) -> Option<Source> {
        let place = section.place();
        let constant = section.string("constant", &mut self.faults);
        let column = section.string("column", &mut self.faults);
        let parts = section.value("parts").map(|value| self.parts(&section.path("parts"), value));
        let join = section.string("join", &mut self.faults);
        if join.is_some() && parts.is_none() {
            self.faults.note(&place, words!("cli-join-without-parts", key = section.path("join")));
        }
        let froms = [constant.is_some(), column.is_some(), parts.is_some()].iter().filter(|there| **there).count();
        if froms != 1 {
            self.faults.note(&place, words!("cli-one-source", key = section.path("")));
        }
        let codes = if let Takes::Code(codes) = takes { codes() } else { Vec::new() };
        let prefix = section.string("prefix", &mut self.faults).map(|(text, _)| text).unwrap_or_default();
        let empty = section.strings("empty", &mut self.faults).into_iter().map(|(text, _)| text).collect();
        let default = section.string("default", &mut self.faults);
        let rule = self.rule(&mut section, takes, &codes);
        if !codes.is_empty() {
            for (text, place) in constant.iter().chain(&default) {
                self.known_code(&section.path(""), text, place, &codes);
            }
        }
        section.finish(&mut self.faults);
        let from = match (constant, column, parts) {
            (Some((text, _)), None, None) => From::Constant(text),
            (None, Some(column), None) => self.column(column),
            (None, None, Some(parts)) => From::Parts { parts, join: join.map_or_else(|| "\n".to_owned(), |(text, _)| text) },
            _ => return None,
        };
        Some(Source { from, prefix, empty, rule, default: default.map(|(text, _)| text) })
    }

    fn parts(&mut self, name: &str, value: &toml::Spanned<DeValue<'_>>) -> Vec<Source> {
        let Some(list) = value.get_ref().as_array() else {
            self.faults.note(&value.span(), words!("cli-wrong-type", key = name, wanted = words!("cli-a-list")));
            return Vec::new();
        };
        list.iter().enumerate().filter_map(|(index, one)| self.source(&format!("{name}[{}]", index + 1), one, Takes::Text)).collect()
    }

    fn rule(&mut self, section: &mut Section<'_, '_>, takes: Takes, codes: &[&str]) -> Rule {
        let mut rules = Vec::new();
        if let Some(mut table) = section.table("table", &mut self.faults) {
            let mut rows = BTreeMap::new();
            for ((from, _), (to, place)) in table.free_texts(&mut self.faults) {
                self.known_code(&section.path("table"), &to, &place, codes);
                rows.insert(from, to);
            }
            rules.push(Rule::Table(rows));
        }
        if let Some(list) = section.tables("contains", &mut self.faults) {
            let mut rows = Vec::new();
            for mut row in list {
                let text = row.string("text", &mut self.faults);
                let is = row.string("is", &mut self.faults);
                match (text, is) {
                    (Some((text, _)), Some((is, place))) => {
                        self.known_code(&row.path("is"), &is, &place, codes);
                        rows.push((text, is));
                    }
                    _ => self.faults.note(&row.place(), words!("cli-missing-key", key = row.path("text / is"))),
                }
                row.finish(&mut self.faults);
            }
            rules.push(Rule::Contains(rows));
        }
        if section.switch("limit", &mut self.faults) {
            rules.push(Rule::Limit);
        }
        let dates = section.strings("dates", &mut self.faults);
        for (format, place) in &dates {
            if StrftimeItems::new(format).any(|item| matches!(item, Item::Error)) {
                self.faults.note(place, words!("cli-bad-date-format", value = format.as_str()));
            }
        }
        if !dates.is_empty() {
            rules.push(Rule::Dates(dates.into_iter().map(|(format, _)| format).collect()));
        }
        if let Some((characters, _)) = section.string("split", &mut self.faults) {
            rules.push(Rule::Split(characters));
        }
        if rules.len() > 1 {
            self.faults.note(&section.place(), words!("cli-one-rule", key = section.path("")));
        }
        let rule = rules.pop().unwrap_or(Rule::Keep);
        let dated = matches!(rule, Rule::Dates(_));
        let wants_date = matches!(takes, Takes::Time | Takes::Date);
        if wants_date && !dated {
            self.faults.note(&section.place(), words!("cli-dates-needed", key = section.path("")));
        }
        if dated && !wants_date {
            self.faults.note(&section.place(), words!("cli-dates-elsewhere", key = section.path("")));
        }
        rule
    }

    fn known_code(&mut self, key: &str, value: &str, place: &std::ops::Range<usize>, codes: &[&str]) {
        if !codes.is_empty() && !codes.contains(&value) {
            self.unknown_code(key.trim_end_matches('.'), value, place, codes);
        }
    }
}

fn plain(from: From) -> Source {
    Source { from, prefix: String::new(), empty: Vec::new(), rule: Rule::Keep, default: None }
}
