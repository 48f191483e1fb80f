//! Names of things: newtypes, so that no two ids can be swapped.

use std::fmt;
use std::str::FromStr;

/// One session between a sharer and its helpers: 128 random bits, written as 32 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(pub [u8; 16]);

/// One organisation. Every person, code and session belongs to exactly one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TenantId(pub String);

/// One person: the subject (`sub`) that the tenant's pinned issuer vouches for, never an e-mail address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonId(pub String);

/// One machine that shares its screen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceId(pub String);

/// The place of one helper in a session: 0, 1 or 2.
///
/// INVARIANT: below [`PairId::LIMIT`]; [`PairId::new`] is the only way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PairId(u8);

impl PairId {
    /// A session has at most this many helpers at once.
    pub const LIMIT: u8 = 3;
    /// The pair of the helper who started the session.
    pub const FIRST: Self = Self(0);

    /// The pair with this number, or `None` if a session cannot have it.
    pub fn new(number: u8) -> Option<Self> {
        (number < Self::LIMIT).then_some(Self(number))
    }

    /// The number on the wire.
    pub fn number(self) -> u8 {
        self.0
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SessionId({self})")
    }
}

/// A text that is not 32 lower-case hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotASessionId;

impl FromStr for SessionId {
    type Err = NotASessionId;

    fn from_str(text: &str) -> Result<Self, NotASessionId> {
        let digits = text.as_bytes();
        if digits.len() != 32 {
            return Err(NotASessionId);
        }
        let mut id = [0; 16];
        for (byte, pair) in id.iter_mut().zip(digits.chunks_exact(2)) {
            let &[high, low] = pair else { return Err(NotASessionId) };
            *byte = nibble(high)? << 4 | nibble(low)?;
        }
        Ok(Self(id))
    }
}

fn nibble(digit: u8) -> Result<u8, NotASessionId> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        _ => Err(NotASessionId),
    }
}

impl fmt::Display for TenantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for PersonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_id_reads_back_what_it_wrote() {
        let id = SessionId([0x0f; 16]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("0F".repeat(16).parse::<SessionId>(), Err(NotASessionId));
        assert_eq!("0f".parse::<SessionId>(), Err(NotASessionId));
    }

    #[test]
    fn a_session_has_three_pairs() {
        assert!(PairId::new(2).is_some());
        assert!(PairId::new(3).is_none());
    }
}
