//! Acknowledgements: for each channel, the next record that is expected (SPEC 10.1).
//!
//! They have a channel of their own, where the newest replaces all before it. If they travelled on control, a gap in control
//! would hold back the very message that asks for what is missing.

use wire::{Channel, Malformed, Reader, put_varint};

/// What the other end has, and whether it wants the rest again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// Send again whatever is not here yet: the carrier changed, or a gap did not close.
    pub resume: bool,
    /// Everything below this counter was delivered.
    pub next: Vec<(Channel, u64)>,
}

impl Places {
    /// `kind u8 (0 ack, 1 resume) | count u8 | count × (channel u8, next varint)`.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = vec![u8::from(self.resume)];
        out.push(u8::try_from(self.next.len()).unwrap_or(u8::MAX));
        for (channel, next) in &self.next {
            out.push(channel.number());
            put_varint(&mut out, *next);
        }
        out
    }

    /// Reads the message of an acknowledgement. A channel is named once: each name may make the peer send its records again.
    pub fn decode(message: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(message);
        let resume = match reader.u8("kind")? {
            0 => false,
            1 => true,
            kind => {
                return Err(Malformed::Value {
                    field: "kind",
                    value: kind.into(),
                });
            }
        };
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
        reader.end()?;
        Ok(Self { resume, next })
    }
}
