//! The envelope every event travels in, and nothing about what a particular event says.
use super::Timestamp;
use super::ids::{CallId, ContentId, EventId, UserId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// 中心 (centre): one 12345 centre; every key and every statement starts with it.
pub type CentreId = i64;

/// 聚合 (aggregate): the kinds of thing that have a history of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AggregateKind {
    /// 工单.
    Ticket,
    /// 通话.
    Call,
    /// 知识条目.
    Article,
    /// 用户.
    User,
    /// 表行 (a row of a configuration table: unit, class, limit, calendar year …).
    Table,
    /// 查阅 (who was shown what).
    Access,
    /// 来电人 (what is noted of a caller).
    Caller,
}

impl AggregateKind {
    /// Every kind, in the order a rebuild takes them: tables and users first, because the others are read by them.
    pub const ALL: [AggregateKind; 7] = [
        AggregateKind::Table,
        AggregateKind::User,
        AggregateKind::Article,
        AggregateKind::Call,
        AggregateKind::Ticket,
        AggregateKind::Access,
        AggregateKind::Caller,
    ];

    /// The code stored in the log.
    pub const fn code(self) -> &'static str {
        match self {
            AggregateKind::Ticket => "ticket",
            AggregateKind::Call => "call",
            AggregateKind::Article => "article",
            AggregateKind::User => "user",
            AggregateKind::Table => "table",
            AggregateKind::Access => "access",
            AggregateKind::Caller => "caller",
        }
    }

    /// The kind a stored code names; `None` for a kind this version does not know (it is tolerated, not an error).
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// 行为人 (actor): who did it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Actor {
    /// A person with a seat or a desk.
    User(UserId),
    /// The exchange that reports a call, by its configured code.
    Exchange(String),
    /// The product itself: the sweep, an import, the first start.
    System,
}

/// 起因 (cause): the command, and where there is one the call, that an event came from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// The idempotency key of the command.
    pub command_key: Option<String>,
    /// The call in hand when the command was given.
    pub call: Option<CallId>,
}

/// 内容引用 (content reference): free text by id and keyed digest; the text itself lives in the content store and
/// can be erased there while the log and its chain stay whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ContentRef {
    /// Which revision of which text.
    pub id: ContentId,
    /// HMAC-SHA-256 of the text under the centre's digest key, base64url, first 22 characters.
    pub digest: String,
}

/// 信封 (envelope) of one event, as the log keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    /// UUIDv7.
    pub id: EventId,
    /// Whose log.
    pub centre: CentreId,
    /// What kind of thing it happened to.
    pub aggregate: AggregateKind,
    /// Which one.
    pub aggregate_id: Uuid,
    /// Dense per aggregate, from 1.
    pub version: i64,
    /// `ticket.dispatched` and so on.
    pub kind: String,
    /// Version of the payload's shape; older shapes are upcast on reading.
    pub schema: i64,
    /// When it happened in the world; clocks use it.
    pub occurred_at: Timestamp,
    /// When we knew; never decreasing along positions.
    pub recorded_at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// Why.
    pub cause: Cause,
    /// 轮次: which round of handling, from 1; 0 where rounds have no meaning.
    pub round: i64,
    /// The event itself, canonical JSON text: no free text, no personal data.
    pub payload: String,
}

/// An event enum that can be put into and taken out of an envelope.
pub trait Payload: Serialize + for<'de> Deserialize<'de> {
    /// Which aggregate it belongs to.
    const AGGREGATE: AggregateKind;

    /// `(kind, payload)` as the log stores them.
    ///
    /// # Errors
    /// When serialisation fails, which a plain enum of values never does.
    fn pack(&self) -> serde_json::Result<(String, String)> {
        let value = serde_json::to_value(self)?;
        let kind = value.get("kind").and_then(|kind| kind.as_str()).unwrap_or_default();
        let body = value.get("payload").cloned().unwrap_or(serde_json::Value::Null);
        Ok((format!("{}.{}", Self::AGGREGATE.code(), kind), serde_json::to_string(&body)?))
    }

    /// The event a stored kind and payload say; `Ok(None)` for a kind this version does not know.
    ///
    /// # Errors
    /// When the kind is known and the payload does not have its shape: a damaged log.
    fn unpack(kind: &str, payload: &str) -> serde_json::Result<Option<Self>> {
        let Some((_, name)) = kind.split_once('.') else { return Ok(None) };
        let body: serde_json::Value = serde_json::from_str(payload)?;
        let whole = if body.is_null() {
            serde_json::json!({ "kind": name })
        } else {
            serde_json::json!({ "kind": name, "payload": body })
        };
        match serde_json::from_value(whole) {
            Ok(event) => Ok(Some(event)),
            Err(error) if error.to_string().starts_with("unknown variant") => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Is there such a kind among these events?
    fn has(kind: &str) -> bool {
        let own = kind.split_once('.').is_some_and(|(of, _)| of == Self::AGGREGATE.code());
        own && !matches!(Self::unpack(kind, "null"), Ok(None))
    }
}
