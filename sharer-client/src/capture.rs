//! Where the shared picture comes from.
//!
//! A [`ScreenSource`] keeps a [`Picture`] of the whole desktop up to date and says what changed in
//! it. Which system it asks is its own affair: [`x11`] is a real desktop, [`synthetic`] a stage on
//! which tests and latency figures play.

use std::sync::Arc;

use picture::{CursorShape, Picture, Point, Rect};
use tokio::sync::Notify;

pub(crate) mod region;
pub(crate) mod screen;
pub mod synthetic;
pub mod x11;

/// A screen that can be shared.
pub trait ScreenSource: Send {
    /// Rung whenever [`Self::take`] has something new, and when the screen is lost. One waiter.
    fn changed(&self) -> Arc<Notify>;

    /// Grabs everything that changed since the last call into [`Self::screen`]; cheap and empty
    /// when nothing did. The first call grabs the whole screen, the cursor and the pointer.
    ///
    /// # Errors
    /// [`CaptureError::Lost`] when the display is gone, for this and every later call;
    /// [`CaptureError::Unfit`] when it changed to a size that no picture can have.
    fn take(&mut self) -> Result<Changes, CaptureError>;

    /// The screen as of the last [`Self::take`]; black before the first.
    fn screen(&self) -> &Picture;

    /// Says whether anybody watches. While somebody does, the screen is kept from going dark, and
    /// changes that the system did not announce are looked for; both end with `false` and on drop.
    ///
    /// # Errors
    /// [`CaptureError::Lost`] when the display is gone.
    fn watch(&mut self, watched: bool) -> Result<(), CaptureError>;

    /// What this screen is, for the capability report.
    ///
    /// # Errors
    /// [`CaptureError::Lost`] when the display is gone.
    fn describe(&mut self) -> Result<Description, CaptureError>;
}

/// What changed between two calls of [`ScreenSource::take`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Where pixels may differ; every rectangle lies inside the screen.
    pub damage: Vec<Rect>,
    /// The screen has another size than before. Then `damage` is all of it.
    pub resized: bool,
    /// The cursor looks different now.
    pub shape: Option<ShapeChange>,
    /// The pointer is somewhere else now.
    pub pointer: Option<Point>,
}

impl Changes {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// How the cursor looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShapeChange {
    /// Like this.
    Shape(CursorShape),
    /// The application hides it.
    Hidden,
}

/// What a screen is.
#[derive(Clone, Debug, PartialEq)]
pub struct Description {
    /// What people call it.
    pub name: String,
    /// Width of the whole desktop in pixels.
    pub width: u16,
    /// Height of the whole desktop in pixels.
    pub height: u16,
    /// Pixels per point of the user interface; 1.0 is an ordinary monitor.
    pub scale: f32,
    /// The monitors, the primary one first.
    pub monitors: Vec<Monitor>,
}

/// One monitor of the desktop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Monitor {
    /// The connector, such as `HDMI-1`.
    pub name: String,
    /// Where it is on the desktop.
    pub rect: Rect,
    /// Whether it is the one with the panel.
    pub primary: bool,
}

/// Why there is no picture.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CaptureError {
    /// There is no display, or it does not let us in.
    #[error("no display: {0}")]
    NoDisplay(String),
    /// The display went away.
    #[error("the display is gone: {0}")]
    Lost(String),
    /// The display cannot be shared as it is.
    #[error("the display cannot be shared: {0}")]
    Unfit(String),
}

impl CaptureError {
    pub(crate) fn lost(error: impl std::fmt::Display) -> Self {
        Self::Lost(error.to_string())
    }

    pub(crate) fn unfit(error: impl std::fmt::Display) -> Self {
        Self::Unfit(error.to_string())
    }
}
