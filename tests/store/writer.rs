//! Commands that share a commit stand or fall each for itself, and the log file of SQLite starts again under steady writes.
use super::raw::Raw;
use crate::support::backend::{Backend, Kind};
use crate::support::until;
use chrono::Utc;
use hotline::api::import::{ImportedTicket, Numbered};
use hotline::api::tickets::{NewTicket, Then};
use hotline::client::{Client, ClientError, new_key};
use hotline::domain::limits::TicketKind;
use hotline::server::Database;

/// How many go at once.
const TOGETHER: usize = 96;
/// Longer than the log of SQLite may become before it starts again, in pages.
const LONG: u64 = 8_000;

fn ticket(title: String, then: Then) -> NewTicket {
    NewTicket {
        kind: TicketKind::Complaint,
        class: None,
        urgent_class: None,
        tag: None,
        green: false,
        line: Default::default(),
        title,
        body: "示例市民反映示例路夜间施工。".into(),
        place: Some("示例路 1 号".into()),
        call: None,
        pins: vec![],
        then,
        number: None,
        enterprise: None,
        promise: None,
    }
}

/// Every third is refused when its texts are already written; with the same key it is refused the same way again.
async fn those_refused_leave_nothing(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let raw = Raw::open(&backend.settings.database).await;
    let texts = || async { raw.rows("SELECT count(*) FROM content WHERE centre = 1").await[0][0].int() };
    let before = texts().await;
    let tasks: Vec<_> = (0..TOGETHER)
        .map(|index| {
            let client = backend.admin.clone();
            tokio::spawn(async move {
                let then = if index % 3 == 0 { Then::Dispatch { unit: "no.such".into() } } else { Then::Nothing };
                let (request, key) = (ticket(format!("示例 {index}"), then), new_key());
                let first = client.create_ticket(&request, &key).await;
                assert_eq!(first.is_err(), index % 3 == 0, "{index}: {first:?}");
                let again = client.create_ticket(&request, &key).await;
                match (first, again) {
                    (Ok(first), Ok(again)) => assert_eq!(first, again),
                    (Err(ClientError::Problem(first)), Err(ClientError::Problem(again))) => assert_eq!((first.status, first.title), (again.status, again.title)),
                    other => panic!("{index}: {other:?}"),
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let kept = (TOGETHER - TOGETHER.div_ceil(3)) as i64;
    assert_eq!(texts().await - before, 3 * kept, "a refused ticket left texts, or a kept one lost some");
    assert_eq!(raw.rows("SELECT count(*) FROM ticket_row WHERE centre = 1").await[0][0].int(), kept);
    let (events, raw) = (raw.rows("SELECT count(*) FROM event WHERE centre = 1").await[0][0].int(), &raw);
    until("every event has its position, dense", 20, || async move {
        let row = &raw.rows("SELECT count(*), max(position) FROM event_position WHERE centre = 1").await[0];
        (row[0].int() == events && row[1].int() == events).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn those_refused_leave_nothing_and_spoil_nobody_on_sqlite() {
    those_refused_leave_nothing(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn those_refused_leave_nothing_and_spoil_nobody_on_postgres() {
    those_refused_leave_nothing(Kind::Postgres).await;
}

/// A batch of tickets with long texts.
async fn import(client: &Client, from: u64) {
    let batch: Vec<_> = (from..from + 100)
        .map(|line| Numbered {
            line,
            row: ImportedTicket {
                external_id: format!("long-{line}"),
                kind: TicketKind::Complaint,
                line: Default::default(),
                urgent_class: None,
                title: format!("示例 {line}"),
                body: "示".repeat(20_000),
                place: None,
                unit: None,
                accepted_at: Utc::now(),
                replied_at: None,
                reply: None,
            },
        })
        .collect();
    assert_eq!(client.import_tickets(&batch, &new_key()).await.unwrap().created, 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_file_starts_again_while_writes_go_on() {
    let backend = Backend::start(Kind::Sqlite).await.unwrap();
    let Database::Sqlite(path) = &backend.settings.database else { unreachable!() };
    let file = path.with_extension("db-wal");
    // The header of the file counts how often it was started again.
    let begun = || u32::from_be_bytes(std::fs::read(&file).unwrap()[12..16].try_into().unwrap());
    let (first, mut from) = (begun(), 0);
    while begun() == first && std::fs::metadata(&file).unwrap().len() < LONG * 4_120 {
        import(&backend.admin, from).await;
        from += 100;
    }
    let (admin, begun) = (&backend.admin, &begun);
    until("the log file started again", 60, || async move {
        admin.create_ticket(&ticket("示例".into(), Then::Nothing), &new_key()).await.unwrap();
        (begun() > first).then_some(())
    })
    .await;
}
