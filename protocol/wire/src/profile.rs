//! Versions of the protocol (SPEC 1.2).

use serde::{Deserialize, Serialize};

/// The version that this code speaks.
pub const PROTOCOL: u16 = 1;

/// The versions that a program speaks: all from `min` to `max`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Protocols {
    /// The oldest.
    pub min: u16,
    /// The newest.
    pub max: u16,
}

impl Protocols {
    /// What this code speaks.
    pub const OURS: Self = Self {
        min: PROTOCOL,
        max: PROTOCOL,
    };

    /// The newest version that both speak.
    pub fn common(self, other: Self) -> Option<u16> {
        let newest = self.max.min(other.max);
        (newest >= self.min.max(other.min)).then_some(newest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_common_version_is_taken() {
        let range = |min, max| Protocols { min, max };
        assert_eq!(range(1, 3).common(range(2, 5)), Some(3));
        assert_eq!(range(1, 1).common(range(2, 5)), None);
        assert_eq!(range(4, 6).common(range(1, 3)), None);
    }
}
