//! Matching by sound, bit-parallel: bit p of a state means "the first p characters of the term are heard". One sweep
//! over a title's sounds tries every start and every reading at once. Which titles are worth it is decided in `judge`.
use crate::text::pinyin::{Initials, initials_of, reading_set, reading_sets};
use std::{collections::HashMap, sync::LazyLock};

/// Sounds below this are ASCII characters that sound as they are written; 0 has no sound.
const FIRST_SET: u16 = 128;

/// The sound of a folded character: itself for ASCII, its set of readings for a hanzi, 0 for anything else.
pub(super) fn of(c: char) -> u16 {
    match reading_set(c) {
        0 if c.is_ascii() => c as u16,
        0 => 0,
        set => FIRST_SET + set,
    }
}

/// The letters a sound may begin with.
pub(super) fn initials(sound: u16) -> Initials {
    match sound.checked_sub(FIRST_SET) {
        Some(set) => SPEECH.initials[usize::from(set)],
        None => Initials::of(sound as u8),
    }
}

/// Letters that in pinyin can only begin a syllable: a term that has one is heard only where it is an initial.
pub(super) fn only_initial() -> u32 {
    SPEECH.only_initial
}

/// All syllables numbered, and each set of readings as numbers.
struct Speech {
    syllables: Vec<&'static str>,
    sets: Vec<Vec<u16>>,
    initials: Vec<Initials>,
    only_initial: u32,
}

static SPEECH: LazyLock<Speech> = LazyLock::new(|| {
    let mut numbers: HashMap<&'static str, u16> = HashMap::new();
    let mut speech = Speech { syllables: Vec::new(), sets: Vec::new(), initials: Vec::new(), only_initial: (1 << 26) - 1 };
    for set in reading_sets() {
        let mut numbered = Vec::new();
        for syllable in set {
            let next = speech.syllables.len() as u16;
            let number = *numbers.entry(*syllable).or_insert(next);
            if number == next {
                speech.syllables.push(*syllable);
                for letter in &syllable.as_bytes()[1..] {
                    speech.only_initial &= !Initials::of(*letter).0;
                }
            }
            numbered.push(number);
        }
        speech.initials.push(initials_of(set));
        speech.sets.push(numbered);
    }
    speech
});

/// One term made ready for listening.
pub(super) struct Listener {
    length: u32,
    /// By sound: positions whose character is an initial of it, or it itself for ASCII.
    letter: Vec<u64>,
    /// By sound: positions from which it can go on in any way, so that most sounds of most titles are passed over
    /// with one look.
    any: Vec<u64>,
    /// Characters of the term that are no ASCII, with their positions.
    written: Vec<(char, u64)>,
    heard: Vec<Heard>,
}

/// Where one syllable can be heard in the term.
#[derive(Clone, Copy, Default)]
struct Heard {
    /// Positions where it stands whole.
    whole: u64,
    /// Its length in letters.
    length: u32,
    /// Positions where its two-letter initial (`zh`, `ch`, `sh`) stands.
    double: u64,
    /// Positions from which the rest of the term is a beginning of it.
    unfinished: u64,
}

