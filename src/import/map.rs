//! What a map says, once it has been read and found good. Not here: reading one (`read_map`), applying one (`source`).
use chrono::FixedOffset;
use std::collections::BTreeMap;

/// What the rows become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// 工单.
    Tickets,
    /// 知识条目.
    Articles,
}

impl Target {
    /// As the map writes it.
    pub const fn code(self) -> &'static str {
        match self {
            Target::Tickets => "tickets",
            Target::Articles => "articles",
        }
    }
}

/// How the file is written; always UTF-8, with or without a byte-order mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated, with a header line; a quoted field may hold line breaks.
    Csv,
    /// One JSON object a line.
    Jsonl,
}

/// 映射 (map): how one source's rows become ours.
#[derive(Debug, Clone)]
pub struct Map {
    /// The file it was read from, as the person named it.
    pub file: String,
    /// What the rows become.
    pub target: Target,
    /// How the data is written.
    pub format: Format,
    /// The zone of times that name none.
    pub offset: FixedOffset,
    /// What each field comes from.
    pub fields: Fields,
    /// Every column the map names, with the map's line that names it first.
    pub columns: BTreeMap<String, u64>,
}

/// The fields of the target, by name; which there are and which must be is in `fields`.
#[derive(Debug, Clone, Default)]
pub struct Fields {
    /// What each field comes from.
    pub one: BTreeMap<&'static str, Source>,
    /// 步骤导航 of an article: the fields of each step.
    pub steps: Vec<BTreeMap<&'static str, Source>>,
}

/// Where a value comes from and what is done to it.
#[derive(Debug, Clone)]
pub struct Source {
    /// Where from.
    pub from: From,
    /// Put in front, where there is a value.
    pub prefix: String,
    /// Texts that mean that there is no value.
    pub empty: Vec<String>,
    /// What is done to it.
    pub rule: Rule,
    /// Taken where there is no value, or the rule knows none.
    pub default: Option<String>,
}

/// Where a value comes from.
#[derive(Debug, Clone)]
pub enum From {
    /// The same for every row.
    Constant(String),
    /// A column of the file.
    Column(String),
    /// Several sources, those without a value left out.
    Parts {
        /// The sources.
        parts: Vec<Source>,
        /// What stands between them.
        join: String,
    },
}

/// What is done to a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// Nothing.
    Keep,
    /// The whole value is looked up.
    Table(BTreeMap<String, String>),
    /// The first row whose text the value contains.
    Contains(Vec<(String, String)>),
    /// A limit such as `20(工作日)`, `3(自然日)`, `无`, into words.
    Limit,
    /// A time or date, in the first of these formats that fits.
    Dates(Vec<String>),
    /// Several values, parted by any of these characters.
    Split(String),
}
