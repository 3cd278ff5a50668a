//! A text being typed: one line or several, with a caret that never stands inside a character people see as one.
//! Knows widths, because a caret moves by drawn lines; draws nothing.
use crate::console::keymap::{Chord, Key, Named};
use crate::text::scrub::{scrub, scrub_multiline};
use crate::text::width::{Ambiguous, cluster_width};
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// Bytes scrubbed at once; their markers fit the longest line of [`scrub`].
const PIECE: usize = 1024;

/// 输入 (field of text).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextField {
    text: String,
    caret: usize,
    multiline: bool,
}

impl TextField {
    /// One line.
    pub fn line() -> TextField {
        TextField::default()
    }

    /// Several lines.
    pub fn lines_of() -> TextField {
        TextField { multiline: true, ..TextField::default() }
    }

    /// What has been typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Nothing but spaces.
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Replaces the text; the caret goes to its end.
    pub fn set(&mut self, text: &str) {
        text.clone_into(&mut self.text);
        self.caret = self.text.len();
    }

    /// Where the caret stands, in bytes.
    pub fn caret(&self) -> usize {
        self.caret
    }

    /// Types or pastes. Pasted text is as untrusted as any other: what drives a terminal becomes visible.
    pub fn insert(&mut self, text: &str) {
        // Terminals paste a line break as the key it would be, a carriage return.
        let lines = text.replace("\r\n", "\n").replace(['\r', '\n'], if self.multiline { "\n" } else { " " });
        let (mut clean, mut rest) = (String::with_capacity(lines.len()), lines.as_str());
        // By pieces: scrubbing cuts the longest lines of what is only looked at, and what is pasted shall stay whole.
        while !rest.is_empty() {
            let (piece, more) = rest.split_at(rest.floor_char_boundary(PIECE));
            clean.push_str(&if self.multiline { scrub_multiline(piece) } else { scrub(piece) });
            rest = more;
        }
        self.text.insert_str(self.caret, &clean);
        self.caret += clean.len();
    }

    fn before(&self) -> usize {
        self.text[..self.caret].grapheme_indices(true).next_back().map_or(0, |(at, _)| at)
    }

    fn after(&self) -> usize {
        self.caret + self.text[self.caret..].graphemes(true).next().map_or(0, str::len)
    }

    fn word_before(&self) -> usize {
        self.text[..self.caret].split_word_bound_indices().rev().find(|(_, word)| !word.trim().is_empty()).map_or(0, |(at, _)| at)
    }

    /// An editing key. False where the key means nothing to a text, so that the pane may have it.
    pub fn press(&mut self, chord: Chord) -> bool {
        if let (true, Key::Char(character)) = (chord.types_text(), chord.key) {
            self.insert(character.encode_utf8(&mut [0; 4]));
            return true;
        }
        let plain = !chord.ctrl && !chord.alt;
        match chord.key {
            Key::Named(Named::Enter) if plain && self.multiline => self.insert("\n"),
            Key::Named(Named::Backspace) if plain => self.erase(self.before()..self.caret),
            Key::Named(Named::Delete) if plain => self.erase(self.caret..self.after()),
            Key::Named(Named::Left) if plain => self.caret = self.before(),
            Key::Named(Named::Right) if plain => self.caret = self.after(),
            Key::Named(Named::Home) if plain => self.caret = self.text[..self.caret].rfind('\n').map_or(0, |at| at + 1),
            Key::Named(Named::End) if plain => self.caret = self.text[self.caret..].find('\n').map_or(self.text.len(), |at| self.caret + at),
            Key::Char('a') if chord.ctrl && !chord.alt => self.caret = 0,
            Key::Char('e') if chord.ctrl && !chord.alt => self.caret = self.text.len(),
            Key::Char('w') if chord.ctrl && !chord.alt => self.erase(self.word_before()..self.caret),
            Key::Char('u') if chord.ctrl && !chord.alt => self.erase(0..self.caret),
            _ => return false,
        }
        true
    }

    fn erase(&mut self, range: Range<usize>) {
        self.caret = range.start;
        self.text.drain(range);
    }

