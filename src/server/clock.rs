//! 存储时钟 (store clock): the authority on time. Monotonic from an anchor, so a stepped wall clock does no harm; a
//! sample city may let it run faster, a test may advance it, nobody may turn it back.
use crate::domain::Timestamp;
use chrono::{TimeDelta, Utc};
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

/// How far a clock may be advanced in all: ten years, seconds.
const FURTHEST: i64 = 10 * 366 * 86_400;

/// The clock.
#[derive(Debug)]
pub struct StoreClock {
    anchor: Timestamp,
    world: Timestamp,
    since: Instant,
    /// How many store seconds pass in a second.
    pub rate: f64,
    advanced: AtomicI64,
}

impl StoreClock {
    /// Starts at the world's time, or at what the log last recorded where that is later, and runs at `rate`.
    pub fn new(recorded: Option<Timestamp>, rate: f64) -> Self {
        let world = Utc::now();
        StoreClock { anchor: recorded.map_or(world, |recorded| recorded.max(world)), world, since: Instant::now(), rate, advanced: AtomicI64::new(0) }
    }

    /// The world's time, for what people wait for: how long a login lasts.
    pub fn world(&self) -> Timestamp {
        self.world + TimeDelta::from_std(self.since.elapsed()).unwrap_or_default()
    }

    /// Now, in whole microseconds.
    pub fn now(&self) -> Timestamp {
        let run = self.since.elapsed().as_secs_f64() * self.rate * 1e6;
        let moved = TimeDelta::microseconds((run as i64).saturating_add(self.advanced.load(Ordering::Relaxed)));
        self.anchor.checked_add_signed(moved).unwrap_or(Timestamp::MAX_UTC)
    }

    /// Moves it forward; `false`, and not moved, where that would be more than [`FURTHEST`] in all.
    pub fn advance(&self, seconds: u64) -> bool {
        let Ok(seconds) = i64::try_from(seconds) else { return false };
        let micros = seconds.saturating_mul(1_000_000);
        let to = |now: i64| now.checked_add(micros).filter(|to| *to <= FURTHEST * 1_000_000);
        self.advanced.fetch_update(Ordering::Relaxed, Ordering::Relaxed, to).is_ok()
    }
}
