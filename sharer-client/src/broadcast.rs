//! The shared picture on its way out.

use std::time::Duration;

use client::Sealed;
use picture::{Encoder, Limits, Picture, Point, Rect, Slice};
use policy::PairId;
use seal::{Control, CursorPlace, SendError};
use thiserror::Error;
use tracing::warn;
use wire::Channel;

use crate::capture::region::Region;
use crate::capture::screen::Screen;
use crate::capture::{CaptureError, Changes, Monitor, ShapeChange};
use crate::pace::Pace;

/// Grabs, encodes and sends one screen for one helper.
pub(crate) struct Broadcast {
    pair: PairId,
    region: Region,
    /// Monitors or size changed, and nobody was told yet.
    outputs_changed: bool,
    encoder: Encoder,
    pace: Pace,
    /// The source rang since the last grab.
    rang: bool,
    /// There was damage, or a deadline of the encoder, since the last comparison.
    dirty: bool,
    encoding: bool,
    cursor: CursorPlace,
    cursor_moved: bool,
    input: u64,
    update: u32,
    quiet_told: bool,
    bytes: u64,
}

/// The picture cannot go on.
#[derive(Debug, Error)]
pub(crate) enum Trouble {
    /// The screen is gone, or cannot be shared.
    #[error(transparent)]
    Capture(#[from] CaptureError),
    /// The encoder failed, which no screen should make it do.
    #[error("the picture cannot be encoded: {0}")]
    Encode(#[from] picture::Error),
    /// The end cannot seal now.
    #[error("the picture cannot be sealed: {0}")]
    Seal(#[from] SendError),
}

impl Broadcast {
    /// Starts with the whole screen, for the helper of this pair.
    pub(crate) fn new(pair: PairId, screen: &mut Screen) -> Result<Self, CaptureError> {
        screen.enter(pair)?;
        Ok(Self {
            pair,
            region: Region::default(),
            outputs_changed: true,
            encoder: Encoder::new(Limits::default()),
            pace: Pace::new(),
            rang: true,
            dirty: true,
            encoding: false,
            cursor: CursorPlace {
                shape: 0,
                x: 0,
                y: 0,
            },
            cursor_moved: false,
            input: 0,
            update: 0,
            quiet_told: false,
            bytes: 0,
        })
    }

    /// Others watch the screen too.
    pub(crate) fn detach(&mut self, screen: &Screen) -> Result<(), CaptureError> {
        self.region.detach(screen)
    }

    /// It rang.
    pub(crate) fn ring(&mut self) {
        self.rang = true;
    }

    /// When [`crate::pipeline::show`] has something to do even if nothing rings.
    pub(crate) fn deadline(&self) -> Option<Duration> {
        let waits = self.rang || self.dirty;
        let paced = if waits && !self.encoding {
            self.pace.opens_at()
        } else {
            None
        };
        let refine = self.encoder.deadline();
        paced
            .into_iter()
            .chain(refine.filter(|_| !self.encoding))
            .min()
    }

    /// Stage 1: takes what changed, as soon as an update may begin.
    pub(crate) fn grab(
        &mut self,
        screen: &mut Screen,
        sealed: &mut Sealed,
        now: Duration,
    ) -> Result<(), CaptureError> {
        if !self.rang || self.encoding || !self.pace.is_open(now) {
            return Ok(());
        }
        self.rang = false;
        let Changes {
            damage,
            resized,
            shape,
            pointer,
        } = self.region.take(self.pair, screen)?;
        self.outputs_changed |= resized;
        self.dirty |= resized || !damage.is_empty() || shape.is_some();
        self.encoder.add_damage(&damage);
        if let Some(shape) = shape {
            self.change_shape(shape);
        }
        if let Some(place) = pointer {
            (self.cursor.x, self.cursor.y) = (place.x, place.y);
            self.cursor_moved = true;
        }
        if self.cursor_moved {
            self.cursor_moved = false;
            // A place that is not sent is healed by the next.
            let _ = sealed.send(Channel::Cursor, &self.cursor.encode(), now);
        }
        Ok(())
    }

    /// Stage 2: compares with what the helper has.
    pub(crate) fn compare(&mut self, screen: &Screen, now: Duration) {
        let refine = self.encoder.deadline().is_some_and(|at| now >= at);
        if self.encoding || !(self.dirty || refine) || !self.pace.is_open(now) {
            return;
        }
        self.dirty = false;
        let picture = self.region.picture(screen);
        self.encoding = self.encoder.begin(picture, self.input, now);
        if self.encoding {
            self.quiet_told = false;
            self.pace.begun(now);
        }
    }

    /// Stage 3: encodes the next slice of the update.
    pub(crate) fn encode(&mut self, screen: &Screen) -> Result<Option<Slice>, picture::Error> {
        if !self.encoding {
            return Ok(None);
        }
        let slice = self.encoder.next_slice(self.region.picture(screen))?;
        if slice.as_ref().is_none_or(|slice| slice.last) {
            self.encoding = false;
        }
        Ok(slice)
    }

    /// Stage 4: seals and sends it.
    pub(crate) fn send(
        &mut self,
        sealed: &mut Sealed,
        slice: &Slice,
        now: Duration,
    ) -> Result<(), SendError> {
        let next = sealed.send(Channel::Picture, &slice.bytes, now)?;
        self.bytes += u64::try_from(slice.bytes.len()).unwrap_or_default();
        if slice.last {
            self.update = slice.update;
            self.pace.sent(next, now);
        }
        Ok(())
    }

    /// Says once that nothing has changed since the last update.
    pub(crate) fn tell_quiet(&mut self, sealed: &mut Sealed, now: Duration) {
        if self.is_quiet() && !self.quiet_told && self.update > 0 {
            self.quiet_told = true;
            sealed.control(
                &Control::Quiet {
                    update: self.update,
                },
                now,
            );
        }
    }

    /// The next update shows the effect of this input; what is near the pointer goes first.
    pub(crate) fn answer(&mut self, input: u64, pointer: Option<Point>) {
        self.input = input;
        if let Some(pointer) = pointer {
            self.encoder.set_focus(pointer);
        }
    }

    /// The helper has the picture up to here.
    pub(crate) fn acknowledged(&mut self, next: u64, now: Duration) {
        self.pace.acknowledged(next, now);
    }

    /// Begins a new context with the whole screen.
    pub(crate) fn restart(&mut self, sealed: &mut Sealed, now: Duration) {
        sealed.restart_picture(now);
        self.encoder.reset();
        self.pace.restart();
        self.encoding = false;
        self.dirty = true;
        self.quiet_told = false;
    }

    /// Shows the monitor at this place of [`Self::outputs`], or everything, in a new context. False if there is no such monitor.
    pub(crate) fn choose(
        &mut self,
        place: Option<usize>,
        screen: &Screen,
        sealed: &mut Sealed,
        now: Duration,
    ) -> bool {
        self.outputs_changed = true;
        let chosen = self.region.choose(place, screen);
        if chosen {
            self.rang = true;
            self.restart(sealed, now);
        }
        chosen
    }

    /// The monitors, which of them is shown, and the part of the desktop that is; once after each change.
    pub(crate) fn outputs<'a>(
        &mut self,
        screen: &'a Screen,
    ) -> Option<(&'a [Monitor], Option<usize>, Rect)> {
        std::mem::take(&mut self.outputs_changed).then(|| {
            (
                screen.monitors(),
                self.region.shown(screen),
                self.region.rect(screen),
            )
        })
    }

    /// Whether the helper was sent everything that is on the screen.
    pub(crate) fn is_quiet(&self) -> bool {
        !self.rang && !self.dirty && !self.encoding && self.encoder.is_quiet()
    }

    /// Number of the last update, and the picture that the helper has after it.
    pub(crate) fn sent(&self) -> (u32, Option<&Picture>) {
        (self.update, self.encoder.mirror())
    }

    /// What is shown, as of the last grab.
    pub(crate) fn picture<'a>(&'a self, screen: &'a Screen) -> &'a Picture {
        self.region.picture(screen)
    }

    /// Bytes of picture so far.
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    fn change_shape(&mut self, shape: ShapeChange) {
        self.cursor.shape = match shape {
            ShapeChange::Hidden => 0,
            ShapeChange::Shape(shape) => match self.encoder.cursor(shape) {
                // 0 is the hidden cursor, so shapes are told as their id plus one.
                Ok(id) => u32::from(id) + 1,
                Err(error) => {
                    warn!(%error, "a cursor shape cannot be sent");
                    return;
                }
            },
        };
        self.cursor_moved = true;
    }
}
