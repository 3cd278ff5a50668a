//! 审计 (audit) as the console holds it: the entries that have come, what narrows them, and a walk along the chain.
use crate::api::audit::{AuditQuery, AuditRow, ChainHead};
use std::time::Instant;

/// Entries that are kept, at most: what is older is asked for anew.
pub const MOST: usize = 5_000;

/// 核验 (verification) of the chain, stretch by stretch.
#[derive(Debug)]
pub struct Walk {
    /// Since when.
    pub began: Instant,
    /// When it ended, where it has.
    pub ended: Option<Instant>,
    /// Walked so far.
    pub position: i64,
    /// The end as it was known when the walk began.
    pub last: i64,
    /// The first break.
    pub broken_at: Option<i64>,
    /// Where it stopped before the end, and why: by a key, or in words.
    pub stopped: Option<String>,
}

impl Walk {
    /// Is it still going on?
    pub fn goes_on(&self) -> bool {
        self.ended.is_none()
    }

    /// Entries a second, and seconds left; none before the first stretch.
    pub fn pace(&self, now: Instant) -> Option<(i64, i64)> {
        let seconds = self.ended.unwrap_or(now).saturating_duration_since(self.began).as_secs_f64();
        let rate = (self.position > 0 && seconds > 0.0).then(|| self.position as f64 / seconds)?;
        Some((rate as i64, ((self.last - self.position).max(0) as f64 / rate.max(1.0)) as i64))
    }
}

/// Everything of the audit.
#[derive(Debug, Default)]
pub struct Audit {
    /// What narrows it.
    pub query: AuditQuery,
    /// The entries, newest first.
    pub rows: Vec<AuditRow>,
    /// Where they go on; none at the end.
    pub next: Option<String>,
    /// A page is on its way, and which: an answer to an older question is passed over.
    pub loading: bool,
    /// Counts the questions.
    pub generation: u64,
    /// Why a page did not come.
    pub fault: Option<String>,
    /// The marked one.
    pub selected: usize,
    /// The first one on the screen.
    pub top: usize,
    /// 链首.
    pub head: Option<ChainHead>,
    /// The walk along the chain.
    pub walk: Option<Walk>,
}

impl Audit {
    /// Moves the mark; whether the next page is wanted.
    pub fn step(&mut self, by: isize) -> bool {
        self.selected = self.selected.saturating_add_signed(by).min(self.rows.len().saturating_sub(1));
        self.wants_more()
    }

    /// Is the mark near the end of what has come, and is there more?
    pub fn wants_more(&self) -> bool {
        !self.loading && self.fault.is_none() && self.next.is_some() && self.rows.len() < MOST && self.selected + 50 >= self.rows.len()
    }

    /// Takes a page in.
    pub fn take(&mut self, rows: Vec<AuditRow>, next: Option<String>) {
        self.rows.extend(rows);
        (self.next, self.loading) = (next, false);
    }

    /// Begins anew with another question.
    pub fn ask(&mut self, query: AuditQuery) {
        self.query = query;
        self.generation += 1;
        self.rows.clear();
        (self.next, self.fault, self.loading) = (None, None, true);
        (self.selected, self.top) = (0, 0);
    }

    /// Keeps the mark on the screen.
    pub fn show(&mut self, height: usize) {
        self.top = self.top.min(self.selected).max((self.selected + 1).saturating_sub(height.max(1)));
    }
}
