//! P29: a reveal is on record before it shows, whatever happens to the server: it is killed again and again while numbers
//! are asked for, and every number that came has its row in the audit.
use super::node::Asker;
use crate::api::matrix::new_ticket;
use crate::store::raw::Raw;
use crate::support::dice::Dice;
use crate::support::served::{free_address, serve_city, sqlite, token};
use hotline::api::calls::Ring;
use hotline::api::tickets::NewTicket;
use hotline::client::{Client, Target, new_key};
use hotline::server::Database;
use serde_json::json;
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tempfile::TempDir;

const NUMBER: &str = "10000088523";
const REVEALS: usize = 1_000;
const CLIENTS: usize = 4;
const KILLS: usize = 8;

#[tokio::test(flavor = "multi_thread")]
async fn every_number_that_was_shown_is_on_record_through_kills() {
    let folder = TempDir::new().unwrap();
    let home = folder.path();
    let dice = Dice::of_the_run("reveals and kills");
    let address = free_address();
    let url = format!("http://{address}");
    let start = || serve_city(home, &sqlite(home), &address.to_string(), &[]);
    let mut server = start();
    server.ready(address).await;
    let token = token(&url, None, "sup01").await;
    let exchange = Client::new(&Target { server: url.clone(), token: Some(crate::support::served::token(&url, None, "admin01").await), authority: None }).unwrap();
    let ring = Ring { exchange: "test".into(), exchange_call: "1".into(), line: Default::default(), number: NUMBER.into(), name: None, district: None };
    let call = exchange.ring(&ring, &new_key()).await.unwrap();
    let ticket = exchange.create_ticket(&NewTicket { call: Some(call.id), ..new_ticket(None) }, &new_key()).await.unwrap().id;
    let shown = Arc::new(AtomicUsize::new(0));
    let lookers: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (asker, shown, path) = (Asker::new(&token), Arc::clone(&shown), format!("{url}/api/v1/tickets/{ticket}/reveal"));
            tokio::spawn(async move {
                let mut events = Vec::new();
                while shown.load(Ordering::Relaxed) < REVEALS {
                    match asker.post(path.clone(), &new_key(), &json!({ "reason": "verify" })).await {
                        Ok(told) if told.status == 201 => {
                            assert_eq!(told.json()["number"].as_str(), Some(NUMBER));
                            events.push(told.json()["event"].as_str().unwrap().to_owned());
                            shown.fetch_add(1, Ordering::Relaxed);
                        }
                        Ok(told) => assert!(told.status >= 500 && !told.body.contains(NUMBER), "{told:?}"),
                        Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
                    }
                }
                events
            })
        })
        .collect();
    for kill in 0..KILLS {
        // Somewhere in each of its shares of the reveals.
        let from = REVEALS * kill / KILLS + dice.below(REVEALS as u64 / KILLS as u64 / 2) as usize;
        crate::support::until("so many were shown", 60, || async { (shown.load(Ordering::Relaxed) >= from).then_some(()) }).await;
        server.kill();
        server = start();
        server.ready(address).await;
    }
    let mut events = HashSet::new();
    for looker in lookers {
        events.extend(looker.await.unwrap());
    }
    let raw = Raw::open(&Database::Sqlite(home.join("hotline.db"))).await;
    let rows = raw.rows("SELECT id FROM event WHERE kind = 'access.revealed'").await;
    let recorded: HashSet<String> = rows.iter().map(|row| uuid::Uuid::from_slice(&row[0].bytes()).unwrap().to_string()).collect();
    let missing = events.difference(&recorded).count();
    assert!(missing == 0 && events.len() >= REVEALS, "{missing} of {} that were shown are not on record", events.len());
    println!("{} shown through {KILLS} kills, {} on record", events.len(), recorded.len());
}
