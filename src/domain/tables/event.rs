//! Table rows as events, and the identity a row has in the log.
use super::rows::{ClassRow, EnterpriseRow, PhraseRow, ReasonRow, UnitRow, UrgentRow};
use crate::domain::calendar::CalendarYear;
use crate::domain::event::{AggregateKind, Payload};
use crate::domain::limits::LimitRow;
use crate::domain::rights::Role;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// 表事件 (table event): one row put.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "payload", rename_all = "snake_case")]
pub enum TableEvent {
    /// 承办单位.
    UnitPut(UnitRow),
    /// 事项.
    ClassPut(ClassRow),
    /// 急难愁盼.
    UrgentPut(UrgentRow),
    /// 涉企事项.
    EnterprisePut(EnterpriseRow),
    /// 原因.
    ReasonPut(ReasonRow),
    /// 常用语.
    PhrasePut(PhraseRow),
    /// 角色.
    RolePut(Role),
    /// 时限.
    LimitPut(Box<LimitRow>),
    /// 日历年.
    YearImported(CalendarYear),
}

impl Payload for TableEvent {
    const AGGREGATE: AggregateKind = AggregateKind::Table;
}

/// Which table a row belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "named as the events are")]
pub enum TableName {
    Unit,
    Class,
    Urgent,
    Enterprise,
    Reason,
    Phrase,
    Role,
    Limit,
    Year,
}

impl TableName {
    /// Every table, in the order a screen shows them in.
    pub const ALL: [TableName; 9] = [
        TableName::Unit, TableName::Class, TableName::Urgent, TableName::Enterprise, TableName::Limit, TableName::Year, TableName::Reason, TableName::Phrase, TableName::Role,
    ];

    /// Its stable code.
    pub const fn code(self) -> &'static str {
        match self {
            TableName::Unit => "unit",
            TableName::Class => "class",
            TableName::Urgent => "urgent",
            TableName::Enterprise => "enterprise",
            TableName::Reason => "reason",
            TableName::Phrase => "phrase",
            TableName::Role => "role",
            TableName::Limit => "limit",
            TableName::Year => "year",
        }
    }

    /// The table a code names.
    pub fn from_code(code: &str) -> Option<TableName> {
        TableName::ALL.into_iter().find(|table| table.code() == code)
    }
}

impl TableEvent {
    /// The row as values, by the names of its fields.
    pub fn row(&self) -> serde_json::Value {
        let row = match self {
            TableEvent::UnitPut(row) => serde_json::to_value(row),
            TableEvent::ClassPut(row) => serde_json::to_value(row),
            TableEvent::UrgentPut(row) => serde_json::to_value(row),
            TableEvent::EnterprisePut(row) => serde_json::to_value(row),
            TableEvent::ReasonPut(row) => serde_json::to_value(row),
            TableEvent::PhrasePut(row) => serde_json::to_value(row),
            TableEvent::RolePut(row) => serde_json::to_value(row),
            TableEvent::LimitPut(row) => serde_json::to_value(row),
            TableEvent::YearImported(year) => serde_json::to_value(year),
        };
        row.unwrap_or_default()
    }

    /// The table and the row's key in it.
    pub fn key(&self) -> (TableName, String) {
        match self {
            TableEvent::UnitPut(row) => (TableName::Unit, row.code.clone()),
            TableEvent::ClassPut(row) => (TableName::Class, row.code.clone()),
            TableEvent::UrgentPut(row) => (TableName::Urgent, row.code.clone()),
            TableEvent::EnterprisePut(row) => (TableName::Enterprise, row.code.clone()),
            TableEvent::ReasonPut(row) => (TableName::Reason, format!("{}/{}", row.table, row.code)),
            TableEvent::PhrasePut(row) => (TableName::Phrase, row.code.clone()),
            TableEvent::RolePut(row) => (TableName::Role, row.code.clone()),
            TableEvent::LimitPut(row) => (TableName::Limit, row.code.clone()),
            TableEvent::YearImported(year) => (TableName::Year, year.year.to_string()),
        }
    }
}

/// A row's identity in the log: the same table and key always give the same one (a version-8 UUID over their digest).
pub fn table_id(table: TableName, key: &str) -> Uuid {
    let digest = ring::digest::digest(&ring::digest::SHA256, format!("{table:?}/{key}").as_bytes());
    let mut bytes = [0u8; 16];
    bytes.copy_from_slice(&digest.as_ref()[..16]);
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}
