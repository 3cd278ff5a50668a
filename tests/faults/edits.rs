//! P4: two editors never overwrite each other silently.
use super::node::{Asker, City, soak, ticket};
use crate::support::backend::Kind;
use crate::support::dice::Dice;
use hotline::api::tickets::{Then, TicketQuery};
use hotline::client::new_key;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

const CLIENTS: usize = 16;
const TICKETS: usize = 20;
const GATE: usize = 2_000;
const SOAK: usize = 20_000;

async fn nobody_overwrites(kind: Kind) {
    let Some(mut city) = City::new(kind).await else { return };
    let dice = Arc::new(Dice::of_the_run("edits"));
    let nodes = city.nodes(&["op01"]).await;
    let operator = city.client(&nodes[0].url(), "op01");
    let mut tickets = Vec::new();
    for index in 0..TICKETS {
        tickets.push(operator.create_ticket(&ticket(&format!("初稿 {index}"), Then::Nothing), &new_key()).await.unwrap());
    }
    let tickets = Arc::new(tickets);
    let edits = if soak() { SOAK } else { GATE };
    let (next, stale) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let written: Arc<Mutex<Vec<BTreeMap<i64, String>>>> = Arc::new(Mutex::new(vec![BTreeMap::new(); TICKETS]));
    let editors: Vec<_> = (0..CLIENTS)
        .map(|editor| {
            let url = nodes[editor % nodes.len()].url();
            let (asker, client) = (Asker::new(city.token("op01")), city.client(&url, "op01"));
            let (tickets, dice, next, stale, written) = (tickets.clone(), dice.clone(), next.clone(), stale.clone(), written.clone());
            tokio::spawn(async move {
                loop {
                    let turn = next.fetch_add(1, Ordering::Relaxed);
                    if turn >= edits {
                        return;
                    }
                    let which = dice.below(TICKETS as u64) as usize;
                    let row = &tickets[which];
                    let query = TicketQuery { number: Some(row.number.clone()), ..TicketQuery::default() };
                    let read = client.tickets(&query).await.unwrap().items.remove(0);
                    let text = format!("第 {turn} 次修改");
                    let address = format!("{url}/api/v1/tickets/{}", row.id);
                    let told = asker.write(reqwest::Method::PATCH, address, &new_key(), Some(read.version), &json!({ "title": text })).await.unwrap();
                    match told.status {
                        200 => {
                            let version = told.json()["version"].as_i64().unwrap();
                            assert_eq!((version, told.etag), (read.version + 1, Some(version)), "an edit from another version went through");
                            assert!(written.lock().unwrap()[which].insert(version, text).is_none(), "two edits made version {version}");
                        }
                        412 => {
                            stale.fetch_add(1, Ordering::Relaxed);
                            let current = told.json()["refusal"]["current"].as_i64().unwrap();
                            assert!(current > read.version, "{told:?}");
                            assert_eq!(told.etag, Some(current), "a stale edit is told the current ETag");
                        }
                        _ => panic!("{told:?}"),
                    }
                }
            })
        })
        .collect();
    for editor in editors {
        editor.await.unwrap();
    }
    let written = written.lock().unwrap().clone();
    let mut kept = 0;
    for (first, written) in tickets.iter().zip(written) {
        let last = operator.ticket(first.id).await.unwrap().row;
        kept += written.len();
        assert_eq!(written.len() as i64, last.version - first.version, "successes = last version − first");
        if let Some((_, text)) = written.last_key_value() {
            assert_eq!(&last.title, text, "the last edit stands");
        }
    }
    let stale = stale.load(Ordering::Relaxed);
    println!("{kind:?}: {edits} edits, {kept} kept, {stale} stale");
    assert_eq!(kept + stale, edits);
    assert!(stale > 0, "no two editors met");
    // Without a version there is no edit; a stale one names the current version.
    let asker = Asker::new(city.token("op01"));
    let address = format!("{}/api/v1/tickets/{}", nodes[0].url(), tickets[0].id);
    let blind = asker.write(reqwest::Method::PATCH, address.clone(), &new_key(), None, &json!({ "title": "盲改" })).await.unwrap();
    assert_eq!((blind.status, blind.code().as_str()), (428, "match_required"));
    let current = operator.ticket(tickets[0].id).await.unwrap().row.version;
    let key = new_key();
    for replayed in [false, true] {
        let late = asker.write(reqwest::Method::PATCH, address.clone(), &key, Some(current - 1), &json!({ "title": "旧稿" })).await.unwrap();
        assert_eq!((late.status, late.etag, late.replayed), (412, Some(current), replayed));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_editors_never_overwrite_each_other_on_sqlite() {
    nobody_overwrites(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_editors_never_overwrite_each_other_on_postgres() {
    nobody_overwrites(Kind::Postgres).await;
}
