//! Every screen and box of the console over the planted centre.
use super::corpus::{KEPT, corpus, cut};
use super::judge::judge;
use super::planted::{Planted, plant};
use crate::console::ring;
use crate::support::terminal::{Start, Terminal};
use hotline::client::new_key;

/// Pastes, as a terminal does that knows bracketed paste, and waits until the end of it stands on the screen.
fn paste(console: &mut Terminal, text: &str) {
    console.type_text(&format!("\x1b[200~{}终\x1b[201~", text.replace("\x1b[201~", "")));
    console.wait_for("终");
}

/// Presses a key and waits until it did something: a key sent behind `esc` before that would make an alt-chord of both.
fn press_and_see(console: &mut Terminal, key: &str) {
    let seen = |screen: &vt100::Screen| {
        let (rows, columns) = screen.size();
        // The last row holds a clock.
        let rows: Vec<String> = screen.rows(0, columns.get()).take(usize::from(rows.get()) - 1).collect();
        (rows, screen.hide_cursor(), screen.cursor_position())
    };
    let before = console.wait_until("a whole frame", |screen| Some(seen(screen)));
    console.press(key);
    console.wait_until(&format!("{key} did something"), |screen| (seen(screen) != before).then_some(()));
}

/// As much of them all as a paste may hold.
fn all(texts: &[String]) -> String {
    let text = texts.concat();
    text[..text.floor_char_boundary(60 * 1024)].to_owned()
}

/// The vertical rules stand where they stand with harmless text.
#[track_caller]
fn assert_rules(console: &Terminal, columns: &[u16], rows: std::ops::Range<u16>) {
    let wrong = console.wait_until("a whole frame", |screen| {
        let cells = rows.clone().flat_map(|row| columns.iter().map(move |column| (row, *column)));
        let wrong = cells.filter(|(row, column)| !["│", "┬", "┴", "├", "┤", "─"].contains(&screen.cell(*row, *column).unwrap().contents()));
        Some(wrong.collect::<Vec<_>>())
    });
    assert!(wrong.is_empty(), "no rule at {wrong:?}\n{}", console.screen());
}

/// The row a ringing call is told in.
fn strip(screen: &vt100::Screen) -> String {
    let columns = screen.size().1.get();
    screen.rows(0, columns).nth(1).unwrap_or_default()
}

async fn calls(planted: &Planted, console: &mut Terminal, size: (u16, u16)) {
    let exchange = planted.server.client("admin01").await;
    console.press("alt-x");
    console.wait_for("示闲");
    console.press("alt-k");
    console.wait_for_row(&["▌", "来电人"]);
    for (at, text) in corpus().iter().enumerate().take(8) {
        let mut call = ring(&format!("{}-{at}", size.0));
        (call.name, call.district) = (Some(cut(text, 50)), Some(cut(&text.replace('甲', ""), 50)));
        let call = exchange.ring(&call, &new_key()).await.unwrap();
        // The strip's own row: the hints below name the key as well.
        console.wait_until("the strip", |screen| strip(screen).contains("alt-a 接听").then_some(()));
        console.press("alt-q");
        console.wait_for_row(&["▌", "来电队列"]);
        console.press("alt-a");
        console.wait_until("no strip", |screen| (!strip(screen).contains("alt-a 接听")).then_some(()));
        console.press("alt-k");
        console.wait_for_row(&["▌", "来电人", "通话"]);
        console.wait_for("来电 ");
        exchange.act_on_call(call.id, "hang_up", &new_key()).await.unwrap();
        console.wait_for_row(&["来电人", "整理"]);
        console.press("alt-e");
        console.wait_until("no call in hand", |screen| {
            let columns = screen.size().1.get();
            screen.rows(0, columns).any(|row| row.contains("来电人") && !row.contains("整理") && !row.contains("通话")).then_some(())
        });
    }
}

fn form(console: &mut Terminal, size: (u16, u16)) {
    let texts = corpus();
    console.press("alt-i");
    console.wait_for_row(&["类型"]);
    console.press("3");
    console.wait_for_row(&["类型", "投诉"]);
    console.press("tab");
    for (at, text) in [cut(&texts.concat(), 3000), texts[1].clone(), texts[13].clone(), all(&texts)].iter().enumerate() {
        paste(console, &format!("{at}{text}{at}"));
        console.wait_for(&format!("{at}终"));
        console.press("tab");
        if at == 1 {
            // What is in no catalogue is told where it stands; whoever goes on all the same presses once more.
            console.wait_for("事项目录");
            console.press("tab");
        }
    }
    console.type_text("edw");
    console.wait_for("恶单位");
    console.press("enter");
    console.wait_for_row(&["承办", "✓"]);
    console.press("alt-c");
    console.press("alt-t");
    console.wait_for("赋色工单");
    for key in ["home", "down", "pgdn", "pgdn", "end", "home"] {
        console.press(key);
    }
    console.wait_for("H000");
    if size.0 >= 140 {
        assert_rules(console, &[43, 101], 3..28);
    }
}

