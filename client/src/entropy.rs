//! The system's randomness.

use ring::rand::{SecureRandom, SystemRandom};
use seal::Entropy;

/// Fresh bytes from the operating system.
#[derive(Debug)]
pub struct System(SystemRandom);

impl Default for System {
    fn default() -> Self {
        Self(SystemRandom::new())
    }
}

impl Entropy for System {
    #[expect(clippy::expect_used, reason = "without randomness nothing may go on")]
    fn fill(&mut self, bytes: &mut [u8]) {
        self.0
            .fill(bytes)
            .expect("the system gives randomness once it has started");
    }
}

impl System {
    /// A fresh text of 32 hex digits: a nonce.
    pub fn text(&mut self) -> String {
        policy::SessionId(self.draw()).to_string()
    }
}
