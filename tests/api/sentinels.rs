//! P29: who called never leaves the server unasked. Every call has a number and a name of its own, and every ticket a number
//! in its words, written as people write it; all flows run, by people of every role, and every byte that came out is looked
//! through: answers, streams, lists and details by command, consoles, the server's whole log, its figures, what every
//! process shows of itself, the files of the console, and the database as it lies. `HOTLINE_SENTINELS` says how many calls.
use super::matrix::new_ticket;
use super::people::{Ask, Asker, OWN, everybody_of, operators};
use crate::rules::on_both;
use crate::store::raw::Raw;
use crate::support::backend::Kind;
use crate::support::served::{Launch, hotline, sqlite, token};
use crate::support::terminal::{Start, Terminal};
use crate::support::{postgres, until};
use futures_util::StreamExt;
use hotline::api::audit::RevealRequest;
use hotline::api::calls::Ring;
use hotline::api::tickets::{ActRequest, NewTicket};
use hotline::client::{Client, Target, new_key};
use hotline::domain::access::RevealReason;
use hotline::domain::ticket::Act;
use hotline::server::{Database, Settings};
use std::collections::HashSet;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

/// A character that stands in every name and nowhere else.
const NAMED: &str = "薳";
/// Who works at once.
const AT_ONCE: usize = 8;

fn number(call: usize) -> String {
    format!("{}{:06}", "10000", 300_000 + call)
}

fn name(call: usize) -> String {
    format!("{}{NAMED}{}", ["赵", "欧阳", "钱"][call % 3], char::from_u32(0x4e00 + call as u32 % 20_000).unwrap())
}

/// The number in the words: no caller's, and written one of four ways.
fn in_words(call: usize) -> String {
    let digits = spoken(call);
    match call % 4 {
        0 => digits,
        1 => digits.chars().map(|digit| char::from_u32(digit as u32 - '0' as u32 + '０' as u32).unwrap()).collect(),
        2 => format!("{}-{}-{}", &digits[..3], &digits[3..7], &digits[7..]),
        _ => format!("{} {} {}", &digits[..3], &digits[3..7], &digits[7..]),
    }
}

fn spoken(call: usize) -> String {
    format!("138{call:08}")
}

/// All that is looked for.
struct Sought {
    callers: HashSet<Vec<u8>>,
    words: HashSet<Vec<u8>>,
}

/// The digits of a text, in any width and across single hyphens and spaces, in runs.
fn runs(bytes: &[u8]) -> Vec<Vec<u8>> {
    let digit = |at: usize| match bytes.get(at..) {
        Some([byte @ b'0'..=b'9', ..]) => Some((*byte, 1)),
        Some([0xef, 0xbc, byte @ 0x90..=0x99, ..]) => Some((byte - 0x90 + b'0', 3)),
        _ => None,
    };
    let (mut runs, mut run, mut at) = (Vec::new(), Vec::new(), 0);
    while at < bytes.len() {
        if let Some((byte, length)) = digit(at) {
            run.push(byte);
            at += length;
        } else if !run.is_empty() && matches!(bytes[at], b'-' | b' ') && digit(at + 1).is_some() {
            at += 1;
        } else {
            if run.len() >= 11 {
                runs.push(std::mem::take(&mut run));
            }
            run.clear();
            at += 1;
        }
    }
    runs.push(run);
    runs
}

impl Sought {
    fn of(calls: usize) -> Sought {
        let set = |number: fn(usize) -> String| (0..calls).map(|call| number(call).into_bytes()).collect();
        Sought { callers: set(number), words: set(spoken) }
    }

    /// A caller's number or name must not be there.
    fn caller_absent(&self, bytes: &[u8], place: &str) {
        let found = self.named(bytes).or_else(|| numbered(bytes, &self.callers));
        assert_eq!(found, None, "in {place}");
    }

    /// Nor any number in words.
    fn all_absent(&self, bytes: &[u8], place: &str) {
        self.caller_absent(bytes, place);
        assert_eq!(numbered(bytes, &self.words), None, "in {place}");
    }

    fn named(&self, bytes: &[u8]) -> Option<String> {
        let at = [NAMED.as_bytes(), b"\\u85b3", b"e896b3"].iter().find_map(|form| memchr::memmem::find(bytes, form))?;
        Some(String::from_utf8_lossy(&bytes[at.saturating_sub(80)..(at + 20).min(bytes.len())]).into_owned())
    }
}