/// The list, and the detail of each ticket of the corpus from its top to its end.
fn tickets(planted: &Planted, console: &mut Terminal, size: (u16, u16)) {
    console.press("f4");
    console.wait_for_row(&["未办结", "超期"]);
    console.wait_for("▌ 工单");
    console.press("home");
    for (at, number) in planted.numbers.iter().enumerate() {
        let short = &number[4..];
        console.wait_for("H0");
        console.press("enter");
        console.wait_for(&format!("▌ {short}"));
        for part in KEPT.iter().filter(|_| at == 0) {
            console.wait_for(part);
        }
        if size.0 >= 140 {
            assert_rules(console, &[101], 2..43);
        }
        for _ in 0..4 {
            console.press("pgdn");
        }
        console.press("end");
        press_and_see(console, "esc");
        console.wait_for("▌ 工单");
        console.press("down");
    }
    for _ in 0..6 {
        console.press("pgdn");
    }
    console.press("end");
    if size.0 >= 140 {
        assert_rules(console, &[101], 2..43);
    }
}

fn boxes(console: &mut Terminal) {
    let texts = corpus();
    console.press("home");
    console.wait_for("H000");
    console.press("m");
    console.wait_for("备注内容");
    paste(console, &all(&texts));
    press_and_see(console, "esc");
    console.wait_gone("备注内容");
    press_and_see(console, ".");
    press_and_see(console, "esc");
    // The same in English.
    console.press("f12");
    console.wait_for("▌ Tickets");
    for _ in 0..3 {
        console.press("enter");
        console.wait_for("▌ 1");
        console.press("end");
        press_and_see(console, "esc");
        console.wait_for("▌ Tickets");
        console.press("down");
    }
    console.press("f12");
    console.wait_for("▌ 工单");
    console.press("/");
    console.wait_for("按工单号查找");
    paste(console, &cut(&texts.concat(), 300));
    press_and_see(console, "enter");
    press_and_see(console, "esc");
}

fn knowledge(planted: &Planted, console: &mut Terminal, size: (u16, u16)) {
    console.press("f5");
    console.type_text("etm");
    console.wait_for("恶条目0");
    for _ in 0..planted.articles {
        console.press("enter");
        // The caret stands in the query alone.
        console.wait_until("the article has the keys", |screen| screen.hide_cursor().then_some(()));
        console.wait_for("答0");
        if size.0 >= 140 {
            assert_rules(console, &[66], 2..43);
        }
        for _ in 0..4 {
            console.press("pgdn");
        }
        console.press("esc");
        console.wait_until("the query has the keys", |screen| (!screen.hide_cursor()).then_some(()));
        console.press("down");
    }
    paste(console, &cut(&corpus().concat(), 500));
}

async fn walk(planted: &Planted, size: (u16, u16)) -> Vec<u8> {
    let mut console = planted.server.console_with_token(&planted.token, &Start { size: Some(size), ..Start::default() });
    console.wait_for("连接正常");
    calls(planted, &mut console, size).await;
    form(&mut console, size);
    tickets(planted, &mut console, size);
    boxes(&mut console);
    knowledge(planted, &mut console, size);
    press_and_see(&mut console, "f10");
    console.press("pgdn");
    press_and_see(&mut console, "esc");
    press_and_see(&mut console, "f4");
    console.resize(size.0 + 3, size.1 + 1);
    console.wait_for("工单");
    console.signal("TERM");
    console.wait_for_end();
    console.bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_drives_the_terminal_of_a_console() {
    let planted = plant().await;
    for size in [(160, 45), (80, 24)] {
        let bytes = walk(&planted, size).await;
        judge(&bytes, true, &format!("{size:?}"));
        let text = String::from_utf8(bytes).unwrap();
        for seen in ["␛[2J", "⟨U+202E⟩", "⟨U+FEFF⟩", "⟨U+E0041⟩", "⟨+"] {
            assert!(text.contains(seen), "{size:?}: {seen} was never shown");
        }
    }
    // What the server wrote down about all this is read in terminals as well.
    let log = std::fs::read(planted.server.folder.path().join("serve.log")).unwrap();
    if !log.is_empty() {
        judge(&log, false, "the server's log");
    }
}
