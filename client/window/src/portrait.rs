//! The picture of the other person: a small `data:` address from elsewhere.

use std::io::Cursor;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::{ImageFormat, ImageReader, Limits};
use slint::{Image, Rgba8Pixel, SharedPixelBuffer};
use thiserror::Error;

/// Why a text is not a picture that can be shown.
#[derive(Debug, Error)]
pub enum Error {
    /// It is no `data:` address of PNG, JPEG or WebP in Base64.
    #[error("not a data address of a PNG, JPEG or WebP picture")]
    Form,
    /// It has more bytes than a portrait needs.
    #[error("the picture has {0} bytes")]
    Long(usize),
    /// It is not Base64.
    #[error("the picture is not base64")]
    Base64(#[from] base64::DecodeError),
    /// It cannot be decoded within the bounds.
    #[error("the picture cannot be decoded")]
    Decode(#[from] image::ImageError),
}

/// Decodes it, within bounds.
pub fn decode(address: &str) -> Result<Image, Error> {
    if address.len() > LONGEST {
        return Err(Error::Long(address.len()));
    }
    let rest = address.strip_prefix("data:image/").ok_or(Error::Form)?;
    let (form, text) = rest.split_once(";base64,").ok_or(Error::Form)?;
    let form = match form {
        "png" => ImageFormat::Png,
        "jpeg" => ImageFormat::Jpeg,
        "webp" => ImageFormat::WebP,
        _ => return Err(Error::Form),
    };
    let mut reader = ImageReader::with_format(Cursor::new(STANDARD.decode(text)?), form);
    let mut limits = Limits::default();
    limits.max_image_width = Some(WIDEST);
    limits.max_image_height = Some(WIDEST);
    limits.max_alloc = Some(MEMORY);
    reader.limits(limits);
    let rgba = reader.decode()?.thumbnail(SHOWN, SHOWN).into_rgba8();
    let pixels = SharedPixelBuffer::<Rgba8Pixel>::clone_from_slice(
        rgba.as_raw(),
        rgba.width(),
        rgba.height(),
    );
    Ok(Image::from_rgba8(pixels))
}

/// Bytes of the address.
const LONGEST: usize = 1 << 20;

/// Pixels of a side.
const WIDEST: u32 = 2048;

/// Bytes that decoding may take.
const MEMORY: u64 = 64 << 20;

/// Pixels of a side that are kept: twice what is shown, for dense screens.
const SHOWN: u32 = 168;

#[cfg(test)]
mod tests {
    use super::*;

    fn png(width: u32, height: u32) -> String {
        let mut bytes = Cursor::new(vec![]);
        image::RgbImage::new(width, height)
            .write_to(&mut bytes, ImageFormat::Png)
            .unwrap();
        format!(
            "data:image/png;base64,{}",
            STANDARD.encode(bytes.into_inner())
        )
    }

    #[test]
    fn a_portrait_is_shown_small() {
        let size = decode(&png(400, 200)).unwrap().size();
        assert_eq!((size.width, size.height), (168, 84));
    }

    #[test]
    fn what_is_no_portrait_is_an_error() {
        assert!(matches!(decode("https://x/y.png"), Err(Error::Form)));
        assert!(matches!(
            decode("data:image/svg+xml;base64,AAAA"),
            Err(Error::Form)
        ));
        assert!(matches!(
            decode("data:image/png;base64,%%"),
            Err(Error::Base64(_))
        ));
        assert!(matches!(
            decode("data:image/png;base64,AAAA"),
            Err(Error::Decode(_))
        ));
        assert!(matches!(decode(&png(2049, 1)), Err(Error::Decode(_))));
        assert!(matches!(
            decode(&"x".repeat(LONGEST + 1)),
            Err(Error::Long(_))
        ));
    }
}
