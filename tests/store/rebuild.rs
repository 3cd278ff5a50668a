//! After any history, with a restart in between: positions dense, time never falling, the audit chain what its own
//! formula says, and every projection what the log says; then rows are spoilt, and exactly those are reported.
use super::raw::{Cell, Raw};
use crate::support::backend::{self, Kind};
use crate::support::dice::Dice;
use crate::support::until;
use hotline::api::articles::NewArticle;
use hotline::api::calls::Ring;
use hotline::api::import::{ImportedTicket, Numbered};
use hotline::api::session::NewUser;
use hotline::api::settings::PutRow;
use hotline::api::tickets::{ActRequest, EditRequest, NewTicket, Then};
use hotline::client::{Client, ClientError, Target, new_key};
use hotline::domain::article::{ArticleText, PolicyLevel};
use hotline::domain::ids::{CallId, TicketId};
use hotline::domain::limits::{HandlerLevel, TicketKind};
use hotline::domain::tables::{ReasonRow, UnitRow};
use hotline::domain::ticket::Act;
use hotline::server::{Running, Settings};
use ring::digest::{Context, SHA256};
use std::collections::{BTreeMap, BTreeSet};
use std::net::TcpListener;
use tempfile::TempDir;
use tokio::sync::oneshot;

/// Chance as a history asks for it: the same history for the same seed.
struct Chance(Dice);

impl Chance {
    fn next(&mut self, below: usize) -> usize {
        self.0.below(below as u64) as usize
    }
    fn of<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.next(of.len())].clone()
    }
    fn maybe<T>(&mut self, value: T) -> Option<T> {
        (self.next(2) == 0).then_some(value)
    }
}

/// One life of a server, from its start to an orderly end.
struct Life {
    admin: Client,
    stop: oneshot::Sender<()>,
    task: tokio::task::JoinHandle<()>,
}

async fn born(settings: &Settings) -> Life {
    let running = Running::open(settings).await.unwrap();
    let token = running.session_for("admin01").await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = format!("http://{}", listener.local_addr().unwrap());
    let (stop, stopped) = oneshot::channel::<()>();
    let task = tokio::spawn(async move { running.serve(listener, async { drop(stopped.await) }).await.unwrap() });
    Life { admin: Client::new(&Target { server, token: Some(token), authority: None }).unwrap(), stop, task }
}

impl Life {
    async fn ends(self) {
        drop(self.admin);
        self.stop.send(()).unwrap();
        self.task.await.unwrap();
    }
}

/// What a history has made so far.
#[derive(Default)]
struct Made {
    tickets: Vec<TicketId>,
    calls: Vec<CallId>,
    keys: Vec<(String, NewTicket)>,
    count: BTreeMap<&'static str, usize>,
}

/// A refusal is part of life; a fault of ours is not.
fn fine<T>(answer: Result<T, ClientError>) -> Option<T> {
    match answer {
        Ok(value) => Some(value),
        Err(ClientError::Problem(problem)) if problem.status < 500 => None,
        Err(other) => panic!("{other}"),
    }
}

const UNITS: [&str; 5] = ["city.dc.zjj", "city.dc", "city.xc.zjj", "city.rsj", "city.swj"];

fn new_ticket(dice: &mut Chance, number: usize) -> NewTicket {
    let unit = dice.of(&UNITS).to_owned();
    NewTicket {
        kind: dice.of(TicketKind::ALL),
        class: None,
        urgent_class: dice.maybe("U1".into()),
        tag: None,
        green: dice.next(8) == 0,
        line: Default::default(),
        title: format!("示例诉求 {number}"),
        body: "示例内容".into(),
        place: dice.maybe("示例路 1 号".into()),
        call: None,
        pins: vec![],
        then: dice.of(&[Then::Nothing, Then::Answer, Then::Dispatch { unit: unit.clone() }, Then::Dispatch { unit }]),
        number: None,
        enterprise: None,
        promise: None,
    }
}

