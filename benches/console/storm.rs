//! 10,000 events a second from a served process: through the whole chain on this machine, and then the same frames again
//! in memory, which tells what the console takes of it.
use crate::program::{Program, WIDE, processor};
use crate::sample::ticket;
use crate::{Report, percentile};
use chrono::{TimeDelta, Utc};
use hotline::api::tickets::TicketQuery;
use hotline::api::events::Frame;
use hotline::client::{Client, Live, live, new_key};
use hotline::console::app::App;
use hotline::console::effect::{Ask, Effect};
use hotline::console::keymap::Keymap;
use hotline::console::look::{Ambiguous, Depth, Look};
use hotline::console::msg::{Answer, Msg};
use hotline::console::screen;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// A count as the console writes it.
pub fn thousands(count: i64) -> String {
    let digits = count.to_string();
    digits.char_indices().map(|(at, digit)| if at > 0 && (digits.len() - at).is_multiple_of(3) { format!(" {digit}") } else { digit.to_string() }).collect()
}

/// 10,000 events a second, 30 % of them of rows in view: every frame is on the screen in time, and the counts are true.
pub fn stream(report: &mut Report, home: &Path, console: &[&str], runtime: &Runtime, (client, desk): (&Client, &Client), first: &str, quick: bool) {
    let mut program = Program::start(WIDE, home, console);
    program.until(|text| text.contains(first));
    program.key("\x1bOS");
    program.settle(Duration::from_millis(300), Duration::from_secs(3));
    let from = runtime.block_on(desk.tickets(&TicketQuery::default())).unwrap().position;
    // A listener beside the console, which only notes what came and when.
    let came = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&came);
    let listening = desk.clone();
    let listener = runtime.spawn(async move {
        let mut told = live(listening, from);
        while let Some(told) = told.recv().await {
            if let Live::Frame(frame) = told {
                noted.lock().unwrap().push((Instant::now(), frame));
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
    let came = std::mem::take(&mut *came.lock().unwrap());
    let frames = program.frames.clone();
    let lag = |at: &Instant| frames.get(frames.partition_point(|frame| frame < at)).map_or(f64::INFINITY, |frame| (*frame - *at).as_secs_f64() * 1e3);
    let mut lags: Vec<f64> = came.iter().map(|(at, _)| lag(at)).collect();
    let late = lags.iter().filter(|lag| **lag > 1000.0 / 30.0).count();
    let (half, most, worst) = (percentile(&mut lags, 0.5), percentile(&mut lags, 0.99), percentile(&mut lags, 1.0));
    report.line("SSE", &format!("{rate:.0} events/s through a served process (at least 10,000), console processor {used:.0} %"), rate >= 10_000.0);
    report.line(
        "SSE",
        &format!("{} frames came, {} paints; from a frame's coming to the screen p50 {half:.1} ms, p99 {most:.1} (at most 33.3), worst {worst:.1}, {late} later than a frame at 30 fps", came.len(), frames.len()),
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
    replay(report, runtime, desk, &came);
}

/// The same frames at their own times through the same fold and the same panes, in memory: what is left when server,
/// network, terminal and the other core's work are taken away.
fn replay(report: &mut Report, runtime: &Runtime, desk: &Client, came: &[(Instant, Frame)]) {
    let look = Look::shipped("dark", Depth::Full, Ambiguous::One).unwrap();
    let mut app = App::new(Keymap::built_in().clone(), look, Utc::now(), Instant::now());
    app.size = WIDE;
    app.model.me = Some(runtime.block_on(desk.me()).unwrap());
    let mut asked = app.start(true);
    asked.extend(app.update(Msg::Key(KeyEvent::new(KeyCode::F(4), KeyModifiers::NONE)), Instant::now()));
    for effect in asked {
        if let Effect::LoadTickets { ask: ask @ (Ask::Board | Ask::List), want, generation, query } = effect {
            let result = runtime.block_on(desk.tickets(&query));
            app.update(Msg::Answer(Box::new(Answer::Tickets { ask, want, generation, result })), Instant::now());
        }
    }
    let mut terminal = Terminal::new(TestBackend::new(WIDE.0, WIDE.1)).unwrap();
    let (mut folds, mut paints, mut changes, mut busy) = (Vec::new(), Vec::new(), 0, 0.0);
    // What comes within one frame of a screen at 60 Hz is painted together.
    for group in came.chunk_by(|one, next| (next.0 - came[0].0).as_millis() / 16 == (one.0 - came[0].0).as_millis() / 16) {
        let group: Vec<Msg> = group.iter().map(|(_, frame)| Msg::Live(Box::new(Live::Frame(newer(frame))))).collect();
        let began = Instant::now();
        for message in group {
            if let Msg::Live(live) = &message
                && let Live::Frame(frame) = &**live
            {
                changes += frame.changes.len();
            }
            app.update(message, Instant::now());
        }
        let folded = Instant::now();
        terminal.draw(|frame| screen::draw(&app, frame)).unwrap();
        folds.push((folded - began).as_secs_f64() * 1e3);
        paints.push(folded.elapsed().as_secs_f64() * 1e3);
        busy += began.elapsed().as_secs_f64();
    }
    let lasted = came.last().map_or(1.0, |(at, _)| (*at - came[0].0).as_secs_f64());
    let both = folds.iter().zip(&paints).map(|(fold, paint)| fold + paint);
    let mut both: Vec<f64> = both.collect();
    let each = folds.iter().sum::<f64>() * 1e3 / changes as f64;
    let (fold, paint, most, worst) = (percentile(&mut folds, 0.99), percentile(&mut paints, 0.99), percentile(&mut both, 0.99), percentile(&mut both, 1.0));
    report.line(
        "SSE",
        &format!(
            "the same {changes} rows in memory: {each:.1} us a row, p99 of what falls into one frame {fold:.2} ms to fold and {paint:.2} ms to paint, together {most:.2} (at most 16.7), worst {worst:.2}; busy {:.1} % of the time",
            100.0 * busy / lasted
        ),
        most <= 1000.0 / 60.0,
    );
}

/// The same frame with rows newer than those of the snapshot taken afterwards, so that none is known already.
fn newer(frame: &Frame) -> Frame {
    let mut frame = frame.clone();
    for change in &mut frame.changes {
        if let hotline::api::events::Change::Ticket { row } = change {
            row.version += 1000;
        }
    }
    frame
}
