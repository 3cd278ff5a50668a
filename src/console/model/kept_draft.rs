//! A draft as it lies on this machine, and back again. What is in it is the draft's business; where it lies is `keep`'s.
use super::draft::Draft;
use super::edit::EditOf;
use super::outbox::Outgoing;
use crate::api::tickets::NewPromise;
use crate::domain::ids::{CallId, TicketId};
use crate::domain::limits::{Line, Tag, TicketKind};
use crate::domain::ticket::Act;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// 草稿 (draft) as it is kept on this machine: what was typed and chosen, and the key it may have been sent under.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[allow(missing_docs, reason = "named as the fields of Draft")]
pub struct KeptDraft {
    pub id: Uuid,
    pub call: Option<CallId>,
    pub line: Line,
    pub kind: Option<TicketKind>,
    pub title: String,
    pub matter: String,
    pub matter_code: Option<String>,
    pub place: String,
    pub body: String,
    pub unit: String,
    pub unit_code: Option<String>,
    pub urgent: Option<String>,
    pub tag: Option<Tag>,
    pub green: bool,
    pub promise: Option<NewPromise>,
    pub credit_code: String,
    pub industry: String,
    pub park: String,
    pub key: Option<String>,
    pub number: Option<String>,
    pub outgoing: Option<Outgoing>,
    pub edits: Option<EditOf>,
    /// These are words of a box instead of an intake.
    pub in_box: Option<BoxWords>,
}

/// Words written for an act on a ticket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BoxWords {
    /// The ticket.
    pub ticket: TicketId,
    /// The act.
    pub act: Act,
    /// As they were typed.
    pub text: String,
}

impl From<KeptDraft> for Draft {
    fn from(kept: KeptDraft) -> Draft {
        let mut draft = Draft {
            id: Some(kept.id),
            call: kept.call,
            line: kept.line,
            kind: kept.kind,
            matter_code: kept.matter_code,
            unit_code: kept.unit_code,
            urgent: kept.urgent,
            tag: kept.tag,
            green: kept.green,
            promise: kept.promise,
            key: kept.key,
            number: kept.number,
            outgoing: kept.outgoing,
            edits: kept.edits,
            ..Draft::default()
        };
        // Typed once more: a file is not trusted more than a person.
        draft.title.load(&kept.title);
        draft.matter.load(&kept.matter);
        draft.place.load(&kept.place);
        draft.body.load(&kept.body);
        draft.unit.load(&kept.unit);
        draft.credit_code.load(&kept.credit_code);
        draft.industry.load(&kept.industry);
        draft.park.load(&kept.park);
        draft
    }
}
