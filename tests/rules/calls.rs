//! A call is its taker's, and one person has one call in hand.
use super::{no, on_both, ring};
use crate::support::backend::{Backend, Kind};
use hotline::api::articles::ArticleQuery;
use hotline::api::tickets::PinRequest;
use hotline::client::new_key;
use hotline::domain::call::CallState;
use hotline::domain::ids::ArticleId;

async fn a_call_is_its_takers(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let (first, second) = (backend.as_user("op01").await, backend.as_user("op02").await);
    let call = backend.admin.ring(&ring("1", None), &new_key()).await.unwrap().id;
    first.act_on_call(call, "take", &new_key()).await.unwrap();
    let head = first.article_heads(&ArticleQuery::default()).await.unwrap().items[0].clone();
    let pin = PinRequest { article: head.id, revision: head.revision };
    for act in ["hold", "retrieve", "wrap_up"] {
        assert_eq!(no(second.act_on_call(call, act, &new_key()).await), (409, "not_yours".into()), "{act}");
    }
    let refused = second.pin(call, &pin, &new_key()).await.unwrap_err().to_string();
    assert!(refused.contains("op01"), "it names whose it is: {refused}");
    for (act, state) in [("hold", CallState::Held), ("retrieve", CallState::Talking)] {
        assert_eq!(first.act_on_call(call, act, &new_key()).await.unwrap().state, state);
    }
    assert_eq!(first.pin(call, &pin, &new_key()).await.unwrap().pins.len(), 1);
    // The exchange is at nobody's seat: what it reports holds for every call.
    assert_eq!(backend.admin.act_on_call(call, "hang_up", &new_key()).await.unwrap().state, CallState::WrapUp);
    assert_eq!(no(second.act_on_call(call, "wrap_up", &new_key()).await), (409, "not_yours".into()));
    assert_eq!(first.act_on_call(call, "wrap_up", &new_key()).await.unwrap().state, CallState::Ended);
}

async fn one_person_has_one_call_in_hand(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let operator = backend.as_user("op01").await;
    let mut calls = Vec::new();
    for call in 0..8 {
        calls.push(backend.admin.ring(&ring(&call.to_string(), None), &new_key()).await.unwrap().id);
    }
    // Pressed many times at once: one of them is taken, the others wait for somebody.
    let keys: Vec<String> = calls.iter().map(|_| new_key()).collect();
    let takes = calls.iter().zip(&keys).map(|(call, key)| operator.act_on_call(*call, "take", key));
    let taken = futures_util::future::join_all(takes).await;
    let won: Vec<_> = taken.iter().zip(&calls).filter(|(answer, _)| answer.is_ok()).map(|(_, call)| *call).collect();
    assert_eq!(won.len(), 1, "{taken:?}");
    let other = *calls.iter().find(|call| **call != won[0]).unwrap();
    operator.act_on_call(won[0], "hold", &new_key()).await.unwrap();
    let refused = operator.act_on_call(other, "take", &new_key()).await;
    assert!(refused.as_ref().unwrap_err().to_string().contains("100****0421"), "{refused:?}");
    assert_eq!(no(refused), (409, "call_in_hand".into()), "held is in hand");
    // Taken again, the same call is still one's own; after it the next may come.
    assert_eq!(operator.act_on_call(won[0], "take", &new_key()).await.unwrap().state, CallState::Held);
    operator.act_on_call(won[0], "wrap_up", &new_key()).await.unwrap();
    assert_eq!(operator.act_on_call(other, "take", &new_key()).await.unwrap().state, CallState::Talking);
}

async fn an_answer_is_pinned_to_what_there_is(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let operator = backend.as_user("op01").await;
    let call = backend.admin.ring(&ring("1", None), &new_key()).await.unwrap().id;
    operator.act_on_call(call, "take", &new_key()).await.unwrap();
    let head = operator.article_heads(&ArticleQuery::default()).await.unwrap().items[0].clone();
    let nowhere = ArticleId(uuid::Uuid::now_v7());
    for pin in [PinRequest { article: nowhere, revision: 1 }, PinRequest { article: head.id, revision: head.revision + 1 }, PinRequest { article: ArticleId(call.0), revision: 1 }] {
        assert_eq!(no(operator.pin(call, &pin, &new_key()).await), (422, "unknown".into()), "{pin:?}");
        let mut ticket = crate::api::matrix::new_ticket(None);
        ticket.pins = vec![hotline::domain::ticket::Pin { article: pin.article, revision: pin.revision }];
        assert_eq!(no(operator.create_ticket(&ticket, &new_key()).await), (422, "unknown".into()), "{pin:?}");
    }
}

on_both! {
    a_call_is_its_takers => a_call_is_its_takers_on_sqlite, a_call_is_its_takers_on_postgres;
    one_person_has_one_call_in_hand => one_person_has_one_call_in_hand_on_sqlite, one_person_has_one_call_in_hand_on_postgres;
    an_answer_is_pinned_to_what_there_is => an_answer_is_pinned_to_what_there_is_on_sqlite, an_answer_is_pinned_to_what_there_is_on_postgres;
}
