//! Reads fields from bytes that came from outside.

use thiserror::Error;

/// Why bytes are not what they claim to be. The peer that sent them broke the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Malformed {
    /// The bytes end inside a field.
    #[error("the bytes end inside `{0}`")]
    Truncated(&'static str),
    /// Bytes are left after the last field.
    #[error("{0} bytes are left after the last field")]
    Trailing(usize),
    /// A field has a value that the protocol does not know.
    #[error("`{field}` cannot be {value}")]
    Value {
        /// The field's name in SPEC.md.
        field: &'static str,
        /// What it held.
        value: u64,
    },
    /// A number is written longer than it needs to be.
    #[error("`{0}` is not in its shortest form")]
    NotShortest(&'static str),
    /// The frame is longer than the protocol allows.
    #[error("{0} bytes are more than the protocol allows")]
    TooLong(usize),
    /// A relay message is not the JSON that SPEC 6 describes.
    #[error("not a relay message of this protocol")]
    Message,
}

/// A position in received bytes. Every read names its field, for the error.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Starts at the first byte.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// How many bytes are left.
    pub fn left(&self) -> usize {
        self.rest.len()
    }

    /// The next `length` bytes.
    pub fn bytes(&mut self, length: usize, field: &'static str) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self
            .rest
            .split_at_checked(length)
            .ok_or(Malformed::Truncated(field))?;
        self.rest = rest;
        Ok(taken)
    }

    /// The next `N` bytes, by value.
    pub fn array<const N: usize>(&mut self, field: &'static str) -> Result<[u8; N], Malformed> {
        let (taken, rest) = self
            .rest
            .split_first_chunk()
            .ok_or(Malformed::Truncated(field))?;
        self.rest = rest;
        Ok(*taken)
    }

    /// One byte.
    pub fn u8(&mut self, field: &'static str) -> Result<u8, Malformed> {
        self.array(field).map(|[byte]| byte)
    }

    /// Two bytes, big endian.
    pub fn u16(&mut self, field: &'static str) -> Result<u16, Malformed> {
        self.array(field).map(u16::from_be_bytes)
    }

    /// Four bytes, big endian.
    pub fn u32(&mut self, field: &'static str) -> Result<u32, Malformed> {
        self.array(field).map(u32::from_be_bytes)
    }

    /// Eight bytes, big endian.
    pub fn u64(&mut self, field: &'static str) -> Result<u64, Malformed> {
        self.array(field).map(u64::from_be_bytes)
    }

    /// A variable-length integer of RFC 9000, section 16, in its shortest form.
    pub fn varint(&mut self, field: &'static str) -> Result<u64, Malformed> {
        crate::varint::read(self, field)
    }

    /// Everything that is left.
    pub fn rest(self) -> &'a [u8] {
        self.rest
    }

    /// Insists that nothing is left.
    pub fn end(self) -> Result<(), Malformed> {
        match self.rest.len() {
            0 => Ok(()),
            left => Err(Malformed::Trailing(left)),
        }
    }
}
