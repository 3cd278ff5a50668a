//! What is written: lines for people, scrubbed, and `--json`, exact but unable to drive a terminal. A closed pipe ends the
//! command quietly. No colour anywhere: every command may stand in a pipe.
use super::exit::Failure;
use crate::text::scrub::{scrub, scrub_multiline};
use crate::text::width::{Ambiguous, pad_right, width};
use serde::Serialize;
use std::io::{self, Write};
use std::sync::Mutex;

/// Where a command writes.
pub struct Out {
    /// Machine-readable.
    pub json: bool,
    stdout: Mutex<Box<dyn Write + Send>>,
    stderr: Mutex<Box<dyn Write + Send>>,
}

impl Out {
    /// The process's own streams.
    pub fn standard(json: bool) -> Out {
        Out::to(json, io::stdout(), io::stderr())
    }

    /// Any streams.
    pub fn to(json: bool, stdout: impl Write + Send + 'static, stderr: impl Write + Send + 'static) -> Out {
        Out { json, stdout: Mutex::new(Box::new(stdout)), stderr: Mutex::new(Box::new(stderr)) }
    }

    fn put(&self, text: &str) -> Result<(), Failure> {
        let mut stdout = self.stdout.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let written = writeln!(stdout, "{text}").and_then(|()| stdout.flush());
        written.map_err(|error| match error.kind() {
            io::ErrorKind::BrokenPipe => Failure::Closed,
            _ => Failure::Broken(error.to_string()),
        })
    }

    /// One line for a person.
    ///
    /// # Errors
    /// When nobody reads any more, or the stream is broken.
    pub fn line(&self, text: &str) -> Result<(), Failure> {
        self.put(&scrub(text))
    }

    /// Text of several lines for a person.
    ///
    /// # Errors
    /// As [`Out::line`].
    pub fn block(&self, text: &str) -> Result<(), Failure> {
        self.put(&scrub_multiline(text))
    }

    /// Text of this program's own making, which other programs read: as it is.
    ///
    /// # Errors
    /// As [`Out::line`].
    pub fn exact(&self, text: &str) -> Result<(), Failure> {
        self.put(text.trim_end())
    }

    /// One JSON value on one line.
    ///
    /// # Errors
    /// As [`Out::line`].
    pub fn value(&self, value: &impl Serialize) -> Result<(), Failure> {
        let json = serde_json::to_string(value).map_err(|error| Failure::Broken(error.to_string()))?;
        self.put(&inert(&json))
    }

    /// Rows in columns for a person; the last column is not padded.
    ///
    /// # Errors
    /// As [`Out::line`].
    pub fn columns(&self, rows: &[Vec<String>]) -> Result<(), Failure> {
        let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| scrub(cell).into_owned()).collect()).collect();
        let count = rows.iter().map(Vec::len).max().unwrap_or(0);
        let widest = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| width(cell, Ambiguous::default())).max().unwrap_or(0);
        let widths: Vec<usize> = (0..count).map(widest).collect();
        for row in &rows {
            let last = row.len().saturating_sub(1);
            let cells = row.iter().enumerate().map(|(index, cell)| if index == last { cell.clone() } else { pad_right(cell, widths[index], Ambiguous::default()) });
            self.put(cells.collect::<Vec<_>>().join("  ").trim_end())?;
        }
        Ok(())
    }

    /// A line on standard error; a closed one is nobody's loss.
    pub fn error(&self, text: &str) {
        self.complain(&scrub_multiline(text));
    }

    /// A JSON value on standard error.
    pub fn error_json(&self, value: &serde_json::Value) {
        self.complain(&inert(&value.to_string()));
    }

    fn complain(&self, text: &str) {
        let mut stderr = self.stderr.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let _ = writeln!(stderr, "{text}").and_then(|()| stderr.flush());
    }
}

/// JSON text in which everything that could drive a terminal or hide is written `\uXXXX`: it reads back as exactly the
/// same value. Such characters stand inside strings only, as JSON's own marks are plain.
pub fn inert(json: &str) -> String {
    let mut out = String::with_capacity(json.len() + 16);
    let mut units = [0; 2];
    for c in json.chars() {
        let plain = matches!(c, ' '..='~' | '\u{4E00}'..='\u{9FFF}') || scrub(c.encode_utf8(&mut [0; 4])).chars().eq([c]);
        if plain {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "a\u{1b}[2J\u{9b}31m\u{7f}\u{202e}b\u{2066}\u{200b}\u{feff}\u{2028}\u{2029}\u{ad}\u{e0041}\u{fe0f}\u{3164}\r\n\"\\é e\u{301}汉字👍";

    #[test]
    fn json_reads_back_the_same_and_holds_nothing_that_drives_a_terminal() {
        let json = serde_json::to_string(HOSTILE).unwrap();
        let inert = inert(&json);
        assert_eq!(serde_json::from_str::<String>(&inert).unwrap(), HOSTILE);
        for hidden in ['\u{1b}', '\u{9b}', '\u{7f}', '\u{202e}', '\u{2066}', '\u{200b}', '\u{feff}', '\u{2028}', '\u{2029}', '\u{ad}', '\u{e0041}', '\u{3164}', '\r', '\n'] {
            assert!(!inert.contains(hidden), "{:04x}", hidden as u32);
        }
        assert!(inert.contains("汉字"), "what people write stays readable");
    }

    #[test]
    fn marks_piled_on_a_letter_leave_json_as_escapes() {
        let piled = format!("a{}", "\u{301}".repeat(1000));
        let inert = inert(&serde_json::to_string(&piled).unwrap());
        assert!(inert.is_ascii());
        assert_eq!(serde_json::from_str::<String>(&inert).unwrap(), piled);
    }

    struct Shared(std::sync::Arc<Mutex<Vec<u8>>>);
    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_terminal_that_reads_everything_we_write_is_told_to_print_and_break_lines_only() {
        struct Oracle;
        impl vte::Perform for Oracle {
            fn execute(&mut self, byte: u8) {
                assert_eq!(byte, b'\n');
            }
            fn csi_dispatch(&mut self, _: &vte::Params, _: &[u8], _: bool, action: char) {
                panic!("CSI {action}");
            }
            fn osc_dispatch(&mut self, _: &[&[u8]], _: bool) {
                panic!("OSC");
            }
            fn esc_dispatch(&mut self, _: &[u8], _: bool, byte: u8) {
                panic!("ESC {byte}");
            }
            fn hook(&mut self, _: &vte::Params, _: &[u8], _: bool, _: char) {
                panic!("DCS");
            }
        }
        let written = std::sync::Arc::new(Mutex::new(Vec::new()));
        let out = Out::to(true, Shared(written.clone()), Shared(written.clone()));
        let hostile = format!("{HOSTILE}\u{1b}]52;c;aGk=\u{7}\u{1b}P1$r\u{1b}\\");
        out.line(&hostile).unwrap();
        out.block(&hostile).unwrap();
        out.columns(&[vec![hostile.clone(), hostile.clone()]]).unwrap();
        out.value(&hostile).unwrap();
        out.error(&hostile);
        Failure::Refused(hostile.clone()).tell(&out);
        let bytes = written.lock().unwrap().clone();
        assert!(bytes.len() > 400);
        vte::Parser::new().advance(&mut Oracle, &bytes);
    }

    struct Gone;
    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_closed_pipe_ends_quietly() {
        let out = Out::to(false, Gone, Gone);
        let failure = out.line("x").unwrap_err();
        assert!(matches!(failure, Failure::Closed));
        assert_eq!(failure.tell(&out), super::super::Exit::Ok);
    }
}
