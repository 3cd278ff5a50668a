//! The heads of the log on SQLite: the single writer gives positions in the command's own savepoint, so they must roll
//! back with it and stay dense. (On PostgreSQL the sequencer gives positions after the commit.)
use crate::domain::event::CentreId;
use std::collections::BTreeMap;

/// The last position of a centre's log, its moment and the chain's hash there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Head {
    /// Position, from 1; 0 before the first.
    pub position: i64,
    /// `recorded_at` there, microseconds; never falls.
    pub recorded_at: i64,
    /// SHA-256 of the chain up to there.
    pub hash: Vec<u8>,
}

/// Heads of all centres, with marks to go back to.
#[derive(Debug, Clone, Default)]
pub struct Heads {
    now: BTreeMap<CentreId, Head>,
    marks: Vec<BTreeMap<CentreId, Head>>,
}

impl Heads {
    /// The heads as stored.
    pub fn new(now: BTreeMap<CentreId, Head>) -> Self {
        Heads { now, marks: Vec::new() }
    }
    /// The head of one centre.
    pub fn of(&mut self, centre: CentreId) -> &mut Head {
        self.now.entry(centre).or_default()
    }
    /// All heads.
    pub fn all(&self) -> &BTreeMap<CentreId, Head> {
        &self.now
    }
    /// Remembers where we are.
    pub fn mark(&mut self) {
        self.marks.push(self.now.clone());
    }
    /// Forgets what happened since the last mark.
    pub fn back(&mut self) {
        if let Some(mark) = self.marks.pop() {
            self.now = mark;
        }
    }
    /// How many marks there are.
    pub fn depth(&self) -> usize {
        self.marks.len()
    }
    /// Forgets what happened since there were `depth` marks, whatever was marked after.
    pub fn back_to(&mut self, depth: usize) {
        if let Some(mark) = self.marks.get(depth) {
            self.now = mark.clone();
        }
        self.marks.truncate(depth);
    }
    /// Keeps what happened since the last mark.
    pub fn keep(&mut self) {
        self.marks.pop();
    }
}

/// One link of the chain: over the position, the event, its moment and the digest of its canonical bytes.
pub fn link(before: &[u8], position: i64, event: &[u8], recorded_at: i64, digest: &[u8]) -> Vec<u8> {
    let mut sha = ring::digest::Context::new(&ring::digest::SHA256);
    sha.update(before);
    sha.update(&position.to_be_bytes());
    sha.update(event);
    sha.update(&recorded_at.to_be_bytes());
    sha.update(digest);
    sha.finish().as_ref().to_vec()
}
