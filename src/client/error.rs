//! What a request can fail with, told apart by what a person would do about it.
use crate::api::Problem;

/// 请求失败 (client error).
#[derive(Debug, Clone, thiserror::Error)]
pub enum ClientError {
    /// The server said no, in words.
    #[error("{0}")]
    Problem(Box<Problem>),
    /// Nobody answers: try again, what was typed is kept.
    #[error("{0}")]
    Unreachable(String),
    /// An answer that cannot be read: another program, another version.
    #[error("{0}")]
    Unexpected(String),
    /// The address cannot be used.
    #[error("{0}")]
    Address(String),
}

impl ClientError {
    /// The problem's stable code.
    pub fn code(&self) -> Option<&str> {
        match self {
            ClientError::Problem(problem) => Some(&problem.code),
            _ => None,
        }
    }

    /// The login has ended or never was.
    pub fn is_unauthorized(&self) -> bool {
        matches!(self, ClientError::Problem(problem) if problem.status == 401)
    }

    /// Whether the request may have been carried out all the same: then it is sent again under the same key.
    pub fn is_unknown(&self) -> bool {
        match self {
            ClientError::Unreachable(_) | ClientError::Unexpected(_) => true,
            ClientError::Problem(problem) => problem.status >= 500 || problem.code == "twin_in_flight",
            ClientError::Address(_) => false,
        }
    }
}

impl From<reqwest::Error> for ClientError {
    fn from(error: reqwest::Error) -> Self {
        // The address may hold a query; only the cause is told.
        let mut cause: &dyn std::error::Error = &error;
        while let Some(deeper) = cause.source() {
            cause = deeper;
        }
        ClientError::Unreachable(cause.to_string())
    }
}
