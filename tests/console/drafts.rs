//! What was typed survives `kill -9` of the console: at most one second of it is lost, and the next console offers it.
use super::*;
use crate::support::until;

/// Kills, each at another moment of typing.
const KILLS: usize = 10;
/// Keys a second, as a fast operator types.
const RATE: u32 = 20;
/// What may be lost: what was typed within one second.
const LOST: usize = RATE as usize;

/// How many drafts lie below a folder, whichever console's.
pub fn kept_below(folder: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries.map(|path| if path.is_dir() { kept_below(&path) } else { usize::from(path.extension().is_some_and(|ending| ending == "draft")) }).sum()
}

fn console_of(server: &Server, home: &TempDir) -> Terminal {
    let mut console = Terminal::open(home.path(), &["--server", &server.url], &Start::default());
    console.wait_for("登录");
    log_in(&mut console, "op01");
    console
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_9_of_the_console_keeps_what_was_typed() {
    let server = Server::start(Kind::Sqlite).await.unwrap();
    for kill in 0..KILLS {
        let home = TempDir::new().unwrap();
        let mut console = console_of(&server, &home);
        console.press("3");
        console.press("tab");
        console.type_text("示例路");
        console.wait_for_row(&["标题", "示例路"]);
        let mut typed = String::new();
        // The pace is part of the promise, not a wait for something.
        for number in 0..22 + kill * 2 {
            typed.push(char::from(b'0' + (number % 10) as u8));
            console.type_text(&typed[typed.len() - 1..]);
            tokio::time::sleep(Duration::from_secs(1) / RATE).await;
        }
        console.signal("KILL");
        console.wait_for_end();
        let next = console_of(&server, &home);
        next.wait_for("已找回未提交的登记 1 份");
        next.wait_for_row(&["类型", "投诉"]);
        let row = next.wait_for_row(&["标题", "示例路"]);
        let found: String = row.split_once("示例路").unwrap().1.chars().take_while(char::is_ascii_digit).collect();
        assert!(typed.starts_with(&found) && typed.len() - found.len() <= LOST, "kill {kill}: typed {typed:?}, found {found:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_server_has_is_kept_here_no_longer() {
    let server = Server::start(Kind::Sqlite).await.unwrap();
    let drafts = server.folder.path().join("state/hotline/drafts");
    let count = || kept_below(&drafts);
    let mut console = server.console("op01", (160, 45));
    console.type_text("3");
    console.press("tab");
    console.type_text("示例路积水");
    until("the draft is on the disk", 60, || async { (count() == 1).then_some(()) }).await;
    for _ in 0..4 {
        console.press("tab");
    }
    console.type_text("dcqzjj");
    console.wait_for_row(&["›", "东城区住建局"]);
    console.press("enter");
    console.press("alt-d");
    console.wait_for_row(&["已派单"]);
    until("the draft is gone", 60, || async { (count() == 0).then_some(()) }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn kill_9_keeps_the_words_in_a_box() {
    let server = Server::start(Kind::Sqlite).await.unwrap();
    let client = server.client("op01").await;
    client.create_ticket(&crate::api::matrix::new_ticket(Some("city.dc.zjj")), &hotline::client::new_key()).await.unwrap();
    let home = TempDir::new().unwrap();
    let note = |console: &mut Terminal| {
        console.press("f4");
        console.wait_for_row(&["工单  未办结", "1/1"]);
        console.press("m");
        console.wait_for("ctrl-j");
    };
    let mut console = console_of(&server, &home);
    note(&mut console);
    console.type_text("示例备注写到一半");
    console.wait_for("示例备注写到一半");
    // The promise: what was typed a second ago is on the disk.
    tokio::time::sleep(Duration::from_secs(1)).await;
    console.signal("KILL");
    console.wait_for_end();
    let mut next = console_of(&server, &home);
    next.wait_for("1 处未发出的内容");
    note(&mut next);
    next.wait_for("示例备注写到一半");
    next.press("enter");
    next.wait_for_row(&["备注"]);
    let drafts = home.path().join("state/hotline/drafts");
    until("the words are gone from the disk", 60, || async { (kept_below(&drafts) == 0).then_some(()) }).await;
}