fn request(dice: &mut Chance, act: Act, tickets: &[TicketId]) -> ActRequest {
    let reason = match act {
        Act::NotAccept => "litigation",
        Act::Cancel => "withdrawn",
        Act::Suspend => "court",
        Act::RequestExtension => "complex",
        _ => "wrong_place",
    };
    ActRequest {
        unit: Some(dice.of(&UNITS).into()),
        reason: Some(reason.into()),
        text: Some("示例说明".into()),
        solved: Some(dice.next(2) == 0),
        rating: (dice.next(2) == 0).then(|| 1 + dice.next(5) as i64),
        target: Some(dice.of(tickets)),
        service: Some("110".into()),
        urgent_class: dice.maybe("U2".into()),
        days: Some(2),
        promise: Some(hotline::domain::ticket::PromiseKind::PolicyAnswer),
        ..ActRequest::default()
    }
}

fn article(number: usize, words: usize) -> NewArticle {
    NewArticle {
        code: None,
        external_id: Some(format!("source-{number}")),
        level: PolicyLevel::City,
        effective: None,
        expiry: None,
        owner: Some("city.rsj".into()),
        successor: None,
        text: ArticleText { title: format!("示例政策 {number}"), plain_answer: format!("第 {words} 次"), ..ArticleText::default() },
    }
}

/// Acts that lead on stand more often than those that end a ticket.
const ACTS: &[Act] = &[
    Act::Dispatch, Act::Dispatch, Act::Claim, Act::Sign, Act::Sign, Act::Sign, Act::Contact, Act::Progress, Act::Reply, Act::Reply, Act::RequestReturn,
    Act::Redispatch, Act::RefuseReturn, Act::RequestExtension, Act::GrantExtension, Act::RefuseExtension, Act::Suspend, Act::Resume, Act::Review, Act::Review,
    Act::SendBack, Act::CallBack, Act::Rework, Act::Archive, Act::Urge, Act::Supervise, Act::Lift, Act::Merge, Act::Cancel, Act::Flag, Act::Prioritise,
    Act::Note, Act::Answer, Act::PassOn, Act::NotAccept, Act::Promise, Act::Promise, Act::KeepPromise,
];

async fn lived(admin: &Client, dice: &mut Chance, made: &mut Made, steps: usize) {
    for step in 0..steps {
        let number = made.tickets.len() * 1000 + step;
        let what = match dice.next(100) {
            0..20 => {
                let (key, ticket) = (new_key(), new_ticket(dice, number));
                made.tickets.extend(fine(admin.create_ticket(&ticket, &key).await).map(|row| row.id));
                made.keys.push((key, ticket));
                "create"
            }
            20..27 => {
                let ring = Ring {
                    exchange: "test".into(),
                    exchange_call: dice.next(40).to_string(),
                    line: Default::default(),
                    number: format!("1000000{:04}", dice.next(30)),
                    name: dice.maybe("张示例".into()),
                    district: None,
                };
                made.calls.extend(fine(admin.ring(&ring, &new_key()).await).map(|row| row.id));
                "ring"
            }
            27..35 if !made.calls.is_empty() => {
                let act = dice.of(&["take", "take", "hold", "retrieve", "hang_up", "wrap_up", "abandon"]);
                fine(admin.act_on_call(dice.of(&made.calls), act, &new_key()).await);
                "call"
            }
            35..80 if !made.tickets.is_empty() => {
                let act = dice.of(ACTS);
                let request = request(dice, act, &made.tickets);
                fine(admin.act(dice.of(&made.tickets), act, &request, &new_key()).await);
                "act"
            }
            80..84 if !made.tickets.is_empty() => {
                let id = dice.of(&made.tickets);
                let version = admin.ticket(id).await.unwrap().row.version;
                let edit = EditRequest { title: Some(format!("改后标题 {step}")), kind: dice.maybe(TicketKind::Report), ..EditRequest::default() };
                fine(admin.edit(id, &edit, version, &new_key()).await);
                "edit"
            }
            84..88 => {
                let unit = UnitRow { code: format!("city.x{}", dice.next(3)), name: format!("示例单位 {step}"), name_en: "Sample".into(), kind: "utility".into(), level: HandlerLevel::County, duty_phone: None, office_close: None };
                let reason = ReasonRow { table: "return".into(), code: format!("why{}", dice.next(3)), name: format!("示例理由 {step}"), name_en: "Sample".into() };
                admin.put_tables(&[PutRow::Unit(unit), PutRow::Reason(reason)], &new_key()).await.unwrap();
                "tables"
            }
            88..91 => {
                let batch: Vec<Numbered<ImportedTicket>> = (0..3).map(|line| Numbered { line, row: imported(dice, step, line) }).collect();
                let outcome = admin.import_tickets(&batch, &new_key()).await.unwrap();
                assert_eq!(outcome.created + outcome.unchanged + outcome.refused.len() as u64, 3);
                "import"
            }
            91..94 => {
                let batch: Vec<Numbered<NewArticle>> = (0..2).map(|line| Numbered { line, row: article(dice.next(6), dice.next(3)) }).collect();
                admin.import_articles(&batch, &new_key()).await.unwrap();
                "import"
            }
            94..96 => {
                fine(admin.publish(&article(dice.next(6), step), &new_key()).await);
                "publish"
            }
            96..97 => {
                let user = NewUser { login: format!("u{number}"), name: "李示例".into(), roles: vec!["operator".into()], unit: None, password: None };
                fine(admin.add_user(&user, &new_key()).await);
                "user"
            }
            _ if !made.keys.is_empty() => {
                let (key, ticket) = dice.of(&made.keys);
                fine(admin.create_ticket(&ticket, &key).await);
                "again"
            }
            _ => "nothing",
        };
        *made.count.entry(what).or_default() += 1;
    }
}

