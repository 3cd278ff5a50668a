//! 配置表 (configuration tables): putting rows from a file, with every fault of it at its line before anything is sent;
//! showing what stands, and what a row has been through. The calendar comes in by a verb of its own (`import`).
use super::{Exit, Failure, Session};
use crate::api::settings::{HistoryQuery, PutRow, TablesView};
use crate::config::Fault;
use crate::config::located::{Faults, Section, did_you_mean};
use crate::domain::limits::{DayEnd, HandlerLevel};
use crate::domain::tables::{ClassRow, EnterpriseRow, PhraseRow, REASON_TABLES, ReasonRow, TableName, UnitRow, UrgentRow};
use crate::words;
use clap::{Subcommand, ValueEnum};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// 配置表 (tables).
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// 写入一个文件里的行：[[unit]] [[class]] [[urgent]] [[enterprise]] [[reason]] [[phrase]] [[limit]] [[role]] Put the rows of a TOML file; a row put again replaces the one that stood
    Put {
        /// 文件 file
        file: PathBuf,
        /// 只看会改动什么，不写入 show what would move, put nothing
        #[arg(long)]
        dry_run: bool,
    },
    /// 显示现有的行 Show the rows that stand
    List {
        /// 只看一张表 one table only
        table: Option<Table>,
    },
    /// 一行的历史：谁在何时由什么改为什么 The history of a row: who, when, from what to what
    History {
        /// 表 table
        table: Table,
        /// 代码；原因为 表/代码，日历为年份 code; of a reason TABLE/CODE, of a calendar the year
        code: String,
    },
}

/// A table by its name in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
#[allow(missing_docs, reason = "named as in the file")]
pub enum Table {
    Unit,
    Class,
    Urgent,
    Enterprise,
    Reason,
    Phrase,
    Limit,
    Role,
    Year,
}

impl Table {
    fn name(self) -> TableName {
        match self {
            Table::Unit => TableName::Unit,
            Table::Class => TableName::Class,
            Table::Urgent => TableName::Urgent,
            Table::Enterprise => TableName::Enterprise,
            Table::Reason => TableName::Reason,
            Table::Phrase => TableName::Phrase,
            Table::Limit => TableName::Limit,
            Table::Role => TableName::Role,
            Table::Year => TableName::Year,
        }
    }
}

pub(super) async fn run(session: &Session, verb: Verb) -> Result<Exit, Failure> {
    match verb {
        Verb::Put { file, dry_run } => {
            let place = file.display().to_string();
            let text = std::fs::read_to_string(&file).map_err(|error| Failure::Faults(vec![Fault::of(place.as_str(), error.to_string())]))?;
            let client = if dry_run { session.connect().await? } else { session.connect_or_new().await? };
            let known = client.tables().await?.units.into_iter().map(|unit| unit.code).collect();
            let rows = read(&place, &text, Some(known)).map_err(Failure::Faults)?;
            if dry_run {
                let preview = client.preview_tables(&rows).await?;
                if session.out.json {
                    session.out.value(&preview)?;
                } else {
                    super::history::tables(session, &preview)?;
                    session.out.line(&words!("cli-tables-would", rows = rows.len(), put = preview.put))?;
                }
                return Ok(Exit::Ok);
            }
            let answer = client.put_tables(&rows, &session.key()).await?;
            if session.out.json {
                session.out.value(&answer)?;
            } else {
                session.out.line(&words!("cli-tables-put", rows = rows.len(), put = answer["put"].as_i64().unwrap_or_default()))?;
            }
            Ok(Exit::Ok)
        }
        Verb::History { table, code } => {
            let query = HistoryQuery { table: table.name().code().to_owned(), code };
            super::history::told(session, &session.connect().await?.table_history(&query).await?.items)
        }
        Verb::List { table } => {
            let tables = session.connect().await?.tables().await?;
            if session.out.json {
                session.out.value(&tables)?;
            } else {
                session.out.columns(&columns(tables, table))?;
            }
            Ok(Exit::Ok)
        }
    }
}

