//! P7: a console that reconnects misses nothing and applies nothing twice. Two hundred of them through a proxy that ends every
//! connection within seconds, on another node as it comes; tickets move between two units meanwhile. The promise is two
//! minutes with a cut every twenty seconds, six for each console; the gate cuts oftener and is over sooner.
use super::node::{City, soak, ticket};
use crate::support::backend::Kind;
use crate::support::dice::Dice;
use crate::support::proxy::Proxy;
use hotline::api::events::{Change, Reset};
use hotline::api::tickets::{ActRequest, Then, TicketQuery};
use hotline::client::{Client, Live, live, new_key};
use hotline::domain::ids::TicketId;
use hotline::domain::ticket::Act;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use uuid::Uuid;

const CONSOLES: usize = 200;
/// The fewest cuts of each console, on the average.
const CUTS: usize = 6;
const UNITS: [&str; 2] = ["city.dc.zjj", "city.dc.cgj"];
const VIEWERS: [&str; 4] = ["sup01", "h.dc.zjj", "op01", "h.dc.cgj"];

type Rows = BTreeMap<Uuid, i64>;

/// Everything a viewer may see, page by page, and the position it is as of.
async fn snapshot(client: &Client) -> (i64, Rows) {
    let (mut rows, mut first, mut cursor) = (Rows::new(), None, None);
    loop {
        let page = client.tickets(&TicketQuery { cursor, limit: Some(200), sort: Some(hotline::api::tickets::Sort::Accepted), ..TicketQuery::default() }).await.unwrap();
        rows.extend(page.items.iter().map(|row| (row.id.0, row.version)));
        first.get_or_insert(page.position);
        cursor = page.next;
        if cursor.is_none() {
            return (first.unwrap_or(0), rows);
        }
    }
}

/// What one console came to.
#[derive(Default)]
struct Console {
    rows: Rows,
    frames: usize,
    connects: usize,
    resets: usize,
    leaves: usize,
}

async fn console(direct: Client, through: Client, shown: Arc<Mutex<Console>>) {
    let (mut position, rows) = snapshot(&direct).await;
    shown.lock().unwrap().rows = rows;
    let mut stream = live(through, position);
    while let Some(told) = stream.recv().await {
        match told {
            Live::Frame(frame) => {
                assert!(frame.position > position, "applied twice: {} after {position}", frame.position);
                assert!(frame.prev <= position, "a gap: prev {} after {position}", frame.prev);
                position = frame.position;
                let mut shown = shown.lock().unwrap();
                shown.frames += 1;
                for change in frame.changes {
                    match change {
                        Change::Ticket { row } => {
                            let have = shown.rows.entry(row.id.0).or_default();
                            *have = row.version.max(*have);
                        }
                        Change::Leave { id } => {
                            shown.leaves += 1;
                            shown.rows.remove(&id);
                        }
                        _ => {}
                    }
                }
            }
            Live::Reset(Reset { position: at, .. }) => {
                let (_, rows) = snapshot(&direct).await;
                position = at;
                let mut shown = shown.lock().unwrap();
                shown.resets += 1;
                shown.rows = rows;
            }
            Live::Connected(from) => {
                assert_eq!(from, position, "resumes where it was");
                shown.lock().unwrap().connects += 1;
            }
            Live::Heartbeat(_) | Live::Lost(_) => {}
            Live::Unauthorized => panic!("thrown out"),
        }
    }
}

