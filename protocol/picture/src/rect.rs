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

impl Rect {
    /// The rectangle with this corner and size.
    pub const fn new(x: u16, y: u16, w: u16, h: u16) -> Self {
        Self { x, y, w, h }
    }

    /// The first column to the right of it.
    pub fn right(self) -> u32 {
        u32::from(self.x) + u32::from(self.w)
    }

    /// The first row below it.
    pub fn bottom(self) -> u32 {
        u32::from(self.y) + u32::from(self.h)
    }

    /// Its pixels.
    pub fn area(self) -> u32 {
        u32::from(self.w) * u32::from(self.h)
    }

    /// Whether it has no pixel.
    pub fn is_empty(self) -> bool {
        self.w == 0 || self.h == 0
    }

    /// Whether the point lies in it.
    pub fn contains(self, point: Point) -> bool {
        (u32::from(self.x)..self.right()).contains(&point.x.into())
            && (u32::from(self.y)..self.bottom()).contains(&point.y.into())
    }

    /// Whether all of `other` lies in it.
    pub fn covers(self, other: Self) -> bool {
        self.x <= other.x
            && self.y <= other.y
            && other.right() <= self.right()
            && other.bottom() <= self.bottom()
    }

    /// The pixels that both have, or `None` if there are none.
    pub fn intersect(self, other: Self) -> Option<Self> {
        let (x, y) = (self.x.max(other.x), self.y.max(other.y));
        let w = self.right().min(other.right()).checked_sub(x.into())?;
        let h = self.bottom().min(other.bottom()).checked_sub(y.into())?;
        let found = Self::new(x, y, u16::try_from(w).ok()?, u16::try_from(h).ok()?);
        (!found.is_empty()).then_some(found)
    }

    /// The smallest rectangle around both.
    pub fn union(self, other: Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let w = self.right().max(other.right()) - u32::from(x);
        let h = self.bottom().max(other.bottom()) - u32::from(y);
        let side = |length| u16::try_from(length).unwrap_or(u16::MAX);
        Self::new(x, y, side(w), side(h))
    }

    /// How far the point is from it, in pixels along the longer axis; 0 inside.
    pub fn distance(self, point: Point) -> u32 {
        let away =
            |from: u32, to: u32, at: u32| from.saturating_sub(at).max((at + 1).saturating_sub(to));
        away(self.x.into(), self.right(), point.x.into()).max(away(
            self.y.into(),
            self.bottom(),
            point.y.into(),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intersection_and_union() {
        let a = Rect::new(10, 10, 20, 20);
        let b = Rect::new(25, 5, 100, 10);
        assert_eq!(a.intersect(b), Some(Rect::new(25, 10, 5, 5)));
        assert_eq!(a.union(b), Rect::new(10, 5, 115, 25));
        assert_eq!(
            a.intersect(Rect::new(30, 10, 5, 5)),
            None,
            "edges that touch share no pixel"
        );
        assert!(a.covers(Rect::new(29, 29, 1, 1)));
        assert!(!a.covers(Rect::new(29, 29, 2, 1)));
    }

    #[test]
    fn the_far_corner_does_not_wrap() {
        let far = Rect::new(u16::MAX, u16::MAX, u16::MAX, u16::MAX);
        assert_eq!(far.intersect(far), Some(far));
        assert_eq!(far.right(), 131_070);
        assert!(!far.contains(Point { x: 0, y: 0 }));
    }

    #[test]
    fn distance_counts_pixels_outside() {
        let rect = Rect::new(10, 10, 5, 5);
        assert_eq!(rect.distance(Point { x: 14, y: 14 }), 0);
        assert_eq!(rect.distance(Point { x: 15, y: 12 }), 1);
        assert_eq!(rect.distance(Point { x: 2, y: 30 }), 16);
    }
}
