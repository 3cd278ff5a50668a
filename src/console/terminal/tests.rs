//! The ways out, each in a real pseudo-terminal: this test binary runs itself there as the console.

use std::io::{Read, Write};
use std::process::Command;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use super::output::Output;
use super::*;

const MODE: &str = "HOTLINE_TERMINAL_TEST";

/// Not a test by itself: what runs inside the pseudo-terminal.
#[test]
fn inside_the_pseudo_terminal() {
    let Ok(mode) = std::env::var(MODE) else {
        return;
    };
    install_panic_hook(|text| text.replace('\x1b', "␛"));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let code = runtime.block_on(console(&mode));
    std::process::exit(code.into());
}

async fn console(mode: &str) -> u8 {
    let mut signals = Signals::listen().unwrap();
    let mut screen = match Screen::open() {
        Ok(screen) => screen,
        Err(error) => {
            writeln!(std::io::stderr(), "{error}").unwrap();
            return 2;
        }
    };
    let show = |screen: &mut Screen, text: &str| {
        screen.draw(|frame| {
            frame.render_widget(ratatui::text::Line::from(text.to_owned()), frame.area())
        })
    };
    let mode = match mode.strip_prefix("mouse-") {
        Some(mode) => {
            screen.set_mouse(true).unwrap();
            mode
        }
        None => mode,
    };
    show(&mut screen, "SECRET-READY").unwrap();
    match mode {
        "quit" => return 0,
        "panic" => panic!("broken \x1b]52;c;x"),
        "panic-elsewhere" => drop(tokio::spawn(async { panic!("broken elsewhere") })),
        "ctrl-z" => {
            let outcome = screen
                .suspend(&mut signals, StopRequest::Key)
                .await
                .unwrap();
            show(&mut screen, &format!("SECRET-{outcome:?}")).unwrap();
        }
        _ => {}
    }
    loop {
        match signals.next().await {
            Signal::Stop => {
                screen
                    .suspend(&mut signals, StopRequest::Signal)
                    .await
                    .unwrap();
                show(&mut screen, "SECRET-BACK").unwrap();
            }
            Signal::Continue => match screen.resume() {
                Err(error) if is_closed(&error) => return 129,
                outcome => outcome.unwrap(),
            },
            signal => match show(&mut screen, "SECRET-LATE") {
                Err(error) if !is_closed(&error) => return 99,
                _ => return signal.exit_code().unwrap(),
            },
        }
    }
}

struct Seat {
    master: Box<dyn MasterPty + Send>,
    keys: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    bytes: mpsc::Receiver<Vec<u8>>,
    seen: String,
    modes_before: String,
}

impl Seat {
    /// Starts the console in this mode; under an interactive shell when `shell`.
    fn open(mode: &str, term: &str, shell: bool) -> Seat {
        let size = PtySize {
            rows: 24,
            cols: 80,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let program = std::env::current_exe().unwrap();
        let arguments = [
            "--exact",
            "console::terminal::tests::inside_the_pseudo_terminal",
            "--nocapture",
        ];
        let mut command = if shell {
            let mut command = CommandBuilder::new("sh");
            command.arg("-i");
            command
        } else {
            let mut command = CommandBuilder::new(&program);
            command.args(arguments);
            command
        };
        command.env(MODE, mode);
        command.env("TERM", term);
        command.env("PS1", "");
        let modes_before = format!("{:?}", pair.master.get_termios());
        let mut reader = pair.master.try_clone_reader().unwrap();
        let mut keys = pair.master.take_writer().unwrap();
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let (send, bytes) = mpsc::channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                if send.send(buffer[..count].to_vec()).is_err() {
                    break;
                }
            }
        });
        if shell {
            writeln!(keys, "{} {}", program.display(), arguments.join(" ")).unwrap();
        }
        Seat {
            master: pair.master,
            keys,
            child,
            bytes,
            seen: String::new(),
            modes_before,
        }
    }

    fn modes(&self) -> String {
        format!("{:?}", self.master.get_termios())
    }

    /// Reads until the text has come; what was seen before it is forgotten.
    fn wait_for(&mut self, text: &str) -> String {
        let end = Instant::now() + Duration::from_secs(20);
        loop {
            if let Some(place) = self.seen.find(text) {
                let rest = self.seen.split_off(place + text.len());
                return std::mem::replace(&mut self.seen, rest);
            }
            let left = end.saturating_duration_since(Instant::now());
            match self.bytes.recv_timeout(left) {
                Ok(bytes) => self.seen.push_str(&String::from_utf8_lossy(&bytes)),
                Err(_) => panic!("{text:?} never came; seen {:?}", self.seen),
            }
        }
    }

    /// The rest of the output, to its end, and the exit code.
    fn end(&mut self) -> (String, u32) {
        let status = self.child.wait().unwrap();
        while let Ok(bytes) = self.bytes.recv_timeout(Duration::from_secs(5)) {
            self.seen.push_str(&String::from_utf8_lossy(&bytes));
        }
        (std::mem::take(&mut self.seen), status.exit_code())
    }

    /// Waits until the system says that the console is stopped (Linux).
    fn wait_until_stopped(&mut self) {
        let stat = format!("/proc/{}/stat", self.child.process_id().unwrap());
        let end = Instant::now() + Duration::from_secs(20);
        while !std::fs::read_to_string(&stat).unwrap().contains(") T ") {
            assert!(Instant::now() < end, "never stopped");
            if let Ok(bytes) = self.bytes.recv_timeout(Duration::from_millis(5)) {
                self.seen.push_str(&String::from_utf8_lossy(&bytes));
            }
        }
    }

    fn kill(&self, signal: &str) {
        let process = self.child.process_id().unwrap().to_string();
        assert!(
            Command::new("sh")
                .args(["-c", "kill -s \"$1\" \"$2\"", "sh", signal, &process])
                .status()
                .unwrap()
                .success()
        );
    }

    /// Ends the child, then checks what a shell would find.
    fn expect_given_back(&mut self, code: u32) -> String {
        assert!(
            self.modes_before.starts_with("Some"),
            "the terminal tells its modes"
        );
        let (rest, got) = self.end();
        assert_given_back(&rest);
        assert_eq!(got, code, "{rest:?}");
        assert_eq!(self.modes(), self.modes_before, "the modes of the terminal");
        rest
    }
}

