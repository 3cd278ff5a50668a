//! T7 and T8: scrolling the ticket list, on a terminal beside the peers and in this process from the key to the flush; what
//! an unchanged screen costs, and one changed row beside a plain table of as many.
use crate::program::{NO_SECONDS, Program};
use crate::{Report, installed, percentile};
use chrono::Utc;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use hotline::api::events::{Change, Frame, Heartbeat};
use hotline::client::{Client, Live};
use hotline::console::app::App;
use hotline::console::effect::{Ask, Effect};
use hotline::console::keymap::Keymap;
use hotline::console::look::{Ambiguous, Depth, Look};
use hotline::console::msg::{Answer, Msg};
use hotline::console::screen;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::{Constraint, Rect};
use ratatui::widgets::{Row, Table};
use ratatui::{Terminal, TerminalOptions, Viewport};
use std::cell::Cell;
use std::hint::black_box;
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// A screen with many rows, as the plain table of the reference has.
const TALL: (u16, u16) = (200, 60);
type Sink = Terminal<CrosstermBackend<Counted>>;

/// Takes everything and counts it.
#[derive(Clone, Default)]
struct Counted(Rc<Cell<usize>>);

impl std::io::Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.set(self.0.get() + bytes.len());
        Ok(black_box(bytes).len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Key to settled paint while a list is gone down.
fn downward(home: &Path, command: &[&str], prepare: &[&str], shown: &str, keys: usize) -> Vec<f64> {
    let mut program = Program::start(NO_SECONDS, home, command);
    program.until(|text| text.contains(shown));
    for key in prepare {
        program.key(key);
        program.settle(Duration::from_millis(300), Duration::from_secs(5));
    }
    program.settle(Duration::from_millis(500), Duration::from_secs(3));
    let mut times = Vec::new();
    for _ in 0..keys {
        let sent = Instant::now();
        program.key("j");
        if let Some(at) = program.settle(Duration::from_millis(15), Duration::from_millis(500)) {
            times.push((at - sent).as_secs_f64() * 1e3);
        }
    }
    times
}

/// T7: rounds of the product and each peer in turn.
pub fn beside(report: &mut Report, home: &Path, rows: &[(&str, Vec<&str>, &str)], (rounds, keys): (usize, usize)) {
    let mut found: Vec<Vec<f64>> = vec![Vec::new(); rows.len()];
    for _ in 0..rounds {
        for ((name, command, shown), times) in rows.iter().zip(&mut found) {
            if *name == "hotline" || installed(name) {
                // From the last row in view on every key moves all of them, as it does in less from the first.
                let to_the_end = "j".repeat(usize::from(NO_SECONDS.1));
                let prepare: &[&str] = match *name {
                    "hotline" => &["\x1bOS", &to_the_end],
                    "less" => &[],
                    _ => &[&to_the_end],
                };
                times.extend(downward(home, command, prepare, shown, keys));
            }
        }
    }
    let mut told = Vec::new();
    for ((name, ..), times) in rows.iter().zip(&mut found) {
        let (half, most) = (percentile(times, 0.5), percentile(times, 0.99));
        told.push((*name, half, most));
        let words = if times.is_empty() { "not installed".to_owned() } else { format!("p50 {half:.2} ms, p99 {most:.2} ms over {} keys", times.len()) };
        report.record("T7", &format!("{name}: a row further down, key to settled paint {words}"));
    }
    let of = |name: &str| told.iter().find(|row| row.0 == name).map_or((f64::NAN, f64::NAN), |row| (row.1, row.2));
    let (half, most) = of("hotline");
    for (peer, what, ours, theirs, limit) in [("neomutt", "p50", half, of("neomutt").0, 0.5), ("mutt", "p50", half, of("mutt").0, 3.0), ("less", "p99", most, of("less").1, 1.5)] {
        if theirs.is_nan() {
            report.record("T7", &format!("{what} beside {peer}: not installed"));
        } else {
            report.line("T7", &format!("{what}: {ours:.2} ms, {:.2} of {peer}'s {theirs:.2} (at most {limit:.1})", ours / theirs), ours <= theirs * limit);
        }
    }
}

/// The list of tickets as a console has it, its pages loaded where it asks for them.
struct List {
    app: App,
    screen: Sink,
    written: Counted,
}

fn sink() -> (Sink, Counted) {
    let (area, counted) = (Rect::new(0, 0, TALL.0, TALL.1), Counted::default());
    (Terminal::with_options(CrosstermBackend::new(counted.clone()), TerminalOptions { viewport: Viewport::Fixed(area) }).unwrap(), counted)
}

impl List {
    fn open(runtime: &Runtime, desk: &Client) -> List {
        let look = Look::shipped("dark", Depth::Full, Ambiguous::One).unwrap();
        let mut app = App::new(Keymap::built_in().clone(), look, Utc::now(), Instant::now());
        app.size = TALL;
        app.model.me = Some(runtime.block_on(desk.me()).unwrap());
        let mut asked = app.start(true);
        asked.extend(app.update(Msg::Key(KeyEvent::new(KeyCode::F(4), KeyModifiers::NONE)), Instant::now()));
        let (screen, written) = sink();
        let mut list = List { app, screen, written };
        list.answer(runtime, desk, asked);
        list.paint();
        list
    }

    fn answer(&mut self, runtime: &Runtime, desk: &Client, mut asked: Vec<Effect>) {
        while let Some(effect) = asked.pop() {
            if let Effect::LoadTickets { ask: ask @ (Ask::Board | Ask::List), want, generation, query } = effect {
                let result = runtime.block_on(desk.tickets(&query));
                asked.extend(self.app.update(Msg::Answer(Box::new(Answer::Tickets { ask, want, generation, result })), Instant::now()));
            }
        }
    }

    /// Draws and flushes; how much was written.
    fn paint(&mut self) -> usize {
        self.screen.draw(|frame| screen::draw(&self.app, frame)).unwrap();
        self.app.dirty = false;
        self.written.0.take()
    }
}

/// T7 from the key to the flush, and T8.
pub fn in_process(report: &mut Report, runtime: &Runtime, desk: &Client, keys: usize) {
    let mut list = List::open(runtime, desk);
    let mut times = Vec::new();
    for _ in 0..keys {
        let began = Instant::now();
        let asked = list.app.update(Msg::Key(KeyEvent::new(KeyCode::Down, KeyModifiers::NONE)), Instant::now());
        list.paint();
        times.push(began.elapsed().as_secs_f64() * 1e3);
        list.answer(runtime, desk, asked);
    }
    let shares = [0.5, 0.9, 0.99, 0.999, 1.0].map(|share| format!("{:.3}", percentile(&mut times, share)));
    report.record("T7", &format!("in this process from key to flush, {keys} keys, ms: p50 {}, p90 {}, p99 {}, p99.9 {}, most {}", shares[0], shares[1], shares[2], shares[3], shares[4]));

    // Nothing that shows has changed: it is not drawn. And were it, nothing would be written.
    let heartbeat = Heartbeat { now: Utc::now(), rate: 1.0, position: 9_000_000 };
    list.app.update(Msg::Live(Box::new(Live::Heartbeat(heartbeat.clone()))), Instant::now());
    list.paint();
    let mut drawn = 0;
    for _ in 0..1_000 {
        list.app.update(Msg::Live(Box::new(Live::Heartbeat(heartbeat.clone()))), Instant::now());
        drawn += usize::from(std::mem::take(&mut list.app.dirty));
    }
    let written = list.paint();
    report.line("T8", &format!("an unchanged screen: drawn {drawn} times over 1,000 heartbeats (0); {written} bytes where it is drawn all the same"), drawn == 0);

    let row = list.app.model.list.current().cloned().unwrap();
    let (mut ours, mut bytes, mut plain) = (Vec::new(), 0, Vec::new());
    let lines: Vec<[String; 6]> = (0..TALL.1).map(|line| [format!("{line}"), "1122-0001".into(), "投诉".into(), crate::sample::title(line.into()), "东城区住建局".into(), "派单".into()]).collect();
    let (mut table, _) = sink();
    for turn in 0..keys as i64 {
        let mut row = row.clone();
        (row.version, row.title) = (row.version + 1 + turn, format!("改过的一行 {turn}"));
        let frame = Frame { position: 10_000_000 + turn, prev: 9_999_999 + turn, at: Utc::now(), changes: vec![Change::Ticket { row: Box::new(row) }] };
        list.app.update(Msg::Live(Box::new(Live::Frame(frame))), Instant::now());
        let began = Instant::now();
        bytes += list.paint();
        ours.push(began.elapsed().as_secs_f64() * 1e3);
        let began = Instant::now();
        let changed = format!("改过的一行 {turn}");
        table
            .draw(|frame| {
                let rows = lines.iter().enumerate().map(|(at, line)| Row::new(line.iter().enumerate().map(|(column, text)| if at == 5 && column == 3 { changed.as_str() } else { text.as_str() })));
                let widths = [6, 14, 8, 60, 24, 10].map(Constraint::Length);
                frame.render_widget(Table::new(rows, widths), frame.area());
            })
            .unwrap();
        plain.push(began.elapsed().as_secs_f64() * 1e3);
    }
    black_box(&table);
    let (half, theirs) = (percentile(&mut ours, 0.5), percentile(&mut plain, 0.5));
    report.line("T8", &format!("one changed row: a frame {half:.3} ms and {} bytes, {:.2} of the plain table's {theirs:.3} ms (at most 0.50)", bytes / keys.max(1), half / theirs), half <= theirs * 0.5);
}
