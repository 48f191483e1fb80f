//! What an update still has to draw, nearest to the person's attention first.

use std::collections::VecDeque;

use crate::difference::colour;
use crate::grid::Tile;
use crate::limits::SLICE_TARGET;
use crate::operation::Operation;
use crate::{Picture, Point, Rect, Region, TILE};

/// Rectangles of whole tiles that may differ. What is drawn is decided when its turn comes, from
/// the screen of that moment.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    rects: VecDeque<Rect>,
    /// How many tiles may still jump the queue: an update must come to an end.
    jumps: usize,
}

impl Queue {
    /// Queues the tiles that differ. If they fill more than a slice, those around the focus go
    /// first and all follow in bands, as wide as they can be: long rows that begin where they
    /// began last time are what the compressor finds again.
    pub(crate) fn of(
        dirty: &Region,
        motion: &Region,
        screen: &Picture,
        focus: Option<Point>,
    ) -> Self {
        let small = dirty.count() <= SLICE_TARGET / (usize::from(TILE) * usize::from(TILE) * 3);
        if small {
            return Self {
                rects: dirty.rects().into(),
                jumps: JUMPS,
            };
        }
        let near = focus.map_or_else(Vec::new, |focus| around(focus, dirty).rects());
        let focus = focus.unwrap_or(Point { x: 0, y: 0 });
        let mut bands = bands(dirty, motion, screen);
        bands.sort_by_key(|band| {
            band.distance(Point {
                x: band.x,
                y: focus.y,
            })
        });
        Self {
            rects: near.into_iter().chain(bands).collect(),
            jumps: JUMPS,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rects.is_empty()
    }

    pub(crate) fn first(&self) -> Option<Rect> {
        self.rects.front().copied()
    }

    /// Takes rows off the top of the first rectangle; all of it if it is not higher.
    pub(crate) fn advance(&mut self, rows: u16) {
        match self.rects.front_mut() {
            Some(first) if rows < first.h => {
                first.y += rows;
                first.h -= rows;
            }
            _ => drop(self.rects.pop_front()),
        }
    }

    /// Lets fresh damage at the focus jump the queue, and takes it out of the damage.
    pub(crate) fn jump(&mut self, damage: &mut Region, motion: &Region, focus: Point) {
        let mut near = around(focus, damage);
        near.tiles()
            .filter(|&tile| motion.contains(tile))
            .collect::<Vec<Tile>>()
            .into_iter()
            .for_each(|tile| near.remove(tile));
        let count = near.count();
        if count > self.jumps {
            return;
        }
        self.jumps -= count;
        near.tiles().for_each(|tile| damage.remove(tile));
        near.rects()
            .into_iter()
            .rev()
            .for_each(|rect| self.rects.push_front(rect));
    }
}

/// The tiles of a region that touch the square of three tiles around the focus.
fn around(focus: Point, region: &Region) -> Region {
    let corner = |place: u16| place.saturating_sub(TILE);
    let square = Rect::new(corner(focus.x), corner(focus.y), 2 * TILE, 2 * TILE);
    let mut near = Region::on(region.grid());
    region
        .grid()
        .tiles(square)
        .filter(|&tile| region.contains(tile))
        .for_each(|tile| near.insert(tile));
    near
}

/// Runs of tiles in a row, long ones of one colour apart: a `Fill` costs no bytes. Where rows of
/// one colour stand above each other, they are one rectangle.
fn bands(dirty: &Region, motion: &Region, screen: &Picture) -> Vec<Rect> {
    let mut bands: Vec<(Rect, Option<[u8; 3]>)> = Vec::new();
    for run in runs(dirty, motion) {
        for (rect, flat) in parts(run, screen) {
            let above = bands.iter_mut().rev().find(|(above, colour)| {
                flat.is_some()
                    && *colour == flat
                    && (above.x, above.w) == (rect.x, rect.w)
                    && above.bottom() == u32::from(rect.y)
            });
            match above {
                Some((above, _)) => above.h += rect.h,
                None => bands.push((rect, flat)),
            }
        }
    }
    bands.into_iter().map(|(rect, _)| rect).collect()
}

/// The runs of a region. A row that is dirty for the most part becomes one run over the whole
/// screen, unless a film plays in it: what it looks like must not depend on what was there before.
fn runs(dirty: &Region, motion: &Region) -> Vec<Rect> {
    let grid = dirty.grid();
    let mut runs: Vec<Rect> = Vec::new();
    for run in dirty.rects_within(u16::MAX, TILE) {
        let row = Rect {
            x: 0,
            w: u16::MAX,
            ..run
        };
        if runs
            .last()
            .is_some_and(|last| last.y == run.y && last.w == grid.width())
        {
            continue;
        }
        let dirty = grid.tiles(row).filter(|&tile| dirty.contains(tile)).count();
        let film = grid.tiles(row).any(|tile| motion.contains(tile));
        let whole = dirty * 4 >= grid.columns() * 3 && !film;
        runs.push(if whole {
            Rect {
                x: 0,
                w: grid.width(),
                ..run
            }
        } else {
            run
        });
    }
    runs
}

/// Cuts a run where at least [`FLAT_TILES`] tiles of one colour stand side by side.
fn parts(run: Rect, screen: &Picture) -> Vec<(Rect, Option<[u8; 3]>)> {
    let mut parts: Vec<(Rect, Option<[u8; 3]>)> = Vec::new();
    let mut x = run.x;
    while u32::from(x) < run.right() {
        let tile = Rect {
            x,
            w: TILE.min(run.w - (x - run.x)),
            ..run
        };
        let flat = colour(screen, tile);
        match parts.last_mut() {
            Some((rect, before)) if *before == flat => rect.w += tile.w,
            _ => parts.push((tile, flat)),
        }
        x += tile.w;
    }
    let mut cut: Vec<(Rect, Option<[u8; 3]>)> = Vec::new();
    for (rect, flat) in parts {
        let flat = flat.filter(|_| rect.w >= FLAT_TILES * TILE || rect.w == run.w);
        match cut.last_mut() {
            Some((left, None)) if flat.is_none() => left.w += rect.w,
            _ => cut.push((rect, flat)),
        }
    }
    cut
}

/// How many rows of a rectangle fit a slice that holds `used` bytes already.
pub(crate) fn rows_that_fit(rect: Rect, used: usize) -> u16 {
    let (row, head) = Operation::pixels_len(rect.w);
    let room = SLICE_TARGET.saturating_sub(used + head) / row.max(1);
    // A widest row alone is far below the target.
    let least = usize::from(used == 0);
    let rows = u16::try_from(room.max(least))
        .unwrap_or(u16::MAX)
        .min(rect.h);
    // A sliver at the end of a slice would only cut what belongs together.
    if rows < rect.h && rows < SLIVER && used > 0 {
        0
    } else {
        rows
    }
}

/// Tiles that may jump the queue in one update.
const JUMPS: usize = 256;
/// Tiles of one colour, side by side, that are worth a cut.
const FLAT_TILES: u16 = 4;
/// Rows that are not worth a piece of their own.
const SLIVER: u16 = 8;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::noise;

