//! The backend beside its own references, in one process and one run: B1 B2 B4 B5 B7 B8 B9 and the live stream.
//! Usage: `cargo bench --bench backend [-- quick]`. Only ratios bind; a missed one exits 1. Everything runs on loopback,
//! in folders that are removed, for a bounded time.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs)]
use chrono::{TimeDelta, Utc};
use hotline::api::import::{ImportedTicket, Numbered};
use hotline::api::tickets::{NewTicket, Then, TicketQuery};
use hotline::client::{Client, Live, Target, live, new_key};
use hotline::domain::limits::TicketKind;
use hotline::server::{Database, Running, Sample, SampleSize, Settings};
use std::io::Write as _;
use std::net::TcpListener;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tempfile::TempDir;

#[path = "../tests/support/postgres.rs"]
#[allow(dead_code)]
mod postgres;

struct Report {
    missed: u32,
}

impl Report {
    fn line(&mut self, name: &str, words: &str, held: bool) {
        self.missed += u32::from(!held);
        let _ = writeln!(std::io::stdout(), "{} {name:4} {words}", if held { "ok    " } else { "MISSED" });
    }
}

fn percentile(times: &mut [f64], share: f64) -> f64 {
    times.sort_by(f64::total_cmp);
    times[((times.len() - 1) as f64 * share) as usize]
}

/// The same rows a create writes, one commit each, on one thread with the same durability: commits a second, p99 in ms.
fn raw(folder: &TempDir, seconds: f64) -> (f64, f64) {
    let connection = rusqlite::Connection::open(folder.path().join("raw.db")).unwrap();
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             CREATE TABLE a (id INTEGER PRIMARY KEY, body TEXT); CREATE TABLE b (id INTEGER PRIMARY KEY, body TEXT);
             CREATE TABLE c (id INTEGER PRIMARY KEY, body TEXT); CREATE TABLE d (id INTEGER PRIMARY KEY, body TEXT)",
        )
        .unwrap();
    let body = "示例".repeat(60);
    let mut times = Vec::new();
    let start = Instant::now();
    while start.elapsed().as_secs_f64() < seconds {
        let at = Instant::now();
        connection.execute_batch("BEGIN IMMEDIATE").unwrap();
        for table in ["a", "b", "c", "d"] {
            connection.prepare_cached(&format!("INSERT INTO {table} (body) VALUES (?1)")).unwrap().execute([&body]).unwrap();
        }
        connection.execute_batch("COMMIT").unwrap();
        times.push(at.elapsed().as_secs_f64() * 1e3);
    }
    (times.len() as f64 / start.elapsed().as_secs_f64(), percentile(&mut times, 0.99))
}

struct Served {
    client: Client,
    settings: Settings,
    _folder: TempDir,
}

async fn served(database: Option<Database>) -> Served {
    let folder = TempDir::new().unwrap();
    let settings = Settings {
        database: database.unwrap_or_else(|| Database::Sqlite(folder.path().join("hotline.db"))),
        key_file: folder.path().join("vault.key"),
        centre_name: "示例市".into(),
        tls: None,
        test_clock: false,
        rate: 1.0,
        sample: Some(Sample { seed: 1, size: SampleSize { tickets: 0, articles: 0 } }),
        admin_password: None,
        audit_export: None,
        idle_exit: None,
    };
    Served { client: node(&settings).await, settings, _folder: folder }
}

/// A node on the database these settings name.
async fn node(settings: &Settings) -> Client {
    let running = Running::open(settings).await.unwrap();
    let token = running.session_for("admin01").await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(running.serve(listener, std::future::pending()));
    Client::new(&Target { server, token: Some(token), authority: None }).unwrap()
}

/// Creates through these nodes in turn.
async fn creates(nodes: &[&Client], clients: usize, seconds: f64) -> (f64, Vec<f64>) {
    let (nodes, turn): (Vec<Client>, _) = (nodes.iter().map(|client| (*client).clone()).collect(), AtomicUsize::new(0));
    load(clients, seconds, move || {
        let client = nodes[turn.fetch_add(1, Ordering::Relaxed) % nodes.len()].clone();
        async move { drop(client.create_ticket(&new_ticket(), &new_key()).await.unwrap()) }
    })
    .await
}

