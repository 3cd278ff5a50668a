//! P22: the terminal is given back on every way out, as it was found, with nothing personal left on it; and the embedded
//! server is nobody's child.
use super::*;
use crate::support::terminal::state_of;
use crate::support::until;
use hotline::api::tickets::{NewTicket, Then};
use hotline::client::new_key;
use hotline::domain::limits::TicketKind;
use std::path::Path;

/// How often each way out is gone.
const TIMES: usize = 3;
/// Stands on every screen of these tests, and may not stay behind.
const PERSONAL: &str = "示例住户投诉示例邻居";

struct Scene {
    server: Server,
    token: String,
}

impl Scene {
    async fn set() -> Scene {
        let server = Server::start(Kind::Sqlite).await.expect("SQLite is always there");
        let client = server.client("op01").await;
        let ticket = NewTicket {
            kind: TicketKind::Complaint,
            class: None,
            urgent_class: Some("U1".into()),
            tag: None,
            green: false,
            line: Default::default(),
            title: PERSONAL.into(),
            body: PERSONAL.into(),
            place: None,
            call: None,
            pins: vec![],
            then: Then::Dispatch { unit: "city.dc.zjj".into() },
            number: None,
            enterprise: None,
            promise: None,
        };
        client.create_ticket(&ticket, &new_key()).await.unwrap();
        let token = client.token().unwrap().to_owned();
        Scene { server, token }
    }

    fn console(&self, in_shell: bool) -> Terminal {
        let console = self.server.console_with_token(&self.token, &Start { in_shell, size: Some((120, 35)), ..Start::default() });
        console.wait_for(PERSONAL);
        console.wait_for("连接正常");
        console
    }
}

/// The modes of the terminal after everything that was sent: the last word on each counts.
fn private_modes(bytes: &[u8]) -> std::collections::BTreeMap<String, char> {
    let text = String::from_utf8_lossy(bytes);
    let mut modes = std::collections::BTreeMap::new();
    for part in text.split("\x1b[?").skip(1) {
        let number: String = part.chars().take_while(char::is_ascii_digit).collect();
        if let Some(set @ ('h' | 'l')) = part.chars().nth(number.len()) {
            modes.insert(number, set);
        }
    }
    modes
}

