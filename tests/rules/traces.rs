//! What the database alone gives away, and what it cannot hide: no request can be guessed from it, no event changed unseen.
use super::{on_both, ring};
use crate::api::matrix::new_ticket;
use crate::store::raw::Raw;
use crate::support::backend::{Backend, Kind};
use hotline::client::new_key;
use hotline::server::Running;
use ring::digest::{SHA256, digest};
use serde_json::json;

/// Whoever has the database and not the key file tries every number there is: none of the digests is of a body they can make.
async fn no_request_can_be_guessed_from_the_database(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let body = json!({ "exchange": "test", "exchange_call": "1", "number": "10000000421" }).to_string();
    let http = reqwest::Client::new();
    let sent = http.post(format!("{}/api/v1/calls", backend.url)).bearer_auth(backend.admin.token().unwrap()).header("idempotency-key", "known");
    let sent = sent.header("content-type", "application/json").body(body.clone()).send().await.unwrap();
    assert_eq!(sent.status().as_u16(), 201);
    let me = backend.admin.me().await.unwrap().user.to_string();
    let parts = |parts: &[&str]| -> Vec<u8> { parts.iter().flat_map(|part| [&(part.len() as u64).to_be_bytes()[..], part.as_bytes()].concat()).collect() };
    let guesses = [digest(&SHA256, body.as_bytes()), digest(&SHA256, &parts(&["", &body])), digest(&SHA256, &parts(&[&me, "POST /api/v1/calls", "known"]))];
    let rows = Raw::open(&backend.settings.database).await.rows("SELECT key, request FROM idempotency WHERE centre = 1").await;
    assert!(!rows.is_empty());
    for row in &rows {
        for guess in &guesses {
            assert!(row[0].bytes() != guess.as_ref() && row[1].bytes() != guess.as_ref(), "an unkeyed digest");
        }
    }
}

async fn a_changed_event_breaks_the_chain(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    backend.admin.ring(&ring("1", None), &new_key()).await.unwrap();
    for _ in 0..3 {
        backend.admin.create_ticket(&new_ticket(Some("city.dc.zjj")), &new_key()).await.unwrap();
    }
    let settings = backend.settings.clone();
    let raw = Raw::open(&settings.database).await;
    crate::support::until("every event has its position", 60, || async {
        let count = |table: &'static str| raw.rows(table);
        (count("SELECT count(*) FROM event").await == count("SELECT count(*) FROM event_position").await).then_some(())
    })
    .await;
    let found = || async {
        let found = Running::beside(&settings).await.unwrap().rebuild_check().await.unwrap();
        found.iter().filter(|one| one["kind"] == "event").map(|one| one["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(found().await, Vec::<String>::new());
    let events = raw.rows("SELECT event_id, position FROM event_position WHERE centre = 1 ORDER BY position DESC").await;
    let id = |index: usize| uuid::Uuid::from_slice(&events[index][0].bytes()).unwrap();
    raw.unguard().await;
    let mut forged = Vec::new();
    for (index, change) in [(1, "actor = 'system'"), (2, "occurred_at = occurred_at + 1"), (3, "command_key = 'another'")] {
        let event = raw.literal(id(index).as_bytes());
        assert_eq!(raw.run(&format!("UPDATE event SET {change} WHERE centre = 1 AND id = {event}")).await, 1, "{change}");
        forged.insert(0, id(index).to_string());
        assert_eq!(found().await, forged, "each once, in the log's order: {change}");
    }
    // And an end that is not where the last event is.
    raw.run("UPDATE seq_state SET recorded_at = recorded_at + 1 WHERE centre = 1").await;
    assert_eq!(found().await.len(), forged.len() + 1);
}

on_both! {
    no_request_can_be_guessed_from_the_database => no_request_can_be_guessed_from_the_database_on_sqlite, no_request_can_be_guessed_from_the_database_on_postgres;
    a_changed_event_breaks_the_chain => a_changed_event_breaks_the_chain_on_sqlite, a_changed_event_breaks_the_chain_on_postgres;
}
