//! Untrusted text made safe for a terminal, visibly: nothing that drives a terminal or hides text is dropped
//! silently, it becomes a picture (`␛`) or a marker (`⟨U+202E⟩`). Applied once, where data enters the console;
//! stored text stays raw. The classes of characters are in `characters`.
//!
//! Dropped without a mark, because they only choose between drawings of the character before them and make widths
//! differ from terminal to terminal: one variation selector after an emoji or a hanzi, and skin tones after an emoji.
//! Flags made of two regional letters become those letters: `⟨CN⟩`.
mod characters;

use characters::{
    conjoins, is_conjoining_jamo, is_emoji, is_han, is_hidden, is_letter_of_joining_script, is_mongolian_letter, is_plain,
    is_variation_selector,
};
use std::borrow::Cow;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The longest line shown, in bytes of UTF-8 with its tail; the rest is counted in the tail `…⟨+N⟩` (N characters).
pub const MAX_LINE_BYTES: usize = 16 * 1024;
/// The most combining marks shown on one base character; the rest is counted as `⟨+N⟩`.
pub const MAX_MARKS: usize = 8;
/// Room kept for the tail of a cut line: `…⟨+N⟩` with any N.
const TAIL_BYTES: usize = 32;

/// One line, safe to draw: line breaks and tabs are shown as pictures too. Borrows when nothing had to change.
/// Scrubbing twice changes nothing more.
pub fn scrub(text: &str) -> Cow<'_, str> {
    if text.len() <= MAX_LINE_BYTES && text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let safe = scrub_line(text, false);
    if safe == text { Cow::Borrowed(text) } else { Cow::Owned(safe) }
}

/// Several lines, safe to draw: `\n` (and `\r\n`) stays a line break, a tab becomes four spaces, every line is capped
/// by itself. Borrows when nothing had to change.
pub fn scrub_multiline(text: &str) -> Cow<'_, str> {
    let clean = |line: &str| line.len() <= MAX_LINE_BYTES && line.chars().all(is_plain);
    if text.split('\n').all(clean) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 16);
    let mut rest = Some(text);
    while let Some(current) = rest {
        let (line, more) = match current.split_once('\n') {
            Some((line, more)) => (line.strip_suffix('\r').unwrap_or(line), Some(more)),
            None => (current, None),
        };
        if clean(line) {
            safe.push_str(line);
        } else {
            safe.push_str(&scrub_line(line, true));
        }
        if more.is_some() {
            safe.push('\n');
        }
        rest = more;
    }
    if safe == text { Cow::Borrowed(text) } else { Cow::Owned(safe) }
}

/// The line being written and what the next character's fate depends on.
struct Writer {
    out: String,
    /// The last character written as itself, or `⟩` after a marker; none at the start of the line.
    before: Option<char>,
    marks: usize,
    excess: usize,
    selector_dropped: bool,
}

impl Writer {
    fn keep(&mut self, c: char) {
        self.out.push(c);
        self.before = Some(c);
        self.selector_dropped = false;
    }

    fn base(&mut self, c: char) {
        self.keep(c);
        self.marks = 0;
    }

    fn note(&mut self, inside: &str) {
        self.out.push('⟨');
        self.out.push_str(inside);
        self.base('⟩');
    }

    fn marker(&mut self, c: char) {
        self.note(&format!("U+{:04X}", c as u32));
    }

    /// A mark joins its base, up to the cap.
    fn mark(&mut self, c: char) {
        if self.marks < MAX_MARKS {
            self.marks += 1;
            self.keep(c);
        } else {
            self.excess += 1;
        }
    }

    fn settle_excess(&mut self) {
        if self.excess > 0 {
            let count = std::mem::take(&mut self.excess);
            self.note(&format!("+{count}"));
        }
    }
}

fn scrub_line(line: &str, tabs_to_spaces: bool) -> String {
    let head = &line[..line.floor_char_boundary(MAX_LINE_BYTES)];
    let safe = settle_widths(scrub_characters(head, tabs_to_spaces));
    let unseen = line[head.len()..].chars().count();
    if unseen == 0 && safe.len() <= MAX_LINE_BYTES {
        return safe;
    }
    let mut end = 0;
    for (start, cluster) in safe.grapheme_indices(true) {
        if start + cluster.len() > MAX_LINE_BYTES - TAIL_BYTES {
            break;
        }
        end = start + cluster.len();
    }
    // A joiner left at the cut would join the tail.
    let kept = safe[..end].trim_end_matches(['\u{200C}', '\u{200D}']);
    let cut = safe[kept.len()..].chars().count() + unseen;
    format!("{kept}…⟨+{cut}⟩")
}

