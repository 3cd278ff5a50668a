//! The wire contract: serde types, and one descriptor per endpoint. Knows `domain` only.
//!
//! The router, the OpenAPI document, the authorization matrix and the typed client all read [`ENDPOINTS`].
pub mod articles;
pub mod audit;
pub mod calls;
mod clocks;
pub mod endpoint;
pub mod events;
pub mod import;
pub mod intake;
pub mod problem;
pub mod session;
pub mod settings;
pub mod tickets;

pub use endpoint::{ENDPOINTS, Endpoint, Method, Name};
pub use problem::Problem;

use serde::{Deserialize, Serialize};

/// Header of every write: the same key, user and route give the same answer for at least 72 hours.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// Header of a write that was given while nobody answered: how long ago, milliseconds by a clock that does not stop in sleep.
/// Not in the body, which is the same at every try.
pub const ACT_AGE: &str = "hotline-act-age";

/// Header of requests nobody waits for; they do not keep an embedded server up.
pub const BACKGROUND: &str = "x-hotline-background";

/// Longest text of one field, bytes.
pub const LONGEST_TEXT: usize = 64 * 1024;

/// Longest article, all its fields together as JSON, bytes.
pub const LONGEST_ARTICLE: usize = 16 * LONGEST_TEXT;

/// Largest page a list gives.
pub const MAX_LIMIT: u32 = 200;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Page<T> {
    /// The rows, in the list's order.
    pub items: Vec<T>,
    /// Cursor of the next page; absent on the last.
    pub next: Option<String>,
}
