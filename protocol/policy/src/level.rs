//! The level of a session: how much a helper may do.

use std::fmt;
use std::str::FromStr;

/// How much a helper may do. Ordered: each level includes the ones before it (PRODUCT 2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// See the screen, chat, point.
    View,
    /// Also mouse and keyboard.
    Control,
    /// Also approve one elevation prompt at a time.
    Elevation,
    /// Control without a person at the device.
    Unattended,
}

impl Level {
    /// All levels, lowest first.
    pub const ALL: [Self; 4] = [Self::View, Self::Control, Self::Elevation, Self::Unattended];

    /// The word used on the wire, in records and in configuration.
    pub fn word(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Control => "control",
            Self::Elevation => "elevation",
            Self::Unattended => "unattended",
        }
    }

    /// Whether input may reach the sharer's machine at this level.
    pub fn includes_input(self) -> bool {
        self >= Self::Control
    }

    /// Whether the relay's word is not enough, and the identity provider has to sign, too (DESIGN 3).
    pub fn needs_second_authority(self) -> bool {
        self >= Self::Elevation
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A word that names no level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoSuchLevel(pub String);

impl FromStr for Level {
    type Err = NoSuchLevel;

    fn from_str(word: &str) -> Result<Self, NoSuchLevel> {
        Self::ALL
            .into_iter()
            .find(|level| level.word() == word)
            .ok_or_else(|| NoSuchLevel(word.to_owned()))
    }
}
