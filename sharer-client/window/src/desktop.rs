//! What the windows do on an X server beside the toolkit: frame, pointer, hints for the window manager, keys.

pub mod hotkeys;
pub mod overlay;

use x11rb::connection::Connection as _;
use x11rb::errors::{ConnectError, ConnectionError, ReplyError, ReplyOrIdError};
use x11rb::protocol::xproto::{
    ClientMessageEvent, ConnectionExt as _, EventMask, MapState, Window,
};
use x11rb::rust_connection::RustConnection;

use crate::event::Area;

/// A connection of its own: the toolkit's is not ours to use.
pub struct Desktop {
    connection: RustConnection,
    root: Window,
}

/// Why something on the X server did not work.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The display does not answer.
    #[error("the display does not answer")]
    Connect(#[from] ConnectError),
    /// The display went away.
    #[error("the display went away")]
    Connection(#[from] ConnectionError),
    /// The display refused.
    #[error("the display refused")]
    Reply(#[from] ReplyError),
    /// The display has no ids left.
    #[error("the display has no ids left")]
    Id(#[from] ReplyOrIdError),
}

impl Desktop {
    /// Connects to the display of the environment.
    pub fn connect() -> Result<Self, Error> {
        let (connection, screen) = RustConnection::connect(None)?;
        let roots = &connection.setup().roots;
        let root = roots.get(screen).map_or(0, |screen| screen.root);
        Ok(Self { connection, root })
    }

    /// The whole desktop.
    pub fn area(&self) -> Result<Area, Error> {
        let size = self.connection.get_geometry(self.root)?.reply()?;
        Ok(Area {
            x: 0,
            y: 0,
            width: size.width.into(),
            height: size.height.into(),
        })
    }

    /// Whether the window manager has shown this window. Hints that come before are lost.
    pub fn is_shown(&self, window: Window) -> bool {
        let asked = self.connection.get_window_attributes(window);
        asked
            .ok()
            .and_then(|asked| asked.reply().ok())
            .is_some_and(|told| told.map_state == MapState::VIEWABLE)
    }

    /// Asks for a window that is on every desktop, above all, and in no taskbar.
    pub fn float(&self, window: Window) -> Result<(), Error> {
        for names in [
            ["_NET_WM_STATE_ABOVE", "_NET_WM_STATE_STICKY"],
            ["_NET_WM_STATE_SKIP_TASKBAR", "_NET_WM_STATE_SKIP_PAGER"],
        ] {
            let [first, second] = names;
            let data = [ADD, self.atom(first)?, self.atom(second)?, APPLICATION, 0];
            let state = self.atom("_NET_WM_STATE")?;
            let message = ClientMessageEvent::new(32, window, state, data);
            let listeners = EventMask::SUBSTRUCTURE_REDIRECT | EventMask::SUBSTRUCTURE_NOTIFY;
            self.connection
                .send_event(false, self.root, listeners, message)?;
        }
        self.connection.flush()?;
        Ok(())
    }

    fn atom(&self, name: &str) -> Result<u32, Error> {
        Ok(self
            .connection
            .intern_atom(false, name.as_bytes())?
            .reply()?
            .atom)
    }
}

/// `_NET_WM_STATE_ADD` of the Extended Window Manager Hints.
const ADD: u32 = 1;

/// The source of the wish: an ordinary application.
const APPLICATION: u32 = 1;
