//! What one searcher remembers between two keys: the survivors of the last query. Not the answers themselves.
use super::query::Query;
use std::sync::Arc;

/// One searcher's memory; a fresh one is always right, only slower.
#[derive(Clone, Debug, Default)]
pub struct Session {
    generation: u64,
    query: String,
    survivors: Option<Arc<[u32]>>,
}

impl Session {
    /// A searcher that has typed nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    pub(super) fn forget(&mut self) {
        self.survivors = None;
    }

    /// Slots among which all matches of `query` must be, if the last query was a beginning of it. This holds because
    /// every tier, and so their union, only loses entries when a query grows.
    pub(super) fn survivors(&self, generation: u64, query: &Query) -> Option<&[u32]> {
        let grown = self.generation == generation && query.text().starts_with(&self.query);
        self.survivors.as_deref().filter(|_| grown)
    }

    pub(super) fn remember(&mut self, generation: u64, query: &Query, survivors: Option<Arc<[u32]>>) {
        self.generation = generation;
        self.query.clear();
        self.query.push_str(query.text());
        self.survivors = survivors;
    }
}
