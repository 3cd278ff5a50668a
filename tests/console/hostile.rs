//! P31: no text of a caller can drive an operator's terminal. A hostile corpus goes through the API into every text field,
//! the console is walked over every screen at two sizes, and every byte the terminal received is parsed: only what our
//! renderer sends may stand there. The same for the command line, its JSON and its errors.
use super::*;
use crate::support::real_data;
use hotline::api::articles::NewArticle;
use hotline::api::session::NewUser;
use hotline::api::settings::PutRow;
use hotline::api::tickets::{ActRequest, NewTicket, Then, TicketQuery};
use hotline::client::new_key;
use hotline::domain::article::{ArticleText, GuideStep, PolicyLevel};
use hotline::domain::limits::{HandlerLevel, TicketKind};
use hotline::domain::tables::UnitRow;
use hotline::domain::ticket::Act;

/// Texts that drive, hide or deform; each also holds plain letters, so that something remains to be seen.
fn corpus() -> Vec<String> {
    let mut texts: Vec<String> = [
        "甲\u{1b}[2J\u{1b}[H乙",
        "甲\u{1b}]0;title\u{7}乙",
        "甲\u{1b}]8;;http://example.invalid/\u{1b}\\乙\u{1b}]8;;\u{1b}\\",
        "甲\u{1b}]52;c;aGFja2Vk\u{7}乙",
        "甲\u{1b}P1$r0m\u{1b}\\乙",
        "甲\u{1b}_Gf=100;AAAA\u{1b}\\乙",
        "甲\u{1b}^private\u{1b}\\乙\u{1b}Xstring\u{1b}\\",
        "甲\u{1b}c\u{1b}7\u{1b}8\u{1b}M\u{1b}(0乙",
        "甲\u{1b}[?1049l\u{1b}[?25l\u{1b}[6n\u{1b}[c乙",
        "甲\u{1b}[200~\u{1b}[1;1H乙\r\n丙",
        "甲\u{7}\u{8}\u{8}\u{c}\u{b}\u{e}\u{f}\u{7f}乙",
        "甲\u{80}\u{84}\u{85}\u{8d}\u{90}q\u{9c}\u{98}\u{9b}31m\u{9d}0;x\u{9c}\u{9e}\u{9f}乙",
        "甲\u{61c}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}乙",
        "甲\u{202e}改为：已同意\u{202c}乙",
        "甲\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}\u{180e}乙",
        "\u{feff}甲\u{ad}\u{ad}乙",
        "甲\u{e0001}\u{e0041}\u{e0042}\u{e007f}乙",
        "甲\u{2028}乙\u{2029}丙",
        "甲\u{3164}\u{115f}\u{1160}\u{ffa0}\u{2800}乙",
        "\u{fe0f}甲 \u{fe0f}\u{e0100}a\u{fe0e}乙",
        "甲👨\u{200d}👩\u{200d}👧🏳\u{fe0f}\u{200d}🌈🇨🇳👍🏽乙",
        "甲\u{fff9}注\u{fffa}音\u{fffb}\u{fffc}\u{e000}\u{fdd0}乙",
        "甲\u{1d173}\u{1bca0}\u{13430}\u{110bd}乙",
        "ﷺ﷽甲ྀྀྀ乙ក្ស",
        "维吾尔 ئۇيغۇر می\u{200c}خواهم 𠮷𪚥 བོད་ 甲乙",
        "甲\t乙\r丙\n丁",
    ]
    .map(str::to_owned)
    .into();
    texts.push(format!("甲a{}乙", "\u{301}".repeat(1000)));
    texts.push(format!("甲{}乙", "\u{e0041}".repeat(500)));
    texts.push(format!("甲{}乙", "长".repeat(21_000)));
    texts.push(format!("甲{}乙", "\u{1b}[31m".repeat(9_000)));
    texts
}

