//! The real binary in a real pseudo-terminal: keys go in, a model of the terminal and every raw byte come out. Waiting is
//! always for something seen, with a bound; a failure prints the screen. Not here: what a screen should say.
use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use std::io::{Read, Write};
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_hotline");
/// The longest any wait lasts: for broken code, not for slow machines.
const PATIENCE: Duration = Duration::from_secs(60);

struct Seen {
    parser: vt100::Parser,
    bytes: Vec<u8>,
    /// Behind the end of a frame, not within one: what a terminal shows that knows synchronized updates.
    whole: bool,
    closing: bool,
    ended: bool,
}

impl Seen {
    fn take(&mut self, bytes: &[u8]) {
        const MARK: &[u8] = b"\x1b[?2026";
        // A mark may have been cut by the last read.
        let from = self.bytes.len().saturating_sub(MARK.len());
        self.bytes.extend_from_slice(bytes);
        self.parser.process(bytes);
        if let Some(at) = self.bytes[from..].windows(MARK.len() + 1).rposition(|window| window.starts_with(MARK)) {
            self.whole = self.bytes[from + at + MARK.len()] == b'l';
        }
    }
}

struct Shared {
    seen: Mutex<Seen>,
    more: Condvar,
}

/// A terminal with a program in it; both end with this value.
pub struct Terminal {
    master: Option<Box<dyn MasterPty + Send>>,
    keys: Option<Box<dyn Write + Send>>,
    child: Box<dyn Child + Send + Sync>,
    shared: Arc<Shared>,
    /// The terminal's modes before the program started.
    pub modes_before: String,
    status: Option<u32>,
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("a terminal of the failed test:\n{}", self.screen());
        }
        if self.status.is_none() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// How a program is started.
#[derive(Default)]
pub struct Start<'a> {
    /// Columns and rows; 160×45 where none are given.
    pub size: Option<(u16, u16)>,
    /// What is set besides the usual environment; an empty value takes a name away.
    pub environment: &'a [(&'a str, &'a str)],
    /// Typed into an interactive shell, as people start it, instead of being the terminal's own program.
    pub in_shell: bool,
}

