//! Finding what only moved up or down (SPEC 7.4).
//!
//! Strips of 64 columns are compared row by row: rows that occur once in the old picture and again
//! in the new one vote for the way they went. Where rows really moved that way, a `Move` replaces
//! their pixels. A wrong way costs bytes, never exactness: only rows that are equal are moved.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use crate::difference::digest;
use crate::{Picture, Point, Rect, Region};

/// One move: pixels of the old picture that stand at `to` in the new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shift {
    pub(crate) to: Rect,
    pub(crate) from: Point,
}

/// The moves that explain most of the tiles that differ. They go the same way and are disjoint.
pub(crate) fn find(old: &Picture, new: &Picture, dirty: &Region) -> Vec<Shift> {
    if dirty.count() < LEAST_TILES {
        return Vec::new();
    }
    let strips = strips(dirty);
    let Some(way) = vote(old, new, &strips) else {
        return Vec::new();
    };
    let mut shifts: Vec<Shift> = Vec::new();
    for shift in strips
        .chunk_by(beside)
        .flat_map(|group| longest(old, new, group, way))
    {
        match shifts.last_mut() {
            Some(left)
                if left.to.right() == u32::from(shift.to.x)
                    && (left.to.y, left.to.h) == (shift.to.y, shift.to.h) =>
            {
                left.to.w += shift.to.w;
            }
            _ => shifts.push(shift),
        }
    }
    shifts
}

/// Whether the second strip goes on where the first one ends.
fn beside(left: &Rect, right: &Rect) -> bool {
    left.right() == u32::from(right.x) && (left.y, left.h) == (right.y, right.h)
}

/// One strip for each column of tiles, from its first dirty row to its last, left to right.
fn strips(dirty: &Region) -> Vec<Rect> {
    let mut strips: Vec<Option<Rect>> = vec![None; dirty.grid().columns()];
    for tile in dirty.tiles() {
        let rect = dirty.grid().rect(tile);
        if let Some(strip) = strips.get_mut(tile % dirty.grid().columns()) {
            *strip = Some(strip.map_or(rect, |strip| strip.union(rect)));
        }
    }
    strips.into_iter().flatten().collect()
}

/// How far down most rows went (negative: up).
fn vote(old: &Picture, new: &Picture, strips: &[Rect]) -> Option<i32> {
    let mut votes: HashMap<i32, u32> = HashMap::new();
    for &strip in strips.iter().step_by(strips.len().div_ceil(VOTERS).max(1)) {
        let mut places =
            Places::with_capacity_and_hasher(strip.h.into(), BuildHasherDefault::default());
        for (y, row) in (i32::from(strip.y)..).zip(old.rows(strip)) {
            places
                .entry(digest(row))
                .and_modify(|place| *place = None)
                .or_insert(Some(y));
        }
        // Half of the new rows say as much as all.
        for (y, row) in (i32::from(strip.y)..).zip(new.rows(strip)).step_by(2) {
            if let Some(&Some(was)) = places.get(&digest(row)) {
                *votes.entry(y - was).or_default() += 1;
            }
        }
    }
    votes.remove(&0);
    // Of two ways with as many votes the nearer one: the choice must not depend on a hash map.
    let (way, count) = votes
        .into_iter()
        .max_by_key(|&(way, count)| (count, -way.abs(), way))?;
    (count >= LEAST_VOTES).then_some(way)
}