/// The big list of naughty strings, several to a text, where there is one.
fn naughty() -> Vec<String> {
    let Some(folder) = real_data() else { return Vec::new() };
    let text = std::fs::read_to_string(folder.join("terminal/blns.json")).unwrap();
    let all: Vec<String> = serde_json::from_str(&text).unwrap();
    let mut texts = vec![String::new()];
    for one in all {
        let last = texts.last_mut().expect("there is one");
        if last.chars().count() + one.chars().count() > 150 && !last.is_empty() {
            texts.push(one);
        } else {
            last.push_str(&one);
            last.push(' ');
        }
    }
    texts
}

/// At most so many characters of it, and no NUL, which the server refuses.
fn cut(text: &str, characters: usize) -> String {
    text.chars().filter(|c| *c != '\0').take(characters).collect()
}

struct Planted {
    server: Server,
    /// A user with every right and a hostile name.
    token: String,
    /// Numbers of the tickets of the corpus.
    numbers: Vec<String>,
    titles: Vec<String>,
    articles: usize,
}

async fn plant() -> Planted {
    let server = Server::start(Kind::Sqlite).await.expect("SQLite is always there");
    let admin = server.client("admin01").await;
    let texts = corpus();
    let hostile = |login: &str, name: &str, role: &str, unit: Option<&str>| NewUser {
        login: login.into(),
        name: name.into(),
        roles: vec![role.into()],
        unit: unit.map(str::to_owned),
        password: Some("demo".into()),
    };
    admin.add_user(&hostile("walker", "\u{202e}\u{1b}]0;x\u{7}甲", "admin", None), &new_key()).await.unwrap();
    admin.add_user(&hostile("h.hostile", "\u{200b}\u{1b}[2J乙", "handler_clerk", Some("city.dc.zjj")), &new_key()).await.unwrap();
    let unit = UnitRow {
        code: "city.dc.zjj".into(),
        name: format!("恶单位{}", cut(&texts.concat(), 400)),
        name_en: format!("Bad unit {}", cut(&texts.concat(), 400)),
        kind: "bureau".into(),
        level: HandlerLevel::County,
        duty_phone: Some(cut(&texts.concat(), 60)),
    };
    admin.put_tables(&[PutRow::Unit(unit)], &new_key()).await.unwrap();
    let (walker, handler) = (server.client("walker").await, server.client("h.hostile").await);
    let mut planted = Planted { token: walker.token().unwrap().into(), server, numbers: Vec::new(), titles: Vec::new(), articles: 0 };
    let ticket = |title: String, text: &str, then: Then| NewTicket {
        kind: TicketKind::Complaint,
        class: None,
        urgent_class: matches!(then, Then::Dispatch { .. }).then(|| "U1".into()),
        tag: None,
        green: false,
        line: Default::default(),
        title,
        body: text.to_owned(),
        place: Some(cut(text, 100)),
        call: None,
        pins: vec![],
        then,
    };
    for (at, text) in texts.iter().enumerate() {
        let title = cut(&format!("H{at:03} {text}"), 200);
        let row = walker.create_ticket(&ticket(title.clone(), text, Then::Dispatch { unit: "city.dc.zjj".into() }), &new_key()).await.unwrap();
        let words = ActRequest { text: Some(text.clone()), ..ActRequest::default() };
        walker.act(row.id, Act::Note, &words, &new_key()).await.unwrap();
        handler.act(row.id, Act::Sign, &ActRequest::default(), &new_key()).await.unwrap();
        handler.act(row.id, Act::Contact, &words, &new_key()).await.unwrap();
        if at % 2 == 0 {
            handler.act(row.id, Act::Reply, &words, &new_key()).await.unwrap();
        }
        planted.numbers.push(row.number);
        planted.titles.push(title);
    }
    for (at, text) in naughty().iter().enumerate() {
        walker.create_ticket(&ticket(cut(&format!("B{at:03} {text}"), 200), text, Then::Nothing), &new_key()).await.unwrap();
    }
    for (at, some) in texts.chunks(4).enumerate() {
        let text: String = some.iter().map(|text| cut(text, 1500)).collect();
        let step = GuideStep { what: text.clone(), who: text.clone(), materials: text.clone(), fee: text.clone(), time: text.clone() };
        let article = NewArticle {
            code: Some(format!("E{at:03}{}", cut(&text, 8))),
            external_id: Some(format!("{at}{}", cut(&text, 8))),
            level: PolicyLevel::City,
            effective: None,
            expiry: None,
            owner: Some("city.dc.zjj".into()),
            successor: None,
            text: ArticleText {
                title: format!("恶条目{at:03}{text}"),
                document_number: text.clone(),
                issuer: text.clone(),
                keywords: vec![text.clone()],
                plain_answer: format!("答{at:03} {text}"),
                clause: text.clone(),
                steps: vec![step.clone(), step],
            },
        };
        admin.publish(&article, &new_key()).await.unwrap();
        planted.articles += 1;
    }
    planted
}

