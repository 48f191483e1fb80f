//! A still: a lossy image of a part in motion, over the lossless picture (SPEC 7.5).
//!
//! The codec is baseline JPEG, because both ends of it are pure Rust (bytes from the other end
//! never meet a C decoder here) and every browser decodes it. WebP, with fewer bytes, would bring
//! libwebp.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use crate::{Error, Picture, Rect};

/// A lossy image that lies over the picture. The pixels below it stay the last exact ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Still {
    to: Rect,
    update: u32,
    image: Vec<u8>,
}

impl Still {
    /// Takes an image whose frame header announces exactly the size of its place.
    ///
    /// # Errors
    /// [`Error::Image`] if it is anything else than a baseline JPEG of that size.
    pub(crate) fn new(to: Rect, update: u32, image: &[u8]) -> Result<Self, Error> {
        check(to, image)?;
        Ok(Self {
            to,
            update,
            image: image.to_vec(),
        })
    }

    /// Where it lies.
    pub fn rect(&self) -> Rect {
        self.to
    }

    /// The update that brought it: a presenter decodes it again when this has changed.
    pub fn update(&self) -> u32 {
        self.update
    }

    /// The JPEG file.
    pub fn image(&self) -> &[u8] {
        &self.image
    }

    /// Its pixels.
    ///
    /// # Errors
    /// [`Error::Image`] if the image is damaged behind its headers. That breaks no stream: the
    /// presenter shows the exact pixels below instead.
    pub fn decode(&self) -> Result<Picture, Error> {
        let (width, height) = (self.to.w, self.to.h);
        let mut picture = Picture::new(width, height)?;
        let options = DecoderOptions::default()
            .set_max_width(width.into())
            .set_max_height(height.into())
            .jpeg_set_out_colorspace(ColorSpace::RGB);
        let mut decoder = JpegDecoder::new_with_options(ZCursor::new(&self.image), options);
        let rgb = decoder.decode().map_err(|_| Error::Image)?;
        if decoder.dimensions() != Some((width.into(), height.into()))
            || rgb.len() != usize::from(width) * usize::from(height) * 3
        {
            return Err(Error::Image);
        }
        picture.put_rgb(picture.rect(), &rgb);
        Ok(picture)
    }
}

/// Encodes a rectangle at a quality of 1 to 100, or lower until it fits a slice.
pub(crate) fn encode(picture: &Picture, rect: Rect, quality: u8) -> Result<Vec<u8>, Error> {
    let rows: Vec<u8> = picture.rows(rect).flatten().copied().collect();
    let mut quality = quality.clamp(1, 100);
    loop {
        let mut image = Vec::new();
        let mut encoder = Encoder::new(&mut image, quality);
        encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
        encoder
            .encode(&rows, rect.w, rect.h, ColorType::Rgba)
            .map_err(|_| Error::Image)?;
        if image.len() <= IMAGE_TARGET {
            return Ok(image);
        }
        if quality == 1 {
            return Err(Error::Image);
        }
        quality /= 2;
    }
}

/// Looks at the markers up to the frame header, the part that decides what a decoder allocates.
fn check(to: Rect, image: &[u8]) -> Result<(), Error> {
    let mut rest = image.strip_prefix(&[0xff, START]).ok_or(Error::Image)?;
    loop {
        let (&[mark, kind, high, low], tail) = rest.split_first_chunk().ok_or(Error::Image)?;
        let length = usize::from(u16::from_be_bytes([high, low]));
        let length = length.checked_sub(2).ok_or(Error::Image)?;
        let (segment, next) = tail.split_at_checked(length).ok_or(Error::Image)?;
        match (mark, kind) {
            (0xff, BASELINE) => return frame(to, segment),
            (0xff, TABLES_QUANT | TABLES_HUFFMAN | RESTART | COMMENT | 0xe0..=0xef) => rest = next,
            _ => return Err(Error::Image),
        }
    }
}

