//! Acknowledgements: for each channel, the next record that is expected (SPEC 10.1).
//!
//! They have a channel of their own, where the newest replaces all before it. If they travelled on control, a gap in control
//! would hold back the very message that asks for what is missing.

use wire::{Channel, Malformed, Reader, put_varint};

/// What the other end has, and whether it wants the rest again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// Whether to send again whatever is not here yet.
    pub resume: Resume,
    /// Everything below this counter was delivered.
    pub next: Vec<(Channel, u64)>,
}

/// Whether, and why, to send again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resume {
    /// Nothing is asked for.
    No,
    /// A gap did not close.
    Gap,
    /// The carrier changed, for the time that this round is named after.
    Change(u8),
}

impl Places {
    /// `kind u8 (0 ack, 1 gap, 2 change) | count u8 | count × (channel u8, next varint) | with kind 2: round u8`.
    pub fn encode(&self) -> Vec<u8> {
        let kind = match self.resume {
            Resume::No => 0,
            Resume::Gap => 1,
            Resume::Change(_) => CHANGE,
        };
        let mut out = vec![kind];
        out.push(u8::try_from(self.next.len()).unwrap_or(u8::MAX));
        for (channel, next) in &self.next {
            out.push(channel.number());
            put_varint(&mut out, *next);
        }
        if let Resume::Change(round) = self.resume {
            out.push(round);
        }
        out
    }

    /// Reads the message of an acknowledgement. A channel is named once: each name may make the peer send its records again.
    pub fn decode(message: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(message);
        let kind = reader.u8("kind")?;
        if kind > CHANGE {
            return Err(Malformed::Value {
                field: "kind",
                value: kind.into(),
            });
        }
        let count = reader.u8("count")?;
        let mut next: Vec<(Channel, u64)> = vec![];
        for _ in 0..count {
            let number = reader.u8("channel")?;
            let channel = Channel::from_number(number).ok_or_else(|| Malformed::Value {
                field: "channel",
                value: number.into(),
            })?;
            if next.iter().any(|(named, _)| *named == channel) {
                return Err(Malformed::Value {
                    field: "channel",
                    value: number.into(),
                });
            }
            next.push((channel, reader.varint("next")?));
        }
        let resume = match kind {
            0 => Resume::No,
            1 => Resume::Gap,
            _ => Resume::Change(reader.u8("round")?),
        };
        reader.end()?;
        Ok(Self { resume, next })
    }
}

const CHANGE: u8 = 2;
