//! Which tier an entry reaches for a query, its rank, and which characters of the title to underline.
//! The sweep over entries and the choice of the best are in the parent.
use super::{
    Hit, Reason, Results, Tier,
    query::{Query, Term},
    store::{SEPARATOR, Store},
};
use fuzzy_matcher::{FuzzyMatcher, skim::SkimMatcherV2};
use std::ops::Range;

/// The tier in the top bits of a rank.
const TIER_SHIFT: u32 = 28;
/// Then the place of the match in the title.
const PLACE_SHIFT: u32 = 16;
const LAST_PLACE: u32 = 0xFFF;

/// A query beside the entries it is put to.
pub(super) struct Judge<'a> {
    store: &'a Store,
    query: &'a Query,
    spoken: bool,
    matcher: SkimMatcherV2,
}

impl<'a> Judge<'a> {
    pub fn new(store: &'a Store, query: &'a Query) -> Self {
        Self { store, query, spoken: query.spoken(), matcher: SkimMatcherV2::default() }
    }

    /// Whether the sets leave open that `slot` matches.
    pub fn may_match(&self, slot: usize) -> bool {
        self.may_be_written(slot) || self.may_be_heard(slot)
    }

    fn may_be_written(&self, slot: usize) -> bool {
        let (query, store) = (self.query, self.store);
        let (title, extra, set) = (store.title_sets[slot], store.extra_sets[slot], query.written_set);
        if query.terms.len() > 1 {
            return (title | extra) & set == set;
        }
        // One term stands in one text whole.
        title & set == set || (extra & set == set && store.extra_pairs[slot] & query.pair_set == query.pair_set)
    }

    fn may_be_heard(&self, slot: usize) -> bool {
        let query = self.query;
        self.spoken
            && self.store.initial_sets[slot] & query.initial_set == query.initial_set
            && self.store.title_sets[slot] & query.literal_set == query.literal_set
    }

    /// Calls `look` for every slot of `range` that the sets leave open.
    pub fn candidates(&self, range: Range<usize>, look: &mut impl FnMut(usize)) {
        range.filter(|slot| self.may_match(*slot)).for_each(look);
    }

    /// The tier and rank (lower is better) of `slot`; a scattered match is ranked later, by `scattered_rank`.
    pub fn rank(&self, slot: usize) -> Option<(Tier, u32)> {
        let (tier, place) = self.tier(slot)?;
        Some((tier, self.compose(tier, place, slot)))
    }

    fn compose(&self, tier: Tier, place: usize, slot: usize) -> u32 {
        let length = self.store.sounds(slot).len().min(0xFFFF) as u32;
        (tier as u32) << TIER_SHIFT | (place as u32).min(LAST_PLACE) << PLACE_SHIFT | length
    }

    /// Rank and entry number in one, so that sorting the keys sorts the hits and ties go to the smaller number.
    pub fn key(&self, rank: u32, slot: usize) -> u64 {
        u64::from(rank) << 32 | u64::from(self.store.ids[slot])
    }

    /// The rank of a scattered match, by fuzzy-matcher's score if `scored`.
    pub fn scattered_rank(&self, slot: usize, scored: bool) -> u32 {
        let score = if scored { self.matcher.fuzzy_match(self.store.title(slot), &self.query.characters).unwrap_or(0) } else { 0 };
        let place = i64::from(LAST_PLACE) - score.clamp(0, i64::from(LAST_PLACE));
        self.compose(Tier::Scattered, place as usize, slot)
    }

    fn tier(&self, slot: usize) -> Option<(Tier, usize)> {
        let (store, query) = (self.store, self.query);
        let set = query.written_set;
        let (title, title_set) = (store.title(slot), store.title_sets[slot]);
        let in_title = title_set & set == set;
        let in_entry = self.may_be_written(slot);
        if in_entry && store.extra(slot).strip_prefix(query.text()).is_some_and(|rest| rest.as_bytes().first() == Some(&(SEPARATOR as u8))) {
            return Some((Tier::Code, 0));
        }
        if in_title {
            if let Some(at) = query.whole.find(title.as_bytes()) {
                return Some((Tier::Title, characters_before(title, at)));
            }
            if query.terms.len() > 1
                && let Some(place) = self.every_term(|term| term.needle.find(title.as_bytes()))
            {
                return Some((Tier::Terms, place));
            }
        }
        if self.may_be_heard(slot)
            && let Some(found) = self.heard(slot)
        {
            return Some(found);
        }
        if in_entry {
            let extra = store.extra(slot).as_bytes();
            let anywhere = |term: &Term| term.needle.find(extra).or_else(|| term.needle.find(title.as_bytes()));
            if let Some(place) = self.every_term(anywhere) {
                return Some((Tier::Elsewhere, place));
            }
        }
        (in_title && is_scattered(title, &query.characters)).then_some((Tier::Scattered, 0))
    }

