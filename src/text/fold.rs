//! Folding for comparison: what a person would call the same text becomes the same text. NFKC (full width to half),
//! lower case, 繁体 to 简体 character by character. Not for showing: folding loses distinctions on purpose.
use ferrous_opencc::{OpenCC, config::BuiltinConfig};
use std::collections::HashMap;
use std::sync::LazyLock;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// Folded text and the way back to the characters it came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// The folded text.
    pub text: String,
    /// For each character of `text`, the index (in characters) of the original it came from; none when every
    /// character became exactly one character, so that the indices are equal.
    pub origin: Option<Vec<u32>>,
}

impl Folded {
    /// The original character index of the folded character index `at`.
    pub fn original(&self, at: usize) -> usize {
        self.origin.as_ref().and_then(|map| map.get(at)).map_or(at, |original| *original as usize)
    }
}

/// Folds `text` and keeps the way back.
pub fn fold(text: &str) -> Folded {
    let mut folder = Folder::default();
    folder.text.reserve(text.len());
    let mut characters = text.chars().peekable();
    let mut at = 0;
    while let Some(c) = characters.next() {
        let marked = characters.peek().is_some_and(|next| needs_composition(*next));
        if !marked && let Some(simple) = fold_simple(c) {
            folder.push(simple, at);
            at += 1;
            continue;
        }
        // A base and its marks are normalised together; the whole cluster points back to its base.
        let mut cluster = String::from(c);
        let mut length = 1;
        while let Some(mark) = characters.next_if(|next| needs_composition(*next)) {
            cluster.push(mark);
            length += 1;
        }
        for normal in cluster.nfkc() {
            for lower in normal.to_lowercase() {
                folder.push(simplify(lower), at);
            }
        }
        at += length;
    }
    let identical = folder.identical && folder.origin.len() == at as usize;
    Folded { text: folder.text, origin: (!identical).then_some(folder.origin) }
}

/// Folds `text` when the way back is not needed.
pub fn fold_text(text: &str) -> String {
    fold(text).text
}

struct Folder {
    text: String,
    origin: Vec<u32>,
    identical: bool,
}

impl Default for Folder {
    fn default() -> Self {
        Self { text: String::new(), origin: Vec::new(), identical: true }
    }
}

impl Folder {
    fn push(&mut self, c: char, original: u32) {
        self.identical &= self.origin.len() == original as usize;
        self.text.push(c);
        self.origin.push(original);
    }
}

fn needs_composition(c: char) -> bool {
    c as u32 >= 0x300 && !matches!(c as u32, 0x3400..=0x9FFF) && (is_combining_mark(c) || matches!(c as u32, 0x1161..=0x11FF | 0xFF9E | 0xFF9F))
}

/// The frequent cases, which normalisation leaves as one character.
fn fold_simple(c: char) -> Option<char> {
    match c as u32 {
        0x20..=0x7E => Some(c.to_ascii_lowercase()),
        0x3400..=0x4DBF | 0x4E00..=0x9FFF => Some(simplify(c)),
        0x3001..=0x3029 => Some(c),
        0x3000 => Some(' '),
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).map(|half| half.to_ascii_lowercase()),
        _ => None,
    }
}

/// 繁体 to 简体 for one character; characters that have no simpler form stay.
pub fn simplify(c: char) -> char {
    if (c as u32) < FIRST_HAN {
        return c;
    }
    let table = &*SIMPLER;
    match table.common.get(c as usize - FIRST_HAN as usize) {
        Some(0) => c,
        Some(simple) => char::from_u32(u32::from(*simple)).unwrap_or(c),
        None => table.rare.get(&c).copied().unwrap_or(c),
    }
}

const FIRST_HAN: u32 = 0x3400;
const LAST_COMMON_HAN: u32 = 0x9FFF;

/// The converter's own dictionary, asked once for every character, so that each later question is one array access.
struct Simpler {
    common: Vec<u16>,
    rare: HashMap<char, char>,
}

static SIMPLER: LazyLock<Simpler> = LazyLock::new(|| {
    let mut table = Simpler { common: vec![0; (LAST_COMMON_HAN - FIRST_HAN + 1) as usize], rare: HashMap::new() };
    // invariant: the conversion is compiled in (feature t2s-conversion); without it text is compared as written.
    let Ok(converter) = OpenCC::from_config(BuiltinConfig::T2s) else {
        return table;
    };
    // One call for all of them, kept apart by line ends so that no phrase rule joins two of them.
    let all: String = (FIRST_HAN..=LAST_COMMON_HAN).chain(0x20000..=0x323AF).filter_map(char::from_u32).flat_map(|c| [c, '\n']).collect();
    for (from, to) in all.lines().zip(converter.convert(&all).lines()) {
        let (mut from, mut to) = (from.chars(), to.chars());
        let (Some(from), Some(simple), None) = (from.next(), to.next(), to.next()) else {
            continue;
        };
        if from == simple {
            continue;
        }
        let index = from as usize - FIRST_HAN as usize;
        match (table.common.get_mut(index), u16::try_from(simple as u32)) {
            (Some(cell), Ok(code)) => *cell = code,
            (Some(_), Err(_)) => {}
            (None, _) => {
                table.rare.insert(from, simple);
            }
        }
    }
    table
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_for_a_person_is_the_same() {
        for (raw, folded) in [
            ("穩崗返還", "稳岗返还"),
            ("ＡＢＣ１２３", "abc123"),
            ("Ｋ０４１２", "k0412"),
            ("社會保險", "社会保险"),
            ("重慶", "重庆"),
            ("É", "é"),
            ("E\u{301}", "é"),
            ("㎡", "m2"),
            ("　", " "),
            ("，", ","),
            ("𠮷", "𠮷"),
            ("ﬁ", "fi"),
            ("", ""),
        ] {
            assert_eq!(fold_text(raw), folded, "{raw}");
        }
    }

    #[test]
    fn the_way_back() {
        assert_eq!(fold("穩崗").origin, None);
        let folded = fold("㎡e\u{301}岗");
        assert_eq!(folded.text, "m2é岗");
        assert_eq!(folded.origin, Some(vec![0, 0, 1, 3]));
        assert_eq!(folded.original(3), 3);
    }

    #[test]
    fn load_cost() {
        let start = std::time::Instant::now();
        LazyLock::force(&SIMPLER);
        eprintln!("traditional to simplified table: {:?}", start.elapsed());
        assert!(SIMPLER.common.iter().filter(|c| **c != 0).count() > 2000);
    }

    proptest::proptest! {
        #[test]
        fn folding_points_into_the_original(raw in proptest::prelude::any::<String>()) {
            let folded = fold(&raw);
            let length = raw.chars().count();
            for at in 0..folded.text.chars().count() {
                proptest::prop_assert!(folded.original(at) < length);
            }
        }
    }
}
