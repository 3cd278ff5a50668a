//! A ticket's suspensions, put in order, as the legal limit meets them.
use super::Suspension;
use crate::domain::Timestamp;

/// What a pause does to a stretch of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Touch {
    /// Nothing.
    No,
    /// Some of the stretch is paused.
    Yes,
    /// Some of the stretch is paused by a pause that has no end: nothing after it can be known.
    Forever,
}

/// Pauses in order of time, none touching another; only the last can be without end.
#[derive(Debug, Clone, Default)]
pub(super) struct Pauses(Vec<Suspension>);

impl Pauses {
    /// Merges suspensions. `open_ends` closes the one still lasting, for "what if it were resumed then".
    pub(super) fn new(suspensions: &[Suspension], open_ends: Option<Timestamp>) -> Self {
        let mut sorted: Vec<Suspension> = suspensions
            .iter()
            .map(|pause| Suspension { from: pause.from, until: pause.until.or(open_ends) })
            .filter(|pause| pause.until.is_none_or(|until| until > pause.from))
            .collect();
        sorted.sort_by_key(|pause| pause.from);
        let mut merged: Vec<Suspension> = Vec::with_capacity(sorted.len());
        for pause in sorted {
            match merged.last_mut() {
                Some(last) if last.until.is_none_or(|until| until >= pause.from) => {
                    last.until = last.until.zip(pause.until).map(|(one, other)| one.max(other));
                }
                _ => merged.push(pause),
            }
        }
        Self(merged)
    }

    /// Only what lies after a moment.
    fn after(&self, moment: Timestamp) -> Self {
        Self(
            self.0
                .iter()
                .filter(|pause| pause.until.is_none_or(|until| until > moment))
                .map(|pause| Suspension { from: pause.from.max(moment), until: pause.until })
                .collect(),
        )
    }

    /// Where the pause that has no end begins, if there is one.
    pub(super) fn open_from(&self) -> Option<Timestamp> {
        self.0.last().filter(|pause| pause.until.is_none()).map(|pause| pause.from)
    }

    /// What the pauses do to `[from, to)`.
    pub(super) fn touch(&self, from: Timestamp, to: Timestamp) -> Touch {
        let mut touch = Touch::No;
        for pause in &self.0 {
            if pause.from < to && pause.until.is_none_or(|until| until > from) {
                touch = Touch::Yes;
                if pause.until.is_none() {
                    return Touch::Forever;
                }
            }
        }
        touch
    }

    /// The stretches of `[from, …)` that are not paused, in order; the last one may have no end.
    pub(super) fn gaps(&self, from: Timestamp) -> Vec<(Timestamp, Option<Timestamp>)> {
        let mut gaps = Vec::with_capacity(self.0.len() + 1);
        let mut at = from;
        for pause in &self.after(from).0 {
            if pause.from > at {
                gaps.push((at, Some(pause.from)));
            }
            match pause.until {
                Some(until) => at = until,
                None => return gaps,
            }
        }
        gaps.push((at, None));
        gaps
    }
}
