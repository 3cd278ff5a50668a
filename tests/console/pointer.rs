//! The mouse in a real terminal: asked for with presses and wheel alone, given away and taken back by a key, given back at the end.
use super::*;

/// The left button down and up at a cell, counted from one, as a terminal tells it.
fn press(console: &mut Terminal, column: u16, row: u16) {
    console.type_text(&format!("\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m"));
}

/// Columns before a text on the first row that holds it, and that row; both from one.
fn place(console: &Terminal, wanted: &str) -> (u16, u16) {
    let screen = console.screen();
    let (row, line) = screen.lines().enumerate().find(|(_, line)| line.contains(wanted)).unwrap_or_else(|| panic!("no {wanted}:\n{screen}"));
    let before: usize = line[..line.find(wanted).unwrap()].chars().map(|c| if c.is_ascii() || "─━│┬▌".contains(c) { 1 } else { 2 }).sum();
    (u16::try_from(before).unwrap() + 1, u16::try_from(row).unwrap() + 1)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_mouse_points_until_a_key_gives_it_to_the_terminal() {
    let server = Server::start(Kind::Sqlite).await.expect("SQLite is always there");
    let mut console = server.console("op01", (160, 45));
    let text = |console: &Terminal| String::from_utf8_lossy(&console.bytes()).into_owned();
    assert!(text(&console).contains("\x1b[?1000h\x1b[?1006h") && !text(&console).contains("\x1b[?1002h") && !text(&console).contains("\x1b[?1003h"));
    let (column, row) = place(&console, "F4");
    assert_eq!(row, 1);
    press(&mut console, column + 1, row);
    console.wait_for("工单详情");
    let (column, row) = place(&console, "F1");
    press(&mut console, column + 1, row);
    console.wait_for("受理登记");
    let (column, row) = place(&console, "知识库");
    press(&mut console, column, row);
    console.wait_for("▌ 知识库");
    let from = console.sent();
    console.press("alt-m");
    console.wait_for_bytes(from, b"\x1b[?1000l\x1b[?1006l");
    let from = console.sent();
    console.press("alt-m");
    console.wait_for_bytes(from, b"\x1b[?1000h\x1b[?1006h");
    let from = console.sent();
    console.press("ctrl-q");
    assert_eq!(console.wait_for_end(), 0);
    let rest = String::from_utf8_lossy(&console.bytes()[from.min(console.bytes().len())..]).into_owned();
    assert!(rest.contains("\x1b[?1000l") && rest.contains("\x1b[?1006l"), "{rest:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_setting_leaves_the_mouse_to_the_terminal() {
    let server = Server::start(Kind::Sqlite).await.expect("SQLite is always there");
    let token = server.client("op01").await.token().unwrap().to_owned();
    let mut console = server.console_with_token(&token, &Start { environment: &[("HOTLINE_MOUSE", "false")], ..Start::default() });
    console.wait_for("连接正常");
    assert!(!String::from_utf8_lossy(&console.bytes()).contains("\x1b[?1000h"));
    console.press("ctrl-q");
    assert_eq!(console.wait_for_end(), 0);
}