/// Pastes, as a terminal does that knows bracketed paste.
fn paste(console: &mut Terminal, text: &str) {
    console.type_text(&format!("\x1b[200~{}\x1b[201~", text.replace("\x1b[201~", "")));
}

/// Walks every screen; the console ends before it returns.
async fn walk(planted: &Planted, size: (u16, u16)) -> Vec<u8> {
    let exchange = planted.server.client("admin01").await;
    let mut console = planted.server.console_with_token(&planted.token, &Start { size: Some(size), ..Start::default() });
    console.wait_for("连接正常");
    let texts = corpus();
    // The desk: a hostile caller rings, is taken, is written about.
    console.press("alt-x");
    console.wait_for("示闲");
    for (at, text) in texts.iter().enumerate().take(6) {
        let mut call = ring(&format!("{}-{at}", size.0));
        (call.name, call.district) = (Some(cut(text, 50)), Some(cut(&text.replace('甲', ""), 50)));
        let call = exchange.ring(&call, &new_key()).await.unwrap();
        console.wait_for("alt-a 接听");
        console.press("alt-q");
        console.press("alt-a");
        console.wait_for("通话");
        console.press("alt-k");
        console.wait_gone("alt-a 接听");
        console.press("alt-e");
        console.wait_gone("通话 0");
        // Over for the server as well before the next one rings.
        let over = exchange.act_on_call(call.id, "hang_up", &new_key()).await;
        assert!(over.is_err());
    }
    console.press("alt-i");
    console.press("3");
    for text in [cut(&texts.concat(), 3000), texts[0].clone(), texts[12].clone(), texts.concat()] {
        paste(&mut console, &format!("{text}终"));
        console.wait_for("终");
        console.press("tab");
    }
    console.type_text("edw");
    console.wait_for("恶单位");
    console.press("enter");
    console.press("alt-c");
    console.press("alt-t");
    for key in ["down", "pgdn", "pgdn", "end", "home"] {
        console.press(key);
    }
    if size.0 >= 140 {
        // Columns stand where they stand, whatever the rows hold.
        console.wait_for("H000");
        console.state(|screen| {
            for row in 3..28 {
                for column in [43, 101] {
                    let cell = screen.cell(row, column).unwrap().contents();
                    assert!(["│", "┬", "┴", "├", "┤", "─"].contains(&cell), "row {row} column {column} holds {cell:?}\n{}", screen.contents());
                }
            }
        });
    }
    // The list, and the detail of each ticket of the corpus from its top to its end.
    console.press("f4");
    console.wait_for_row(&["未办结", "已办结"]);
    for _ in &texts {
        console.wait_for("▌ 工单");
        console.press("enter");
        console.wait_for_row(&["▌", "第 1 轮"]);
        for _ in 0..4 {
            console.press("pgdn");
        }
        console.press("end");
        console.press("esc");
        console.wait_for("▌ 工单");
        console.press("down");
    }
    for _ in 0..6 {
        console.press("pgdn");
    }
    console.wait_for("B0");
    console.press("end");
    // The small boxes.
    console.press("home");
    console.press("m");
    console.wait_for("备注内容");
    paste(&mut console, &format!("{}终", texts.concat()));
    console.wait_for("终");
    console.press("esc");
    console.wait_gone("备注内容");
    console.press("d");
    console.wait_for("派给哪个单位");
    console.type_text("edw");
    console.wait_for("恶单位");
    console.press("esc");
    console.wait_gone("派给哪个单位");
    console.press(".");
    console.wait_for("全部动作");
    console.press("esc");
    console.press("/");
    console.wait_for("按工单号查找");
    paste(&mut console, &cut(&texts.concat(), 300));
    console.press("enter");
    console.wait_for("没有符合条件的工单");
    console.press("esc");
    console.wait_for_row(&["▌ 工单", "未办结"]);
    // Knowledge.
    console.press("f5");
    console.type_text("etm");
    console.wait_for("恶条目000");
    for at in 0..planted.articles {
        console.press("enter");
        console.wait_until("an article", |screen| screen.contents().contains("答0").then_some(()));
        for _ in 0..4 {
            console.press("pgdn");
        }
        console.press("esc");
        console.press("down");
        let _ = at;
    }
    console.press("f10");
    console.wait_for("先记五个键");
    console.press("pgdn");
    console.press("esc");
    console.press("f12");
    console.press("f4");
    console.wait_for("Open");
    console.press("f12");
    let (columns, rows) = size;
    console.resize(columns + 3, rows + 1);
    console.wait_until("the new size", |screen| screen.contents().contains("未办结").then_some(()));
    console.signal("TERM");
    console.wait_for_end();
    console.bytes()
}

