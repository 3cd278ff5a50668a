//! Stopping a node: what is in hand is answered, what comes too late is sent elsewhere, streams say goodbye, and it is over
//! within ten seconds.
use crate::faults::node::{http, ticket, ticket_json};
use crate::support::postgres;
use crate::support::proxy::Proxy;
use crate::support::served::{Served, serve_city, sqlite, token};
use hotline::api::tickets::{Then, TicketQuery};
use hotline::client::{Client, Live, Target, live, new_key};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// What a supervisor waits before it kills: the promise.
const PROMISE: Duration = Duration::from_secs(10);

/// A server with one console's stream and one ticket half sent.
struct Stopping {
    folder: TempDir,
    served: Served,
    url: String,
    token: String,
    stream: reqwest::Response,
    line: TcpStream,
    rest: String,
}

async fn with_work_in_hand() -> Stopping {
    let folder = TempDir::new().unwrap();
    let served = serve_city(folder.path(), &sqlite(folder.path()), "127.0.0.1:0", &[]);
    let url = served.url();
    let token = token(&url, None, "op01").await;
    let mut stream = http(30).get(format!("{url}/api/v1/events")).bearer_auth(&token).send().await.unwrap();
    assert!(heard(&mut stream, "heartbeat").await);
    let body = ticket_json("停机时在办", Then::Nothing).to_string();
    let mut line = TcpStream::connect(url.trim_start_matches("http://")).await.unwrap();
    let head = format!(
        "POST /api/v1/tickets HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\nidempotency-key: one\r\ncontent-length: {}\r\nexpect: 100-continue\r\n\r\n",
        body.len()
    );
    line.write_all(head.as_bytes()).await.unwrap();
    // Somebody has begun to read the body: the request is in hand.
    assert_eq!(answer(&mut line, "\r\n\r\n").await, "HTTP/1.1 100 Continue\r\n\r\n");
    let (first, rest) = body.split_at(body.char_indices().nth(10).unwrap().0);
    line.write_all(first.as_bytes()).await.unwrap();
    Stopping { folder, served, url, token, stream, line, rest: rest.to_owned() }
}

/// Reads until the text ends so, or the line does.
async fn answer(line: &mut TcpStream, end: &str) -> String {
    let mut text = String::new();
    let mut bytes = [0; 4096];
    while !text.ends_with(end) {
        match line.read(&mut bytes).await {
            Ok(count @ 1..) => text.push_str(std::str::from_utf8(&bytes[..count]).unwrap()),
            _ => break,
        }
    }
    text
}

/// Reads the stream until such an event has come; whether it did before the stream's end.
async fn heard(stream: &mut reqwest::Response, event: &str) -> bool {
    let mut text = String::new();
    while let Ok(Some(chunk)) = stream.chunk().await {
        text.push_str(std::str::from_utf8(&chunk).unwrap());
        if text.contains(&format!("event: {event}\n")) {
            return true;
        }
    }
    false
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_in_hand_is_answered_and_what_comes_too_late_is_sent_elsewhere() {
    let mut work = with_work_in_hand().await;
    let start = Instant::now();
    work.served.signal("TERM");
    assert!(heard(&mut work.stream, "goodbye").await, "the stream ends with a goodbye");
    assert!(matches!(work.stream.chunk().await, Ok(None)), "and it does end");
    for (method, path) in [("GET", "/readyz"), ("GET", "/api/v1/me"), ("POST", "/api/v1/tickets"), ("GET", "/api/v1/events")] {
        let late = http(5).request(method.parse().unwrap(), format!("{}{path}", work.url)).bearer_auth(&work.token).send().await.unwrap();
        assert_eq!((late.status().as_u16(), late.headers()["retry-after"].to_str().unwrap()), (503, "1"), "{path}");
        let problem: serde_json::Value = late.json().await.unwrap();
        assert_eq!(problem["code"], "stopping");
    }
    assert_eq!(http(5).get(format!("{}/healthz", work.url)).send().await.unwrap().status().as_u16(), 200, "it is alive all the same");
    work.line.write_all(work.rest.as_bytes()).await.unwrap();
    let told = answer(&mut work.line, "}").await;
    assert!(told.starts_with("HTTP/1.1 201 "), "{told}");
    assert_eq!(work.served.ended(), 0);
    let took = start.elapsed();
    assert!(took < PROMISE, "it took {took:?}");
    assert!(TcpStream::connect(work.url.trim_start_matches("http://")).await.is_err(), "nobody listens any more");
    // What was acknowledged on the way out is there.
    let again = serve_city(work.folder.path(), &sqlite(work.folder.path()), "127.0.0.1:0", &[]);
    let client = Client::new(&Target { server: again.url(), token: Some(work.token), authority: None }).unwrap();
    let page = client.tickets(&TicketQuery::default()).await.unwrap();
    assert_eq!(page.items.iter().map(|row| row.title.as_str()).collect::<Vec<_>>(), ["停机时在办"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_never_ends_does_not_hold_a_node_for_more_than_ten_seconds() {
    let work = with_work_in_hand().await;
    let start = Instant::now();
    work.served.signal("INT");
    assert_eq!(work.served.ended(), 0);
    let took = start.elapsed();
    assert!(took < PROMISE, "it took {took:?}");
    drop(work.line);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_signal_ends_it_at_once() {
    let mut work = with_work_in_hand().await;
    work.served.signal("TERM");
    assert!(heard(&mut work.stream, "goodbye").await);
    work.served.signal("TERM");
    // Had it waited for what is in hand, it would have ended with 0.
    assert_eq!(work.served.ended(), 130);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_console_goes_on_at_another_node() {
    let folder = TempDir::new().unwrap();
    let Some(database) = postgres::database().await else { return };
    let here = serve_city(folder.path(), &database, "127.0.0.1:0", &[]);
    let address = |url: &str| url.trim_start_matches("http://").parse().unwrap();
    let here_at = address(&here.url());
    let there = serve_city(folder.path(), &database, "127.0.0.1:0", &[]);
    let there_url = there.url();
    let proxy = Proxy::before(&[here_at], 1).await;
    let token = token(&there_url, None, "sup01").await;
    let client = |url: String| Client::new(&Target { server: url, token: Some(token.clone()), authority: None }).unwrap();
    let position = client(there_url.clone()).tickets(&TicketQuery::default()).await.unwrap().position;
    let mut stream = live(client(proxy.url()), position);
    next(&mut stream, "a heartbeat", |told| matches!(told, Live::Heartbeat(_))).await;
    proxy.point_at(&[address(&there_url)]);
    here.signal("TERM");
    next(&mut stream, "the end", |told| matches!(told, Live::Lost(_))).await;
    assert_eq!(here.ended(), 0);
    next(&mut stream, "the other node", |told| matches!(told, Live::Connected(_))).await;
    client(there_url).create_ticket(&ticket("换节点后", Then::Nothing), &new_key()).await.unwrap();
    next(&mut stream, "a frame of the other node", |told| matches!(told, Live::Frame(_))).await;
}

async fn next(stream: &mut tokio::sync::mpsc::Receiver<Live>, what: &str, wanted: impl Fn(&Live) -> bool) {
    let came = tokio::time::timeout(Duration::from_secs(20), async { while !wanted(&stream.recv().await.expect("the stream goes on")) {} });
    came.await.unwrap_or_else(|_| panic!("it never came: {what}"));
}
