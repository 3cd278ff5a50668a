//! The tables a city keeps: classes of matters, urgent classes, company classes, reasons. Limits of days are not here:
//! they are the domain's limit rows.
use serde::{Deserialize, Serialize};

/// First level of 事项目录 (catalogue of matters).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MatterParent {
    /// The part of a class's code before the dot.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
}

/// Second level of 事项目录: what a ticket is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MatterClass {
    /// `parent.leaf`.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Unit codes it goes to by default, the lead first.
    pub units: Vec<String>,
    /// Last part of the code of the bureau of the place's district that goes first, where the matter is local (属地).
    #[serde(default)]
    pub bureau: Option<String>,
    /// Words that point to this class.
    pub keywords: Vec<String>,
}

impl MatterClass {
    /// The code of the first-level class.
    pub fn parent(&self) -> &str {
        self.code.split_once('.').map_or("", |(parent, _)| parent)
    }
}

/// 急难愁盼 (urgent class).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UrgentClass {
    /// `U1` to `U6`.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// Whether the rule names it; the others are slots with sample names.
    pub named: bool,
}

/// 涉企事项 (class of company matters).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnterpriseClass {
    /// `E01` to `E32`.
    pub code: String,
    /// A readable ASCII name.
    pub slug: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// 绿色通道 (green channel): due the same day.
    pub green_channel: bool,
}

/// 理由 (reason) for an act that must give one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Which act: `return`, `not_accepted`, `cancel`, `suspend`, `extension`, `rework` or `lift`.
    pub table: String,
    /// Unique within its table.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// English name.
    pub name_en: String,
    /// The sentence offered as a start for the note.
    pub basis: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CatalogueFile {
    pub parent: Vec<MatterParent>,
    pub class: Vec<MatterClass>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UrgentFile {
    pub class: Vec<UrgentClass>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EnterpriseFile {
    pub working_days: u32,
    pub working_days_before: u32,
    pub class: Vec<EnterpriseClass>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReasonFile {
    pub reason: Vec<Reason>,
}
