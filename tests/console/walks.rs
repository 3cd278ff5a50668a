//! Walks through the desk by keys alone: ten calls with one of each kind at least, undo and its refusal, a number shown with
//! its reason and its line in the audit, a login that ends in mid-form, every keymap and theme that is shipped.
use super::*;
use crate::store::raw::Raw;
use crate::support::dice::Dice;
use crate::support::proxy::Proxy;
use crate::support::served::hotline;
use crate::support::until;
use hotline::api::session::UserChange;
use hotline::api::tickets::{Sort, TicketQuery, TicketRow};
use hotline::client::new_key;
use hotline::domain::limits::TicketKind;
use hotline::domain::ticket::Step;
use hotline::server::Database;
use std::sync::atomic::Ordering;

/// The keys of the form's kinds.
const KINDS: [(&str, TicketKind); 5] =
    [("1", TicketKind::Consultation), ("2", TicketKind::HelpRequest), ("3", TicketKind::Complaint), ("4", TicketKind::Report), ("5", TicketKind::Suggestion)];

/// Takes the call that rings, with the form in hand afterwards.
fn take(console: &mut Terminal) {
    console.wait_for("来电振铃");
    console.press("alt-a");
    console.wait_for_row(&["来电人", "通话"]);
    console.wait_gone("来电振铃");
    console.press("alt-i");
}

/// From the title on to the unit; what is left is to send it.
fn to_the_unit(console: &mut Terminal) {
    for _ in 0..4 {
        console.press("tab");
    }
    console.type_text("dcqzjj");
    console.wait_for_row(&["›", "东城区住建局"]);
    console.press("enter");
}

