//! How the display lays out a pixel, and the way from there to a [`Picture`].

use picture::{Picture, Rect};
use x11rb::protocol::xproto::{ImageOrder, Screen, Setup, VisualClass};

use crate::capture::CaptureError;

/// The layout of the root window's pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Format {
    /// Bytes of a pixel: 2 or 4.
    bytes: usize,
    /// Rows start at multiples of this many bytes.
    pad: usize,
    big_endian: bool,
    /// Red, green, blue.
    channels: [Channel; 3],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Channel {
    shift: u32,
    bits: u32,
}

impl Format {
    /// Reads the layout of a screen.
    ///
    /// # Errors
    /// [`CaptureError::Unfit`] for palettes and for pixels of another size than 16 or 32 bits.
    pub(super) fn of(setup: &Setup, screen: &Screen) -> Result<Self, CaptureError> {
        let depth = screen.root_depth;
        let unfit = |what: &str| CaptureError::Unfit(format!("{what} (depth {depth})"));
        let mut visuals = screen
            .allowed_depths
            .iter()
            .flat_map(|depth| &depth.visuals);
        let visual = visuals
            .find(|visual| visual.visual_id == screen.root_visual)
            .ok_or_else(|| unfit("the root window has no visual"))?;
        if ![VisualClass::TRUE_COLOR, VisualClass::DIRECT_COLOR].contains(&visual.class) {
            return Err(unfit("its colours come from a palette"));
        }
        let format = setup.pixmap_formats.iter().find(|one| one.depth == depth);
        let format = format.ok_or_else(|| unfit("its pixels have no format"))?;
        let masks = [visual.red_mask, visual.green_mask, visual.blue_mask];
        Self::new(
            format.bits_per_pixel,
            format.scanline_pad,
            setup.image_byte_order == ImageOrder::MSB_FIRST,
            masks,
        )
        .ok_or_else(|| unfit("its pixels are neither 16 nor 32 bits of red, green and blue"))
    }

    fn new(bits: u8, pad: u8, big_endian: bool, masks: [u32; 3]) -> Option<Self> {
        let [red, green, blue] = masks.map(Channel::new);
        let padded = pad >= 8 && pad.is_multiple_of(8);
        (padded && (bits == 16 || bits == 32)).then_some(Self {
            bytes: usize::from(bits) / 8,
            pad: usize::from(pad) / 8,
            big_endian,
            channels: [red?, green?, blue?],
        })
    }

    /// Bytes from one row to the next.
    pub(super) fn stride(&self, width: u16) -> usize {
        (usize::from(width) * self.bytes).next_multiple_of(self.pad)
    }

    /// Writes rows in this layout into a picture. `scratch` is only there to be used again.
    pub(super) fn put(&self, into: &mut Picture, rect: Rect, rows: &[u8], scratch: &mut Vec<u8>) {
        let stride = self.stride(rect.w);
        if self.is_bgrx() {
            into.put_bgrx(rect, rows, stride);
            return;
        }
        scratch.clear();
        let width = usize::from(rect.w);
        for row in rows.chunks_exact(stride.max(1)) {
            let pixels = row.chunks_exact(self.bytes).take(width);
            scratch.extend(pixels.flat_map(|pixel| self.rgb(pixel)));
        }
        into.put_rgb(rect, scratch);
    }

    fn is_bgrx(&self) -> bool {
        let shifts = self.channels.map(|channel| (channel.shift, channel.bits));
        !self.big_endian && self.bytes == 4 && shifts == [(16, 8), (8, 8), (0, 8)]
    }

    fn rgb(&self, pixel: &[u8]) -> [u8; 3] {
        let joined = |value: u32, byte: &u8| value << 8 | u32::from(*byte);
        let value = if self.big_endian {
            pixel.iter().fold(0, joined)
        } else {
            pixel.iter().rev().fold(0, joined)
        };
        self.channels.map(|channel| channel.of(value))
    }
}

impl Channel {
    fn new(mask: u32) -> Option<Self> {
        let (shift, bits) = (mask.trailing_zeros(), mask.count_ones());
        let whole = mask.checked_shr(shift) == Some(u32::MAX.checked_shr(32 - bits).unwrap_or(0));
        (bits > 0 && bits <= 16 && whole).then_some(Self { shift, bits })
    }

    /// The value, spread over 0 to 255.
    fn of(self, pixel: u32) -> u8 {
        let most = (1_u32 << self.bits) - 1;
        let spread = ((pixel >> self.shift & most) * 255 + most / 2) / most;
        u8::try_from(spread).unwrap_or(u8::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BGRX: [u32; 3] = [0xff_0000, 0xff00, 0xff];

    fn put(format: &Format, width: u16, rows: &[u8]) -> Vec<u8> {
        let mut picture = Picture::new(width, 1).unwrap();
        format.put(
            &mut picture,
            Rect::new(0, 0, width, 1),
            rows,
            &mut Vec::new(),
        );
        picture.rgba().to_vec()
    }

    #[test]
    fn each_layout_comes_out_as_rgba() {
        let cases: [(u8, bool, [u32; 3], &[u8]); 6] = [
            (32, false, BGRX, &[3, 2, 1, 77]),
            (32, true, BGRX, &[77, 1, 2, 3]),
            (32, false, [0xff, 0xff00, 0xff_0000], &[1, 2, 3, 77]),
            (
                32,
                false,
                [0x3ff0_0000, 0xf_fc00, 0x3ff],
                &0x0040_200c_u32.to_le_bytes(),
            ),
            (
                32,
                false,
                [0x3ff, 0xf_fc00, 0x3ff0_0000],
                &0x00c0_2004_u32.to_le_bytes(),
            ),
            (16, true, [0xf800, 0x7e0, 0x1f], &[0xff, 0xe0, 0, 0]),
        ];
        for (bits, big, masks, bytes) in cases {
            let format = Format::new(bits, 32, big, masks).unwrap();
            let expected = if bits == 16 {
                [255, 255, 0, 255]
            } else {
                [1, 2, 3, 255]
            };
            assert_eq!(put(&format, 1, bytes), expected, "{format:?}");
        }
    }

    #[test]
    fn rows_of_16_bits_are_padded() {
        let format = Format::new(16, 32, false, [0xf800, 0x7e0, 0x1f]).unwrap();
        assert_eq!(format.stride(3), 8);
        let row = [0, 0xf8, 0xe0, 0x07, 0x1f, 0, 99, 99];
        let rgb = [[255, 0, 0, 255], [0, 255, 0, 255], [0, 0, 255, 255]];
        assert_eq!(put(&format, 3, &row), rgb.concat());
    }

    #[test]
    fn what_we_cannot_read_is_refused() {
        assert_eq!(Format::new(24, 32, false, BGRX), None);
        assert_eq!(Format::new(8, 32, false, [0; 3]), None);
        assert_eq!(Format::new(32, 0, false, BGRX), None);
        assert_eq!(Format::new(32, 32, false, [0xff00ff, 0xff00, 0]), None);
    }
}
