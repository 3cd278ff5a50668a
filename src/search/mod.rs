//! Knowledge search as you type (无输入法检索): hanzi, 繁体, full width, pinyin initials, full pinyin, mixtures, short
//! codes; answers ranked by tier. In memory and pure; who fills it and which thread runs it is decided elsewhere.
//! Whole questions in plain language are not answered here.
//!
//! One index holds all entries in a few flat arrays (`store`), so that a key reads memory in one sweep: 64-bit sets of
//! characters and initials rule most entries out, the rest is judged tier by tier (`judge`).
mod judge;
mod query;
mod session;
mod sound;
mod store;

pub use session::Session;

use judge::Judge;
use query::Query;
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};
use store::Store;

/// Entries looked at between two questions to the stop hook.
const SLICE: usize = 4096;
/// Hits kept for a query of one or two characters, which would otherwise judge half the index on every key.
const KEPT_FOR_SHORT: usize = 200;
/// Short queries kept at most: beyond that all are forgotten, so that survivors never take more than the titles do.
const SHORT_QUERIES: usize = 64;
/// Scattered matches scored by fuzzy-matcher per query; the ones after these rank below by length alone.
const SCORED_SCATTERED: usize = 1000;

/// What can be found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The caller's own number, dense from 0; adding one that is there replaces it.
    pub id: u32,
    /// 标题 (title), searched in full up to 256 characters.
    pub title: String,
    /// 关键词 (keywords), any separator.
    pub keywords: String,
    /// 短码 (short code), such as `K0412`.
    pub code: String,
    /// 文号 (document number).
    pub document_number: String,
}

/// How well a hit fits, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Tier {
    /// The short code exactly.
    Code = 1,
    /// The whole query stands in the title.
    Title,
    /// Every term stands in the title, in any order.
    Terms,
    /// The initials of neighbouring hanzi of the title.
    Initials,
    /// Full pinyin, or hanzi, initials and pinyin mixed.
    Pinyin,
    /// Every term stands in title, keywords, document number or code.
    Elsewhere,
    /// The characters stand in the title in this order, scattered.
    Scattered,
}

/// What a hit is owed to, where the title does not show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// The short code.
    Code,
    /// The title as written.
    Title,
    /// The title as spoken.
    Pinyin,
    /// The keywords.
    Keywords,
    /// The document number.
    DocumentNumber,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The entry's number.
    pub id: u32,
    /// Higher is better; comparable only within one answer.
    pub score: u32,
    /// How well it fits.
    pub tier: Tier,
    /// What it is owed to.
    pub reason: Reason,
    /// Character (not byte) indices into the title as it was given, ascending, to be underlined.
    pub matched: Vec<usize>,
}

/// The best hits and how many there are in all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Results {
    /// At most as many as were asked for, best first.
    pub hits: Vec<Hit>,
    /// All matching entries.
    pub total: usize,
}

/// The best of one sweep: rank in the upper half, entry number in the lower, ascending.
#[derive(Debug, Default)]
struct Found {
    keys: Vec<u64>,
    total: usize,
}

/// The index. Adding, replacing and removing are immediate; removed entries leave a gap that is closed when gaps
/// exceed a quarter of the index.
#[derive(Debug)]
pub struct Index {
    store: Store,
    generation: u64,
    short: Mutex<HashMap<String, Arc<Kept>>>,
}

/// The answer to a short query, and the slots a longer one has to look at; none where that is most of them.
#[derive(Debug)]
struct Kept {
    found: Found,
    survivors: Option<Arc<[u32]>>,
}

static GENERATIONS: AtomicU64 = AtomicU64::new(1);

impl Default for Index {
    fn default() -> Self {
        Self::build(std::iter::empty())
    }
}

impl Index {
    /// Builds an index; a later entry replaces an earlier one of the same id.
    pub fn build(entries: impl Iterator<Item = Entry>) -> Self {
        let mut store = Store::default();
        entries.for_each(|entry| store.add(&entry));
        store.close_gaps();
        Self { store, generation: GENERATIONS.fetch_add(1, Ordering::Relaxed), short: Mutex::default() }
    }

    /// Entries that can be found.
    pub fn len(&self) -> usize {
        self.store.live()
    }