fn new_ticket() -> NewTicket {
    NewTicket {
        kind: TicketKind::Complaint,
        class: None,
        urgent_class: None,
        tag: None,
        green: false,
        line: Default::default(),
        title: "示例路夜间施工噪声".into(),
        body: "示例市民反映示例路夜间施工。".repeat(4),
        place: Some("示例路 1 号".into()),
        call: None,
        pins: vec![],
        then: Then::Nothing,
        number: None,
        enterprise: None,
        promise: None,
    }
}

/// Runs `one` from `clients` at once for `seconds`; how many a second, and each one's time in ms.
async fn load<F, Fut>(clients: usize, seconds: f64, one: F) -> (f64, Vec<f64>)
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future<Output = ()> + Send,
{
    let one = Arc::new(one);
    let start = Instant::now();
    let mut tasks = Vec::new();
    for _ in 0..clients {
        let one = Arc::clone(&one);
        tasks.push(tokio::spawn(async move {
            let mut times = Vec::new();
            while start.elapsed().as_secs_f64() < seconds {
                let at = Instant::now();
                one().await;
                times.push(at.elapsed().as_secs_f64() * 1e3);
            }
            times
        }));
    }
    let mut all = Vec::new();
    for task in tasks {
        all.extend(task.await.unwrap());
    }
    (all.len() as f64 / start.elapsed().as_secs_f64(), all)
}

/// Fills up to `count` open tickets by imports.
async fn fill(client: &Client, from: usize, count: usize) {
    let base = Utc::now() - TimeDelta::days(20);
    let mut at = from;
    while at < count {
        let batch: Vec<_> = (at..(at + 500).min(count))
            .map(|number| Numbered {
                line: number as u64,
                row: ImportedTicket {
                    external_id: format!("bench-{number}"),
                    kind: TicketKind::Complaint,
                    line: Default::default(),
                    urgent_class: None,
                    title: format!("示例路 {number} 号夜间施工噪声"),
                    body: "示例".repeat(40),
                    place: None,
                    unit: Some("city.dc.zjj".into()),
                    accepted_at: base + TimeDelta::seconds((number as i64 * 37) % 1_500_000),
                    replied_at: None,
                    reply: None,
                },
            })
            .collect();
        at += batch.len();
        client.import_tickets(&batch, &new_key()).await.unwrap();
    }
}

/// Lists a second at 32 clients. What they do with the rows is not the server's work: they only read the bytes.
async fn list_rate(client: &Client, seconds: f64) -> f64 {
    let query = TicketQuery { limit: Some(50), ..TicketQuery::default() };
    assert_eq!(client.tickets(&query).await.unwrap().items.len(), 50);
    let http = reqwest::Client::new();
    let (url, token) = (format!("{}/api/v1/tickets?limit=50", client.server()), client.token().unwrap_or_default().to_owned());
    load(32, seconds, move || {
        let request = http.get(&url).bearer_auth(&token);
        async move {
            assert!(request.send().await.unwrap().bytes().await.unwrap().len() > 10_000);
        }
    })
    .await
    .0
}

