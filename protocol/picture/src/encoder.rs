//! The encoder: screens in, slices out, one at a time.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::canvas::Canvas;
use crate::deflate::Deflater;
use crate::difference::{bounds, colour};
use crate::grid::{Grid, Tile};
use crate::limits::{OPERATION_CAP, SLICE_TARGET};
use crate::motion::Motion;
use crate::operation::Operation;
use crate::queue::{Queue, rows_that_fit};
use crate::shape::Outbox;
use crate::slice::{Header, Reset};
use crate::{CursorShape, Error, Limits, Picture, Point, Rect, Region, Slice, TILE, scroll, still};

/// Turns the screen of one sharer into slices for one helper.
///
/// The caller owns the screen, keeps it current, and reports every place that it changed with
/// [`Self::add_damage`]. Nothing is looked at outside the damage, and nothing is encoded before
/// [`Self::next_slice`] asks: damage waits here, merged, as long as the line is full.
pub struct Encoder {
    limits: Limits,
    focus: Option<Point>,
    context: u32,
    update: u32,
    shapes: Outbox,
    /// `None`: the next update starts a context.
    stage: Option<Stage>,
}

impl Encoder {
    /// An encoder for a helper that announced these limits. Its first update is a whole picture.
    pub fn new(limits: Limits) -> Self {
        let shapes = Outbox::default();
        Self {
            limits,
            focus: None,
            context: 0,
            update: 0,
            shapes,
            stage: None,
        }
    }

    /// Gives up the context and the update under way: the next update starts afresh with a whole
    /// picture. For a helper that lost its place: carrier changed, decoder error, slow peer.
    pub fn reset(&mut self) {
        self.stage = None;
    }

    /// The screen passed from one owner to another (elevation prompt, unattended login): nothing
    /// that was seen before may show in the sizes of what comes, so the compressor forgets it.
    pub fn privilege_changed(&mut self) {
        self.reset();
    }

    /// Reports places of the screen that may have changed. Damage outside the screen is ignored.
    pub fn add_damage(&mut self, damage: &[Rect]) {
        if let Some(stage) = &mut self.stage {
            damage.iter().for_each(|rect| stage.damage.add(*rect));
        }
    }

    /// Names the place of the last input or of the pointer: what is near it is sent first.
    pub fn set_focus(&mut self, focus: Point) {
        self.focus = Some(focus);
    }

    /// Makes a cursor shape known to the helper and returns the id that cursor positions name. A
    /// shape that the helper has already costs nothing.
    ///
    /// # Errors
    /// [`Error::Shape`] if the shape cannot be.
    pub fn cursor(&mut self, shape: CursorShape) -> Result<u8, Error> {
        let none = BTreeMap::new();
        let known = self
            .stage
            .as_ref()
            .map_or(&none, |stage| &stage.canvas.shapes);
        Ok(self.shapes.push(shape.check()?, known))
    }

    /// Starts an update if there is something to send, and says whether one is under way. A screen
    /// of another size than before starts a context. `input` is the last input event that was
    /// applied before the screen was taken; `now` counts from any fixed moment.
    pub fn begin(&mut self, screen: &Picture, input: u64, now: Duration) -> bool {
        self.drop_other_size(screen);
        let opened = match &mut self.stage {
            Some(Stage { open: Some(_), .. }) => return true,
            Some(stage) => stage.look(screen, self.focus, !self.shapes.is_empty(), now),
            None => {
                self.context += 1;
                self.shapes.restart();
                let window_log = self.limits.window_log(screen);
                self.stage = Some(Stage::new(screen, self.focus, window_log));
                true
            }
        };
        let open = self.stage.as_mut().and_then(|stage| stage.open.as_mut());
        if let Some(open) = open.filter(|_| opened) {
            self.update += 1;
            open.input = input;
        }
        opened
    }

