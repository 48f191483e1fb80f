//! Finding what only moved up or down (SPEC 7.4).
//!
//! Strips of 64 columns are compared row by row: rows that occur once in the old picture and again
//! in the new one vote for the way they went. Where rows really moved that way, a `Move` replaces
//! their pixels. A wrong guess costs bytes, never exactness: the difference is taken again after.

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
    for strip in strips {
        let Some(shift) = longest(old, new, strip, way) else {
            continue;
        };
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
        let mut places: Places = HashMap::default();
        for (y, row) in (i32::from(strip.y)..).zip(old.rows(strip)) {
            places
                .entry(digest(row))
                .and_modify(|place| *place = None)
                .or_insert(Some(y));
        }
        for (y, row) in (i32::from(strip.y)..).zip(new.rows(strip)) {
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

/// The longest run of rows in a strip that went this way.
fn longest(old: &Picture, new: &Picture, strip: Rect, way: i32) -> Option<Shift> {
    let away = u16::try_from(way.unsigned_abs())
        .ok()
        .filter(|&away| away < strip.h)?;
    // Both pictures are looked at inside the strip only, from the first row that has a source.
    let (skip_new, skip_old) = if way > 0 { (away, 0) } else { (0, away) };
    let part = |skip| Rect {
        y: strip.y + skip,
        h: strip.h - away,
        ..strip
    };
    let rows = new.rows(part(skip_new)).zip(old.rows(part(skip_old)));
    let (mut start, mut best) = (0_u16, 0_u16..0);
    for (line, (one, other)) in (0_u16..).zip(rows) {
        if one != other {
            start = line + 1;
        } else if line + 1 - start > best.end - best.start {
            best = start..line + 1;
        }
    }
    let to = Rect {
        y: strip.y + skip_new + best.start,
        h: best.end - best.start,
        ..strip
    };
    let from = Point {
        x: strip.x,
        y: strip.y + skip_old + best.start,
    };
    (to.h >= LEAST_ROWS).then_some(Shift { to, from })
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

/// Below this the pixels are cheaper than the search.
const LEAST_TILES: usize = 12;
/// Rows that must agree on a way, over all strips that vote.
const LEAST_VOTES: u32 = 48;
/// Strips that vote.
const VOTERS: usize = 6;
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
