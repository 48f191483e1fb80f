//! Byte credit of one pair, channel and direction (SPEC 5): three views of one number.
//!
//! The receiver's [`Window`] grants, the sender's [`Allowance`] obeys, the relay's [`Cap`] insists. All count the bytes
//! of whole frames from the link on, so a lost message of credit is healed by the next.

use thiserror::Error;

use crate::Channel;

/// What the sender may still send.
#[derive(Clone, Copy, Debug)]
pub struct Allowance {
    sent: u64,
    limit: u64,
}

/// What the receiver granted.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    size: u64,
    consumed: u64,
    granted: u64,
}

/// What the relay holds a sender to: never more under way than twice the receiver's credit.
#[derive(Clone, Copy, Debug)]
pub struct Cap {
    /// Bytes beyond the limit that are borne.
    slack: u64,
    forwarded: u64,
    limit: u64,
}

/// The sender ignores credit: the pair's channel is closed as `slow_peer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{over} bytes beyond twice the credit")]
pub struct Overrun {
    /// How far beyond.
    pub over: u64,
}

impl Allowance {
    /// At a new link.
    pub fn new(channel: Channel) -> Self {
        Self {
            sent: 0,
            limit: channel.first_credit(),
        }
    }

    /// Bytes that may be sent now.
    pub fn left(&self) -> u64 {
        self.limit.saturating_sub(self.sent)
    }

    /// A frame was sent.
    pub fn spend(&mut self, bytes: u64) {
        self.sent = self.sent.saturating_add(bytes);
    }

    /// The receiver says how much it takes in all. Never shrinks.
    pub fn grant(&mut self, limit: u64) {
        self.limit = self.limit.max(limit);
    }
}

impl Window {
    /// At a new link.
    pub fn new(channel: Channel) -> Self {
        let size = channel.first_credit();
        Self {
            size,
            consumed: 0,
            granted: size,
        }
    }

    /// A frame was taken out and dealt with. Gives the limit to announce, if it is worth a message: half a window.
    pub fn consume(&mut self, bytes: u64) -> Option<u64> {
        self.consumed = self.consumed.saturating_add(bytes);
        let limit = self.consumed.saturating_add(self.size);
        (limit - self.granted >= self.size / 2).then(|| {
            self.granted = limit;
            limit
        })
    }
}

impl Cap {
    /// At a new link.
    pub fn new(channel: Channel) -> Self {
        let first = channel.first_credit();
        Self {
            slack: first,
            forwarded: 0,
            limit: first,
        }
    }

    /// After a change of carrier. What was under way then is forwarded, but not counted by its sender any more.
    pub fn renewed(channel: Channel) -> Self {
        let first = channel.first_credit();
        Self {
            slack: 2 * first,
            forwarded: 0,
            limit: first,
        }
    }

    /// The receiver's credit passes through.
    pub fn grant(&mut self, limit: u64) {
        self.limit = self.limit.max(limit);
    }

    /// A frame is to be forwarded.
    pub fn admit(&mut self, bytes: u64) -> Result<(), Overrun> {
        self.forwarded = self.forwarded.saturating_add(bytes);
        let most = self.limit.saturating_add(self.slack);
        match self.forwarded.checked_sub(most) {
            None | Some(0) => Ok(()),
            Some(over) => Err(Overrun { over }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sender_that_obeys_never_overruns() {
        let mut allowance = Allowance::new(Channel::Chat);
        let mut window = Window::new(Channel::Chat);
        let mut cap = Cap::new(Channel::Chat);
        for _ in 0..10_000 {
            assert!(allowance.left() >= 1000);
            allowance.spend(1000);
            cap.admit(1000).unwrap();
            if let Some(limit) = window.consume(1000) {
                cap.grant(limit);
                allowance.grant(limit);
            }
        }
    }

    #[test]
    fn a_sender_that_ignores_credit_is_stopped_at_twice_the_credit() {
        let mut cap = Cap::new(Channel::Picture);
        let credit = Channel::Picture.first_credit();
        cap.admit(2 * credit).unwrap();
        assert_eq!(cap.admit(1), Err(Overrun { over: 1 }));
    }

    /// A whole first credit of the round before, and a frame that began below it, pass beside what the sender counts.
    #[test]
    fn what_was_under_way_at_a_change_of_carrier_is_borne() {
        let credit = Channel::Picture.first_credit();
        let mut cap = Cap::renewed(Channel::Picture);
        cap.admit(credit + 16_384).unwrap();
        cap.admit(credit).unwrap();
        cap.admit(credit).unwrap_err();
    }

    #[test]
    fn credit_never_shrinks() {
        let mut allowance = Allowance::new(Channel::Input);
        allowance.grant(10);
        assert_eq!(allowance.left(), Channel::Input.first_credit());
    }
}
