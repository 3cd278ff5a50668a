//! Width in terminal cells, and cutting, padding and wrapping by it. Works on scrubbed text (see `scrub`);
//! colours and styles are not known here.
use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// How many cells the terminal gives a character of ambiguous width such as `…` or `→` (setting `ambiguous`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ambiguous {
    /// One cell, as most terminals draw it.
    #[default]
    One,
    /// Two cells, as some Chinese terminals draw it.
    Two,
}

impl Ambiguous {
    /// The cut mark, always one cell wide: `…`, or `~` where `…` would take two cells.
    pub const fn cut_mark(self) -> &'static str {
        match self {
            Self::One => "…",
            Self::Two => "~",
        }
    }
}

/// A stretch of text that is not parted while it fits on a line.
struct Piece<'a> {
    text: &'a str,
    cells: usize,
    space: bool,
}

/// Width of one grapheme cluster in cells.
pub fn cluster_width(cluster: &str, ambiguous: Ambiguous) -> usize {
    match ambiguous {
        Ambiguous::One => UnicodeWidthStr::width(cluster),
        Ambiguous::Two => UnicodeWidthStr::width_cjk(cluster),
    }
}

/// Display width of `text` in cells, summed over grapheme clusters because a screen cell holds one cluster.
pub fn width(text: &str, ambiguous: Ambiguous) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    // Han, kana, full-width forms and ASCII never join into clusters, so their widths can be added one by one.
    if text.chars().all(never_joins) {
        let one = |c: char| match ambiguous {
            Ambiguous::One => UnicodeWidthChar::width(c),
            Ambiguous::Two => UnicodeWidthChar::width_cjk(c),
        };
        return text.chars().map(|c| one(c).unwrap_or(1)).sum();
    }
    text.graphemes(true).map(|g| cluster_width(g, ambiguous)).sum()
}

/// `text` if it fits into `cells`, else its head and the cut mark, exactly `cells` wide. A wide character is never
/// halved: the odd cell left over becomes a space after the mark.
pub fn truncate(text: &str, cells: usize, ambiguous: Ambiguous) -> Cow<'_, str> {
    // No cluster is longer than it is wide only for ASCII, so the shortcut asks for ASCII.
    if text.is_ascii() && text.len() <= cells {
        return Cow::Borrowed(text);
    }
    let Some(room) = cells.checked_sub(1) else {
        return Cow::Borrowed("");
    };
    let (mut used, mut kept_end, mut kept_cells) = (0, 0, 0);
    for (start, cluster) in text.grapheme_indices(true) {
        used += cluster_width(cluster, ambiguous);
        if used <= room {
            (kept_end, kept_cells) = (start + cluster.len(), used);
        }
        if used > cells {
            let mut cut = String::with_capacity(kept_end + 4);
            cut.push_str(&text[..kept_end]);
            cut.push_str(ambiguous.cut_mark());
            cut.extend(std::iter::repeat_n(' ', room - kept_cells));
            return Cow::Owned(cut);
        }
    }
    Cow::Borrowed(text)
}

/// `text` cut or filled with spaces to exactly `cells`.
pub fn pad_right(text: &str, cells: usize, ambiguous: Ambiguous) -> String {
    let mut padded = truncate(text, cells, ambiguous).into_owned();
    let missing = cells.saturating_sub(width(&padded, ambiguous));
    padded.extend(std::iter::repeat_n(' ', missing));
    padded
}

/// Lines of at most `cells` each; `\n` always ends a line, an empty text gives one empty line. Hanzi break anywhere,
/// Latin words and numbers stay whole while they fit, closing punctuation does not begin a line, opening punctuation
/// does not end one. Below two cells a wide character cannot be drawn and becomes the cut mark.
pub fn wrap(text: &str, cells: usize, ambiguous: Ambiguous) -> Vec<String> {
    let cells = cells.max(1);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        wrap_paragraph(paragraph, cells, ambiguous, &mut lines);
    }
    lines
}

fn wrap_paragraph(paragraph: &str, cells: usize, ambiguous: Ambiguous, lines: &mut Vec<String>) {
    let mut line = String::new();
    let mut used = 0;
    // Spaces wait: they are drawn only if something follows them on the same line.
    let mut waiting = String::new();
    for piece in pieces(paragraph, ambiguous) {
        if piece.space {
            waiting.push_str(piece.text);
            continue;
        }
        let gap = width(&waiting, ambiguous);
        if used + gap + piece.cells <= cells {
            line.push_str(&waiting);
            line.push_str(piece.text);
            used += gap + piece.cells;
        } else {
            // The gap goes with the break; an indent wider than the line is dropped too.
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            used = 0;
            for cluster in piece.text.graphemes(true) {
                let (drawn, wide) = match cluster_width(cluster, ambiguous) {
                    wide if wide > cells => (ambiguous.cut_mark(), 1),
                    wide => (cluster, wide),
                };
                if used + wide > cells {
                    lines.push(std::mem::take(&mut line));
                    used = 0;
                }
                line.push_str(drawn);
                used += wide;
            }
        }
        waiting.clear();
    }
    lines.push(line);
}

