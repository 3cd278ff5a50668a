//! Raw mode and the alternate screen: entered by a guard, left exactly once by whoever comes first.

use std::io::{self, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::TerminalError;
use super::output::TerminalSink;

/// Alternate screen, bracketed paste, focus events; cleared, as some terminals keep old content.
pub(super) const ENTER: &str = "\x1b[?1049h\x1b[?2004h\x1b[?1004h\x1b[0m\x1b[2J\x1b[H";

/// What is sent when the terminal is given back. The page is cleared first: on a terminal without
/// an alternate screen, callers' data would stay behind. Mouse modes are reset whether set or not.
pub const RESTORE: &str = "\x1b[0m\x1b[2J\x1b[H\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1004l\x1b[?2004l\x1b[?25h\x1b[?1049l";

/// Button presses and the wheel, in the form that knows no widest column; no motion is ever reported.
pub(super) const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1006h";
/// The mouse is the terminal's own again.
pub(super) const MOUSE_OFF: &str = "\x1b[?1000l\x1b[?1006l";

/// Is the mouse wanted? Kept over a stop, so that it is asked for again with everything else.
static MOUSE: AtomicBool = AtomicBool::new(false);

/// How long a stuck line may delay the end.
const RESTORE_PATIENCE: Duration = Duration::from_millis(500);

/// True between [`Guard::enter`] and the first restore, whichever thread does it.
static IN_CONSOLE: AtomicBool = AtomicBool::new(false);

/// Held while bytes go to the terminal, so that no frame can follow the restore.
pub(super) static WRITING: Mutex<()> = Mutex::new(());

pub(super) fn in_console() -> bool {
    IN_CONSOLE.load(Ordering::SeqCst)
}

/// Refuses what is no terminal, or one that cannot move its cursor.
pub(super) fn judge(term: Option<String>, is_terminal: bool) -> Result<(), TerminalError> {
    if !is_terminal {
        return Err(TerminalError::NotATerminal);
    }
    match term.unwrap_or_default() {
        term if term.is_empty() || term == "dumb" || term == "unknown" => {
            let shown = if term.is_empty() {
                "dumb".to_owned()
            } else {
                term
            };
            Err(TerminalError::Dumb(shown))
        }
        _ => Ok(()),
    }
}

/// Gives the terminal back if the console has it; true when it did. Safe to call from any thread, any
/// number of times: from the guard, the panic hook, the way out of `main`.
pub fn restore() -> bool {
    // A poisoned lock only means that a writer panicked: the terminal must be given back all the more.
    let _writing = WRITING
        .lock()
        .unwrap_or_else(|poisoned| poisoned.into_inner());
    if !IN_CONSOLE.swap(false, Ordering::SeqCst) {
        return false;
    }
    // Best effort: a terminal that has gone needs nothing back.
    if let Ok(mut sink) = TerminalSink::open() {
        let _ = sink.send(RESTORE.as_bytes(), Some(RESTORE_PATIENCE));
    }
    let _ = crossterm::terminal::disable_raw_mode();
    true
}

/// The terminal is ours while this lives.
pub(super) struct Guard(());

impl Guard {
    pub(super) fn enter() -> io::Result<Guard> {
        let mut guard = Guard(());
        guard.resume()?;
        Ok(guard)
    }

    /// Takes the terminal (again). On an error it is left as it was found.
    pub(super) fn resume(&mut self) -> io::Result<()> {
        crossterm::terminal::enable_raw_mode()?;
        IN_CONSOLE.store(true, Ordering::SeqCst);
        let mouse = if MOUSE.load(Ordering::SeqCst) { MOUSE_ON } else { "" };
        let entered = TerminalSink::open().and_then(|mut sink| sink.write_all(format!("{ENTER}{mouse}").as_bytes()));
        if entered.is_err() {
            restore();
        }
        entered
    }

    /// Takes a terminal that another program may have changed meanwhile.
    pub(super) fn retake(&mut self) -> io::Result<()> {
        // crossterm keeps the modes it found and would otherwise believe that raw mode still holds.
        crossterm::terminal::disable_raw_mode()?;
        self.resume()
    }

    /// Asks for the mouse, or leaves it to the terminal; says so only where it changes.
    pub(super) fn set_mouse(&mut self, on: bool) -> io::Result<()> {
        if MOUSE.swap(on, Ordering::SeqCst) == on {
            return Ok(());
        }
        TerminalSink::open()?.write_all(if on { MOUSE_ON } else { MOUSE_OFF }.as_bytes())
    }

    /// Gives the terminal back for a while.
    pub(super) fn leave(&mut self) {
        restore();
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        restore();
    }
}
