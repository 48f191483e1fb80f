//! The picture update format: encoder and decoder.

mod rect;

pub use rect::{Point, Rect};
