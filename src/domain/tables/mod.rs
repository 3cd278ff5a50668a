//! 配置表 (configuration tables): what `decide` reads besides the aggregate. Every row is an event, so that an
//! explanation, a rebuild and a look into the past read the rows of their own time.
mod change;
mod event;
mod judge;
mod rows;

pub use change::{FieldChange, changes};
pub use judge::judge;
pub use event::{TableEvent, TableName, table_id};
pub use rows::{ClassRow, EnterpriseRow, PhraseRow, ReasonRow, UnitRow, UrgentRow};

use super::calendar::Calendar;
use super::limits::{HandlerLevel, LimitRow, LimitTable};
use super::refusal::Refusal;
use super::rights::Role;
use super::ticket::Ticket;
use std::collections::BTreeMap;

/// The acts that say why, each with a table of reasons.
pub const REASON_TABLES: &[&str] = &["return", "not_accepted", "cancel", "suspend", "extension", "rework", "lift"];

/// What a new centre starts with.
#[derive(serde::Deserialize)]
struct Starter {
    unit: Vec<UnitRow>,
    phrase: Vec<PhraseRow>,
}

fn starter() -> Starter {
    match toml::from_str::<Starter>(include_str!("starter.toml")) {
        Ok(file) => file,
        // invariant: the file is embedded, and a test of the command line reads it.
        Err(error) => unreachable!("starter.toml: {error}"),
    }
}

/// The example units a new centre starts with.
pub fn starter_units() -> Vec<UnitRow> {
    starter().unit
}

/// The 常用语 every centre starts with.
pub fn starter_phrases() -> Vec<PhraseRow> {
    starter().phrase
}

/// The tables as they stand.
#[derive(Debug, Clone)]
pub struct Tables {
    /// How many table events they are folded from: the number a node compares to know that its copy is old.
    pub version: i64,
    /// 承办单位, by code path.
    pub units: BTreeMap<String, UnitRow>,
    /// 事项目录.
    pub classes: BTreeMap<String, ClassRow>,
    /// 急难愁盼.
    pub urgent: BTreeMap<String, UrgentRow>,
    /// 涉企事项.
    pub enterprise: BTreeMap<String, EnterpriseRow>,
    /// 原因, by table and code.
    pub reasons: BTreeMap<(String, String), ReasonRow>,
    /// 常用语.
    pub phrases: BTreeMap<String, PhraseRow>,
    /// 角色.
    pub roles: BTreeMap<String, Role>,
    /// 时限.
    pub limits: LimitTable,
    /// 工作日历.
    pub calendar: Calendar,
    /// 退单裁定: after so many returns of a ticket an adjudicator decides, and that binds.
    pub returns_to_adjudication: i64,
}

impl Default for Tables {
    /// A centre before its first row: the shipped limits and calendar, no units.
    fn default() -> Self {
        Tables {
            version: 0,
            units: BTreeMap::new(),
            classes: BTreeMap::new(),
            urgent: BTreeMap::new(),
            enterprise: BTreeMap::new(),
            reasons: BTreeMap::new(),
            phrases: BTreeMap::new(),
            roles: BTreeMap::new(),
            limits: LimitTable::shipped("sichuan").unwrap_or_else(|| unreachable!("the sichuan set ships")),
            calendar: Calendar::shipped(),
            returns_to_adjudication: 3,
        }
    }
}

impl Tables {
    /// Folds one more row in. A row that is put again replaces what stood; limits keep their old versions.
    pub fn apply(&mut self, event: &TableEvent) {
        self.version += 1;
        match event {
            TableEvent::UnitPut(row) => drop(self.units.insert(row.code.clone(), row.clone())),
            TableEvent::ClassPut(row) => drop(self.classes.insert(row.code.clone(), row.clone())),
            TableEvent::UrgentPut(row) => drop(self.urgent.insert(row.code.clone(), row.clone())),
            TableEvent::EnterprisePut(row) => drop(self.enterprise.insert(row.code.clone(), row.clone())),
            TableEvent::ReasonPut(row) => drop(self.reasons.insert((row.table.clone(), row.code.clone()), row.clone())),
            TableEvent::PhrasePut(row) => drop(self.phrases.insert(row.code.clone(), row.clone())),
            TableEvent::RolePut(row) => drop(self.roles.insert(row.code.clone(), row.clone())),
            TableEvent::LimitPut(row) => {
                let rows = self.limits.rows().filter(|old| (&old.code, old.version) != (&row.code, row.version)).cloned();
                let rows = rows.chain([(**row).clone()]).collect();
                // A row that would leave the table without an answer for some ticket was refused before it became an event.
                if let Ok(limits) = LimitTable::from_rows(self.limits.name(), rows) {
                    self.limits = limits;
                }
            }
            TableEvent::YearImported(year) => drop(self.calendar.adopt(year.clone())),
        }
    }

