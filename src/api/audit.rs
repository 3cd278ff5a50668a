//! 明文查看与审计 on the wire: a reveal, who looked at a ticket, what everybody did, the chain that holds it together.
use crate::domain::Timestamp;
use crate::domain::access::RevealReason;
use crate::domain::ids::{CallerId, EventId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// 明文查看 (reveal): why somebody wants to see who called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RevealRequest {
    /// 事由.
    pub reason: RevealReason,
    /// 说明: needed where the reason is `other`.
    #[serde(default)]
    pub note: Option<String>,
}

/// Who called, in clear. It is on record before this is answered.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Revealed {
    /// The event it is on record by.
    pub event: EventId,
    /// Whose number it is, by identity.
    pub caller: CallerId,
    /// Who looks: login.
    pub by: String,
    /// Since when.
    pub at: Timestamp,
    /// How long it is to stay on a screen, seconds.
    pub seconds: u64,
    /// 号码. Absent where this answers a key again: a reveal shows once, whoever wants to look again says why again. Empty
    /// where the caller withheld it.
    pub number: Option<String>,
    /// 姓名; absent as the number is, empty where unknown.
    pub name: Option<String>,
}

/// Numbers and names never reach a log through `{:?}`.
impl std::fmt::Debug for Revealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Revealed").field("event", &self.event).field("by", &self.by).field("at", &self.at).finish_non_exhaustive()
    }
}

/// What leaves the hand is written over first: it does not lie in freed memory for a core dump to find.
impl Drop for Revealed {
    fn drop(&mut self) {
        for text in [self.number.take(), self.name.take()].into_iter().flatten() {
            let mut bytes = text.into_bytes();
            bytes.fill(0);
            std::hint::black_box(&bytes);
        }
    }
}

/// 查阅记录 (a look): who saw a ticket or its caller.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Look {
    /// When.
    pub at: Timestamp,
    /// Who: login.
    pub by: String,
    /// Their name, masked.
    pub name: String,
    /// `access.viewed`, `access.revealed`.
    pub kind: String,
    /// 事由, of a reveal.
    pub reason: Option<RevealReason>,
    /// 说明, numbers in it masked.
    pub note: Option<String>,
}

/// 审计查询 (which entries).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct AuditQuery {
    /// Who did it: login.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// A kind of event (`access.revealed`), or all of one aggregate (`access`, `ticket`, `call`, `user`, `table`, `article`), or
    /// `import`: what imports brought.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// What was done to this ticket, and who looked at it: its number or its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// Recorded at or after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Timestamp>,
    /// Recorded before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Timestamp>,
    /// Where the last page ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// Rows a page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// 审计行 (audit row): one event of the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct AuditRow {
    /// Position in the log.
    pub position: i64,
    /// The event.
    pub event: EventId,
    /// When it was recorded.
    pub at: Timestamp,
    /// When it happened.
    pub occurred_at: Timestamp,
    /// Who: a login, `exchange:CODE`, or `system`.
    pub by: String,
    /// What happened: `access.revealed`.
    pub kind: String,
    /// What it happened to.
    pub id: Uuid,
    /// The ticket's number, where it is about one.
    pub number: Option<String>,
    /// 说明 of a reveal, numbers in it masked.
    pub note: Option<String>,
    /// What the event says: ids, codes and digests, no text and no person.
    pub fields: serde_json::Value,
}

/// 链首 (head of the chain): kept elsewhere, it shows that what the log held then it still holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ChainHead {
    /// The last position; 0 before the first.
    pub position: i64,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// SHA-256 of the chain up to there, hexadecimal.
    pub hash: String,
}

/// From where to read the chain.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default)]
pub struct ChainQuery {
    /// After this position; 0 from the beginning.
    pub after: i64,
    /// At most so many positions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
}

/// A stretch of the chain, made again from the events themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ChainStretch {
    /// Where it ends, and the chain's hash there.
    pub head: ChainHead,
    /// The first position that is not what the chain says.
    pub broken_at: Option<i64>,
    /// This was the end of the log.
    pub ended: bool,
}
