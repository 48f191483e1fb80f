//! Hashes of secrets: all that the database knows of tokens and invitations.

use std::fmt;

/// SHA-256 of a secret with 128 random bits or more; such a one needs no salt and no slow hash.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct SecretHash(pub [u8; 32]);

impl SecretHash {
    /// 64 lower-case hex digits, as in the database.
    pub(crate) fn hex(self) -> String {
        let digits = self.0.iter().map(|byte| format!("{byte:02x}"));
        digits.collect()
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash(..)")
    }
}
