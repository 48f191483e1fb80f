//! From the planes of a video to the pixels of a picture.

use picture::{Picture, Rect};

/// A decoded image: luma, and chroma at half the size.
pub(crate) struct Image<'a> {
    pub(crate) width: u16,
    pub(crate) height: u16,
    pub(crate) luma: Plane<'a>,
    pub(crate) blue: Plane<'a>,
    pub(crate) red: Plane<'a>,
    pub(crate) matrix: Matrix,
    /// Luma goes from 0 to 255, and not from 16 to 235.
    pub(crate) is_full: bool,
}

/// Rows of bytes, `stride` apart; the last one ends with the picture.
#[derive(Clone, Copy)]
pub(crate) struct Plane<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) stride: usize,
}

/// How colours became luma and chroma.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(feature = "vp9"),
    expect(dead_code, reason = "only libvpx names them")
)]
pub(crate) enum Matrix {
    Bt601,
    Bt709,
    Smpte240,
    Bt2020,
}

impl Image<'_> {
    /// Draws all of it into a picture of its size.
    pub(crate) fn draw(&self, picture: &mut Picture) {
        let mixture = Mixture::new(self.matrix, self.is_full);
        let stride = usize::from(self.width) * 4;
        let mut row = vec![0; stride];
        for y in 0..self.height {
            let (luma, blue, red) = (self.luma.row(y), self.blue.row(y / 2), self.red.row(y / 2));
            mixture.mix(luma, blue, red, &mut row);
            picture.put_bgrx(Rect::new(0, y, self.width, 1), &row, stride);
        }
    }
}

impl<'a> Plane<'a> {
    /// One row, with whatever stands between it and the next one.
    fn row(self, y: u16) -> &'a [u8] {
        let rest = self.bytes.get(usize::from(y) * self.stride..);
        let rest = rest.unwrap_or_default();
        rest.get(..self.stride).unwrap_or(rest)
    }
}

/// What each of the three has in a colour, in fixed point.
#[derive(Clone, Copy)]
struct Mixture {
    black: i32,
    luma: i32,
    blue_to_blue: i32,
    blue_to_green: i32,
    red_to_green: i32,
    red_to_red: i32,
}

impl Mixture {
    fn new(matrix: Matrix, is_full: bool) -> Self {
        // Shares of red and blue in luma, in ten thousandths: ITU-R BT.601, BT.709, SMPTE 240 M, BT.2020.
        let (red, blue) = match matrix {
            Matrix::Bt601 => (2990, 1140),
            Matrix::Bt709 => (2126, 722),
            Matrix::Smpte240 => (2120, 870),
            Matrix::Bt2020 => (2627, 593),
        };
        let green = WHOLE - red - blue;
        // Limited luma has 219 steps, limited chroma 224.
        let (black, luma, chroma) = if is_full {
            (0, ONE, ONE)
        } else {
            (16, ONE * 255 / 219, ONE * 255 / 224)
        };
        Self {
            black,
            luma,
            blue_to_blue: 2 * chroma * (WHOLE - blue) / WHOLE,
            blue_to_green: 2 * chroma * blue / WHOLE * (WHOLE - blue) / green,
            red_to_green: 2 * chroma * red / WHOLE * (WHOLE - red) / green,
            red_to_red: 2 * chroma * (WHOLE - red) / WHOLE,
        }
    }

    /// A row of BGRX pixels.
    fn mix(self, luma: &[u8], blue: &[u8], red: &[u8], row: &mut [u8]) {
        let (pairs, odd) = row.as_chunks_mut::<8>();
        let (lumas, _) = luma.as_chunks::<2>();
        let chroma = blue.iter().zip(red);
        for ((pair, [left, right]), (blue, red)) in pairs.iter_mut().zip(lumas).zip(chroma) {
            let tint = self.tint(*blue, *red);
            let [b, g, r] = self.colour(*left, tint);
            let [b2, g2, r2] = self.colour(*right, tint);
            *pair = [b, g, r, u8::MAX, b2, g2, r2, u8::MAX];
        }
        // The last column of an odd width has chroma of its own.
        let last = pairs.len();
        if let (Some(pixel), Some(luma), Some(blue), Some(red)) = (
            odd.first_chunk_mut::<4>(),
            luma.get(last * 2),
            blue.get(last),
            red.get(last),
        ) {
            let [b, g, r] = self.colour(*luma, self.tint(*blue, *red));
            *pixel = [b, g, r, u8::MAX];
        }
    }

