//! The decoder of a browser's video (SPEC 7.8): whole frames in, pictures out.
//!
//! libvpx decodes, and it is C: what a peer sent goes through three steps here. [`frame`] reads the head of a frame and refuses what
//! names another size than its parts did, before libvpx allocates anything for it. `libvpx` is the only module of the repository with
//! `unsafe` in it, and a context of libvpx lives and dies with its `Context`. [`colour`] makes a [`Picture`](picture::Picture) of the
//! planes. Without the feature `vp9` there is no libvpx, and every codec is one without a decoder.

#![warn(clippy::undocumented_unsafe_blocks)]

mod colour;
mod decoder;
mod frame;
#[cfg(feature = "vp9")]
#[expect(unsafe_code, reason = "libvpx is C")]
mod libvpx;
#[cfg(not(feature = "vp9"))]
#[path = "without.rs"]
mod libvpx;

pub use decoder::{Decoder, Error, reads};
