//! What can be undone, what was promised, the enterprise's own: over both databases.
use super::matrix::new_ticket;
use crate::store::raw::Raw;
use crate::support::backend::{Backend, Kind};
use hotline::api::calls::Ring;
use hotline::api::tickets::{ActRequest, EnterpriseProfile, NewPromise, NewTicket, PinRequest};
use hotline::client::{Client, ClientError, new_key};
use hotline::domain::ticket::{Act, PromiseKind, Step};
use hotline::domain::refusal::Refusal;

fn refused<T: std::fmt::Debug>(answer: Result<T, ClientError>) -> Refusal {
    match answer {
        Err(ClientError::Problem(problem)) => problem.refusal.unwrap(),
        other => panic!("{other:?}"),
    }
}

async fn act(client: &Client, row: &hotline::api::tickets::TicketRow, act: Act) -> Result<hotline::api::tickets::TicketRow, ClientError> {
    client.act(row.id, act, &ActRequest::default(), &new_key()).await
}

async fn a_dispatch_is_taken_back_for_ten_seconds(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let (operator, other) = (backend.as_user("op01").await, backend.as_user("op02").await);
    let handler = backend.as_user("h.dc.zjj").await;
    let wanted = new_ticket(Some("city.dc.zjj"));
    // At once with the intake: withdrawn whole.
    let row = operator.create_ticket(&wanted, &new_key()).await.unwrap();
    assert!(operator.ticket(row.id).await.unwrap().acts.contains(&Act::Undo));
    assert!(!other.ticket(row.id).await.unwrap().acts.contains(&Act::Undo));
    assert!(matches!(refused(act(&other, &row, Act::Undo).await), Refusal::IllegalStep { act: Act::Undo, .. }), "another's");
    let key = new_key();
    for _ in 0..2 {
        let undone = operator.act(row.id, Act::Undo, &ActRequest::default(), &key).await.unwrap();
        assert_eq!((undone.step, undone.unit), (Step::Cancelled, None), "once, however often it is asked for");
    }
    // By itself later: it waits to be dispatched again.
    let row = operator.create_ticket(&new_ticket(None), &new_key()).await.unwrap();
    let to = ActRequest { unit: Some("city.dc.zjj".into()), ..ActRequest::default() };
    operator.act(row.id, Act::Dispatch, &to, &new_key()).await.unwrap();
    let back = act(&operator, &row, Act::Undo).await.unwrap();
    assert_eq!((back.step, back.dispatched_at, back.clocks.due), (Step::Accepted, None, None));
    // Signed, or ten seconds on: it stands.
    let row = operator.create_ticket(&wanted, &new_key()).await.unwrap();
    act(&handler, &row, Act::Sign).await.unwrap();
    assert!(matches!(refused(act(&operator, &row, Act::Undo).await), Refusal::IllegalStep { step: Step::Signed, .. }));
    let row = operator.create_ticket(&wanted, &new_key()).await.unwrap();
    backend.admin.advance_clock(13).await.unwrap();
    assert!(matches!(refused(act(&operator, &row, Act::Undo).await), Refusal::IllegalStep { step: Step::Dispatched, .. }));
}

async fn what_was_promised_stands_on_the_card_until_it_is_kept(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let operator = backend.as_user("op01").await;
    let ring = Ring { exchange: "test".into(), exchange_call: "1".into(), line: Default::default(), number: "10000000421".into(), name: None, district: None };
    let call = backend.admin.ring(&ring, &new_key()).await.unwrap();
    operator.act_on_call(call.id, "take", &new_key()).await.unwrap();
    let promise = NewPromise { kind: PromiseKind::PolicyAnswer, due: None, text: Some("政策专员回电".into()), ..NewPromise::default() };
    let wanted = NewTicket { call: Some(call.id), promise: Some(promise), ..new_ticket(Some("city.dc.zjj")) };
    let row = operator.create_ticket(&wanted, &new_key()).await.unwrap();
    let card = operator.caller_card(call.id).await.unwrap();
    let open = &card.promises[0];
    assert_eq!((card.promises.len(), open.ticket, open.promise.no, open.promise.text.as_deref()), (1, row.id, 1, Some("政策专员回电")));
    assert_eq!((open.promise.due - row.accepted_at).num_minutes(), 60);
    act(&operator, &row, Act::KeepPromise).await.unwrap();
    assert!(operator.caller_card(call.id).await.unwrap().promises.is_empty());
    assert!(operator.ticket(row.id).await.unwrap().promises[0].kept_at.is_some());
    assert!(matches!(refused(act(&operator, &row, Act::KeepPromise).await), Refusal::IllegalStep { .. }), "none is open");
}