impl Terminal {
    /// Starts `hotline` with these arguments; everything it keeps stays below `home`.
    pub fn open(home: &Path, arguments: &[&str], start: &Start<'_>) -> Terminal {
        let (columns, rows) = start.size.unwrap_or((160, 45));
        let pair = native_pty_system().openpty(PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }).unwrap();
        let mut command = if start.in_shell { CommandBuilder::new("sh") } else { CommandBuilder::new(PROGRAM) };
        if start.in_shell {
            command.arg("-i");
        } else {
            command.args(arguments);
        }
        command.env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        for (name, value) in environment(home) {
            command.env(name, value);
        }
        for (name, value) in start.environment {
            if value.is_empty() {
                command.env_remove(name);
            } else {
                command.env(name, value);
            }
        }
        command.cwd(home);
        let modes_before = format!("{:?}", pair.master.get_termios().expect("a terminal tells its modes"));
        let mut reader = pair.master.try_clone_reader().unwrap();
        let keys = pair.master.take_writer().unwrap();
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let seen = Seen { parser: parser(columns, rows), bytes: Vec::new(), whole: true, closing: false, ended: false };
        let shared = Arc::new(Shared { seen: Mutex::new(seen), more: Condvar::new() });
        let sink = Arc::clone(&shared);
        std::thread::spawn(move || {
            let mut buffer = [0; 65536];
            loop {
                let count = reader.read(&mut buffer).unwrap_or(0);
                let mut seen = sink.seen.lock().unwrap();
                seen.take(&buffer[..count]);
                seen.ended = count == 0 || seen.closing;
                sink.more.notify_all();
                if seen.ended {
                    return;
                }
            }
        });
        let mut terminal = Terminal { master: Some(pair.master), keys: Some(keys), child, shared, modes_before, status: None };
        if start.in_shell {
            let quoted: Vec<String> = arguments.iter().map(|argument| format!("'{argument}'")).collect();
            terminal.type_text(&format!("{PROGRAM} {}\n", quoted.join(" ")));
        }
        terminal
    }

    /// Types, as it stands.
    pub fn type_text(&mut self, text: &str) {
        let keys = self.keys.as_mut().expect("the terminal is open");
        keys.write_all(text.as_bytes()).unwrap();
        keys.flush().unwrap();
    }

    /// Presses a key by its name in the keymap: `alt-x`, `ctrl-q`, `f4`, `enter`; a single character is itself.
    pub fn press(&mut self, key: &str) {
        let sent = match key {
            "enter" => "\r".into(),
            "tab" => "\t".into(),
            "shift-tab" => "\x1b[Z".into(),
            "esc" => "\x1b".into(),
            "backspace" => "\x7f".into(),
            "space" => " ".into(),
            "up" => "\x1b[A".into(),
            "down" => "\x1b[B".into(),
            "right" => "\x1b[C".into(),
            "left" => "\x1b[D".into(),
            "home" => "\x1b[H".into(),
            "end" => "\x1b[F".into(),
            "pgup" => "\x1b[5~".into(),
            "pgdn" => "\x1b[6~".into(),
            "f1" => "\x1bOP".into(),
            "f4" => "\x1bOS".into(),
            "f5" => "\x1b[15~".into(),
            "f9" => "\x1b[20~".into(),
            "f10" => "\x1b[21~".into(),
            "f12" => "\x1b[24~".into(),
            _ => match (key.strip_prefix("alt-"), key.strip_prefix("ctrl-")) {
                (Some(letter), _) => format!("\x1b{letter}"),
                (_, Some(letter)) => char::from(letter.as_bytes()[0] & 0x1f).to_string(),
                _ if key.chars().count() == 1 => key.to_owned(),
                _ => panic!("no key is called {key:?}"),
            },
        };
        self.type_text(&sent);
    }

    /// Makes the window another size, as a person does with the mouse.
    pub fn resize(&self, columns: u16, rows: u16) {
        let cells = |count| std::num::NonZeroU16::new(count).unwrap();
        let mut seen = self.shared.seen.lock().unwrap();
        seen.parser.screen_mut().set_size(cells(rows), cells(columns));
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        self.master.as_ref().expect("the terminal is open").resize(size).unwrap();
    }

    /// Waits until `probe` finds something on the terminal.
    pub fn wait_until<T>(&self, what: &str, mut probe: impl FnMut(&vt100::Screen) -> Option<T>) -> T {
        let end = Instant::now() + PATIENCE;
        let mut seen = self.shared.seen.lock().unwrap();
        loop {
            if let Some(found) = seen.whole.then(|| probe(seen.parser.screen())).flatten() {
                return found;
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() || seen.ended {
                let why = if seen.ended { "the program has ended" } else { "waited too long" };
                drop(seen);
                panic!("{why}: {what}\n{}", self.screen());
            }
            seen = self.shared.more.wait_timeout(seen, left).unwrap().0;
        }
    }

    /// Waits until a text stands anywhere on the terminal; gives how long that took.
    pub fn wait_for(&self, text: &str) -> Duration {
        let start = Instant::now();
        self.wait_until(text, |screen| screen.contents().contains(text).then_some(()));
        start.elapsed()
    }

    /// Waits until no such text stands there.
    pub fn wait_gone(&self, text: &str) {
        self.wait_until(&format!("{text} gone"), |screen| (!screen.contents().contains(text)).then_some(()));
    }

    /// Waits until one row holds all these texts; gives the row.
    pub fn wait_for_row(&self, texts: &[&str]) -> String {
        self.wait_until(&format!("a row with {texts:?}"), |screen| {
            let columns = screen.size().1.get();
            screen.rows(0, columns).find(|row| texts.iter().all(|text| row.contains(text)))
        })
    }

    /// Waits until these bytes have come after `from` of the log; gives the place behind them.
    pub fn wait_for_bytes(&self, from: usize, bytes: &[u8]) -> usize {
        let end = Instant::now() + PATIENCE;
        let mut seen = self.shared.seen.lock().unwrap();
        loop {
            if let Some(at) = seen.bytes[from..].windows(bytes.len()).position(|window| window == bytes) {
                return from + at + bytes.len();
            }
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero() && !seen.ended, "never came: {:?}\n{}", String::from_utf8_lossy(bytes), seen.parser.screen().contents());
            seen = self.shared.more.wait_timeout(seen, left).unwrap().0;
        }
    }

    /// What is on the terminal now.
    pub fn screen(&self) -> String {
        self.shared.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner).parser.screen().contents()
    }

    /// The terminal's own state now.
    pub fn state<T>(&self, read: impl FnOnce(&vt100::Screen) -> T) -> T {
        read(self.shared.seen.lock().unwrap().parser.screen())
    }

    /// Row and column of the cursor.
    pub fn cursor(&self) -> (u16, u16) {
        self.state(vt100::Screen::cursor_position)
    }

    /// Everything that was ever sent to the terminal.
    pub fn bytes(&self) -> Vec<u8> {
        self.shared.seen.lock().unwrap().bytes.clone()
    }

    /// How much was ever sent.
    pub fn sent(&self) -> usize {
        self.shared.seen.lock().unwrap().bytes.len()
    }

    /// The terminal's modes now.
    pub fn modes(&self) -> String {
        format!("{:?}", self.master.as_ref().expect("the terminal is open").get_termios().expect("a terminal tells its modes"))
    }

    /// Waits until the modes are those from before the program started.
    pub fn wait_for_modes_before(&self) {
        let end = Instant::now() + PATIENCE;
        while self.modes() != self.modes_before {
            assert!(Instant::now() < end, "the modes of the line never came back: {}", self.modes());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// The process of the program (or of the shell around it).
    pub fn process(&self) -> u32 {
        self.child.process_id().expect("it runs")
    }

    /// Sends a signal, by its name without SIG.
    pub fn signal(&self, name: &str) {
        signal(self.process(), name);
    }

    /// Waits until the program has ended and everything it said has been read; gives its exit code.
    pub fn wait_for_end(&mut self) -> u32 {
        let end = Instant::now() + PATIENCE;
        let mut seen = self.shared.seen.lock().unwrap();
        while !seen.ended {
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "it did not end\n{}", seen.parser.screen().contents());
            seen = self.shared.more.wait_timeout(seen, left).unwrap().0;
        }
        drop(seen);
        let code = self.child.wait().unwrap().exit_code();
        self.status = Some(code);
        code
    }

    /// Closes the terminal under the program, as a window is closed; gives its exit code.
    pub fn close(&mut self) -> u32 {
        self.shared.seen.lock().unwrap().closing = true;
        self.keys = None;
        self.master = None;
        // The reading thread holds the terminal until the next byte; going on makes the console paint.
        self.signal("CONT");
        self.wait_for_end()
    }
}

