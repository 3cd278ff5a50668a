//! The table of fields: which a target has, which must be there, and which hold codes or times.
use super::map::Target;
use crate::domain::article::PolicyLevel;
use crate::domain::limits::{Line, TicketKind};

/// What kind of value a field takes.
#[derive(Debug, Clone, Copy)]
pub enum Takes {
    /// Words.
    Text,
    /// One of these codes.
    Code(fn() -> Vec<&'static str>),
    /// A moment.
    Time,
    /// A date.
    Date,
    /// Several words.
    List,
}

/// One field.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// As the map writes it; the same as on the wire.
    pub name: &'static str,
    /// Whether every row must have it.
    pub required: bool,
    /// What it takes.
    pub takes: Takes,
}

const fn field(name: &'static str, required: bool, takes: Takes) -> Field {
    Field { name, required, takes }
}

fn kinds() -> Vec<&'static str> {
    TicketKind::ALL.iter().map(|kind| kind.code()).collect()
}

fn lines() -> Vec<&'static str> {
    Line::ALL.iter().map(|line| line.code()).collect()
}

/// The levels by their wire codes; the match below makes a new level a compile error here.
pub(super) const LEVELS: &[(&str, PolicyLevel)] = &[
    ("national", PolicyLevel::National),
    ("province", PolicyLevel::Province),
    ("city", PolicyLevel::City),
    ("district", PolicyLevel::District),
];

fn levels() -> Vec<&'static str> {
    LEVELS.iter().map(|(code, _)| *code).collect()
}

/// A past matter.
const TICKET: &[Field] = &[
    field("external_id", true, Takes::Text),
    field("kind", true, Takes::Code(kinds)),
    field("line", false, Takes::Code(lines)),
    field("urgent_class", false, Takes::Text),
    field("title", true, Takes::Text),
    field("body", false, Takes::Text),
    field("place", false, Takes::Text),
    field("unit", false, Takes::Text),
    field("accepted_at", true, Takes::Time),
    field("replied_at", false, Takes::Time),
    field("reply", false, Takes::Text),
];

/// A knowledge article.
const ARTICLE: &[Field] = &[
    field("external_id", true, Takes::Text),
    field("code", false, Takes::Text),
    field("level", true, Takes::Code(levels)),
    field("effective", false, Takes::Date),
    field("expiry", false, Takes::Date),
    field("owner", false, Takes::Text),
    field("successor", false, Takes::Text),
    field("title", true, Takes::Text),
    field("document_number", false, Takes::Text),
    field("issuer", false, Takes::Text),
    field("keywords", false, Takes::List),
    field("plain_answer", false, Takes::Text),
    field("clause", false, Takes::Text),
];

/// A step of guidance inside an article.
pub(super) const STEP: &[Field] = &[
    field("what", true, Takes::Text),
    field("who", false, Takes::Text),
    field("materials", false, Takes::Text),
    field("fee", false, Takes::Text),
    field("time", false, Takes::Text),
];

/// The fields of a target.
pub const fn fields(target: Target) -> &'static [Field] {
    match target {
        Target::Tickets => TICKET,
        Target::Articles => ARTICLE,
    }
}
