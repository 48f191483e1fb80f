//! Synthetic pictures and scenes for tests and benchmarks: the same on every machine.

mod scene;
mod text;

pub use scene::{Kind, Scene};
pub use text::{GLYPH, Ink, line, page};

use crate::{Picture, Point, Rect};

/// A generator of numbers that look random and are always the same (splitmix64).
#[derive(Clone, Debug)]
pub struct Dice(pub u64);

impl Dice {
    /// The next number.
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// A number below `end`, which is at least 1.
    pub fn below(&mut self, end: u16) -> u16 {
        u16::try_from(self.roll() % u64::from(end.max(1))).unwrap_or(0)
    }
}

/// A picture of this size in which no two neighbours are alike.
pub fn noise(width: u16, height: u16, seed: u64) -> Picture {
    let mut dice = Dice(seed);
    let mut picture = blank(width, height);
    for row in picture.rows_mut(Rect::new(0, 0, width, height)) {
        for pixel in row.as_chunks_mut::<4>().0 {
            let [red, green, blue, ..] = dice.roll().to_le_bytes();
            *pixel = [red, green, blue, u8::MAX];
        }
    }
    picture
}

/// A picture like a frame of a film: soft shapes that drift with `time`, and grain.
pub fn film(width: u16, height: u16, time: u64) -> Picture {
    let mut dice = Dice(time);
    let mut picture = blank(width, height);
    let wave = |place: u64| u8::try_from((place % 510).abs_diff(255) * 220 / 255).unwrap_or(0);
    for (y, row) in (0_u64..).zip(picture.rows_mut(Rect::new(0, 0, width, height))) {
        for (x, pixel) in (0_u64..).zip(row.as_chunks_mut::<4>().0) {
            let [a, b, c, ..] = dice.roll().to_le_bytes().map(|byte| byte % 16);
            let shape = [x + y + 5 * time, 2 * x + 9 * time, 3 * y + x + 2 * time].map(wave);
            let [red, green, blue] = shape;
            *pixel = [red + a, green + b, blue + c, u8::MAX];
        }
    }
    picture
}

/// A black picture.
///
/// # Panics
/// If the size is out of bounds.
#[expect(clippy::expect_used, reason = "test scenes have sizes in bounds")]
pub(crate) fn blank(width: u16, height: u16) -> Picture {
    Picture::new(width, height).expect("a test picture has a size in bounds")
}

/// Draws a part of one picture into another.
pub(crate) fn paste(to: &mut Picture, at: Point, from: &Picture, part: Rect) {
    let place = Rect::new(at.x, at.y, part.w, part.h);
    for (row, source) in to.rows_mut(place).zip(from.rows(part)) {
        row.iter_mut()
            .zip(source)
            .for_each(|(to, from)| *to = *from);
    }
}