async fn nothing_is_missed(kind: Kind) {
    let Some(mut city) = City::new(kind).await else { return };
    let dice = Arc::new(Dice::of_the_run("consoles"));
    let nodes = city.nodes(&VIEWERS).await;
    let addresses: Vec<_> = nodes.iter().map(|node| node.address).collect();
    let proxy = Proxy::before(&addresses, dice.next()).await;
    proxy.rules.life.store(2_500, Ordering::Relaxed);
    let known: Arc<Mutex<Vec<TicketId>>> = Arc::default();
    let consoles: Vec<(usize, Arc<Mutex<Console>>, tokio::task::JoinHandle<()>)> = (0..CONSOLES)
        .map(|index| {
            let login = VIEWERS[index % VIEWERS.len()];
            let shown: Arc<Mutex<Console>> = Arc::default();
            let direct = city.client(&nodes[index % nodes.len()].url(), login);
            (index, shown.clone(), tokio::spawn(console(direct, city.client(&proxy.url(), login), shown)))
        })
        .collect();
    let stop_at = Instant::now() + Duration::from_secs(if soak() { 120 } else { 28 });
    let writes = Arc::new(AtomicUsize::new(0));
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let client = city.client(&nodes[writer % nodes.len()].url(), "sup01");
            let (dice, known, writes) = (dice.clone(), known.clone(), writes.clone());
            tokio::spawn(async move {
                let mut beat = tokio::time::interval(Duration::from_millis(240));
                while Instant::now() < stop_at {
                    beat.tick().await;
                    let some = { let known = known.lock().unwrap(); (!known.is_empty()).then(|| known[dice.below(known.len() as u64) as usize]) };
                    let unit = UNITS[dice.below(2) as usize].to_owned();
                    let kept = match (dice.below(10), some) {
                        (0..4, Some(id)) => client.act(id, Act::Redispatch, &ActRequest { unit: Some(unit), ..ActRequest::default() }, &new_key()).await,
                        (4..7, Some(id)) => client.act(id, Act::Note, &ActRequest { text: Some("示例".into()), ..ActRequest::default() }, &new_key()).await,
                        _ => client.create_ticket(&ticket("示例", Then::Dispatch { unit }), &new_key()).await,
                    };
                    let row = kept.unwrap();
                    writes.fetch_add(1, Ordering::Relaxed);
                    if row.version <= 2 {
                        known.lock().unwrap().push(row.id);
                    }
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    let mut wanted = Vec::new();
    for login in VIEWERS {
        wanted.push(snapshot(&city.client(&nodes[0].url(), login)).await.1);
    }
    assert!(wanted[1].len() > 20 && wanted[3].len() > 20 && wanted[1].keys().all(|id| !wanted[3].contains_key(id)));
    let whole = crate::support::until("all consoles show what the server lists", 20, || async {
        let missing = consoles.iter().filter(|(index, shown, _)| shown.lock().unwrap().rows != wanted[index % VIEWERS.len()]).count();
        (missing == 0).then_some(()).ok_or(missing).ok()
    });
    let stuck = async {
        tokio::time::sleep(Duration::from_secs(18)).await;
        for (index, shown, task) in &consoles {
            let (shown, wanted) = (shown.lock().unwrap(), &wanted[index % VIEWERS.len()]);
            let missing: Vec<_> = wanted.iter().filter(|(id, version)| shown.rows.get(*id) != Some(version)).collect();
            let extra = shown.rows.keys().filter(|id| !wanted.contains_key(*id)).count();
            assert!(missing.is_empty() && extra == 0 && !task.is_finished(), "console {index} ({}): lacks {missing:?}, {extra} too many", VIEWERS[index % VIEWERS.len()]);
        }
    };
    tokio::select! { () = whole => {}, () = async { stuck.await; std::future::pending::<()>().await } => {} }
    let (mut frames, mut connects, mut resets, mut leaves) = (0, 0, 0, 0);
    for (_, shown, task) in &consoles {
        assert!(!task.is_finished(), "a console broke");
        task.abort();
        let shown = shown.lock().unwrap();
        (frames, connects, resets, leaves) = (frames + shown.frames, connects + shown.connects, resets + shown.resets, leaves + shown.leaves);
    }
    println!("{kind:?}: {} writes, {CONSOLES} consoles, {connects} connects, {frames} frames, {leaves} leaves, {resets} resets", writes.load(Ordering::Relaxed));
    assert!(connects > CONSOLES * (1 + CUTS), "only {connects} connects");
    assert!(leaves > 0 && frames > 0);
    assert_eq!(resets, 0, "a resumption within reach needs no snapshot");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_console_that_reconnects_misses_nothing_on_sqlite() {
    nothing_is_missed(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_console_that_reconnects_misses_nothing_on_postgres() {
    nothing_is_missed(Kind::Postgres).await;
}

/// The first events of a stream resumed at `last`, as text, until one named `until` has come.
async fn first_events(url: &str, token: &str, last: Option<&str>, until: &str) -> String {
    let mut request = super::node::http(20).get(format!("{url}/api/v1/events")).bearer_auth(token);
    if let Some(last) = last {
        request = request.header("last-event-id", last);
    }
    let mut response = request.send().await.unwrap();
    let mut text = String::new();
    let wanted = format!("event: {until}\n");
    let whole = tokio::time::timeout(Duration::from_secs(5), async {
        while !text.contains(&wanted) || !text.ends_with("\n\n") {
            text.push_str(std::str::from_utf8(&response.chunk().await.unwrap().expect("the stream stays open")).unwrap());
        }
    });
    whole.await.unwrap_or_else(|_| panic!("no {until}"));
    text
}

/// What cannot be continued is said, never passed over in silence.
#[tokio::test(flavor = "multi_thread")]
async fn a_position_that_cannot_be_continued_is_answered_with_a_reset() {
    let Some(mut city) = City::new(Kind::Sqlite).await else { return };
    let node = city.node(&["sup01"]).await;
    let token = city.token("sup01").to_owned();
    let head = city.number("SELECT position FROM seq_state").await;
    for (last, reason) in [("mist", "garbage"), ("99999999999999999999", "garbage"), ("999999999", "ahead"), ("-1", "too_old"), ("1.5", "garbage")] {
        let text = first_events(&node.url(), &token, Some(last), "reset").await;
        assert!(text.starts_with(&format!("event: reset\nid: {head}\n")) && text.contains(&format!("\"reason\":\"{reason}\"")), "{last}: {text}");
    }
    let text = first_events(&node.url(), &token, Some(&head.to_string()), "heartbeat").await;
    assert!(!text.contains("reset"), "{text}");
    node.stop().await;
    // A log that has gone on far beyond what a stream may catch up over.
    let database = rusqlite::Connection::open(city.folder.path().join("hotline.db")).unwrap();
    database.execute("UPDATE seq_state SET position = position + 30000", []).unwrap();
    drop(database);
    let node = city.node(&[]).await;
    let text = first_events(&node.url(), &token, Some(&head.to_string()), "reset").await;
    assert!(text.contains("\"reason\":\"too_old\""), "{text}");
}
