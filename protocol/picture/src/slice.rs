//! A slice: the unit that the encoder makes and the decoder takes (SPEC 7.1).
//!
//! ```text
//!  0        4        8                16         20      21
//!  +--------+--------+----------------+----------+-------+- - - - - - - - - - - - - - - - -+- - - -
//!  |context | update | input          |plain_len | flags | width, height, window_log (RESET)| zstd
//!  | u32    | u32    | u64            | u32      | u8    | u16    u16     u8                |
//!  +--------+--------+----------------+----------+-------+- - - - - - - - - - - - - - - - -+- - - -
//! ```

use crate::Error;

/// One encoded slice, ready to be sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice {
    /// The picture context it belongs to.
    pub context: u32,
    /// The update it belongs to.
    pub update: u32,
    /// Whether it is the last one of its update.
    pub last: bool,
    /// Header and compressed operations.
    pub bytes: Vec<u8>,
}

/// The header of a slice. All integers are little endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    /// How many `Reset`s there were, this one included.
    pub(crate) context: u32,
    /// Rises with every update, also across contexts.
    pub(crate) update: u32,
    /// The last input event that the sharer had applied when it took the picture.
    pub(crate) input: u64,
    /// Bytes of operations.
    pub(crate) plain_len: u32,
    /// Whether the update is whole with this slice.
    pub(crate) last: bool,
    /// Set on the first slice of a context.
    pub(crate) reset: Option<Reset>,
}

/// What the first slice of a context adds to its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reset {
    pub(crate) width: u16,
    pub(crate) height: u16,
    pub(crate) window_log: u8,
}

impl Header {
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.extend(self.context.to_le_bytes());
        out.extend(self.update.to_le_bytes());
        out.extend(self.input.to_le_bytes());
        out.extend(self.plain_len.to_le_bytes());
        let reset = if self.reset.is_some() { RESET } else { 0 };
        out.push(if self.last { LAST } else { 0 } | reset);
        if let Some(Reset {
            width,
            height,
            window_log,
        }) = self.reset
        {
            out.extend(width.to_le_bytes());
            out.extend(height.to_le_bytes());
            out.push(window_log);
        }
    }

    /// The header and the compressed bytes behind it.
    pub(crate) fn read(bytes: &[u8]) -> Result<(Self, &[u8]), Error> {
        let mut rest = bytes;
        let context = u32::from_le_bytes(take(&mut rest)?);
        let update = u32::from_le_bytes(take(&mut rest)?);
        let input = u64::from_le_bytes(take(&mut rest)?);
        let plain_len = u32::from_le_bytes(take(&mut rest)?);
        let [flags] = take(&mut rest)?;
        if flags & !(LAST | RESET) != 0 {
            return Err(Error::Flags(flags));
        }
        let reset = if flags & RESET == 0 {
            None
        } else {
            let width = u16::from_le_bytes(take(&mut rest)?);
            let height = u16::from_le_bytes(take(&mut rest)?);
            let [window_log] = take(&mut rest)?;
            Some(Reset {
                width,
                height,
                window_log,
            })
        };
        let last = flags & LAST != 0;
        Ok((
            Self {
                context,
                update,
                input,
                plain_len,
                last,
                reset,
            },
            rest,
        ))
    }
}

fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N], Error> {
    let (head, tail) = rest.split_first_chunk().ok_or(Error::HeaderTruncated)?;
    *rest = tail;
    Ok(*head)
}

/// The update is whole with this slice.
const LAST: u8 = 1;
/// The slice starts a new context.
const RESET: u8 = 2;

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Header = Header {
        context: 1,
        update: 2,
        input: 3,
        plain_len: 4,
        last: true,
        reset: Some(Reset {
            width: 5,
            height: 6,
            window_log: 24,
        }),
    };

    #[test]
    fn a_header_reads_back() {
        for header in [
            FIRST,
            Header {
                reset: None,
                last: false,
                ..FIRST
            },
        ] {
            let mut bytes = Vec::new();
            header.write(&mut bytes);
            bytes.push(42);
            assert_eq!(Header::read(&bytes), Ok((header, &[42][..])));
            for short in 0..bytes.len() - 1 {
                assert_eq!(Header::read(&bytes[..short]), Err(Error::HeaderTruncated));
            }
        }
    }

    #[test]
    fn the_bytes_are_fixed() {
        let mut bytes = Vec::new();
        FIRST.write(&mut bytes);
        assert_eq!(
            bytes,
            [
                1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 3, 5, 0, 6, 0, 24
            ]
        );
        bytes[20] |= 4;
        assert_eq!(Header::read(&bytes), Err(Error::Flags(7)));
    }
}