async fn an_enterprise_has_a_code_that_checks_and_a_pin_comes_off(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let operator = backend.as_user("op01").await;
    let profile = |code: &str| EnterpriseProfile { credit_code: Some(code.into()), industry: Some("软件".into()), park: None };
    let wanted = |code: &str| NewTicket { enterprise: Some(profile(code)), ..new_ticket(Some("city.dc.zjj")) };
    let wrong = refused(operator.create_ticket(&wanted("10000000000000000X"), &new_key()).await);
    assert!(matches!(&wrong, Refusal::Unknown { field, .. } if field == "credit_code"), "{wrong:?}");
    let row = operator.create_ticket(&wanted("10000000000000000y"), &new_key()).await.unwrap();
    assert_eq!(operator.ticket(row.id).await.unwrap().enterprise, Some(profile("10000000000000000Y")));
    let article = backend.admin.article_heads(&Default::default()).await.unwrap().items[0].clone();
    let ring = Ring { exchange: "test".into(), exchange_call: "1".into(), line: Default::default(), number: "10000000421".into(), name: None, district: None };
    let call = backend.admin.ring(&ring, &new_key()).await.unwrap();
    operator.act_on_call(call.id, "take", &new_key()).await.unwrap();
    let pin = PinRequest { article: article.id, revision: article.revision };
    assert_eq!(operator.pin(call.id, &pin, &new_key()).await.unwrap().pins.len(), 1);
    for _ in 0..2 {
        assert!(operator.unpin(call.id, &pin, &new_key()).await.unwrap().pins.is_empty());
    }
    let texts = operator.tables().await.unwrap().phrases;
    assert!(texts.len() >= 5 && texts.iter().all(|row| row.unit.is_none()));
}

/// The ticket's own flags of lateness, by the log.
fn lateness(detail: &hotline::api::tickets::TicketDetail) -> usize {
    let late = |entry: &&hotline::api::tickets::TimelineEntry| entry.kind == "ticket.flag_raised" && entry.fields["deadline"][1] == "promise";
    detail.timeline.iter().filter(late).count()
}

