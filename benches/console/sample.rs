//! What is measured on: a served process, its tickets, and as many lines and messages for the peers.
use crate::program::PATIENCE;
use chrono::{DateTime, TimeDelta, Utc};
use hotline::api::import::{ImportedTicket, Numbered};
use hotline::client::{Client, Target, new_key};
use hotline::domain::limits::TicketKind;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// The program.
pub const CONSOLE: &str = env!("CARGO_BIN_EXE_hotline");

/// What the peers show: a list of lines, and a mailbox of as many messages.
pub fn peers_data(home: &Path, count: usize) -> (PathBuf, PathBuf, PathBuf) {
    let (mut lines, mut mailbox) = (String::new(), String::new());
    for number in 0..count {
        let title = title(number);
        let _ = writeln!(lines, "{title}");
        let (hour, minute, second) = (number / 3600 % 24, number / 60 % 60, number % 60);
        let _ = write!(
            mailbox,
            "From sample@example.invalid Mon Mar  2 {hour:02}:{minute:02}:{second:02} 2026\nFrom: Sample {number} <sample{number}@example.invalid>\nTo: desk@example.invalid\n\
             Subject: {title}\nDate: Mon, {day} Mar 2026 {hour:02}:{minute:02}:{second:02} +0800\nMessage-ID: <{number}@example.invalid>\nContent-Type: text/plain; charset=utf-8\nStatus: RO\n\n示例市民反映：{title}。\n\n",
            day = 2 + number / 86_400,
        );
    }
    let (list, mbox, settings) = (home.join("lines.txt"), home.join("mbox"), home.join("muttrc"));
    std::fs::write(&list, lines).unwrap();
    std::fs::write(&mbox, mailbox).unwrap();
    std::fs::create_dir_all(home.join("Mail")).unwrap();
    std::fs::write(&settings, format!("set folder={}/Mail\nset charset=utf-8\nset record=\nset quit=yes\nset read_only=yes\nset menu_scroll=yes\n", home.display())).unwrap();
    std::fs::write(home.join("settings.toml"), "").unwrap();
    (list, mbox, settings)
}

pub fn title(number: usize) -> String {
    const WHAT: [&str; 5] = ["夜间施工噪声", "路灯不亮", "稳岗返还申领", "垃圾清运不及时", "公积金提取"];
    format!("示例路 {number} 号{}", WHAT[number % WHAT.len()])
}

pub fn ticket(name: &str, number: usize, accepted_at: DateTime<Utc>, replied: bool) -> Numbered<ImportedTicket> {
    let row = ImportedTicket {
        external_id: format!("{name}-{number}"),
        kind: TicketKind::Complaint,
        line: Default::default(),
        urgent_class: None,
        title: title(number),
        body: "示例".repeat(40),
        place: None,
        unit: Some("city.dc.zjj".into()),
        accepted_at,
        replied_at: replied.then(|| accepted_at + TimeDelta::hours(5)),
        reply: replied.then(|| "已处理。".into()),
    };
    Numbered { line: number as u64, row }
}

/// A served process on a data folder.
pub struct Server {
    /// The process.
    pub process: std::process::Child,
    /// As the administrator.
    pub target: Target,
    /// The token of an operator.
    pub desk: String,
}

impl Server {
    pub fn start(data: &Path) -> Server {
        let _ = std::fs::remove_file(data.join("server.json"));
        let mut command = Command::new(CONSOLE);
        command.args(["serve", "--embedded", "--sample-seed", "1", "--sample-tickets", "600", "--sample-articles", "0", "--data-dir"]).arg(data);
        let process = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let end = Instant::now() + PATIENCE;
        loop {
            assert!(Instant::now() < end, "the server did not start");
            std::thread::sleep(Duration::from_millis(20));
            let Ok(text) = std::fs::read_to_string(data.join("server.json")) else { continue };
            let lock: serde_json::Value = serde_json::from_str(&text).unwrap();
            let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
            let target = Target { server: text(&lock["server"]), token: Some(text(&lock["roles"]["admin"])), authority: None };
            return Server { process, target, desk: text(&lock["roles"]["operator"]) };
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Ends the server that a cold console has started on this folder, by its process id.
pub fn end_server_of(data: &Path) {
    let folder = data.to_string_lossy().into_owned();
    for process in std::fs::read_dir("/proc").into_iter().flatten().flatten() {
        let arguments = std::fs::read_to_string(process.path().join("cmdline")).unwrap_or_default();
        if arguments.contains("--embedded") && arguments.split('\0').any(|argument| argument == folder) {
            let _ = Command::new("kill").arg(process.file_name()).status();
        }
    }
    let end = Instant::now() + Duration::from_secs(15);
    while data.join("server.json").exists() && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(20));
    }
}

pub async fn fill(client: &Client, from: usize, to: usize) {
    let base = Utc::now() - TimeDelta::days(20);
    for start in (from..to).step_by(500) {
        let batch: Vec<_> = (start..(start + 500).min(to)).map(|number| ticket("bench", number, base + TimeDelta::seconds((number as i64 * 37) % 1_500_000), false)).collect();
        client.import_tickets(&batch, &new_key()).await.unwrap();
    }
}
