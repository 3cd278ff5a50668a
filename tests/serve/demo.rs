//! `hotline demo`: on somebody else's server its traffic goes there, and the same seed gives the same city and the same day.
use crate::support::served::{Launch, hotline, serve_city, sqlite, token};
use crate::support::terminal::{Start, Terminal};
use crate::support::until;
use hotline::api::calls::CallQuery;
use hotline::client::{Client, Target};
use serde_json::Value;
use std::path::Path;
use tempfile::TempDir;

#[tokio::test(flavor = "multi_thread")]
async fn the_traffic_of_a_demo_goes_to_the_server_that_was_named() {
    let folder = TempDir::new().unwrap();
    let served = serve_city(folder.path(), &sqlite(folder.path()), "127.0.0.1:0", &[]);
    let url = served.url();
    let home = TempDir::new().unwrap();
    let mut console = Terminal::open(home.path(), &["demo", "--server", &url, "--as", "supervisor", "--speed", "60"], &Start::default());
    console.wait_for("连接正常");
    let client = Client::new(&Target { server: url.clone(), token: Some(token(&url, None, "sup01").await), authority: None }).unwrap();
    until("calls at the server", 30, || async {
        let calls = client.calls(&CallQuery { live: Some(false), ..CallQuery::default() }).await.unwrap().items;
        (calls.len() >= 3).then_some(())
    })
    .await;
    console.press("ctrl-q");
    console.wait_for_end();
    assert!(!home.path().join("data/hotline").exists(), "no server of its own was started");
    // As nobody there is, and at a server without the city.
    let (code, _, errors) = hotline(home.path(), &["demo", "--server", &url, "--as", "mayor"], &[]);
    assert!(code == 2 && errors.contains("mayor") && errors.contains("handler_clerk"), "{code}: {errors}");
    let bare = TempDir::new().unwrap();
    let database = sqlite(bare.path());
    let empty = Launch { arguments: &["serve", "--listen", "127.0.0.1:0", "--database", &database], ..Launch::default() }.below(bare.path());
    let url = empty.url();
    for (language, wanted) in [("zh-CN", "没有示例城市"), ("en", "no sample city")] {
        let (code, _, errors) = hotline(home.path(), &["demo", "--server", &url, "--lang", language], &[]);
        assert!(code == 1 && errors.contains(wanted) && errors.contains(&url), "{code}: {errors}");
    }
}

/// A list of the demo in `data`.
fn listed(home: &Path, data: &str, verb: &[&str]) -> Vec<Value> {
    let mut arguments = verb.to_vec();
    arguments.extend(["--json", "--limit", "500", "--data-dir", data]);
    let (code, out, errors) = hotline(home, &arguments, &[]);
    assert_eq!(code, 0, "{verb:?}: {errors}");
    let page: Value = serde_json::from_str(&out).unwrap();
    page["items"].as_array().unwrap().clone()
}

/// Items without what differs between two starts: identities, versions and times.
fn without_times(items: &[Value], fields: &[&str]) -> Vec<String> {
    items.iter().map(|item| fields.iter().map(|field| item[*field].to_string()).collect::<Vec<_>>().join(" ")).collect()
}

/// What a demo of this seed shows: its tickets, and the first calls of its day.
async fn shown(seed: &str) -> (Vec<String>, Vec<String>) {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("city").display().to_string();
    let arguments = ["demo", "--seed", seed, "--tickets", "40", "--articles", "4", "--speed", "60", "--data-dir", &data];
    let mut console = Terminal::open(folder.path(), &arguments, &Start::default());
    console.wait_for("连接正常");
    let tickets = listed(folder.path(), &data, &["ticket", "list"]);
    let mut tickets = without_times(&tickets, &["title", "kind", "class", "urgent_class", "line", "place", "unit"]);
    tickets.sort();
    let calls = until("the first calls", 60, || async {
        let mut calls = listed(folder.path(), &data, &["call", "list"]);
        calls.extend(listed(folder.path(), &data, &["call", "list", "--over"]));
        calls.sort_by_key(|call| call["rang_at"].to_string());
        (calls.len() >= 5).then(|| without_times(&calls[..5], &["number", "name", "line", "district", "repeat"]))
    })
    .await;
    console.press("ctrl-q");
    console.wait_for_end();
    (tickets, calls)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_seed_gives_the_same_day() {
    let (one, same, other) = tokio::join!(shown("7"), shown("7"), shown("8"));
    println!("{one:?}");
    assert!(one.0.len() >= 20 && one.0 == same.0, "{:?}\n{:?}", one.0, same.0);
    assert_ne!(one.0, other.0);
    assert_eq!(one.1, same.1);
    assert_ne!(one.1, other.1);
}
