//! A text being typed: one line or several, with a caret that never stands inside a character people see as one.
//! Knows widths, because a caret moves by drawn lines; draws nothing.
use crate::console::keymap::{Chord, Key, Named};
use crate::text::scrub::{scrub, scrub_multiline};
use crate::text::width::{Ambiguous, cluster_width};
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// Bytes scrubbed at once; their markers fit the longest line of [`scrub`].
const PIECE: usize = 1024;

/// Steps that can be taken back, and the bytes they may take in all.
const STEPS: usize = 200;
const STEP_BYTES: usize = 1 << 20;

/// What an edit was: those of one kind in a row are one step back.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Edit {
    /// A character.
    Typed,
    /// A character taken out.
    Erased,
    /// Anything larger, or a caret that has moved since.
    #[default]
    Whole,
}

/// 输入 (field of text).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextField {
    text: String,
    caret: usize,
    multiline: bool,
    /// Where two drawn lines part, the caret stands at the end of the upper one.
    leans_back: bool,
    last: Edit,
    /// Text and caret before each step, and those that were taken back.
    past: Vec<(String, usize)>,
    future: Vec<(String, usize)>,
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
        (self.caret, self.leans_back, self.last) = (self.text.len(), false, Edit::Whole);
        self.past.clear();
        self.future.clear();
    }

    /// Puts in what was typed once before: scrubbed again, and nothing to take back.
    pub fn load(&mut self, text: &str) {
        self.insert(text);
        self.past.clear();
        self.last = Edit::Whole;
    }

    /// Before an edit: what there was.
    fn remember(&mut self, edit: Edit) {
        self.leans_back = false;
        self.future.clear();
        if edit == Edit::Whole || edit != self.last {
            self.past.push((self.text.clone(), self.caret));
            let mut bytes: usize = self.past.iter().map(|(text, _)| text.len()).sum();
            let over = self.past.iter().take_while(|(text, _)| {
                let over = bytes > STEP_BYTES;
                bytes -= text.len();
                over
            });
            let over = over.count().max(self.past.len().saturating_sub(STEPS));
            self.past.drain(..over);
        }
        self.last = edit;
    }

    /// 撤回: the text as it was before the last step. False where there is none.
    pub fn undo(&mut self) -> bool {
        let Some((text, caret)) = self.past.pop() else { return false };
        self.future.push((std::mem::replace(&mut self.text, text), std::mem::replace(&mut self.caret, caret)));
        (self.last, self.leans_back) = (Edit::Whole, false);
        true
    }

    /// The step that was taken back last, again.
    pub fn redo(&mut self) -> bool {
        let Some((text, caret)) = self.future.pop() else { return false };
        self.past.push((std::mem::replace(&mut self.text, text), std::mem::replace(&mut self.caret, caret)));
        (self.last, self.leans_back) = (Edit::Whole, false);
        true
    }

    /// The caret to the beginning.
    pub fn to_start(&mut self) {
        (self.caret, self.leans_back, self.last) = (0, false, Edit::Whole);
    }

    /// Where the caret stands, in bytes.
    pub fn caret(&self) -> usize {
        self.caret
    }

    /// Types or pastes. Pasted text is as untrusted as any other: what drives a terminal becomes visible.
    pub fn insert(&mut self, text: &str) {
        if !text.is_empty() {
            self.remember(Edit::Whole);
            self.put(text);
        }
    }

    fn put(&mut self, text: &str) {
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

    fn word_after(&self) -> usize {
        let words = self.text[self.caret..].split_word_bound_indices();
        words.map(|(at, word)| (self.caret + at + word.len(), word)).find(|(_, word)| !word.trim().is_empty()).map_or(self.text.len(), |(end, _)| end)
    }

    /// An editing key. False where the key means nothing to a text, so that the pane may have it.
    pub fn press(&mut self, chord: Chord) -> bool {
        if let (true, Key::Char(character)) = (chord.types_text(), chord.key) {
            // A word at a time is taken back, not a paragraph.
            self.remember(if character.is_whitespace() || "，。；：！？,.;:!?".contains(character) { Edit::Whole } else { Edit::Typed });
            self.put(character.encode_utf8(&mut [0; 4]));
            return true;
        }
        let plain = !chord.ctrl && !chord.alt;
        let word = chord.ctrl != chord.alt;
        let (caret, edits) = (self.caret, self.past.len());
        match chord.key {
            Key::Named(Named::Enter) if plain && self.multiline => self.insert("\n"),
            Key::Named(Named::Backspace) if plain => self.erase(self.before()..self.caret),
            Key::Named(Named::Delete) if plain => self.erase(self.caret..self.after()),
            Key::Named(Named::Left) if plain => self.caret = self.before(),
            Key::Named(Named::Right) if plain => self.caret = self.after(),
            Key::Named(Named::Left) if word => self.caret = self.word_before(),
            Key::Named(Named::Right) if word => self.caret = self.word_after(),
            Key::Named(Named::Home) if chord.ctrl => self.caret = 0,
            Key::Named(Named::End) if chord.ctrl => self.caret = self.text.len(),
            Key::Named(Named::Home) if plain => self.caret = self.text[..self.caret].rfind('\n').map_or(0, |at| at + 1),
            Key::Named(Named::End) if plain => self.caret = self.text[self.caret..].find('\n').map_or(self.text.len(), |at| self.caret + at),
            Key::Char('a') if chord.ctrl && !chord.alt => self.caret = 0,
            Key::Char('e') if chord.ctrl && !chord.alt => self.caret = self.text.len(),
            Key::Char('w') if chord.ctrl && !chord.alt => self.erase(self.word_before()..self.caret),
            Key::Char('u') if chord.ctrl && !chord.alt => self.erase(0..self.caret),
            _ => return false,
        }
        if self.caret != caret && self.past.len() == edits && !matches!(chord.key, Key::Named(Named::Backspace | Named::Delete)) {
            (self.last, self.leans_back) = (Edit::Whole, false);
        }
        true
    }

    fn erase(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        let one = self.text[range.clone()].graphemes(true).count() == 1;
        self.remember(if one { Edit::Erased } else { Edit::Whole });
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
        let upper = line.checked_sub(1).filter(|upper| self.leans_back && lines[*upper].end == self.caret);
        let line = upper.unwrap_or(line);
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
        (self.last, self.leans_back) = (Edit::Whole, true);
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

impl TextField {
    /// To the beginning or the end of the drawn line.
    pub fn line_edge(&mut self, end: bool, cells: usize, ambiguous: Ambiguous) {
        let (line, _) = self.caret_at(cells, ambiguous);
        let Some(line) = self.wrapped(cells, ambiguous).get(line).cloned() else { return };
        self.caret = if end { line.end } else { line.start };
        (self.last, self.leans_back) = (Edit::Whole, end);
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
    fn home_and_end_keep_to_the_drawn_line() {
        let mut field = typed("网店购买电动车退款", true);
        assert_eq!(field.caret_at(10, Ambiguous::One), (1, 8));
        field.move_lines(-1, 10, Ambiguous::One);
        field.line_edge(true, 10, Ambiguous::One);
        assert_eq!(field.caret_at(10, Ambiguous::One), (0, 10), "the end of the upper line, not the beginning of the lower");
        field.insert("，");
        assert_eq!(field.text(), "网店购买电，动车退款");
        field.line_edge(false, 10, Ambiguous::One);
        assert_eq!(field.caret_at(10, Ambiguous::One).1, 0);
    }

    #[test]
    fn words_are_stepped_over_in_both_scripts() {
        let mut field = typed("call 12345 东城区", true);
        press(&mut field, "ctrl-home ctrl-right ctrl-right");
        assert_eq!(field.caret(), "call 12345".len());
        press(&mut field, "alt-left");
        assert_eq!(field.caret(), "call ".len());
        press(&mut field, "ctrl-end");
        assert_eq!(field.caret(), field.text().len());
    }

    #[test]
    fn steps_are_taken_back_and_done_again_and_a_paste_is_one() {
        let mut field = typed("", true);
        for character in "路面积水，深".chars() {
            press(&mut field, &character.to_string());
        }
        field.insert("粘贴的\n两行");
        press(&mut field, "backspace backspace");
        let mut seen = vec![field.text().to_owned()];
        while field.undo() {
            seen.push(field.text().to_owned());
        }
        assert_eq!(seen, ["路面积水，深粘贴的\n", "路面积水，深粘贴的\n两行", "路面积水，深", "路面积水，", "路面积水", ""]);
        while field.redo() {}
        assert_eq!(field.text(), seen[0]);
        field.undo();
        press(&mut field, "x");
        assert!(!field.redo(), "what was typed since stands");
    }

    #[test]
    fn a_text_that_was_loaded_is_not_taken_back() {
        let mut field = TextField::lines_of();
        field.load("昨天写的");
        assert!(!field.undo());
        assert_eq!(field.text(), "昨天写的");
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