async fn a_promise_is_late_once_sorts_first_and_is_told_to_whoever_gave_or_keeps_it(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let (operator, other) = (backend.as_user("op01").await, backend.as_user("op02").await);
    let handler = backend.as_user("h.dc.zjj").await;
    let row = operator.create_ticket(&new_ticket(Some("city.dc.zjj")), &new_key()).await.unwrap();
    let second = operator.create_ticket(&new_ticket(Some("city.dc.zjj")), &new_key()).await.unwrap();
    let due = row.accepted_at + chrono::TimeDelta::hours(2);
    let asked = ActRequest { promise: Some(PromiseKind::CallBack), due: Some(due), ..ActRequest::default() };
    let promised = operator.act(row.id, Act::Promise, &asked, &new_key()).await.unwrap();
    assert_eq!((promised.clocks.promise_due, promised.clocks.next(row.accepted_at).unwrap().at), (Some(due), due), "the next turn");
    // An appointment on the other: where, by whom, in which words. The log holds none of them.
    let visit = ActRequest {
        promise: Some(PromiseKind::SiteVisit),
        due: Some(due + chrono::TimeDelta::hours(30)),
        place: Some("示例小区3栋，13800000000".into()),
        unit: Some("city.zjj".into()),
        text: Some("带好安全帽".into()),
        ..ActRequest::default()
    };
    let unknown = refused(operator.act(second.id, Act::Promise, &ActRequest { unit: Some("nowhere".into()), ..visit.clone() }, &new_key()).await);
    assert!(matches!(&unknown, Refusal::Unknown { field, .. } if field == "unit"), "{unknown:?}");
    operator.act(second.id, Act::Promise, &visit, &new_key()).await.unwrap();
    let detail = operator.ticket(second.id).await.unwrap();
    let shown = &detail.promises[0];
    assert_eq!((shown.place.as_deref(), shown.text.as_deref(), shown.visitor.is_some()), (Some("示例小区3栋，138****0000"), Some("带好安全帽"), true));
    let entry = detail.timeline.iter().find(|entry| entry.kind == "ticket.promised").unwrap();
    assert!(!entry.fields.to_string().contains("示例小区") && !entry.fields.to_string().contains("安全帽"), "{}", entry.fields);
    // Who gave them has both; the unit that handles the one has that; nobody else any.
    let of = async |client: &Client| client.promises().await.unwrap().items.iter().map(|open| open.number.clone()).collect::<Vec<_>>();
    assert_eq!(of(&operator).await, [row.number.clone(), second.number.clone()]);
    assert_eq!(of(&handler).await, std::slice::from_ref(&row.number), "whoever comes by the other is another unit");
    assert_eq!(of(&other).await, Vec::<String>::new());
    // Two hours on it is late: raised once, however often the sweep looks.
    backend.admin.advance_clock(2 * 3600 + 1).await.unwrap();
    let detail = crate::support::until("the sweep sees it", 20, || async { Some(operator.ticket(row.id).await.unwrap()).filter(|detail| lateness(detail) > 0) }).await;
    assert_eq!((lateness(&detail), detail.row.clocks.promise_late(row.accepted_at + chrono::TimeDelta::hours(3))), (1, Some(due)));
    let list = operator.tickets(&Default::default()).await.unwrap();
    assert_eq!(list.items[0].id, row.id, "late before all that has yet to turn");
    backend.admin.advance_clock(60).await.unwrap();
    let note = ActRequest { text: Some("还没打通".into()), ..ActRequest::default() };
    operator.act(row.id, Act::Note, &note, &new_key()).await.unwrap();
    let key = new_key();
    for _ in 0..2 {
        let kept = handler.act(row.id, Act::KeepPromise, &ActRequest::default(), &key).await.unwrap();
        assert_eq!(kept.clocks.promise_due, None, "once, however often it is asked for");
    }
    assert_eq!((lateness(&operator.ticket(row.id).await.unwrap()), of(&handler).await), (1, Vec::new()));
    // A matter that was answered is still owed what its caller was told; one that was withdrawn is not.
    let promise = NewPromise { kind: PromiseKind::PolicyAnswer, ..NewPromise::default() };
    let answered = NewTicket { promise: Some(promise), then: hotline::api::tickets::Then::Answer, ..new_ticket(None) };
    let answered = operator.create_ticket(&answered, &new_key()).await.unwrap();
    assert_eq!(answered.step, Step::Answered);
    backend.admin.advance_clock(3601).await.unwrap();
    crate::support::until("late although it is answered", 20, || async { (lateness(&operator.ticket(answered.id).await.unwrap()) == 1).then_some(()) }).await;
    let reason = operator.tables().await.unwrap().reasons.iter().find(|row| row.table == "cancel").unwrap().code.clone();
    operator.act(second.id, Act::Cancel, &ActRequest { reason: Some(reason), ..ActRequest::default() }, &new_key()).await.unwrap();
    assert_eq!(of(&operator).await, [answered.number], "what was withdrawn has lapsed");
    let settings = backend.settings.clone();
    let _folder = backend.ended().await;
    assert_eq!(hotline::server::Running::open(&settings).await.unwrap().rebuild_check().await.unwrap(), Vec::<serde_json::Value>::new());
}