/// What may never reach a terminal: it drives, hides, reorders or has no width that terminals agree on.
fn is_forbidden(c: char) -> bool {
    matches!(c as u32,
        0x00..=0x1F | 0x7F..=0x9F | 0xAD | 0x34F | 0x61C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180F
        | 0x200B | 0x200E | 0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0x2800 | 0x3164 | 0xE000..=0xF8FF
        | 0xFDD0..=0xFDEF | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFC | 0xFFFE | 0xFFFF
        | 0x1F1E6..=0x1F1FF | 0x1F3FB..=0x1F3FF | 0x110BD | 0x13430..=0x1343F | 0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A | 0xE0000..=0x10FFFF)
}

/// Everything a terminal is told, judged.
#[derive(Default)]
struct Judge {
    /// A console's bytes: frames and restore sequences are allowed; otherwise only lines of text are.
    console: bool,
    before: Option<char>,
    marks: usize,
    printed: usize,
    faults: Vec<String>,
}

impl vte::Perform for Judge {
    fn print(&mut self, c: char) {
        self.printed += 1;
        let joins = matches!(c, '\u{200c}' | '\u{200d}');
        let joining = self.before.is_some_and(|before| matches!(before as u32, 0x600..=0xDFF | 0x1820..=0x18AA | 0xFB50..=0xFEFC));
        if is_forbidden(c) || (joins && !joining) {
            self.faults.push(format!("printed U+{:04X} after {:?}", c as u32, self.before));
        }
        self.marks = if unicode_normalization::char::is_combining_mark(c) { self.marks + 1 } else { 0 };
        if self.marks > 8 {
            self.faults.push(format!("{} marks on one base", self.marks));
        }
        self.before = Some(c);
    }
    fn execute(&mut self, byte: u8) {
        let fine = if self.console { byte == 7 } else { byte == b'\n' };
        if !fine {
            self.faults.push(format!("control {byte:#04x}"));
        }
    }
    fn csi_dispatch(&mut self, params: &vte::Params, intermediates: &[u8], ignored: bool, action: char) {
        let first = params.iter().next().and_then(|param| param.first().copied()).unwrap_or(0);
        let fine = match (intermediates, action) {
            ([], 'm' | 'H' | 'A' | 'B' | 'C' | 'D' | 'G' | 'd' | 'J' | 'K') => true,
            ([b'?'], 'h' | 'l') => params.len() == 1 && [25, 1000, 1002, 1003, 1004, 1006, 1049, 2004, 2026].contains(&first),
            _ => false,
        };
        if !fine || ignored || !self.console {
            self.faults.push(format!("CSI {intermediates:?} {:?} {action}", params.iter().collect::<Vec<_>>()));
        }
    }
    fn esc_dispatch(&mut self, intermediates: &[u8], _: bool, byte: u8) {
        self.faults.push(format!("ESC {intermediates:?} {byte:#04x}"));
    }
    fn osc_dispatch(&mut self, params: &[&[u8]], _: bool) {
        self.faults.push(format!("OSC {:?}", params.iter().map(|param| String::from_utf8_lossy(param)).collect::<Vec<_>>()));
    }
    fn hook(&mut self, _: &vte::Params, _: &[u8], _: bool, action: char) {
        self.faults.push(format!("DCS {action}"));
    }
}

