//! What the system asks of the process, as one asynchronous source for the loop to select on.

use std::io;

use futures_util::FutureExt;
use tokio::signal::unix::{self, SignalKind};

use super::panic::PANICKED;

// tokio names neither of the two; the numbers differ between systems.
#[cfg(target_os = "linux")]
const STOP_AND_CONTINUE: (i32, i32) = (20, 18);
#[cfg(not(target_os = "linux"))]
const STOP_AND_CONTINUE: (i32, i32) = (18, 19);

/// One request of the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// SIGTERM: end in good order.
    Terminate,
    /// SIGHUP: the terminal or the connection to it has gone; end in good order, silently.
    Hangup,
    /// SIGINT from outside (the key is not a signal in raw mode).
    Interrupt,
    /// SIGTSTP from outside: call [`Screen::suspend`](super::Screen::suspend).
    Stop,
    /// SIGCONT: call [`Screen::resume`](super::Screen::resume).
    Continue,
    /// A thread of ours panicked; the terminal is given back already; end.
    Panicked,
}

impl Signal {
    /// The exit code when this signal ends the console (128 + number, as shells have it); `None`
    /// where it does not end it.
    pub const fn exit_code(self) -> Option<u8> {
        match self {
            Signal::Hangup => Some(129),
            Signal::Interrupt => Some(130),
            Signal::Terminate => Some(143),
            // What Rust's own panics give.
            Signal::Panicked => Some(101),
            Signal::Stop | Signal::Continue => None,
        }
    }
}

/// Listens to all of them. From its first use on, none has its default effect any more.
pub struct Signals {
    terminate: unix::Signal,
    hangup: unix::Signal,
    interrupt: unix::Signal,
    stop: unix::Signal,
    resume: unix::Signal,
}

impl Signals {
    /// Begins to listen; within a tokio runtime.
    pub fn listen() -> io::Result<Signals> {
        let (stop, resume) = STOP_AND_CONTINUE;
        Ok(Signals {
            terminate: unix::signal(SignalKind::terminate())?,
            hangup: unix::signal(SignalKind::hangup())?,
            interrupt: unix::signal(SignalKind::interrupt())?,
            stop: unix::signal(SignalKind::from_raw(stop))?,
            resume: unix::signal(SignalKind::from_raw(resume))?,
        })
    }

    /// The next one. May be dropped half-way (in `select!`) without losing a signal.
    pub async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = PANICKED.notified() => Signal::Panicked,
            _ = self.hangup.recv() => Signal::Hangup,
            _ = self.terminate.recv() => Signal::Terminate,
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.stop.recv() => Signal::Stop,
            _ = self.resume.recv() => Signal::Continue,
        }
    }

    /// Forgets an old SIGCONT, so that only the one after our stop wakes us.
    pub(super) fn forget_continue(&mut self) {
        while let Some(Some(())) = self.resume.recv().now_or_never() {}
    }

    /// Waits for SIGCONT.
    pub(super) async fn continued(&mut self) {
        self.resume.recv().await;
    }
}
