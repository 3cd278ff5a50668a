//! P1: an acknowledged ticket survives `kill -9` of the server. (It proves nothing about power: see `durable`.)
use super::node::{Asker, Told, soak, ticket_json};
use super::process::{Server, free_address, token};
use crate::support::dice::Dice;
use hotline::api::tickets::Then;
use hotline::client::new_key;
use serde_json::json;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;

const CLIENTS: usize = 32;
const GATE: usize = 60;
const SOAK: usize = 1_000;

/// One acknowledged write: the client's own record.
struct Ack {
    key: String,
    path: String,
    method: reqwest::Method,
    from: Option<i64>,
    sent: serde_json::Value,
    body: String,
    ticket: String,
    version: i64,
}

/// Sends until the outcome is known.
async fn insist(asker: &Asker, url: &str, ack: &Ack, unknown: &AtomicU64) -> Told {
    let start = Instant::now();
    loop {
        match asker.write(ack.method.clone(), format!("{url}{}", ack.path), &ack.key, ack.from, &ack.sent).await {
            Ok(told) if told.status < 500 => return told,
            Ok(_) | Err(_) => drop(unknown.fetch_add(1, Ordering::Relaxed)),
        }
        assert!(start.elapsed() < Duration::from_secs(30), "no answer to {}", ack.path);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn work(asker: Asker, address: SocketAddr, dice: Arc<Dice>, stop: Arc<AtomicBool>, unknown: Arc<AtomicU64>) -> Vec<Ack> {
    let url = format!("http://{address}");
    let mut acks: Vec<Ack> = Vec::new();
    // This client's own tickets: nobody else writes to them, so each edit must find the version it was told.
    let mut own: Vec<(String, i64)> = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let which = own.len().saturating_sub(1 + dice.below(4) as usize);
        let (method, path, from, sent) = match (dice.below(10), own.get(which)) {
            (0..3, Some((id, version))) => {
                (reqwest::Method::PATCH, format!("/api/v1/tickets/{id}"), Some(*version), json!({ "title": format!("改 {}", dice.next()) }))
            }
            (3, Some((id, _))) => (reqwest::Method::POST, format!("/api/v1/tickets/{id}/note"), None, json!({ "text": format!("记 {}", dice.next()) })),
            _ => (reqwest::Method::POST, "/api/v1/tickets".into(), None, ticket_json(&format!("建 {}", dice.next()), Then::Nothing)),
        };
        let mut ack = Ack { key: new_key(), path, method, from, sent, body: String::new(), ticket: String::new(), version: 0 };
        let told = insist(&asker, &url, &ack, &unknown).await;
        assert!(told.status < 300, "{} {}: an acknowledged version is gone? {told:?}", ack.method, ack.path);
        let row = told.json();
        (ack.ticket, ack.version, ack.body) = (row["id"].as_str().unwrap().to_owned(), row["version"].as_i64().unwrap(), told.body);
        match own.iter_mut().find(|(id, _)| *id == ack.ticket) {
            Some(known) => {
                assert_eq!(ack.version, known.1 + 1, "{}: versions follow each other", ack.path);
                known.1 = ack.version;
            }
            None => own.push((ack.ticket.clone(), ack.version)),
        }
        acks.push(ack);
    }
    acks
}

#[tokio::test(flavor = "multi_thread")]
async fn an_acknowledged_ticket_survives_kill_9() {
    let folder = TempDir::new().unwrap();
    let dice = Arc::new(Dice::of_the_run("kills"));
    let address = free_address();
    let mut server = Server::start(folder.path(), address, &[]).await;
    let (stop, unknown) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| tokio::spawn(work(Asker::new(&token(folder.path(), "op01")), address, dice.clone(), stop.clone(), unknown.clone())))
        .collect();
    let kills = if soak() { SOAK } else { GATE };
    let (start, mut slowest) = (Instant::now(), Duration::ZERO);
    for _ in 0..kills {
        tokio::time::sleep(Duration::from_millis(200 + dice.below(1_000))).await;
        server.kill();
        server = Server::start(folder.path(), address, &[]).await;
        slowest = slowest.max(server.ready_after);
        assert!(server.ready_after < Duration::from_secs(2), "ready only after {:?}", server.ready_after);
        assert!(clients.iter().all(|client| !client.is_finished()), "a client gave up");
    }
    let took = start.elapsed();
    stop.store(true, Ordering::Relaxed);
    let mut acks = Vec::new();
    for client in clients {
        acks.extend(client.await.unwrap());
    }
    // A sample of all acknowledged writes is sent once more: the same words come back.
    let asker = Asker::new(&token(folder.path(), "op01"));
    for ack in acks.iter().step_by((acks.len() / 300).max(1)) {
        let told = insist(&asker, &format!("http://{address}"), ack, &unknown).await;
        assert_eq!((told.replayed, &told.body), (true, &ack.body));
    }
    server.kill();
    println!(
        "{kills} kills in {took:?}, {} acknowledged, {} unknown and sent again, slowest start {slowest:?}; 0 lost bounds the rate at {:.1} % a kill",
        acks.len(),
        unknown.load(Ordering::Relaxed),
        300.0 / kills as f64
    );
    judge(&folder, &acks);
}

/// The tables against the clients' records, read past the product.
fn judge(folder: &TempDir, acks: &[Ack]) {
    let database = rusqlite::Connection::open(folder.path().join("hotline.db")).unwrap();
    let text = |sql: &str| database.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
    let number = |sql: &str| database.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(text("PRAGMA integrity_check"), "ok");
    assert_eq!(number("SELECT count(*) FROM pragma_foreign_key_check"), 0);
    let mut statement = database.prepare("SELECT command_key, lower(hex(aggregate_id)), version FROM event WHERE aggregate = 'ticket' AND command_key IS NOT NULL").unwrap();
    let mut by_key: HashMap<String, Vec<(String, i64)>> = HashMap::new();
    let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, i64>(2)?))).unwrap();
    for row in rows {
        let (key, id, version) = row.unwrap();
        by_key.entry(key).or_default().push((id, version));
    }
    for ack in acks {
        let told = (ack.ticket.replace('-', ""), ack.version);
        assert_eq!(by_key.get(&ack.key), Some(&vec![told]), "acknowledged and not there, or there twice: {} {}", ack.method, ack.path);
    }
    assert_eq!(by_key.len(), acks.len(), "every write in the log was acknowledged in the end");
    for (what, sql) in [
        ("tickets whose versions have holes", "SELECT count(*) FROM (SELECT 1 FROM event WHERE aggregate = 'ticket' GROUP BY aggregate_id HAVING max(version) <> count(*) OR min(version) <> 1)"),
        ("events without a position", "SELECT (SELECT count(*) FROM event) - (SELECT count(*) FROM event_position)"),
        ("positions with holes", "SELECT max(position) - count(*) FROM event_position"),
        ("the head beside the log", "SELECT (SELECT position FROM seq_state) - (SELECT max(position) FROM event_position)"),
        ("rows that are not at their log's version", "SELECT count(*) FROM ticket_row r WHERE version <> (SELECT max(version) FROM event e WHERE e.centre = r.centre AND e.aggregate_id = r.id)"),
        ("tickets without a row", "SELECT (SELECT count(DISTINCT aggregate_id) FROM event WHERE aggregate = 'ticket') - (SELECT count(*) FROM ticket_row)"),
    ] {
        assert_eq!(number(sql), 0, "{what}");
    }
}