#[track_caller]
fn judge(bytes: &[u8], console: bool, what: &str) {
    let mut judge = Judge { console, ..Judge::default() };
    vte::Parser::new().advance(&mut judge, bytes);
    // Strings that the parser swallows without a word (SOS, PM, APC) begin with ESC as well.
    for (at, _) in bytes.iter().enumerate().filter(|(_, byte)| **byte == 0x1b) {
        if bytes.get(at + 1) != Some(&b'[') {
            judge.faults.push(format!("ESC {:?}", bytes.get(at + 1).map(|byte| char::from(*byte))));
        }
    }
    if std::str::from_utf8(bytes).is_err() {
        judge.faults.push("not UTF-8".into());
    }
    judge.faults.sort();
    judge.faults.dedup();
    assert!(judge.faults.is_empty(), "{what}: {} kinds of faults: {:#?}", judge.faults.len(), &judge.faults[..judge.faults.len().min(20)]);
    assert!(judge.printed > 20, "{what}: nothing was shown");
}

fn command(planted: &Planted, arguments: &[&str]) -> std::process::Output {
    Command::new(PROGRAM)
        .args(arguments)
        .args(["--server", &planted.server.url])
        .env_clear()
        .envs(environment(planted.server.folder.path()))
        .env("HOTLINE_TOKEN", &planted.token)
        .stdin(Stdio::null())
        .output()
        .unwrap()
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
}

#[tokio::test(flavor = "multi_thread")]
async fn no_text_drives_a_terminal_through_the_command_line() {
    let planted = plant().await;
    let list = command(&planted, &["ticket", "list", "--limit", "500"]);
    assert!(list.status.success());
    judge(&list.stdout, false, "ticket list");
    let json = command(&planted, &["ticket", "list", "--limit", "500", "--json"]);
    judge(&json.stdout, false, "ticket list --json");
    let page: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let titles: Vec<&str> = page["items"].as_array().unwrap().iter().filter_map(|row| row["title"].as_str()).collect();
    let open = planted.server.client("admin01").await.tickets(&TicketQuery { limit: Some(200), ..TicketQuery::default() }).await.unwrap();
    for title in &planted.titles {
        let listed = open.items.iter().any(|row| &row.title == title);
        assert!(listed && titles.contains(&title.as_str()), "JSON reads back as exactly what was filed: {title:?}");
    }
    for number in &planted.numbers {
        for json in [false, true] {
            let mut arguments = vec!["ticket", "show", number];
            if json {
                arguments.push("--json");
            }
            let shown = command(&planted, &arguments);
            assert!(shown.status.success());
            judge(&shown.stdout, false, &arguments.join(" "));
        }
    }
    for arguments in [vec!["kb", "search", "etm"], vec!["kb", "search", "etm", "--json"], vec!["call", "list"]] {
        let output = command(&planted, &arguments);
        if !output.stdout.is_empty() {
            judge(&output.stdout, false, &arguments.join(" "));
        }
    }
    // Errors repeat what was typed.
    for text in corpus() {
        let text = cut(&text, 2000);
        for arguments in [vec!["ticket", "show", text.as_str()], vec!["ticket", text.as_str()], vec!["ticket", "show", text.as_str(), "--json"], vec!["--lang", text.as_str(), "ticket", "list"]] {
            let output = command(&planted, &arguments);
            assert!(!output.status.success(), "{arguments:?}");
            judge(&output.stderr, false, &format!("the error of {arguments:?}"));
            assert!(output.stdout.is_empty());
        }
    }
}