fn imported(dice: &mut Chance, step: usize, line: u64) -> ImportedTicket {
    let accepted_at = chrono::Utc::now() - chrono::TimeDelta::hours(2 + dice.next(700) as i64);
    let replied_at = dice.maybe(accepted_at + chrono::TimeDelta::hours(1));
    ImportedTicket {
        external_id: format!("past-{}-{line}", step / 40),
        kind: dice.of(TicketKind::ALL),
        line: Default::default(),
        urgent_class: dice.maybe("U1".into()),
        title: "示例历史诉求".into(),
        body: "示例".into(),
        place: None,
        unit: Some(dice.of(&["city.dc.zjj", "city.rsj", "city.nowhere"]).into()),
        accepted_at,
        replied_at,
        reply: replied_at.map(|_| "示例答复".into()),
    }
}

/// The log against its promises; how many events it has.
async fn log_is_whole(raw: &Raw) -> i64 {
    // Where the server has ended nobody gives positions any more; whoever asks may.
    let events = until("every event has its position", 60, || async {
        if matches!(raw, Raw::Postgres(_)) {
            raw.rows("SELECT seq_pass(1)").await;
        }
        let count = |table| async move { raw.rows(&format!("SELECT count(*) FROM {table} WHERE centre = 1")).await[0][0].int() };
        let events = count("event").await;
        (count("event_position").await == events).then_some(events)
    })
    .await;
    let rows = raw
        .rows(
            "SELECT p.position, p.event_id, p.recorded_at, p.hash, e.centre, e.aggregate, e.aggregate_id, e.version, e.kind, e.schema, e.occurred_at, e.actor,
               e.command_key, e.call_id, e.round, e.payload, e.digest, e.recorded_at
             FROM event_position p JOIN event e ON e.centre = p.centre AND e.id = p.event_id WHERE p.centre = 1 ORDER BY p.position",
        )
        .await;
    assert_eq!(rows.len() as i64, events);
    let (mut hash, mut recorded, mut versions) = (vec![0u8; 32], 0, BTreeMap::<Vec<u8>, i64>::new());
    for (index, row) in rows.iter().enumerate() {
        let position = row[0].int();
        assert_eq!(position, index as i64 + 1, "positions are dense from 1");
        assert!(row[2].int() >= recorded && row[2].int() >= row[17].int(), "recorded_at falls at {position}");
        recorded = row[2].int();
        let version = versions.entry(row[6].bytes()).or_default();
        *version += 1;
        assert_eq!(row[7].int(), *version, "versions of one thing are dense and in order, at {position}");
        // The event's digest: each field with its length before it (−1 where there is none), in this order.
        let fields = [&row[4], &row[1], &row[5], &row[6], &row[7], &row[8], &row[9], &row[10], &row[17], &row[11], &row[12], &row[13], &row[14], &row[15]];
        let mut sha = Context::new(&SHA256);
        for field in fields {
            let bytes = field.bytes();
            sha.update(&if *field == Cell::Null { u64::MAX } else { bytes.len() as u64 }.to_be_bytes());
            sha.update(&bytes);
        }
        let digest = sha.finish().as_ref().to_vec();
        assert_eq!(row[16], Cell::Bytes(digest.clone()), "the digest at {position}");
        // The link: what stood before, the position, the event, its moment, its digest.
        let link = [hash.as_slice(), &position.to_be_bytes(), &row[1].bytes(), &recorded.to_be_bytes(), &digest].concat();
        hash = ring::digest::digest(&SHA256, &link).as_ref().to_vec();
        assert_eq!(row[3], Cell::Bytes(hash.clone()), "the chain at {position}");
    }
    let head = raw.rows("SELECT position, recorded_at, hash FROM seq_state WHERE centre = 1").await;
    assert_eq!(head, [vec![Cell::Int(events), Cell::Int(recorded), Cell::Bytes(hash)]]);
    events
}

