//! What a request can end in besides an answer: the domain said no, the protocol said no, or something broke.
use super::store::StoreError;
use crate::api::Problem;
use crate::domain::refusal::Refusal;

/// 故障或拒绝 (fault).
#[derive(Debug)]
pub enum Fault {
    /// The domain said no; 4xx, in words.
    Refused(Refusal),
    /// The protocol said no (key missing, twin in flight, body unreadable); 4xx.
    Problem(Box<Problem>),
    /// The store failed; 5xx, logged once.
    Store(StoreError),
    /// A fault of ours; 500, logged once.
    Broken(String),
}

impl Fault {
    /// A fault of ours.
    pub fn broken(what: impl Into<String>) -> Self {
        Fault::Broken(what.into())
    }
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Fault::Refused(refusal)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Fault::Store(error)
    }
}

impl From<Problem> for Fault {
    fn from(problem: Problem) -> Self {
        Fault::Problem(Box::new(problem))
    }
}

impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Self {
        Fault::Broken(error.to_string())
    }
}
