//! The console as a person meets it, through a real pseudo-terminal, beside less, fzf, mutt and neomutt in the same run:
//! T5 T6 T9 T10, knowledge typing for the record, B8 in a process of its own, and 10,000 events a second on the screen.
//! Usage: `cargo bench --bench console [-- quick]`. Only ratios bind; a missed one exits 1; a peer that is not installed is
//! named. Everything runs on loopback, in folders that are removed, for a bounded time.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs)]
use chrono::{DateTime, TimeDelta, Utc};
use hotline::api::import::{ImportedTicket, Numbered};
use hotline::api::tickets::TicketQuery;
use hotline::client::{Client, Target, live, new_key};
use hotline::domain::limits::TicketKind;
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tempfile::TempDir;
use tokio::runtime::Runtime;

const CONSOLE: &str = env!("CARGO_BIN_EXE_hotline");
const WIDE: (u16, u16) = (160, 45);
/// Narrower than what shows a clock with seconds.
const NO_SECONDS: (u16, u16) = (130, 40);
const PATIENCE: Duration = Duration::from_secs(60);
/// The end of a frame that a terminal shows at once.
const END_OF_FRAME: &[u8] = b"\x1b[?2026l";

struct Report {
    missed: u32,
}

impl Report {
    fn line(&mut self, name: &str, words: &str, held: bool) {
        self.missed += u32::from(!held);
        let _ = writeln!(std::io::stdout(), "{} {name:4} {words}", if held { "ok    " } else { "MISSED" });
    }

    fn record(&self, name: &str, words: &str) {
        let _ = writeln!(std::io::stdout(), "       {name:4} {words}");
    }
}

fn percentile(times: &mut [f64], share: f64) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(((times.len().max(1) - 1) as f64 * share) as usize).copied().unwrap_or(f64::NAN)
}

/// A program on a terminal of its own.
struct Program {
    child: Box<dyn Child + Send + Sync>,
    /// Kept open: closing it hangs the program up.
    _master: Box<dyn MasterPty + Send>,
    keys: Box<dyn std::io::Write + Send>,
    chunks: Receiver<(Instant, Vec<u8>)>,
    screen: vt100::Parser,
    started: Instant,
    written: usize,
    frames: Vec<Instant>,
}

impl Program {
    fn start((columns, rows): (u16, u16), home: &Path, command: &[&str]) -> Program {
        let pair = native_pty_system().openpty(PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }).unwrap();
        let mut builder = CommandBuilder::new(command[0]);
        builder.args(&command[1..]);
        for (name, value) in [("TERM", "xterm-256color"), ("COLORTERM", "truecolor"), ("LC_ALL", "C.UTF-8"), ("LESS", ""), ("FZF_DEFAULT_OPTS", "")] {
            builder.env(name, value);
        }
        builder.env("HOME", home);
        builder.env("HOTLINE_CONFIG", home.join("settings.toml"));
        let mut output = pair.master.try_clone_reader().unwrap();
        let keys = pair.master.take_writer().unwrap();
        let (sender, chunks) = channel();
        std::thread::spawn(move || {
            let mut buffer = vec![0; 1 << 16];
            while let Ok(length @ 1..) = output.read(&mut buffer) {
                if sender.send((Instant::now(), buffer[..length].to_vec())).is_err() {
                    return;
                }
            }
        });
        let started = Instant::now();
        let child = pair.slave.spawn_command(builder).unwrap();
        Program { child, _master: pair.master, keys, chunks, screen: vt100::Parser::new(rows.try_into().unwrap(), columns.try_into().unwrap(), 0), started, written: 0, frames: Vec::new() }
    }

    /// One piece of output within `wait`: when it came.
    fn take(&mut self, wait: Duration) -> Option<Instant> {
        let (at, bytes) = self.chunks.recv_timeout(wait).ok()?;
        self.written += bytes.len();
        self.frames.extend(bytes.windows(END_OF_FRAME.len()).filter(|window| *window == END_OF_FRAME).map(|_| at));
        // Programs wait for the answers to these.
        for (asked, answer) in [(&b"\x1b[6n"[..], "\x1b[1;1R"), (b"\x1b[c", "\x1b[?62;22c"), (b"\x1b[5n", "\x1b[0n")] {
            if bytes.windows(asked.len()).any(|window| window == asked) {
                self.key(answer);
            }
        }
        self.screen.process(&bytes);
        Some(at)
    }

    fn text(&self) -> String {
        self.screen.screen().contents()
    }

    fn key(&mut self, key: &str) {
        let _ = self.keys.write_all(key.as_bytes()).and_then(|()| self.keys.flush());
    }

    /// Milliseconds from the start until the screen says so; infinite where it never does.
    fn until(&mut self, shown: impl Fn(&str) -> bool) -> f64 {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            if let Some(at) = self.take(Duration::from_millis(200))
                && shown(&self.text())
            {
                return (at - self.started).as_secs_f64() * 1e3;
            }
        }
        let _ = writeln!(std::io::stderr(), "never shown; the screen is:\n{}", self.text());
        f64::INFINITY
    }

    /// Reads until nothing came for `quiet`; when the last piece came.
    fn settle(&mut self, quiet: Duration, limit: Duration) -> Option<Instant> {
        let end = Instant::now() + limit;
        let mut last = self.take(limit)?;
        while let Some(at) = self.take(quiet.min(end.saturating_duration_since(Instant::now()))) {
            last = at;
        }
        Some(last)
    }

    fn id(&self) -> u32 {
        self.child.process_id().unwrap_or(0)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A line of `/proc/PID/status`, MiB.
fn memory(id: u32, name: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let kib = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')?.trim().strip_suffix("kB")?.trim().parse::<f64>().ok());
    kib.unwrap_or(f64::NAN) / 1024.0
}

/// Processor seconds of all threads: `schedstat` counts nanoseconds where `stat` has ticks of ten milliseconds.
fn processor(id: u32) -> f64 {
    let tasks = std::fs::read_dir(format!("/proc/{id}/task")).into_iter().flatten().flatten();
    let each = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("schedstat")).ok()?.split(' ').next()?.parse::<f64>().ok());
    each.sum::<f64>() / 1e9
}