/// The server's tickets with this in their title.
async fn filed(client: &Client, title: &str) -> Vec<TicketRow> {
    let page = client.tickets(&TicketQuery { limit: Some(200), sort: Some(Sort::Accepted), ..TicketQuery::default() }).await.unwrap();
    page.items.into_iter().filter(|row| row.title.contains(title)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_calls_by_keys_alone_with_one_of_each_kind() {
    let server = Server::start(Kind::Sqlite).await.unwrap();
    let exchange = server.client("admin01").await;
    let mut desk = server.console("op01", (160, 45));
    desk.press("alt-x");
    desk.wait_for("已示闲，等待来电");
    for call in 0..10 {
        exchange.ring(&ring(&call.to_string()), &new_key()).await.unwrap();
        take(&mut desk);
        desk.press(KINDS[call % 5].0);
        desk.press("tab");
        let title = format!("示例来电第{call}件");
        desk.type_text(&title);
        desk.wait_for_row(&["标题", &title]);
        to_the_unit(&mut desk);
        desk.press("alt-d");
        desk.wait_for_row(&["已派单", "东城区住建局"]);
        desk.press("alt-e");
        desk.wait_for("已示闲，等待来电");
    }
    let mut rows = filed(&exchange, "示例来电第").await;
    rows.sort_by(|one, other| one.title.cmp(&other.title));
    assert_eq!(rows.iter().map(|row| row.kind).collect::<Vec<_>>(), (0..10).map(|call| KINDS[call % 5].1).collect::<Vec<_>>());
    assert!(rows.iter().all(|row| row.unit.as_deref() == Some("city.dc.zjj") && row.step == Step::Dispatched), "{rows:?}");
    let calls = exchange.calls(&hotline::api::calls::CallQuery { live: Some(false), limit: Some(50), cursor: None }).await.unwrap();
    assert_eq!(calls.items.len(), 10);
    desk.press("ctrl-q");
    assert_eq!(desk.wait_for_end(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dispatch_and_an_answer_are_taken_back_within_ten_seconds_and_not_after() {
    let server = Server::start(Kind::Sqlite).await.unwrap();
    let exchange = server.client("admin01").await;
    let mut desk = server.console("op01", (160, 45));
    desk.press("3");
    desk.press("tab");
    desk.type_text("示例误派一件");
    to_the_unit(&mut desk);
    desk.press("alt-d");
    desk.wait_for_row(&["已派单"]);
    desk.wait_for("撤销 ");
    desk.press("alt-u");
    desk.wait_for("已撤销，登记内容已回到表单");
    desk.wait_for_row(&["标题", "示例误派一件"]);
    let steps = |title: &'static str| {
        let exchange = exchange.clone();
        async move { filed(&exchange, title).await.into_iter().map(|row| row.step).collect::<Vec<_>>() }
    };
    assert_eq!(steps("示例误派一件").await, [Step::Cancelled]);
    // Sent again, as it came back, it is another; then the ten seconds, and two for the way, go by on the server's clock.
    desk.press("alt-d");
    desk.wait_for_row(&["已派单"]);
    assert_eq!(steps("示例误派一件").await.iter().filter(|step| **step == Step::Dispatched).count(), 1);
    exchange.advance_clock(13).await.unwrap();
    desk.press("alt-u");
    desk.wait_for("不能撤销：已过十秒，或承办单位已签收");
    assert_eq!(steps("示例误派一件").await.iter().filter(|step| **step == Step::Dispatched).count(), 1);

    // An answer from the knowledge base, on a call.
    desk.press("alt-x");
    exchange.ring(&ring("1"), &new_key()).await.unwrap();
    take(&mut desk);
    desk.press("1");
    desk.press("tab");
    desk.type_text("示例误答一件");
    desk.press("alt-s");
    desk.type_text("wgfh");
    desk.wait_for_row(&["› 1 ", "稳岗返还怎么申请"]);
    desk.press("alt-1");
    desk.wait_for("已钉 K0001");
    desk.press("alt-r");
    desk.wait_for_row(&["已直接解答"]);
    desk.press("alt-u");
    desk.wait_for("已撤销，登记内容已回到表单");
    desk.wait_for_row(&["标题", "示例误答一件"]);
    assert_eq!(steps("示例误答一件").await, [Step::Cancelled]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_shown_for_a_reason_and_has_its_line_in_the_audit() {
    let server = Server::start(Kind::Sqlite).await.unwrap();
    let exchange = server.client("admin01").await;
    let mut desk = server.console("op01", (160, 45));
    desk.press("alt-x");
    desk.wait_for("已示闲，等待来电");
    exchange.ring(&ring("1"), &new_key()).await.unwrap();
    take(&mut desk);
    desk.press("alt-v");
    desk.wait_for("查看明文 · 事由");
    assert!(!desk.screen().contains("10000000421"));
    desk.press("down");
    desk.press("down");
    desk.press("enter");
    desk.wait_for("10000000421");
    desk.wait_for_row(&["查看人 op01"]);
    desk.wait_for("本次查看已留痕");
    desk.press("esc");
    desk.wait_gone("10000000421");
    let token = exchange.token().unwrap();
    let listed = || hotline(server.folder.path(), &["audit", "list", "--server", &server.url, "--kind", "access.revealed", "--person", "op01"], &[("HOTLINE_TOKEN", token)]);
    let out = until("its line is in the audit", 30, || async { Some(listed().1).filter(|out| !out.trim().is_empty()) }).await;
    assert!(out.lines().count() == 1 && out.contains("查看明文") && out.contains("核实身份") && !out.contains("10000000421"), "{out}");
    // Nothing of it is left on the terminal when the console is gone.
    desk.press("alt-v");
    desk.wait_for("查看明文 · 事由");
    desk.press("enter");
    desk.wait_for("10000000421");
    desk.signal("TERM");
    desk.wait_for_end();
    assert!(!desk.screen().contains("10000000421") && !desk.screen().contains("张示例"), "{}", desk.screen());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_shipped_keymap_and_theme_opens_takes_a_call_and_gives_the_terminal_back() {
    let server = Server::start(Kind::Sqlite).await.unwrap();
    let exchange = server.client("admin01").await;
    let operator = server.client("op01").await;
    let named = |folder: &str| -> Vec<String> {
        let files = std::fs::read_dir(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap().flatten();
        files.map(|file| file.path().file_stem().unwrap().to_string_lossy().into_owned()).collect()
    };
    let (keymaps, themes) = (named("keymaps"), named("themes"));
    assert!(keymaps.len() >= 2 && themes.len() >= 5);
    for (number, (keymap, theme)) in keymaps.iter().flat_map(|keymap| themes.iter().map(move |theme| (keymap, theme))).enumerate() {
        let environment = [("HOTLINE_KEYMAP", keymap.as_str()), ("HOTLINE_THEME", theme.as_str()), ("COLORTERM", if number % 2 == 0 { "truecolor" } else { "" })];
        let mut desk = server.console_with_token(operator.token().unwrap(), &Start { environment: &environment, ..Start::default() });
        desk.wait_for("连接正常");
        let faults = ["键位表", "主题文件"];
        assert!(!faults.iter().any(|word| desk.screen().contains(word)), "{keymap} {theme}\n{}", desk.screen());
        desk.press("alt-x");
        desk.wait_for("示闲");
        let call = exchange.ring(&ring(&format!("{keymap} {theme}")), &new_key()).await.unwrap();
        take(&mut desk);
        desk.press("3");
        desk.press("tab");
        desk.type_text("示例");
        desk.wait_for_row(&["标题", "示例"]);
        for _ in 0..2 {
            desk.press("backspace");
        }
        // With a call in hand leaving is asked about once.
        desk.press("ctrl-q");
        desk.press("ctrl-q");
        assert_eq!(desk.wait_for_end(), 0, "{keymap} {theme}");
        assert_eq!(desk.modes(), desk.modes_before, "{keymap} {theme}");
        assert!(!desk.state(vt100::Screen::alternate_screen) && !desk.state(vt100::Screen::hide_cursor), "{keymap} {theme}");
        operator.act_on_call(call.id, "wrap_up", &new_key()).await.unwrap();
    }
}

/// P23, on the screen: what was typed stands there again after the login, and is one ticket.
#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_ends_in_mid_form_is_given_again_in_place() {
    let server = Server::start(Kind::Sqlite).await.unwrap();
    let admin = server.client("admin01").await;
    let dice = Dice::of_the_run("a login that ends in mid-form");
    let proxy = Proxy::before(&[server.address().parse().unwrap()], dice.next()).await;
    let title: Vec<char> = "示例路段三处路灯连日不亮影响夜间通行".chars().collect();
    for (number, way) in ["expired", "revoked", "between tries", "other rights"].into_iter().enumerate() {
        let login = format!("op{:02}", number + 2);
        let home = TempDir::new().unwrap();
        let mut desk = Terminal::open(home.path(), &["--server", &proxy.url()], &Start::default());
        desk.wait_for("登录");
        log_in(&mut desk, &login);
        desk.press("3");
        desk.press("tab");
        let (first, rest) = title.split_at(1 + dice.below(title.len() as u64 - 2) as usize);
        let (first, rest): (String, String) = (first.iter().collect(), rest.iter().chain(&[char::from_digit(number as u32, 10).unwrap()]).collect());
        desk.type_text(&first);
        desk.wait_for_row(&["标题", &first]);
        if way == "between tries" {
            desk.type_text(&rest);
            to_the_unit(&mut desk);
            // Every reply is cut: nobody knows whether it was heard.
            proxy.rules.cut_replies.store(1_000, Ordering::Relaxed);
            let before = proxy.rules.cuts.load(Ordering::Relaxed);
            desk.press("alt-d");
            until("a reply was cut", 60, || async { (proxy.rules.cuts.load(Ordering::Relaxed) > before).then_some(()) }).await;
        }
        match way {
            "expired" => {
                let raw = Raw::open(&Database::Sqlite(server.folder.path().join("hotline.db"))).await;
                raw.run(&format!("UPDATE session SET expires_at = 1 WHERE user_id = (SELECT id FROM user_row WHERE login = '{login}')")).await;
            }
            "other rights" => {
                let roles = |role: &str| UserChange { roles: Some(vec![role.into()]), ..UserChange::default() };
                admin.change_user(&login, "role", &roles("panel_member"), &new_key()).await.unwrap();
                desk.type_text(&rest);
                to_the_unit(&mut desk);
                desk.press("alt-d");
                desk.wait_for("没有受理的权限");
                desk.wait_for_row(&["标题", &first]);
                admin.change_user(&login, "role", &roles("operator"), &new_key()).await.unwrap();
            }
            _ => {
                admin.change_user(&login, "disable", &UserChange::default(), &new_key()).await.unwrap();
                admin.change_user(&login, "enable", &UserChange::default(), &new_key()).await.unwrap();
                proxy.rules.cut_replies.store(0, Ordering::Relaxed);
            }
        }
        if way != "other rights" {
            let took = desk.wait_for("登录已过期");
            assert!(way == "between tries" || took <= Duration::from_secs(10), "{way}: noticed after {took:?}");
            assert!(!desk.screen().contains("受理登记"), "what was typed is covered");
            desk.type_text("demo");
            desk.press("enter");
            desk.wait_gone("登录已过期");
        }
        if matches!(way, "expired" | "revoked") {
            desk.wait_for_row(&["标题", &first]);
            desk.type_text(&rest);
            desk.wait_for_row(&["标题", &format!("{first}{rest}")]);
            to_the_unit(&mut desk);
        }
        if way != "between tries" {
            desk.press("alt-d");
        }
        let whole = format!("{first}{rest}");
        until("it is on the server", 60, || async { (!filed(&admin, &whole).await.is_empty()).then_some(()) }).await;
        desk.wait_for_row(&["标题", "不填则取诉求开头"]);
        desk.wait_gone("待送");
        assert_eq!(filed(&admin, &whole).await.len(), 1, "{way}: one ticket");
        desk.signal("TERM");
        desk.wait_for_end();
    }
}
