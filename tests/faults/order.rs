//! P6: every reader on every node sees every event once, in one order: what the log says, refused commands between, and
//! one transaction held open for two seconds.
use super::node::{City, soak, ticket};
use crate::support::backend::Kind;
use crate::support::dice::Dice;
use hotline::api::events::Change;
use hotline::api::tickets::{ActRequest, Then};
use hotline::client::{Live, live, new_key};
use hotline::domain::ids::TicketId;
use hotline::domain::ticket::Act;
use hotline::server::Database;
use sqlx::{Connection, Row};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::watch;
use uuid::Uuid;

const WRITERS: usize = 16;
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

#[tokio::test(flavor = "multi_thread")]
async fn every_reader_sees_every_event_once_and_in_order() {
    let Some(mut city) = City::new(Kind::Postgres).await else { return };
    let Database::Postgres(url) = city.settings.database.clone() else { unreachable!() };
    let dice = Arc::new(Dice::of_the_run("order"));
    let nodes = city.nodes(&["sup01"]).await;
    let clients: Vec<_> = nodes.iter().map(|node| city.client(&node.url(), "sup01")).collect();
    let after = city.number("SELECT position FROM seq_state").await;
    let (ended, end) = watch::channel(i64::MAX);
    let readers: Vec<_> =
        (0..READERS).map(|reader| tokio::spawn(read(live(clients[reader % clients.len()].clone(), after), after, end.clone()))).collect();
    let stop_at = Instant::now() + Duration::from_secs(if soak() { 60 } else { 12 });
    let known: Arc<Mutex<Vec<TicketId>>> = Arc::default();
    let told: Arc<Mutex<Vec<(Uuid, i64, Instant)>>> = Arc::default();
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let (client, dice, known, told) = (clients[writer % clients.len()].clone(), dice.clone(), known.clone(), told.clone());
            tokio::spawn(async move {
                let mut refused = 0usize;
                while Instant::now() < stop_at {
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
    // Somebody holds a transaction open with an event in it.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let mut slow = sqlx::PgConnection::connect(&url).await.unwrap();
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
    let mut refused = 0;
    for writer in writers {
        refused += writer.await.unwrap();
    }
    assert!(refused > 0, "nothing was refused");
    crate::support::until("every event has its position", 10, || async {
        (city.number("SELECT count(*) FROM event e WHERE NOT EXISTS (SELECT 1 FROM event_position p WHERE p.event_id = e.id)").await == 0).then_some(())
    })
    .await;
    let log: Vec<(i64, Uuid, i64, String)> =
        sqlx::query("SELECT p.position, e.aggregate_id, e.version, e.aggregate, e.id FROM event_position p JOIN event e ON e.id = p.event_id WHERE p.position > $1 ORDER BY 1")
            .bind(after)
            .fetch_all(&mut slow)
            .await
            .unwrap()
            .iter()
            .map(|row| (row.get(0), Uuid::from_slice(row.get(1)).unwrap(), row.get(2), row.get(3)))
            .collect();
    for (offset, (position, ..)) in log.iter().enumerate() {
        assert_eq!(*position, after + 1 + offset as i64, "positions are dense");
    }
    assert!(log.iter().any(|(_, id, ..)| *id == held), "the held event came in");
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
            let seen = first_seen[id].iter().find(|(seen, _)| seen >= version).unwrap().1;
            delays.push(seen.saturating_duration_since(*at));
        }
    }
    delays.sort();
    println!(
        "{} events, {refused} refused, {READERS} readers; from the answer to the frame: p50 {:?}, p99 {:?}, longest {:?}",
        log.len(),
        delays[delays.len() / 2],
        delays[delays.len() * 99 / 100],
        delays[delays.len() - 1]
    );
}
