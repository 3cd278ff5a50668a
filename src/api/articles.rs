//! Knowledge articles on the wire.
use crate::domain::Timestamp;
use crate::domain::article::{ArticleText, PolicyLevel};
use crate::domain::ids::ArticleId;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// 知识条目 (article), whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ArticleRow {
    /// Identity.
    pub id: ArticleId,
    /// 版次.
    pub revision: i64,
    /// 短码.
    pub code: String,
    /// The id the import gave.
    pub external_id: Option<String>,
    /// 层级.
    pub level: PolicyLevel,
    /// 起施行.
    pub effective: Option<NaiveDate>,
    /// 失效.
    pub expiry: Option<NaiveDate>,
    /// 责任单位.
    pub owner: Option<String>,
    /// 替代它的条目.
    pub successor: Option<String>,
    /// When this revision was published.
    pub published_at: Timestamp,
    /// Its words.
    pub text: ArticleText,
}

/// What a search needs of an article: the index syncs these.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ArticleHead {
    /// Identity.
    pub id: ArticleId,
    /// 版次.
    pub revision: i64,
    /// 短码.
    pub code: String,
    /// The id the import gave.
    #[serde(default)]
    pub external_id: Option<String>,
    /// 层级.
    pub level: PolicyLevel,
    /// 标题.
    pub title: String,
    /// 关键词.
    pub keywords: Vec<String>,
    /// 文号.
    pub document_number: String,
    /// 失效.
    pub expiry: Option<NaiveDate>,
    /// When this revision was published.
    pub published_at: Timestamp,
}

/// A page of article heads.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct ArticleQuery {
    /// Where the last page ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows a page, at most 5,000 here: heads are small.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// 发布 (publish): a new article, or a new revision of the one with this code or external id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewArticle {
    /// 短码; absent: the next free one is given.
    #[serde(default)]
    pub code: Option<String>,
    /// The id the source gave it; the same id means the same article.
    #[serde(default)]
    pub external_id: Option<String>,
    /// 层级.
    pub level: PolicyLevel,
    /// 起施行.
    #[serde(default)]
    pub effective: Option<NaiveDate>,
    /// 失效.
    #[serde(default)]
    pub expiry: Option<NaiveDate>,
    /// 责任单位.
    #[serde(default)]
    pub owner: Option<String>,
    /// 替代它的条目.
    #[serde(default)]
    pub successor: Option<String>,
    /// Its words.
    pub text: ArticleText,
}

/// A question to the knowledge base.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct SearchQuery {
    /// What was typed: initials, full pinyin, hanzi, mixed, a code.
    pub q: String,
    /// At most this many hits, 10 where none is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// A hit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Hit {
    /// The article.
    pub id: ArticleId,
    /// 短码.
    pub code: String,
    /// The id the import gave.
    pub external_id: Option<String>,
    /// 标题.
    pub title: String,
    /// Higher is better, within one answer.
    pub score: i64,
    /// Which tier found it.
    pub reason: String,
    /// Characters of the title that matched, by index.
    pub matched: Vec<u32>,
}
