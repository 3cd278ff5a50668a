//! P6: every reader on every node sees every event once, in one order: what the log says, refused commands between, and
//! on PostgreSQL one transaction held open for two seconds. Every tenth write is an import of several tickets in
//! one transaction, which is what a reader may least see in halves. The promise is fifty thousand events; a machine that
//! makes fewer in a minute says how many it made, and `HOTLINE_SOAK=1` goes on to the fifty thousand.
use super::node::{City, soak, ticket};
use crate::store::raw::Raw;
use crate::support::backend::Kind;
use crate::support::dice::Dice;
use hotline::api::events::Change;
use hotline::api::import::{ImportedTicket, Numbered};
use hotline::api::tickets::{ActRequest, Then};
use hotline::client::{Live, live, new_key};
use hotline::domain::ids::TicketId;
use hotline::domain::limits::TicketKind;
use hotline::domain::ticket::Act;
use hotline::server::Database;
use sqlx::Connection;
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::watch;
use uuid::Uuid;

const WRITERS: usize = 16;
/// So many events are enough.
const ENOUGH: i64 = 50_000;
/// Tickets of one import, five events each.
const IMPORTED: u64 = 4;
const READERS: usize = 8;

/// A frame as a reader got it.
struct Got {
    position: i64,
    rows: HashMap<Uuid, i64>,
    at: Instant,
}

