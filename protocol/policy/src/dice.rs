//! Numbers for property tests: this crate depends on nothing, for tests neither.

/// A small generator, xorshift64*: the same numbers in every run.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below the limit.
    pub(crate) fn below(&mut self, limit: u8) -> u8 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let drawn = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        u8::try_from(drawn % u64::from(limit)).unwrap()
    }

    /// Some of the list.
    pub(crate) fn some<T: Clone>(&mut self, list: &[T]) -> Vec<T> {
        let drawn = list.iter().filter(|_| self.below(3) == 0);
        drawn.cloned().collect()
    }

    /// One of the list.
    pub(crate) fn one<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[usize::from(self.below(u8::try_from(list.len()).unwrap()))]
    }
}
