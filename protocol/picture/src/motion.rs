//! Which tiles are in motion, and what stands over them (SPEC 7.5).
//!
//! A tile that changes all the time and does not compress is shown as part of a lossy still; the
//! exact pixels below it wait. When it rests, or turns into something that compresses, it is
//! refined: the difference to the exact pixels is sent and the still ends, in one update.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::deflate::packed_len;
use crate::difference::{bounds, fingerprint, flatness};
use crate::grid::{Grid, Tile};
use crate::limits::STILL_CAP;
use crate::operation::Operation;
use crate::{Picture, Rect, Region, Still};

/// The tiles in motion and the pace of their stills.
pub(crate) struct Motion {
    /// Shown by stills; left out of the exact picture.
    tiles: Region,
    /// In motion, with damage that nobody has looked at.
    touched: Region,
    /// In motion, changed since the last still.
    stale: Region,
    past: Vec<Past>,
    tick: u64,
    ticked: Duration,
    last: Option<Duration>,
    interval: Duration,
    quality: u8,
}

/// What is remembered of a tile.
#[derive(Clone, Copy, Default)]
struct Past {
    /// One bit for each of the last eight ticks: whether the tile changed.
    changes: u8,
    /// The tick of the lowest bit.
    tick: u64,
    /// What its last still showed.
    print: u64,
    /// The part of it that differs from the exact picture, or did since it began to move.
    area: Option<Rect>,
    /// When it last changed, while in motion.
    changed: Duration,
}

/// What an update does to the stills.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    /// Stills that end.
    pub(crate) ends: Vec<u8>,
    /// Stills to encode; together with those that stay they cover the motion, without overlap.
    pub(crate) stills: Vec<(u8, Rect)>,
}

impl Motion {
    pub(crate) fn new(grid: Grid) -> Self {
        Self {
            tiles: Region::on(grid),
            touched: Region::on(grid),
            stale: Region::on(grid),
            past: vec![Past::default(); grid.count()],
            tick: u64::from(u8::BITS),
            ticked: Duration::ZERO,
            last: None,
            interval: START_INTERVAL,
            quality: START_QUALITY,
        }
    }

    /// The tiles that stills show.
    pub(crate) fn tiles(&self) -> &Region {
        &self.tiles
    }

    /// Takes the damage of tiles in motion out of the rest.
    pub(crate) fn catch(&mut self, damage: &mut Region) {
        for tile in self.tiles.tiles() {
            if damage.contains(tile) {
                damage.remove(tile);
                self.touched.insert(tile);
            }
        }
    }

    /// Remembers which tiles differ now; what scrolling brought in is new, but does not move. Looks closer together than a tick count as one.
    pub(crate) fn note(&mut self, dirty: &Region, scrolled: &Region, now: Duration) {
        let gap = now.saturating_sub(self.ticked);
        if gap >= TICK {
            // A slow line looks rarely, and then every look counts; after a pause none does.
            self.tick += if gap >= PAUSE { u64::from(u8::BITS) } else { 1 };
            self.ticked = now;
        }
        for tile in dirty.tiles().filter(|&tile| !scrolled.contains(tile)) {
            if let Some(past) = self.past.get_mut(tile) {
                let away = u32::try_from(self.tick - past.tick).unwrap_or(u8::BITS);
                past.changes = past.changes.checked_shl(away).unwrap_or(0) | 1;
                past.tick = self.tick;
            }
        }
    }

    /// Decides what moves and what rests. Tiles that begin to move leave `dirty`, tiles that come
    /// to rest enter it. Does nothing before [`Self::due`].
    pub(crate) fn step(
        &mut self,
        mirror: &Picture,
        screen: &Picture,
        dirty: &mut Region,
        stills: &BTreeMap<u8, Still>,
        now: Duration,
    ) -> Plan {
        if now < self.due() {
            return Plan::default();
        }
        self.look(mirror, screen, dirty, now);
        self.rest(stills, dirty, now);
        self.join(mirror, screen, dirty, now);
        let plan = self.plan(stills, dirty);
        if !plan.stills.is_empty() {
            self.pace(now);
        }
        plan
    }

    /// Remembers what a still shows. Called with the pixels that it was made of.
    pub(crate) fn shown(&mut self, rect: Rect, screen: &Picture) {
        let grid = self.tiles.grid();
        for tile in grid.tiles(rect) {
            if let Some(past) = self.past.get_mut(tile) {
                past.print = fingerprint(screen, grid.rect(tile));
            }
        }
    }

