//! A picture: the pixels that both ends hold.

use sha2::{Digest, Sha256};

use crate::{Error, Point, Rect};

/// An RGBA picture, row by row from the top, without padding.
///
/// INVARIANT: `pixels` holds `width * height * 4` bytes and every fourth one (alpha) is 255, so two
/// pictures are the same exactly if their bytes are.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    width: u16,
    height: u16,
    pixels: Vec<u8>,
}

impl Picture {
    /// No side is longer than this.
    pub const MAX_SIDE: u16 = 16_384;
    /// No picture takes more bytes than this.
    pub const MAX_BYTES: usize = 256 << 20;

    /// A black picture.
    ///
    /// # Errors
    /// [`Error::PictureSize`] if a side is 0 or over [`Self::MAX_SIDE`], or the bytes are over
    /// [`Self::MAX_BYTES`]; checked before anything is allocated.
    pub fn new(width: u16, height: u16) -> Result<Self, Error> {
        if !Self::is_size(width, height) {
            return Err(Error::PictureSize { width, height });
        }
        Ok(Self {
            width,
            height,
            pixels: BLACK.repeat(usize::from(width) * usize::from(height)),
        })
    }

    /// Whether a picture may have this size.
    pub(crate) fn is_size(width: u16, height: u16) -> bool {
        let sides = 1..=Self::MAX_SIDE;
        let bytes = usize::from(width) * usize::from(height) * 4;
        sides.contains(&width) && sides.contains(&height) && bytes <= Self::MAX_BYTES
    }

    /// The picture with these RGBA bytes; whatever their alpha was, it becomes 255.
    ///
    /// # Errors
    /// [`Error::PictureSize`] if the size is out of bounds or does not fit the bytes.
    pub fn from_rgba(width: u16, height: u16, mut pixels: Vec<u8>) -> Result<Self, Error> {
        let empty = Self::new(width, height)?;
        if pixels.len() != empty.pixels.len() {
            return Err(Error::PictureSize { width, height });
        }
        pixels
            .as_chunks_mut::<4>()
            .0
            .iter_mut()
            .for_each(|[_, _, _, alpha]| *alpha = u8::MAX);
        Ok(Self { pixels, ..empty })
    }

    /// A black picture of the size of this one.
    pub(crate) fn blank(&self) -> Self {
        Self {
            pixels: BLACK.repeat(self.pixels.len() / 4),
            ..*self
        }
    }

    /// Width in pixels.
    pub fn width(&self) -> u16 {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> u16 {
        self.height
    }

    /// The rectangle that covers all of it.
    pub fn rect(&self) -> Rect {
        Rect::new(0, 0, self.width, self.height)
    }

    /// All RGBA bytes.
    pub fn rgba(&self) -> &[u8] {
        &self.pixels
    }

    /// The rows of a rectangle, top to bottom. What lies outside the picture is left out.
    pub fn rows(&self, rect: Rect) -> impl DoubleEndedIterator<Item = &[u8]> + ExactSizeIterator {
        let rect = self.rect().intersect(rect).unwrap_or(Rect::new(0, 0, 0, 0));
        let (left, length) = (usize::from(rect.x) * 4, usize::from(rect.w) * 4);
        let lines = self.pixels.chunks_exact(self.stride());
        lines
            .skip(rect.y.into())
            .take(rect.h.into())
            .map(move |line| line.get(left..left + length).unwrap_or_default())
    }

    /// The rows of a rectangle, to be written. Writers leave alpha at 255.
    pub(crate) fn rows_mut(&mut self, rect: Rect) -> impl Iterator<Item = &mut [u8]> {
        let rect = self.rect().intersect(rect).unwrap_or(Rect::new(0, 0, 0, 0));
        let (left, length) = (usize::from(rect.x) * 4, usize::from(rect.w) * 4);
        let stride = self.stride();
        let lines = self.pixels.chunks_exact_mut(stride);
        lines
            .skip(rect.y.into())
            .take(rect.h.into())
            .map(move |line| line.get_mut(left..left + length).unwrap_or_default())
    }

    /// Fills a rectangle with one colour.
    pub fn fill(&mut self, rect: Rect, [red, green, blue]: [u8; 3]) {
        for row in self.rows_mut(rect) {
            row.as_chunks_mut::<4>().0.fill([red, green, blue, u8::MAX]);
        }
    }

    /// Writes RGB pixels, row by row, into a rectangle that lies inside the picture.
    pub fn put_rgb(&mut self, rect: Rect, rgb: &[u8]) {
        let length = usize::from(rect.w) * 3;
        for (row, source) in self.rows_mut(rect).zip(rgb.chunks_exact(length.max(1))) {
            let (pixels, _) = row.as_chunks_mut::<4>();
            for (pixel, &[red, green, blue]) in pixels.iter_mut().zip(source.as_chunks::<3>().0) {
                *pixel = [red, green, blue, u8::MAX];
            }
        }
    }

    /// Writes BGRX pixels, as X11 and Windows hand them out, into a rectangle inside the picture.
    /// A row of the source is `stride` bytes long; its fourth bytes are ignored.
    pub fn put_bgrx(&mut self, rect: Rect, bgrx: &[u8], stride: usize) {
        for (row, source) in self.rows_mut(rect).zip(bgrx.chunks(stride.max(1))) {
            let (pixels, _) = row.as_chunks_mut::<4>();
            for (pixel, &[blue, green, red, _]) in pixels.iter_mut().zip(source.as_chunks::<4>().0)
            {
                *pixel = [red, green, blue, u8::MAX];
            }
        }
    }

    /// Copies a rectangle from the same place of another picture of the same size.
    pub fn copy(&mut self, rect: Rect, from: &Self) {
        for (row, source) in self.rows_mut(rect).zip(from.rows(rect)) {
            if row.len() == source.len() {
                row.copy_from_slice(source);
            }
        }
    }

    /// Draws all of another picture with its top left corner at a point; what does not fit is cut.
    pub fn draw(&mut self, at: Point, from: &Self) {
        self.draw_part(at, from, from.rect());
    }

    /// Draws a part of another picture with its top left corner at a point; what does not fit is cut.
    pub fn draw_part(&mut self, at: Point, from: &Self, part: Rect) {
        for (row, source) in self
            .rows_mut(Rect::new(at.x, at.y, part.w, part.h))
            .zip(from.rows(part))
        {
            let (row, source) = (row.iter_mut(), source.iter());
            row.zip(source).for_each(|(to, from)| *to = *from);
        }
    }

    /// Moves pixels inside the picture, as if all were read before any is written (SPEC 7.4).
    /// Both places lie inside the picture, else nothing happens.
    pub fn shift(&mut self, to: Rect, from: Point) {
        let source = Rect::new(from.x, from.y, to.w, to.h);
        if !self.rect().covers(to) || !self.rect().covers(source) {
            return;
        }
        let (stride, length) = (self.stride(), usize::from(to.w) * 4);
        let start = |x: u16, y: u16, row: u16| {
            (usize::from(y) + usize::from(row)) * stride + usize::from(x) * 4
        };
        for step in 0..to.h {
            // Downwards, the lowest row goes first: it is still unwritten when it is read.
            let row = if to.y > from.y { to.h - 1 - step } else { step };
            let source = start(from.x, from.y, row);
            self.pixels
                .copy_within(source..source + length, start(to.x, to.y, row));
        }
    }

    /// SHA-256 over width and height (u16, little endian) and the RGBA bytes: equal exactly if the
    /// pictures are. Both ends name a state of the screen by it.
    pub fn hash(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(self.width.to_le_bytes());
        hash.update(self.height.to_le_bytes());
        hash.update(&self.pixels);
        hash.finalize().into()
    }

    fn stride(&self) -> usize {
        usize::from(self.width) * 4
    }
}

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture({} x {})", self.width, self.height)
    }
}

