//! The link to the backend and the store's clock, as the last heartbeat told it.
use crate::domain::Timestamp;
use chrono::TimeDelta;
use std::time::{Duration, Instant};

/// A healthy line is heard every ten seconds: what is shown is no older than that.
pub const FRESH: Duration = Duration::from_secs(10);

/// 连接 (link).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkState {
    /// Not yet there.
    Connecting,
    /// Frames come.
    Good,
    /// A snapshot is being loaded after a gap.
    CatchingUp,
    /// Down since then; it heals by itself.
    Lost(Instant),
}

/// The link, and how old what is shown is.
#[derive(Debug, Clone)]
pub struct Link {
    /// State.
    pub state: LinkState,
    /// When the server was last heard.
    pub heard: Instant,
    /// Position in the log.
    pub position: i64,
}

impl Link {
    /// Before the first word.
    pub fn new(at: Instant) -> Link {
        Link { state: LinkState::Connecting, heard: at, position: 0 }
    }

    /// Is what is shown possibly old?
    pub fn is_lost(&self) -> bool {
        matches!(self.state, LinkState::Lost(_))
    }

    /// When what is shown begins to be old, unless something is heard before.
    pub fn stale_at(&self) -> Instant {
        self.heard + FRESH + Duration::from_secs(1)
    }

    /// How long nothing has been heard.
    pub fn age(&self, at: Instant) -> Duration {
        at.saturating_duration_since(self.heard)
    }
}

/// The store's clock: the authority for every flag and countdown.
#[derive(Debug, Clone, Copy)]
pub struct StoreClock {
    now: Timestamp,
    at: Instant,
    rate: f64,
}

impl StoreClock {
    /// Before the first heartbeat: this machine's time.
    pub fn new(now: Timestamp, at: Instant) -> StoreClock {
        StoreClock { now, at, rate: 1.0 }
    }

    /// What a heartbeat said. It never goes back by less than a breath, so that no countdown jumps up.
    pub fn set(&mut self, now: Timestamp, rate: f64, at: Instant) {
        let rate = if rate.is_finite() && (0.0..=100_000.0).contains(&rate) { rate } else { 1.0 };
        let shown = self.now(at);
        let now = if now < shown && shown - now < TimeDelta::seconds(2) { shown } else { now };
        *self = StoreClock { now, at, rate };
    }

    /// Store time at a moment of ours.
    pub fn now(&self, at: Instant) -> Timestamp {
        let passed = at.saturating_duration_since(self.at).as_secs_f64() * self.rate;
        self.now.checked_add_signed(TimeDelta::milliseconds((passed * 1000.0) as i64)).unwrap_or(self.now)
    }

    /// How fast it runs.
    pub fn rate(&self) -> f64 {
        self.rate
    }
}
