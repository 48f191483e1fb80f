//! The picture update format: encoder and decoder.
//!
//! A sharer's screen reaches a helper as **exact pixels**: rectangles, moves and fills, packed
//! through one zstd stream that remembers two full screens. Nothing here does I/O, spawns a task or
//! reads a clock; `SPEC.md` section 7 is the format in prose.
//!
//! # A changed pixel, from the sharer's screen to the helper's
//!
//! 1. The capture writes it into the caller's [`Picture`] and reports its place:
//!    [`Encoder::add_damage`]. It becomes part of a [`Region`], a set of 64 x 64 tiles; whatever
//!    else happens there until the line is free merges with it, and the newest pixel wins.
//! 2. [`Encoder::begin`] compares the damaged tiles with the *mirror*, the picture that the helper
//!    holds after everything sent so far (`canvas`). Tiles that are equal are forgotten.
//! 3. `scroll` looks for content that only moved up or down. Its moves are applied to the mirror,
//!    and the difference is taken again: a wrong guess costs bytes, never exactness.
//! 4. `motion` takes out the tiles that change all the time and do not compress. They are shown by
//!    lossy [`Still`]s *over* the picture, never in it.
//! 5. The other tiles go into the `queue`, nearest to the last input first.
//! 6. [`Encoder::next_slice`] is called while the line has room. It takes the front of the queue,
//!    trims it to what differs *now*, writes `operation`s, applies them to the mirror with the
//!    decoder's own code, packs them (`deflate`) and returns one [`Slice`].
//! 7. [`Decoder::push_slice`] checks every bound, unpacks (`inflate`) and applies the same
//!    operations to its `canvas`. With the slice that is [`Applied::last`] its picture is one
//!    moment of the sharer's screen, and [`Applied::touched`] says what to paint.
//! 8. When a still comes to rest, the difference below it is sent and it ends: *refined*.
//!    [`Encoder::is_quiet`] then says that [`Picture::hash`] of both ends is the same.
//!
//! ```
//! use picture::{Decoder, Encoder, Limits, Picture, Rect};
//!
//! # fn main() -> Result<(), picture::Error> {
//! let mut screen = Picture::new(1280, 720)?;
//! let (mut encoder, mut decoder) = (Encoder::new(Limits::default()), Decoder::new(Limits::default()));
//! for frame in 0..3 {
//!     let caret = Rect::new(100 + 10 * frame, 80, 8, 16);
//!     screen.fill(caret, [200, 210, 220]);
//!     encoder.add_damage(&[caret]);
//!     if encoder.begin(&screen, 7, std::time::Duration::ZERO) {
//!         while let Some(slice) = encoder.next_slice(&screen)? {
//!             decoder.push_slice(&slice.bytes)?;
//!         }
//!     }
//! }
//! assert!(encoder.is_quiet());
//! assert_eq!(decoder.picture(), Some(&screen));
//! # Ok(())
//! # }
//! ```

mod canvas;
mod decoder;
mod deflate;
mod difference;
mod encoder;
mod error;
mod grid;
mod inflate;
mod limits;
mod motion;
mod operation;
mod picture;
mod queue;
mod rect;
mod region;
mod scroll;
mod shape;
mod slice;
mod still;
mod video;

#[cfg(any(test, feature = "testing"))]
pub mod testing;
#[cfg(test)]
mod tests;

pub use decoder::{Applied, Decoder};
pub use encoder::Encoder;
pub use error::Error;
pub use grid::TILE;
pub use limits::Limits;
pub use picture::Picture;
pub use rect::{Point, Rect};
pub use region::Region;
pub use shape::CursorShape;
pub use slice::Slice;
pub use still::Still;
pub use video::{Codec, Frames, Head, Part, VideoError, VideoFrame, is_video};
