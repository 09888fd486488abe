//! Numbers that are the same on every machine: a story is written alike wherever the test runs.

/// A small generator of numbers (xorshift), sown by a text.
pub(crate) struct Random(u64);

impl Random {
    /// Sown by a text, and by `PLANTED_SEED` where other wordings and layouts than the usual ones are wanted.
    pub(crate) fn of(text: &str) -> Self {
        let other = std::env::var("PLANTED_SEED").unwrap_or_default();
        // FNV-1a.
        let seed = other
            .bytes()
            .chain(text.bytes())
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
                (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
            });
        Self(seed | 1)
    }

    /// A number below a bound.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from((self.0 >> 11) % bound.max(1) as u64).unwrap_or(0)
    }

    /// Whether something of so many in a hundred happens.
    pub(crate) fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    /// One of some things.
    pub(crate) fn of_these<'t, T>(&mut self, things: &'t [T]) -> &'t T {
        &things[self.below(things.len())]
    }
}