    /// Encodes one slice of the update under way, from the screen as it is now; `None` if there is
    /// nothing left of it. Fresh damage near the focus goes into the same update, other damage
    /// into the next. A screen that changed its size ends the update; call [`Self::begin`].
    ///
    /// Every slice that was made must reach the decoder, in order: there is no other copy of it.
    ///
    /// # Errors
    /// [`Error::Compressor`] or [`Error::Image`] if there is no memory left. The context is given
    /// up then, as by [`Self::reset`].
    pub fn next_slice(&mut self, screen: &Picture) -> Result<Option<Slice>, Error> {
        self.drop_other_size(screen);
        let Some(stage) = &mut self.stage else {
            return Ok(None);
        };
        let names = (self.context, self.update);
        let slice = stage.slice(screen, self.focus, &mut self.shapes, names);
        if slice.is_err() {
            self.reset();
        }
        slice
    }

    /// When to call [`Self::begin`] although no damage came in: a still is due or can be refined.
    /// `None` on a screen without motion, which costs nothing.
    pub fn deadline(&self) -> Option<Duration> {
        let stage = self.stage.as_ref()?;
        stage.motion.wake(&stage.canvas.stills)
    }

    /// Whether the helper has, or will have with the slices made so far, exactly this screen: no
    /// damage waits, no update is under way, nothing lies over the picture.
    pub fn is_quiet(&self) -> bool {
        self.shapes.is_empty()
            && self.stage.as_ref().is_some_and(|stage| {
                stage.open.is_none() && stage.damage.is_empty() && stage.motion.tiles().is_empty()
            })
    }

    /// The exact picture of the helper after all slices made so far. `None` before the first
    /// update.
    pub fn mirror(&self) -> Option<&Picture> {
        self.stage.as_ref().map(|stage| &stage.canvas.picture)
    }

    fn drop_other_size(&mut self, screen: &Picture) {
        self.stage = self
            .stage
            .take()
            .filter(|stage| stage.canvas.picture.rect() == screen.rect());
    }
}

/// The life of one picture context.
struct Stage {
    /// What the helper holds after everything that was encoded.
    canvas: Canvas,
    deflater: Option<Deflater>,
    window_log: u8,
    damage: Region,
    motion: Motion,
    open: Option<Open>,
}

/// The update under way.
#[derive(Default)]
struct Open {
    input: u64,
    /// Whether the header of the next slice announces the context.
    reset: bool,
    /// Whether a slice of it was made.
    started: bool,
    /// Moves, already applied to the canvas.
    moves: Vec<u8>,
    queue: Queue,
    ends: Vec<u8>,
    stills: VecDeque<(u8, Rect)>,
}

impl Stage {
    /// A fresh context, with its first update open: everything that is not black.
    fn new(screen: &Picture, focus: Option<Point>, window_log: u8) -> Self {
        let grid = Grid::of(screen);
        let queue = Queue::of(&Region::all(screen), &Region::on(grid), screen, focus);
        Self {
            canvas: Canvas::new(screen.blank()),
            deflater: None,
            window_log,
            damage: Region::on(grid),
            motion: Motion::new(grid),
            open: Some(Open {
                reset: true,
                queue,
                ..Open::default()
            }),
        }
    }

    /// Looks for differences inside the damage and decides what the next update is made of.
    fn look(
        &mut self,
        screen: &Picture,
        focus: Option<Point>,
        shapes: bool,
        now: Duration,
    ) -> bool {
        let mut damage = self.damage.take();
        self.motion.catch(&mut damage);
        let mut dirty = self.differing(&damage, screen);
        let (moves, scrolled) = self.moves(&mut dirty, screen);
        self.motion.note(&dirty, &scrolled, now);
        let Canvas {
            picture: mirror,
            stills,
            ..
        } = &self.canvas;
        let plan = self.motion.step(mirror, screen, &mut dirty, stills, now);
        let nothing = moves.is_empty() && dirty.is_empty() && plan.stills.is_empty();
        if nothing && plan.ends.is_empty() && !shapes {
            return false;
        }
        let queue = Queue::of(&dirty, self.motion.tiles(), screen, focus);
        let stills = plan.stills.into();
        self.open = Some(Open {
            moves,
            queue,
            ends: plan.ends,
            stills,
            ..Open::default()
        });
        true
    }