const BLACK: [u8; 4] = [0, 0, 0, u8::MAX];

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sizes_are_bounded_before_anything_is_allocated() {
        for (width, height) in [(0, 1), (1, 0), (16_385, 1), (16_384, 16_384)] {
            assert_eq!(
                Picture::new(width, height),
                Err(Error::PictureSize { width, height })
            );
        }
        assert!(Picture::from_rgba(2, 2, vec![0; 15]).is_err());
    }

    #[test]
    fn the_hash_covers_the_shape() {
        let (wide, tall) = (Picture::new(4, 2).unwrap(), Picture::new(2, 4).unwrap());
        assert_eq!(wide.rgba(), tall.rgba());
        assert_ne!(wide.hash(), tall.hash());
    }

    #[test]
    fn alpha_is_always_255() {
        let mut picture = Picture::from_rgba(2, 1, vec![1, 2, 3, 4, 5, 6, 7, 8]).unwrap();
        assert_eq!(picture.rgba(), [1, 2, 3, 255, 5, 6, 7, 255]);
        picture.put_bgrx(Rect::new(1, 0, 1, 1), &[9, 8, 7, 0], 4);
        assert_eq!(picture.rgba(), [1, 2, 3, 255, 7, 8, 9, 255]);
    }

    proptest! {
        #[test]
        fn a_move_reads_everything_before_it_writes(
            (w, h) in (1_u16..24, 1_u16..24),
            seeds in prop::array::uniform4(any::<u16>()),
            size in (any::<u16>(), any::<u16>()),
        ) {
            let pixels = (0..u32::from(w) * u32::from(h)).flat_map(|n| (n * 77_777).to_le_bytes());
            let mut picture = Picture::from_rgba(w, h, pixels.collect()).unwrap();
            let before = picture.clone();
            let (rw, rh) = (1 + size.0 % w, 1 + size.1 % h);
            let [x, y, sx, sy] = seeds;
            let (x, sx) = (x % (w - rw + 1), sx % (w - rw + 1));
            let (y, sy) = (y % (h - rh + 1), sy % (h - rh + 1));
            let (to, from) = (Rect::new(x, y, rw, rh), Rect::new(sx, sy, rw, rh));
            picture.shift(to, Point { x: sx, y: sy });
            prop_assert!(picture.rows(to).eq(before.rows(from)));
            let mut outside = picture.clone();
            outside.copy(to, &before);
            prop_assert_eq!(outside, before);
        }
    }
}
