//! The rows a centre configures. Names are table data, shown as they are; nothing personal stands here.
use crate::domain::limits::HandlerLevel;
use serde::{Deserialize, Serialize};

/// 承办单位 (unit): department, district bureau, township, utility, direct-handling point, outpost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct UnitRow {
    /// Dotted path from its parent, `east.zj`: a unit is within another when its code starts with it at a dot.
    pub code: String,
    /// 名称.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Kind, as the centre names it (`district`, `utility`, `direct_point` …).
    pub kind: String,
    /// 层级.
    pub level: HandlerLevel,
    /// 值班电话: an office's number, not a person's.
    pub duty_phone: Option<String>,
    /// 下班时间 (office close), `17:30` city time; where it says nothing, as the unit above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub office_close: Option<String>,
}

/// 事项 (class of matter) of the dispatch catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ClassRow {
    /// Code.
    pub code: String,
    /// 一级事项.
    pub parent: String,
    /// 名称.
    pub name: String,
    /// 默认承办单位.
    pub units: Vec<String>,
    /// Words that suggest it.
    pub keywords: Vec<String>,
}

/// 急难愁盼 (urgent class): colour-governed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct UrgentRow {
    /// Code.
    pub code: String,
    /// 名称.
    pub name: String,
    /// English name.
    pub name_en: String,
}

/// 涉企事项 (enterprise class): three working days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct EnterpriseRow {
    /// Code.
    pub code: String,
    /// 名称.
    pub name: String,
}

/// 原因 (reason) of a return, a cancellation, a suspension, an extension, a refusal to accept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ReasonRow {
    /// `return`, `not_accepted`, `cancel`, `suspend`, `extension`.
    pub table: String,
    /// Code.
    pub code: String,
    /// 名称.
    pub name: String,
    /// English name.
    pub name_en: String,
}

/// 常用语 (standard text): a block of words that is put into a text by a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PhraseRow {
    /// Code.
    pub code: String,
    /// 名称.
    pub name: String,
    /// The words.
    pub text: String,
    /// Only for this unit and those below it; for everybody where none is named.
    #[serde(default)]
    pub unit: Option<String>,
}