    /// The tiles whose pixels are not those of the mirror. Goes along the rows of runs of tiles,
    /// the way they lie in memory.
    fn differing(&self, candidates: &Region, screen: &Picture) -> Region {
        let mut dirty = Region::on(candidates.grid());
        for run in candidates.rects_within(u16::MAX, TILE) {
            let tiles: Vec<Tile> = candidates.grid().tiles(run).collect();
            let rows = self.canvas.picture.rows(run).zip(screen.rows(run));
            for (one, other) in rows.filter(|(one, other)| one != other) {
                let pieces = one.chunks(TILE_BYTES).zip(other.chunks(TILE_BYTES));
                let differ = tiles
                    .iter()
                    .zip(pieces)
                    .filter(|(_, (one, other))| one != other);
                differ.for_each(|(&tile, _)| dirty.insert(tile));
            }
        }
        dirty
    }

    /// Finds moves, applies them to the mirror, and takes the differences again. Also returns the
    /// tiles that took part in them. A move puts pixels only where the screen has the same ones,
    /// so no tile differs after it that did not before.
    fn moves(&mut self, dirty: &mut Region, screen: &Picture) -> (Vec<u8>, Region) {
        let (mut moves, mut scrolled) = (Vec::new(), Region::on(dirty.grid()));
        let found = scroll::find(&self.canvas.picture, screen, dirty);
        for scroll::Shift { to, from } in found.into_iter().take(OPERATION_CAP / 4) {
            Operation::Move { to, from }.write(&mut moves);
            self.canvas.picture.shift(to, from);
            scrolled.add(to);
            scrolled.add(Rect::new(from.x, from.y, to.w, to.h));
        }
        if !moves.is_empty() {
            *dirty = self.differing(dirty, screen);
        }
        (moves, scrolled)
    }

    fn slice(
        &mut self,
        screen: &Picture,
        focus: Option<Point>,
        shapes: &mut Outbox,
        (context, update): (u32, u32),
    ) -> Result<Option<Slice>, Error> {
        let Some(mut open) = self.open.take() else {
            return Ok(None);
        };
        if let Some(focus) = focus {
            open.queue
                .jump(&mut self.damage, self.motion.tiles(), focus);
        }
        let mut draft = Draft::new(std::mem::take(&mut open.moves), update);
        draft.shapes(&mut self.canvas, shapes)?;
        draft.pixels(&mut self.canvas, &mut open.queue, screen)?;
        if open.queue.is_empty() {
            draft.stills(&mut self.canvas, &mut open, &mut self.motion, screen)?;
        }
        let last = shapes.is_empty() && open.queue.is_empty() && open.stills.is_empty();
        if last && draft.plain.is_empty() && !open.started && !open.reset {
            // The screen went back to what the helper has before the first slice was asked for.
            return Ok(None);
        }
        let (width, height) = (screen.width(), screen.height());
        let reset = open.reset.then_some(Reset {
            width,
            height,
            window_log: self.window_log,
        });
        let plain_len = u32::try_from(draft.plain.len()).unwrap_or(u32::MAX);
        let header = Header {
            context,
            update,
            input: open.input,
            plain_len,
            last,
            reset,
        };
        let mut bytes = Vec::new();
        header.write(&mut bytes);
        let mut deflater = match self.deflater.take() {
            Some(deflater) => deflater,
            None => Deflater::new(self.window_log)?,
        };
        deflater.pack(&draft.plain, &mut bytes)?;
        self.deflater = Some(deflater);
        (open.reset, open.started) = (false, true);
        self.open = Some(open).filter(|_| !last);
        Ok(Some(Slice {
            context,
            update,
            last,
            bytes,
        }))
    }
}

