//! Damage as disks and people do it, for the tests of whoever reads a file: cut at every byte, bits flipped, stretches
//! zeroed, doubled, swapped or replaced. Each is another file than the whole one; the same seed gives the same ones.

/// Cut at every byte, then by chance, `count` in all.
pub fn of(whole: &[u8], count: usize, seed: u64) -> impl Iterator<Item = Vec<u8>> {
    let mut state = seed;
    let mut below = move |limit: usize| {
        // SplitMix64.
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % limit.max(1) as u64).unwrap_or(0)
    };
    let whole = whole.to_vec();
    (0..count).map(move |index| {
        if index < whole.len() {
            return whole[..index].to_vec();
        }
        loop {
            let mut bytes = whole.clone();
            let (from, length) = (below(bytes.len()), 1 + below(16));
            let to = (from + length).min(bytes.len());
            match below(6) {
                0 | 1 => bytes[from] ^= 1 << below(8),
                2 => (0..=below(8)).for_each(|_| {
                    let at = below(bytes.len());
                    bytes[at] ^= 1 << below(8);
                }),
                3 => bytes[from..to].fill(0),
                4 => bytes = [&whole[..to], &whole[from..]].concat(),
                _ => bytes[from..to].iter_mut().for_each(|byte| *byte = u8::try_from(below(256)).unwrap_or(0)),
            }
            if bytes != whole {
                return bytes;
            }
        }
    })
}
