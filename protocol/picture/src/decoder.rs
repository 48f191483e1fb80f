//! The decoder: slices in, the sharer's picture out.

use std::collections::BTreeMap;

use crate::canvas::Canvas;
use crate::inflate::Inflater;
use crate::limits::MIN_WINDOW_LOG;
use crate::slice::{Header, Reset};
use crate::{CursorShape, Error, Limits, Picture, Point, Rect, Still};

/// Turns slices into a picture. One per session; it lives as long as that.
pub struct Decoder {
    limits: Limits,
    stage: Option<Stage>,
    /// The last context and update that were heard of, also when they broke.
    context: u32,
    update: u32,
    broken: bool,
}

/// What one slice did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The picture context: rises by one with every `Reset`.
    pub context: u32,
    /// The update that the slice belongs to.
    pub update: u32,
    /// Whether the update is whole. Only then is the picture one moment of the screen, to be shown.
    pub last: bool,
    /// The last input event that the sharer had applied when it took this picture.
    pub input: u64,
    /// Places of the picture that may look different, in the order of drawing.
    pub touched: Vec<Rect>,
    /// Ids of the cursor shapes that are new.
    pub shapes: Vec<u8>,
    /// Whether the picture was made anew, of another or the same size: views of it, stills and
    /// cursor shapes from before are gone.
    pub resized: bool,
}

impl Decoder {
    /// A decoder that allows itself what these limits say. It holds nothing until the first slice.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            stage: None,
            context: 0,
            update: 0,
            broken: false,
        }
    }

    /// Applies one slice. Nothing is allocated before what asks for it was checked.
    ///
    /// # Errors
    /// Any [`Error`] about the slice. From then on every slice is refused with [`Error::Broken`]
    /// until one starts a new context; the helper asks the sharer for it, at most every 2 s.
    pub fn push_slice(&mut self, bytes: &[u8]) -> Result<Applied, Error> {
        let applied = self.apply(bytes);
        self.broken = applied.is_err();
        applied
    }

    /// The exact picture, without what lies over it. `None` before the first context.
    pub fn picture(&self) -> Option<&Picture> {
        self.stage.as_ref().map(|stage| &stage.canvas.picture)
    }

    /// The stills that lie over the picture, by id.
    pub fn stills(&self) -> &BTreeMap<u8, Still> {
        self.stage
            .as_ref()
            .map_or(const { &BTreeMap::new() }, |stage| &stage.canvas.stills)
    }

    /// The known cursor shapes, by the id that cursor positions name.
    pub fn shapes(&self) -> &BTreeMap<u8, CursorShape> {
        self.stage
            .as_ref()
            .map_or(const { &BTreeMap::new() }, |stage| &stage.canvas.shapes)
    }

    /// What a person sees: a copy of the picture with the stills drawn over it. A still that does
    /// not decode is left out. A presenter that minds the copy draws the same by parts.
    pub fn composed(&self) -> Option<Picture> {
        let mut shown = self.picture()?.clone();
        for still in self.stills().values() {
            if let Ok(pixels) = still.decode() {
                let Rect { x, y, .. } = still.rect();
                shown.draw(Point { x, y }, &pixels);
            }
        }
        Some(shown)
    }

    fn apply(&mut self, bytes: &[u8]) -> Result<Applied, Error> {
        let (header, packed) = Header::read(bytes)?;
        let Header {
            context,
            update,
            input,
            plain_len,
            last,
            reset,
        } = header;
        if plain_len == 0 && packed.is_empty() && !last && reset.is_none() {
            return Err(Error::Empty);
        }
        if let Some(reset) = reset {
            self.start(&header, reset)?;
        }
        let stage = self
            .stage
            .as_mut()
            .filter(|_| reset.is_some() || !self.broken);
        let stage = stage.ok_or(Error::Broken)?;
        if context != self.context {
            return Err(Error::Context {
                found: context,
                current: self.context,
            });
        }
        let follows = if stage.open {
            update == self.update
        } else {
            update > self.update
        };
        if !follows {
            return Err(Error::Update {
                found: update,
                last: self.update,
            });
        }
        self.update = update;
        stage.open = !last;
        let plain = stage.inflater.unpack(packed, plain_len)?;
        let mut changes = stage.canvas.apply(plain, update)?;
        if reset.is_some() {
            changes.touched = vec![stage.canvas.picture.rect()];
        }
        let (touched, shapes) = (changes.touched, changes.shapes);
        Ok(Applied {
            context,
            update,
            last,
            input,
            touched,
            shapes,
            resized: reset.is_some(),
        })
    }

    /// Starts a context: a black picture, nothing over it, a fresh stream.
    fn start(&mut self, header: &Header, reset: Reset) -> Result<(), Error> {
        let Reset {
            width,
            height,
            window_log,
        } = reset;
        if header.context <= self.context {
            return Err(Error::Context {
                found: header.context,
                current: self.context,
            });
        }
        if header.update <= self.update {
            return Err(Error::Update {
                found: header.update,
                last: self.update,
            });
        }
        let limit = self.limits.window_log_max();
        if !(MIN_WINDOW_LOG..=limit).contains(&window_log) {
            return Err(Error::Window { window_log, limit });
        }
        self.stage = None;
        let canvas = Canvas::new(Picture::new(width, height)?);
        let inflater = Inflater::new(window_log)?;
        self.context = header.context;
        self.stage = Some(Stage {
            canvas,
            inflater,
            open: false,
        });
        Ok(())
    }
}

/// The life of one picture context.
struct Stage {
    canvas: Canvas,
    inflater: Inflater,
    /// Whether an update is under way.
    open: bool,
}
