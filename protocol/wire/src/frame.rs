//! What a carrier moves: one frame is one WebSocket message or one length-prefixed unit of a stream (SPEC 2).

use bytes::Bytes;
use policy::PairId;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{Channel, Envelope, MAX_FRAME, MAX_MESSAGE, Malformed, Reader, put_varint};

/// One unit of a carrier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// A sealed record for the other end of a pair.
    Sealed(Envelope),
    /// How much more the receiver of a channel takes.
    Credit(Credit),
    /// A message to or from the relay: JSON text.
    Message(Bytes),
    /// Asks for a [`Frame::Pong`] with the same number.
    Ping(u64),
    /// Answers a [`Frame::Ping`].
    Pong(u64),
    /// So many frames that have to arrive were taken on this line (SPEC 2.4).
    Heard(u64),
}

/// The receiver of a channel takes `limit` bytes of frames in all, counted from the beginning of the round on (SPEC 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Credit {
    /// Which helper of the session.
    pub pair: PairId,
    /// Which channel.
    pub channel: Channel,
    /// Changes of carrier of this pair so far, modulo 256. Credit of another round means nothing.
    pub round: u8,
    /// Bytes in all, not in addition.
    pub limit: u64,
}

impl Frame {
    /// Reads one frame. Copies nothing.
    pub fn decode(bytes: Bytes) -> Result<Self, Malformed> {
        if bytes.len() > MAX_FRAME {
            return Err(Malformed::TooLong(bytes.len()));
        }
        let mut reader = Reader::new(&bytes);
        match reader.u8("kind")? {
            Envelope::KIND => Envelope::decode(bytes).map(Self::Sealed),
            CREDIT => {
                let credit = read_credit(&mut reader)?;
                reader.end()?;
                Ok(Self::Credit(credit))
            }
            MESSAGE if bytes.len() > MAX_MESSAGE => Err(Malformed::TooLong(bytes.len())),
            MESSAGE => Ok(Self::Message(bytes.slice(1..))),
            PING => read_number(reader).map(Self::Ping),
            PONG => read_number(reader).map(Self::Pong),
            HEARD => {
                let count = reader.varint("count")?;
                reader.end()?;
                Ok(Self::Heard(count))
            }
            kind => Err(Malformed::Value {
                field: "kind",
                value: kind.into(),
            }),
        }
    }

    /// The bytes to send.
    pub fn encode(self) -> Bytes {
        match self {
            Self::Sealed(envelope) => envelope.into_frame(),
            Self::Credit(credit) => {
                let (pair, channel) = (credit.pair.number(), credit.channel.number());
                let mut out = vec![CREDIT, pair, channel, credit.round];
                put_varint(&mut out, credit.limit);
                out.into()
            }
            Self::Message(text) => [&[MESSAGE], text.as_ref()].concat().into(),
            Self::Ping(number) => encode_number(PING, number),
            Self::Pong(number) => encode_number(PONG, number),
            Self::Heard(count) => {
                let mut out = vec![HEARD];
                put_varint(&mut out, count);
                out.into()
            }
        }
    }

    /// Whether it has to arrive, also when the carrier is lost meanwhile: relay messages and the handshake (SPEC 2.4). Everything else
    /// is sent anew by its ends, or is worth nothing later.
    pub fn must_arrive(&self) -> bool {
        match self {
            Self::Message(_) => true,
            Self::Sealed(envelope) => envelope.header().channel == Channel::Handshake,
            Self::Credit(_) | Self::Ping(_) | Self::Pong(_) | Self::Heard(_) => false,
        }
    }

    /// A relay message as a frame.
    pub fn message(message: &impl Serialize) -> Result<Self, Malformed> {
        let text = serde_json::to_vec(message).map_err(|_| Malformed::Message)?;
        if text.len() >= MAX_MESSAGE {
            return Err(Malformed::TooLong(text.len()));
        }
        Ok(Self::Message(text.into()))
    }
}

/// Reads the text of a relay message.
pub(crate) fn parse<M: DeserializeOwned>(text: &[u8]) -> Result<M, Malformed> {
    serde_json::from_slice(text).map_err(|_| Malformed::Message)
}

fn read_credit(reader: &mut Reader<'_>) -> Result<Credit, Malformed> {
    let pair = reader.u8("pair")?;
    let channel = reader.u8("channel")?;
    Ok(Credit {
        pair: PairId::new(pair).ok_or_else(|| Malformed::Value {
            field: "pair",
            value: pair.into(),
        })?,
        channel: Channel::from_number(channel).ok_or_else(|| Malformed::Value {
            field: "channel",
            value: channel.into(),
        })?,
        round: reader.u8("round")?,
        limit: reader.varint("limit")?,
    })
}

fn read_number(mut reader: Reader<'_>) -> Result<u64, Malformed> {
    let number = reader.u64("number")?;
    reader.end()?;
    Ok(number)
}

fn encode_number(kind: u8, number: u64) -> Bytes {
    let mut out = vec![kind];
    out.extend(number.to_be_bytes());
    out.into()
}

const CREDIT: u8 = 0x11;
const MESSAGE: u8 = 0x12;
const PING: u8 = 0x13;
const PONG: u8 = 0x14;
const HEARD: u8 = 0x15;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Header;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_record_reads_back(
            pair in 0..PairId::LIMIT,
            channel in 0u8..12,
            generation in 0..=Header::MAX_GENERATION,
            counter in 0u64..1 << 62,
            sealed in proptest::collection::vec(any::<u8>(), 0..600),
        ) {
            let header = Header {
                pair: PairId::new(pair).unwrap(),
                channel: Channel::from_number(channel).unwrap(),
                generation,
                counter,
            };
            let mut frame = header.encode(u16::try_from(sealed.len()).unwrap());
            let clear = frame.clone();
            frame.extend(&sealed);
            let Ok(Frame::Sealed(envelope)) = Frame::decode(frame.clone().into()) else {
                return Err(TestCaseError::fail("not a record"));
            };
            prop_assert_eq!(envelope.header(), header);
            prop_assert_eq!(envelope.clear(), &clear[..]);
            prop_assert_eq!(envelope.sealed(), &sealed[..]);
            prop_assert_eq!(Frame::Sealed(envelope).encode(), frame);
        }

        #[test]
        fn any_bytes_give_a_frame_that_reads_back_or_an_error(
            bytes in proptest::collection::vec(any::<u8>(), 0..64),
            kind in 0x0eu8..0x17,
        ) {
            let bytes = Bytes::from([&[kind], bytes.as_slice()].concat());
            if let Ok(frame) = Frame::decode(bytes.clone()) {
                prop_assert_eq!(frame.encode(), bytes);
            }
        }
    }

    #[test]
    fn a_length_that_lies_is_refused() {
        let envelope = Envelope::flight(PairId::FIRST, 0, b"flight").unwrap();
        let whole = envelope.into_frame();
        assert_eq!(
            Frame::decode(whole.slice(..whole.len() - 1)),
            Err(Malformed::Truncated("sealed bytes"))
        );
        let longer = Bytes::from([whole.as_ref(), b"x"].concat());
        assert_eq!(Frame::decode(longer), Err(Malformed::Trailing(1)));
    }

    #[test]
    fn an_oversized_frame_is_refused_before_it_is_read() {
        let bytes = Bytes::from(vec![MESSAGE; MAX_FRAME + 1]);
        assert_eq!(Frame::decode(bytes), Err(Malformed::TooLong(MAX_FRAME + 1)));
    }
}