    /// The row that stands under a key, as the event that would put it; of a limit its latest version.
    pub fn standing(&self, table: TableName, key: &str) -> Option<TableEvent> {
        match table {
            TableName::Unit => self.units.get(key).cloned().map(TableEvent::UnitPut),
            TableName::Class => self.classes.get(key).cloned().map(TableEvent::ClassPut),
            TableName::Urgent => self.urgent.get(key).cloned().map(TableEvent::UrgentPut),
            TableName::Enterprise => self.enterprise.get(key).cloned().map(TableEvent::EnterprisePut),
            TableName::Reason => {
                let (of, code) = key.split_once('/')?;
                self.reasons.get(&(of.to_owned(), code.to_owned())).cloned().map(TableEvent::ReasonPut)
            }
            TableName::Phrase => self.phrases.get(key).cloned().map(TableEvent::PhrasePut),
            TableName::Role => self.roles.get(key).cloned().map(TableEvent::RolePut),
            TableName::Limit => self.limits.rows().filter(|row| row.code == key).last().cloned().map(|row| TableEvent::LimitPut(Box::new(row))),
            TableName::Year => self.calendar.year(key.parse().ok()?).cloned().map(TableEvent::YearImported),
        }
    }

    /// A row as it is put over what stands: a limit that says something new gets the version after the last, because the
    /// tickets that run under the old one keep it; one that says the same is the one that stands.
    pub fn versioned(&self, event: TableEvent) -> TableEvent {
        let TableEvent::LimitPut(mut row) = event else { return event };
        if let Some(TableEvent::LimitPut(last)) = self.standing(TableName::Limit, &row.code) {
            row.version = last.version;
            if row != last {
                row.version += 1;
            }
        } else {
            row.version = 1;
        }
        TableEvent::LimitPut(row)
    }

    /// # Errors
    /// When no such unit is defined.
    pub fn require_unit(&self, code: &str) -> Result<(), Refusal> {
        known(self.units.contains_key(code), "unit", code)
    }

    /// # Errors
    /// When the catalogue has no such class, neither citizen nor enterprise.
    pub fn require_class(&self, code: &str) -> Result<(), Refusal> {
        known(self.classes.contains_key(code) || self.enterprise.contains_key(code), "class", code)
    }

    /// # Errors
    /// When there is no such urgent class.
    pub fn require_urgent(&self, code: &str) -> Result<(), Refusal> {
        known(self.urgent.contains_key(code), "urgent_class", code)
    }

    /// # Errors
    /// When the table has no such reason.
    pub fn require_reason(&self, table: &str, code: &str) -> Result<(), Refusal> {
        known(self.reasons.contains_key(&(table.to_owned(), code.to_owned())), "reason", code)
    }

    /// The limit row a ticket runs under: the one it wrote down, or before dispatch the one it would get.
    pub fn limit_of(&self, ticket: &Ticket) -> &LimitRow {
        let wrote = ticket.facts.limit.as_ref();
        wrote.and_then(|limit| self.limits.row(&limit.code, limit.version)).unwrap_or_else(|| self.limits.select(&ticket.limit_key()))
    }

    /// 承办层级 of a unit.
    pub fn level_of(&self, unit: &str) -> HandlerLevel {
        self.units.get(unit).map_or(HandlerLevel::City, |row| row.level)
    }
}

fn known(is: bool, field: &str, value: &str) -> Result<(), Refusal> {
    if is { Ok(()) } else { Err(Refusal::Unknown { field: field.into(), value: value.into() }) }
}