/// Where a program keeps its things and what it thinks of its surroundings.
pub fn environment(home: &Path) -> Vec<(&'static str, String)> {
    let below = |name: &str| home.join(name).display().to_string();
    vec![
        ("HOME", home.display().to_string()),
        ("XDG_DATA_HOME", below("data")),
        ("XDG_CONFIG_HOME", below("config")),
        ("XDG_STATE_HOME", below("state")),
        ("XDG_CACHE_HOME", below("cache")),
        ("LANG", "zh_CN.UTF-8".into()),
        ("TERM", "xterm-256color".into()),
        ("PS1", "".into()),
    ]
}

/// Sends a signal to one process.
pub fn signal(process: u32, name: &str) {
    let status = std::process::Command::new("sh").args(["-c", "kill -s \"$1\" \"$2\"", "sh", name, &process.to_string()]).status();
    assert!(status.unwrap().success(), "kill -s {name} {process}");
}

/// Whether a process is there and not merely waiting to be buried (Linux); the letter of its state.
pub fn state_of(process: u32) -> Option<char> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    stat.rsplit_once(')')?.1.trim_start().chars().next()
}

fn parser(columns: u16, rows: u16) -> vt100::Parser {
    let cells = |count| std::num::NonZeroU16::new(count).unwrap();
    vt100::Parser::new(cells(rows), cells(columns), 0)
}