fn columns(tables: TablesView, only: Option<Table>) -> Vec<Vec<String>> {
    let row = |table: &str, code: String, rest: Vec<String>| [vec![table.to_owned(), code], rest].concat();
    let units = tables.units.into_iter().map(|unit| (Table::Unit, row("unit", unit.code, vec![unit.level.code().into(), unit.name])));
    let classes = tables.classes.into_iter().map(|class| (Table::Class, row("class", class.code, vec![class.parent, class.name])));
    let urgent = tables.urgent.into_iter().map(|class| (Table::Urgent, row("urgent", class.code, vec![class.name])));
    let enterprise = tables.enterprise.into_iter().map(|class| (Table::Enterprise, row("enterprise", class.code, vec![class.name])));
    let reasons = tables.reasons.into_iter().map(|reason| (Table::Reason, row("reason", format!("{}/{}", reason.table, reason.code), vec![reason.name])));
    let phrases = tables.phrases.into_iter().map(|phrase| (Table::Phrase, row("phrase", phrase.code, vec![phrase.name, phrase.text])));
    let limits = tables.limits.into_iter().map(|limit| (Table::Limit, row("limit", limit.code, vec![format!("v{}", limit.version), format!("{} {}", limit.amount, limit.unit), limit.source])));
    let roles = tables.roles.into_iter().map(|role| (Table::Role, row("role", role.code, vec![role.name, role.capabilities.iter().map(|one| one.code()).collect::<Vec<_>>().join(" ")])));
    let years = tables.years.into_iter().map(|year| (Table::Year, row("year", year.year.to_string(), vec![year.days.len().to_string(), year.source])));
    let all = units.chain(classes).chain(urgent).chain(enterprise).chain(reasons).chain(phrases).chain(limits).chain(roles).chain(years);
    all.filter(|(table, _)| only.is_none_or(|only| only == *table)).map(|(_, row)| row).collect()
}

/// The rows of a file, given the codes of the units that stand already; none where that is not known, and units that are
/// named are then not looked up.
///
/// # Errors
/// All its faults at once.
pub fn read(file: &str, text: &str, units: Option<BTreeSet<String>>) -> Result<Vec<PutRow>, Vec<Fault>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader { faults: Faults::new(file, text), units, seen: BTreeSet::new() };
    let document = reader.faults.document(text);
    if !reader.faults.is_empty() {
        return Err(reader.faults.take());
    }
    let mut root = Section::new("", document.get_ref(), 0..0);
    let mut sections = |key| root.tables(key, &mut reader.faults).unwrap_or_default();
    let (unit, class, urgent, enterprise, reason) = (sections("unit"), sections("class"), sections("urgent"), sections("enterprise"), sections("reason"));
    let (phrase, limit, role) = (sections("phrase"), sections("limit"), sections("role"));
    root.finish(&mut reader.faults);
    let mut rows = Vec::new();
    // Units first: the others name them. Parents may stand below their children in the file.
    if let Some(units) = &mut reader.units {
        units.extend(unit.iter().filter_map(|section| section.peek("code")));
    }
    rows.extend(unit.into_iter().filter_map(|section| reader.unit(section)).map(PutRow::Unit));
    rows.extend(class.into_iter().filter_map(|section| reader.class(section)).map(PutRow::Class));
    rows.extend(urgent.into_iter().filter_map(|section| reader.urgent(section)).map(PutRow::Urgent));
    rows.extend(enterprise.into_iter().filter_map(|section| reader.enterprise(section)).map(PutRow::Enterprise));
    rows.extend(reason.into_iter().filter_map(|section| reader.reason(section)).map(PutRow::Reason));
    rows.extend(phrase.into_iter().filter_map(|section| reader.phrase(section)).map(PutRow::Phrase));
    rows.extend(limit.into_iter().filter_map(|section| reader.whole(section, Table::Limit, &[("version", toml::Value::Integer(1)), ("retired", toml::Value::Boolean(false))])).map(|row| PutRow::Limit(Box::new(row))));
    rows.extend(role.into_iter().filter_map(|section| reader.whole(section, Table::Role, &[])).map(PutRow::Role));
    if reader.faults.is_empty() { Ok(rows) } else { Err(reader.faults.take()) }
}

struct Reader<'a> {
    faults: Faults<'a>,
    /// Those that stand and those of the file; none where nobody can say what stands.
    units: Option<BTreeSet<String>>,
    seen: BTreeSet<(Table, String)>,
}

