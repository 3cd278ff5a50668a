//! What an intake may bring besides the matter itself: the enterprise's own, and what its caller was promised.
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
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
}
