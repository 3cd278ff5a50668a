//! The live stream: frames of rows that enter, change in or leave a viewer's sight, in the log's order.
use super::articles::ArticleHead;
use super::calls::CallRow;
use super::tickets::TicketRow;
use crate::domain::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// One change of one row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "op", rename_all = "snake_case")]
pub enum Change {
    /// A ticket is in sight now, or has changed.
    Ticket {
        /// The row as it stands.
        row: Box<TicketRow>,
    },
    /// A call is in sight now, or has changed.
    Call {
        /// The row as it stands.
        row: Box<CallRow>,
    },
    /// An article was published.
    Article {
        /// What a search needs of it.
        row: Box<ArticleHead>,
    },
    /// A row has left this viewer's sight (re-dispatched to another unit).
    Leave {
        /// Which.
        id: Uuid,
    },
    /// 查看过频: somebody looks at more numbers than is usual; for those who audit.
    Overused {
        /// Who: login.
        by: String,
        /// How many within the window.
        count: i64,
        /// When.
        at: Timestamp,
    },
    /// The tables have changed: ask for them again.
    Tables {
        /// Their version.
        version: i64,
    },
    /// A kind this version does not know: tolerated.
    #[serde(other)]
    Unknown,
}

/// 帧 (frame): SSE event `frame`, whose id is `position`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Frame {
    /// The position this frame brings its viewer to.
    pub position: i64,
    /// The last position this viewer could have seen before it: a gap is certain where this is not what one has.
    pub prev: i64,
    /// Store time.
    pub at: Timestamp,
    /// What changed.
    pub changes: Vec<Change>,
}

/// 心跳 (heartbeat): SSE event `heartbeat`, every ten seconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Heartbeat {
    /// Store time.
    pub now: Timestamp,
    /// How fast the store's clock runs, 1 where it is the world's.
    pub rate: f64,
    /// High-water position.
    pub position: i64,
}

/// 重置 (reset): SSE event `reset`: what one has cannot be continued; load a snapshot and go on from `position`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Reset {
    /// Where the stream goes on.
    pub position: i64,
    /// Why, as a code: `ahead`, `too_old`, `garbage`, `clock`.
    pub reason: String,
}
