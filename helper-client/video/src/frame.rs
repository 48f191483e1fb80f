//! The head of a coded frame, as far as sizes go: libvpx allocates for what stands there, so it has to be what was announced.
//!
//! VP9: "VP9 Bitstream & Decoding Process Specification", 6.2 (uncompressed header) and annex B (superframes). VP8: RFC 6386, 9.1.

/// The frames that a chunk of VP9 holds: one, or those of a superframe.
pub(crate) struct Chunk<'a> {
    pub(crate) frames: Vec<&'a [u8]>,
    /// Whether the index of a superframe names them. Without one libvpx would look for further frames behind the first.
    pub(crate) has_index: bool,
}

/// The frames of a chunk of VP9. `None` if its index is none.
pub(crate) fn chunk(bytes: &[u8]) -> Option<Chunk<'_>> {
    let marker = *bytes.last()?;
    if marker & 0xe0 != 0xc0 {
        let frames = vec![bytes];
        let has_index = false;
        return Some(Chunk { frames, has_index });
    }
    let (count, width) = (
        usize::from(marker & 7) + 1,
        usize::from(marker >> 3 & 3) + 1,
    );
    let (mut rest, index) = bytes.split_at_checked(bytes.len().checked_sub(2 + count * width)?)?;
    let (first, sizes) = index.split_first()?;
    if *first != marker {
        return None;
    }
    let mut frames = vec![];
    for size in sizes.chunks_exact(width).take(count) {
        let size = size
            .iter()
            .rev()
            .fold(0, |sum, byte| sum << 8 | usize::from(*byte));
        let (frame, after) = rest.split_at_checked(size).filter(|_| size > 0)?;
        frames.push(frame);
        rest = after;
    }
    let has_index = true;
    Some(Chunk { frames, has_index })
}

/// An index for one frame of this length.
pub(crate) fn index(length: usize) -> Option<[u8; 6]> {
    let [a, b, c, d] = u32::try_from(length).ok()?.to_le_bytes();
    Some([ONE_OF_FOUR, a, b, c, d, ONE_OF_FOUR])
}

/// Whether a frame of VP9 is one of profile 0 that names no other size than this.
pub(crate) fn is_vp9(frame: &[u8], size: (u16, u16)) -> bool {
    Bits {
        bytes: frame,
        at: 0,
    }
    .header(size)
    .is_some()
}

/// Whether a frame of VP8 names no other size than this.
pub(crate) fn is_vp8(frame: &[u8], (width, height): (u16, u16)) -> bool {
    match frame {
        [first, ..] if first & 1 != 0 => true,
        [_, _, _, 0x9d, 0x01, 0x2a, a, b, c, d, ..] => {
            // The two upper bits are a scale, which is the player's affair.
            let side = |low: &u8, high: &u8| u16::from_le_bytes([*low, *high]) & 0x3fff;
            (side(a, b), side(c, d)) == (width, height)
        }
        _ => false,
    }
}

/// Reads bits, the highest of a byte first.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn take(&mut self, count: usize) -> Option<u32> {
        let mut value = 0;
        for _ in 0..count {
            let byte = self.bytes.get(self.at / 8)?;
            value = value << 1 | u32::from(byte >> (7 - self.at % 8) & 1);
            self.at += 1;
        }
        Some(value)
    }

    fn expect(&mut self, count: usize, value: u32) -> Option<()> {
        (self.take(count)? == value).then_some(())
    }

    /// uncompressed_header(), up to the size.
    fn header(&mut self, size: (u16, u16)) -> Option<()> {
        self.expect(2, 2)?; // frame_marker
        self.expect(2, 0)?; // profile
        if self.take(1)? == 1 {
            return self.take(3).map(drop); // show_existing_frame
        }
        let is_key = self.take(1)? == 0;
        let is_shown = self.take(1)? == 1;
        let is_resilient = self.take(1)? == 1;
        if is_key {
            self.expect(24, SYNC)?;
            self.take(3).filter(|space| *space != RGB)?;
            self.take(1)?; // color_range
            return self.size(size);
        }
        let is_intra = !is_shown && self.take(1)? == 1;
        if !is_resilient {
            self.take(2)?; // reset_frame_context
        }
        if is_intra {
            self.expect(24, SYNC)?;
            self.take(8)?; // refresh_frame_flags
            return self.size(size);
        }
        self.take(8 + 3 * 4)?; // refresh_frame_flags; three references and their signs
        for _ in 0..3 {
            if self.take(1)? == 1 {
                return Some(()); // found_ref: as large as a frame before
            }
        }
        self.size(size)
    }

    /// frame_size()
    fn size(&mut self, (width, height): (u16, u16)) -> Option<()> {
        self.expect(16, u32::from(width).checked_sub(1)?)?;
        self.expect(16, u32::from(height).checked_sub(1)?)
    }
}

const SYNC: u32 = 0x49_83_42;
/// A space that profile 0 cannot have.
const RGB: u32 = 7;
/// The marker of an index of one frame, whose size has four bytes.
const ONE_OF_FOUR: u8 = 0xc0 | 3 << 3;
