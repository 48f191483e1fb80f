//! Randomness as an argument.

/// Fills bytes with fresh randomness of cryptographic quality. The caller owns the source: the operating system's in the
/// clients, a fixed one in vectors.
pub trait Entropy {
    /// Fills all of `bytes`.
    fn fill(&mut self, bytes: &mut [u8]);

    /// `N` fresh bytes.
    fn draw<const N: usize>(&mut self) -> [u8; N]
    where
        Self: Sized,
    {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }
}

impl<F: FnMut(&mut [u8])> Entropy for F {
    fn fill(&mut self, bytes: &mut [u8]) {
        self(bytes);
    }
}
