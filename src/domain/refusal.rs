//! 拒绝 (refusal): the domain said no, in a stable code with its arguments; words are put to it where it is shown.
use super::rights::Capability;
use super::ticket::{Act, Step};
use serde::{Deserialize, Serialize};

/// Why a command was refused. Each variant is one stable problem code of the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refusal {
    /// The step does not allow the act; `legal` is what it does allow to this person.
    IllegalStep {
        /// What was asked.
        act: Act,
        /// Where the ticket stands.
        step: Step,
        /// What could be done instead.
        legal: Vec<Act>,
    },
    /// The person lacks the capability.
    Forbidden {
        /// Which one.
        capability: Capability,
    },
    /// Somebody else was first.
    AlreadyClaimed {
        /// The winner's login.
        by: String,
    },
    /// The call is not in a state that allows the act.
    IllegalCall {
        /// What was asked.
        act: String,
        /// The call's state.
        state: String,
    },
    /// The call is another's: only who took it may do this.
    NotYours {
        /// The taker's login.
        by: String,
    },
    /// The person has a call in hand already, talking or held.
    CallInHand {
        /// That call's number, masked.
        number: String,
    },
    /// The ticket to merge into is not one that is still worked on.
    TargetClosed {
        /// Its number.
        number: String,
        /// Where it stands.
        step: Step,
    },
    /// 明文查看: the person may reveal, but not this: it is neither their call or ticket nor signed by their unit.
    NotInHand,
    /// 用户管理: nobody shuts themselves out; another administrator does that.
    NotOneself,
    /// A field is missing.
    Missing {
        /// Its name.
        field: String,
    },
    /// A field names something that no table has, or holds a value out of range.
    Unknown {
        /// Its name.
        field: String,
        /// What was given.
        value: String,
    },
    /// The thing exists already.
    Exists {
        /// What.
        what: String,
    },
    /// No such thing, or not for this person's eyes: the two are told apart nowhere.
    NotFound,
    /// The version the edit was made from is no longer the current one.
    Stale {
        /// The current version.
        current: i64,
    },
    /// An edit came without `If-Match`.
    MatchRequired,
}

impl Refusal {
    /// The HTTP status of this refusal.
    pub const fn status(&self) -> u16 {
        match self {
            Refusal::Forbidden { .. } | Refusal::NotInHand => 403,
            Refusal::NotFound => 404,
            Refusal::IllegalStep { .. } | Refusal::AlreadyClaimed { .. } | Refusal::IllegalCall { .. } | Refusal::Exists { .. } => 409,
            Refusal::NotOneself | Refusal::NotYours { .. } | Refusal::CallInHand { .. } | Refusal::TargetClosed { .. } => 409,
            Refusal::Stale { .. } => 412,
            Refusal::Missing { .. } | Refusal::Unknown { .. } => 422,
            Refusal::MatchRequired => 428,
        }
    }
}
