//! 来电人标注: what is noted of a caller, folded from their events. There is no row of it: a card asks for one caller at a time.
use super::{Answer, Outcome, Work, folded};
use crate::api::calls::{CallerNotesView, NoteRequest};
use crate::domain::call::{self, Call};
use crate::domain::caller::{self, CallerEvent, CallerNote, CallerNotes};
use crate::domain::event::CentreId;
use crate::domain::ids::{CallId, CallerId};
use crate::domain::refusal::Refusal;
use crate::domain::rights::Capability;
use crate::server::fault::Fault;
use crate::server::store::Tx;

/// What is noted of a caller.
///
/// # Errors
/// The store's, or a damaged log.
pub async fn of(tx: &mut Tx<'_>, centre: CentreId, caller: CallerId) -> Result<CallerNotes, Fault> {
    let notes = folded::<CallerEvent, CallerNotes>(tx, centre, caller.0, |notes, event, envelope| caller::fold(notes, event, envelope.version)).await?;
    Ok(notes.unwrap_or_default())
}

/// Notes something of the caller of a call: whoever took it may, and a supervisor.
pub fn note<'w>(mut work: Work<'w, '_>, id: CallId, request: NoteRequest) -> Outcome<'w> {
    Box::pin(async move {
        let work = &mut work;
        let call: Call = folded(work.tx, work.node.centre, id.0, call::fold).await?.ok_or(Refusal::NotFound)?;
        if request == NoteRequest::default() {
            return Err(Refusal::Missing { field: "note".into() }.into());
        }
        if let Some(viewer) = &work.asker.viewer
            && call.taken_by != Some(viewer.user)
            && !viewer.can(Capability::CallerRevealAny)
        {
            return Err(match call.taken_by {
                Some(taker) => Refusal::NotYours { by: work.node.login_of(work.tx, &taker.to_string()).await? },
                None => Refusal::IllegalCall { act: "note".into(), state: call.state.code().into() },
            }
            .into());
        }
        // Two notes of one caller at once: the second sees what the first did.
        work.tx.lock(call.caller.0).await?;
        let mut notes = of(work.tx, work.node.centre, call.caller).await?;
        let asked = CallerNote {
            language: request.language.map(Some).or(request.no_language.then_some(None)),
            tone: request.tone.map(Some).or(request.no_tone.then_some(None)),
            days: request.days,
        };
        for event in caller::decide(&notes, &asked, work.now)? {
            work.append(&event, call.caller.0, notes.version + 1, 0, None).await?;
            notes = caller::fold(Some(notes), &event, notes.version + 1).unwrap_or(notes);
        }
        Answer::json(200, &CallerNotesView { language: notes.language, tone: notes.tone(work.now) })
    })
}