fn assert_given_back(rest: &str) {
    let place = rest
        .rfind(RESTORE)
        .unwrap_or_else(|| panic!("not given back: {rest:?}"));
    assert!(
        !rest[place..].contains("SECRET"),
        "personal data after the restore: {rest:?}"
    );
    assert!(
        !rest[place + RESTORE.len()..].contains('\x1b'),
        "escapes after the restore: {rest:?}"
    );
}

#[test]
fn leaving_gives_the_terminal_back() {
    let mut seat = Seat::open("quit", "xterm-256color", false);
    seat.wait_for("SECRET-READY");
    seat.expect_given_back(0);
}

#[test]
fn a_panic_speaks_after_the_terminal_is_given_back_and_without_escapes() {
    let mut seat = Seat::open("panic", "xterm-256color", false);
    seat.wait_for("SECRET-READY");
    let rest = seat.expect_given_back(101);
    let place = rest.find("broken ␛]52").expect("scrubbed words");
    assert!(place > rest.find(RESTORE).unwrap());
}

#[test]
fn a_panic_in_another_task_ends_the_loop_and_nothing_is_drawn_afterwards() {
    let mut seat = Seat::open("panic-elsewhere", "xterm-256color", false);
    seat.wait_for("SECRET-READY");
    let rest = seat.expect_given_back(101);
    assert!(rest.contains("broken elsewhere"));
}

#[test]
fn signals_that_end_give_the_terminal_back() {
    for (signal, code) in [("TERM", 143), ("HUP", 129), ("INT", 130)] {
        let mut seat = Seat::open("wait", "xterm-256color", false);
        seat.wait_for("SECRET-READY");
        seat.kill(signal);
        seat.expect_given_back(code);
    }
}

#[test]
fn a_stop_from_outside_gives_back_and_a_continue_takes_and_paints_again() {
    let mut seat = Seat::open("wait", "xterm-256color", false);
    seat.wait_for("SECRET-READY");
    let in_console = seat.modes();
    seat.kill("TSTP");
    seat.wait_for(RESTORE);
    seat.wait_until_stopped();
    seat.kill("CONT");
    let back = seat.wait_for("SECRET-BACK");
    assert!(back.contains(guard::ENTER), "{back:?}");
    assert_eq!(seat.modes(), in_console, "raw again");
    seat.kill("TERM");
    seat.expect_given_back(143);
}

#[test]
fn ctrl_z_goes_to_the_shell_and_fg_comes_back() {
    let mut seat = Seat::open("ctrl-z", "xterm-256color", true);
    seat.wait_for("SECRET-READY");
    seat.wait_for(RESTORE);
    // The shell answers only once the job has stopped; the answer is not in what was typed.
    writeln!(seat.keys, "echo shell-$((40+2))").unwrap();
    seat.wait_for("shell-42");
    writeln!(seat.keys, "fg").unwrap();
    let back = seat.wait_for("SECRET-Resumed");
    assert!(back.contains(guard::ENTER), "{back:?}");
    // Closing the terminal: the shell and the console both end.
    seat.child.kill().unwrap();
}

#[test]
fn ctrl_z_without_a_shell_behind_does_not_freeze() {
    let mut seat = Seat::open("ctrl-z", "xterm-256color", false);
    let seen = seat.wait_for("SECRET-NoShell");
    assert!(!seen.contains(RESTORE));
    seat.kill("TERM");
    seat.expect_given_back(143);
}

