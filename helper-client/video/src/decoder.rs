//! The decoder of one video.

use picture::{Codec, Head, Picture, VideoFrame};

use crate::colour::Image;
use crate::frame;
use crate::libvpx::{Context, READS};

/// Whether there is a decoder for this codec.
pub const fn reads(codec: Codec) -> bool {
    match codec {
        Codec::Vp9 | Codec::Vp8 => READS,
        Codec::H264 => false,
    }
}

/// What is wrong with a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// There is no decoder for this codec here.
    #[error("there is no decoder for {0:?}")]
    NoDecoder(Codec),
    /// The frame is none of this codec, or names another size than its parts did.
    #[error("the frame is not what it was announced as")]
    Head,
    /// The codec's decoder cannot go on.
    #[error("the frame cannot be decoded")]
    Corrupt,
    /// The frame needs others that this decoder does not have.
    #[error("the frame needs others before it")]
    NoKey,
}

/// Decodes the frames of one video, in their order. It holds nothing until the first one.
#[derive(Default)]
pub struct Decoder {
    /// None before a frame with KEY, and after an error.
    open: Option<(Codec, Context)>,
}

impl Decoder {
    /// Decodes one frame. Gives its picture, if it shows one, drawn over a spare one of the same size if there is such.
    ///
    /// # Errors
    /// Any [`Error`] about the frame. From then on every frame without KEY is refused.
    pub fn decode(
        &mut self,
        frame: VideoFrame,
        spare: Option<Picture>,
    ) -> Result<Option<Picture>, Error> {
        let decoded = self.try_decode(frame, spare);
        if decoded.is_err() {
            self.open = None;
        }
        decoded
    }

    fn try_decode(
        &mut self,
        VideoFrame { head, bytes }: VideoFrame,
        spare: Option<Picture>,
    ) -> Result<Option<Picture>, Error> {
        let bytes = checked(&head, bytes)?;
        let context = self.context(&head)?;
        match context.decode(&bytes).ok_or(Error::Corrupt)? {
            Some(image) => draw(&head, &image, spare).map(Some),
            None => Ok(None),
        }
    }

    /// The context for a frame. A frame with KEY may begin another codec.
    fn context(&mut self, head: &Head) -> Result<&mut Context, Error> {
        let stays = |open: &(Codec, Context)| open.0 == head.codec;
        let (_, context) = match self.open.take_if(|open| stays(open)) {
            Some(open) => self.open.insert(open),
            None if !head.key => return Err(Error::NoKey),
            None => {
                let context = Context::open(head.codec == Codec::Vp8);
                let context = context.filter(|_| reads(head.codec));
                let context = context.ok_or(Error::NoDecoder(head.codec))?;
                self.open.insert((head.codec, context))
            }
        };
        Ok(context)
    }
}

/// The bytes for libvpx: nothing in them names a size that was not announced, and nothing stands beside what was looked at.
fn checked(head: &Head, mut bytes: Vec<u8>) -> Result<Vec<u8>, Error> {
    let size = (head.width, head.height);
    match head.codec {
        Codec::H264 => Err(Error::NoDecoder(head.codec)),
        Codec::Vp8 if frame::is_vp8(&bytes, size) => Ok(bytes),
        Codec::Vp8 => Err(Error::Head),
        Codec::Vp9 => {
            let chunk = frame::chunk(&bytes).ok_or(Error::Head)?;
            if !chunk.frames.iter().all(|frame| frame::is_vp9(frame, size)) {
                return Err(Error::Head);
            }
            if !chunk.has_index {
                bytes.extend(frame::index(bytes.len()).ok_or(Error::Head)?);
            }
            Ok(bytes)
        }
    }
}

fn draw(head: &Head, image: &Image<'_>, spare: Option<Picture>) -> Result<Picture, Error> {
    let size = (image.width, image.height);
    if size != (head.width, head.height) {
        return Err(Error::Head);
    }
    let spare = spare.filter(|spare| (spare.width(), spare.height()) == size);
    let mut picture = match spare {
        Some(spare) => spare,
        None => Picture::new(image.width, image.height).map_err(|_| Error::Head)?,
    };
    image.draw(&mut picture);
    Ok(picture)
}

#[cfg(test)]
mod tests;
