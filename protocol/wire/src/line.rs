//! What a client shows to take its line up again on another carrier (SPEC 2.4).

use std::fmt;
use std::str::FromStr;

use policy::{NotAnId, PublicBytes};

/// The key of a line: 32 random bytes that only the relay and this client know. Whoever has it is this client.
///
/// Written as 64 lower-case hex digits, in messages alone; `Debug` does not show it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct LineKey(PublicBytes);

impl LineKey {
    /// The key of these bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(PublicBytes(bytes))
    }
}

impl fmt::Debug for LineKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LineKey")
    }
}

impl fmt::Display for LineKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for LineKey {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        text.parse().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_written_only_where_it_is_sent() {
        let key = LineKey::new([0x5c; 32]);
        assert_eq!(format!("{key:?}"), "LineKey");
        assert_eq!(key.to_string(), "5c".repeat(32));
        assert_eq!("5c".repeat(32).parse(), Ok(key));
    }
}