/// For each of some strips that stand side by side, the longest run of rows that went this way.
fn longest(old: &Picture, new: &Picture, strips: &[Rect], way: i32) -> Vec<Shift> {
    let Some(all) = strips.iter().copied().reduce(Rect::union) else {
        return Vec::new();
    };
    let away = u16::try_from(way.unsigned_abs())
        .ok()
        .filter(|&away| away < all.h);
    let Some(away) = away else { return Vec::new() };
    // Both pictures are looked at inside the strips only, from the first row that has a source.
    let (skip_new, skip_old) = if way > 0 { (away, 0) } else { (0, away) };
    let part = |skip| Rect {
        y: all.y + skip,
        h: all.h - away,
        ..all
    };
    let rows = new.rows(part(skip_new)).zip(old.rows(part(skip_old)));
    // The row where the present run began, and the longest run so far.
    let mut runs = vec![(0_u16, 0_u16..0); strips.len()];
    for (line, (one, other)) in (0_u16..).zip(rows) {
        let pieces = one.chunks(STRIP_BYTES).zip(other.chunks(STRIP_BYTES));
        for ((start, best), (one, other)) in runs.iter_mut().zip(pieces) {
            if one != other {
                *start = line + 1;
            } else if line + 1 - *start > best.end - best.start {
                *best = *start..line + 1;
            }
        }
    }
    let shift = |(strip, (_, best)): (&Rect, (u16, std::ops::Range<u16>))| {
        let h = best.end - best.start;
        let to = Rect {
            y: strip.y + skip_new + best.start,
            h,
            ..*strip
        };
        let from = Point {
            x: strip.x,
            y: strip.y + skip_old + best.start,
        };
        (h >= LEAST_ROWS).then_some(Shift { to, from })
    };
    strips.iter().zip(runs).filter_map(shift).collect()
}

/// Where a row stands, or `None` if it stands in several places.
type Places = HashMap<u64, Option<i32>, BuildHasherDefault<AsIs>>;

/// The keys are digests already.
#[derive(Default)]
struct AsIs(u64);

impl Hasher for AsIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = digest(bytes);
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = word;
    }
}

/// Bytes of a row of a strip that is as wide as a tile.
const STRIP_BYTES: usize = 256;
/// Below this the pixels are cheaper than the search.
const LEAST_TILES: usize = 12;
/// Rows that must agree on a way, over all strips that vote.
const LEAST_VOTES: u32 = 24;
/// Strips that vote.
const VOTERS: usize = 5;
/// A shorter run is cheaper as pixels.
const LEAST_ROWS: u16 = 16;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::noise;

    fn scrolled(old: &Picture, area: Rect, away: u16) -> Picture {
        let mut new = old.clone();
        let to = Rect {
            h: area.h - away,
            ..area
        };
        new.shift(
            to,
            Point {
                x: area.x,
                y: area.y + away,
            },
        );
        new.copy(
            Rect {
                y: area.y + area.h - away,
                h: away,
                ..area
            },
            &noise(640, 480, 99),
        );
        new
    }

    #[test]
    fn a_scroll_is_found_to_the_row() {
        let old = noise(640, 480, 1);
        let new = scrolled(&old, Rect::new(64, 40, 512, 400), 37);
        let mut dirty = Region::new(640, 480);
        dirty.add(Rect::new(64, 40, 512, 400));
        let found = find(&old, &new, &dirty);
        let to = Rect::new(64, 40, 512, 363);
        assert_eq!(
            found,
            [Shift {
                to,
                from: Point { x: 64, y: 77 }
            }]
        );
    }

    #[test]
    fn a_scroll_down_is_found() {
        let old = noise(640, 480, 1);
        let mut new = old.clone();
        new.shift(Rect::new(0, 10, 640, 470), Point { x: 0, y: 0 });
        let mut dirty = Region::new(640, 480);
        dirty.add(new.rect());
        let expected = Shift {
            to: Rect::new(0, 10, 640, 470),
            from: Point { x: 0, y: 0 },
        };
        assert_eq!(find(&old, &new, &dirty), [expected]);
    }

    #[test]
    fn other_content_is_no_scroll() {
        let mut dirty = Region::new(640, 480);
        dirty.add(Rect::new(0, 0, 640, 480));
        assert_eq!(find(&noise(640, 480, 1), &noise(640, 480, 2), &dirty), []);
    }

    #[test]
    fn flat_rows_have_no_vote() {
        let old = Picture::new(640, 480).unwrap();
        let mut new = old.clone();
        new.fill(Rect::new(0, 100, 640, 200), [1, 2, 3]);
        let mut dirty = Region::new(640, 480);
        dirty.add(new.rect());
        assert_eq!(find(&old, &new, &dirty), []);
    }
}
