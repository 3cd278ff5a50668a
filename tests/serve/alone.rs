//! One SQLite file, one server: a second one is refused in words and touches nothing, whoever was first, and `kill -9` lets
//! the file go.
use crate::support::served::{Launch, Served, hotline, serve_city, sqlite, token};
use crate::support::terminal::{Start, Terminal};
use hotline::api::tickets::TicketQuery;
use hotline::client::{Client, Target};
use std::path::Path;
use tempfile::TempDir;

/// Starts another server on the database below `home`; what it says while it is turned away.
fn turned_away(home: &Path, database: &str) -> String {
    let arguments = ["serve", "--listen", "127.0.0.1:0", "--database", database];
    let second = Launch { arguments: &arguments, ..Launch::default() }.below(home);
    let (code, log) = (second.ended(), second.log());
    let told = log.lines().rfind(|line| line.starts_with("hotline: ")).unwrap_or_else(|| panic!("{log}")).to_owned();
    assert_eq!(code, 6, "{log}");
    assert!(told.contains("hotline.db") && told.contains("--database") && told.contains("PostgreSQL"), "which file, and what to do: {told}");
    told
}

async fn goes_on(served: &Served, url: &str) {
    let client = Client::new(&Target { server: url.into(), token: Some(token(url, None, "sup01").await), authority: None }).unwrap();
    client.tickets(&TicketQuery::default()).await.unwrap_or_else(|error| panic!("{error}\n{}", served.log()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_server_on_a_file_is_turned_away_and_the_first_goes_on() {
    let folder = TempDir::new().unwrap();
    let home = folder.path();
    let first = serve_city(home, &sqlite(home), "127.0.0.1:0", &[]);
    let url = first.url();
    let told = turned_away(home, &sqlite(home));
    let process = first.process.to_string();
    assert!(told.contains(&format!("服务端进程 {process} 使用")) && told.contains(&format!("a server, process {process}")), "{told}");
    goes_on(&first, &url).await;
    // The check from the command line reads beside it.
    let (code, out, errors) = hotline(home, &["admin", "rebuild", "--check", "--database", &sqlite(home)], &[]);
    assert_eq!(code, 0, "{out}{errors}");
    first.kill();
    let again = serve_city(home, &sqlite(home), "127.0.0.1:0", &[]);
    goes_on(&again, &again.url()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_and_the_embedded_one_do_not_share_a_file_but_two_consoles_share_theirs() {
    let folder = TempDir::new().unwrap();
    let home = folder.path();
    let data = home.join("city").display().to_string();
    let database = format!("sqlite:{data}/hotline.db");
    // Opened together: one server for both.
    let open = || Terminal::open(home, &["--data-dir", &data], &Start::default());
    let (mut one, mut other) = (open(), open());
    one.wait_for("连接正常");
    other.wait_for("连接正常");
    let told = turned_away(home, &database);
    assert!(told.contains("内置后端进程") && told.contains("the embedded backend"), "{told}");
    for console in [&mut one, &mut other] {
        console.press("ctrl-q");
        console.wait_for_end();
    }
    // And the other way round, in a folder where a server was first.
    let data = home.join("served").display().to_string();
    let first = Launch { arguments: &["serve", "--listen", "127.0.0.1:0", "--data-dir", &data], ..Launch::default() }.below(home);
    first.url();
    let (code, _, errors) = hotline(home, &["ticket", "list", "--data-dir", &data], &[]);
    assert!(code == 6 && errors.contains("服务端进程") && errors.contains("--server") && errors.contains("hotline.db"), "{code}: {errors}");
}
