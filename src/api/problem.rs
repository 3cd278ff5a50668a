//! RFC 9457 problems: what went wrong, as a stable code with its arguments and words for whoever reads it raw.
use crate::domain::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// 问题 (problem), `application/problem+json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Problem {
    /// `urn:hotline:problem:CODE`.
    #[serde(rename = "type")]
    pub kind: String,
    /// HTTP status.
    pub status: u16,
    /// The stable code; see the README's list.
    pub code: String,
    /// Words, in the language the request asked for.
    pub title: String,
    /// More words where there are some.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The refusal itself, where the domain said no.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
    /// Seconds to wait before trying again, as in `Retry-After`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
}

impl Problem {
    /// A problem of this code.
    pub fn new(status: u16, code: &str, title: impl Into<String>) -> Self {
        Problem {
            kind: format!("urn:hotline:problem:{code}"),
            status,
            code: code.into(),
            title: title.into(),
            detail: None,
            refusal: None,
            retry_after: None,
        }
    }

    /// With more words.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// With a time to wait, in seconds.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({} {})", self.title, self.status, self.code)?;
        if let Some(detail) = &self.detail {
            write!(f, ": {detail}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}
