//! The tables a console shows names from, the calendar, the clock.
use crate::domain::Timestamp;
use crate::domain::tables::{ClassRow, EnterpriseRow, PhraseRow, ReasonRow, UnitRow, UrgentRow};
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
}
