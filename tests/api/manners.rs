//! How the API says no: unknown addresses and methods, missing keys, unreadable bodies, cursors and ids, texts too long
//! and texts with NUL, each a problem in words and none a fault of ours; and what it says of itself.
use super::people::{Ask, Reply};
use crate::support::backend::{Backend, Kind};
use hotline::api::{ENDPOINTS, Method};
use hotline::client::new_key;
use hotline::server::Running;
use serde_json::{Value, json};
use std::collections::BTreeSet;

struct Desk {
    backend: Backend,
    http: reqwest::Client,
    token: String,
    ticket: String,
}

impl Desk {
    async fn new(kind: Kind) -> Option<Desk> {
        let backend = Backend::start(kind).await?;
        let token = Running::beside(&backend.settings).await.unwrap().session_for("admin01").await.unwrap();
        let ticket = backend.admin.create_ticket(&super::matrix::new_ticket(None), &new_key()).await.unwrap().id.to_string();
        Some(Desk { backend, http: reqwest::Client::new(), token, ticket })
    }
    async fn ask(&self, ask: Ask<'_>) -> Reply {
        ask.of(&self.http, &self.backend.url).await
    }
    async fn send(&self, method: &str, path: &str, body: impl Into<String>) -> Reply {
        self.ask(Ask::new(method, path, Some(&self.token)).body(body)).await
    }
    fn refused(&self, reply: &Reply, what: &str, wanted: (u16, &str)) {
        assert_eq!((reply.status, reply.code().as_str()), wanted, "{what}: {reply:?}");
        reply.is_a_problem(what);
    }
}

fn filled(path: &str, ticket: &str) -> String {
    path.replace("{ticket}", ticket).replace("{act}", "note").replace("{call}", ticket).replace("{article}", ticket)
}

