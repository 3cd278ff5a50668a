//! A server that means harm: every answer is a problem whose words, codes and arguments are hostile.
use super::command_line::command;
use super::corpus::{corpus, cut};
use super::judge::judge;
use crate::support::terminal::{Start, Terminal};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tempfile::TempDir;

/// The answers: each text as a title, and in every argument a refusal can have.
fn answers() -> Vec<String> {
    let problem = |text: &str, refusal: serde_json::Value| {
        let status = if refusal.is_null() { 400 } else { 409 };
        let body = serde_json::json!({ "type": text, "status": status, "code": text, "title": text, "detail": text, "refusal": refusal });
        (status, body.to_string())
    };
    let mut answers = Vec::new();
    for text in corpus() {
        let text = cut(&text, 300);
        let mark = |text: &str, at: usize| format!("P{at:03}{text}");
        for kind in 0..6 {
            let text = mark(&text, answers.len());
            let (status, body) = match kind {
                0 => problem(&text, serde_json::Value::Null),
                1 => problem(&text, serde_json::json!({ "code": "already_claimed", "by": text })),
                2 => problem(&text, serde_json::json!({ "code": "illegal_call", "act": text, "state": text })),
                3 => problem(&text, serde_json::json!({ "code": "missing", "field": text })),
                4 => problem(&text, serde_json::json!({ "code": "unknown", "field": text, "value": text })),
                _ => problem(&text, serde_json::json!({ "code": "exists", "what": text })),
            };
            answers.push(format!("HTTP/1.1 {status} No\r\ncontent-type: application/problem+json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len()));
        }
    }
    answers
}

/// Answers one request.
fn answer(stream: TcpStream, with: &str) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        if line == "\r\n" {
            break;
        }
        if let Some(count) = line.to_lowercase().strip_prefix("content-length:") {
            length = count.trim().parse().ok()?;
        }
    }
    reader.read_exact(&mut vec![0; length]).ok()?;
    reader.into_inner().write_all(with.as_bytes()).ok()
}

#[test]
fn no_answer_of_a_server_drives_a_terminal() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let answers = Arc::new(answers());
    // Which answer is given; the test decides, as programs may ask more than once.
    let turn = Arc::new(AtomicUsize::new(0));
    let (given, whose) = (Arc::clone(&answers), Arc::clone(&turn));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            answer(stream, &given[whose.load(Ordering::SeqCst)]);
        }
    });
    let home = TempDir::new().unwrap();
    let mut console = Terminal::open(home.path(), &["--server", &url], &Start { size: Some((80, 24)), ..Start::default() });
    console.wait_for("登录");
    console.type_text("op01");
    console.press("enter");
    for at in 0..answers.len() {
        turn.store(at, Ordering::SeqCst);
        console.type_text("demo");
        console.press("enter");
        console.wait_for(&format!("P{at:03}"));
    }
    console.press("ctrl-q");
    console.wait_for_end();
    judge(&console.bytes(), true, "a console whose server means harm");
    for at in (0..answers.len()).step_by(5) {
        turn.store(at, Ordering::SeqCst);
        let language = if at % 2 == 0 { "zh_CN.UTF-8" } else { "en_US.UTF-8" };
        for arguments in [vec!["ticket", "list"], vec!["ticket", "list", "--json"]] {
            let output = command(home.path(), &url, "token", language, &arguments);
            assert!(!output.status.success() && output.stdout.is_empty());
            judge(&output.stderr, false, &format!("{arguments:?}, answer {at}"));
        }
    }
}