/// What a person finds afterwards.
#[track_caller]
fn assert_given_back(console: &Terminal, way: &str) {
    assert_eq!(console.modes(), console.modes_before, "{way}: the modes of the line");
    let bytes = console.bytes();
    let modes = private_modes(&bytes);
    for mode in ["1049", "1000", "1002", "1003", "1006", "2004", "1004", "2026"] {
        assert_eq!(modes.get(mode), Some(&'l'), "{way}: ?{mode} is off");
    }
    assert_eq!(modes.get("25"), Some(&'h'), "{way}: the cursor is shown");
    assert!(modes.iter().all(|(mode, set)| mode == "25" || *set == 'l'), "{way}: nothing else was left on: {modes:?}");
    console.state(|screen| {
        assert!(!screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste(), "{way}");
    });
    let screen = console.screen();
    assert!(!screen.contains("示例") && !screen.contains('*'), "{way}: personal text stayed on the main screen:\n{screen}");
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (_, after) = text.rsplit_once("\x1b[?1049l").expect("the alternate screen was left");
    assert!(!after.contains("示例") && !after.contains('\x1b'), "{way}: after the way out came {after:?}");
    let (before, _) = text.split_once("\x1b[?1049h").expect("the alternate screen was entered");
    assert!(!before.contains("示例"), "{way}: before the alternate screen came {before:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_way_out_gives_the_terminal_back() {
    let scene = Scene::set().await;
    for _ in 0..TIMES {
        for (way, code) in [("q", 0), ("ctrl-q", 0), ("ctrl-c", 0), ("TERM", 130), ("HUP", 130), ("INT", 130)] {
            let mut console = scene.console(false);
            match way {
                "q" => {
                    // A letter leaves only where no text is typed.
                    console.press("f4");
                    console.wait_for("已办结");
                    console.press("q");
                    console.wait_for("再按一次");
                    console.press("q");
                }
                "ctrl-q" | "ctrl-c" => console.press(way),
                signal => console.signal(signal),
            }
            assert_eq!(console.wait_for_end(), code, "{way}");
            assert_given_back(&console, way);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ctrl_z_goes_to_the_shell_and_fg_paints_again() {
    let scene = Scene::set().await;
    let mut console = scene.console(true);
    let mut count = 40;
    for _ in 0..TIMES {
        // Only what comes from here on: the way out before this one may not be taken for it.
        let from = console.sent();
        console.press("ctrl-z");
        let place = console.wait_for_bytes(from, b"\x1b[?1049l");
        count += 2;
        console.type_text(&format!("echo shell-$(({count}+0))\n"));
        console.wait_for(&format!("shell-{count}"));
        assert_eq!(console.modes(), console.modes_before);
        let screen = console.screen();
        assert!(!screen.contains(PERSONAL) && !screen.contains('*'), "{screen}");
        console.state(|screen| assert!(!screen.alternate_screen() && !screen.hide_cursor()));
        console.type_text("fg\n");
        console.wait_for_bytes(place, b"\x1b[?1049h");
        console.wait_for(PERSONAL);
        console.wait_for("连接正常");
    }
    // A key that was pressed before the console was back is not held until the next one.
    console.press("ctrl-z");
    console.wait_until("the shell's screen", |screen| (!screen.alternate_screen()).then_some(()));
    // Before the line's modes are back, the shell would be given the key together with its line.
    console.wait_for_modes_before();
    console.type_text("fg\n\x1bOS");
    console.wait_for_row(&["未办结", "已办结"]);
    console.press("ctrl-q");
    console.wait_until("the shell's screen", |screen| (!screen.alternate_screen()).then_some(()));
    console.type_text("exit\n");
    console.wait_for_end();
    assert_eq!(console.modes(), console.modes_before);
    assert!(!console.screen().contains(PERSONAL));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_from_outside_gives_back_and_going_on_paints_again() {
    let scene = Scene::set().await;
    let mut console = scene.console(false);
    for _ in 0..TIMES {
        let from = console.sent();
        console.signal("TSTP");
        let place = console.wait_for_bytes(from, b"\x1b[?1049l");
        until("the console is stopped", 30, || async { (state_of(console.process()) == Some('T')).then_some(()) }).await;
        assert_given_back(&console, "TSTP");
        console.signal("CONT");
        console.wait_for_bytes(place, b"\x1b[?1049h");
        console.wait_for(PERSONAL);
    }
    console.signal("TERM");
    console.wait_for_end();
    assert_given_back(&console, "TERM after CONT");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_terminal_ends_the_console() {
    let scene = Scene::set().await;
    for _ in 0..TIMES {
        let mut console = scene.console(false);
        let process = console.process();
        let code = console.close();
        assert!([0, 130].contains(&code), "{code}");
        assert_eq!(state_of(process), None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_that_fails_leaves_the_terminal_alone() {
    let scene = Scene::set().await;
    for term in ["dumb", ""] {
        let mut console = scene.server.console_with_token(&scene.token, &Start { environment: &[("TERM", term)], ..Start::default() });
        assert_ne!(console.wait_for_end(), 0);
        assert_eq!(console.modes(), console.modes_before);
        let said = String::from_utf8(console.bytes()).unwrap();
        assert!(said.contains("终端类型是 dumb") && !said.contains('\x1b'), "{said:?}");
    }
    // Not a terminal at all.
    let output = Command::new(PROGRAM)
        .args(["--server", &scene.server.url])
        .env_clear()
        .envs(environment(scene.server.folder.path()))
        .env("HOTLINE_TOKEN", &scene.token)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(!output.status.success() && output.stdout.is_empty());
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("不是终端") && !said.contains('\x1b'), "{said:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_console_whose_server_is_gone_still_leaves_in_good_order() {
    let mut scene = Scene::set().await;
    let console = scene.console(false);
    scene.server.kill();
    console.wait_for("断线");
    // Another one that never saw it: there is nothing to show, and a way out.
    let late = scene.server.console_with_token(&scene.token, &Start::default());
    late.wait_for("断线");
    for mut console in [console, late] {
        console.press("ctrl-q");
        assert_eq!(console.wait_for_end(), 0);
        assert_given_back(&console, "server gone");
    }
}

/// Where the embedded server of a data folder listens.
fn embedded(data: &Path) -> String {
    let lock: serde_json::Value = serde_json::from_slice(&std::fs::read(data.join("server.json")).unwrap()).unwrap();
    lock["server"].as_str().unwrap().trim_start_matches("http://").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_embedded_server_outlives_the_console_that_started_it_and_no_other() {
    let home = TempDir::new().unwrap();
    let data = home.path().join("city");
    let folder = data.display().to_string();
    let arguments = ["demo", "--data-dir", &folder, "--tickets", "0", "--no-traffic"];
    let mut first = Terminal::open(home.path(), &arguments, &Start::default());
    first.wait_for("连接正常");
    let address = embedded(&data);
    let mut second = Terminal::open(home.path(), &arguments, &Start { size: Some((80, 24)), ..Start::default() });
    second.wait_for("连接正常");
    assert_eq!(embedded(&data), address, "both are on one server");
    first.signal("KILL");
    first.wait_for_end();
    // The other one goes on: the server answers it.
    second.press("alt-x");
    second.wait_for_row(&["示闲", "连接正常"]);
    let exchange: serde_json::Value = serde_json::from_slice(&std::fs::read(data.join("server.json")).unwrap()).unwrap();
    let target = Target { server: format!("http://{address}"), token: exchange["token"].as_str().map(str::to_owned), authority: None };
    Client::new(&target).unwrap().in_background().ring(&ring("1"), &new_key()).await.unwrap();
    second.wait_for_row(&["来电", "100****0421"]);
    assert!(!second.screen().contains("断线"));
    second.press("ctrl-q");
    assert_eq!(second.wait_for_end(), 0);
    until("the embedded server has ended by itself", 30, || async { TcpStream::connect(&address).is_err().then_some(()) }).await;
    until("it takes its lock file along", 30, || async { (!data.join("server.json").exists()).then_some(()) }).await;
}

/// The embedded server's process, found by what it was started with.
fn process_of(data: &Path) -> u32 {
    let folder = data.display().to_string();
    let serves = |process: &u32| {
        let words = std::fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
        let words: Vec<&[u8]> = words.split(|byte| *byte == 0).collect();
        words.contains(&b"--embedded".as_slice()) && words.contains(&folder.as_bytes())
    };
    let processes = std::fs::read_dir("/proc").unwrap().filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    processes.into_iter().find(serves).unwrap()
}

/// The tokens in the lock file: the administrator's and the operator's.
fn tokens(data: &Path) -> Option<[String; 2]> {
    let lock: serde_json::Value = serde_json::from_slice(&std::fs::read(data.join("server.json")).ok()?).ok()?;
    Some([lock["token"].as_str()?.to_owned(), lock["roles"]["operator"].as_str()?.to_owned()])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_console_finds_its_embedded_server_again_when_it_was_killed_and_when_its_session_ends() {
    let home = TempDir::new().unwrap();
    let data = home.path().join("city");
    let folder = data.display().to_string();
    let mut console = Terminal::open(home.path(), &["demo", "--data-dir", &folder, "--tickets", "0", "--no-traffic"], &Start::default());
    console.wait_for("连接正常");
    console.press("3");
    console.press("tab");
    console.type_text("写了一半");
    let (address, first) = (embedded(&data), tokens(&data).unwrap());
    for token in &first {
        let target = Target { server: format!("http://{address}"), token: Some(token.clone()), authority: None };
        Client::new(&target).unwrap().logout().await.unwrap();
    }
    let fresh = || async { tokens(&data).filter(|now| now[0] != first[0] && now[1] != first[1]) };
    let second = until("the lock file holds sessions that last", 30, fresh).await;
    let exchange = |token: &str| {
        let target = Target { server: format!("http://{}", embedded(&data)), token: Some(token.to_owned()), authority: None };
        Client::new(&target).unwrap().in_background()
    };
    let call = exchange(&second[0]).ring(&ring("1"), &new_key()).await.unwrap();
    console.wait_for("100****0421");
    console.press("alt-x");
    console.wait_for_row(&["示闲", "连接正常"]);
    exchange(&second[0]).act_on_call(call.id, "abandon", &new_key()).await.unwrap();
    console.wait_gone("100****0421");
    assert_eq!(embedded(&data), address, "it is the same server");
    signal(process_of(&data), "KILL");
    let third = until("another server is started", 60, || async { tokens(&data).filter(|now| now[0] != second[0]) }).await;
    exchange(&third[0]).ring(&ring("2"), &new_key()).await.unwrap();
    console.wait_for("100****0421");
    let shown = console.screen();
    assert!(shown.contains("写了一半") && !shown.contains("密码"), "{shown}");
    console.press("ctrl-q");
    console.press("ctrl-q");
    assert_eq!(console.wait_for_end(), 0);
}
