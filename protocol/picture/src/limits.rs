//! The bounds of the format (SPEC 7.3): all of them are checked before anything is allocated.

use crate::Picture;

/// What a helper announces, so that a sharer never asks for more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Logarithm of the largest zstd window, in bytes, that the helper spends memory on: 20 to 27.
    pub window_log_max: u8,
}

impl Default for Limits {
    /// 2^25: two full pictures up to 2560 x 1600. Phones announce 2^24.
    fn default() -> Self {
        Self { window_log_max: 25 }
    }
}

impl Limits {
    /// The logarithm of the window for a picture: the smallest power of two that holds two such
    /// pictures (in RGB, with room for what is drawn between them), at most what was announced.
    ///
    /// Two pictures is where a switch back to a window seen before falls from 80 KB to 1 KB.
    pub(crate) fn window_log(self, picture: &Picture) -> u8 {
        let bytes = u64::from(picture.rect().area()) * 3 * 26 / 10;
        let fits = (LEAST_USEFUL_WINDOW_LOG..MAX_WINDOW_LOG).find(|&log| 1 << log >= bytes);
        fits.unwrap_or(MAX_WINDOW_LOG).min(self.window_log_max())
    }

    pub(crate) fn window_log_max(self) -> u8 {
        self.window_log_max.clamp(MIN_WINDOW_LOG, MAX_WINDOW_LOG)
    }
}

/// Logarithm of the smallest window that a `Reset` may announce.
pub(crate) const MIN_WINDOW_LOG: u8 = 20;
/// Logarithm of the largest window that a `Reset` may announce.
pub(crate) const MAX_WINDOW_LOG: u8 = 27;
/// Logarithm of the smallest window that the encoder takes while it may take more.
const LEAST_USEFUL_WINDOW_LOG: u8 = 22;

/// Bytes of operations that the encoder puts into one slice.
pub(crate) const SLICE_TARGET: usize = 128 << 10;
/// Bytes of operations that one slice may hold.
pub(crate) const PLAIN_CAP: usize = 256 << 10;
/// Compressed bytes that one slice may hold.
pub(crate) const COMPRESSED_CAP: usize = 272 << 10;
/// Operations that one slice may hold.
pub(crate) const OPERATION_CAP: usize = 1024;
/// How often one slice may draw the whole picture.
pub(crate) const DRAWING_CAP: u64 = 4;
/// Cursor shapes that a helper keeps.
pub(crate) const SHAPE_CAP: u8 = 64;
/// Stills that lie over a picture at once.
pub(crate) const STILL_CAP: u8 = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_window_holds_two_pictures() {
        let log = |w, h, max| {
            Limits {
                window_log_max: max,
            }
            .window_log(&Picture::new(w, h).unwrap())
        };
        assert_eq!(log(1, 1, 25), 22);
        assert_eq!(log(1920, 1080, 25), 24);
        assert_eq!(log(1920, 1200, 25), 25);
        assert_eq!(log(3840, 2160, 27), 26);
        assert_eq!(
            log(3840, 2160, 25),
            25,
            "never above what the helper announced"
        );
        assert_eq!(
            log(1920, 1080, 0),
            20,
            "a limit out of range becomes the nearest one"
        );
    }
}