    /// The quality that the line carries, 1 to 100.
    pub(crate) fn quality(&self) -> u8 {
        self.quality
    }

    /// When [`Self::step`] has something to do although nothing changes, if ever.
    pub(crate) fn wake(&self, stills: &BTreeMap<u8, Still>) -> Option<Duration> {
        if !self.touched.is_empty() || !self.stale.is_empty() {
            return Some(self.due());
        }
        let rests = stills
            .values()
            .filter_map(|still| self.rests_at(still.rect()));
        let tiles = self.tiles.tiles().filter_map(|tile| self.past.get(tile));
        let rests = rests.chain(tiles.map(|past| past.changed + TILE_REST));
        rests.min().map(|rest| rest.max(self.due()))
    }

    /// No still is made before this moment.
    fn due(&self) -> Duration {
        self.last
            .map_or(Duration::ZERO, |last| last + self.interval)
    }

    /// When a rectangle will have been at rest for long enough.
    fn rests_at(&self, rect: Rect) -> Option<Duration> {
        let tiles = self
            .tiles
            .grid()
            .tiles(rect)
            .filter_map(|tile| self.past.get(tile));
        tiles
            .map(|past| past.changed)
            .max()
            .map(|changed| changed + REST)
    }

    /// Looks at the tiles in motion that were damaged.
    fn look(&mut self, mirror: &Picture, screen: &Picture, dirty: &mut Region, now: Duration) {
        for tile in self.touched.take().tiles() {
            let rect = self.tiles.grid().rect(tile);
            let Some(past) = self.past.get_mut(tile) else {
                continue;
            };
            if past.print == fingerprint(screen, rect) {
                continue;
            }
            past.changed = now;
            match bounds(mirror, screen, rect) {
                Some(area) if flatness(screen, area) < FLAT_LEAVES => {
                    past.area = past.area.map(|before| before.union(area)).or(Some(area));
                    self.stale.insert(tile);
                }
                _ => self.leave(tile, dirty),
            }
        }
    }

    /// Refines what rests: whole stills after a short while, single tiles of others after a longer
    /// one, so that a film with a still corner does not pay for that corner again and again.
    fn rest(&mut self, stills: &BTreeMap<u8, Still>, dirty: &mut Region, now: Duration) {
        let grid = self.tiles.grid();
        let mut resting: Vec<Tile> = Vec::new();
        for rect in stills.values().map(Still::rect) {
            if self.rests_at(rect).is_some_and(|rest| rest <= now) {
                resting.extend(grid.tiles(rect));
            }
        }
        resting.extend(self.tiles.tiles().filter(|&tile| {
            self.past
                .get(tile)
                .is_some_and(|past| past.changed + TILE_REST <= now)
        }));
        for tile in resting {
            if self.tiles.contains(tile) {
                self.leave(tile, dirty);
            }
        }
    }

    /// Lets tiles begin to move that changed in most ticks, have no flat ground and do not pack.
    fn join(&mut self, mirror: &Picture, screen: &Picture, dirty: &mut Region, now: Duration) {
        let busy = |past: &Past| past.tick == self.tick && past.changes.count_ones() >= BUSY;
        let candidates = dirty
            .tiles()
            .filter(|&tile| self.past.get(tile).is_some_and(busy));
        for tile in candidates.take(JOINS).collect::<Vec<_>>() {
            let area = bounds(mirror, screen, self.tiles.grid().rect(tile));
            let area = area.filter(|&area| looks_like_film(screen, area));
            if let (Some(area), Some(past)) = (area, self.past.get_mut(tile)) {
                (past.area, past.changed) = (Some(area), now);
                dirty.remove(tile);
                self.tiles.insert(tile);
                self.stale.insert(tile);
            }
        }
    }

