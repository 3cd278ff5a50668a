//! Who called is known to the vault alone: a number and a name that stand for all are rung in, a matter is made of the
//! call and worked, and then looked for in every reply of every role, the stream, the log of events, every row of every
//! table, the database's own files and what the program logs.
use super::matrix::new_ticket;
use super::people::{Ask, OWN, everybody};
use crate::store::raw::Raw;
use crate::support::backend::{Backend, Kind};
use crate::support::until;
use futures_util::StreamExt;
use hotline::api::audit::RevealRequest;
use hotline::api::calls::Ring;
use hotline::api::tickets::ActRequest;
use hotline::client::new_key;
use hotline::domain::access::RevealReason;
use hotline::domain::ticket::Act;
use std::io::Write;
use std::sync::{Arc, Mutex};
use tracing_subscriber::fmt::MakeWriter;

const NUMBER: &str = "10000077413";
const NAME: &str = "赵哨兵";
/// A word that stands in the free text of the ticket: shown with the ticket, and never in an event or a log.
const WORD: &str = "哨兵文字九七三";

/// Where the program's log goes.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Kept {
    type Writer = Kept;
    fn make_writer(&'a self) -> Kept {
        self.clone()
    }
}

/// The secret, as it could stand in a text: as it is, as JSON escapes, as hexadecimal bytes.
fn forms(secret: &str) -> Vec<String> {
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let escaped: String = secret.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
    vec![secret.to_owned(), escaped, hex]
}

fn absent(secret: &str, text: &str, place: &str) {
    let lower = text.to_lowercase();
    for form in forms(secret) {
        if let Some(at) = lower.find(&form) {
            let from = (0..=at.saturating_sub(60)).rev().find(|at| lower.is_char_boundary(*at)).unwrap_or(0);
            panic!("{secret} in {place}: …{}", &lower[from..at + form.len()]);
        }
    }
}

