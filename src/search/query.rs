//! What was typed, read once per key: folded, cut into terms, with the sets an entry must have to be worth a look.
//! Nothing about entries here.
use super::{
    sound::{self, Listener},
    store::{bit, character_set, pair_set},
};
use crate::text::{fold::fold_text, pinyin::Initials};
use memchr::memmem::Finder;

/// Characters of a query that are read: positions in a term are bits of a word.
const CHARACTERS: usize = 63;

/// A query, ready.
pub(super) struct Query {
    text: String,
    /// The query as one needle.
    pub whole: Finder<'static>,
    /// The terms between spaces, at least one.
    pub terms: Vec<Term>,
    /// The query without spaces.
    pub characters: String,
    /// Characters an entry must have for any tier by writing.
    pub written_set: u64,
    /// Neighbours that code, document number or keywords must have to hold a query of one term.
    pub pair_set: u64,
    /// Characters a title must have for the tiers by sound: all that are no letters.
    pub literal_set: u64,
    /// Initials a title must have for the tiers by sound.
    pub initial_set: u32,
}

/// One term of a query.
pub(super) struct Term {
    pub needle: Finder<'static>,
    /// Present when the term holds a letter and so may be pinyin.
    pub listener: Option<Listener>,
    /// Whether the term is letters and digits only, so that it may be initials.
    pub plain: bool,
}

impl Query {
    /// Reads a query; none if it has nothing but spaces.
    pub fn read(raw: &str) -> Option<Self> {
        // Folding may lengthen or shorten; what is far beyond the limit need not be folded at all.
        let head: String = raw.chars().skip_while(|c| c.is_whitespace()).take(4 * CHARACTERS).collect();
        let folded: String = fold_text(&head).chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let folded: String = folded.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(CHARACTERS).collect();
        let text = folded.trim_end().to_owned();
        if text.is_empty() {
            return None;
        }
        let mut query = Self {
            whole: Finder::new(&text).into_owned(),
            terms: Vec::new(),
            characters: text.replace(' ', ""),
            written_set: character_set(&text),
            pair_set: pair_set(&text),
            literal_set: 0,
            initial_set: 0,
            text: String::new(),
        };
        for term in text.split(' ') {
            query.add_term(term);
        }
        query.text = text;
        Some(query)
    }

    fn add_term(&mut self, term: &str) {
        // An apostrophe after a letter parts syllables (xi'an) and is not heard. Anywhere else it stands for itself:
        // dropping it there would let a longer query match more than a shorter one.
        let mut heard = String::with_capacity(term.len());
        let mut before = ' ';
        for c in term.chars() {
            if !(c == '\'' && before.is_ascii_lowercase()) {
                heard.push(c);
            }
            before = c;
        }
        for (at, c) in heard.char_indices() {
            let letter = if c.is_ascii_lowercase() { Initials::of(c as u8).0 } else { 0 };
            match letter {
                0 => self.literal_set |= bit(c),
                _ if at == 0 => self.initial_set |= letter,
                _ => self.initial_set |= letter & sound::only_initial(),
            }
        }
        let spoken = heard.bytes().any(|b| b.is_ascii_lowercase());
        self.terms.push(Term {
            needle: Finder::new(term).into_owned(),
            listener: spoken.then(|| Listener::new(&heard)),
            plain: heard.bytes().all(|b| b.is_ascii_alphanumeric()),
        });
    }

    /// The folded query, terms parted by one space: queries with the same text have the same answer.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether any term may be pinyin.
    pub fn spoken(&self) -> bool {
        self.terms.iter().any(|term| term.listener.is_some())
    }

    /// Whether it has one or two characters: few such queries fit much, and all typing passes through them.
    pub fn is_short(&self) -> bool {
        self.text.chars().nth(2).is_none()
    }
}
