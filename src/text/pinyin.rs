//! 拼音 of single characters with every reading (多音字), as search needs it: without tones, ü written v.
//! Which reading fits a word is not decided here: all of them count.
use pinyin::ToPinyinMulti;
use std::{collections::HashMap, sync::LazyLock};

/// A set of initial letters, bit 0 = `a` … bit 25 = `z`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Initials(pub u32);

impl Initials {
    /// The set of one letter; empty for anything but `a`–`z`.
    pub const fn of(letter: u8) -> Self {
        if letter.is_ascii_lowercase() { Self(1 << (letter - b'a')) } else { Self(0) }
    }

    /// Whether `letter` (`a`–`z`) is among them.
    pub const fn contains(self, letter: u8) -> bool {
        self.0 & Self::of(letter).0 != 0
    }

    /// The only letter, when there is exactly one.
    pub const fn single(self) -> Option<u8> {
        if self.0.is_power_of_two() { Some(b'a' + self.0.trailing_zeros() as u8) } else { None }
    }
}

/// The first letters of all readings of `c`; empty when it has none.
pub fn initials(c: char) -> Initials {
    initials_of(syllables(c))
}

/// The first letters of `syllables`.
pub fn initials_of(syllables: &[&str]) -> Initials {
    Initials(syllables.iter().filter_map(|s| s.as_bytes().first()).fold(0, |set, letter| set | Initials::of(*letter).0))
}

/// All readings of `c`, each once, the usual one first; empty when it has none.
pub fn syllables(c: char) -> &'static [&'static str] {
    &READINGS.sets[usize::from(reading_set(c))]
}

/// The number of the set of readings of `c`: characters that sound alike in every reading share it. 0 has none.
pub fn reading_set(c: char) -> u16 {
    (c as usize).checked_sub(FIRST_HAN).and_then(|index| READINGS.set_of.get(index)).copied().unwrap_or(0)
}

/// Every set of readings, by its number.
pub fn reading_sets() -> &'static [Vec<&'static str>] {
    &READINGS.sets
}

const FIRST_HAN: usize = 0x3400;
const LAST_HAN: usize = 0x9FFF;

/// The readings of all common hanzi; rare ones beyond the basic plane have none in use.
struct Readings {
    set_of: Vec<u16>,
    sets: Vec<Vec<&'static str>>,
}

static READINGS: LazyLock<Readings> = LazyLock::new(|| {
    let mut table = Readings { set_of: Vec::with_capacity(LAST_HAN - FIRST_HAN + 1), sets: vec![Vec::new()] };
    let mut numbers: HashMap<Vec<&'static str>, u16> = HashMap::from([(Vec::new(), 0)]);
    for code in FIRST_HAN..=LAST_HAN {
        let readings = char::from_u32(code as u32).and_then(|c| c.to_pinyin_multi());
        let mut set: Vec<&'static str> = Vec::new();
        for syllable in readings.into_iter().flatten().filter_map(|reading| plain(reading.plain())) {
            if !set.contains(&syllable) {
                set.push(syllable);
            }
        }
        let next = table.sets.len() as u16;
        let number = *numbers.entry(set.clone()).or_insert(next);
        if number == next {
            table.sets.push(set);
        }
        table.set_of.push(number);
    }
    table
});

/// A syllable as it is typed; interjections without a vowel (`hm`, `ng`) are left out, no one looks up by them.
fn plain(syllable: &'static str) -> Option<&'static str> {
    match syllable {
        "lü" => Some("lv"),
        "nü" => Some("nv"),
        "lüe" => Some("lve"),
        "nüe" => Some("nve"),
        "ê" => Some("e"),
        other if other.is_ascii() && other.bytes().any(|b| matches!(b, b'a' | b'e' | b'i' | b'o' | b'u' | b'v')) => Some(other),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reading_counts() {
        for (c, wanted) in [('重', &["zhong", "chong"][..]), ('长', &["chang", "zhang"]), ('行', &["hang", "xing"]), ('还', &["hai", "huan"]), ('绿', &["lv"])] {
            for syllable in wanted {
                assert!(syllables(c).contains(syllable), "{c} {:?}", syllables(c));
            }
        }
        assert!(initials('重').contains(b'c') && initials('重').contains(b'z'));
        assert_eq!(initials('稳').single(), Some(b'w'));
        assert_eq!(initials('a'), Initials(0));
        assert!(syllables('😀').is_empty());
    }

    #[test]
    fn every_syllable_can_be_typed() {
        for syllable in reading_sets().iter().flatten() {
            assert!(syllable.bytes().all(|b| b.is_ascii_lowercase()) && syllable.len() <= 6, "{syllable}");
        }
        // Numbers of sets are u16 and the search index sets 128 of them aside.
        assert!((1000..60_000).contains(&reading_sets().len()), "{}", reading_sets().len());
    }
}