async fn who_called_stays_in_the_vault(kind: Kind) {
    let Some(backend) = Backend::start(kind).await else { return };
    let kept = Kept::default();
    let subscriber = tracing_subscriber::fmt().with_writer(kept.clone()).with_max_level(tracing::Level::TRACE).with_ansi(false).finish();
    let guard = tracing::subscriber::set_default(subscriber);
    let askers = everybody(&backend).await;
    let http = reqwest::Client::new();
    let admin = &backend.admin;
    // The stream of everybody, from before the call.
    let mut streams = Vec::new();
    for asker in &askers {
        let heard = Kept::default();
        let request = http.get(format!("{}/api/v1/events", backend.url)).bearer_auth(&asker.token).send().await.unwrap();
        assert_eq!(request.status().as_u16(), 200);
        let (mut bytes, into) = (request.bytes_stream(), heard.clone());
        let task = tokio::spawn(async move {
            while let Some(Ok(chunk)) = bytes.next().await {
                into.clone().write_all(&chunk).unwrap();
            }
        });
        streams.push((asker.login.clone(), asker.letter, heard, task));
    }
    let ring = |call: &str| Ring {
        exchange: "test".into(),
        exchange_call: call.into(),
        line: Default::default(),
        number: NUMBER.into(),
        name: Some(NAME.into()),
        district: Some("东城区".into()),
    };
    let call = admin.ring(&ring("1"), &new_key()).await.unwrap();
    assert_eq!((call.number.as_str(), call.name.as_str()), ("100****7413", "赵*"));
    admin.act_on_call(call.id, "take", &new_key()).await.unwrap();
    let wanted = hotline::api::tickets::NewTicket { call: Some(call.id), body: format!("示例 {WORD}"), ..new_ticket(Some(OWN)) };
    let ticket = admin.create_ticket(&wanted, &new_key()).await.unwrap();
    let words = || ActRequest { text: Some(format!("已联系 {WORD}")), solved: Some(true), ..ActRequest::default() };
    for act in [Act::Sign, Act::Contact, Act::Reply, Act::Review, Act::CallBack] {
        admin.act(ticket.id, act, &words(), &new_key()).await.unwrap();
    }
    // Shown once, on purpose: everything below is looked through all the same.
    let why = RevealRequest { reason: RevealReason::Other, note: Some(format!("核对 {WORD}")) };
    for key in [new_key(), "a key sent twice".into(), "a key sent twice".into()] {
        let shown = admin.reveal_ticket(ticket.id, &why, &key).await.unwrap();
        assert!(shown.number.as_deref().is_none_or(|number| number == NUMBER));
        admin.reveal_call(call.id, &RevealRequest { reason: RevealReason::Verify, note: None }, &key).await.unwrap();
    }
    admin.act_on_call(call.id, "wrap_up", &new_key()).await.unwrap();
    admin.ring(&ring("2"), &new_key()).await.unwrap();
    // What goes wrong must not tell either: a number that is none, a body that cannot be read, a key used twice.
    let mut replies = Vec::new();
    for (body, key) in [
        (format!(r#"{{"exchange":"x","exchange_call":"3","number":"{NUMBER}{NUMBER}{NUMBER}x","name":"{NAME}"}}"#), new_key()),
        (format!(r#"{{"exchange":"x","exchange_call":3,"number":"{NUMBER}","name":"{NAME}"}}"#), new_key()),
        (format!(r#"{{"exchange":"x","exchange_call":"4","number":"{NUMBER}","name":"{NAME}"}}"#), "the same".into()),
        (format!(r#"{{"exchange":"x","exchange_call":"5","number":"{NUMBER}","name":"{NAME}"}}"#), "the same".into()),
        (format!(r#"{{"exchange":"x","exchange_call":"6","number":["{NUMBER}"],"line":"{NAME}"}}"#), new_key()),
        (format!(r#"{{"exchange":"x","exchange_call":"7","number":"{NUMBER}","line":"{NUMBER}"}}"#), new_key()),
    ] {
        let token = &askers.iter().find(|asker| asker.letter == 'A').unwrap().token;
        let mut ask = Ask::new("POST", "/api/v1/calls", Some(token)).body(body);
        ask.key = Some(key);
        replies.push(("a call reported wrongly".to_owned(), ask.of(&http, &backend.url).await));
    }
    for asker in &askers {
        for path in [
            "/api/v1/me".to_owned(),
            "/api/v1/tickets".into(),
            "/api/v1/tickets?open=false".into(),
            "/api/v1/tickets?sort=accepted".into(),
            format!("/api/v1/tickets/{}", ticket.id),
            "/api/v1/calls".into(),
            "/api/v1/calls?live=false".into(),
            format!("/api/v1/calls/{}/caller", call.id),
            format!("/api/v1/tickets/{}/looks", ticket.id),
            "/api/v1/audit?kind=access".into(),
            "/api/v1/audit?limit=200".into(),
            "/api/v1/tables".into(),
            "/api/v1/articles".into(),
            format!("/api/v1/kb?q={NUMBER}"),
            "/api/v1/users".into(),
            "/metrics".into(),
            "/readyz".into(),
            "/healthz".into(),
        ] {
            let reply = Ask::new("GET", &path, Some(&asker.token)).of(&http, &backend.url).await;
            assert!(reply.status < 500, "{path}: {reply:?}");
            replies.push((format!("GET {path} by {}", asker.login), reply));
        }
    }
    for (what, reply) in &replies {
        absent(NUMBER, &reply.body, what);
        absent(NAME, &reply.body, what);
    }
    let detail = replies.iter().find(|(what, _)| what == &format!("GET /api/v1/tickets/{} by m.admin.6", ticket.id)).unwrap();
    assert!(detail.1.body.contains("赵* 100****7413") && detail.1.body.contains(WORD), "the ticket is shown, masked: {}", detail.1.body);
    for (login, letter, heard, task) in streams {
        // Those who see the ticket have heard of it; everybody's bytes are looked through.
        let sees = "oedrchusjpmlaA".contains(letter);
        let id = ticket.id.to_string();
        until(&format!("the stream of {login}"), 10, || {
            let text = String::from_utf8_lossy(&heard.0.lock().unwrap()).into_owned();
            let heard = text.contains("heartbeat") && (!sees || text.contains(&id) && text.contains("called_back"));
            async move { heard.then_some(()) }
        })
        .await;
        task.abort();
        let text = String::from_utf8(heard.0.lock().unwrap().clone()).unwrap();
        absent(NUMBER, &text, &format!("the stream of {login}"));
        absent(NAME, &text, &format!("the stream of {login}"));
    }
    // At rest.
    let raw = Raw::open(&backend.settings.database).await;
    let mut looked_at = 0;
    for table in raw.tables().await {
        for text in raw.texts(&table).await {
            absent(NUMBER, &text, &table);
            absent(NAME, &text, &table);
            if table == "event" || table == "event_position" {
                absent(WORD, &text, &table);
            }
            looked_at += 1;
        }
    }
    assert!(looked_at > 300, "{looked_at} rows");
    let vault = raw.rows("SELECT sealed, masked_number, masked_name, last4 FROM caller WHERE centre = 1 AND masked_number = '100****7413'").await;
    assert_eq!(vault.len(), 1, "one caller, however often they ring");
    assert!(vault[0][0].bytes().len() > 40 && vault[0][3].bytes() == b"7413");
    if let Kind::Sqlite = kind {
        for entry in std::fs::read_dir(backend.folder.path()).unwrap().flatten() {
            let bytes = std::fs::read(entry.path()).unwrap();
            for secret in [NUMBER, NAME] {
                let hit = memchr::memmem::find(&bytes, secret.as_bytes());
                assert_eq!(hit, None, "{secret} in {:?}", entry.path());
            }
        }
    }
    drop(guard);
    let log = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
    assert!(log.len() > 1000, "the log was kept: {} bytes", log.len());
    for secret in [NUMBER, NAME, WORD] {
        // What the test's own client logs of what it sends is not the program's.
        for line in log.lines().filter(|line| !line.contains("reqwest") && !line.contains("hyper")) {
            absent(secret, line, "the log");
        }
    }
}

// One thread: what is logged on it is what the program logs, and no other test's.
#[tokio::test(flavor = "current_thread")]
async fn who_called_stays_in_the_vault_on_sqlite() {
    who_called_stays_in_the_vault(Kind::Sqlite).await;
}

#[tokio::test(flavor = "current_thread")]
async fn who_called_stays_in_the_vault_on_postgres() {
    who_called_stays_in_the_vault(Kind::Postgres).await;
}
