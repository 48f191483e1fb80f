//! libvpx behind a safe type. The C beside this file, `libvpx/shim.c`, is all that is called.

use std::ptr::NonNull;

use crate::colour::{Image, Matrix, Plane};

/// Codecs that this build decodes.
pub(crate) const READS: bool = true;

/// A decoder of libvpx.
///
/// INVARIANT: `decoder` came from `handrail_vpx_open` and is closed exactly once, when this is dropped. It is not `Send`: it lives on
/// the thread that opened it.
pub(crate) struct Context {
    decoder: NonNull<Opaque>,
}

impl Context {
    /// A fresh one.
    pub(crate) fn open(is_vp8: bool) -> Option<Self> {
        let threads = std::thread::available_parallelism().map_or(1, |count| count.get().min(MOST));
        let threads = u32::try_from(threads).unwrap_or(1);
        // SAFETY: takes numbers only, and gives a decoder of ours or null.
        let decoder = unsafe { handrail_vpx_open(is_vp8.into(), threads) };
        NonNull::new(decoder).map(|decoder| Self { decoder })
    }

    /// Decodes one frame. `None` if it is none; nothing inside if it shows nothing. An image borrows the decoder, whose next call would
    /// overwrite it.
    pub(crate) fn decode(&mut self, bytes: &[u8]) -> Option<Option<Image<'_>>> {
        let length = u32::try_from(bytes.len()).ok()?;
        let mut shown = RawImage::default();
        // SAFETY: the decoder is open (INVARIANT); `bytes` are `length` readable ones, and libvpx keeps no pointer to them; `shown` is
        // of the layout that the C writes, and written only there.
        let code = unsafe {
            handrail_vpx_decode(self.decoder.as_ptr(), bytes.as_ptr(), length, &mut shown)
        };
        match code {
            SHOWN => Some(Some(self.image(&shown)?)),
            HIDDEN => Some(None),
            _ => None,
        }
    }

    /// The image that the C described. `None` if it cannot be one.
    fn image(&self, shown: &RawImage) -> Option<Image<'_>> {
        let (width, height) = (
            u16::try_from(shown.width).ok()?,
            u16::try_from(shown.height).ok()?,
        );
        let [luma, blue, red] = shown.planes;
        let [luma_stride, blue_stride, red_stride] = shown.strides;
        let half = (width.div_ceil(2), height.div_ceil(2));
        Some(Image {
            width,
            height,
            luma: self.plane(luma, luma_stride, (width, height))?,
            blue: self.plane(blue, blue_stride, half)?,
            red: self.plane(red, red_stride, half)?,
            matrix: match shown.matrix {
                2 => Matrix::Bt709,
                4 => Matrix::Smpte240,
                5 => Matrix::Bt2020,
                // Untagged, 601, SMPTE 170 M (which is the same), and numbers that mean nothing.
                _ => Matrix::Bt601,
            },
            is_full: shown.full != 0,
        })
    }

    /// A plane of an image that is shown.
    fn plane(&self, at: *const u8, stride: u32, (width, height): (u16, u16)) -> Option<Plane<'_>> {
        let stride = usize::try_from(stride).ok()?;
        let above = usize::from(height).checked_sub(1)?;
        if at.is_null() || width == 0 || stride < usize::from(width) {
            return None;
        }
        let length = above.checked_mul(stride)?.checked_add(width.into())?;
        // SAFETY: libvpx gave the plane of an image in 4:2:0 with 8 bits, of this size and with this stride: there are `height - 1`
        // strides and one row of `width` bytes behind the pointer, all of them written. It changes nothing of them before it is called
        // again or closed, and both need a `&mut` of what this borrows.
        let bytes = unsafe { std::slice::from_raw_parts(at, length) };
        Some(Plane { bytes, stride })
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: the decoder is open (INVARIANT), and nobody has it after this.
        unsafe { handrail_vpx_close(self.decoder.as_ptr()) }
    }
}

/// What C alone knows.
#[repr(C)]
struct Opaque {
    _private: [u8; 0],
}

/// As in `shim.c`.
#[repr(C)]
#[derive(Debug)]
struct RawImage {
    planes: [*const u8; 3],
    strides: [u32; 3],
    width: u32,
    height: u32,
    matrix: u32,
    full: u32,
}

impl Default for RawImage {
    fn default() -> Self {
        Self {
            planes: [std::ptr::null(); 3],
            strides: [0; 3],
            width: 0,
            height: 0,
            matrix: 0,
            full: 0,
        }
    }
}

// SAFETY: as `shim.c` defines them; every type has one size in C and in Rust.
unsafe extern "C" {
    fn handrail_vpx_open(is_vp8: u32, threads: u32) -> *mut Opaque;
    fn handrail_vpx_close(decoder: *mut Opaque);
    fn handrail_vpx_decode(
        decoder: *mut Opaque,
        bytes: *const u8,
        length: u32,
        shown: *mut RawImage,
    ) -> i32;
}

const SHOWN: i32 = 1;
const HIDDEN: i32 = 0;
/// Threads of a decoder.
const MOST: usize = 4;