    /// Whether there is nothing to find.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Adds an entry, or replaces the one with the same id.
    pub fn add(&mut self, entry: &Entry) {
        self.store.add(entry);
        self.changed();
    }

    /// Removes an entry; an unknown id changes nothing.
    pub fn remove(&mut self, id: u32) {
        self.store.remove(id);
        self.changed();
    }

    fn changed(&mut self) {
        self.store.close_gaps();
        self.generation = GENERATIONS.fetch_add(1, Ordering::Relaxed);
        self.short.get_mut().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// The best `limit` hits for `query`, or none when `stop` said so. An empty query has no hits. `session` remembers
    /// the survivors of the last query, so that typing on looks only at those; it may be used with any index.
    /// Query characters after the 63rd are not read.
    pub fn search(&self, query: &str, limit: usize, session: &mut Session, stop: &dyn Fn() -> bool) -> Option<Results> {
        let Some(query) = Query::read(query) else {
            session.forget();
            return Some(Results::default());
        };
        let judge = Judge::new(&self.store, &query);
        let short = query.is_short() && limit <= KEPT_FOR_SHORT;
        let known = short.then(|| self.short.lock().unwrap_or_else(PoisonError::into_inner).get(query.text()).cloned()).flatten();
        let kept = match known {
            Some(kept) => kept,
            None => {
                let most = if short { KEPT_FOR_SHORT } else { limit };
                let (found, survivors) = self.sweep(&judge, most, session.survivors(self.generation, &query), stop)?;
                let survivors = (survivors.len() <= self.store.slots() / 2).then(|| survivors.into());
                let kept = Arc::new(Kept { found, survivors });
                if short {
                    self.keep(query.text(), &kept);
                }
                kept
            }
        };
        session.remember(self.generation, &query, kept.survivors.clone());
        Some(judge.results(&kept.found.keys, limit, kept.found.total))
    }

    fn keep(&self, text: &str, kept: &Arc<Kept>) {
        let mut short = self.short.lock().unwrap_or_else(PoisonError::into_inner);
        if short.len() >= SHORT_QUERIES {
            short.clear();
        }
        short.insert(text.to_owned(), Arc::clone(kept));
    }

    /// Judges all entries, or the survivors of a shorter query; returns the best and the slots of all.
    fn sweep(&self, judge: &Judge<'_>, limit: usize, among: Option<&[u32]>, stop: &dyn Fn() -> bool) -> Option<(Found, Vec<u32>)> {
        let mut keys = Vec::new();
        let mut survivors = Vec::new();
        let mut scattered = Vec::new();
        let mut look = |slot: usize| match judge.rank(slot) {
            Some((Tier::Scattered, _)) => {
                scattered.push(slot);
                survivors.push(slot as u32);
            }
            Some((_, rank)) => {
                keys.push(judge.key(rank, slot));
                survivors.push(slot as u32);
            }
            None => {}
        };
        match among {
            Some(slots) => {
                for slice in slots.chunks(SLICE) {
                    if stop() {
                        return None;
                    }
                    slice.iter().map(|slot| *slot as usize).filter(|slot| judge.may_match(*slot)).for_each(&mut look);
                }
            }
            None => {
                for start in (0..self.store.slots()).step_by(SLICE) {
                    if stop() {
                        return None;
                    }
                    judge.candidates(start..(start + SLICE).min(self.store.slots()), &mut look);
                }
            }
        }
        let total = survivors.len();
        // Scattered matches rank below all others: score them only if they can be among the best.
        if keys.len() < limit {
            for slice in scattered.chunks(SLICE / 64).take(SCORED_SCATTERED.div_ceil(SLICE / 64)) {
                if stop() {
                    return None;
                }
                keys.extend(slice.iter().map(|slot| judge.key(judge.scattered_rank(*slot, true), *slot)));
            }
            let scored = SCORED_SCATTERED.div_ceil(SLICE / 64) * (SLICE / 64);
            keys.extend(scattered.iter().skip(scored).map(|slot| judge.key(judge.scattered_rank(*slot, false), *slot)));
        }
        if keys.len() > limit && limit > 0 {
            keys.select_nth_unstable(limit - 1);
        }
        keys.truncate(limit);
        keys.sort_unstable();
        Some((Found { keys, total }, survivors))
    }
}

#[cfg(test)]
mod tests;
