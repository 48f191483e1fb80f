//! Unpacking: one zstd frame per context, a chunk of it per slice, never its end.

use zstd_safe::{DCtx, DParameter, InBuffer, OutBuffer, get_error_name};

use crate::Error;
use crate::limits::{COMPRESSED_CAP, PLAIN_CAP};

/// The unpacking side of a context.
pub(crate) struct Inflater {
    context: DCtx<'static>,
    /// One byte more than a slice may hold: output beyond the declared length shows there.
    plain: Vec<u8>,
}

impl Inflater {
    /// An unpacker that takes windows up to 2^`window_log` bytes.
    pub(crate) fn new(window_log: u8) -> Result<Self, Error> {
        let mut context = DCtx::try_create().ok_or(Error::Zstd("out of memory"))?;
        context
            .set_parameter(DParameter::WindowLogMax(window_log.into()))
            .map_err(zstd)?;
        Ok(Self {
            context,
            plain: vec![0; PLAIN_CAP + 1],
        })
    }

    /// Exactly these bytes must give exactly `declared` bytes.
    pub(crate) fn unpack(&mut self, packed: &[u8], declared: u32) -> Result<&[u8], Error> {
        let length = usize::try_from(declared).unwrap_or(usize::MAX);
        if length > PLAIN_CAP {
            return Err(Error::PlainLength(declared));
        }
        if packed.len() > COMPRESSED_CAP {
            return Err(Error::CompressedLength(packed.len()));
        }
        if packed.is_empty() || length == 0 {
            // Bytes that unpack to nothing could be skippable frames without end.
            return if packed.is_empty() && length == 0 {
                Ok(&[])
            } else {
                Err(Error::Empty)
            };
        }
        let room = self
            .plain
            .get_mut(..=length)
            .ok_or(Error::PlainLength(declared))?;
        let mut input = InBuffer::around(packed);
        let mut output = OutBuffer::around(room);
        loop {
            let before = (input.pos(), output.pos());
            let hint = self
                .context
                .decompress_stream(&mut output, &mut input)
                .map_err(zstd)?;
            if hint == 0 {
                return Err(Error::FrameEnded);
            }
            if output.pos() > length {
                return Err(Error::Length {
                    declared: length,
                    found: output.pos(),
                });
            }
            // Input used up is not enough: zstd may still hold output back.
            if before == (input.pos(), output.pos()) {
                break;
            }
        }
        let found = output.pos();
        if found != length || input.pos() != packed.len() {
            return Err(Error::Length {
                declared: length,
                found,
            });
        }
        self.plain.get(..length).ok_or(Error::PlainLength(declared))
    }
}

fn zstd(code: usize) -> Error {
    Error::Zstd(get_error_name(code))
}