async fn read(mut stream: tokio::sync::mpsc::Receiver<Live>, after: i64, mut end: watch::Receiver<i64>) -> Vec<Got> {
    let mut got: Vec<Got> = Vec::new();
    let mut last = after;
    loop {
        if *end.borrow() <= last {
            return got;
        }
        let told = tokio::select! {
            told = stream.recv() => told,
            _ = end.changed() => continue,
            () = tokio::time::sleep(Duration::from_secs(15)) => panic!("nothing came for 15 s; at {last}, wanted {}", *end.borrow()),
        };
        match told.expect("the stream goes on") {
            Live::Frame(frame) => {
                assert!(frame.position > last, "{} came after {last}", frame.position);
                assert!(frame.prev <= last, "a gap: prev {} after {last}", frame.prev);
                last = frame.position;
                let rows = frame.changes.into_iter().filter_map(|change| match change {
                    Change::Ticket { row } => Some((row.id.0, row.version)),
                    _ => None,
                });
                got.push(Got { position: last, rows: rows.collect(), at: Instant::now() });
            }
            Live::Connected(_) | Live::Heartbeat(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

/// Tickets of the past, handled to their end.
fn batch(writer: usize, turn: u64) -> Vec<Numbered<ImportedTicket>> {
    let accepted_at = chrono::Utc::now() - chrono::TimeDelta::hours(30);
    let row = |line| ImportedTicket {
        external_id: format!("{writer}-{turn}-{line}"),
        kind: TicketKind::Complaint,
        line: Default::default(),
        urgent_class: None,
        title: "示例历史诉求".into(),
        body: "示例".into(),
        place: None,
        unit: Some("city.dc.zjj".into()),
        accepted_at,
        replied_at: Some(accepted_at + chrono::TimeDelta::hours(1)),
        reply: Some("示例答复".into()),
    };
    (0..IMPORTED).map(|line| Numbered { line, row: row(line) }).collect()
}

/// A transaction held open with an event in it holds nobody up; gives that event's id once it is committed.
async fn held_open(city: &City, url: &str) -> Uuid {
    let mut slow = sqlx::PgConnection::connect(url).await.unwrap();
    let mut transaction = slow.begin().await.unwrap();
    let held = Uuid::now_v7();
    sqlx::query(
        "INSERT INTO event (centre, id, aggregate, aggregate_id, version, kind, schema, occurred_at, recorded_at, actor, round, payload, digest)
         SELECT centre, $1, 'user', $1, 1, 'user.unknown', schema, occurred_at, recorded_at, actor, 0, '{}', digest FROM event LIMIT 1",
    )
    .bind(held.as_bytes().as_slice())
    .execute(&mut *transaction)
    .await
    .unwrap();
    let before = city.number("SELECT position FROM seq_state").await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let during = city.number("SELECT position FROM seq_state").await;
    transaction.commit().await.unwrap();
    assert!(during > before, "an open transaction held everybody up at {before}");
    held
}

#[tokio::test(flavor = "multi_thread")]
async fn every_reader_sees_every_event_once_and_in_order_on_sqlite() {
    in_order(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_reader_sees_every_event_once_and_in_order_on_postgres() {
    in_order(Kind::Postgres).await;
}

async fn in_order(kind: Kind) {
    let Some(mut city) = City::new(kind).await else { return };
    let dice = Arc::new(Dice::of_the_run("order"));
    let nodes = city.nodes(&["sup01", "admin01"]).await;
    let clients: Vec<_> = nodes.iter().map(|node| city.client(&node.url(), "sup01")).collect();
    let after = city.number("SELECT position FROM seq_state").await;
    let (ended, end) = watch::channel(i64::MAX);
    let readers: Vec<_> =
        (0..READERS).map(|reader| tokio::spawn(read(live(clients[reader % clients.len()].clone(), after), after, end.clone()))).collect();
    let begun = Instant::now();
    let longest = Duration::from_secs(if soak() { 900 } else { 90 });
    let stop = Arc::new(AtomicBool::new(false));
    let known: Arc<Mutex<Vec<TicketId>>> = Arc::default();
    let told: Arc<Mutex<Vec<(Uuid, i64, Instant)>>> = Arc::default();
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let (client, dice, known, told) = (clients[writer % clients.len()].clone(), dice.clone(), known.clone(), told.clone());
            let (importer, stop) = (city.client(&nodes[writer % nodes.len()].url(), "admin01"), stop.clone());
            tokio::spawn(async move {
                let (mut refused, mut turn) = (0usize, 0);
                while !stop.load(Ordering::Relaxed) {
                    turn += 1;
                    if turn % 10 == writer as u64 % 10 {
                        let outcome = importer.import_tickets(&batch(writer, turn), &new_key()).await.unwrap();
                        assert_eq!(outcome.created, IMPORTED, "{outcome:?}");
                    }
                    let some = { let known = known.lock().unwrap(); (!known.is_empty()).then(|| known[dice.below(known.len() as u64) as usize]) };
                    let kept = match (dice.below(10), some) {
                        // Refused after its first event was appended: that event must be gone, and leave no hole.
                        (0, _) => client.create_ticket(&ticket("退回", Then::Dispatch { unit: "city.none".into() }), &new_key()).await,
                        (1, Some(id)) => client.act(id, Act::Review, &ActRequest::default(), &new_key()).await,
                        (2..6, Some(id)) => client.act(id, Act::Note, &ActRequest { text: Some("示例".into()), ..ActRequest::default() }, &new_key()).await,
                        (6..8, Some(id)) => client.act(id, Act::Urge, &ActRequest::default(), &new_key()).await,
                        _ => client.create_ticket(&ticket("示例", Then::Dispatch { unit: "city.dc.zjj".into() }), &new_key()).await,
                    };
                    match kept {
                        Ok(row) => {
                            told.lock().unwrap().push((row.id.0, row.version, Instant::now()));
                            if row.version <= 2 {
                                known.lock().unwrap().push(row.id);
                            }
                        }
                        Err(error) => {
                            assert!(!error.is_unknown(), "{error}");
                            refused += 1;
                        }
                    }
                }
                refused
            })
        })
        .collect();
    let held = match city.settings.database.clone() {
        Database::Postgres(url) => {
            tokio::time::sleep(Duration::from_secs(2)).await;
            Some(held_open(&city, &url).await)
        }
        Database::Sqlite(_) => None,
    };
    while begun.elapsed() < longest && city.number("SELECT position FROM seq_state").await - after < ENOUGH {
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    stop.store(true, Ordering::Relaxed);
    let took = begun.elapsed();
    let mut refused = 0;
    for writer in writers {
        refused += writer.await.unwrap();
    }
    assert!(refused > 0, "nothing was refused");
    crate::support::until("every event has its position", 60, || async {
        (city.number("SELECT (SELECT count(*) FROM event) - (SELECT count(*) FROM event_position)").await == 0).then_some(())
    })
    .await;
    let raw = Raw::open(&city.settings.database).await;
    let rows = raw
        .rows(&format!(
            "SELECT p.position, e.aggregate_id, e.version, e.aggregate FROM event_position p JOIN event e ON e.centre = p.centre AND e.id = p.event_id WHERE p.position > {after} ORDER BY 1"
        ))
        .await;
    let log: Vec<(i64, Uuid, i64, String)> = rows
        .iter()
        .map(|row| (row[0].int(), Uuid::from_slice(&row[1].bytes()).unwrap(), row[2].int(), String::from_utf8(row[3].bytes()).unwrap()))
        .collect();
    for (offset, (position, ..)) in log.iter().enumerate() {
        assert_eq!(*position, after + 1 + offset as i64, "positions are dense");
    }
    assert!(held.is_none_or(|held| log.iter().any(|(_, id, ..)| *id == held)), "the held event came in");
    let mut versions: HashMap<Uuid, i64> = HashMap::new();
    for (position, id, version, _) in &log {
        let before = versions.insert(*id, *version).unwrap_or(0);
        assert_eq!(*version, before + 1, "versions ascend one by one, at {position}");
    }
    let last = log.iter().rev().find(|(.., aggregate)| aggregate == "ticket").unwrap().0;
    ended.send(last).unwrap();
    let told = told.lock().unwrap().clone();
    let mut delays = Vec::new();
    for reader in readers {
        let got = reader.await.unwrap();
        for (position, id, version, _) in log.iter().filter(|(.., aggregate)| aggregate == "ticket") {
            let frame = &got[got.partition_point(|frame| frame.position < *position)];
            assert!(frame.rows.get(id).is_some_and(|seen| seen >= version), "position {position} ({id} v{version}) is missing from its frame");
        }
        let mut first_seen: HashMap<Uuid, Vec<(i64, Instant)>> = HashMap::new();
        for frame in &got {
            for (id, version) in &frame.rows {
                first_seen.entry(*id).or_default().push((*version, frame.at));
            }
        }
        for (id, version, at) in &told {
            let seen = &first_seen[id];
            let seen = seen[seen.partition_point(|(seen, _)| seen < version)].1;
            delays.push(seen.saturating_duration_since(*at));
        }
    }
    delays.sort();
    // Two seconds of an open transaction, and much for a slow machine: a feed that falls behind for good is far beyond it.
    assert!(delays[delays.len() * 99 / 100] < Duration::from_secs(5), "frames came late: p99 {:?}", delays[delays.len() * 99 / 100]);
    println!(
        "{kind:?}: {} events in {took:?}, {refused} refused, {READERS} readers; from the answer to the frame: p50 {:?}, p99 {:?}, longest {:?}",
        log.len(),
        delays[delays.len() / 2],
        delays[delays.len() * 99 / 100],
        delays[delays.len() - 1]
    );
}
