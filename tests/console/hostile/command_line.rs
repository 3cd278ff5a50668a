//! What the command line writes: lines for people, JSON, errors.
use super::corpus::{corpus, cut};
use super::judge::judge;
use super::planted::{Planted, plant};
use crate::console::ring;
use crate::support::terminal::{PROGRAM, environment};
use hotline::api::tickets::TicketQuery;
use hotline::client::new_key;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Runs the program with these words against a server.
pub fn command(home: &Path, server: &str, token: &str, language: &str, arguments: &[&str]) -> Output {
    Command::new(PROGRAM)
        .args(arguments)
        .args(["--server", server])
        .env_clear()
        .envs(environment(home))
        .env("HOTLINE_TOKEN", token)
        .env("LANG", language)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

fn good(planted: &Planted, arguments: &[&str]) -> Vec<u8> {
    let output = command(planted.server.folder.path(), &planted.server.url, &planted.token, "zh_CN.UTF-8", arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    judge(&output.stdout, false, &arguments.join(" "));
    output.stdout
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_drives_a_terminal_through_the_command_line() {
    let planted = plant().await;
    let client = planted.server.client("admin01").await;
    for (at, text) in corpus().iter().enumerate().take(12) {
        let mut call = ring(&at.to_string());
        (call.name, call.district) = (Some(cut(text, 50)), Some(cut(text, 50)));
        client.ring(&call, &new_key()).await.unwrap();
    }
    good(&planted, &["ticket", "list", "--limit", "500"]);
    let json = good(&planted, &["ticket", "list", "--limit", "500", "--json"]);
    let page: serde_json::Value = serde_json::from_slice(&json).unwrap();
    let titles: Vec<&str> = page["items"].as_array().unwrap().iter().filter_map(|row| row["title"].as_str()).collect();
    let stored = client.tickets(&TicketQuery { limit: Some(200), ..TicketQuery::default() }).await.unwrap();
    for title in &planted.titles {
        let listed = stored.items.iter().any(|row| &row.title == title);
        assert!(listed && titles.contains(&title.as_str()), "JSON reads back as exactly what was filed: {title:?}");
    }
    for number in &planted.numbers {
        good(&planted, &["ticket", "show", number]);
        good(&planted, &["ticket", "show", number, "--json"]);
    }
    for arguments in [vec!["kb", "search", "etm"], vec!["call", "list"]] {
        good(&planted, &arguments);
        good(&planted, &[arguments, vec!["--json"]].concat());
    }
    // Errors repeat what was typed.
    for (at, text) in corpus().iter().enumerate() {
        let text = cut(text, 2000);
        let language = if at % 2 == 0 { "zh_CN.UTF-8" } else { "en_US.UTF-8" };
        let typed = [vec!["ticket", "show", text.as_str()], vec!["ticket", text.as_str()], vec!["ticket", "show", text.as_str(), "--json"], vec!["--lang", text.as_str(), "ticket", "list"]];
        for arguments in typed {
            let output = command(planted.server.folder.path(), &planted.server.url, &planted.token, language, &arguments);
            assert!(!output.status.success() && output.stdout.is_empty(), "{arguments:?}");
            judge(&output.stderr, false, &format!("the error of {arguments:?}"));
        }
    }
}
