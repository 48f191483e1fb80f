//! Packing: one zstd frame per context that never ends, flushed at the end of every slice.

use zstd_safe::zstd_sys::ZSTD_EndDirective::ZSTD_e_flush;
use zstd_safe::{CCtx, CParameter, InBuffer, OutBuffer, compress_bound, get_error_name};

use crate::Error;

/// The packing side of a context. Its window is the memory of what the helper has seen.
pub(crate) struct Deflater {
    context: CCtx<'static>,
}

impl Deflater {
    /// A packer with a window of 2^`window_log` bytes.
    pub(crate) fn new(window_log: u8) -> Result<Self, Error> {
        let mut context = CCtx::try_create().ok_or(Error::Compressor("out of memory"))?;
        for parameter in [
            CParameter::CompressionLevel(LEVEL),
            CParameter::WindowLog(window_log.into()),
            CParameter::ChecksumFlag(false),
            CParameter::ContentSizeFlag(false),
        ] {
            context.set_parameter(parameter).map_err(failed)?;
        }
        Ok(Self { context })
    }

    /// Appends the packed bytes.
    pub(crate) fn pack(&mut self, plain: &[u8], out: &mut Vec<u8>) -> Result<(), Error> {
        if plain.is_empty() {
            return Ok(());
        }
        out.reserve(compress_bound(plain.len()) + FLUSH_ROOM);
        let start = out.len();
        let mut input = InBuffer::around(plain);
        let mut output = OutBuffer::around_pos(out, start);
        while self
            .context
            .compress_stream2(&mut output, &mut input, ZSTD_e_flush)
            .map_err(failed)?
            != 0
        {}
        Ok(())
    }
}

/// How many bytes these take when they are packed alone and quickly; their own length if that
/// fails.
pub(crate) fn packed_len(plain: &[u8]) -> usize {
    let mut packed = Vec::with_capacity(compress_bound(plain.len()));
    zstd_safe::compress(&mut packed, plain, QUICK_LEVEL).unwrap_or(plain.len())
}

fn failed(code: usize) -> Error {
    Error::Compressor(get_error_name(code))
}

/// The level that was measured: level 1 makes more bytes (40 % on a page scroll) at the same CPU.
const LEVEL: i32 = 3;
const QUICK_LEVEL: i32 = 1;
/// Frame header and the block that a flush may add.
const FLUSH_ROOM: usize = 64;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::inflate::Inflater;

    proptest! {
        #[test]
        fn every_slice_comes_back_whole(
            chunks in prop::collection::vec((any::<u8>(), 1_usize..70_000, 1_usize..300), 1..6),
        ) {
            let (mut packer, mut unpacker) = (Deflater::new(20).unwrap(), Inflater::new(20).unwrap());
            for (seed, length, period) in chunks {
                let bytes = (0..length).map(|n| (n % period * usize::from(seed)).to_le_bytes()[0]);
                let plain: Vec<u8> = bytes.collect();
                let mut packed = Vec::new();
                packer.pack(&plain, &mut packed).unwrap();
                let declared = u32::try_from(length).unwrap();
                prop_assert_eq!(unpacker.unpack(&packed, declared).unwrap(), &plain);
            }
        }
    }
}