#[test]
fn a_closed_terminal_ends_the_console_quietly() {
    let mut seat = Seat::open("wait", "xterm-256color", false);
    seat.wait_for("SECRET-READY");
    let Seat {
        master,
        keys,
        mut child,
        bytes,
        ..
    } = seat;
    let process = child.process_id().unwrap().to_string();
    drop((bytes, keys));
    // The reading thread lets go of the terminal with the next bytes it cannot pass on.
    assert!(
        Command::new("sh")
            .args(["-c", "kill -s CONT \"$1\"", "sh", &process])
            .status()
            .unwrap()
            .success()
    );
    drop(master);
    assert_eq!(child.wait().unwrap().exit_code(), 129);
}

#[test]
fn a_dumb_terminal_is_told_so_in_words() {
    let mut seat = Seat::open("quit", "dumb", false);
    let (said, code) = seat.end();
    assert_eq!(code, 2);
    assert!(
        said.contains("dumb") && !said.contains("\x1b[?1049h"),
        "{said:?}"
    );
}

#[test]
fn what_is_no_terminal_is_refused() {
    assert!(matches!(
        guard::judge(Some("xterm".into()), false),
        Err(TerminalError::NotATerminal)
    ));
    assert!(matches!(
        guard::judge(None, true),
        Err(TerminalError::Dumb(_))
    ));
    assert!(guard::judge(Some("xterm".into()), true).is_ok());
}

#[test]
fn a_closed_terminal_is_known_by_its_errors() {
    assert!(is_closed(&io::Error::from_raw_os_error(5)));
    assert!(is_closed(&io::ErrorKind::BrokenPipe.into()));
    assert!(!is_closed(&io::ErrorKind::PermissionDenied.into()));
}

/// Counts the writes that reach the terminal.
#[derive(Clone, Default)]
struct Writes(std::sync::Arc<std::sync::Mutex<Vec<Vec<u8>>>>);

impl Write for Writes {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().push(bytes.to_vec());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn one_frame_is_one_write_between_the_marks_of_an_update() {
    let writes = Writes::default();
    let mut output = Output::new(Box::new(writes.clone()));
    output.write_all(b"cleared ").unwrap();
    output.begin_frame();
    for line in ["one\n", "two\n", "three"] {
        output.write_all(line.as_bytes()).unwrap();
        output.flush().unwrap();
    }
    output.end_frame(Ok(())).unwrap();
    let writes = writes.0.lock().unwrap();
    assert_eq!(
        writes.as_slice(),
        [b"\x1b[?2026hcleared one\ntwo\nthree\x1b[?2026l".to_vec()]
    );
}

#[test]
fn a_frame_that_could_not_be_drawn_sends_nothing() {
    let writes = Writes::default();
    let mut output = Output::new(Box::new(writes.clone()));
    output.begin_frame();
    output.write_all(b"half").unwrap();
    assert!(output.end_frame(Err(io::ErrorKind::Other.into())).is_err());
    assert!(writes.0.lock().unwrap().is_empty());
}

#[test]
fn the_mouse_reports_no_motion_and_is_given_back_on_every_way_out() {
    assert!(!guard::MOUSE_ON.contains("1002") && !guard::MOUSE_ON.contains("1003"));
    for (mode, signal, code) in [("mouse-quit", "", 0), ("mouse-panic", "", 101), ("mouse-wait", "TERM", 143), ("mouse-wait", "HUP", 129), ("mouse-wait", "INT", 130)] {
        let mut seat = Seat::open(mode, "xterm-256color", false);
        let seen = seat.wait_for("SECRET-READY");
        assert!(seen.contains(guard::MOUSE_ON), "{mode}: {seen:?}");
        if !signal.is_empty() {
            seat.kill(signal);
        }
        let rest = seat.expect_given_back(code);
        for part in guard::MOUSE_OFF.split_inclusive('l') {
            assert!(rest.contains(part), "{mode}: {rest:?}");
        }
    }
}

#[test]
fn the_mouse_comes_back_with_the_terminal_after_a_stop() {
    let mut seat = Seat::open("mouse-wait", "xterm-256color", false);
    seat.wait_for("SECRET-READY");
    seat.kill("TSTP");
    let gone = seat.wait_for(RESTORE);
    assert!(!gone.contains(guard::MOUSE_ON));
    seat.wait_until_stopped();
    seat.kill("CONT");
    let back = seat.wait_for("SECRET-BACK");
    assert!(back.contains(guard::MOUSE_ON), "{back:?}");
    seat.kill("TERM");
    seat.expect_given_back(143);
}

#[test]
fn without_the_mouse_nothing_asks_for_it() {
    let mut seat = Seat::open("quit", "xterm-256color", false);
    let seen = seat.wait_for("SECRET-READY");
    assert!(!seen.contains("\x1b[?1000h") && !seen.contains("\x1b[?1006h"), "{seen:?}");
    seat.expect_given_back(0);
}
