//! The tiles of 64 x 64 pixels that a picture size is cut into.

use crate::{Picture, Rect};

/// The length of a tile's side, in pixels. The last column and row may be shorter.
pub const TILE: u16 = 64;

/// The number of a tile, row by row from the top left.
pub(crate) type Tile = usize;

/// The tiles of one picture size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Grid {
    width: u16,
    height: u16,
}

impl Grid {
    pub(crate) fn of(picture: &Picture) -> Self {
        Self {
            width: picture.width(),
            height: picture.height(),
        }
    }

    pub(crate) fn new(width: u16, height: u16) -> Self {
        Self { width, height }
    }

    pub(crate) fn width(self) -> u16 {
        self.width
    }

    pub(crate) fn columns(self) -> usize {
        self.width.div_ceil(TILE).into()
    }

    pub(crate) fn count(self) -> usize {
        self.columns() * usize::from(self.height.div_ceil(TILE))
    }

    /// The pixels of a tile; empty if there is no such tile.
    pub(crate) fn rect(self, tile: Tile) -> Rect {
        let corner = |place: usize| u16::try_from(place * usize::from(TILE)).unwrap_or(u16::MAX);
        let x = corner(tile % self.columns().max(1)).min(self.width);
        let y = corner(tile / self.columns().max(1)).min(self.height);
        Rect::new(x, y, TILE.min(self.width - x), TILE.min(self.height - y))
    }

    /// The tiles that a rectangle touches.
    pub(crate) fn tiles(self, rect: Rect) -> impl Iterator<Item = Tile> {
        let screen = Rect::new(0, 0, self.width, self.height);
        let rect = screen.intersect(rect).unwrap_or(Rect::new(0, 0, 0, 0));
        let span = |from: u16, length: u16| {
            let end = usize::from(from) + usize::from(length);
            usize::from(from / TILE)..end.div_ceil(TILE.into())
        };
        let columns = if rect.is_empty() {
            0..0
        } else {
            span(rect.x, rect.w)
        };
        let rows = if rect.is_empty() {
            0..0
        } else {
            span(rect.y, rect.h)
        };
        rows.flat_map(move |row| {
            columns
                .clone()
                .map(move |column| row * self.columns() + column)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_tiles_are_cut() {
        let grid = Grid::new(130, 65);
        assert_eq!((grid.columns(), grid.count()), (3, 6));
        assert_eq!(grid.rect(5), Rect::new(128, 64, 2, 1));
        assert!(grid.rect(6).is_empty());
    }

    #[test]
    fn a_rectangle_touches_the_tiles_under_it() {
        let grid = Grid::new(130, 130);
        let tiles = |rect| grid.tiles(rect).collect::<Vec<_>>();
        assert_eq!(tiles(Rect::new(63, 0, 2, 64)), [0, 1]);
        assert_eq!(tiles(Rect::new(64, 64, 500, 1)), [4, 5]);
        assert!(tiles(Rect::new(130, 0, 9, 9)).is_empty());
        assert!(tiles(Rect::new(60, 60, 0, 9)).is_empty());
    }
}