/// The first of these numbers that stands there: in digits, or in hexadecimal, as databases and logs write bytes.
fn numbered(bytes: &[u8], sought: &HashSet<Vec<u8>>) -> Option<String> {
    let hexadecimal = [&b"31303030303"[..], b"313338303030"].into_iter().flat_map(|prefix| memchr::memmem::find_iter(bytes, prefix)).filter_map(|at| {
        let pairs = bytes.get(at..at + 22)?.chunks(2);
        Some(pairs.map(|pair| (pair[0] - b'0').wrapping_mul(16).wrapping_add(pair[1].wrapping_sub(b'0'))).collect::<Vec<u8>>())
    });
    let clear = runs(bytes).into_iter().find_map(|run| run.windows(11).find(|number| sought.contains(*number)).map(<[u8]>::to_vec));
    let found = clear.or_else(|| hexadecimal.into_iter().find(|number| sought.contains(number)))?;
    Some(String::from_utf8_lossy(&found).into_owned())
}

/// The share of the calls that one operator takes, each made a ticket of and worked.
async fn shift(admin: Client, operator: Client, calls: Vec<usize>) {
    for call in calls {
        let ring = Ring { exchange: "test".into(), exchange_call: call.to_string(), line: Default::default(), number: number(call), name: Some(name(call)), district: Some("东城区".into()) };
        let row = admin.ring(&ring, &new_key()).await.unwrap();
        operator.act_on_call(row.id, "take", &new_key()).await.unwrap();
        operator.caller_card(row.id).await.unwrap();
        let words = in_words(call);
        let wanted = NewTicket { call: Some(row.id), title: format!("示例回电 {words}"), body: format!("请打 {words} 联系"), place: Some(format!("示例路 {words}")), ..new_ticket(Some(OWN)) };
        let ticket = operator.create_ticket(&wanted, &new_key()).await.unwrap();
        if call % 10 == 0 {
            let why = RevealRequest { reason: RevealReason::Other, note: Some(format!("核对 {words}")) };
            let shown = operator.reveal_ticket(ticket.id, &why, &new_key()).await.unwrap();
            assert_eq!((&shown.number, &shown.name), (&Some(number(call)), &Some(name(call))), "asked for, it is shown");
        }
        operator.act_on_call(row.id, "wrap_up", &new_key()).await.unwrap();
        if call % 4 == 0 {
            let request = || ActRequest { text: Some(format!("已打 {words}")), solved: Some(true), ..ActRequest::default() };
            for act in [Act::Sign, Act::Contact, Act::Reply, Act::Review, Act::CallBack] {
                admin.act(ticket.id, act, &request(), &new_key()).await.unwrap();
            }
        }
    }
}

/// Every page of a list.
async fn pages(http: &reqwest::Client, url: &str, asker: &Asker, path: &str, sought: &Sought) -> usize {
    let (mut cursor, mut bytes) = (String::new(), 0);
    loop {
        let reply = Ask::new("GET", &format!("{path}{cursor}"), Some(&asker.token)).of(http, url).await;
        assert!(reply.status < 500, "{path}: {reply:?}");
        sought.all_absent(reply.body.as_bytes(), &format!("GET {path} by {}", asker.login));
        bytes += reply.body.len();
        let page: serde_json::Value = serde_json::from_str(&reply.body).unwrap_or_default();
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return bytes,
        }
    }
}

