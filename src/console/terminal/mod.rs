//! The terminal: taken whole, and given back on every way out.
//!
//! Here: [`Screen`] (raw mode, alternate screen, frames), [`Signals`] (the ways in which the system
//! asks us to end or to stop), the panic hook, and going to the background and back.
//! Not here: key events (crossterm's `EventStream`, read by the loop) and what is drawn.
//!
//! Ways out: [`Screen`] dropped, a panic in any thread, SIGTERM, SIGHUP, SIGINT (as [`Signal`]s, so that
//! drafts are kept before the loop ends), Ctrl-Z and SIGTSTP ([`Screen::suspend`]), a closed terminal
//! ([`is_closed`]). After `kill -9` nothing of ours can run: the person types `reset`.

mod guard;
mod output;
mod panic;
mod signals;
mod suspend;

use std::fmt;
use std::io;

use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Frame, Terminal};

pub use guard::{RESTORE, restore};
pub use panic::{SERVER_THREADS, install_panic_hook};
pub use signals::{Signal, Signals};
pub use suspend::{StopRequest, Suspended};

use crate::words;
use guard::Guard;
use output::{Output, TerminalSink};

/// Why the console could not open here.
#[derive(Debug)]
pub enum TerminalError {
    /// Standard output is a pipe or a file.
    NotATerminal,
    /// `TERM` says that the cursor cannot be moved; its value.
    Dumb(String),
    /// The system refused.
    Failed(io::Error),
}

impl fmt::Display for TerminalError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&match self {
            TerminalError::NotATerminal => words!("terminal-not-a-terminal"),
            TerminalError::Dumb(term) => words!("terminal-dumb", term = term.as_str()),
            TerminalError::Failed(why) => words!("terminal-failed", why = why.to_string()),
        })
    }
}

impl std::error::Error for TerminalError {}

/// True when an error of the terminal means that it has gone: the console then ends without a word.
pub fn is_closed(error: &io::Error) -> bool {
    // EIO (5), ENXIO (6) and EBADF (9) have no kind of their own.
    matches!(error.raw_os_error(), Some(5 | 6 | 9))
        || matches!(
            error.kind(),
            io::ErrorKind::BrokenPipe | io::ErrorKind::UnexpectedEof | io::ErrorKind::NotConnected
        )
}

/// The terminal while the console has it.
pub struct Screen {
    terminal: Terminal<CrosstermBackend<Output>>,
    output: Output,
    // The last field is dropped last: nothing is drawn after the terminal was given back.
    guard: Guard,
}

impl Screen {
    /// Takes the terminal: raw mode, alternate screen, bracketed paste, focus events, no mouse before [`Screen::set_mouse`].
    pub fn open() -> Result<Screen, TerminalError> {
        guard::judge(
            std::env::var("TERM").ok(),
            io::IsTerminal::is_terminal(&io::stdout()),
        )?;
        let sink = TerminalSink::open().map_err(TerminalError::Failed)?;
        let output = Output::new(Box::new(sink));
        let guard = Guard::enter().map_err(TerminalError::Failed)?;
        let backend = CrosstermBackend::new(output.clone());
        let terminal = Terminal::new(backend).map_err(TerminalError::Failed)?;
        Ok(Screen {
            terminal,
            output,
            guard,
        })
    }

    /// Draws one frame: only the cells that changed, as one write, shown at once by terminals that
    /// know synchronized updates. An error for which [`is_closed`] holds ends the console quietly.
    pub fn draw(&mut self, draw: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        self.output.begin_frame();
        let drawn = self.terminal.draw(draw).map(|_| ());
        self.output.end_frame(drawn)
    }

    /// Takes the mouse, presses and wheel alone, or leaves it to the terminal's own selection. Given back with all else.
    pub fn set_mouse(&mut self, on: bool) -> io::Result<()> {
        self.guard.set_mouse(on)
    }

    /// Rings the terminal's bell with the next frame.
    pub fn ring_bell(&mut self) {
        // Only collected here; a terminal that has gone is noticed by the frame.
        let _ = io::Write::write_all(&mut self.output, b"\x07");
    }

    /// Makes the next [`Screen::draw`] send every cell: after `app.redraw`, or when another program wrote.
    pub fn repaint(&mut self) -> io::Result<()> {
        let size = self.terminal.size()?;
        // Not `Terminal::clear`: it asks the terminal for the cursor and would take the answer
        // out of the key events.
        self.terminal
            .resize(Rect::new(0, 0, size.width, size.height))
    }

    /// Gives the terminal back, stops this process, and takes it again when it goes on.
    /// The next [`Screen::draw`] paints the whole screen.
    pub async fn suspend(
        &mut self,
        signals: &mut Signals,
        request: StopRequest,
    ) -> io::Result<Suspended> {
        let outcome = suspend::suspend(&mut self.guard, signals, request).await?;
        self.repaint()?;
        Ok(outcome)
    }

    /// After [`Signal::Continue`] without a stop of ours (SIGSTOP from outside): the shell may have
    /// changed the terminal, so it is taken again and painted whole.
    pub fn resume(&mut self) -> io::Result<()> {
        self.guard.retake()?;
        self.repaint()
    }

    /// Gives the terminal back. Dropping does the same; this says so in the code that ends.
    pub fn close(self) {}
}

#[cfg(test)]
mod tests;
