//! The loop: takes messages in order, folds them, carries effects out, paints. A burst is folded for half a frame at most
//! and painted once, at most sixty times a second; a key is painted at once.
use super::app::App;
use super::files::Files;
use super::look::Depth;
use super::mouse::Press;
use super::msg::{Answer, Msg};
use super::terminal::{self, Screen, Signals, Suspended};
use super::worker::Worker;
use super::{ExitReason, Settings, paste, screen};
use crate::client::Client;
use crate::text::scrub::scrub;
use crate::words;
use crossterm::event::{Event, EventStream};
use futures_util::StreamExt;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;

/// Shortest time between two paints that no key asked for.
const FRAME: Duration = Duration::from_millis(16);
/// How long messages are folded before a key may come in and a paint is considered: half a frame, whatever a message costs.
const BURST: Duration = Duration::from_millis(8);
/// The same while a key waits to be painted.
const BEHIND_A_KEY: Duration = Duration::from_millis(1);

pub async fn run(settings: Settings) -> anyhow::Result<ExitReason> {
    if let Some(language) = settings.language {
        words::switch_to(language);
    }
    let files = Files::of(&settings, Depth::detect(|name| std::env::var(name).ok()));
    let (keymap, look, faults) = files.first();
    let client = Client::new(&settings.target)?;
    let mut signals = Signals::listen()?;
    let mut terminal = Screen::open()?;
    let mut app = App::new(keymap, look, chrono::Utc::now(), Instant::now());
    app.no_clock = settings.no_clock;
    if !settings.program.is_empty() {
        app.program.clone_from(&settings.program);
    }
    app.reattaches = settings.reattach.is_some();
    app.model.title = settings.title.as_deref().map(|title| scrub(title).into_owned());
    app.model.me = settings.me.clone();
    app.model.tour_offered = settings.tour;
    app.lock_after = Some(settings.lock_after);
    app.size = crossterm::terminal::size().unwrap_or((80, 24));
    app.theme = files.theme.clone();
    app.settings_file.clone_from(&settings.file);
    app.mouse = settings.mouse;
    app.show_faults(&faults);
    if let Some(file) = settings.aside.first() {
        app.warn(words!("file-damaged", file = scrub(&file.display().to_string()).into_owned()));
    }
    let (sender, mut messages) = mpsc::channel::<Msg>(1024);
    let mut worker = Worker::new(client, sender.clone(), settings.drafts.clone(), settings.reattach.clone(), files);
    for effect in app.start(settings.target.token.is_some()) {
        worker.run(effect);
    }
    let mut events = EventStream::new();
    let mut painted: Option<Instant> = None;
    loop {
        let due = app.dirty.then(|| painted.map_or(Instant::now(), |last| last + FRAME));
        let wake = due.unwrap_or_else(|| app.wake_at());
        let mut key = false;
        let first = tokio::select! {
            biased;
            signal = signals.next() => Some(Msg::Signal(signal)),
            event = events.next() => match event {
                Some(Ok(Event::Paste(first))) => {
                    key = true;
                    let (text, size) = paste::whole(first, &mut events).await;
                    for effect in size.map(|(columns, rows)| app.update(Msg::Resize(columns, rows), Instant::now())).unwrap_or_default() {
                        worker.run(effect);
                    }
                    Some(Msg::Paste(text))
                }
                Some(Ok(event)) => { key = !matches!(event, Event::FocusGained | Event::FocusLost); read(event) }
                Some(Err(error)) if terminal::is_closed(&error) => Some(Msg::Closed),
                Some(Err(error)) => return Err(error.into()),
                None => Some(Msg::Closed),
            },
            message = messages.recv() => message,
            () = tokio::time::sleep_until(wake.into()) => (!app.dirty).then_some(Msg::Tick),
        };
        let mut next = first;
        let began = Instant::now();
        while let Some(message) = next {
            // What somebody waits for does not wait for the next frame behind the echo of their key.
            key |= matches!(&message, Msg::Answer(answer) if matches!(**answer, Answer::Found { .. } | Answer::Tickets { .. }));
            for effect in app.update(message, Instant::now()) {
                worker.run(effect);
            }
            // Behind a key little is folded before it is on the screen; but not nothing, or a flood of keys would hold all up.
            let budget = if key { BEHIND_A_KEY } else { BURST };
            next = if began.elapsed() < budget && app.exit.is_none() { messages.try_recv().ok() } else { None };
        }
        if let Some(exit) = app.exit {
            for effect in app.leaving() {
                worker.run(effect);
            }
            drop(terminal);
            worker.finish();
            return Ok(exit);
        }
        if let Some(request) = app.suspend.take() {
            drop(events);
            let outcome = terminal.suspend(&mut signals, request).await?;
            events = EventStream::new();
            if outcome == Suspended::NoShell {
                app.warn(words!("terminal-no-shell"));
            }
            (app.dirty, key) = (true, true);
        }
        if std::mem::take(&mut app.resumed) {
            terminal.resume()?;
            (app.dirty, key) = (true, true);
        }
        if std::mem::take(&mut app.repaint) {
            terminal.repaint()?;
            app.dirty = true;
        }
        terminal.set_mouse(app.mouse)?;
        if std::mem::take(&mut app.bell) {
            terminal.ring_bell();
        }
        if app.dirty && (key || painted.is_none_or(|last| last.elapsed() >= FRAME)) {
            match terminal.draw(|frame| screen::draw(&app, frame)) {
                Err(error) if terminal::is_closed(&error) => return Ok(ExitReason::Closed),
                drawn => drawn?,
            }
            app.dirty = false;
            painted = Some(Instant::now());
        }
    }
}

fn read(event: Event) -> Option<Msg> {
    match event {
        Event::Key(key) => Some(Msg::Key(key)),
        Event::Resize(columns, rows) => Some(Msg::Resize(columns, rows)),
        Event::Mouse(mouse) => Press::of(mouse).map(Msg::Mouse),
        Event::Paste(_) | Event::FocusGained | Event::FocusLost => None,
    }
}