    fn drain(queue: &mut Queue) -> Vec<Rect> {
        let mut rects = Vec::new();
        while let Some(rect) = queue.first() {
            rects.push(rect);
            queue.advance(u16::MAX);
        }
        rects
    }

    #[test]
    fn the_focus_goes_first_then_bands_by_distance() {
        let screen = noise(640, 640, 3);
        let focus = Point { x: 300, y: 310 };
        let none = Region::new(640, 640);
        let mut queue = Queue::of(&Region::all(&screen), &none, &screen, Some(focus));
        let rects = drain(&mut queue);
        assert_eq!(
            rects[0],
            Rect::new(192, 192, 192, 192),
            "three tiles square"
        );
        let away = |rect: &Rect| {
            rect.distance(Point {
                x: rect.x,
                y: focus.y,
            })
        };
        assert!(rects[1..].is_sorted_by_key(away));
        assert_eq!(
            rects[1..].iter().map(|rect| rect.area()).sum::<u32>(),
            640 * 640
        );
    }

    #[test]
    fn a_row_that_is_mostly_dirty_is_one_run_unless_a_film_plays_in_it() {
        let (screen, mut dirty) = (noise(640, 128, 3), Region::new(640, 128));
        dirty.add(Rect::new(0, 0, 256, 128));
        dirty.add(Rect::new(384, 0, 256, 128));
        let mut motion = Region::new(640, 128);
        motion.add(Rect::new(300, 100, 1, 1));
        let rects = drain(&mut Queue::of(&dirty, &motion, &screen, None));
        let expected = [
            Rect::new(0, 0, 640, 64),
            Rect::new(0, 64, 256, 64),
            Rect::new(384, 64, 256, 64),
        ];
        assert_eq!(rects, expected);
    }

    #[test]
    fn flat_ground_is_cut_out_and_joined() {
        let mut screen = noise(640, 256, 3);
        screen.fill(Rect::new(128, 0, 300, 256), [9; 3]);
        let rects = drain(&mut Queue::of(
            &Region::all(&screen),
            &Region::new(640, 256),
            &screen,
            None,
        ));
        assert!(rects.contains(&Rect::new(128, 0, 256, 256)), "{rects:?}");
        assert_eq!(rects.iter().map(|rect| rect.area()).sum::<u32>(), 640 * 256);
    }

    #[test]
    fn jumping_comes_to_an_end() {
        let screen = noise(640, 640, 3);
        let (focus, motion) = (Point { x: 300, y: 310 }, Region::new(640, 640));
        let mut queue = Queue::of(&Region::new(640, 640), &motion, &screen, Some(focus));
        let jumped = (0..1000).filter(|_| {
            let mut damage = Region::all(&screen);
            queue.jump(&mut damage, &motion, focus);
            damage != Region::all(&screen)
        });
        assert_eq!(jumped.count(), JUMPS / 9);
    }

    #[test]
    fn rows_fill_a_slice_and_always_get_on() {
        let rect = Rect::new(0, 0, 1920, 1080);
        assert_eq!(rows_that_fit(rect, 0), 22);
        assert_eq!(
            rows_that_fit(rect, SLICE_TARGET - 7 * 1920 * 3),
            0,
            "no sliver"
        );
        assert_eq!(
            rows_that_fit(Rect { h: 3, ..rect }, SLICE_TARGET - 4 * 1920 * 3),
            3
        );
        assert_eq!(rows_that_fit(Rect { w: 16_384, ..rect }, 0), 2);
    }
}
