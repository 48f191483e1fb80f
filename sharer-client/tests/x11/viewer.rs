//! Somebody who believes only what a source reports: pixels outside the damage stay old.

use picture::{Picture, Point};
use sharer_client::capture::x11::Source;
use sharer_client::capture::{CaptureError, ScreenSource as _, ShapeChange};
use tokio::time::{Instant, timeout_at};
use x11rb::rust_connection::RustConnection;

use crate::server::{DEADLINE, Server, pixels};

pub(crate) struct Viewer {
    pub(crate) source: Source,
    seen: Picture,
    /// Every shape that was reported.
    pub(crate) shapes: Vec<ShapeChange>,
    pub(crate) pointer: Option<Point>,
    pub(crate) resizes: usize,
    pub(crate) damaged: usize,
}

impl Viewer {
    pub(crate) fn open(server: &Server) -> Self {
        let source = Source::open(Some(&server.name)).unwrap();
        let seen = source.screen().clone();
        Self {
            source,
            seen,
            shapes: Vec::new(),
            pointer: None,
            resizes: 0,
            damaged: 0,
        }
    }

    /// Takes once.
    pub(crate) fn look(&mut self) -> Result<(), CaptureError> {
        let changes = self.source.take()?;
        if changes.resized {
            let screen = self.source.screen();
            self.seen = Picture::new(screen.width(), screen.height()).unwrap();
            self.resizes += 1;
        }
        for rect in &changes.damage {
            assert!(self.seen.rect().covers(*rect), "{rect:?} leaves the screen");
            self.seen.copy(*rect, self.source.screen());
        }
        self.damaged += changes.damage.len();
        self.shapes.extend(changes.shape);
        self.pointer = changes.pointer.or(self.pointer);
        Ok(())
    }

    /// Takes whenever the source rings, until the condition holds.
    pub(crate) async fn until(&mut self, what: &str, mut done: impl FnMut(&Self) -> bool) {
        let (changed, deadline) = (self.source.changed(), Instant::now() + DEADLINE);
        while !done(self) {
            let rung = timeout_at(deadline, changed.notified()).await;
            assert!(rung.is_ok(), "not in time: {what}");
            self.look().unwrap();
        }
    }

    /// Waits until it sees exactly what is on the screen.
    pub(crate) async fn until_exact(&mut self, connection: &RustConnection) {
        let wanted = pixels(connection);
        self.until("the screen as it is", |viewer| viewer.sees(&wanted))
            .await;
    }

    fn sees(&self, wanted: &[[u8; 3]]) -> bool {
        let seen = self.seen.rgba().as_chunks::<4>().0;
        seen.len() == wanted.len()
            && seen
                .iter()
                .zip(wanted)
                .all(|([red, green, blue, alpha], rgb)| {
                    [*red, *green, *blue] == *rgb && *alpha == 255
                })
    }

    /// Takes until nothing rings for a quarter of a second.
    pub(crate) async fn until_quiet(&mut self) {
        let (changed, deadline) = (self.source.changed(), Instant::now() + DEADLINE);
        while tokio::time::timeout(QUIET, changed.notified())
            .await
            .is_ok()
        {
            assert!(Instant::now() < deadline, "it never gets quiet");
            self.look().unwrap();
        }
    }
}

pub(crate) const QUIET: std::time::Duration = std::time::Duration::from_millis(250);