    /// What chroma adds to blue, green and red.
    fn tint(self, blue: u8, red: u8) -> [i32; 3] {
        let (blue, red) = (i32::from(blue) - 128, i32::from(red) - 128);
        [
            blue * self.blue_to_blue,
            -blue * self.blue_to_green - red * self.red_to_green,
            red * self.red_to_red,
        ]
    }

    fn colour(self, luma: u8, tint: [i32; 3]) -> [u8; 3] {
        let grey = (i32::from(luma) - self.black) * self.luma + ONE / 2;
        tint.map(|tint| {
            let [byte, ..] = ((grey + tint) >> SHIFT).clamp(0, 255).to_le_bytes();
            byte
        })
    }
}

const SHIFT: u32 = 13;
const ONE: i32 = 1 << SHIFT;
/// All shares of a luma.
const WHOLE: i32 = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    /// Luma and chroma of a colour, by the definition, and back.
    fn back(matrix: Matrix, is_full: bool, [red, green, blue]: [u8; 3]) -> [u8; 3] {
        let (kr, kb) = match matrix {
            Matrix::Bt601 => (0.299, 0.114),
            Matrix::Bt709 => (0.2126, 0.0722),
            Matrix::Smpte240 => (0.212, 0.087),
            Matrix::Bt2020 => (0.2627, 0.0593),
        };
        let [r, g, b] = [red, green, blue].map(|part| f64::from(part) / 255.0);
        let y = kr * r + (1.0 - kr - kb) * g + kb * b;
        let (u, v) = ((b - y) / (2.0 - 2.0 * kb), (r - y) / (2.0 - 2.0 * kr));
        let (black, steps, chroma) = if is_full {
            (0.0, 255.0, 255.0)
        } else {
            (16.0, 219.0, 224.0)
        };
        let byte = |value: f64| {
            (0..=255_u8)
                .min_by_key(|byte| ((f64::from(*byte) - value).abs() * 1e6).to_bits())
                .unwrap()
        };
        let (y, u, v) = (
            byte(black + steps * y),
            byte(128.0 + chroma * u),
            byte(128.0 + chroma * v),
        );
        let mixture = Mixture::new(matrix, is_full);
        let [b, g, r] = mixture.colour(y, mixture.tint(u, v));
        [r, g, b]
    }

    #[test]
    fn every_matrix_and_range_gives_the_colours_back() {
        let colours = [
            [0, 0, 0],
            [255, 255, 255],
            [128, 128, 128],
            [220, 30, 30],
            [30, 160, 60],
            [30, 60, 220],
            [255, 255, 0],
            [1, 254, 77],
        ];
        for matrix in [
            Matrix::Bt601,
            Matrix::Bt709,
            Matrix::Smpte240,
            Matrix::Bt2020,
        ] {
            for is_full in [false, true] {
                for colour in colours {
                    let found = back(matrix, is_full, colour);
                    let near = colour
                        .iter()
                        .zip(found)
                        .all(|(one, other)| one.abs_diff(other) <= 3);
                    assert!(
                        near,
                        "{matrix:?}, full {is_full}: {colour:?} became {found:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_is_beyond_white_and_black_stays_there() {
        let mixture = Mixture::new(Matrix::Bt601, false);
        assert_eq!(mixture.colour(255, mixture.tint(128, 128)), [255; 3]);
        assert_eq!(mixture.colour(0, mixture.tint(128, 128)), [0; 3]);
    }

    #[test]
    fn rows_are_a_stride_apart_and_an_odd_column_is_drawn() {
        let grey = [128_u8; 4];
        let luma = [16, 235, 16, 9, 9, 235, 16, 235, 9, 9, 126, 126, 126];
        let plane = |bytes, stride| Plane { bytes, stride };
        let image = Image {
            width: 3,
            height: 3,
            luma: plane(&luma, 5),
            blue: plane(&grey, 2),
            red: plane(&grey, 2),
            matrix: Matrix::Bt709,
            is_full: false,
        };
        let mut picture = Picture::new(3, 3).unwrap();
        image.draw(&mut picture);
        let reds: Vec<u8> = picture.rgba().iter().step_by(4).copied().collect();
        assert_eq!(reds, [0, 255, 0, 255, 0, 255, 128, 128, 128]);
    }
}
