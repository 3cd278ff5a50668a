//! Bulk import on the wire: a batch of rows with their line numbers, and what became of each.
use super::articles::NewArticle;
use crate::domain::Timestamp;
use crate::domain::limits::{Line, TicketKind};
use serde::{Deserialize, Serialize};

/// A past matter as an import brings it; both times are honest: what happened then, recorded now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportedTicket {
    /// The id the source gave it: importing it again changes nothing.
    pub external_id: String,
    /// 类型.
    pub kind: TicketKind,
    /// 线路.
    #[serde(default)]
    pub line: Line,
    /// 急难愁盼.
    #[serde(default)]
    pub urgent_class: Option<String>,
    /// 标题.
    pub title: String,
    /// 诉求.
    #[serde(default)]
    pub body: String,
    /// 地点.
    #[serde(default)]
    pub place: Option<String>,
    /// 承办单位 code; absent: dispatched to the import's default unit.
    #[serde(default)]
    pub unit: Option<String>,
    /// 受理时间.
    pub accepted_at: Timestamp,
    /// 反馈时间.
    #[serde(default)]
    pub replied_at: Option<Timestamp>,
    /// 反馈.
    #[serde(default)]
    pub reply: Option<String>,
}

/// One row of a batch.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Numbered<T> {
    /// Line of the file, from 1.
    pub line: u64,
    /// The row.
    pub row: T,
}

/// How a batch is taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportQuery {
    /// 试运行 (dry run): every row is judged as an import would, and nothing is kept, the key neither.
    #[serde(default)]
    pub dry_run: bool,
}

/// Most rows a batch has.
pub const MAX_BATCH: usize = 500;

/// A batch of tickets, at most [`MAX_BATCH`].
pub type TicketBatch = Vec<Numbered<ImportedTicket>>;
/// A batch of articles, at most [`MAX_BATCH`].
pub type ArticleBatch = Vec<Numbered<NewArticle>>;

/// A refused row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Refused {
    /// Line of the file.
    pub line: u64,
    /// Why, in words.
    pub why: String,
}

/// What became of a batch.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ImportOutcome {
    /// New ones.
    pub created: u64,
    /// Changed ones.
    pub updated: u64,
    /// Already there, the same.
    pub unchanged: u64,
    /// Refused.
    pub refused: Vec<Refused>,
}
