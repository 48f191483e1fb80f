//! A real desktop under X11.
//!
//! Two connections: the `listener` blocks in a thread and notes on a board what the display
//! announces (damage, cursor, motion, size); [`Source::take`] reads the board and fetches by round
//! trips on its own connection. The damage object is emptied *before* the pixels are read: what
//! is drawn in between is announced again, so a race costs a second look and never a pixel. An
//! idle desktop wakes nobody. While it is watched, the `ticker` also asks for one row of tiles
//! every 100 ms, to find what was drawn without an announcement (video overlays).

use std::sync::Arc;
use std::sync::mpsc::Sender;

use picture::{Picture, Point, Rect, TILE};
use tokio::sync::Notify;
use x11rb::connection::{Connection as _, RequestConnection as _};
use x11rb::errors::{ReplyError, ReplyOrIdError};
use x11rb::protocol::damage::ConnectionExt as _;
use x11rb::protocol::xfixes::{ConnectionExt as _, Region};
use x11rb::protocol::xproto::{ConnectionExt as _, Rectangle, Window};
use x11rb::protocol::{damage, xfixes};
use x11rb::reexports::x11rb_protocol::parse_display::parse_display;
use x11rb::rust_connection::RustConnection;

use self::cursor::Cursor;
use self::format::Format;
use self::grab::{GrabError, Grabber};
use self::listener::Listener;
use self::pending::{Board, Pending};
use self::ticker::Order;
use super::{CaptureError, Changes, Description, ScreenSource};

mod awake;
mod cursor;
mod format;
mod grab;
mod listener;
mod monitors;
mod pending;
mod segment;
mod ticker;

/// The desktop of an X server: its whole root window.
pub struct Source {
    name: String,
    connection: RustConnection,
    root: Window,
    region: Region,
    grabber: Grabber,
    screen: Picture,
    /// One row of tiles, as it is now.
    band: Picture,
    /// The size changed and nobody was told yet.
    resized: bool,
    /// Top of the row of tiles that is looked at next.
    sweep_at: u16,
    cursor: Cursor,
    watched: bool,
    board: Arc<Board>,
    ticker: Sender<Order>,
    listener: Listener,
}

impl Source {
    /// Opens a display; `None` is the one that `DISPLAY` names.
    ///
    /// # Errors
    /// [`CaptureError::NoDisplay`] if there is none or it does not let us in,
    /// [`CaptureError::Unfit`] if it lacks an extension that we need or its pixels are of a kind
    /// that we cannot read.
    pub fn open(display: Option<&str>) -> Result<Self, CaptureError> {
        let (connection, number) = connect(display).map_err(no_display)?;
        let (listening, _) = connect(display).map_err(no_display)?;
        for name in [damage::X11_EXTENSION_NAME, xfixes::X11_EXTENSION_NAME] {
            let found = connection.extension_information(name).map_err(no_display)?;
            found.ok_or_else(|| CaptureError::Unfit(format!("it has no {name} extension")))?;
        }
        let setup = connection.setup();
        let seen = setup.roots.get(number);
        let seen = seen.ok_or_else(|| CaptureError::unfit("it has no such screen"))?;
        let (root, format) = (seen.root, Format::of(setup, seen)?);
        let (width, height) = (seen.width_in_pixels, seen.height_in_pixels);
        let board = Arc::<Board>::default();
        let ticker = ticker::start(Arc::clone(&board)).map_err(CaptureError::unfit)?;
        let (heard, told) = (Arc::clone(&board), ticker.clone());
        let listener = Listener::start(listening, root, heard, told).map_err(no_display)?;
        board.post(|pending| (pending.afresh, pending.cursor) = (true, true));
        Ok(Self {
            name: display.map_or_else(display_name, str::to_owned),
            region: prepare(&connection).map_err(no_display)?,
            grabber: Grabber::new(&connection, root, format, (width, height)),
            screen: Picture::new(width, height).map_err(CaptureError::unfit)?,
            band: Picture::new(width, TILE).map_err(CaptureError::unfit)?,
            resized: false,
            sweep_at: 0,
            cursor: Cursor::default(),
            watched: false,
            connection,
            root,
            board,
            ticker,
            listener,
        })
    }