/// Eight bits, three components, the size of the place.
fn frame(to: Rect, segment: &[u8]) -> Result<(), Error> {
    let Some((&[8, h1, h0, w1, w0, 3], _)) = segment.split_first_chunk() else {
        return Err(Error::Image);
    };
    let size = (u16::from_be_bytes([w1, w0]), u16::from_be_bytes([h1, h0]));
    if size == (to.w, to.h) {
        Ok(())
    } else {
        Err(Error::Image)
    }
}

/// Bytes of one image: a slice holds at least one.
const IMAGE_TARGET: usize = 120 << 10;

const START: u8 = 0xd8;
const BASELINE: u8 = 0xc0;
const TABLES_HUFFMAN: u8 = 0xc4;
const TABLES_QUANT: u8 = 0xdb;
const RESTART: u8 = 0xdd;
const COMMENT: u8 = 0xfe;

#[cfg(test)]
mod tests {
    use super::*;

    fn gradient(width: u16, height: u16) -> Picture {
        let pixel = |x: u16, y: u16| {
            [
                u8::try_from(x % 256).unwrap(),
                u8::try_from(y % 256).unwrap(),
                99,
                0,
            ]
        };
        let pixels = (0..height).flat_map(|y| (0..width).flat_map(move |x| pixel(x, y)));
        Picture::from_rgba(width, height, pixels.collect()).unwrap()
    }

    #[test]
    fn a_still_looks_like_what_it_was_made_of() {
        let picture = gradient(101, 67);
        let image = encode(&picture, picture.rect(), 75).unwrap();
        let shown = Still::new(picture.rect(), 1, &image)
            .unwrap()
            .decode()
            .unwrap();
        assert_eq!((shown.width(), shown.height()), (101, 67));
        let pairs = shown.rgba().iter().zip(picture.rgba());
        let error: u64 = pairs.map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        assert!(
            error / (101 * 67) < 10,
            "mean error per pixel {}",
            error / (101 * 67)
        );
        assert_ne!(
            shown, picture,
            "it is lossy, so this test would see an exact codec"
        );
    }

    #[test]
    fn only_a_baseline_image_of_the_right_size_is_taken() {
        let picture = gradient(64, 32);
        let image = encode(&picture, picture.rect(), 50).unwrap();
        let to = picture.rect();
        assert!(Still::new(to, 1, &image).is_ok());
        for wrong in [
            Rect::new(0, 0, 32, 64),
            Rect::new(0, 0, 64, 31),
            Rect::new(0, 0, 65, 32),
        ] {
            assert_eq!(Still::new(wrong, 1, &image), Err(Error::Image));
        }
        let mut progressive = image.clone();
        let place = image
            .windows(2)
            .position(|pair| pair == [0xff, BASELINE])
            .unwrap();
        progressive[place + 1] = 0xc2;
        assert_eq!(Still::new(to, 1, &progressive), Err(Error::Image));
        for short in 0..place + 4 {
            assert_eq!(Still::new(to, 1, &image[..short]), Err(Error::Image));
        }
    }

    #[test]
    fn a_damaged_image_is_an_error_or_a_picture_of_the_same_size() {
        let picture = gradient(64, 64);
        let image = encode(&picture, picture.rect(), 50).unwrap();
        for place in 0..image.len() {
            let mut damaged = image.clone();
            damaged[place] ^= 0x55;
            let Ok(still) = Still::new(picture.rect(), 1, &damaged) else {
                continue;
            };
            if let Ok(shown) = still.decode() {
                assert_eq!((shown.width(), shown.height()), (64, 64));
            }
        }
    }

    #[test]
    fn noise_is_squeezed_until_it_fits() {
        let mut state = 1_u64;
        let noise = std::iter::repeat_with(|| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 33).to_le_bytes()[0]
        });
        let picture = Picture::from_rgba(512, 512, noise.take(512 * 512 * 4).collect()).unwrap();
        let image = encode(&picture, picture.rect(), 100).unwrap();
        assert!(image.len() <= IMAGE_TARGET);
    }
}
