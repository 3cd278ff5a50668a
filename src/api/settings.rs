//! The tables a console shows names from, the calendar, the clock.
use crate::domain::Timestamp;
use crate::domain::calendar::CalendarYear;
use crate::domain::limits::LimitRow;
use crate::domain::rights::Role;
use crate::domain::tables::{ClassRow, EnterpriseRow, FieldChange, PhraseRow, ReasonRow, TableEvent, UnitRow, UrgentRow};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// 配置表 (tables), as a console loads them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TablesView {
    /// Version: ask again when an event says it is higher.
    pub version: i64,
    /// 承办单位.
    pub units: Vec<UnitRow>,
    /// 事项目录.
    pub classes: Vec<ClassRow>,
    /// 急难愁盼.
    pub urgent: Vec<UrgentRow>,
    /// 涉企事项.
    pub enterprise: Vec<EnterpriseRow>,
    /// 原因.
    pub reasons: Vec<ReasonRow>,
    /// 常用语.
    #[serde(default)]
    pub phrases: Vec<PhraseRow>,
    /// 角色与权限.
    #[serde(default)]
    pub roles: Vec<Role>,
    /// 时限, the rows that new tickets take.
    #[serde(default)]
    pub limits: Vec<LimitRow>,
    /// 日历年.
    #[serde(default)]
    pub years: Vec<CalendarYear>,
}

/// When is it due?
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DueQuery {
    /// Counted from the day after this moment or date (city time).
    pub from: String,
    /// How many working days.
    pub working_days: u32,
}

/// Then.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct DueAnswer {
    /// The last working day, city date; its end, 24:00, is the limit.
    pub due: NaiveDate,
    /// 暂定: a year on the way is not published.
    pub provisional: bool,
}

/// 拨钟 (advance): moves a test clock forward.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Advance {
    /// By this many seconds, never backwards.
    pub seconds: u64,
}

/// The store's clock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ClockView {
    /// Now.
    pub now: Timestamp,
}

/// A row of any table to be put.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PutRow {
    /// 承办单位.
    Unit(UnitRow),
    /// 事项.
    Class(ClassRow),
    /// 急难愁盼.
    Urgent(UrgentRow),
    /// 涉企事项.
    Enterprise(EnterpriseRow),
    /// 原因.
    Reason(ReasonRow),
    /// 常用语.
    Phrase(PhraseRow),
    /// 角色与权限.
    Role(Role),
    /// 时限: its version is the server's to give.
    Limit(Box<LimitRow>),
}

impl From<PutRow> for TableEvent {
    fn from(row: PutRow) -> TableEvent {
        match row {
            PutRow::Unit(row) => TableEvent::UnitPut(row),
            PutRow::Class(row) => TableEvent::ClassPut(row),
            PutRow::Urgent(row) => TableEvent::UrgentPut(row),
            PutRow::Enterprise(row) => TableEvent::EnterprisePut(row),
            PutRow::Reason(row) => TableEvent::ReasonPut(row),
            PutRow::Phrase(row) => TableEvent::PhrasePut(row),
            PutRow::Role(row) => TableEvent::RolePut(row),
            PutRow::Limit(row) => TableEvent::LimitPut(row),
        }
    }
}

/// Which row's history.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct HistoryQuery {
    /// The table: unit, class, urgent, enterprise, limit, year, reason, phrase, role.
    pub table: String,
    /// The row's code; of a reason `return/not_ours`, of a year its number.
    pub code: String,
}

/// 历史 (history): one change of a row or a user, from the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct HistoryRow {
    /// When.
    pub at: Timestamp,
    /// Who: a login, or `system`.
    pub by: String,
    /// What was done: `table.unit_put`, `user.changed`.
    pub kind: String,
    /// From what to what.
    pub changes: Vec<FieldChange>,
}

/// What putting a row would move.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct RowPreview {
    /// The table.
    pub table: String,
    /// The row's code.
    pub code: String,
    /// No such row stands yet.
    pub new: bool,
    /// Field by field; none: it stands like that already.
    pub changes: Vec<FieldChange>,
    /// Of a limit: how many open tickets run under the version that stands. They keep it until they are given another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep: Option<Tally>,
}

/// A count over open tickets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Tally {
    /// How many it concerns.
    pub count: i64,
    /// Of how many that were looked at.
    pub of: i64,
    /// There are more than were looked at: the count is a lower bound.
    pub more: bool,
}

/// What putting rows would move.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct TablesPreview {
    /// How many would be put.
    pub put: i64,
    /// Each row.
    pub rows: Vec<RowPreview>,
}

/// An open ticket whose limit a calendar moves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Moved {
    /// 工单号.
    pub number: String,
    /// Due by the calendar that stands.
    pub from: Option<Timestamp>,
    /// Due by the new one.
    pub to: Option<Timestamp>,
}

/// What taking in a calendar year would move.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct YearPreview {
    /// Which year.
    pub year: i32,
    /// It says something else than what stands.
    pub changed: bool,
    /// Day by day.
    pub changes: Vec<FieldChange>,
    /// How many open tickets' limits move.
    pub moves: Tally,
    /// The first of them, at most twenty.
    pub first: Vec<Moved>,
}
