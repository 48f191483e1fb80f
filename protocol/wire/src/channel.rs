//! The channels of a pair (SPEC 4).

use policy::Level;

/// What a sealed record is for. The number is on the wire, in clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Channel {
    /// Flights of the handshake; the only channel whose records are not sealed.
    Handshake = 0,
    /// Acknowledgements: the newest replaces all before it.
    Ack = 1,
    /// Messages between the two ends.
    Control = 2,
    /// Keys, buttons, wheel, text.
    Input = 3,
    /// The conversation.
    Chat = 4,
    /// Lossless picture updates.
    Picture = 5,
    /// Regions in motion.
    Motion = 6,
    /// Where the sharer's pointer is.
    Cursor = 7,
    /// Where the helper's laser pointer is.
    Pointer = 8,
    /// Clipboard contents.
    Clipboard = 9,
    /// File contents.
    File = 10,
    /// Credentials for one elevation prompt.
    Elevation = 11,
}

/// How a channel's records reach the other end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// Every record once, in counter order; kept and sent again after a change of carrier.
    Reliable,
    /// Every record once, in counter order, for the life of a picture context; never sent again.
    Ordered,
    /// The newest wins: in counter order, with gaps. Late and doubled records are dropped.
    Latest,
}

impl Channel {
    /// All channels, by number.
    pub const ALL: [Self; 12] = [
        Self::Handshake,
        Self::Ack,
        Self::Control,
        Self::Input,
        Self::Chat,
        Self::Picture,
        Self::Motion,
        Self::Cursor,
        Self::Pointer,
        Self::Clipboard,
        Self::File,
        Self::Elevation,
    ];

    /// The number on the wire.
    #[expect(clippy::as_conversions, reason = "a fieldless enum with `repr(u8)`")]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The channel with this number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }

    /// How its records are delivered (SPEC 4).
    pub fn delivery(self) -> Delivery {
        match self {
            Self::Handshake
            | Self::Control
            | Self::Input
            | Self::Chat
            | Self::Clipboard
            | Self::File
            | Self::Elevation => Delivery::Reliable,
            Self::Picture => Delivery::Ordered,
            Self::Ack | Self::Motion | Self::Cursor | Self::Pointer => Delivery::Latest,
        }
    }

    /// Which goes first where one socket carries all channels: 0 before 1 (SPEC 5.3).
    pub fn priority(self) -> usize {
        match self {
            Self::Handshake | Self::Ack | Self::Control | Self::Elevation => 0,
            Self::Input => 1,
            Self::Cursor | Self::Pointer => 2,
            Self::Chat => 3,
            Self::Picture | Self::Motion => 4,
            Self::Clipboard | Self::File => 5,
        }
    }

    /// Bytes that may be under way before the receiver granted any (SPEC 5).
    pub fn first_credit(self) -> u64 {
        match self {
            Self::Picture => 256 * 1024,
            Self::Handshake
            | Self::Ack
            | Self::Control
            | Self::Input
            | Self::Chat
            | Self::Motion
            | Self::Cursor
            | Self::Pointer
            | Self::Clipboard
            | Self::File
            | Self::Elevation => 64 * 1024,
        }
    }

    /// Records are padded to a multiple of this many bytes, or to the buckets of SPEC 3.2.
    pub fn is_small(self) -> bool {
        !matches!(
            self,
            Self::Picture | Self::Motion | Self::File | Self::Clipboard
        )
    }
}

/// A set of channels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Channels(u16);

impl Channels {
    /// No channel.
    pub const NONE: Self = Self(0);

    /// Exactly these.
    pub fn of(channels: &[Channel]) -> Self {
        channels
            .iter()
            .fold(Self::NONE, |set, channel| set.with(*channel))
    }

    /// These and one more.
    #[must_use]
    pub fn with(self, channel: Channel) -> Self {
        Self(self.0 | 1 << channel.number())
    }

    /// These without one.
    #[must_use]
    pub fn without(self, channel: Channel) -> Self {
        Self(self.0 & !(1 << channel.number()))
    }

    /// Whether the channel is one of them.
    pub fn contains(self, channel: Channel) -> bool {
        self.0 & (1 << channel.number()) != 0
    }

    /// The set as bits, for a place that is read without a lock.
    pub fn bits(self) -> u16 {
        self.0
    }

    /// The set with these bits.
    pub fn from_bits(bits: u16) -> Self {
        Self(bits)
    }

    /// What a helper may send to the sharer at this level.
    pub fn from_helper(level: Level) -> Self {
        let seeing = Self::of(&[
            Channel::Ack,
            Channel::Control,
            Channel::Chat,
            Channel::Pointer,
        ]);
        match level {
            Level::View => seeing,
            Level::Control | Level::Unattended => seeing.with(Channel::Input),
            Level::Elevation => seeing.with(Channel::Input).with(Channel::Elevation),
        }
    }

    /// What the sharer may send to a helper at this level.
    pub fn from_sharer(level: Level) -> Self {
        let seeing = Self::of(&[
            Channel::Ack,
            Channel::Control,
            Channel::Chat,
            Channel::Picture,
            Channel::Motion,
            Channel::Cursor,
        ]);
        match level {
            Level::View | Level::Control | Level::Unattended => seeing,
            Level::Elevation => seeing.with(Channel::Elevation),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_places_in_the_list() {
        for (place, channel) in Channel::ALL.into_iter().enumerate() {
            assert_eq!(usize::from(channel.number()), place);
            assert_eq!(Channel::from_number(channel.number()), Some(channel));
        }
        assert_eq!(Channel::from_number(12), None);
    }

    #[test]
    fn a_view_only_pair_has_no_way_for_input() {
        assert!(!Channels::from_helper(Level::View).contains(Channel::Input));
        assert!(Channels::from_helper(Level::Control).contains(Channel::Input));
        for level in Level::ALL {
            assert!(!Channels::from_sharer(level).contains(Channel::Input));
            assert!(!Channels::from_helper(level).contains(Channel::Picture));
        }
    }
}
