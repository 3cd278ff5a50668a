//! A program on a pseudo-terminal of its own: its keys, its screen, when its output came, what it costs the machine.
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

/// A desk whole.
pub const WIDE: (u16, u16) = (160, 45);
/// Narrower than what shows a clock with seconds.
pub const NO_SECONDS: (u16, u16) = (130, 40);
/// The longest any wait lasts.
pub const PATIENCE: Duration = Duration::from_secs(60);
/// The end of a frame that a terminal shows at once.
const END_OF_FRAME: &[u8] = b"\x1b[?2026l";

/// A program on a terminal of its own.
pub struct Program {
    child: Box<dyn Child + Send + Sync>,
    /// Kept open: closing it hangs the program up.
    _master: Box<dyn MasterPty + Send>,
    keys: Box<dyn std::io::Write + Send>,
    chunks: Receiver<(Instant, Vec<u8>)>,
    screen: vt100::Parser,
    started: Instant,
    /// Bytes written so far.
    pub written: usize,
    /// When each frame ended.
    pub frames: Vec<Instant>,
}

impl Program {
    pub fn start((columns, rows): (u16, u16), home: &Path, command: &[&str]) -> Program {
        let pair = native_pty_system().openpty(PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }).unwrap();
        let mut builder = CommandBuilder::new(command[0]);
        builder.args(&command[1..]);
        for (name, value) in [("TERM", "xterm-256color"), ("COLORTERM", "truecolor"), ("LC_ALL", "C.UTF-8"), ("LESS", ""), ("FZF_DEFAULT_OPTS", "")] {
            builder.env(name, value);
        }
        builder.env("HOME", home);
        builder.env("HOTLINE_CONFIG", home.join("settings.toml"));
        let mut output = pair.master.try_clone_reader().unwrap();
        let keys = pair.master.take_writer().unwrap();
        let (sender, chunks) = channel();
        std::thread::spawn(move || {
            let mut buffer = vec![0; 1 << 16];
            while let Ok(length @ 1..) = output.read(&mut buffer) {
                if sender.send((Instant::now(), buffer[..length].to_vec())).is_err() {
                    return;
                }
            }
        });
        let started = Instant::now();
        let child = pair.slave.spawn_command(builder).unwrap();
        Program { child, _master: pair.master, keys, chunks, screen: vt100::Parser::new(rows.try_into().unwrap(), columns.try_into().unwrap(), 0), started, written: 0, frames: Vec::new() }
    }

    /// One piece of output within `wait`: when it came.
    pub fn take(&mut self, wait: Duration) -> Option<Instant> {
        let (at, bytes) = self.chunks.recv_timeout(wait).ok()?;
        self.written += bytes.len();
        self.frames.extend(bytes.windows(END_OF_FRAME.len()).filter(|window| *window == END_OF_FRAME).map(|_| at));
        // Programs wait for the answers to these.
        for (asked, answer) in [(&b"\x1b[6n"[..], "\x1b[1;1R"), (b"\x1b[c", "\x1b[?62;22c"), (b"\x1b[5n", "\x1b[0n")] {
            if bytes.windows(asked.len()).any(|window| window == asked) {
                self.key(answer);
            }
        }
        self.screen.process(&bytes);
        Some(at)
    }

    pub fn text(&self) -> String {
        self.screen.screen().contents()
    }

    pub fn key(&mut self, key: &str) {
        let _ = self.keys.write_all(key.as_bytes()).and_then(|()| self.keys.flush());
    }

    /// Milliseconds from the start until the screen says so; infinite where it never does.
    pub fn until(&mut self, shown: impl Fn(&str) -> bool) -> f64 {
        let end = Instant::now() + PATIENCE;
        while Instant::now() < end {
            if let Some(at) = self.take(Duration::from_millis(200))
                && shown(&self.text())
            {
                return (at - self.started).as_secs_f64() * 1e3;
            }
        }
        let _ = writeln!(std::io::stderr(), "never shown; the screen is:\n{}", self.text());
        f64::INFINITY
    }

    /// Reads until nothing came for `quiet`; when the last piece came.
    pub fn settle(&mut self, quiet: Duration, limit: Duration) -> Option<Instant> {
        let end = Instant::now() + limit;
        let mut last = self.take(limit)?;
        while let Some(at) = self.take(quiet.min(end.saturating_duration_since(Instant::now()))) {
            last = at;
        }
        Some(last)
    }

    pub fn id(&self) -> u32 {
        self.child.process_id().unwrap_or(0)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A line of `/proc/PID/status`, MiB.
pub fn memory(id: u32, name: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let kib = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')?.trim().strip_suffix("kB")?.trim().parse::<f64>().ok());
    kib.unwrap_or(f64::NAN) / 1024.0
}

/// Processor seconds of all threads: `schedstat` counts nanoseconds where `stat` has ticks of ten milliseconds.
pub fn processor(id: u32) -> f64 {
    let tasks = std::fs::read_dir(format!("/proc/{id}/task")).into_iter().flatten().flatten();
    let each = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("schedstat")).ok()?.split(' ').next()?.parse::<f64>().ok());
    each.sum::<f64>() / 1e9
}
