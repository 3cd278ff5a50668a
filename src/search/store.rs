//! The entries, folded and laid out flat: one blob per kind of text with the end of each entry, and one small set per
//! entry to rule it out by. Which entry fits a query is decided in `judge`.
use super::{Entry, sound};
use crate::text::{fold::fold, pinyin::Initials};
use std::collections::HashMap;

/// Characters of a title that are searched; longer titles do not exist on purpose.
const TITLE_CHARACTERS: usize = 256;
/// Characters searched in keywords, document number and code together.
const EXTRA_CHARACTERS: usize = 2048;
/// Keeps code, document number and keywords apart; folding never produces it inside them.
pub(super) const SEPARATOR: char = '\n';

/// Entries in slots, in the order they were added.
#[derive(Debug, Default)]
pub(super) struct Store {
    pub ids: Vec<u32>,
    titles: String,
    title_ends: Vec<u32>,
    /// One sound (see `sound`) per character of `titles`.
    sounds: Vec<u16>,
    sound_ends: Vec<u32>,
    /// Code, document number, keywords, kept apart by `SEPARATOR`.
    extras: String,
    extra_ends: Vec<u32>,
    pub title_sets: Vec<u64>,
    pub extra_sets: Vec<u64>,
    /// Sets of neighbouring characters of `extras`: years and numbers share digits, but not their order.
    pub extra_pairs: Vec<u64>,
    pub initial_sets: Vec<u32>,
    /// The way back to the original title, only for titles where folding moved characters.
    origins: HashMap<u32, Vec<u32>>,
    slots: HashMap<u32, u32>,
}

/// The bit that stands for `c` in a set of characters.
pub(super) fn bit(c: char) -> u64 {
    1 << ((c as u32).wrapping_mul(0x9E37_79B1) >> 26)
}

/// The set of characters of `text`, spaces left out.
pub(super) fn character_set(text: &str) -> u64 {
    text.chars().filter(|c| !c.is_whitespace()).fold(0, |set, c| set | bit(c))
}

/// The set of neighbouring characters of `text`.
pub(super) fn pair_set(text: &str) -> u64 {
    let pairs = text.chars().zip(text.chars().skip(1));
    pairs.fold(0, |set, (a, b)| set | 1 << ((a as u32).wrapping_mul(0x85EB_CA6B) ^ b as u32).wrapping_mul(0x9E37_79B1).wrapping_shr(26))
}

impl Store {
    pub fn slots(&self) -> usize {
        self.ids.len()
    }

    pub fn live(&self) -> usize {
        self.slots.len()
    }

    pub fn title(&self, slot: usize) -> &str {
        &self.titles[span(&self.title_ends, slot)]
    }

    pub fn sounds(&self, slot: usize) -> &[u16] {
        &self.sounds[span(&self.sound_ends, slot)]
    }

    pub fn extra(&self, slot: usize) -> &str {
        &self.extras[span(&self.extra_ends, slot)]
    }

    /// The slot that holds `id`.
    pub fn slot(&self, id: u32) -> Option<usize> {
        self.slots.get(&id).map(|slot| *slot as usize)
    }

    /// Index into the title as given, for a character of the folded title.
    pub fn original(&self, slot: usize, at: usize) -> usize {
        self.origins.get(&(slot as u32)).and_then(|map| map.get(at)).map_or(at, |original| *original as usize)
    }

    pub fn add(&mut self, entry: &Entry) {
        self.remove(entry.id);
        let folded = fold(&entry.title);
        let title: String = folded.text.chars().take(TITLE_CHARACTERS).map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
        let part = |text: &str| fold(text).text.replace(SEPARATOR, " ");
        let extra = [part(&entry.code), part(&entry.document_number), part(&entry.keywords)].join("\n");
        let extra: String = extra.chars().take(EXTRA_CHARACTERS).collect();
        let sounds: Vec<u16> = title.chars().map(sound::of).collect();
        let initials = sounds.iter().fold(0, |set, heard| set | sound::initials(*heard).0);
        let slot = self.push(entry.id, &title, &sounds, &extra, Initials(initials));
        if let Some(origin) = folded.origin {
            self.origins.insert(slot, origin);
        }
    }

    fn push(&mut self, id: u32, title: &str, sounds: &[u16], extra: &str, initials: Initials) -> u32 {
        let slot = self.ids.len() as u32;
        self.ids.push(id);
        self.titles.push_str(title);
        self.title_ends.push(self.titles.len() as u32);
        self.sounds.extend_from_slice(sounds);
        self.sound_ends.push(self.sounds.len() as u32);
        self.extras.push_str(extra);
        self.extra_ends.push(self.extras.len() as u32);
        self.title_sets.push(character_set(title));
        self.extra_sets.push(character_set(extra));
        self.extra_pairs.push(pair_set(extra));
        self.initial_sets.push(initials.0);
        self.slots.insert(id, slot);
        slot
    }

    /// Leaves a gap: with empty sets no query reaches the slot any more.
    pub fn remove(&mut self, id: u32) {
        if let Some(slot) = self.slots.remove(&id) {
            self.title_sets[slot as usize] = 0;
            self.extra_sets[slot as usize] = 0;
            self.initial_sets[slot as usize] = 0;
            self.origins.remove(&slot);
        }
    }

    /// Copies everything together once gaps are more than a quarter.
    pub fn close_gaps(&mut self) {
        if self.slots() - self.live() <= 1024.max(self.slots() / 4) {
            return;
        }
        let mut dense = Self::default();
        for (slot, id) in self.ids.iter().enumerate() {
            if self.slot(*id) != Some(slot) {
                continue;
            }
            let moved = dense.push(*id, self.title(slot), self.sounds(slot), self.extra(slot), Initials(self.initial_sets[slot]));
            if let Some(origin) = self.origins.remove(&(slot as u32)) {
                dense.origins.insert(moved, origin);
            }
        }
        *self = dense;
    }
}

fn span(ends: &[u32], slot: usize) -> std::ops::Range<usize> {
    let start = slot.checked_sub(1).map_or(0, |before| ends[before]);
    start as usize..ends[slot] as usize
}