fn installed(name: &str) -> bool {
    std::env::var("PATH").unwrap_or_default().split(':').any(|folder| Path::new(folder).join(name).is_file())
}

/// What the peers show: a list of lines, and a mailbox of as many messages.
fn peers_data(home: &Path, count: usize) -> (PathBuf, PathBuf, PathBuf) {
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
    std::fs::write(&settings, format!("set folder={}/Mail\nset charset=utf-8\nset record=\nset quit=yes\nset read_only=yes\n", home.display())).unwrap();
    std::fs::write(home.join("settings.toml"), "").unwrap();
    (list, mbox, settings)
}

/// A count as the console writes it.
fn thousands(count: i64) -> String {
    let digits = count.to_string();
    digits.char_indices().map(|(at, digit)| if at > 0 && (digits.len() - at).is_multiple_of(3) { format!(" {digit}") } else { digit.to_string() }).collect()
}

fn title(number: usize) -> String {
    const WHAT: [&str; 5] = ["夜间施工噪声", "路灯不亮", "稳岗返还申领", "垃圾清运不及时", "公积金提取"];
    format!("示例路 {number} 号{}", WHAT[number % WHAT.len()])
}

fn ticket(name: &str, number: usize, accepted_at: DateTime<Utc>, replied: bool) -> Numbered<ImportedTicket> {
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
struct Server {
    process: std::process::Child,
    target: Target,
    desk: String,
}

impl Server {
    fn start(data: &Path) -> Server {
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
fn end_server_of(data: &Path) {
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

async fn fill(client: &Client, from: usize, to: usize) {
    let base = Utc::now() - TimeDelta::days(20);
    for start in (from..to).step_by(500) {
        let batch: Vec<_> = (start..(start + 500).min(to)).map(|number| ticket("bench", number, base + TimeDelta::seconds((number as i64 * 37) % 1_500_000), false)).collect();
        client.import_tickets(&batch, &new_key()).await.unwrap();
    }
}

fn main() -> ExitCode {
    let quick = std::env::args().any(|argument| argument == "quick");
    let (rounds, behind, idle) = if quick { (2, 20_000, 4) } else { (5, 100_000, 10) };
    let mut report = Report { missed: 0 };
    let folder = TempDir::new().unwrap();
    let (home, data) = (folder.path().join("home"), folder.path().join("data"));
    std::fs::create_dir_all(&home).unwrap();
    let (list, mbox, settings) = peers_data(&home, 100_000);
    let runtime = Runtime::new().unwrap();

    let server = Server::start(&data);
    let client = Client::new(&server.target).unwrap();
    let stay = runtime.block_on(async { live(client.clone(), 0) });
    runtime.block_on(fill(&client, 0, 20_000));
    let (all, own) = (memory(server.process.id(), "VmRSS"), memory(server.process.id(), "RssAnon"));
    report.line("B8", &format!("server process at 20,000 tickets: {all:.0} MiB resident ({own:.0} its own, the rest files it maps)"), all <= 50.0);
    runtime.block_on(fill(&client, 20_000, behind));
    let desk = client.with_token(server.desk.clone());
    let first = runtime.block_on(desk.tickets(&TicketQuery::default())).unwrap().items[0].number.clone();

    let text = |path: &Path| path.to_string_lossy().into_owned();
    let (list, mbox, settings, data_text, address) = (text(&list), text(&mbox), text(&settings), text(&data), server.target.server.clone());
    let console = [CONSOLE, "--lang", "zh-CN", "--server", &address, "--token", &server.desk];
    let embedded = [CONSOLE, "--lang", "zh-CN", "demo", "--data-dir", &data_text, "--no-traffic", "--speed", "1"];
    let choosing = format!("exec fzf < '{list}'");
    let rows: Vec<(&str, Vec<&str>, &str)> = vec![
        ("hotline", console.to_vec(), &first),
        ("embedded", embedded.to_vec(), &first),
        ("less", vec!["less", &list], "示例路 20 号"),
        ("fzf", vec!["sh", "-c", &choosing], "100000/100000"),
        ("mutt", vec!["mutt", "-n", "-F", &settings, "-R", "-f", &mbox], "Msgs:100000"),
        ("neomutt", vec!["neomutt", "-n", "-F", &settings, "-R", "-f", &mbox], "Msgs:100000"),
    ];
    // First frame, ready and resident memory, one after another in each round.
    let mut found: Vec<[Vec<f64>; 3]> = rows.iter().map(|_| Default::default()).collect();
    for _ in 0..rounds {
        for ((name, command, wanted), figures) in rows.iter().zip(&mut found) {
            let program = if command[0] == "sh" { "fzf" } else { command[0] };
            if !program.starts_with('/') && !installed(name) {
                continue;
            }
            let mut program = Program::start(WIDE, &home, command);
            let frame = program.until(|text| !text.trim().is_empty());
            let ready = if program.text().contains(wanted) { frame } else { program.until(|text| text.contains(wanted)) };
            program.settle(Duration::from_millis(100), Duration::from_millis(600));
            for (figure, value) in figures.iter_mut().zip([frame, ready, memory(program.id(), "VmRSS")]) {
                figure.push(value);
            }
        }
    }
    let figure = |name: &str, which: usize| rows.iter().position(|row| row.0 == name).map_or(f64::NAN, |at| percentile(&mut found[at][which].clone(), 0.5));
    for (name, ..) in &rows {
        let words = if figure(name, 0).is_nan() { "not installed".into() } else { format!("first frame {:.1} ms, ready {:.1} ms, resident {:.1} MiB", figure(name, 0), figure(name, 1), figure(name, 2)) };
        report.record("", &format!("{name}: {words}"));
    }
    let mut ratio = |name: &str, what: &str, which: usize, peer: &str, most: f64| {
        let (ours, theirs) = (figure("hotline", which), figure(peer, which));
        if theirs.is_nan() {
            return report.record(name, &format!("{what} beside {peer}: not installed"));
        }
        report.line(name, &format!("{what}: {ours:.1}, {:.3} of {peer}'s {theirs:.1} (at most {most:.3})", ours / theirs), ours <= theirs * most);
    };
    ratio("T5", "ready, ms", 1, "mutt", 1.0 / 20.0);
    ratio("T5", "ready, ms", 1, "neomutt", 1.0 / 60.0);
    ratio("T5", "ready, ms", 1, "fzf", 1.0);
    ratio("T6", "first frame, ms", 0, "less", 3.0);
    ratio("T6", "first frame, ms", 0, "fzf", 2.0 / 3.0);
    ratio("T10", "resident, MiB", 2, "neomutt", 1.0 / 3.0);

    idling(&mut report, &home, &console, idle, &first);
    typing(&mut report, &home, &console, if quick { 100 } else { 500 }, &first);
    stream(&mut report, &home, &console, &runtime, &client, &desk, quick);
    let (all, own) = (memory(server.process.id(), "VmRSS"), memory(server.process.id(), "RssAnon"));
    report.record("B8", &format!("server process at the end: {all:.0} MiB resident ({own:.0} its own)"));

    // Cold: the console starts its server itself.
    let mut first = runtime.block_on(desk.tickets(&TicketQuery::default())).unwrap().items[0].number.clone();
    // As much of a long number as its column shows.
    first.truncate(13);
    drop((stay, server));
    let mut cold = Vec::new();
    for _ in 0..rounds.min(3) {
        let _ = std::fs::remove_file(data.join("server.json"));
        cold.push(Program::start(WIDE, &home, &embedded).until(|text| text.contains(&first)));
        end_server_of(&data);
    }
    report.record("T5", &format!("cold, its server started by it: ready {:.0} ms", percentile(&mut cold, 0.5)));
    if report.missed > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// Nobody types: what is written, and what it costs.
fn idling(report: &mut Report, home: &Path, console: &[&str], seconds: u64, first: &str) {
    // The knowledge screen has nothing of its own that turns; the desk has rows whose seconds run.
    let mut programs: Vec<Program> = [NO_SECONDS, WIDE, WIDE].iter().map(|size| Program::start(*size, home, console)).collect();
    for program in &mut programs {
        program.until(|text| text.contains(first));
    }
    programs[0].key("\x1b[15~");
    programs[1].key("\x1b[15~");
    // Minutes are shown: a measurement lies within one.
    std::thread::sleep(Duration::from_secs(3));
    let second = Utc::now().timestamp() % 60;
    if second + seconds as i64 > 57 {
        std::thread::sleep(Duration::from_secs(62 - second as u64));
    }
    let drain = |program: &mut Program| {
        while program.take(Duration::ZERO).is_some() {}
        program.written
    };
    let before: Vec<(usize, f64)> = programs.iter_mut().map(|program| (drain(program), processor(program.id()))).collect();
    std::thread::sleep(Duration::from_secs(seconds));
    let after = programs.iter_mut().zip(before).map(|(program, (written, used))| {
        let used = 100.0 * (processor(program.id()) - used) / seconds as f64;
        ((drain(program) - written) as f64 / seconds as f64, used)
    });
    let told: Vec<(f64, f64)> = after.collect();
    report.line("T9", &format!("idle, no seconds on the screen: {:.0} B/s (0), processor {:.3} % (at most 0.23)", told[0].0, told[0].1), told[0].0 == 0.0 && told[0].1 <= 0.23);
    report.line("T9", &format!("idle with a clock: {:.0} B/s (at most 200), processor {:.3} % (at most 0.23)", told[1].0, told[1].1), told[1].0 <= 200.0 && told[1].1 <= 0.23);
    report.line("T9", &format!("idle with a clock and the countdowns of the desk: {:.0} B/s, processor {:.3} % (at most 0.23)", told[2].0, told[2].1), told[2].1 <= 0.23);
}

/// Key to settled paint in the knowledge base, at the sample's size.
fn typing(report: &mut Report, home: &Path, console: &[&str], keys: usize, first: &str) {
    let mut program = Program::start(NO_SECONDS, home, console);
    program.until(|text| text.contains(first));
    program.key("\x1bs");
    program.settle(Duration::from_millis(300), Duration::from_secs(3));
    let mut times = Vec::new();
    let mut unpainted = 0;
    for query in ["wgfh", "稳岗返还", "社保", "chuangye", "公积金", "k10", "butie"].iter().cycle() {
        let typed = query.chars().map(String::from).chain(query.chars().map(|_| "\x7f".to_owned()));
        for key in typed {
            let sent = Instant::now();
            program.key(&key);
            match program.settle(Duration::from_millis(40), Duration::from_millis(500)) {
                Some(at) => times.push((at - sent).as_secs_f64() * 1e3),
                None => unpainted += 1,
            }
        }
        if times.len() + unpainted >= keys {
            break;
        }
    }
    let (half, most) = (percentile(&mut times, 0.5), percentile(&mut times, 0.99));
    report.record("T1", &format!("knowledge, the sample's articles: key to settled paint p50 {half:.2} ms, p99 {most:.2} ms over {} keys ({unpainted} painted nothing)", times.len()));
}

/// 10,000 events a second, 30 % of them of rows in view: every frame is on the screen in time, and the counts are true.
fn stream(report: &mut Report, home: &Path, console: &[&str], runtime: &Runtime, client: &Client, desk: &Client, quick: bool) {
    let mut program = Program::start(WIDE, home, console);
    program.until(|text| text.contains("2026"));
    program.key("\x1bOS");
    program.settle(Duration::from_millis(300), Duration::from_secs(3));
    let from = runtime.block_on(desk.tickets(&TicketQuery::default())).unwrap().position;
    // A listener beside the console, which only notes when something came.
    let came = Arc::new(Mutex::new(Vec::new()));
    let (noted, url, token) = (Arc::clone(&came), format!("{}/api/v1/events", client.server()), desk.token().unwrap_or_default().to_owned());
    let listener = runtime.spawn(async move {
        let mut response = reqwest::Client::new().get(url).bearer_auth(token).send().await.unwrap();
        while let Ok(Some(chunk)) = response.chunk().await {
            if chunk.windows(12).any(|window| window == b"event: frame") {
                noted.lock().unwrap().push(Instant::now());
            }
        }
    });
    // Fifteen new tickets that come to the top of the list (two events each), fourteen answered ones (five each).
    let batches = if quick { 300 } else { 1000 };
    let writer = client.clone();
    let start = Instant::now();
    let writing = runtime.spawn(async move {
        let base = Utc::now() - TimeDelta::days(90);
        let paced = Arc::new(tokio::sync::Semaphore::new(4));
        let mut sent = tokio::task::JoinSet::new();
        for batch in 0..batches {
            let due = start + Duration::from_millis(10) * batch as u32;
            tokio::time::sleep_until(due.into()).await;
            let permit = Arc::clone(&paced).acquire_owned().await.unwrap();
            let rows: Vec<_> = (0..29).map(|row| ticket("stream", batch * 29 + row, base - TimeDelta::seconds((batch * 29 + row) as i64), row >= 15)).collect();
            let writer = writer.clone();
            sent.spawn(async move {
                writer.import_tickets(&rows, &new_key()).await.unwrap();
                drop(permit);
            });
        }
        while sent.join_next().await.is_some() {}
        start.elapsed().as_secs_f64()
    });
    program.frames.clear();
    let used = processor(program.id());
    while !writing.is_finished() {
        program.take(Duration::from_millis(20));
    }
    let took = runtime.block_on(writing).unwrap();
    let used = 100.0 * (processor(program.id()) - used) / took;
    program.settle(Duration::from_millis(2500), Duration::from_secs(4));
    listener.abort();
    let page = runtime.block_on(desk.tickets(&TicketQuery::default())).unwrap();
    let rate = (page.position - from) as f64 / took;
    let came = came.lock().unwrap().clone();
    let frames = program.frames.clone();
    let lag = |at: &Instant| frames.get(frames.partition_point(|frame| frame < at)).map_or(f64::INFINITY, |frame| (*frame - *at).as_secs_f64() * 1e3);
    let mut lags: Vec<f64> = came.iter().map(lag).collect();
    let late = lags.iter().filter(|lag| **lag > 1000.0 / 30.0).count();
    let (half, most, worst) = (percentile(&mut lags, 0.5), percentile(&mut lags, 0.99), percentile(&mut lags, 1.0));
    report.line("SSE", &format!("{rate:.0} events/s through a served process (at least 10,000), console processor {used:.0} %"), rate >= 10_000.0);
    report.line(
        "SSE",
        &format!("{} stream pieces, {} frames drawn; from a piece to the screen p50 {half:.1} ms, p99 {most:.1} (at most 33.3), worst {worst:.1}, {late} later than a frame at 30 fps", came.len(), frames.len()),
        most <= 1000.0 / 30.0,
    );
    program.key("\x1b[H");
    program.settle(Duration::from_millis(300), Duration::from_secs(2));
    let screen = program.text();
    let counts = [page.counts.open, page.counts.overdue].map(thousands);
    let told = counts.iter().filter(|count| screen.contains(count.as_str())).count();
    // Titles, as a column may be too narrow for a long number: those of the bench's own tickets begin with their own.
    let wanted = page.items.iter().take(30).map(|row| row.title.split_inclusive('号').next().unwrap_or_default());
    let rows: Vec<&str> = screen.lines().skip(4).collect();
    let shown = wanted.zip(&rows).filter(|(title, row)| row.contains(title)).count();
    report.line("SSE", &format!("afterwards the screen says what the server says: {told} of 2 counts ({}), {shown} of the first 30 tickets", counts.join(", ")), told == 2 && shown == 30);
    if told < 2 || shown < 30 {
        let _ = writeln!(std::io::stderr(), "{screen}");
    }
}
