//! P3: a retry never makes a second ticket. Many sends of each key at once, replies cut in three of ten, two nodes where
//! the database carries them, and a restart in the middle.
use super::node::{Asker, City, Told, soak, ticket_json};
use crate::support::backend::Kind;
use crate::support::dice::Dice;
use crate::support::proxy::Proxy;
use hotline::api::tickets::Then;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

const GATE: usize = 2_000;
const SOAK: usize = 10_000;
/// Sends in flight at once.
const CLIENTS: usize = 48;

fn key(index: usize) -> String {
    format!("key-{index}")
}

fn body(index: usize) -> Value {
    ticket_json(&format!("示例工单 {index}"), Then::Nothing)
}

async fn one_ticket_per_key(kind: Kind) {
    let Some(mut city) = City::new(kind).await else { return };
    let dice = Dice::of_the_run("keys");
    let mut nodes = city.nodes(&["op01", "op02"]).await;
    let mut proxies = Vec::new();
    for node in &nodes {
        let proxy = Proxy::before(&[node.address], dice.next()).await;
        proxy.rules.cut_replies.store(300, Ordering::Relaxed);
        proxies.push(proxy);
    }
    let count = if soak() { SOAK } else { GATE };
    let sends: Arc<Vec<usize>> = Arc::new((0..count).flat_map(|index| std::iter::repeat_n(index, 3 + index % 8)).collect());
    let known: Arc<Mutex<HashMap<usize, Told>>> = Arc::default();
    let (next, unknown, twins) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let asker = Asker::new(city.token("op01"));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (sends, known, next, unknown, twins) = (sends.clone(), known.clone(), next.clone(), unknown.clone(), twins.clone());
            let (asker, urls) = (asker.clone(), proxies.iter().map(Proxy::url).collect::<Vec<_>>());
            tokio::spawn(async move {
                loop {
                    let turn = next.fetch_add(1, Ordering::Relaxed);
                    let Some(&index) = sends.get(turn) else { return };
                    match asker.post(format!("{}/api/v1/tickets", urls[turn % urls.len()]), &key(index), &body(index)).await {
                        Err(_) => drop(unknown.fetch_add(1, Ordering::Relaxed)),
                        Ok(told) if told.status == 201 => {
                            let mut known = known.lock().unwrap();
                            let first = known.entry(index).or_insert_with(|| told.clone());
                            assert_eq!((first.status, &first.body), (told.status, &told.body), "two answers for one key");
                        }
                        Ok(told) if told.status == 409 && told.code() == "twin_in_flight" => {
                            assert!(told.retry_after.is_some_and(|seconds| seconds > 0), "{told:?}");
                            twins.fetch_add(1, Ordering::Relaxed);
                        }
                        Ok(told) if told.status == 503 => drop(unknown.fetch_add(1, Ordering::Relaxed)),
                        Ok(told) => panic!("{told:?}"),
                    }
                }
            })
        })
        .collect();
    while next.load(Ordering::Relaxed) < sends.len() / 2 && clients.iter().any(|client| !client.is_finished()) {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    nodes.remove(0).stop().await;
    let again = city.node(&[]).await;
    proxies[0].point_at(&[again.address]);
    nodes.insert(0, again);
    for client in clients {
        client.await.unwrap();
    }
    let cuts: u64 = proxies.iter().map(|proxy| proxy.rules.cuts.load(Ordering::Relaxed)).sum();
    let (unknown, twins) = (unknown.load(Ordering::Relaxed), twins.load(Ordering::Relaxed));
    println!("{kind:?}: {} sends, {cuts} replies cut, {unknown} unknown, {twins} twins in flight", sends.len());
    assert!(cuts as usize > sends.len() / 5, "the proxy cut {cuts} of {}", sends.len());
    // A twin can only be met where two transactions run at once.
    assert_eq!(twins > 0, kind == Kind::Postgres, "{twins} twins");
    // Every key once more, on a line that is whole: the same answer as before, word for word.
    let known = Arc::try_unwrap(known).unwrap().into_inner().unwrap();
    let url = Arc::new(format!("{}/api/v1/tickets", nodes.last().unwrap().url()));
    let known = Arc::new(known);
    let next = Arc::new(AtomicUsize::new(0));
    let finals: Vec<_> = (0..16)
        .map(|_| {
            let (asker, url, known, next) = (asker.clone(), url.clone(), known.clone(), next.clone());
            tokio::spawn(async move {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= count {
                        return;
                    }
                    let told = asker.post((*url).clone(), &key(index), &body(index)).await.unwrap();
                    assert_eq!(told.status, 201, "{told:?}");
                    if let Some(before) = known.get(&index) {
                        assert_eq!((told.replayed, &told.body), (true, &before.body));
                    }
                    if index % 20 == 0 {
                        let other = asker.post((*url).clone(), &key(index), &body(count + index)).await.unwrap();
                        assert_eq!((other.status, other.code().as_str()), (422, "key_reused"));
                    }
                }
            })
        })
        .collect();
    for task in finals {
        task.await.unwrap();
    }
    let tickets = "SELECT count(*) FROM ticket_row";
    assert_eq!(city.number(tickets).await, count as i64);
    assert_eq!(city.number("SELECT count(*) FROM event WHERE aggregate = 'ticket' AND version = 1").await, count as i64);
    assert_eq!(city.number("SELECT count(DISTINCT command_key) FROM event WHERE aggregate = 'ticket'").await, count as i64);
    // A key belongs to its user and its route.
    let other = Asker::new(city.token("op02")).post((*url).clone(), &key(0), &body(0)).await.unwrap();
    assert_eq!((other.status, other.replayed), (201, false));
    let id = other.json()["id"].as_str().unwrap().to_owned();
    let note = asker.post(format!("{url}/{id}/note"), &key(0), &serde_json::json!({ "text": "示例" })).await.unwrap();
    assert_eq!((note.status, note.replayed), (200, false), "{note:?}");
    assert_eq!(city.number(tickets).await, count as i64 + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_never_makes_a_second_ticket_on_sqlite() {
    one_ticket_per_key(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_never_makes_a_second_ticket_on_postgres() {
    one_ticket_per_key(Kind::Postgres).await;
}

/// Refusals are answers too: the same key is refused the same way although the act has become legal meanwhile.
#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_replayed_word_for_word() {
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let Some(mut city) = City::new(kind).await else { return };
        let node = city.node(&["op01", "h.dc.zjj"]).await;
        let operator = Asker::new(city.token("op01"));
        let url = format!("{}/api/v1/tickets", node.url());
        let made = operator.post(url.clone(), "made", &body(1)).await.unwrap();
        let id = made.json()["id"].as_str().unwrap().to_owned();
        let early = operator.post(format!("{url}/{id}/urge"), "urge", &serde_json::json!({})).await.unwrap();
        assert_eq!((early.status, early.code().as_str()), (409, "illegal_step"));
        let sent = operator.post(format!("{url}/{id}/dispatch"), "sent", &serde_json::json!({ "unit": "city.dc.zjj" })).await.unwrap();
        assert_eq!(sent.status, 200, "{sent:?}");
        let late = operator.post(format!("{url}/{id}/urge"), "urge", &serde_json::json!({})).await.unwrap();
        assert_eq!((late.status, late.body, late.replayed), (409, early.body, true));
        let fresh = operator.post(format!("{url}/{id}/urge"), "urge again", &serde_json::json!({})).await.unwrap();
        assert_eq!(fresh.status, 200);
    }
}

/// What another process writes to the same file (the command line beside a running node) reaches this node's stream
/// although this node writes nothing.
#[tokio::test(flavor = "multi_thread")]
async fn what_another_process_writes_reaches_the_stream() {
    let Some(mut city) = City::new(Kind::Sqlite).await else { return };
    let (here, elsewhere) = (city.node(&["sup01"]).await, city.beside(&["op01"]).await);
    let after = city.number("SELECT position FROM seq_state").await;
    let mut stream = hotline::client::live(city.client(&here.url(), "sup01"), after);
    while !matches!(stream.recv().await.unwrap(), hotline::client::Live::Heartbeat(_)) {}
    let asker = Asker::new(city.token("op01"));
    let told = asker.post(format!("{}/api/v1/tickets", elsewhere.url()), "elsewhere", &body(1)).await.unwrap();
    let frame = tokio::time::timeout(std::time::Duration::from_secs(20), async {
        loop {
            if let hotline::client::Live::Frame(frame) = stream.recv().await.expect("the stream goes on") {
                return frame;
            }
        }
    });
    let frame = frame.await.expect("a frame of what another process wrote");
    assert!(serde_json::to_string(&frame).unwrap().contains(told.json()["id"].as_str().unwrap()));
}

/// Two processes over one SQLite file (a server, and a check from the command line) are not a way to run, and no harm.
#[tokio::test(flavor = "multi_thread")]
async fn two_writers_over_one_sqlite_file_keep_one_log() {
    let Some(mut city) = City::new(Kind::Sqlite).await else { return };
    let nodes = [city.node(&["op01"]).await, city.beside(&["op01"]).await];
    let asker = Asker::new(city.token("op01"));
    for index in 0..40 {
        let url = format!("{}/api/v1/tickets", nodes[index % 2].url());
        let told = asker.post(url, &key(index), &body(index)).await.unwrap();
        assert_eq!(told.status, 201, "{told:?}");
    }
    assert_eq!(city.number("SELECT count(*) FROM ticket_row").await, 40);
    assert_eq!(city.number("SELECT (SELECT count(*) FROM event) - (SELECT max(position) FROM event_position)").await, 0);
    assert_eq!(city.number("SELECT position - (SELECT max(position) FROM event_position) FROM seq_state").await, 0);
}
