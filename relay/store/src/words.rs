//! The closed vocabularies of a record, each with the word that the database and the API use.

use std::fmt;

/// A text in a record that this version does not know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no such {kind}: {word:?}")]
pub struct NoSuchWord {
    /// Which vocabulary was asked.
    pub kind: &'static str,
    /// The unknown word.
    pub word: String,
}

macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident as $kind:literal { $($(#[$item:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$item])* $variant,)+
        }

        impl $name {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The word in the database and in the API.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.word())
            }
        }

        impl std::str::FromStr for $name {
            type Err = NoSuchWord;

            fn from_str(word: &str) -> Result<Self, NoSuchWord> {
                let known = Self::ALL.iter().copied().find(|one| one.word() == word);
                known.ok_or_else(|| NoSuchWord { kind: $kind, word: word.to_owned() })
            }
        }
    };
}

vocabulary! {
    /// Why a helper's part in a session ended.
    EndReason as "end reason" {
        /// The helper pressed *Leave*.
        HelperLeft = "helper_left",
        /// The sharer pressed *Leave*.
        SharerLeft = "sharer_left",
        /// The helper's connection was lost and did not come back.
        HelperLost = "helper_lost",
        /// The sharer's connection was lost and did not come back.
        SharerLost = "sharer_lost",
        /// The relay stopped and the two ends did not come back to it.
        RelayLost = "relay_lost",
        /// The sharer declined.
        Declined = "declined",
        /// Nobody answered in time.
        TimedOut = "timed_out",
        /// The relay was shut down for maintenance.
        Drained = "drained",
        /// One end could not keep up.
        Slow = "slow",
        /// The permission, the setting or the account was withdrawn.
        Revoked = "revoked",
        /// The account of one of the two was disabled.
        PersonDisabled = "person_disabled",
        /// An administrator ended it.
        EndedByAdmin = "ended_by_admin",
        /// The sharer reported the helper.
        Reported = "reported",
        /// A colleague took the session over.
        HandedOver = "handed_over",
        /// Something failed; the logs know what.
        Failed = "error",
    }
}

vocabulary! {
    /// What came of a session.
    Outcome as "outcome" {
        /// The problem is gone.
        Solved = "solved",
        /// It is not.
        Unsolved = "unsolved",
        /// Somebody else goes on with it.
        Escalated = "escalated",
    }
}

vocabulary! {
    /// How one end was connected.
    Carrier as "carrier" {
        /// WebSocket over TCP.
        WebSocket = "websocket",
        /// QUIC, native clients.
        Quic = "quic",
        /// WebTransport, browsers.
        WebTransport = "webtransport",
        /// WebRTC data channels, browsers.
        WebRtc = "webrtc",
    }
}

vocabulary! {
    /// What was known about the device when the helper connected.
    Compliance as "compliance state" {
        /// Meets the organisation's rules.
        Compliant = "compliant",
        /// Breaks at least one rule.
        NotCompliant = "not_compliant",
        /// Is not enrolled.
        NotEnrolled = "not_enrolled",
        /// Was not heard of for too long.
        Stale = "stale",
    }
}

vocabulary! {
    /// One thing that a session was used for.
    Feature as "feature" {
        /// The screen was seen.
        View = "view",
        /// Mouse or keyboard was used.
        Control = "control",
        /// Chat.
        Chat = "chat",
        /// Laser pointer.
        Pointer = "pointer",
        /// Clipboard transfer.
        Clipboard = "clipboard",
        /// File transfer.
        File = "file",
        /// An elevation prompt was answered.
        Elevation = "elevation",
    }
}

vocabulary! {
    /// Who says something about people and groups.
    Source as "source" {
        /// The claims of a token, at sign-in.
        Claims = "claims",
        /// SCIM (RFC 7644).
        Scim = "scim",
        /// An administrator, here.
        Local = "local",
    }
}

vocabulary! {
    /// What a group is of.
    GroupKind as "kind of group" {
        /// People.
        People = "people",
        /// Devices.
        Devices = "devices",
    }
}

vocabulary! {
    /// How far a device has come.
    DeviceState as "state of a device" {
        /// It connected; nobody said that it belongs here.
        Seen = "seen",
        /// An administrator said that it belongs here.
        Enrolled = "enrolled",
        /// It does not belong here any more.
        Retired = "retired",
    }
}

vocabulary! {
    /// What a token opens.
    TokenKind as "kind of token" {
        /// SCIM (RFC 7644).
        Scim = "scim",
        /// The API.
        Api = "api",
    }
}

impl Feature {
    /// The bit in the database; never changed, never used for something else.
    fn bit(self) -> u16 {
        match self {
            Self::View => 1,
            Self::Control => 1 << 1,
            Self::Chat => 1 << 2,
            Self::Pointer => 1 << 3,
            Self::Clipboard => 1 << 4,
            Self::File => 1 << 5,
            Self::Elevation => 1 << 6,
        }
    }
}

/// The set of things that a session was used for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Features(u16);

impl Features {
    /// Adds one.
    pub fn insert(&mut self, feature: Feature) {
        self.0 |= feature.bit();
    }

    /// Whether this one was used.
    pub fn contains(self, feature: Feature) -> bool {
        self.0 & feature.bit() != 0
    }

    /// What either of the two holds.
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Everything that was used, in the order of [`Feature::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Feature> {
        Feature::ALL
            .iter()
            .copied()
            .filter(move |feature| self.contains(*feature))
    }

    /// The number in the database.
    pub(crate) fn bits(self) -> i64 {
        i64::from(self.0)
    }

    /// The set with this number in the database, or `None` if no version wrote it.
    pub(crate) fn from_bits(bits: i64) -> Option<Self> {
        let all = Feature::ALL
            .iter()
            .fold(0, |bits, feature| bits | feature.bit());
        u16::try_from(bits)
            .ok()
            .filter(|bits| bits & !all == 0)
            .map(Self)
    }
}

impl FromIterator<Feature> for Features {
    fn from_iter<I: IntoIterator<Item = Feature>>(features: I) -> Self {
        let mut set = Self::default();
        features.into_iter().for_each(|feature| set.insert(feature));
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back() {
        for reason in EndReason::ALL {
            assert_eq!(reason.word().parse(), Ok(*reason));
        }
        let unknown = "gone fishing".parse::<EndReason>().unwrap_err();
        assert_eq!(unknown.to_string(), "no such end reason: \"gone fishing\"");
    }

    #[test]
    fn a_set_of_features_holds_what_was_put_in() {
        let set: Features = [Feature::Chat, Feature::View].into_iter().collect();
        assert_eq!(
            set.iter().collect::<Vec<_>>(),
            [Feature::View, Feature::Chat]
        );
        assert_eq!(Features::from_bits(set.bits()), Some(set));
        assert_eq!(Features::from_bits(1 << 7), None);
        assert_eq!(Features::from_bits(-1), None);
    }
}