    /// Whether pictures come through shared memory, which a display on another machine and some
    /// containers do not allow.
    pub fn shares_memory(&self) -> bool {
        self.grabber.shares_memory()
    }

    /// Takes the size of the root window over.
    fn measure(&mut self) -> Result<(), CaptureError> {
        let asked = self.connection.get_geometry(self.root);
        let size = asked.map_err(CaptureError::lost)?.reply();
        let size = size.map_err(CaptureError::lost)?;
        if (size.width, size.height) == (self.screen.width(), self.screen.height()) {
            return Ok(());
        }
        self.screen = Picture::new(size.width, size.height).map_err(CaptureError::unfit)?;
        self.band = Picture::new(size.width, TILE).map_err(CaptureError::unfit)?;
        (self.sweep_at, self.resized) = (0, true);
        self.grabber
            .fit(&self.connection, (size.width, size.height));
        Ok(())
    }

    fn take_pixels(&mut self, pending: &Pending, changes: &mut Changes) -> Result<(), GrabError> {
        if pending.afresh || pending.damaged {
            let damaged = self.take_damage().map_err(GrabError::of_display)?;
            if pending.afresh {
                self.measure().map_err(GrabError::Failed)?;
                changes.damage = vec![self.screen.rect()];
            } else {
                changes.damage = grab::plan(&damaged);
            }
            let (wanted, into) = (&changes.damage, &mut self.screen);
            self.grabber.grab(&self.connection, wanted, into, 0)?;
        }
        if pending.sweep {
            changes.damage.extend(self.sweep()?);
        }
        changes.resized = std::mem::take(&mut self.resized);
        Ok(())
    }

    /// Empties the damage object and returns what was in it.
    fn take_damage(&self) -> Result<Vec<Rect>, ReplyError> {
        self.connection
            .damage_subtract(self.listener.damage, x11rb::NONE, self.region)?;
        let fetched = self.connection.xfixes_fetch_region(self.region)?.reply()?;
        let all = self.screen.rect();
        let damaged = fetched.rectangles.iter().filter_map(|rect| clip(rect, all));
        Ok(damaged.collect())
    }

    /// Looks at the next row of tiles and returns the tiles that are not as we have them.
    fn sweep(&mut self) -> Result<Vec<Rect>, GrabError> {
        let (top, width) = (self.sweep_at, self.screen.width());
        let height = TILE.min(self.screen.height().saturating_sub(top));
        let row = Rect::new(0, top, width, height);
        self.sweep_at = top.saturating_add(TILE);
        if self.sweep_at >= self.screen.height() {
            self.sweep_at = 0;
        }
        self.grabber
            .grab(&self.connection, &[row], &mut self.band, top)?;
        let tiles = (0..width)
            .step_by(TILE.into())
            .map(|left| Rect::new(left, top, TILE.min(width - left), height));
        let differs = |tile: &Rect| {
            let there = Rect { y: 0, ..*tile };
            !self.screen.rows(*tile).eq(self.band.rows(there))
        };
        let missed: Vec<Rect> = tiles.filter(differs).collect();
        if !missed.is_empty() {
            self.screen.draw(Point { x: 0, y: top }, &self.band);
        }
        Ok(missed)
    }
}

impl ScreenSource for Source {
    fn changed(&self) -> Arc<Notify> {
        Arc::clone(&self.board.changed)
    }