/// The operations of a slice in the making. Each is applied to the canvas as it is added.
struct Draft {
    plain: Vec<u8>,
    operations: usize,
    update: u32,
}

impl Draft {
    /// Starts with moves, which the canvas has seen. Half of the operations are left to them, and
    /// to stills, of which there are few.
    fn new(moves: Vec<u8>, update: u32) -> Self {
        Self {
            operations: OPERATION_CAP / 2,
            plain: moves,
            update,
        }
    }

    /// Adds an operation by its writer.
    fn add(&mut self, canvas: &mut Canvas, write: impl FnOnce(&mut Vec<u8>)) -> Result<(), Error> {
        let start = self.plain.len();
        write(&mut self.plain);
        self.operations = self.operations.saturating_sub(1);
        canvas
            .apply(self.plain.get(start..).unwrap_or_default(), self.update)
            .map(drop)
    }

    fn shapes(&mut self, canvas: &mut Canvas, shapes: &mut Outbox) -> Result<(), Error> {
        while let Some((id, shape)) = shapes.first() {
            if !self.plain.is_empty() && self.plain.len() + shape.rgba.len() > SLICE_TARGET {
                break;
            }
            let &CursorShape {
                width,
                height,
                hot_x,
                hot_y,
                ref rgba,
            } = shape;
            let hot = [hot_x, hot_y];
            let operation = Operation::Shape {
                id: *id,
                width,
                height,
                hot,
                rgba,
            };
            self.add(canvas, |plain| operation.write(plain))?;
            shapes.pop();
        }
        Ok(())
    }

    /// Adds what differs, from the front of the queue, until the slice is full.
    fn pixels(
        &mut self,
        canvas: &mut Canvas,
        queue: &mut Queue,
        screen: &Picture,
    ) -> Result<(), Error> {
        while let Some(rect) = queue.first() {
            let Some(found) = bounds(&canvas.picture, screen, rect) else {
                queue.advance(rect.h);
                continue;
            };
            queue.advance(found.y - rect.y);
            if self.operations == 0 {
                break;
            }
            if let Some(rgb) = colour(screen, found) {
                self.add(canvas, |plain| {
                    Operation::Fill { to: found, rgb }.write(plain)
                })?;
                continue;
            }
            // Long rows that begin where they began last time are what the compressor finds again.
            let found = if rect.w > WIDE {
                Rect {
                    x: rect.x,
                    w: rect.w,
                    ..found
                }
            } else {
                found
            };
            let rows = rows_that_fit(found, self.plain.len());
            if rows == 0 {
                break;
            }
            let to = Rect { h: rows, ..found };
            self.add(canvas, |plain| Operation::write_pixels(plain, to, screen))?;
            queue.advance(rows);
        }
        Ok(())
    }

    /// Adds the ends of stills, then new ones while there is room for the largest.
    fn stills(
        &mut self,
        canvas: &mut Canvas,
        open: &mut Open,
        motion: &mut Motion,
        screen: &Picture,
    ) -> Result<(), Error> {
        for id in open.ends.drain(..) {
            self.add(canvas, |plain| Operation::StillEnd { id }.write(plain))?;
        }
        while let Some(&(id, to)) = open.stills.front() {
            if self.plain.len() > SLICE_TARGET / 2 {
                break;
            }
            let image = &still::encode(screen, to, motion.quality())?;
            self.add(canvas, |plain| {
                Operation::Still { id, to, image }.write(plain)
            })?;
            motion.shown(to, screen);
            open.stills.pop_front();
        }
        Ok(())
    }
}

/// Bytes of a row of a tile.
const TILE_BYTES: usize = 256;
/// Rectangles up to this width are trimmed to the columns that differ.
const WIDE: u16 = 4 * TILE;
