//! P32: a paste is data. Whatever stands in it, nothing is submitted, nothing is a command, and its end is on the screen
//! without another key.
use crate::console::{Server, log_in};
use crate::support::backend::Kind;
use crate::support::terminal::{Start, Terminal};
use hotline::api::tickets::{NewTicket, Then, TicketQuery};
use hotline::client::new_key;
use hotline::domain::limits::TicketKind;

/// Ends the paste in the middle, then leaves no key out that sends, leaves or acts.
const ENDS_ITSELF: &str = "甲\x1b[201~\r\x1bd\x1br\x11\x03\x1bOS\x1b[23~smAq\n\x1b\r";

/// Sends what a terminal sends that takes nothing out of a paste.
fn paste(console: &mut Terminal, text: &str) {
    console.type_text(&format!("\x1b[200~{text}\x1b[201~"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_paste_never_submits_and_is_never_a_command() {
    let server = Server::start(Kind::Sqlite).await.expect("SQLite is always there");
    let client = server.client("sup01").await;
    let planted = NewTicket {
        kind: TicketKind::Complaint,
        class: None,
        urgent_class: Some("U1".into()),
        tag: None,
        green: false,
        line: Default::default(),
        title: "示例路积水".into(),
        body: "水深半米。".into(),
        place: None,
        call: None,
        pins: vec![],
        number: None,
        then: Then::Dispatch { unit: "city.dc.zjj".into() },
        enterprise: None,
        promise: None,
    };
    let before = client.create_ticket(&planted, &new_key()).await.unwrap();

    let mut console = Terminal::open(server.folder.path(), &["--server", &server.url], &Start::default());
    console.wait_for("登录");
    paste(&mut console, "sup01\x1b[201~\rdemo\r终");
    console.wait_for_row(&["sup01", "demo", "终"]);
    console.press("ctrl-u");
    console.wait_gone("终");
    log_in(&mut console, "sup01");

    // The form: everything it needs to be sent is there.
    console.press("alt-i");
    console.press("3");
    console.wait_for("1/7");
    for (field, text) in [("标题", ENDS_ITSELF), ("地点", "\r\n\x1bd\r"), ("诉求", "一\r二\r\n三\n\0\x04四\x1b[201~\r\x1bd\r")] {
        while !in_row_of(&console, field) {
            let before = console.cursor();
            console.press("tab");
            console.wait_until("the caret moved", |screen| (screen.cursor_position() != before).then_some(()));
        }
        paste(&mut console, &format!("{text}终{field}"));
        console.wait_for(&format!("终{field}"));
    }
    console.wait_for_row(&["四"]);
    for characters in [5_000, 20_000] {
        paste(&mut console, &format!("{}尾{characters}", "长".repeat(characters)));
        console.wait_for(&format!("尾{characters}"));
    }
    // What is too long is cut, and it is said.
    paste(&mut console, &format!("{}尾巴", "abcdefg\r".repeat(128 * 1024)));
    console.wait_for("64 KiB");
    assert!(!console.screen().contains("尾巴"));

    // A box that asks for words, and a list where every letter is an act.
    console.press("f4");
    console.wait_for_row(&["▌", "工单"]);
    console.wait_for("示例路积水");
    paste(&mut console, &format!("{ENDS_ITSELF}终"));
    console.wait_for("粘贴的内容没有放入");
    console.press("m");
    console.wait_for("备注内容");
    paste(&mut console, &format!("{ENDS_ITSELF}终"));
    console.wait_for("终");
    paste(&mut console, "再\r");
    console.wait_for("再");
    console.wait_for("备注内容");
    console.press("esc");
    console.wait_gone("备注内容");

    let tickets = client.tickets(&TicketQuery::default()).await.unwrap();
    assert_eq!(tickets.items.iter().map(|row| (row.id, row.version)).collect::<Vec<_>>(), [(before.id, before.version)], "nothing was done");
    console.press("q");
    console.press("q");
    console.wait_for_end();
}

/// Whether the caret stands in the row of this field.
fn in_row_of(console: &Terminal, field: &str) -> bool {
    console.wait_until("a whole frame", |screen| {
        let (row, _) = screen.cursor_position();
        let columns = screen.size().1.get();
        Some(screen.rows(0, columns).nth(usize::from(row)).is_some_and(|line| line.contains(field)))
    })
}