    fn take(&mut self) -> Result<Changes, CaptureError> {
        let pending = self.board.take();
        if let Some(why) = pending.lost {
            return Err(CaptureError::Lost(why));
        }
        let mut changes = Changes::default();
        if pending.is_empty() {
            return Ok(changes);
        }
        if !pending.settling {
            match self.take_pixels(&pending, &mut changes) {
                Ok(()) => {}
                Err(GrabError::Outdated) => {
                    changes.damage.clear();
                    self.board.settle();
                    // The ticker lives as long as the source.
                    let _gone = self.ticker.send(Order::Resized);
                }
                Err(GrabError::Failed(error)) => return Err(error),
            }
        }
        if pending.cursor {
            changes.shape = self.cursor.take_shape(&self.connection)?;
        }
        changes.pointer = self.cursor.take_point(&self.connection, self.root)?;
        Ok(changes)
    }

    fn screen(&self) -> &Picture {
        &self.screen
    }

    fn watch(&mut self, watched: bool) -> Result<(), CaptureError> {
        if std::mem::replace(&mut self.watched, watched) != watched {
            // The ticker lives as long as the source.
            let _gone = self.ticker.send(Order::Watch(watched));
            awake::keep_awake(&self.connection, watched).map_err(CaptureError::lost)?;
        }
        Ok(())
    }

    fn describe(&mut self) -> Result<Description, CaptureError> {
        let all = self.screen.rect();
        let monitors = monitors::monitors(&self.connection, self.root, all);
        let scale = monitors::scale(&self.connection, self.root);
        Ok(Description {
            name: self.name.clone(),
            width: all.w,
            height: all.h,
            scale: scale.map_err(CaptureError::lost)?,
            monitors: monitors.map_err(CaptureError::lost)?,
        })
    }
}

impl GrabError {
    fn of_display(error: ReplyError) -> Self {
        Self::Failed(CaptureError::lost(error))
    }
}

fn prepare(connection: &RustConnection) -> Result<Region, ReplyOrIdError> {
    connection.damage_query_version(1, 1)?.reply()?;
    connection.xfixes_query_version(5, 0)?.reply()?;
    let region = connection.generate_id()?;
    connection.xfixes_create_region(region, &[])?.check()?;
    Ok(region)
}

fn clip(rect: &Rectangle, all: Rect) -> Option<Rect> {
    // A window that hangs over the left or upper edge has a negative corner.
    let side = |start: i16, length: u16| {
        let end = i32::from(start) + i32::from(length);
        let start = u16::try_from(start).unwrap_or(0);
        let length = u16::try_from(end - i32::from(start)).unwrap_or(0);
        (start, length)
    };
    let ((x, w), (y, h)) = (side(rect.x, rect.width), side(rect.y, rect.height));
    all.intersect(Rect::new(x, y, w, h))
}

/// Connects to a display; `None` is the one that `DISPLAY` names. Also returns the screen's number.
pub(crate) fn connect(display: Option<&str>) -> Result<(RustConnection, usize), String> {
    let parsed = parse_display(display).map_err(|error| error.to_string())?;
    // The library adds the two without looking.
    if parsed.display > u16::MAX - TCP_BASE {
        return Err(format!("there is no display {}", parsed.display));
    }
    RustConnection::connect(display).map_err(|error| error.to_string())
}

fn display_name() -> String {
    std::env::var("DISPLAY").unwrap_or_default()
}

fn no_display(error: impl std::fmt::Display) -> CaptureError {
    CaptureError::NoDisplay(error.to_string())
}

/// The TCP port of display 0.
const TCP_BASE: u16 = 6000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_is_clipped_to_the_screen() {
        let all = Rect::new(0, 0, 100, 50);
        let clipped = |x, y, width, height| {
            let rect = Rectangle {
                x,
                y,
                width,
                height,
            };
            clip(&rect, all)
        };
        assert_eq!(clipped(-10, -20, 30, 30), Some(Rect::new(0, 0, 20, 10)));
        assert_eq!(clipped(90, 40, 500, 500), Some(Rect::new(90, 40, 10, 10)));
        assert_eq!(clipped(-10, 0, 10, 10), None);
        assert_eq!(clipped(100, 0, 10, 10), None);
    }
}
