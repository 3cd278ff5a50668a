//! 知识条目 (knowledge articles) of the sample city, as written. Revisions and search belong elsewhere.
use serde::{Deserialize, Serialize};

/// Whom an article is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// 企业 (companies).
    Enterprise,
    /// 群众 (citizens).
    Citizen,
}

/// 政策层级 (level of a policy).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PolicyLevel {
    /// 中央 (national).
    National,
    /// 省级 (province).
    Province,
    /// 市级 (city).
    City,
    /// 区县级 (district).
    District,
}

/// 步骤 (one step of 步骤导航).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Who does it, in words.
    pub who: String,
    /// What is done.
    pub what: String,
    /// Papers needed, or 无.
    pub materials: String,
    /// What it costs, or 无.
    pub fee: String,
    /// How long it takes, in words.
    pub time: String,
}

/// 知识条目 (article).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Article {
    /// `K0001` and on.
    pub code: String,
    /// Title, as a caller would ask.
    pub title: String,
    /// Class of matters it answers.
    pub class: String,
    /// Whom it is for.
    pub audience: Audience,
    /// Who made the policy.
    pub level: PolicyLevel,
    /// 文号 (document number), fictional.
    pub document_number: String,
    /// 发文单位 (issuer), in words.
    pub issuer: String,
    /// Code of the unit that keeps the article true.
    pub owner: String,
    /// First day it holds (city date).
    pub effective: chrono::NaiveDate,
    /// Last day it holds (city date), if it ends.
    #[serde(default)]
    pub expiry: Option<chrono::NaiveDate>,
    /// The article that took its place.
    #[serde(default)]
    pub successor: Option<String>,
    /// Words to find it by.
    pub keywords: Vec<String>,
    /// 企业语言 (plain answer), to be read aloud.
    pub answer: String,
    /// 依据 (clause), to be cited.
    pub clause: String,
    /// Steps, in order.
    pub steps: Vec<Step>,
}

impl Article {
    /// Whether the policy holds on that city date.
    pub fn holds_on(&self, day: chrono::NaiveDate) -> bool {
        self.effective <= day && self.expiry.is_none_or(|last| day <= last)
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ArticleFile {
    pub article: Vec<Article>,
}