impl Listener {
    /// Prepares `term` (folded, no spaces, at most 63 characters, not empty).
    pub fn new(term: &str) -> Self {
        let characters: Vec<char> = term.chars().collect();
        let mut by_letter = vec![0_u64; usize::from(FIRST_SET)];
        for (at, c) in characters.iter().enumerate().filter(|(_, c)| c.is_ascii()) {
            by_letter[*c as usize] |= 1 << at;
        }
        let mut letter = by_letter.clone();
        letter[0] = 0;
        letter.extend(SPEECH.initials.iter().map(|set| {
            let (mut left, mut all) = (set.0, 0);
            while left != 0 {
                all |= by_letter[b'a' as usize + left.trailing_zeros() as usize];
                left &= left - 1;
            }
            all
        }));
        let mut written: Vec<(char, u64)> = Vec::new();
        for (at, c) in characters.iter().enumerate().filter(|(_, c)| !c.is_ascii()) {
            match written.iter_mut().find(|(known, _)| known == c) {
                Some((_, set)) => *set |= 1 << at,
                None => written.push((*c, 1 << at)),
            }
        }
        let rests: Vec<&str> = term.char_indices().map(|(start, _)| &term[start..]).collect();
        let heard: Vec<Heard> = SPEECH.syllables.iter().map(|syllable| heard(syllable, &rests)).collect();
        let mut any = letter.clone();
        for (set, positions) in SPEECH.sets.iter().zip(&mut any[usize::from(FIRST_SET)..]) {
            for syllable in set {
                let heard = heard[usize::from(*syllable)];
                *positions |= heard.whole | heard.double | heard.unfinished;
            }
        }
        Self { length: characters.len() as u32, letter, any, written, heard }
    }

    /// Characters of the term.
    pub fn length(&self) -> usize {
        self.length as usize
    }

    /// The first title character of the earliest run of initials that spells the term.
    pub fn initials(&self, sounds: &[u16]) -> Option<usize> {
        let done = 1_u64 << (self.length - 1);
        let mut state = 0_u64;
        for (at, sound) in sounds.iter().enumerate() {
            state = (state << 1 | 1) & self.letter[usize::from(*sound)];
            if state & done != 0 {
                return Some(at + 1 - self.length as usize);
            }
        }
        None
    }

    /// The last title character of the earliest run that reads as the term, hanzi, initials and syllables mixed.
    pub fn mixed(&self, title: &str, sounds: &[u16]) -> Option<usize> {
        self.listen(title, sounds, true)
    }

    /// First and last title character of that run.
    pub fn mixed_span(&self, title: &str, sounds: &[u16]) -> Option<(usize, usize)> {
        title.char_indices().enumerate().find_map(|(first, (start, _))| {
            let last = self.listen(&title[start..], &sounds[first..], false)?;
            Some((first, first + last))
        })
    }

    fn listen(&self, title: &str, sounds: &[u16], anywhere: bool) -> Option<usize> {
        let done = 1_u64 << self.length;
        let mut state = 1_u64;
        let mut characters = title.chars();
        for (at, sound) in sounds.iter().enumerate() {
            if self.written.is_empty() && state & self.any[usize::from(*sound)] == 0 {
                if !anywhere {
                    return None;
                }
                state = 1;
                continue;
            }
            let mut next = (state & self.letter[usize::from(*sound)]) << 1;
            if !self.written.is_empty()
                && let Some(c) = characters.next()
                && let Some((_, set)) = self.written.iter().find(|(known, _)| *known == c)
            {
                next |= (state & set) << 1;
            }
            if let Some(set) = sound.checked_sub(FIRST_SET) {
                for syllable in &SPEECH.sets[usize::from(set)] {
                    let heard = self.heard[usize::from(*syllable)];
                    if state & heard.unfinished != 0 {
                        return Some(at);
                    }
                    next |= (state & heard.whole) << heard.length | (state & heard.double) << 2;
                }
            }
            if next & done != 0 {
                return Some(at);
            }
            state = next | u64::from(anywhere);
            if state == 0 {
                return None;
            }
        }
        None
    }
}

fn heard(syllable: &str, rests: &[&str]) -> Heard {
    let double = if matches!(syllable.as_bytes(), [b'z' | b'c' | b's', b'h', ..]) { &syllable[..2] } else { "\n" };
    let mut found = Heard { length: syllable.len() as u32, ..Heard::default() };
    for (at, rest) in rests.iter().enumerate() {
        if rest.as_bytes()[0] != syllable.as_bytes()[0] {
            continue;
        }
        let bit = 1 << at;
        if rest.starts_with(syllable) {
            found.whole |= bit;
        }
        if rest.starts_with(double) {
            found.double |= bit;
        }
        if syllable.starts_with(rest) {
            found.unfinished |= bit;
        }
    }
    found
}
