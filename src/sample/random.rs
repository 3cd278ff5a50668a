//! The city's own dice: SplitMix64 and draws made of whole numbers only. No float, no clock, no dependency, so that the
//! same seed gives the same day on every machine, compiler and version. Not for secrets, and not the source of real ids.

/// A seeded stream of numbers. 64 bits of state; the constants are those SplitMix64 is defined by.
#[derive(Debug, Clone)]
pub struct Random {
    state: u64,
}

const GOLDEN_GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;

fn mix(value: u64) -> u64 {
    let value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

impl Random {
    /// A stream that depends on the seed alone.
    pub fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// A stream of its own for one purpose or one thing, so that drawing more for ticket 7 never changes ticket 8.
    pub fn stream(seed: u64, label: u64) -> Self {
        // Both are mixed first: neighbouring seeds and labels must not give overlapping streams.
        Self { state: mix(seed.wrapping_add(GOLDEN_GAMMA)) ^ mix(label.wrapping_mul(GOLDEN_GAMMA).wrapping_add(1)) }
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(GOLDEN_GAMMA);
        mix(self.state)
    }

    /// A whole number in `0..bound`; 0 when the bound is 0. The bias is below bound / 2⁶⁴.
    pub fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(bound)) >> 64) as u64
    }

    /// A whole number in `low..=high`; `low` when the ends are the wrong way round.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        if high <= low {
            return low;
        }
        low + self.below((high - low) as u64 + 1) as i64
    }

    /// True `numerator` times out of `denominator`.
    pub fn chance(&mut self, numerator: u64, denominator: u64) -> bool {
        self.below(denominator) < numerator
    }

    /// One of the items, or None of an empty list.
    pub fn pick<'items, Item>(&mut self, items: &'items [Item]) -> Option<&'items Item> {
        items.get(self.below(items.len() as u64) as usize)
    }

    /// An index, drawn in proportion to the weights; 0 when they are all zero.
    pub fn weighted(&mut self, weights: &[u32]) -> usize {
        let total: u64 = weights.iter().map(|weight| u64::from(*weight)).sum();
        let mut left = self.below(total);
        for (index, weight) in weights.iter().enumerate() {
            if left < u64::from(*weight) {
                return index;
            }
            left -= u64::from(*weight);
        }
        0
    }

    /// A waiting time with the given mean (any unit), exponentially distributed: von Neumann's method, which needs
    /// comparisons only. A logarithm could differ in its last bit from one machine to the next.
    pub fn exponential(&mut self, mean: u64) -> u64 {
        let mut whole = 0u128;
        loop {
            let first = self.bits();
            let mut last = first;
            let mut falls = 0u32;
            loop {
                let next = self.bits();
                if next >= last {
                    break;
                }
                last = next;
                falls += 1;
            }
            // A run that falls an even number of times (before it first rises) accepts its first number as the fraction.
            if falls.is_multiple_of(2) {
                let mean = u128::from(mean);
                return (whole * mean + ((u128::from(first) * mean) >> 64)) as u64;
            }
            whole += 1;
        }
    }

    /// A length drawn from a curve given as quantiles at equal steps of probability, joined by straight lines.
    pub fn quantile(&mut self, curve: &[u32]) -> u64 {
        let Some(last) = curve.len().checked_sub(1) else { return 0 };
        let place = u128::from(self.bits()) * last as u128;
        let index = (place >> 64) as usize;
        let part = place & u128::from(u64::MAX);
        let low = curve.get(index).copied().unwrap_or(0);
        let high = curve.get(index + 1).copied().unwrap_or(low);
        u64::from(low) + ((u128::from(high.saturating_sub(low)) * part) >> 64) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_splitmix64_as_published() {
        // The first three outputs for seed 1234567, known from the algorithm's reference description.
        let mut random = Random::new(1_234_567);
        assert_eq!(
            [random.bits(), random.bits(), random.bits()],
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }

    #[test]
    fn an_exponential_wait_has_its_mean_and_its_tail() {
        let mut random = Random::new(5);
        let draws: Vec<u64> = (0..40_000).map(|_| random.exponential(1_000)).collect();
        let mean = draws.iter().sum::<u64>() / 40_000;
        assert!((980..=1_020).contains(&mean), "mean {mean}");
        // e⁻² of all draws lie beyond twice the mean: 5,413 of 40,000.
        let beyond = draws.iter().filter(|draw| **draw > 2_000).count();
        assert!((5_150..=5_680).contains(&beyond), "beyond {beyond}");
    }

    #[test]
    fn draws_stay_in_their_range_and_reach_both_ends() {
        let mut random = Random::new(9);
        let draws: Vec<i64> = (0..500).map(|_| random.between(-2, 2)).collect();
        assert_eq!((draws.iter().min(), draws.iter().max()), (Some(&-2), Some(&2)));
        assert_eq!(random.below(0), 0);
        assert_eq!(random.pick::<u8>(&[]), None);
        assert!((0..500).all(|_| random.weighted(&[0, 3, 0]) == 1));
        assert!((0..500).all(|_| (10..=30).contains(&random.quantile(&[10, 20, 30]))));
    }

    #[test]
    fn neighbouring_streams_share_nothing() {
        let one: Vec<u64> = {
            let mut random = Random::stream(1, 1);
            (0..50).map(|_| random.bits()).collect()
        };
        let two: Vec<u64> = {
            let mut random = Random::stream(1, 2);
            (0..50).map(|_| random.bits()).collect()
        };
        assert!(one.iter().all(|bits| !two.contains(bits)));
    }
}
