//! Chance with a seed that is printed, so that a failing run can be made again: `HOTLINE_SEED`.
use std::sync::atomic::{AtomicU64, Ordering};

/// SplitMix64, shared between tasks.
pub struct Dice(AtomicU64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(AtomicU64::new(seed))
    }

    /// From `HOTLINE_SEED`, or one of the moment.
    pub fn of_the_run(what: &str) -> Dice {
        let now = || std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos() as u64;
        let seed = std::env::var("HOTLINE_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or_else(now);
        println!("{what}: HOTLINE_SEED={seed}");
        Dice::new(seed)
    }

    pub fn next(&self) -> u64 {
        let mut z = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed).wrapping_add(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 to `limit` − 1.
    pub fn below(&self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }
}