fn scrub_characters(line: &str, tabs_to_spaces: bool) -> String {
    let mut writer = Writer { out: String::with_capacity(line.len() + 16), before: None, marks: 0, excess: 0, selector_dropped: false };
    let mut characters = line.chars().peekable();
    while let Some(c) = characters.next() {
        let joins = is_combining_mark(c) && !is_hidden(c) && !is_variation_selector(c) || is_conjoining_jamo(c);
        if !joins {
            writer.settle_excess();
        }
        match c {
            '\t' if tabs_to_spaces => (0..4).for_each(|_| writer.base(' ')),
            '\0'..='\x1F' => writer.base(char::from_u32(0x2400 + c as u32).unwrap_or('␦')),
            '\x7F' => writer.base('␡'),
            '\u{1F1E6}'..='\u{1F1FF}' => {
                let mut letters = String::from(regional_letter(c));
                while let Some(next) = characters.next_if(|next| ('\u{1F1E6}'..='\u{1F1FF}').contains(next)) {
                    letters.push(regional_letter(next));
                }
                writer.note(&letters);
            }
            '\u{1F3FB}'..='\u{1F3FF}' => {
                if !writer.before.is_some_and(is_emoji) {
                    writer.marker(c);
                }
            }
            '\u{200C}' | '\u{200D}' => {
                let joined = writer.before.is_some_and(|b| is_letter_of_joining_script(b, true))
                    && characters.peek().is_some_and(|next| is_letter_of_joining_script(*next, false));
                if joined {
                    writer.keep(c);
                } else {
                    writer.marker(c);
                }
            }
            _ if is_variation_selector(c) => {
                let chooses = writer.marks == 0 && !writer.selector_dropped && writer.before.is_some_and(|b| is_emoji(b) || is_han(b));
                if chooses {
                    writer.selector_dropped = true;
                } else {
                    writer.marker(c);
                }
            }
            '\u{180B}'..='\u{180D}' | '\u{180F}' if writer.before.is_some_and(is_mongolian_letter) => writer.mark(c),
            _ if is_hidden(c) => writer.marker(c),
            _ if is_conjoining_jamo(c) => match writer.before {
                Some(before) if writer.excess > 0 || conjoins(before, c) => writer.mark(c),
                _ => {
                    writer.settle_excess();
                    writer.marker(c);
                }
            },
            _ if joins => match writer.before {
                Some(_) => writer.mark(c),
                None => writer.marker(c),
            },
            _ if UnicodeWidthChar::width(c).is_none_or(|cells| cells == 0) => writer.marker(c),
            _ => writer.base(c),
        }
    }
    writer.settle_excess();
    writer.out
}

fn regional_letter(c: char) -> char {
    char::from_u32(c as u32 - 0x1F1E6 + u32::from(b'A')).unwrap_or('?')
}

/// The last net: a cluster whose width is not the sum of its characters (ligatures some terminals form and others do
/// not) keeps its first character, the others become markers. Then every terminal agrees on the width.
fn settle_widths(safe: String) -> String {
    let one = |text: &str| text.chars().map(|c| UnicodeWidthChar::width(c).unwrap_or(0)).sum::<usize>();
    let two = |text: &str| text.chars().map(|c| UnicodeWidthChar::width_cjk(c).unwrap_or(0)).sum::<usize>();
    let agreed = |cluster: &str| {
        cluster.len() == 1 || (UnicodeWidthStr::width(cluster) == one(cluster) && UnicodeWidthStr::width_cjk(cluster) == two(cluster))
    };
    if safe.graphemes(true).all(agreed) {
        return safe;
    }
    let mut settled = String::with_capacity(safe.len() + 16);
    for cluster in safe.graphemes(true) {
        if agreed(cluster) {
            settled.push_str(cluster);
            continue;
        }
        for (at, c) in cluster.chars().enumerate() {
            if at == 0 {
                settled.push(c);
            } else {
                settled.push_str(&format!("⟨U+{:04X}⟩", c as u32));
            }
        }
    }
    settled
}

#[cfg(test)]
mod tests;
