//! What an intake may bring besides the matter itself: the enterprise's own, what its caller was promised, a leased number,
//! and what is done with it at once.
use crate::domain::Timestamp;
use crate::domain::ticket::PromiseKind;
use serde::{Deserialize, Serialize};

/// 企业档案 (enterprise profile).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EnterpriseProfile {
    /// 统一社会信用代码, with a right check character.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit_code: Option<String>,
    /// 行业.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub industry: Option<String>,
    /// 园区.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub park: Option<String>,
}

/// 承诺, as it is made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPromise {
    /// What.
    #[serde(default)]
    pub kind: PromiseKind,
    /// By when; a policy answer within the hour where nothing is said.
    #[serde(default)]
    pub due: Option<Timestamp>,
    /// In whose words.
    #[serde(default)]
    pub text: Option<String>,
    /// 上门地点, of an appointment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Who comes, where that is not the unit that handles the ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
}

/// 承诺, as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct PromiseRow {
    /// Its number within the ticket.
    pub no: u32,
    /// What.
    pub kind: PromiseKind,
    /// By when.
    pub due: Timestamp,
    /// In whose words, numbers masked.
    pub text: Option<String>,
    /// When it was kept.
    pub kept_at: Option<Timestamp>,
    /// 上门地点, numbers masked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Who comes, where that is not the unit that handles the ticket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visitor: Option<String>,
}

/// 预留编号 (lease of numbers): so that an intake taken while nobody answers has the number its caller was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LeaseNumbers {
    /// How many, 1–50.
    pub count: u32,
}

/// Numbers that are this seat's now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct LeasedNumbers {
    /// `20261122-0188`, ascending.
    pub numbers: Vec<String>,
}

/// What an intake does with the ticket in the same command.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Then {
    /// 受理待派.
    #[default]
    Nothing,
    /// 直接解答.
    Answer,
    /// 派单 to this unit.
    Dispatch {
        /// 承办单位 code.
        unit: String,
    },
}