async fn a_caller_is_noted_by_whoever_talks_to_them_and_a_tone_ends_by_itself(kind: Kind) {
    use hotline::api::calls::NoteRequest;
    use hotline::domain::caller::{CallerLanguage, Tone};
    let Some(backend) = Backend::start(kind).await else { return };
    let (operator, other) = (backend.as_user("op01").await, backend.as_user("op02").await);
    let ring = |call: &str| Ring { exchange: "test".into(), exchange_call: call.into(), line: Default::default(), number: "10000000421".into(), name: None, district: None };
    let call = backend.admin.ring(&ring("1"), &new_key()).await.unwrap();
    operator.act_on_call(call.id, "take", &new_key()).await.unwrap();
    let note = NoteRequest { language: Some(CallerLanguage::Yi), tone: Some(Tone::Agitated), days: Some(2), ..NoteRequest::default() };
    assert!(matches!(refused(other.note_caller(call.id, &note, &new_key()).await), Refusal::NotYours { by } if by == "op01"));
    let key = new_key();
    for _ in 0..2 {
        operator.note_caller(call.id, &note, &key).await.unwrap();
    }
    let card = operator.caller_card(call.id).await.unwrap();
    assert_eq!((card.language, card.tone.map(|mark| mark.tone)), (Some(CallerLanguage::Yi), Some(Tone::Agitated)));
    // On record, in codes, by whom; once.
    let query = hotline::api::audit::AuditQuery { kind: Some("caller".into()), ..Default::default() };
    let record = crate::support::until("both are in the log", 20, || async { Some(backend.admin.audit(&query).await.unwrap().items).filter(|items| items.len() >= 2) }).await;
    assert_eq!(record.iter().map(|row| (row.kind.as_str(), row.by.as_str())).collect::<Vec<_>>(), [("caller.tone_noted", "op01"), ("caller.language_noted", "op01")]);
    // At the next call it stands; two days on it is gone, and the language stays.
    operator.act_on_call(call.id, "wrap_up", &new_key()).await.unwrap();
    let again = backend.admin.ring(&ring("2"), &new_key()).await.unwrap();
    other.act_on_call(again.id, "take", &new_key()).await.unwrap();
    assert!(other.caller_card(again.id).await.unwrap().tone.is_some());
    backend.admin.advance_clock(2 * 86_400).await.unwrap();
    let card = other.caller_card(again.id).await.unwrap();
    assert_eq!((card.tone, card.language), (None, Some(CallerLanguage::Yi)));
    other.note_caller(again.id, &NoteRequest { no_language: true, ..NoteRequest::default() }, &new_key()).await.unwrap();
    assert_eq!(other.caller_card(again.id).await.unwrap().language, None);
    let settings = backend.settings.clone();
    let _folder = backend.ended().await;
    assert_eq!(hotline::server::Running::open(&settings).await.unwrap().rebuild_check().await.unwrap(), Vec::<serde_json::Value>::new());
}

async fn an_edit_made_of_masked_words_keeps_the_numbers_they_stand_for(kind: Kind) {
    use hotline::api::tickets::EditRequest;
    let Some(backend) = Backend::start(kind).await else { return };
    let operator = backend.as_user("op01").await;
    let wanted = NewTicket { body: "请打13800000000或座机028-00000000".into(), ..new_ticket(None) };
    let row = operator.create_ticket(&wanted, &new_key()).await.unwrap();
    let shown = operator.ticket(row.id).await.unwrap().body;
    assert_eq!(shown, "请打138****0000或座机028-****0000");
    let edit = EditRequest { body: Some(format!("{shown}，下午方便")), ..EditRequest::default() };
    operator.edit(row.id, &edit, row.version, &new_key()).await.unwrap();
    let stored = Raw::open(&backend.settings.database).await.rows("SELECT body FROM content WHERE centre = 1 AND body LIKE '%下午方便'").await;
    assert_eq!(String::from_utf8(stored[0][0].bytes()).unwrap(), "请打13800000000或座机028-00000000，下午方便");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_promise_is_told_on_sqlite() {
    a_promise_is_late_once_sorts_first_and_is_told_to_whoever_gave_or_keeps_it(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_promise_is_told_on_postgres() {
    a_promise_is_late_once_sorts_first_and_is_told_to_whoever_gave_or_keeps_it(Kind::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_is_noted_on_sqlite() {
    a_caller_is_noted_by_whoever_talks_to_them_and_a_tone_ends_by_itself(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_is_noted_on_postgres() {
    a_caller_is_noted_by_whoever_talks_to_them_and_a_tone_ends_by_itself(Kind::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_masked_edit_keeps_numbers_on_sqlite() {
    an_edit_made_of_masked_words_keeps_the_numbers_they_stand_for(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_masked_edit_keeps_numbers_on_postgres() {
    an_edit_made_of_masked_words_keeps_the_numbers_they_stand_for(Kind::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn undo_promises_and_profiles_on_sqlite() {
    a_dispatch_is_taken_back_for_ten_seconds(Kind::Sqlite).await;
    what_was_promised_stands_on_the_card_until_it_is_kept(Kind::Sqlite).await;
    an_enterprise_has_a_code_that_checks_and_a_pin_comes_off(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn undo_promises_and_profiles_on_postgres() {
    a_dispatch_is_taken_back_for_ten_seconds(Kind::Postgres).await;
    what_was_promised_stands_on_the_card_until_it_is_kept(Kind::Postgres).await;
    an_enterprise_has_a_code_that_checks_and_a_pin_comes_off(Kind::Postgres).await;
}
