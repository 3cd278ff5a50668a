//! The panic hook: the terminal first, then the words, made safe.
//! Not here: what the loop does next (it sees [`Signal::Panicked`](super::Signal::Panicked) and ends).

use std::io::Write;
use std::panic::PanicHookInfo;

use tokio::sync::Notify;

use super::guard::restore;
use crate::words;

/// Threads of the embedded server begin with this name. A panic there is answered with a 500 by the
/// server itself; it goes to the log and must not take the operator's screen away.
pub const SERVER_THREADS: &str = "hotline-server";

/// Wakes the loop when a thread of the console has panicked.
pub(super) static PANICKED: Notify = Notify::const_new();

/// Puts the hook in place. `scrub` makes untrusted text safe to print: a panic may carry words of a caller.
pub fn install_panic_hook(scrub: fn(&str) -> String) {
    std::panic::set_hook(Box::new(move |info| {
        let text = describe(info);
        let thread = std::thread::current();
        if thread
            .name()
            .is_some_and(|name| name.starts_with(SERVER_THREADS))
        {
            tracing::error!(panic = %scrub(&text), "a server thread panicked");
            return;
        }
        let was_open = restore();
        let mut message = words!("error-panic", why = scrub(&text));
        if was_open {
            message = format!("{message}\n{}", words!("error-panic-draft"));
        }
        let trace = std::backtrace::Backtrace::capture();
        if trace.status() == std::backtrace::BacktraceStatus::Captured {
            let lines: Vec<String> = trace.to_string().lines().map(scrub).collect();
            message = format!("{message}\n{}", lines.join("\n"));
        }
        // A closed standard error is no reason for a second panic.
        let _ = writeln!(std::io::stderr(), "{message}");
        PANICKED.notify_one();
    }));
}

fn describe(info: &PanicHookInfo<'_>) -> String {
    let payload = info.payload();
    let text = payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    match info.location() {
        Some(place) => format!("{text} ({}:{})", place.file(), place.line()),
        None => text,
    }
}
