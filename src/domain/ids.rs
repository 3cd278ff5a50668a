//! Identities. Every aggregate is known by a UUIDv7; the number an operator speaks is something else.
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! identity {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }
        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> { Uuid::parse_str(text).map(Self) }
        }
        impl From<Uuid> for $name { fn from(id: Uuid) -> Self { Self(id) } }
    )*};
}

identity! {
    /// 工单 (ticket).
    TicketId,
    /// 通话 (call).
    CallId,
    /// 用户 (user of the console).
    UserId,
    /// 知识条目 (knowledge article).
    ArticleId,
    /// 来电人 (caller), whose name and number live in the vault only.
    CallerId,
    /// 事件 (event in the log).
    EventId,
    /// 内容 (a revision of free text in the content store).
    ContentId,
}
