//! A set of tiles: what is damaged, what differs, what is in motion.

use crate::grid::{Grid, Tile};
use crate::{Picture, Rect, TILE};

/// A part of the screen in whole tiles of 64 x 64 pixels.
///
/// It is as large as the screen needs and never grows, however much is added: damage that comes in
/// while the line is full merges here, so the newest pixels win (SPEC 7.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Region {
    grid: Grid,
    words: Vec<u64>,
}

impl Region {
    /// An empty region of a screen of this size.
    pub fn new(width: u16, height: u16) -> Self {
        Self::on(Grid::new(width, height))
    }

    /// Adds the tiles that a rectangle touches; what lies off the screen is left out.
    pub fn add(&mut self, rect: Rect) {
        for tile in self.grid.tiles(rect) {
            self.insert(tile);
        }
    }

    /// Whether nothing is in it.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|&word| word == 0)
    }

    /// Empties it.
    pub fn clear(&mut self) {
        self.words.fill(0);
    }

    /// The region as rectangles that do not overlap: runs of tiles in a row, joined with the rows
    /// below where these have the same run.
    pub fn rects(&self) -> Vec<Rect> {
        self.rects_within(u16::MAX, u16::MAX)
    }

    /// Like [`Self::rects`], with no rectangle larger than this (at least one tile).
    pub(crate) fn rects_within(&self, width: u16, height: u16) -> Vec<Rect> {
        let mut rects: Vec<Rect> = Vec::new();
        for run in self.runs(width) {
            let above = rects.iter_mut().rev().find(|above| {
                (above.x, above.w) == (run.x, run.w)
                    && above.bottom() == u32::from(run.y)
                    && u32::from(above.h) + u32::from(run.h) <= u32::from(height.max(TILE))
            });
            match above {
                Some(above) => above.h += run.h,
                None => rects.push(run),
            }
        }
        rects
    }

    /// Runs of tiles that stand side by side, row by row.
    fn runs(&self, width: u16) -> Vec<Rect> {
        let mut runs: Vec<Rect> = Vec::new();
        for tile in self.tiles() {
            let rect = self.grid.rect(tile);
            match runs.last_mut() {
                Some(run)
                    if run.y == rect.y
                        && run.right() == u32::from(rect.x)
                        && u32::from(run.w) + u32::from(rect.w) <= u32::from(width.max(TILE)) =>
                {
                    run.w += rect.w;
                }
                _ => runs.push(rect),
            }
        }
        runs
    }

    pub(crate) fn on(grid: Grid) -> Self {
        Self {
            grid,
            words: vec![0; grid.count().div_ceil(64)],
        }
    }

    /// All tiles of a picture.
    pub(crate) fn all(picture: &Picture) -> Self {
        let mut all = Self::on(Grid::of(picture));
        all.add(picture.rect());
        all
    }

    pub(crate) fn grid(&self) -> Grid {
        self.grid
    }

    pub(crate) fn contains(&self, tile: Tile) -> bool {
        self.words
            .get(tile / 64)
            .is_some_and(|word| word >> (tile % 64) & 1 == 1)
    }

    pub(crate) fn insert(&mut self, tile: Tile) {
        if let Some(word) = self.words.get_mut(tile / 64) {
            *word |= 1 << (tile % 64);
        }
    }

    pub(crate) fn remove(&mut self, tile: Tile) {
        if let Some(word) = self.words.get_mut(tile / 64) {
            *word &= !(1 << (tile % 64));
        }
    }

    /// Leaves it empty and returns what it held.
    pub(crate) fn take(&mut self) -> Self {
        std::mem::replace(self, Self::on(self.grid))
    }

    pub(crate) fn count(&self) -> usize {
        self.tiles().count()
    }

    /// The tiles, row by row from the top left.
    pub(crate) fn tiles(&self) -> impl Iterator<Item = Tile> + '_ {
        self.words
            .iter()
            .enumerate()
            .filter(|(_, word)| **word != 0)
            .flat_map(|(place, &word)| {
                (0..64)
                    .filter(move |bit| word >> bit & 1 == 1)
                    .map(move |bit| place * 64 + bit)
            })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn rows_with_the_same_run_are_joined() {
        let mut region = Region::new(256, 256);
        region.add(Rect::new(0, 0, 128, 100));
        region.add(Rect::new(200, 0, 1, 1));
        assert_eq!(
            region.rects(),
            [Rect::new(0, 0, 128, 128), Rect::new(192, 0, 64, 64)]
        );
        assert_eq!(
            region.rects_within(64, 64).len(),
            5,
            "a limit cuts runs and columns into pieces"
        );
    }

    proptest! {
        #[test]
        fn the_rectangles_cover_the_tiles_once(
            (w, h) in (1_u16..700, 1_u16..700),
            rects in prop::collection::vec((0_u16..700, 0_u16..700, 0_u16..200, 0_u16..200), 0..9),
            limit in 64_u16..400,
        ) {
            let mut region = Region::new(w, h);
            for &(x, y, w, h) in &rects {
                region.add(Rect::new(x, y, w, h));
            }
            let mut again = Region::new(w, h);
            let mut area = 0;
            for rect in region.rects_within(limit, limit) {
                prop_assert!(rect.w <= limit && rect.h <= limit);
                area += rect.area();
                again.add(rect);
            }
            prop_assert_eq!(&again, &region);
            let tiles = region.tiles().map(|tile| region.grid().rect(tile).area());
            prop_assert_eq!(area, tiles.sum::<u32>());
        }
    }
}