async fn no_is_said_in_words(kind: Kind) {
    let Some(desk) = Desk::new(kind).await else { return };
    for path in ["/api/v1/nothing", "/nothing", "/api/v1/tickets/a/b/c", "/api/v2/me"] {
        desk.refused(&desk.ask(Ask::new("GET", path, Some(&desk.token))).await, path, (404, "no_such_page"));
    }
    for endpoint in ENDPOINTS {
        let path = filled(endpoint.path, &desk.ticket);
        desk.refused(&desk.ask(Ask::new("TRACE", &path, Some(&desk.token))).await, &path, (405, "no_such_method"));
        let writes = matches!(endpoint.method, Method::Post | Method::Put | Method::Patch);
        let method = match endpoint.method {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        };
        if endpoint.keyed {
            let mut ask = Ask::new(method, &path, Some(&desk.token)).body("{}");
            ask.key = None;
            desk.refused(&desk.ask(ask).await, &path, (428, "key_required"));
            let mut ask = Ask::new(method, &path, Some(&desk.token)).body("{}");
            ask.key = Some("k".repeat(201));
            desk.refused(&desk.ask(ask).await, &path, (400, "bad_key"));
        }
        if writes {
            for body in ["", "{", "nonsense", "[1", "\"x\"", "{\"kind\":7,\"title\":{}}", "\u{0}"] {
                let reply = desk.send(method, &path, body).await;
                assert!((400..500).contains(&reply.status), "{method} {path} {body:?}: {reply:?}");
                reply.is_a_problem(&path);
            }
        }
    }
    desk.refused(&desk.send("PATCH", &format!("/api/v1/tickets/{}", desk.ticket), r#"{"title":"新"}"#).await, "an edit", (428, "match_required"));
    let mut stale = Ask::new("PATCH", "", Some(&desk.token)).body(r#"{"title":"新"}"#);
    let path = format!("/api/v1/tickets/{}", desk.ticket);
    (stale.path, stale.from) = (&path, Some(99));
    desk.refused(&desk.ask(stale).await, "an edit of what was changed meanwhile", (412, "stale"));
    for (path, code) in [
        ("/api/v1/tickets?cursor=garbage", "bad_cursor"),
        ("/api/v1/tickets?cursor=AAAA", "bad_cursor"),
        ("/api/v1/calls?cursor=%E4%BD%A0", "bad_cursor"),
        ("/api/v1/articles?cursor=!", "bad_cursor"),
        ("/api/v1/tickets?limit=-1", "bad_query"),
        ("/api/v1/tickets?limit=many", "bad_query"),
        ("/api/v1/tickets?step=flying", "bad_query"),
        ("/api/v1/tickets?flag=blue", "bad_query"),
        ("/api/v1/tickets?unit=%00", "bad_query"),
        ("/api/v1/tickets?number=a%00b", "bad_query"),
        ("/api/v1/users?cursor=%00", "bad_query"),
        ("/api/v1/kb?q=%00", "bad_query"),
        ("/api/v1/calendar/due?from=yesterday&working_days=3", "unknown"),
        ("/api/v1/calendar/due?from=2026-11-22&working_days=0", "unknown"),
        ("/api/v1/calendar/due?from=2026-11-22&working_days=4000000000", "unknown"),
        ("/api/v1/calendar/due?working_days=3", "bad_query"),
    ] {
        desk.refused(&desk.ask(Ask::new("GET", path, Some(&desk.token))).await, path, (422, code));
    }
    for path in ["/api/v1/tickets?limit=0", "/api/v1/tickets?limit=4000000000", "/api/v1/calendar/due?from=%2B262142-12-30&working_days=3", "/api/v1/calendar/due?from=-262143-01-02&working_days=3"] {
        let reply = desk.ask(Ask::new("GET", path, Some(&desk.token))).await;
        assert!(reply.status < 500, "{path}: {reply:?}");
    }
}

/// Long, and of many different characters: an index cannot press it.
fn long(count: usize) -> String {
    (0..count).map(|at| char::from_u32(0x4e00 + (at as u32 * 7919) % 20000).unwrap()).collect()
}

/// Every text a write takes, with NUL in it and too long.
async fn no_text_breaks_anything(kind: Kind) {
    let Some(desk) = Desk::new(kind).await else { return };
    let ticket = format!("/api/v1/tickets/{}", desk.ticket);
    let note = format!("{ticket}/note");
    let call = r#"{"exchange":"x","exchange_call":"nul","number":"10000000421"}"#;
    let article = json!({ "level": "city", "text": { "title": "示例", "keywords": ["示例"], "plain_answer": "示例", "document_number": "示例" } });
    let imported = json!([{ "line": 1, "row": { "external_id": "x1", "kind": "complaint", "title": "示例", "accepted_at": "2026-01-05T01:00:00Z", "replied_at": "2026-01-05T02:00:00Z" } }]);
    let writes: Vec<(&str, &str, Value, Vec<&str>)> = vec![
        ("POST", "/api/v1/tickets", json!({ "kind": "complaint", "title": "示例", "body": "示例" }), vec!["/title", "/body", "/place", "/class", "/urgent_class"]),
        ("PATCH", &ticket, json!({ "title": "示例" }), vec!["/title", "/body", "/place", "/class"]),
        ("POST", &note, json!({ "text": "示例" }), vec!["/text", "/unit", "/reason", "/service", "/urgent_class"]),
        ("POST", "/api/v1/calls", serde_json::from_str(call).unwrap(), vec!["/exchange", "/exchange_call", "/number", "/name", "/district"]),
        ("POST", "/api/v1/articles", article.clone(), vec!["/code", "/external_id", "/owner", "/successor", "/text/title", "/text/plain_answer", "/text/keywords/0", "/text/document_number"]),
        ("POST", "/api/v1/users", json!({ "login": "nul", "name": "示例", "roles": ["operator"] }), vec!["/login", "/name", "/roles/0", "/unit"]),
        ("POST", "/api/v1/tables", json!([{ "reason": { "table": "return", "code": "x", "name": "示例", "name_en": "x" } }]), vec!["/0/reason/table", "/0/reason/code", "/0/reason/name"]),
        ("POST", "/api/v1/import/tickets", imported.clone(), vec!["/0/row/external_id", "/0/row/title", "/0/row/body", "/0/row/unit", "/0/row/reply"]),
        ("POST", "/api/v1/sessions", json!({ "login": "op01", "password": "x" }), vec!["/login", "/password"]),
    ];
    for (method, path, body, fields) in &writes {
        for field in fields {
            let mut spoilt = body.clone();
            *at(&mut spoilt, field) = json!("示\u{0}例");
            let mut ask = Ask::new(method, path, Some(&desk.token)).body(spoilt.to_string());
            ask.from = Some(1);
            desk.refused(&desk.ask(ask).await, &format!("NUL in {field} of {path}"), (422, "bad_body"));
            // What looks like an escape and is words is words.
            let mut words = body.clone();
            *at(&mut words, field) = json!(long(64 * 1024 / 3 + 1));
            let mut ask = Ask::new(method, path, Some(&desk.token)).body(words.to_string());
            ask.from = Some(1);
            let reply = desk.ask(ask).await;
            let told = if path.contains("import") { reply.status == 200 && reply.body.contains(r#""line":1"#) } else { (400..500).contains(&reply.status) };
            let unread = (path.ends_with("note") && *field != "/text") || (path.ends_with("tables"));
            assert!(told || unread && reply.status < 500, "64 KiB and more in {field} of {path}: {reply:?}");
        }
    }
    let edge = "a".repeat(64 * 1024);
    let just = desk.send("POST", &note, json!({ "text": edge }).to_string()).await;
    assert_eq!(just.status, 200, "64 KiB is not too long");
    desk.refused(&desk.send("POST", &note, json!({ "text": format!("{edge}a") }).to_string()).await, "64 KiB + 1", (422, "unknown"));
    let words = desk.send("POST", &note, r#"{"text":"C:\\u0000 是一段文字"}"#).await;
    assert_eq!(words.status, 200, "a backslash and letters are no NUL: {words:?}");
    assert!(announced(&desk, &note, 17 * 1024 * 1024).await.starts_with("HTTP/1.1 413 "), "too large is said before it is sent");
}

/// The first line of the answer to a body that is announced and not sent: a client that sends it all the same may find the
/// line closed before it has read why.
async fn announced(desk: &Desk, path: &str, length: usize) -> String {
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    let host = desk.backend.url.trim_start_matches("http://");
    let mut line = tokio::net::TcpStream::connect(host).await.unwrap();
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {}\r\nIdempotency-Key: large\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n",
        desk.token
    );
    line.write_all(head.as_bytes()).await.unwrap();
    let mut first = String::new();
    BufReader::new(line).read_line(&mut first).await.unwrap();
    first
}

/// The value at a pointer, made where there is none.
fn at<'v>(value: &'v mut Value, pointer: &str) -> &'v mut Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let parent = value.pointer_mut(parent).unwrap();
    match parent {
        Value::Object(fields) => fields.entry(name).or_insert(Value::Null),
        Value::Array(items) => &mut items[name.parse::<usize>().unwrap()],
        other => panic!("{other}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn no_is_said_in_words_on_sqlite() {
    no_is_said_in_words(Kind::Sqlite).await;
    no_text_breaks_anything(Kind::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_is_said_in_words_on_postgres() {
    no_is_said_in_words(Kind::Postgres).await;
    no_text_breaks_anything(Kind::Postgres).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_document_lists_every_endpoint_and_the_page_needs_nobody_else() {
    let desk = Desk::new(Kind::Sqlite).await.unwrap();
    let reply = desk.ask(Ask::new("GET", "/api/openapi.json", None)).await;
    assert_eq!((reply.status, reply.kind.as_str()), (200, "application/json"));
    let document: Value = serde_json::from_str(&reply.body).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let told: BTreeSet<(String, String)> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, operations)| operations.as_object().unwrap().keys().map(|method| (path.clone(), method.clone())).collect::<Vec<_>>())
        .collect();
    let there: BTreeSet<_> = ENDPOINTS.iter().map(|endpoint| (endpoint.path.to_owned(), format!("{:?}", endpoint.method).to_lowercase())).collect();
    assert_eq!(told, there);
    // Every reference leads somewhere.
    for reference in reply.body.split("\"$ref\":\"#").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(document.pointer(reference).is_some(), "{reference}");
    }
    let page = desk.ask(Ask::new("GET", "/docs/", None)).await;
    assert_eq!(page.status, 200, "{page:?}");
    let mut parts: Vec<String> = page.body.split(['"', '\'']).filter(|part| part.ends_with(".js") || part.ends_with(".css")).map(str::to_owned).collect();
    parts.retain(|part| !part.contains(char::is_whitespace));
    assert!(parts.len() >= 3, "{}", page.body);
    for outside in ["src=\"http", "href=\"http", "src=\"//", "href=\"//", "@import"] {
        assert!(!page.body.contains(outside), "{outside}");
    }
    let mut initial = String::new();
    for part in parts {
        let path = format!("/docs/{}", part.trim_start_matches("./").trim_start_matches("/docs/"));
        let reply = desk.ask(Ask::new("GET", &path, None)).await;
        assert_eq!(reply.status, 200, "{path}");
        if part.contains("initializer") {
            initial = reply.body;
        }
    }
    assert!(initial.contains("/api/openapi.json") && !initial.contains("http"), "{initial}");
    for path in ["/healthz", "/readyz", "/metrics"] {
        assert_eq!(desk.ask(Ask::new("GET", path, None)).await.status, 200, "{path}");
    }
}
