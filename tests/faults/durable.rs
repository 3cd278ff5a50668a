//! P2: nothing acknowledged is lost in a power cut. (a) The order of the system calls: every answer leaves after the flush
//! of what it acknowledges. (b) A database that cannot promise it is refused in words.
use super::node::{Asker, ticket_json};
use crate::support::served::{Launch, free_address, sqlite, token};
use crate::support::backend::{Kind, bare_city, settings};
use crate::support::postgres;
use crate::support::terminal::signal;
use hotline::api::tickets::Then;
use hotline::client::new_key;
use hotline::server::{Database, Running, Settings};
use std::collections::HashMap;
use tempfile::TempDir;

const CREATES: usize = 200;

/// What the trace of a server says.
#[derive(Debug, Default, PartialEq, Eq)]
struct Order {
    /// Answers with 201.
    answers: usize,
    /// Of these, how many left without a write to the log before them, or without its flush.
    too_early: usize,
}

/// Reads an `strace -f -yy` of one server whose client sends one write at a time. The server may write for itself between a
/// flush and its answer, so what counts is that something was written and then flushed since the answer before.
fn order(trace: &str) -> Order {
    let mut order = Order::default();
    let (mut written, mut flushed) = (false, false);
    let mut flushing: HashMap<&str, bool> = HashMap::new();
    for line in trace.lines() {
        let Some((process, call)) = line.split_once(char::is_whitespace) else { continue };
        let call = call.trim_start();
        let wal = call.contains("-wal>");
        if call.starts_with("pwrite64(") && wal {
            written = true;
        } else if (call.starts_with("fdatasync(") || call.starts_with("fsync(")) && wal {
            if call.contains("<unfinished") {
                flushing.insert(process, written);
            } else {
                flushed |= written;
            }
        } else if call.starts_with("<... fdatasync resumed") || call.starts_with("<... fsync resumed") {
            flushed |= flushing.remove(process).unwrap_or(false);
        } else if call.contains("HTTP/1.1 201") && call.contains("<TCP") {
            order.answers += 1;
            order.too_early += usize::from(!flushed);
            (written, flushed) = (false, false);
        }
    }
    order
}

#[test]
fn an_answer_before_its_flush_is_seen_in_a_trace() {
    let write = "7 pwrite64(9</t/hotline.db-wal>, \"\", 4096, 32) = 4096";
    let flush = "7 fdatasync(9</t/hotline.db-wal>) = 0";
    let answer = "8 writev(12<TCP:[127.0.0.1:1->127.0.0.1:2]>, [{iov_base=\"HTTP/1.1 201 Created\"...}], 2) = 900";
    let (begin, end) = ("7 fdatasync(9</t/hotline.db-wal> <unfinished ...>", "7 <... fdatasync resumed>) = 0");
    let judged = |lines: &[&str]| order(&lines.join("\n")).too_early;
    assert_eq!(judged(&[write, flush, answer, write, begin, end, answer]), 0);
    assert_eq!(judged(&[write, flush, write, answer, flush, write, flush, answer]), 0, "it wrote for itself");
    for early in [&[write, answer, flush][..], &[answer], &[flush, write, answer], &[write, begin, answer, end]] {
        assert_eq!(judged(early), 1, "{early:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_leaves_after_the_flush_of_what_it_acknowledges() {
    if std::process::Command::new("strace").arg("-V").stdout(std::process::Stdio::null()).status().is_err() {
        assert!(std::env::var_os("HOTLINE_REQUIRE_STRACE").is_none(), "strace is required and was not found");
        println!("SKIPPED: strace is not installed, so the order of flush and answer was not looked at");
        return;
    }
    let folder = TempDir::new().unwrap();
    let trace = folder.path().join("trace");
    let address = free_address();
    let strace = ["strace", "-f", "-yy", "-s", "48", "-e", "trace=fdatasync,fsync,pwrite64,write,writev,sendto,sendmsg", "-o", trace.to_str().unwrap()];
    let (listen, database) = (address.to_string(), sqlite(folder.path()));
    let arguments = ["serve", "--listen", &listen, "--database", &database, "--sample-seed", "1", "--sample-tickets", "0", "--sample-articles", "0"];
    let server = Launch { before: &strace, arguments: &arguments, ..Launch::default() }.below(folder.path());
    server.ready(address).await;
    let asker = Asker::new(&token(&format!("http://{address}"), None, "op01").await);
    for index in 0..CREATES {
        let told = asker.post(format!("http://{address}/api/v1/tickets"), &new_key(), &ticket_json(&format!("示例 {index}"), Then::Nothing)).await.unwrap();
        assert_eq!(told.status, 201, "{told:?}");
    }
    // The first word of the command line is strace, which lets no signal through.
    let tracer = server.process;
    let traced = std::fs::read_to_string(format!("/proc/{tracer}/task/{tracer}/children")).unwrap();
    signal(traced.trim().parse().unwrap(), "TERM");
    assert_eq!(server.ended(), 0);
    let order = order(&std::fs::read_to_string(trace).unwrap());
    println!("{order:?}");
    // The login is a write like any other.
    assert_eq!(order, Order { answers: CREATES + 1, too_early: 0 });
}

async fn refused(settings: &Settings) -> String {
    match Running::open(settings).await {
        Ok(_) => panic!("it started"),
        Err(error) => error.to_string(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sqlite_database_that_cannot_promise_durability_is_refused() {
    let folder = TempDir::new().unwrap();
    let mut settings = settings(Kind::Sqlite, &folder, bare_city()).await.unwrap();
    settings.database = Database::Sqlite(":memory:".into());
    let words = refused(&settings).await;
    assert!(words.contains("journal_mode=memory") && words.contains("拒绝启动") && words.contains("refusing to start"), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_postgres_that_does_not_wait_for_its_disk_is_refused() {
    let folder = TempDir::new().unwrap();
    let Some(settings) = settings(Kind::Postgres, &folder, bare_city()).await else { return };
    let Database::Postgres(url) = &settings.database else { unreachable!() };
    let mut connection = <sqlx::PgConnection as sqlx::Connection>::connect(url).await.unwrap();
    let name = url.rsplit('/').next().unwrap();
    sqlx::query(sqlx::AssertSqlSafe(format!("ALTER DATABASE {name} SET synchronous_commit = off"))).execute(&mut connection).await.unwrap();
    let words = refused(&settings).await;
    assert!(words.contains("synchronous_commit=off") && words.contains("拒绝启动"), "{words}");
    for setting in ["fsync", "full_page_writes"] {
        let Some(url) = postgres::cluster_with(&format!("{setting}=off")) else { return };
        let settings = Settings { database: Database::Postgres(url.url.clone()), ..settings.clone() };
        let words = refused(&settings).await;
        assert!(words.contains(&format!("{setting}=off")) && words.contains("refusing to start"), "{words}");
    }
}