/// Cuts a paragraph into pieces between which a line may break.
fn pieces(paragraph: &str, ambiguous: Ambiguous) -> Vec<Piece<'_>> {
    let mut list: Vec<Piece<'_>> = Vec::new();
    let mut start = 0;
    let mut before: Option<&str> = None;
    for (at, cluster) in paragraph.grapheme_indices(true) {
        if let Some(last) = before
            && may_break(last, cluster)
        {
            list.push(piece(&paragraph[start..at], ambiguous));
            start = at;
        }
        before = Some(cluster);
    }
    if start < paragraph.len() {
        list.push(piece(&paragraph[start..], ambiguous));
    }
    list
}

fn piece(text: &str, ambiguous: Ambiguous) -> Piece<'_> {
    Piece { text, cells: width(text, ambiguous), space: text.chars().all(is_space) }
}

fn may_break(left: &str, right: &str) -> bool {
    let (Some(l), Some(r)) = (left.chars().next_back(), right.chars().next()) else {
        return true;
    };
    match (is_space(l), is_space(r)) {
        (true, true) => false,
        (false, false) => {
            if is_closing(r) || is_opening(l) {
                return false;
            }
            never_joins_words(l) || never_joins_words(r)
        }
        _ => true,
    }
}

const fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\u{3000}' | '\t')
}

/// Punctuation that may not begin a line (避头).
const fn is_closing(c: char) -> bool {
    matches!(
        c,
        '，' | '。' | '；' | '：' | '、' | '！' | '？' | '）' | '」' | '』' | '》' | '〉' | '】' | '〕' | '”' | '’'
            | '…' | '％' | '·' | ',' | '.' | ';' | ':' | '!' | '?' | ')' | ']' | '}' | '%'
    )
}

/// Punctuation that may not end a line (避尾).
const fn is_opening(c: char) -> bool {
    matches!(c, '（' | '「' | '『' | '《' | '〈' | '【' | '〔' | '“' | '‘' | '(' | '[' | '{')
}

/// Scripts written without spaces: a line may break on either side of these.
const fn never_joins_words(c: char) -> bool {
    matches!(c as u32, 0x2E80..=0x30FF | 0x3105..=0x9FFF | 0xF900..=0xFAFF | 0xFE30..=0xFE4F | 0xFF00..=0xFF65 | 0x1F000..=0x1FAFF | 0x20000..=0x3FFFF)
}

/// Characters that never take part in a cluster of more than one character by themselves.
const fn never_joins(c: char) -> bool {
    matches!(c as u32, 0x20..=0x7E | 0x3000..=0x3029 | 0x3031..=0x303C | 0x3041..=0x3096 | 0x30A0..=0x30FF
        | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xFF01..=0xFF60 | 0x2010..=0x2027 | 0x20000..=0x323AF)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    const ONE: Ambiguous = Ambiguous::One;

    #[test]
    fn widths() {
        for (text, one, two) in
            [("abc", 3, 3), ("稳岗返还", 8, 8), ("a…b", 3, 4), ("ｅ\u{301}", 2, 2), ("e\u{301}", 1, 1), ("😀", 2, 2), ("𠮷", 2, 2), ("ئۇيغۇر", 6, 6)]
        {
            assert_eq!((width(text, ONE), width(text, Ambiguous::Two)), (one, two), "{text}");
        }
    }

    #[test]
    fn a_cut_never_halves_a_hanzi() {
        assert_eq!(truncate("稳岗返还", 8, ONE), "稳岗返还");
        assert_eq!(truncate("稳岗返还", 7, ONE), "稳岗返…");
        assert_eq!(truncate("稳岗返还", 6, ONE), "稳岗… ");
        assert_eq!(truncate("稳岗返还", 6, Ambiguous::Two), "稳岗~ ");
        assert_eq!(truncate("稳岗", 1, ONE), "…");
        assert_eq!(truncate("稳岗", 0, ONE), "");
        assert_eq!(pad_right("稳", 4, ONE), "稳  ");
        assert_eq!(pad_right("稳岗返", 4, ONE), "稳… ");
    }

    #[test]
    fn closing_marks_do_not_begin_a_line() {
        assert_eq!(wrap("稳岗返还，请申报。", 8, ONE), ["稳岗返", "还，请申", "报。"]);
        assert_eq!(wrap("见（附件）", 5, ONE), ["见", "（附", "件）"]);
        assert_eq!(wrap("call hotline now", 8, ONE), ["call", "hotline", "now"]);
        assert_eq!(wrap("abcdefghij", 4, ONE), ["abcd", "efgh", "ij"]);
        assert_eq!(wrap("一\n\n二", 4, ONE), ["一", "", "二"]);
        assert_eq!(wrap("", 4, ONE), [""]);
        assert_eq!(wrap("稳岗", 1, ONE), ["…", "…"]);
    }

    proptest! {
        #[test]
        fn wrapped_lines_fit_and_lose_nothing(text in "[a-z稳岗，。（） 　😀\n]{0,60}", cells in 2usize..20) {
            let lines = wrap(&text, cells, ONE);
            for line in &lines {
                prop_assert!(width(line, ONE) <= cells, "{line:?}");
            }
            let bare = |s: &str| s.chars().filter(|c| !is_space(*c) && *c != '\n').collect::<String>();
            prop_assert_eq!(bare(&lines.concat()), bare(&text));
        }

        #[test]
        fn a_cut_is_exact(text in "\\PC{0,40}", cells in 0usize..30) {
            let cut = truncate(&text, cells, ONE);
            prop_assert!(width(&cut, ONE) <= cells);
            if cut != text {
                prop_assert_eq!(width(&cut, ONE), cells);
            }
        }
    }
}
