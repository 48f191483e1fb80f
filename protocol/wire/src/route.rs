//! What exists between the two ends of a pair: the channels of each direction.

use policy::Level;

use crate::{Channel, Channels};

/// The channels that exist for a pair. A record on any other has nowhere to go (DESIGN 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// From the helper to the sharer.
    pub from_helper: Channels,
    /// From the sharer to the helper.
    pub from_sharer: Channels,
}

impl Route {
    /// Nothing: before the claim and after the end.
    pub const CLOSED: Self = Self {
        from_helper: Channels::NONE,
        from_sharer: Channels::NONE,
    };

    /// While the code is being proven: flights of the handshake only.
    pub fn handshake() -> Self {
        let flights = Channels::NONE.with(Channel::Handshake);
        Self {
            from_helper: flights,
            from_sharer: flights,
        }
    }

    /// Both ends reported the same handshake hash, nobody consented yet: control only.
    pub fn paired() -> Self {
        let control = Channels::of(&[Channel::Ack, Channel::Control]);
        Self {
            from_helper: control,
            from_sharer: control,
        }
    }

    /// The same without one channel, in both directions.
    #[must_use]
    pub fn without(self, channel: Channel) -> Self {
        Self {
            from_helper: self.from_helper.without(channel),
            from_sharer: self.from_sharer.without(channel),
        }
    }

    /// A grant for this level stands.
    pub fn granted(level: Level) -> Self {
        Self {
            from_helper: Channels::from_helper(level),
            from_sharer: Channels::from_sharer(level),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// PRODUCT 1.3: where chat is off there is no channel for it, and everything else stays.
    #[test]
    fn a_route_without_chat_has_everything_else() {
        for level in Level::ALL {
            let (with, without) = (
                Route::granted(level),
                Route::granted(level).without(Channel::Chat),
            );
            for channel in Channel::ALL {
                let expected = |set: Channels| set.contains(channel) && channel != Channel::Chat;
                assert_eq!(
                    without.from_helper.contains(channel),
                    expected(with.from_helper)
                );
                assert_eq!(
                    without.from_sharer.contains(channel),
                    expected(with.from_sharer)
                );
            }
        }
    }
}