async fn no_caller_leaves_unasked(kind: Kind) {
    let calls = std::env::var("HOTLINE_SENTINELS").ok().and_then(|count| count.parse().ok()).unwrap_or(if kind == Kind::Sqlite { 240 } else { 64 });
    let folder = TempDir::new().unwrap();
    let home = folder.path();
    let (argument, database) = match kind {
        Kind::Sqlite => (sqlite(home), Database::Sqlite(home.join("hotline.db"))),
        Kind::Postgres => {
            let Some(url) = postgres::database().await else { return };
            (url.clone(), Database::Postgres(url))
        }
    };
    let key = home.join("vault.key");
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--database", &argument, "--key-file", &key.display().to_string(), "--sample-seed", "1", "--sample-tickets", "0", "--sample-articles", "0"];
    let served = Launch { arguments: &arguments, environment: &[("HOTLINE_LOG", "trace")], ..Launch::default() }.below(home);
    let url = served.url();
    let client = |token: &str| Client::new(&Target { server: url.clone(), token: Some(token.into()), authority: None }).unwrap();
    let admin = client(&token(&url, None, "admin01").await);
    let settings = Settings { database: database.clone(), key_file: key, centre_name: String::new(), tls: None, audit_export: None, test_clock: false, rate: 1.0, sample: None, admin_password: None, idle_exit: None };
    let askers = everybody_of(&admin, &settings).await;
    let of = |letter: char| askers.iter().find(|asker| asker.letter == letter).unwrap();
    let (http, sought) = (reqwest::Client::new(), Sought::of(calls + 2));
    let mut streams = Vec::new();
    for asker in &askers {
        let mut bytes = http.get(format!("{url}/api/v1/events")).bearer_auth(&asker.token).send().await.unwrap().bytes_stream();
        let heard: Arc<Mutex<Vec<u8>>> = Arc::default();
        let into = Arc::clone(&heard);
        let task = tokio::spawn(async move {
            while let Some(Ok(chunk)) = bytes.next().await {
                into.lock().unwrap().extend_from_slice(&chunk);
            }
        });
        streams.push((asker.login.clone(), asker.letter, heard, task));
    }
    let operators = operators(&admin, &settings, AT_ONCE).await;
    let shifts: Vec<_> = operators.into_iter().enumerate().map(|(at, token)| tokio::spawn(shift(admin.clone(), client(&token), (at..calls).step_by(AT_ONCE).collect()))).collect();
    for shift in shifts {
        shift.await.unwrap();
    }
    let raw = Raw::open(&database).await;
    until("every event has its position", 60, || async {
        let count = |table: &'static str| raw.rows(table);
        (count("SELECT count(*) FROM event").await == count("SELECT count(*) FROM event_position").await).then_some(())
    })
    .await;

    // Answers, to everybody; no fragment of a number finds anything.
    let ids: Vec<_> = admin.tickets(&Default::default()).await.unwrap().items.iter().map(|row| row.id).take(8).collect();
    let mut read = 0;
    for asker in &askers {
        for path in ["/api/v1/tickets?limit=200&sort=accepted", "/api/v1/calls?limit=200&live=false", "/api/v1/audit?limit=200", "/api/v1/users?limit=200", "/api/v1/articles?limit=5000", "/api/v1/me?x", "/metrics?x", "/readyz?x", "/healthz?x"] {
            read += pages(&http, &url, asker, path, &sought).await;
        }
        for id in &ids {
            for path in [format!("/api/v1/tickets/{id}?x"), format!("/api/v1/tickets/{id}/looks?x")] {
                read += pages(&http, &url, asker, &path, &sought).await;
            }
        }
        for fragment in [&number(7)[..], &number(7)[7..], &number(7)[..7]] {
            for path in ["tickets?number=", "tickets?q=", "tickets?caller=", "calls?number=", "calls?q=", "audit?person=", "users?q="] {
                // What is no caller's finds as much: nothing is narrowed by a number.
                let (mut told, nobodys) = (Vec::new(), "9".repeat(fragment.len()));
                for fragment in [fragment, &nobodys] {
                    let reply = Ask::new("GET", &format!("/api/v1/{path}{fragment}"), Some(&asker.token)).of(&http, &url).await;
                    let page: serde_json::Value = serde_json::from_str(&reply.body).unwrap_or_default();
                    let ids: Vec<_> = page["items"].as_array().or(page.as_array()).into_iter().flatten().map(|row| row["id"].to_string()).collect();
                    told.push((reply.status, ids));
                }
                assert!(told[0] == told[1], "{} asks {path}{fragment}", asker.login);
            }
        }
    }
    assert!(read > calls * 2_000, "{read} bytes were read");
    for (login, letter, heard, task) in streams {
        let sees = "odrshuA".contains(letter);
        until(&format!("the stream of {login}"), 30, || {
            let heard = heard.lock().unwrap();
            let enough = !sees || memchr::memmem::find(&heard, b"called_back").is_some();
            async move { enough.then_some(()) }
        })
        .await;
        task.abort();
        sought.all_absent(&heard.lock().unwrap(), &format!("the stream of {login}"));
    }

    // By command.
    for letter in ['o', 'h', 's', 'A'] {
        let asker = of(letter);
        let show: Vec<String> = ids.iter().take(2).map(|id| format!("ticket show {id}")).collect();
        let verbs = ["ticket list --limit 200", "call list --limit 200", "audit list --limit 200", "user list"];
        for line in verbs.into_iter().chain(show.iter().map(String::as_str)) {
            for json in [&[][..], &["--json"]] {
                let arguments: Vec<&str> = ["--server", url.as_str()].into_iter().chain(line.split(' ')).chain(json.iter().copied()).collect();
                let (code, out, errors) = hotline(home, &arguments, &[("HOTLINE_TOKEN", &asker.token)]);
                assert!(code != 5 && code != 101, "{line}: {errors}");
                sought.all_absent(out.as_bytes(), line);
                sought.all_absent(errors.as_bytes(), line);
            }
        }
    }

    // On consoles, with a call ringing into them; what is typed there lies sealed on the disk.
    for (at, letter) in ['o', 'h', 's'].into_iter().enumerate() {
        let environment = [("HOTLINE_TOKEN", of(letter).token.as_str())];
        let mut console = Terminal::open(home, &["--server", &url], &Start { environment: &environment, ..Start::default() });
        console.wait_for("连接正常");
        if letter == 'o' {
            console.press("alt-x");
            console.wait_for("已示闲");
            let call = calls + at;
            let ring = Ring { exchange: "test".into(), exchange_call: call.to_string(), line: Default::default(), number: number(call), name: Some(name(call)), district: None };
            admin.ring(&ring, &new_key()).await.unwrap();
            console.wait_for("来电振铃");
            console.press("alt-a");
            console.wait_for_row(&["来电人", "通话"]);
            console.press("alt-i");
            console.type_text("4打桩 10000999999");
            let drafts = home.join("state/hotline/drafts");
            until("the draft is on the disk", 60, || async { (crate::console::kept_below(&drafts) == 1).then_some(()) }).await;
        }
        console.press("f4");
        console.wait_for_row(&["未办结", "超期", "已办结"]);
        console.wait_for_row(&["›", "示例回电"]);
        for key in ["pgdn", "down", "enter"] {
            console.press(key);
        }
        console.wait_for_row(&["来电人", "****"]);
        // What every process shows of itself, while it runs.
        for process in [served.process, console.process()] {
            for file in ["cmdline", "environ"] {
                let bytes = std::fs::read(format!("/proc/{process}/{file}")).unwrap_or_default();
                sought.all_absent(&bytes, file);
            }
        }
        console.signal("TERM");
        console.wait_for_end();
        sought.all_absent(&console.bytes(), "a terminal");
    }
    let state: Vec<_> = files(&home.join("state"));
    assert!(state.iter().any(|path| path.extension().is_some_and(|ending| ending == "draft")), "{state:?}");
    for path in state {
        let bytes = std::fs::read(&path).unwrap();
        sought.all_absent(&bytes, &path.display().to_string());
        assert!(memchr::memmem::find(&bytes, b"10000999999").is_none() && memchr::memmem::find(&bytes, "打桩".as_bytes()).is_none());
    }

    // The log, and the database as it lies: callers nowhere, words only where words are kept.
    let log = served.log();
    assert!(log.len() > 10_000, "the log was kept: {} bytes", log.len());
    sought.all_absent(log.as_bytes(), "the log");
    for table in raw.tables().await {
        for text in raw.texts(&table).await {
            sought.caller_absent(text.as_bytes(), &table);
            if !["content", "ticket_row"].contains(&table.as_str()) {
                sought.all_absent(text.as_bytes(), &table);
            }
        }
    }
    for path in files(home).into_iter().filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("hotline.db"))) {
        sought.caller_absent(&std::fs::read(&path).unwrap(), &path.display().to_string());
    }
}

fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn a_number_is_found_however_it_is_written() {
    let sought = Sought::of(8);
    let found = |bytes: &[u8]| sought.named(bytes).or_else(|| numbered(bytes, &sought.callers)).or_else(|| numbered(bytes, &sought.words)).is_some();
    assert!((0..8).all(|call| found(in_words(call).as_bytes()) && found(format!("x{}y", number(call)).as_bytes()) && found(name(call).as_bytes())));
    assert!(found(b"3130303030333030303031") && !found("100****0001 赵* 138****0001 2026-11-23".as_bytes()));
}

on_both! {
    no_caller_leaves_unasked => no_caller_leaves_unasked_on_sqlite, no_caller_leaves_unasked_on_postgres;
}
