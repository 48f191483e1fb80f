//! Names of things: newtypes, so that no two ids can be swapped.

use std::fmt;
use std::str::FromStr;

/// One session between a sharer and its helpers: 128 random bits, written as 32 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SessionId(pub [u8; 16]);

/// The hash of a finished handshake (SPEC 8): what consent and grant are bound to, 64 lower-case hex digits as text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HandshakeHash(pub [u8; 32]);

/// A public key or a digest on the wire: 64 lower-case hex digits as text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicBytes(pub [u8; 32]);

/// One organisation. Every person, code and session belongs to exactly one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TenantId(pub String);

/// One person: the subject (`sub`) that the tenant's pinned issuer vouches for, never an e-mail address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonId(pub String);

/// One machine that shares its screen: the hash of its own public key, 32 lower-case hex digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceId(pub String);

/// A group of people or of devices. For people it is the value by which the provider names the group in its tokens, or SCIM's
/// `externalId`; unique within the tenant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GroupId(pub String);

/// A role: the word of a built-in one, or 32 hex digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoleId(pub String);

/// An assignment, a compliance rule or a rule of conditional access: 32 hex digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleId(pub String);

/// One helper of a session and its sharer; numbered from 0 in the order in which helpers came, and no number is used again.
///
/// INVARIANT: below [`PairId::LIMIT`]; [`PairId::new`] is the only way in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PairId(u8);

impl PairId {
    /// A session has at most this many helpers in its life.
    pub const LIMIT: u8 = 16;
    /// A session has at most this many helpers at once.
    pub const AT_ONCE: usize = 3;
    /// The pair of the helper who started the session.
    pub const FIRST: Self = Self(0);

    /// The pair with this number, or `None` if a session cannot have it.
    pub const fn new(number: u8) -> Option<Self> {
        if number < Self::LIMIT {
            Some(Self(number))
        } else {
            None
        }
    }

    /// The number on the wire.
    pub fn number(self) -> u8 {
        self.0
    }
}

/// A text that is not the lower-case hex digits of an id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnId;

macro_rules! hex_text {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                read_hex(text).map(Self)
            }
        }
    )*};
}

hex_text!(SessionId, HandshakeHash, PublicBytes);

fn read_hex<const N: usize>(text: &str) -> Result<[u8; N], NotAnId> {
    let digits = text.as_bytes();
    if digits.len() != 2 * N {
        return Err(NotAnId);
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        let &[high, low] = pair else {
            return Err(NotAnId);
        };
        *byte = nibble(high)? << 4 | nibble(low)?;
    }
    Ok(bytes)
}

fn nibble(digit: u8) -> Result<u8, NotAnId> {
    match digit {
        b'0'..=b'9' => Ok(digit - b'0'),
        b'a'..=b'f' => Ok(digit - b'a' + 10),
        _ => Err(NotAnId),
    }
}

macro_rules! plain_text {
    ($($name:ident),*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

plain_text!(TenantId, PersonId, DeviceId, GroupId, RoleId, RuleId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_id_reads_back_what_it_wrote() {
        let id = SessionId([0x0f; 16]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("0F".repeat(16).parse::<SessionId>(), Err(NotAnId));
        assert_eq!("0f".parse::<SessionId>(), Err(NotAnId));
    }

    #[test]
    fn a_session_has_sixteen_pairs_in_its_life() {
        assert_eq!(PairId::new(15).map(PairId::number), Some(15));
        assert!(PairId::new(16).is_none());
    }
}
