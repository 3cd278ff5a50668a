//! Commands on calls.
use super::{Answer, Outcome, Work, folded};
use crate::api::calls::Ring;
use crate::api::tickets::PinRequest;
use crate::domain::call::{self, Call, CallCommand, CallState};
use crate::domain::ids::{CallId, CallerId, UserId};
use crate::domain::refusal::Refusal;
use crate::domain::ticket::Pin;
use crate::server::fault::Fault;
use crate::server::store::{callers, calls};
use uuid::Uuid;

/// Longest number an exchange may report, characters.
const LONGEST_NUMBER: usize = 32;

/// 来电: reported again, the same call is answered as it stands.
pub fn ring<'w>(mut work: Work<'w, '_>, ring: Ring) -> Outcome<'w> {
    Box::pin(async move {
        let work = &mut work;
        let centre = work.node.centre;
        let shown: usize = ring.number.chars().count();
        if shown > LONGEST_NUMBER || ring.number.chars().any(|c| !(c.is_ascii_digit() || matches!(c, '+' | '-' | '*' | '#' | ' '))) {
            return Err(Refusal::Unknown { field: "number".into(), value: format!("{shown} characters") }.into());
        }
        for (field, value) in [("exchange", Some(&ring.exchange)), ("exchange_call", Some(&ring.exchange_call)), ("district", ring.district.as_ref()), ("name", ring.name.as_ref())] {
            super::short(field, value.map(String::as_str))?;
        }
        if let Some(known) = calls::by_exchange(work.tx, centre, &ring.exchange, &ring.exchange_call).await? {
            return answer(work, CallId(known), 200).await;
        }
        let caller = callers::find_or_add(work.tx, centre, &work.node.keys, &ring.number, ring.name.as_deref(), CallerId(Uuid::now_v7()), work.now).await?;
        let command = CallCommand::Ring { exchange: ring.exchange, exchange_call: ring.exchange_call, line: ring.line, caller, district: ring.district };
        let id = CallId(Uuid::now_v7());
        happened(work, id, None, &command).await?;
        answer(work, id, 201).await
    })
}

/// 接听, 保持, 取回, 挂机, 结束整理, 放弃.
pub fn act<'w>(mut work: Work<'w, '_>, id: CallId, command: CallCommand) -> Outcome<'w> {
    Box::pin(async move {
        let work = &mut work;
        let call: Call = folded(work.tx, work.node.centre, id.0, call::fold).await?.ok_or(Refusal::NotFound)?;
        // Who comes too late is told who was first, whatever they have in hand.
        if let (CallCommand::Take(user), CallState::Ringing) = (&command, call.state) {
            one_at_a_time(work, id, *user).await?;
        }
        match happened(work, id, Some(call), &command).await {
            Err(Fault::Refused(Refusal::AlreadyClaimed { by })) => Err(Refusal::AlreadyClaimed { by: work.node.login_of(work.tx, &by).await? }.into()),
            Err(Fault::Refused(Refusal::NotYours { by })) => Err(Refusal::NotYours { by: work.node.login_of(work.tx, &by).await? }.into()),
            Err(other) => Err(other),
            Ok(()) => answer(work, id, 200).await,
        }
    })
}

/// One person talks with one caller: whoever has a call in hand, talking or held, ends it before they take another.
async fn one_at_a_time(work: &mut Work<'_, '_>, taking: CallId, user: UserId) -> Result<(), Fault> {
    // Two takes of one person at once: the second waits here and sees what the first did.
    work.tx.lock(user.0).await?;
    match calls::in_hand(work.tx, work.node.centre, user.0, taking.0).await? {
        Some(number) => Err(Refusal::CallInHand { number }.into()),
        None => Ok(()),
    }
}

/// 钉住答复依据: an edition that there is.
pub fn pin<'w>(mut work: Work<'w, '_>, id: CallId, request: PinRequest) -> Outcome<'w> {
    Box::pin(async move {
        super::articles::exist(&mut work, &[Pin { article: request.article, revision: request.revision }]).await?;
        act(work, id, CallCommand::Pin(request.article, request.revision)).await
    })
}

async fn happened(work: &mut Work<'_, '_>, id: CallId, call: Option<Call>, command: &CallCommand) -> Result<(), Fault> {
    let mut call = call;
    let by = work.asker.viewer.as_ref().map(|viewer| viewer.user);
    let events = call::decide(call.as_ref(), command, by)?;
    for event in &events {
        let version = call.as_ref().map_or(0, |call| call.version);
        let envelope = work.append(event, id.0, version + 1, 0, None).await?;
        call = call::fold(call, event, &envelope);
    }
    if let (Some(call), false) = (&call, events.is_empty()) {
        calls::save(work.tx, work.node.centre, call).await?;
    }
    Ok(())
}

async fn answer(work: &mut Work<'_, '_>, id: CallId, status: u16) -> Result<Answer, Fault> {
    let row = calls::row(work.tx, work.node.centre, id.0).await?.ok_or(Refusal::NotFound)?;
    let mut answer = Answer::json(status, &row)?;
    answer.etag = Some(row.version);
    Ok(answer)
}