    /// The drawn lines as stretches of bytes, at most `cells` wide each.
    pub fn wrapped(&self, cells: usize, ambiguous: Ambiguous) -> Vec<Range<usize>> {
        let cells = cells.max(2);
        let mut lines = Vec::new();
        let (mut start, mut used, mut turn) = (0, 0, None::<(usize, usize)>);
        let mut last: Option<&str> = None;
        for (at, cluster) in self.text.grapheme_indices(true) {
            if cluster == "\n" {
                lines.push(start..at);
                (start, used, turn, last) = (at + 1, 0, None, None);
                continue;
            }
            let wide = cluster_width(cluster, ambiguous);
            if last.is_some_and(|last| may_turn(last, cluster)) {
                turn = Some((at, used));
            }
            if used + wide > cells && at > start {
                let (end, kept) = turn.filter(|(end, _)| *end > start).unwrap_or((at, used));
                lines.push(start..end);
                (start, used, turn) = (end, used - kept, None);
            }
            used += wide;
            last = Some(cluster);
        }
        lines.push(start..self.text.len());
        lines
    }

    /// Line and column (cells) of the caret among [`TextField::wrapped`] lines.
    pub fn caret_at(&self, cells: usize, ambiguous: Ambiguous) -> (usize, usize) {
        let lines = self.wrapped(cells, ambiguous);
        let line = lines.iter().rposition(|line| line.start <= self.caret).unwrap_or(0);
        let start = lines[line].start;
        (line, self.text[start..self.caret.max(start)].graphemes(true).map(|cluster| cluster_width(cluster, ambiguous)).sum())
    }

    /// Moves the caret by drawn lines; false at the first or last one.
    pub fn move_lines(&mut self, by: isize, cells: usize, ambiguous: Ambiguous) -> bool {
        let (line, column) = self.caret_at(cells, ambiguous);
        let lines = self.wrapped(cells, ambiguous);
        let Some(target) = line.checked_add_signed(by).and_then(|to| lines.get(to)) else { return false };
        let mut used = 0;
        self.caret = target.end;
        for (at, cluster) in self.text[target.clone()].grapheme_indices(true) {
            if used >= column {
                self.caret = target.start + at;
                break;
            }
            used += cluster_width(cluster, ambiguous);
        }
        true
    }
}

/// May a drawn line end between these two? Words of letters stay whole, closing marks do not begin a line.
fn may_turn(left: &str, right: &str) -> bool {
    let word = |cluster: &str| cluster.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-');
    let one_word = word(left) && word(right);
    !one_word && !right.starts_with(['，', '。', '；', '：', '、', '！', '？', '）', '”', '》', ',', '.', ')', ' '])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str, multiline: bool) -> TextField {
        let mut field = if multiline { TextField::lines_of() } else { TextField::line() };
        field.insert(text);
        field
    }
    fn press(field: &mut TextField, keys: &str) {
        for key in keys.split_whitespace() {
            assert!(field.press(Chord::parse(key).unwrap()), "{key}");
        }
    }

    #[test]
    fn the_caret_moves_by_what_people_see_as_one_character() {
        let mut field = typed("稳e\u{301}x", false);
        press(&mut field, "left left");
        assert_eq!(field.caret(), "稳".len());
        press(&mut field, "delete");
        assert_eq!(field.text(), "稳x");
        press(&mut field, "backspace");
        assert_eq!(field.text(), "x");
        press(&mut field, "backspace");
        assert_eq!((field.text(), field.caret()), ("x", 0));
    }

    #[test]
    fn lines_turn_at_the_width_and_the_caret_follows() {
        let field = typed("网店购买电动车ABC，退款", true);
        let lines: Vec<&str> = field.wrapped(10, Ambiguous::One).into_iter().map(|line| &field.text()[line]).collect();
        assert_eq!(lines, ["网店购买电", "动车ABC，", "退款"]);
        assert_eq!(field.caret_at(10, Ambiguous::One), (2, 4));
    }

    #[test]
    fn up_and_down_keep_to_the_text_and_say_when_they_leave_it() {
        let mut field = typed("一二\n三四五", true);
        assert!(!field.move_lines(1, 20, Ambiguous::One));
        assert!(field.move_lines(-1, 20, Ambiguous::One));
        assert_eq!(field.caret(), "一二".len());
        assert!(!field.move_lines(-1, 20, Ambiguous::One));
    }

    #[test]
    fn pasted_escapes_become_visible() {
        assert_eq!(typed("a\x1b[31mb\nc", false).text(), "a␛[31mb c");
        assert!(!typed("\x1b]52;c;x\x07\n二", true).text().contains('\x1b'));
        assert_eq!(typed("一\r二\r\n三", true).text(), "一\n二\n三");
    }

    #[test]
    fn a_long_line_is_pasted_whole() {
        let long = "长".repeat(20_000);
        assert_eq!(typed(&long, true).text(), long);
        assert_eq!(typed(&"\u{80}".repeat(9_000), false).text(), "⟨U+0080⟩".repeat(9_000));
    }
}
