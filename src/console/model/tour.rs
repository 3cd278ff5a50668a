//! 导览 (tour): ten steps through the sample city, and how far somebody has come. Which steps there are and what each asks
//! for stands in `console/tour.rs`.
use std::collections::HashSet;

/// What somebody did that leaves nothing on the screen to look for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Fact {
    /// 直接解答 was filed.
    Answered,
    /// 派单 was filed.
    Dispatched,
    /// 撤销 was done.
    Undone,
}

/// A tour under way.
#[derive(Debug, Clone, Default)]
pub struct Tour {
    /// The step asked for now, from 0.
    pub at: usize,
    /// What was done since the step before.
    pub facts: HashSet<Fact>,
    /// The step before was done, not passed over.
    pub praised: bool,
}
