//! The sealed record: a clear header and bytes that only the two ends can open (SPEC 3).

use bytes::{BufMut, Bytes, BytesMut};
use policy::PairId;

use crate::{Channel, MAX_FRAME, MAX_PLAINTEXT, Malformed, Reader, TAG, put_varint};

/// What everybody on the way may read of a sealed record. It is authenticated by the seal.
///
/// ```text
///  0        1        2        3 ..               ..                   ..
/// +--------+--------+--------+------------------+--------------------+--------------+---------------
/// | 0x10   | pair   | channel| generation varint| counter varint     | length u16   | sealed bytes
/// +--------+--------+--------+------------------+--------------------+--------------+---------------
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Which helper of the session.
    pub pair: PairId,
    /// What the record is for.
    pub channel: Channel,
    /// The level generation whose keys seal it (SPEC 9).
    pub generation: u32,
    /// Its place among all records of this pair, channel and direction; never repeats.
    pub counter: u64,
}

impl Header {
    /// Longest encoding: three bytes, a 4-byte and an 8-byte varint, the length.
    pub const MAX: usize = 3 + 4 + 8 + 2;
    /// The largest generation that has an encoding of 4 bytes.
    pub const MAX_GENERATION: u32 = (1 << 30) - 1;

    /// The encoding, for a record with `length` sealed bytes (tag included).
    pub fn encode(&self, length: u16) -> Vec<u8> {
        let mut out = Vec::with_capacity(Self::MAX);
        out.push(Envelope::KIND);
        out.push(self.pair.number());
        out.push(self.channel.number());
        put_varint(
            &mut out,
            u64::from(self.generation.min(Self::MAX_GENERATION)),
        );
        put_varint(&mut out, self.counter);
        out.extend(length.to_be_bytes());
        out
    }
}

/// One sealed record as it travels.
#[derive(Clone, PartialEq, Eq)]
pub struct Envelope {
    header: Header,
    /// INVARIANT: the whole frame, header included; `body` is where the sealed bytes start.
    frame: Bytes,
    body: usize,
}

impl Envelope {
    /// The first byte of the frame: version 1, kind 0.
    pub const KIND: u8 = 0x10;

    /// Reads a frame. Copies nothing.
    pub fn decode(frame: Bytes) -> Result<Self, Malformed> {
        if frame.len() > MAX_FRAME {
            return Err(Malformed::TooLong(frame.len()));
        }
        let mut reader = Reader::new(&frame);
        let kind = reader.u8("kind")?;
        if kind != Self::KIND {
            return Err(Malformed::Value {
                field: "kind",
                value: kind.into(),
            });
        }
        let (header, length) = Self::read_header(&mut reader)?;
        let body = frame.len() - reader.left();
        if length > MAX_PLAINTEXT + TAG {
            return Err(Malformed::TooLong(length));
        }
        reader.bytes(length, "sealed bytes")?;
        reader.end()?;
        Ok(Self {
            header,
            frame,
            body,
        })
    }

    fn read_header(reader: &mut Reader<'_>) -> Result<(Header, usize), Malformed> {
        let pair = reader.u8("pair")?;
        let channel = reader.u8("channel")?;
        let generation = reader.varint("generation")?;
        let header = Header {
            pair: PairId::new(pair).ok_or_else(|| Malformed::Value {
                field: "pair",
                value: pair.into(),
            })?,
            channel: Channel::from_number(channel).ok_or_else(|| Malformed::Value {
                field: "channel",
                value: channel.into(),
            })?,
            generation: u32::try_from(generation)
                .ok()
                .filter(|generation| *generation <= Header::MAX_GENERATION)
                .ok_or(Malformed::Value {
                    field: "generation",
                    value: generation,
                })?,
            counter: reader.varint("counter")?,
        };
        Ok((header, reader.u16("length")?.into()))
    }

    /// A record of bytes that are not sealed: a flight of the handshake.
    pub fn flight(pair: PairId, counter: u64, flight: &[u8]) -> Result<Self, Malformed> {
        let length = u16::try_from(flight.len())
            .ok()
            .filter(|length| usize::from(*length) <= MAX_PLAINTEXT + TAG)
            .ok_or(Malformed::TooLong(flight.len()))?;
        let header = Header {
            pair,
            channel: Channel::Handshake,
            generation: 0,
            counter,
        };
        let mut frame = BytesMut::from(header.encode(length).as_slice());
        let body = frame.len();
        frame.put_slice(flight);
        Ok(Self {
            header,
            frame: frame.freeze(),
            body,
        })
    }

    /// The clear header.
    pub fn header(&self) -> Header {
        self.header
    }

    /// The header's own bytes: what the seal authenticates.
    pub fn clear(&self) -> &[u8] {
        self.frame.get(..self.body).unwrap_or_default()
    }

    /// The sealed bytes, tag included.
    pub fn sealed(&self) -> &[u8] {
        self.frame.get(self.body..).unwrap_or_default()
    }

    /// All bytes, as they travel.
    pub fn frame(&self) -> &Bytes {
        &self.frame
    }

    /// All bytes, as they travel.
    pub fn into_frame(self) -> Bytes {
        self.frame
    }
}

impl std::fmt::Debug for Envelope {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:?} + {} sealed bytes",
            self.header,
            self.sealed().len()
        )
    }
}
