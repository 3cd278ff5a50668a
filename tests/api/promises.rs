//! What can be undone, what was promised, the enterprise's own: over both databases.
use super::matrix::new_ticket;
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
    let promise = NewPromise { kind: PromiseKind::PolicyAnswer, due: None, text: Some("政策专员回电".into()) };
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
