//! The console as a person meets it, through a real pseudo-terminal, beside less, fzf, mutt and neomutt in the same run:
//! T5 to T10, knowledge typing for the record, B8 in a process of its own, and 10,000 events a second on the screen.
//! Usage: `cargo bench --bench console [-- quick]`. Only ratios bind; a missed one exits 1; a peer that is not installed is
//! named. Everything runs on loopback, in folders that are removed, for a bounded time.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs)]
mod program;
mod quiet;
mod sample;
mod scroll;
mod storm;

use hotline::api::tickets::TicketQuery;
use hotline::client::{Client, live};
use program::{Program, WIDE, memory};
use sample::{CONSOLE, Server, end_server_of, fill, peers_data};
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// What was found, line by line; a missed one is counted.
pub struct Report {
    missed: u32,
}

impl Report {
    pub fn line(&mut self, name: &str, words: &str, held: bool) {
        self.missed += u32::from(!held);
        let _ = writeln!(std::io::stdout(), "{} {name:4} {words}", if held { "ok    " } else { "MISSED" });
    }

    pub fn record(&self, name: &str, words: &str) {
        let _ = writeln!(std::io::stdout(), "       {name:4} {words}");
    }
}

/// The share-th of the times, which are sorted by it.
pub fn percentile(times: &mut [f64], share: f64) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(((times.len().max(1) - 1) as f64 * share) as usize).copied().unwrap_or(f64::NAN)
}

fn installed(name: &str) -> bool {
    std::env::var("PATH").unwrap_or_default().split(':').any(|folder| Path::new(folder).join(name).is_file())
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
    // By its title: a number is shown without the year it was given in.
    let first = runtime.block_on(desk.tickets(&TicketQuery::default())).unwrap().items[0].title.clone();

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

    let peers: Vec<(&str, Vec<&str>, &str)> = rows.iter().filter(|row| ["hotline", "less", "mutt", "neomutt"].contains(&row.0)).cloned().collect();
    scroll::beside(&mut report, &home, &peers, if quick { (1, 60) } else { (5, 120) });
    scroll::in_process(&mut report, &runtime, &desk, if quick { 500 } else { 5_000 });
    quiet::idling(&mut report, &home, &console, idle, &first);
    quiet::typing(&mut report, &home, &console, if quick { 100 } else { 500 }, &first);
    storm::stream(&mut report, &home, &console, &runtime, (&client, &desk), &first, quick);
    let (all, own) = (memory(server.process.id(), "VmRSS"), memory(server.process.id(), "RssAnon"));
    report.record("B8", &format!("server process at the end: {all:.0} MiB resident ({own:.0} its own)"));

    // Cold: the console starts its server itself.
    let first = runtime.block_on(desk.tickets(&TicketQuery::default())).unwrap().items[0].title.clone();
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
