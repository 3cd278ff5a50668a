//! Everything a terminal is told, judged: only what our renderer sends may stand in the bytes, whoever wrote the text.

/// What may never reach a terminal: it drives, hides, reorders or has no width that terminals agree on.
fn is_forbidden(c: char) -> bool {
    matches!(c as u32,
        0x00..=0x1F | 0x7F..=0x9F | 0xAD | 0x34F | 0x61C | 0x115F | 0x1160 | 0x17B4 | 0x17B5 | 0x180B..=0x180F
        | 0x200B | 0x200E | 0x200F | 0x2028..=0x202E | 0x2060..=0x206F | 0x2800 | 0x3164 | 0xE000..=0xF8FF
        | 0xFDD0..=0xFDEF | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFC | 0xFFFE | 0xFFFF
        | 0x1F1E6..=0x1F1FF | 0x1F3FB..=0x1F3FF | 0x110BD | 0x13430..=0x1343F | 0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A | 0xE0000..=0x10FFFF)
}

#[derive(Default)]
struct Judge {
    /// A console's bytes: frames and restore sequences are allowed; otherwise only lines of text are.
    console: bool,
    before: Option<char>,
    marks: usize,
    printed: usize,
    faults: Vec<String>,
}

impl vte::Perform for Judge {
    fn print(&mut self, c: char) {
        self.printed += 1;
        let joins = matches!(c, '\u{200c}' | '\u{200d}');
        let joining = self.before.is_some_and(|before| matches!(before as u32, 0x600..=0xDFF | 0x1820..=0x18AA | 0xFB50..=0xFEFC));
        if is_forbidden(c) || (joins && !joining) {
            self.faults.push(format!("printed U+{:04X} after {:?}", c as u32, self.before));
        }
        self.marks = if unicode_normalization::char::is_combining_mark(c) { self.marks + 1 } else { 0 };
        if self.marks > 8 {
            self.faults.push(format!("{} marks on one base", self.marks));
        }
        self.before = Some(c);
    }
    fn execute(&mut self, byte: u8) {
        let fine = if self.console { byte == 7 } else { byte == b'\n' };
        if !fine {
            self.faults.push(format!("control {byte:#04x}"));
        }
    }
    fn csi_dispatch(&mut self, params: &vte::Params, intermediates: &[u8], ignored: bool, action: char) {
        let first = params.iter().next().and_then(|param| param.first().copied()).unwrap_or(0);
        let fine = match (intermediates, action) {
            ([], 'm' | 'H' | 'A' | 'B' | 'C' | 'D' | 'G' | 'd' | 'J' | 'K') => true,
            ([b'?'], 'h' | 'l') => params.len() == 1 && [25, 1000, 1002, 1003, 1004, 1006, 1049, 2004, 2026].contains(&first),
            _ => false,
        };
        if !fine || ignored || !self.console {
            self.faults.push(format!("CSI {intermediates:?} {:?} {action}", params.iter().collect::<Vec<_>>()));
        }
    }
    fn esc_dispatch(&mut self, intermediates: &[u8], _: bool, byte: u8) {
        self.faults.push(format!("ESC {intermediates:?} {byte:#04x}"));
    }
    fn osc_dispatch(&mut self, params: &[&[u8]], _: bool) {
        self.faults.push(format!("OSC {:?}", params.iter().map(|param| String::from_utf8_lossy(param)).collect::<Vec<_>>()));
    }
    fn hook(&mut self, _: &vte::Params, _: &[u8], _: bool, action: char) {
        self.faults.push(format!("DCS {action}"));
    }
}

/// Judges all bytes a terminal received; `what` names them.
#[track_caller]
pub fn judge(bytes: &[u8], console: bool, what: &str) {
    let mut judge = Judge { console, ..Judge::default() };
    vte::Parser::new().advance(&mut judge, bytes);
    // Strings that the parser swallows without a word (SOS, PM, APC) begin with ESC as well.
    for (at, _) in bytes.iter().enumerate().filter(|(_, byte)| **byte == 0x1b) {
        if bytes.get(at + 1) != Some(&b'[') {
            judge.faults.push(format!("ESC {:?}", bytes.get(at + 1).map(|byte| char::from(*byte))));
        }
    }
    if std::str::from_utf8(bytes).is_err() {
        judge.faults.push("not UTF-8".into());
    }
    judge.faults.sort();
    judge.faults.dedup();
    assert!(judge.faults.is_empty(), "{what}: {} kinds of faults: {:#?}", judge.faults.len(), &judge.faults[..judge.faults.len().min(20)]);
    assert!(judge.printed > 20, "{what}: nothing was shown: {:?}", String::from_utf8_lossy(bytes));
}
