//! One console and nothing else going on: what it writes while nobody types, and how soon a key is on the screen.
use crate::program::{NO_SECONDS, Program, WIDE, processor};
use crate::{Report, percentile};
use chrono::Utc;
use std::path::Path;
use std::time::{Duration, Instant};

/// Nobody types: what is written, and what it costs.
pub fn idling(report: &mut Report, home: &Path, console: &[&str], seconds: u64, first: &str) {
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
pub fn typing(report: &mut Report, home: &Path, console: &[&str], keys: usize, first: &str) {
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
