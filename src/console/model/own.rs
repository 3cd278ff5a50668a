//! What one has done oneself, as lines for a shell: newest first, in memory only, and gone with the person.
use crate::domain::Timestamp;

/// How many are kept.
const KEPT: usize = 50;

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Did {
    /// When the server said yes.
    pub at: Timestamp,
    /// What, in words.
    pub what: String,
    /// The line that does the same.
    pub line: String,
}

/// All of them, and the overlay that shows them.
#[derive(Debug, Default)]
pub struct Own {
    /// Newest first.
    pub done: Vec<Did>,
    /// Lines scrolled away, while they are shown.
    pub shown: Option<usize>,
}

impl Own {
    /// One more.
    pub fn add(&mut self, did: Did) {
        self.done.insert(0, did);
        self.done.truncate(KEPT);
    }
}