/// What a rebuild finds, as `(kind, id, what)`.
async fn found(settings: &Settings) -> BTreeSet<(String, String, String)> {
    let running = Running::beside(settings).await.unwrap();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let differences = running.rebuild_check().await.unwrap();
    let set: BTreeSet<_> = differences.iter().map(|one| (text(&one["kind"]), text(&one["id"]), text(&one["what"]))).collect();
    assert_eq!(set.len(), differences.len(), "each once");
    set
}

async fn a_history_is_rebuilt(kind: Kind, seed: u64) {
    let folder = TempDir::new().unwrap();
    let Some(settings) = backend::settings(kind, &folder, backend::bare_city()).await else { return };
    let (mut dice, mut made) = (Chance(Dice::new(seed)), Made::default());
    let mut events = 0;
    for life in 0..2 {
        let server = born(&settings).await;
        lived(&server.admin, &mut dice, &mut made, 170).await;
        server.ends().await;
        log_is_whole(&Raw::open(&settings.database).await).await;
        assert_eq!(found(&settings).await, BTreeSet::new(), "seed {seed}, life {life}: {:?}", made.count);
        // What was due when the server ended is raised before anything is compared: counted after it.
        let now = log_is_whole(&Raw::open(&settings.database).await).await;
        assert!(now > events + 100, "life {life}: {events} → {now}");
        events = now;
    }
    assert!(made.count.len() >= 9, "{:?}", made.count);
    let raw = Raw::open(&settings.database).await;
    let raised = raw.rows("SELECT count(*) FROM flag WHERE centre = 1").await[0][0].int();
    assert!(raised > 0, "no flag was raised in this history");
    let mut spoilt = BTreeSet::new();
    let ghost = uuid::Uuid::from_u128(77);
    for (kind, table, spoil, what) in [
        ("ticket", "ticket_row", "UPDATE ticket_row SET urges = urges + 1 WHERE centre = 1 AND id = ", "differs"),
        ("ticket", "ticket_row", "UPDATE ticket_row SET unit = 'city.nowhere' WHERE centre = 1 AND id = ", "differs"),
        ("ticket", "ticket_row", "DELETE FROM ticket_row WHERE centre = 1 AND id = ", "missing"),
        ("call", "call_row", "UPDATE call_row SET is_live = 1 - is_live WHERE centre = 1 AND id = ", "differs"),
        ("article", "article_row", "UPDATE article_row SET title = 'another' WHERE centre = 1 AND id = ", "differs"),
        ("user", "user_row", "UPDATE user_row SET roles = 'admin,auditor' WHERE centre = 1 AND id = ", "differs"),
        ("user", "user_row", "", "unknown to the log"),
    ] {
        let id = if spoil.is_empty() {
            let id = raw.literal(ghost.as_bytes());
            raw.run(&format!("INSERT INTO user_row (centre, id, version, login, roles, unit, name, active) VALUES (1, {id}, 1, 'ghost', 'admin', NULL, 'x', 1)")).await;
            ghost
        } else {
            // Each its own row: the spoilt ones stay spoilt.
            let rows = raw.rows(&format!("SELECT id FROM {table} WHERE centre = 1 ORDER BY id DESC")).await;
            let free = rows.iter().map(|row| uuid::Uuid::from_slice(&row[0].bytes()).unwrap());
            let id = free.skip(1).find(|id| !spoilt.contains(&(kind.to_owned(), id.to_string(), "differs".to_owned()))).unwrap();
            assert_eq!(raw.run(&format!("{spoil}{}", raw.literal(id.as_bytes()))).await, 1, "{spoil}");
            id
        };
        spoilt.insert((kind.to_owned(), id.to_string(), what.to_owned()));
        assert_eq!(found(&settings).await, spoilt, "seed {seed}: after {spoil:?}");
    }
    // What stands beside the rows: flags, what imports brought, how many table events there are. The first of a kind is
    // spoilt, so each names a ticket of its own or none.
    let own = |id: &[u8]| uuid::Uuid::from_slice(id).unwrap().to_string();
    let flagged = raw.rows("SELECT ticket, deadline FROM flag WHERE centre = 1 ORDER BY ticket, deadline").await;
    let sources = raw.rows("SELECT aggregate_id, external_id FROM imported WHERE centre = 1 AND kind = 'ticket' ORDER BY external_id").await;
    let quoted = |cell: &Cell| format!("'{}'", String::from_utf8(cell.bytes()).unwrap());
    let first = &flagged[0];
    // Where one ticket alone has flags in this history, none is moved.
    let last = flagged.iter().find(|flag| flag[0] != first[0]);
    assert!(sources.len() >= 3, "{} sources", sources.len());
    let stranger = raw.literal(ghost.as_bytes());
    let promised = raw.rows("SELECT ticket, no FROM promise_row WHERE centre = 1 ORDER BY ticket DESC").await;
    assert!(promised.len() >= 2, "{} open promises", promised.len());
    let a_promise = |row: &[Cell]| format!("centre = 1 AND ticket = {} AND no = {}", raw.literal(&row[0].bytes()), row[1].int());
    let other = promised.iter().find(|row| row[0] != promised[0][0]);
    let moved = last.map(|last| {
        ("flag", own(&last[0].bytes()), "differs", format!("UPDATE flag SET raised_at = raised_at + 1 WHERE centre = 1 AND deadline = {}", quoted(&last[1])))
    });
    let later = other.map(|row| ("promise", own(&row[0].bytes()), "differs", format!("UPDATE promise_row SET due_at = due_at + 1 WHERE {}", a_promise(row))));
    for (kind, id, what, spoil) in moved.into_iter().chain(later).chain([
        ("promise", own(&promised[0][0].bytes()), "missing", format!("DELETE FROM promise_row WHERE {}", a_promise(&promised[0]))),
        ("flag", own(&first[0].bytes()), "missing", format!("DELETE FROM flag WHERE centre = 1 AND deadline = {}", quoted(&first[1]))),
        ("flag", ghost.to_string(), "unknown to the log", format!("INSERT INTO flag (centre, deadline, level, ticket, raised_at) VALUES (1, 'x', '1', {stranger}, 0)")),
        ("imported", own(&sources[0][0].bytes()), "missing", format!("DELETE FROM imported WHERE centre = 1 AND external_id = {}", quoted(&sources[0][1]))),
        ("imported", own(&sources[1][0].bytes()), "differs", format!("INSERT INTO imported (centre, kind, external_id, aggregate_id) VALUES (1, 'ticket', 'twice', {})", raw.literal(&sources[1][0].bytes()))),
        ("imported", ghost.to_string(), "unknown to the log", format!("INSERT INTO imported (centre, kind, external_id, aggregate_id) VALUES (1, 'ticket', 'ghost', {stranger})")),
        ("promise", ghost.to_string(), "unknown to the log", format!("INSERT INTO promise_row (centre, ticket, no, due_at, made_by, unit) VALUES (1, {stranger}, 1, 0, NULL, NULL)")),
        ("tables_state", uuid::Uuid::nil().to_string(), "differs", "UPDATE tables_state SET version = version + 1 WHERE centre = 1".to_owned()),
    ]) {
        assert!(raw.run(&spoil).await >= 1, "{spoil}");
        spoilt.insert((kind.to_owned(), id, what.to_owned()));
        assert_eq!(found(&settings).await, spoilt, "seed {seed}: after {spoil}");
    }
    assert_eq!(log_is_whole(&raw).await, events, "looking changes nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_is_rebuilt_and_a_spoilt_row_is_found_on_sqlite() {
    for seed in [1, 20261122] {
        a_history_is_rebuilt(Kind::Sqlite, seed).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_is_rebuilt_and_a_spoilt_row_is_found_on_postgres() {
    for seed in [2, 412] {
        a_history_is_rebuilt(Kind::Postgres, seed).await;
    }
}