/// The same list prepared and serialised on one thread in this process.
fn list_in_process(settings: &Settings, seconds: f64) -> f64 {
    let Database::Sqlite(path) = &settings.database else { unreachable!("the bench runs on SQLite") };
    let connection = rusqlite::Connection::open_with_flags(path, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    connection.execute_batch("PRAGMA cache_size = -65536; PRAGMA mmap_size = 1073741824").unwrap();
    let mut statement = connection.prepare("SELECT * FROM ticket_row WHERE centre = 1 AND is_open = 1 AND (sort_at, id) > (-9223372036854775808, x'') ORDER BY sort_at, id LIMIT 50").unwrap();
    let names: Vec<String> = statement.column_names().iter().map(|name| (*name).to_owned()).collect();
    let start = Instant::now();
    let mut lists = 0u32;
    while start.elapsed().as_secs_f64() < seconds {
        let mut rows = statement.query([]).unwrap();
        let mut items = Vec::new();
        while let Some(row) = rows.next().unwrap() {
            let mut item = serde_json::Map::new();
            for (index, name) in names.iter().enumerate() {
                let value = match row.get_ref(index).unwrap() {
                    rusqlite::types::ValueRef::Integer(value) => value.into(),
                    rusqlite::types::ValueRef::Text(value) => String::from_utf8_lossy(value).into_owned().into(),
                    _ => serde_json::Value::Null,
                };
                item.insert(name.clone(), value);
            }
            items.push(item);
        }
        assert!(serde_json::to_string(&items).unwrap().len() > 1000);
        lists += 1;
    }
    f64::from(lists) / start.elapsed().as_secs_f64()
}

/// Resident memory of this process, MiB.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let kib = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix("kB")?.trim().parse::<f64>().ok());
    kib.unwrap_or(0.0) / 1024.0
}

#[tokio::main]
async fn main() -> ExitCode {
    let quick = std::env::args().any(|argument| argument == "quick");
    let seconds = if quick { 1.0 } else { 4.0 };
    let mut report = Report { missed: 0 };
    let _ = rustls::crypto::ring::default_provider().install_default();

    // An empty POST, for what HTTP alone costs on this machine.
    let empty = axum::Router::new().route("/", axum::routing::post(|| async { "{}" }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let empty_url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, empty).await });
    let http = reqwest::Client::new();
    let empty_post = {
        let (http, url) = (http.clone(), empty_url.clone());
        let (_, mut times) = load(1, seconds / 2.0, move || {
            let request = http.post(&url).json(&new_ticket());
            async move { drop(request.send().await.unwrap().bytes().await) }
        })
        .await;
        percentile(&mut times, 0.5)
    };

    let backend = served(None).await;
    let (raw_rate, raw_p99) = raw(&backend._folder, seconds);
    let (_, mut times) = creates(&[&backend.client], 1, seconds).await;
    let one = percentile(&mut times, 0.5);
    let allowed = 1e3 / raw_rate + empty_post + 0.15;
    report.line("B1", &format!("one client: {one:.2} ms a durable create; raw commit {:.2} + empty POST {empty_post:.2} + 0.15 = {allowed:.2} ms", 1e3 / raw_rate), one <= allowed);
    let (rate, mut times) = creates(&[&backend.client], 32, seconds).await;
    let p99 = percentile(&mut times, 0.99);
    report.line("B2", &format!("32 clients: {rate:.0}/s, {:.1} x raw single commits ({raw_rate:.0}/s); p99 {p99:.1} ms, {:.1} x raw ({raw_p99:.1})", rate / raw_rate, p99 / raw_p99), rate >= 2.0 * raw_rate && p99 <= 5.0 * raw_p99);

    let (small, large) = if quick { (2_000, 10_000) } else { (20_000, 100_000) };
    let backend = served(None).await;
    let before = resident();
    let start = Instant::now();
    fill(&backend.client, 0, small).await;
    let filled = small as f64 / start.elapsed().as_secs_f64();
    report.line("B8", &format!("resident at {small} tickets: {:.0} MiB for server, bench and clients together ({before:.0} before; import {filled:.0} tickets/s)", resident()), resident() <= 150.0);
    let at_small = list_rate(&backend.client, seconds).await;
    fill(&backend.client, small, large).await;
    let at_large = list_rate(&backend.client, seconds).await;
    report.line("B4", &format!("list of 50 at {large}: {at_large:.0}/s, {:.2} of {at_small:.0}/s at {small}", at_large / at_small), at_large >= 0.9 * at_small);
    let alone = list_in_process(&backend.settings, seconds);
    report.line("B5", &format!("list over HTTP at 32 clients: {at_large:.0}/s, {:.2} of the same list on one thread in process ({alone:.0}/s)", at_large / alone), at_large >= 0.6 * alone);

    let get = |path: &str, client: &Client, token: bool| {
        let (url, http) = (format!("{}{path}", client.server()), http.clone());
        let bearer = token.then(|| client.token().unwrap_or_default().to_owned());
        move || {
            let mut request = http.get(&url);
            if let Some(bearer) = &bearer {
                request = request.bearer_auth(bearer);
            }
            async move { drop(request.send().await.unwrap().bytes().await) }
        }
    };
    let mut ratios = Vec::new();
    for _ in 0..5 {
        let (with, _) = load(8, seconds / 4.0, get("/api/v1/me", &backend.client, true)).await;
        let (without, _) = load(8, seconds / 4.0, get("/healthz", &backend.client, false)).await;
        ratios.push(without / with);
    }
    let ratio = percentile(&mut ratios, 0.5);
    report.line("B9", &format!("an authenticated GET costs {ratio:.2} x one without"), ratio <= 1.15);

    on_postgres(&mut report, seconds).await;
    stream(&mut report, quick).await;
    if report.missed > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Creates on PostgreSQL at 8 clients beside one statement that writes four rows, and two nodes on one database beside one.
