//! To the background and back, without unsafe code: the stop itself is sent by `sh`.
//!
//! SIGTSTP has a handler here, so the process stops itself by SIGSTOP. The kernel protects a process
//! that no shell could wake (an orphaned group) from SIGTSTP but not from SIGSTOP: a console opened
//! straight by tmux or a terminal window would freeze for good. So Ctrl-Z first asks whether there is a shell.

use std::io;
use std::process::Stdio;

use tokio::process::Command;

use super::Signals;
use super::guard::Guard;

/// Who asked for the stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopRequest {
    /// Ctrl-Z: stops the whole job, as the terminal itself would (`cargo run` waits with us).
    Key,
    /// SIGTSTP from outside: stops this process only; the sender has seen to the others.
    Signal,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suspended {
    /// Stopped, and now back.
    Resumed,
    /// No shell waits behind this terminal; nothing was done.
    NoShell,
}

pub(super) async fn suspend(
    guard: &mut Guard,
    signals: &mut Signals,
    request: StopRequest,
) -> io::Result<Suspended> {
    if request == StopRequest::Key && !a_shell_waits() {
        return Ok(Suspended::NoShell);
    }
    guard.leave();
    signals.forget_continue();
    let target = match request {
        StopRequest::Key => "0".to_owned(),
        StopRequest::Signal => std::process::id().to_string(),
    };
    let stopped = Command::new("sh")
        .args(["-c", "kill -s STOP \"$1\"", "sh", &target])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .await;
    if stopped
        .as_ref()
        .is_ok_and(std::process::ExitStatus::success)
    {
        // Never take the terminal before the shell has let it go.
        signals.continued().await;
    }
    guard.resume()?;
    stopped?;
    Ok(Suspended::Resumed)
}

/// The parent, process group and session of a process.
struct Kin {
    parent: u32,
    group: u32,
    session: u32,
}

fn kin(process: &str) -> Option<Kin> {
    parse_kin(&std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?)
}

fn parse_kin(stat: &str) -> Option<Kin> {
    // The name of the program stands in brackets and may hold anything, brackets too.
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(1).map(str::parse);
    let mut number = || fields.next()?.ok();
    Some(Kin {
        parent: number()?,
        group: number()?,
        session: number()?,
    })
}

/// True when an ancestor in our session, but outside our job, can wake us. Where the system does not
/// say (no /proc), Ctrl-Z is believed.
fn a_shell_waits() -> bool {
    let Some(me) = kin("self") else {
        return true;
    };
    let mut ancestor = kin(&me.parent.to_string());
    while let Some(known) = ancestor {
        if known.session != me.session {
            return false;
        }
        if known.group != me.group {
            return true;
        }
        ancestor = kin(&known.parent.to_string());
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kin_is_read_whatever_the_program_is_called() {
        let kin = parse_kin("42 (a) b (c)) S 7 42 3 34816 42 4194304").unwrap();
        assert_eq!((kin.parent, kin.group, kin.session), (7, 42, 3));
        assert!(parse_kin("42 (cut").is_none());
    }
}