impl Reader<'_> {
    /// A text that must be there and say something.
    fn needed(&mut self, section: &mut Section<'_, '_>, key: &'static str) -> Option<String> {
        if !section.has(key) {
            section.value(key);
            self.faults.note(&section.place(), words!("cli-missing-key", key = section.path(key)));
            return None;
        }
        let (text, place) = section.string(key, &mut self.faults)?;
        if text.trim().is_empty() {
            self.faults.note(&place, words!("cli-missing-key", key = section.path(key)));
            return None;
        }
        Some(text.trim().to_owned())
    }

    /// A text that may be absent.
    fn maybe(&mut self, section: &mut Section<'_, '_>, key: &'static str) -> Option<String> {
        section.string(key, &mut self.faults).map(|(text, _)| text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// The code of a row: once in its table, and of characters that stand in an address.
    fn code(&mut self, section: &mut Section<'_, '_>, table: Table, within: &str) -> Option<String> {
        let code = self.needed(section, "code")?;
        let place = section.value("code").map_or(0..0, toml::Spanned::span);
        if !code.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_')) || code.split('.').any(str::is_empty) {
            self.faults.note(&place, words!("cli-bad-code", value = code.as_str()));
        } else if !self.seen.insert((table, format!("{within}/{code}"))) {
            self.faults.note(&place, words!("cli-code-twice", value = code.as_str()));
        }
        Some(code)
    }

    /// A row whose fields are those of its own type; what is in `left_out` need not be said.
    fn whole<T: DeserializeOwned + Serialize>(&mut self, mut section: Section<'_, '_>, table: Table, left_out: &[(&str, toml::Value)]) -> Option<T> {
        let code = self.code(&mut section, table, "")?;
        let mut fields = section.all();
        fields.insert("code".into(), toml::Value::String(code));
        for (name, value) in left_out {
            fields.entry(*name).or_insert_with(|| value.clone());
        }
        let given: Vec<String> = fields.keys().cloned().collect();
        let row: T = match fields.try_into() {
            Ok(row) => row,
            Err(error) => {
                self.faults.note(&section.place(), error.to_string().trim().to_owned());
                return None;
            }
        };
        // A field the row does not have would be passed over in silence.
        let known = serde_json::to_value(&row).ok().and_then(|value| value.as_object().cloned()).unwrap_or_default();
        let mut good = true;
        for key in given.iter().filter(|key| !known.contains_key(*key)) {
            let hint = did_you_mean(key, known.keys().map(String::as_str));
            self.faults.note(&section.place(), words!("cli-unknown-key", key = section.path(key), hint = hint));
            good = false;
        }
        good.then_some(row)
    }

    fn unit_known(&mut self, code: &str, place: &std::ops::Range<usize>) {
        if let Some(units) = self.units.as_ref().filter(|units| !units.contains(code)) {
            let hint = did_you_mean(code, units.iter().map(String::as_str));
            self.faults.note(place, words!("cli-unknown-unit", value = code, hint = hint));
        }
    }

    fn unit(&mut self, mut section: Section<'_, '_>) -> Option<UnitRow> {
        let s = &mut section;
        let (code, name) = (self.code(s, Table::Unit, ""), self.needed(s, "name"));
        if let Some((parent, _)) = code.as_deref().and_then(|code| code.rsplit_once('.')) {
            let place = s.value("code").map_or(0..0, toml::Spanned::span);
            self.unit_known(parent, &place);
        }
        let (name_en, kind) = (self.maybe(s, "name_en"), self.maybe(s, "kind"));
        let level = self.needed(s, "level").and_then(|level| {
            let found = HandlerLevel::from_code(&level);
            if found.is_none() {
                let codes = HandlerLevel::ALL.iter().map(|level| level.code());
                let place = s.value("level").map_or(0..0, toml::Spanned::span);
                self.faults.note(&place, words!("cli-not-one-of", value = level.as_str(), known = codes.collect::<Vec<_>>().join(" | ")));
            }
            found
        });
        let (duty_phone, office_close) = (self.maybe(s, "duty_phone"), self.maybe(s, "office_close"));
        if let Some(close) = office_close.as_deref().filter(|close| DayEnd::parse(close).is_none()) {
            let place = s.value("office_close").map_or(0..0, toml::Spanned::span);
            self.faults.note(&place, words!("cli-not-one-of", value = close, known = "HH:MM"));
        }
        section.finish(&mut self.faults);
        let (code, name) = (code?, name?);
        Some(UnitRow { name_en: name_en.unwrap_or_else(|| name.clone()), code, name, kind: kind.unwrap_or_else(|| "unit".into()), level: level?, duty_phone, office_close })
    }

    fn class(&mut self, mut section: Section<'_, '_>) -> Option<ClassRow> {
        let s = &mut section;
        let (code, name, parent) = (self.code(s, Table::Class, ""), self.needed(s, "name"), self.needed(s, "parent"));
        let units = s.strings("units", &mut self.faults);
        for (unit, place) in &units {
            self.unit_known(unit, place);
        }
        let keywords = s.strings("keywords", &mut self.faults).into_iter().map(|(word, _)| word).collect();
        section.finish(&mut self.faults);
        Some(ClassRow { code: code?, parent: parent?, name: name?, units: units.into_iter().map(|(unit, _)| unit).collect(), keywords })
    }

    fn urgent(&mut self, mut section: Section<'_, '_>) -> Option<UrgentRow> {
        let (code, name) = (self.code(&mut section, Table::Urgent, ""), self.needed(&mut section, "name"));
        let name_en = self.maybe(&mut section, "name_en");
        section.finish(&mut self.faults);
        let name = name?;
        Some(UrgentRow { code: code?, name_en: name_en.unwrap_or_else(|| name.clone()), name })
    }

    fn enterprise(&mut self, mut section: Section<'_, '_>) -> Option<EnterpriseRow> {
        let (code, name) = (self.code(&mut section, Table::Enterprise, ""), self.needed(&mut section, "name"));
        section.finish(&mut self.faults);
        Some(EnterpriseRow { code: code?, name: name? })
    }

    fn phrase(&mut self, mut section: Section<'_, '_>) -> Option<PhraseRow> {
        let s = &mut section;
        let (code, name, text) = (self.code(s, Table::Phrase, ""), self.needed(s, "name"), self.needed(s, "text"));
        let unit = self.maybe(s, "unit");
        if let Some(unit) = unit.as_deref() {
            let place = s.value("unit").map_or(0..0, toml::Spanned::span);
            self.unit_known(unit, &place);
        }
        section.finish(&mut self.faults);
        Some(PhraseRow { code: code?, name: name?, text: text?, unit })
    }

    fn reason(&mut self, mut section: Section<'_, '_>) -> Option<ReasonRow> {
        let s = &mut section;
        let table = self.needed(s, "table");
        if let Some(table) = table.as_deref().filter(|table| !REASON_TABLES.contains(table)) {
            let place = s.value("table").map_or(0..0, toml::Spanned::span);
            self.faults.note(&place, words!("cli-not-one-of", value = table, known = REASON_TABLES.join(" | ")));
        }
        let (code, name) = (self.code(s, Table::Reason, table.as_deref().unwrap_or_default()), self.needed(s, "name"));
        let name_en = self.maybe(s, "name_en");
        section.finish(&mut self.faults);
        let name = name?;
        Some(ReasonRow { table: table?, code: code?, name_en: name_en.unwrap_or_else(|| name.clone()), name })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_units_a_centre_starts_with_are_in_the_form_it_puts_its_own_in() {
        let rows = read("starter.toml", include_str!("../domain/tables/starter.toml"), Some(BTreeSet::new())).unwrap();
        let units: Vec<_> = rows.iter().filter_map(|row| if let PutRow::Unit(unit) = row { Some(unit.clone()) } else { None }).collect();
        assert_eq!(units, crate::domain::tables::starter_units());
        assert!(units.iter().all(|unit| unit.name.contains("示例") && unit.name_en.contains("example")), "nobody takes them for real ones");
    }

    #[test]
    fn every_fault_of_a_file_is_told_at_its_line() {
        let text = "[[unit]]\ncode = \"city.east\"\nname = \"东区\"\nlevel = \"county\"\n\n[[unit]]\ncode = \"a b\"\nname = \" \"\nlevel = \"countyy\"\nduty_phne = \"0\"\n\n\
                    [[class]]\ncode = \"noise\"\nparent = \"环境\"\nname = \"噪声\"\nunits = [\"city.east\", \"city.wset\"]\n\n[[class]]\ncode = \"noise\"\n\n[[reason]]\ntable = \"refund\"\ncode = \"x\"\nname = 7\n\n[units]\n";
        let faults = read("t.toml", text, Some(BTreeSet::from(["city.west".to_owned()]))).unwrap_err();
        let lines: BTreeSet<u64> = faults.iter().filter_map(|fault| fault.line).collect();
        assert_eq!(lines, BTreeSet::from([2, 7, 8, 9, 10, 16, 18, 19, 22, 24, 26]), "{faults:#?}");
        assert!(faults.iter().any(|fault| fault.text.contains("city.west")), "{faults:#?}");
        let good = read("t.toml", "[[unit]]\ncode = \"city.east\"\nname = \"东区\"\nlevel = \"county\"\n", Some(BTreeSet::from(["city".to_owned()]))).unwrap();
        assert_eq!(good.len(), 1);
    }
}