async fn on_postgres(report: &mut Report, seconds: f64) {
    let Some(url) = postgres::database().await else { return };
    let pool = sqlx::PgPool::connect(&url).await.unwrap();
    let tables = "CREATE TABLE raw_a (id BIGSERIAL PRIMARY KEY, body TEXT); CREATE TABLE raw_b (LIKE raw_a INCLUDING ALL); CREATE TABLE raw_c (LIKE raw_a INCLUDING ALL); CREATE TABLE raw_d (LIKE raw_a INCLUDING ALL)";
    sqlx::raw_sql(tables).execute(&pool).await.unwrap();
    let body = "示例".repeat(60);
    let statement = load(8, seconds, move || {
        let (pool, body) = (pool.clone(), body.clone());
        async move {
            let sql = "WITH a AS (INSERT INTO raw_a (body) VALUES ($1)), b AS (INSERT INTO raw_b (body) VALUES ($1)), c AS (INSERT INTO raw_c (body) VALUES ($1)) INSERT INTO raw_d (body) VALUES ($1)";
            sqlx::query(sql).bind(body).execute(&pool).await.unwrap();
        }
    })
    .await
    .0;
    let backend = served(Some(Database::Postgres(url))).await;
    let second = node(&backend.settings).await;
    let one = creates(&[&backend.client], 8, seconds).await.0;
    let two = creates(&[&backend.client, &second], 8, seconds).await.0;
    let words = format!("PostgreSQL, 8 clients: {one:.0}/s, {:.2} of one statement of four rows ({statement:.0}/s); two nodes {two:.0}/s, {:.2} of one", one / statement, two / one);
    report.line("B7", &words, one >= 0.6 * statement && two >= 0.9 * one);
}

/// Events through the live stream: what a listener has applied equals what the server has, and how fast it came.
async fn stream(report: &mut Report, quick: bool) {
    let backend = served(None).await;
    let from = backend.client.tickets(&TicketQuery::default()).await.unwrap().position;
    let mut frames = live(backend.client.clone(), from);
    let count = if quick { 3_000 } else { 20_000 };
    let rows = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&rows);
    let follower = tokio::spawn(async move {
        let mut known = std::collections::HashMap::new();
        let start = Instant::now();
        let mut last = start;
        while let Ok(Some(told)) = tokio::time::timeout(Duration::from_secs(5), frames.recv()).await {
            if let Live::Frame(frame) = told {
                last = Instant::now();
                for change in frame.changes {
                    if let hotline::api::events::Change::Ticket { row } = change {
                        known.insert(row.id, row.version);
                    }
                }
                seen.store(known.len(), Ordering::Relaxed);
                if known.len() >= count {
                    break;
                }
            }
        }
        (known, (last - start).as_secs_f64())
    });
    fill(&backend.client, 0, count).await;
    let end = backend.client.tickets(&TicketQuery::default()).await.unwrap();
    let (known, took) = follower.await.unwrap();
    let events = (end.position - from) as f64 / took;
    report.line("SSE", &format!("{} tickets applied of {count}, {events:.0} events/s through the stream", known.len()), known.len() == count && (quick || events >= 10_000.0));
}