    /// Covers the motion with stills: those that stand right and show the newest pixels stay.
    fn plan(&mut self, stills: &BTreeMap<u8, Still>, dirty: &mut Region) -> Plan {
        // Text beside a film shares tiles with it: a still covers what moved, not whole tiles.
        let trim = |rect| self.moved(rect).unwrap_or(rect);
        let rects = self.tiles.rects_within(STILL_SIDE, STILL_SIDE);
        let mut rects: Vec<Rect> = rects.into_iter().map(trim).collect();
        for rect in rects.split_off(rects.len().min(STILL_CAP.into())) {
            let tiles: Vec<Tile> = self.tiles.grid().tiles(rect).collect();
            tiles.into_iter().for_each(|tile| self.leave(tile, dirty));
        }
        let stands = |rect: Rect| {
            stills
                .iter()
                .find(|(_, still)| still.rect() == rect)
                .map(|(id, _)| *id)
        };
        let kept: Vec<u8> = rects.iter().filter_map(|rect| stands(*rect)).collect();
        let ends = stills
            .keys()
            .copied()
            .filter(|id| !kept.contains(id))
            .collect();
        let mut free = (0..STILL_CAP).filter(|id| !kept.contains(id));
        let mut plan = Plan {
            ends,
            stills: Vec::new(),
        };
        for rect in rects {
            let before = stands(rect);
            let stale = self
                .tiles
                .grid()
                .tiles(rect)
                .any(|tile| self.stale.contains(tile));
            if before.is_none() || stale {
                plan.stills
                    .extend(before.or_else(|| free.next()).map(|id| (id, rect)));
            }
        }
        self.stale.clear();
        plan
    }

    /// The part of a rectangle that moved.
    fn moved(&self, rect: Rect) -> Option<Rect> {
        let tiles = self
            .tiles
            .grid()
            .tiles(rect)
            .filter_map(|tile| self.past.get(tile)?.area);
        tiles.reduce(Rect::union)
    }

    /// Follows the line: a still that comes much later than it could have waited for credit.
    fn pace(&mut self, now: Duration) {
        let gap = self
            .last
            .map_or(Duration::ZERO, |last| now.saturating_sub(last));
        if gap > 2 * self.interval {
            self.quality = self.quality.saturating_sub(15).max(LEAST_QUALITY);
            self.interval = (self.interval * 3 / 2).min(LONGEST_INTERVAL);
        } else {
            self.quality = (self.quality + 5).min(BEST_QUALITY);
            self.interval = self
                .interval
                .saturating_sub(TICK / 5)
                .max(SHORTEST_INTERVAL);
        }
        self.last = Some(now);
    }

    fn leave(&mut self, tile: Tile, dirty: &mut Region) {
        self.tiles.remove(tile);
        self.stale.remove(tile);
        dirty.insert(tile);
        if let Some(past) = self.past.get_mut(tile) {
            (past.changes, past.area) = (0, None);
        }
    }
}

/// Whether an area has hardly any flat ground and its exact pixels do not pack well.
fn looks_like_film(screen: &Picture, area: Rect) -> bool {
    if area.area() < LEAST_AREA || flatness(screen, area) >= FLAT_JOINS {
        return false;
    }
    let mut plain = Vec::new();
    Operation::write_pixels(&mut plain, area, screen);
    packed_len(&plain) * RATIO > plain.len()
}

/// Time that one bit of a tile's past stands for, at least.
const TICK: Duration = Duration::from_millis(50);
/// After this long without an update the past is forgotten.
const PAUSE: Duration = Duration::from_secs(3);
/// Ticks of the last eight in which a busy tile changed.
const BUSY: u32 = 5;
/// Pixels of a tile that must differ: a few letters are never a film.
const LEAST_AREA: u32 = 384;
/// An area that packs this well stays exact.
const RATIO: usize = 4;
/// An area with less flat ground than this, in per cent, may begin to move.
const FLAT_JOINS: u32 = 25;
/// An area with this much flat ground is text or a control: its tile leaves at once.
const FLAT_LEAVES: u32 = 40;
/// Tiles that are weighed in one step.
const JOINS: usize = 128;
/// A still at rest for this long is refined.
const REST: Duration = Duration::from_millis(300);
/// A tile at rest for this long is refined, whatever its neighbours do.
const TILE_REST: Duration = Duration::from_millis(1500);
/// The longest side of a still: one still fits a slice.
const STILL_SIDE: u16 = 512;
const START_INTERVAL: Duration = Duration::from_millis(150);
const SHORTEST_INTERVAL: Duration = Duration::from_millis(100);
const LONGEST_INTERVAL: Duration = Duration::from_millis(200);
const START_QUALITY: u8 = 50;
const LEAST_QUALITY: u8 = 30;
const BEST_QUALITY: u8 = 75;
