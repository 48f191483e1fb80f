//! Rectangles and points of a picture, in pixels from its top left corner.

/// A rectangle. Empty ones are never sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rect {
    /// Left edge.
    pub x: u16,
    /// Top edge.
    pub y: u16,
    /// Width, at least 1.
    pub w: u16,
    /// Height, at least 1.
    pub h: u16,
}

/// A point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Point {
    /// From the left.
    pub x: u16,
    /// From the top.
    pub y: u16,
}
