//! 知识条目 (knowledge article): its rules and references; its words live in the content store as one document.
use super::event::{AggregateKind, ContentRef, Envelope, Payload};
use super::ids::ArticleId;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// 层级 (level) that issued the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PolicyLevel {
    /// 国家.
    National,
    /// 省级.
    Province,
    /// 市级.
    City,
    /// 区县.
    District,
}

/// 步骤 (step of guidance): who does what, with what, for how much, how long.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct GuideStep {
    /// 做什么.
    pub what: String,
    /// 谁来做.
    #[serde(default)]
    pub who: String,
    /// 材料.
    #[serde(default)]
    pub materials: String,
    /// 费用.
    #[serde(default)]
    pub fee: String,
    /// 用时.
    #[serde(default)]
    pub time: String,
}

/// The words of one revision: what the content store keeps under the revision's reference.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ArticleText {
    /// 标题.
    pub title: String,
    /// 文号.
    #[serde(default)]
    pub document_number: String,
    /// 发布机关.
    #[serde(default)]
    pub issuer: String,
    /// 关键词.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// 企业语言: the plain answer to read aloud.
    #[serde(default)]
    pub plain_answer: String,
    /// 原文条款.
    #[serde(default)]
    pub clause: String,
    /// 步骤导航.
    #[serde(default)]
    pub steps: Vec<GuideStep>,
}

/// 知识事件 (article event).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "payload", rename_all = "snake_case")]
pub enum ArticleEvent {
    /// 发布: a new revision becomes the current one.
    Published {
        /// 短码.
        code: String,
        /// The id the import gave it.
        external_id: Option<String>,
        /// 层级.
        level: PolicyLevel,
        /// 起施行.
        effective: Option<NaiveDate>,
        /// 失效.
        expiry: Option<NaiveDate>,
        /// 责任单位.
        owner: Option<String>,
        /// 替代它的条目.
        successor: Option<String>,
        /// Its words.
        text: ContentRef,
    },
}

impl Payload for ArticleEvent {
    const AGGREGATE: AggregateKind = AggregateKind::Article;
}

/// 知识条目 (article).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Article {
    /// Identity.
    pub id: ArticleId,
    /// How many events it has, which is its revision as well.
    pub revision: i64,
    /// 短码 `K0412`.
    pub code: String,
    /// The id the import gave it.
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
    /// Its words.
    pub text: ContentRef,
    /// When this revision was published.
    pub published_at: super::Timestamp,
}

/// The article after one more event.
pub fn fold(_article: Option<Article>, event: &ArticleEvent, envelope: &Envelope) -> Option<Article> {
    let ArticleEvent::Published { code, external_id, level, effective, expiry, owner, successor, text } = event.clone();
    Some(Article {
        id: ArticleId(envelope.aggregate_id),
        revision: envelope.version,
        code,
        external_id,
        level,
        effective,
        expiry,
        owner,
        successor,
        text,
        published_at: envelope.occurred_at,
    })
}