    fn heard(&self, slot: usize) -> Option<(Tier, usize)> {
        let (title, sounds) = (self.store.title(slot), self.store.sounds(slot));
        if let [Term { listener: Some(listener), plain: true, .. }] = &self.query.terms[..]
            && let Some(at) = listener.initials(sounds)
        {
            return Some((Tier::Initials, at));
        }
        let by_any = |term: &Term| match &term.listener {
            Some(listener) => listener.mixed(title, sounds).or_else(|| term.needle.find(title.as_bytes())),
            None => term.needle.find(title.as_bytes()),
        };
        self.every_term(by_any).map(|place| (Tier::Pinyin, place))
    }

    /// The sum of the places of all terms, none as soon as one is missing.
    fn every_term(&self, find: impl Fn(&Term) -> Option<usize>) -> Option<usize> {
        self.query.terms.iter().try_fold(0, |sum, term| find(term).map(|at| sum + at))
    }

    /// The hits behind the first `limit` of `keys`.
    pub fn results(&self, keys: &[u64], limit: usize, total: usize) -> Results {
        let hits = keys.iter().take(limit).filter_map(|key| self.hit(*key)).collect();
        Results { hits, total }
    }

    fn hit(&self, key: u64) -> Option<Hit> {
        let id = key as u32;
        let rank = (key >> 32) as u32;
        let slot = self.store.slot(id)?;
        let (tier, _) = self.tier(slot)?;
        let mut matched: Vec<usize> = self.underlined(slot, tier).into_iter().map(|at| self.store.original(slot, at)).collect();
        matched.sort_unstable();
        matched.dedup();
        Some(Hit { id, score: !rank, tier, reason: self.reason(slot, tier), matched })
    }

    fn reason(&self, slot: usize, tier: Tier) -> Reason {
        match tier {
            Tier::Code => Reason::Code,
            Tier::Title | Tier::Terms | Tier::Scattered => Reason::Title,
            Tier::Initials | Tier::Pinyin => Reason::Pinyin,
            Tier::Elsewhere => {
                let title = self.store.title(slot).as_bytes();
                // The first term that the title does not show is what needs explaining.
                let unseen = self.query.terms.iter().find(|term| term.needle.find(title).is_none());
                let parts = [Reason::Code, Reason::DocumentNumber, Reason::Keywords];
                let mut parts = parts.into_iter().zip(self.store.extra(slot).split(SEPARATOR));
                let shown = |part: &str| unseen.is_some_and(|term| term.needle.find(part.as_bytes()).is_some());
                parts.find(|(_, part)| shown(part)).map_or(Reason::Title, |(reason, _)| reason)
            }
        }
    }

    /// Character indices into the folded title.
    fn underlined(&self, slot: usize, tier: Tier) -> Vec<usize> {
        let (title, sounds) = (self.store.title(slot), self.store.sounds(slot));
        let written = |term: &Term| {
            let at = term.needle.find(title.as_bytes())?;
            let first = characters_before(title, at);
            Some(first..first + characters_before(&title[at..], term.needle.needle().len()))
        };
        let spoken = |term: &Term| {
            let (first, last) = term.listener.as_ref()?.mixed_span(title, sounds)?;
            Some(first..last + 1)
        };
        match tier {
            Tier::Code => Vec::new(),
            Tier::Title => {
                let first = self.query.whole.find(title.as_bytes()).map_or(0, |at| characters_before(title, at));
                (first..first + self.query.text().chars().count()).collect()
            }
            Tier::Terms | Tier::Elsewhere => self.query.terms.iter().filter_map(written).flatten().collect(),
            Tier::Initials => match &self.query.terms[0].listener {
                Some(listener) => listener.initials(sounds).map_or_else(Vec::new, |at| (at..at + listener.length()).collect()),
                None => Vec::new(),
            },
            Tier::Pinyin => self.query.terms.iter().filter_map(|term| spoken(term).or_else(|| written(term))).flatten().collect(),
            Tier::Scattered => self.matcher.fuzzy_indices(title, &self.query.characters).map_or_else(Vec::new, |(_, indices)| indices),
        }
    }
}

/// How many characters begin before byte `at`.
fn characters_before(text: &str, at: usize) -> usize {
    text.as_bytes()[..at].iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

/// Whether the characters of `wanted`, at least two, stand in `title` in this order.
fn is_scattered(title: &str, wanted: &str) -> bool {
    let mut rest = title;
    for c in wanted.chars() {
        let Some(at) = rest.find(c) else { return false };
        rest = &rest[at + c.len_utf8()..];
    }
    true
}
