//! The connection that listens: damage, cursor shapes, motion, sizes.
//!
//! It is a connection of its own, so that its thread blocks in one read and nothing else reads
//! events away. Round trips go through the other one.

use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::thread::JoinHandle;

use rustix::net::Shutdown;
use x11rb::connection::{Connection as _, RequestConnection as _};
use x11rb::errors::{ConnectionError, ReplyError, ReplyOrIdError};
use x11rb::protocol::damage::{self, ConnectionExt as _, ReportLevel};
use x11rb::protocol::randr::{self, ConnectionExt as _, NotifyMask};
use x11rb::protocol::xfixes::{ConnectionExt as _, CursorNotifyMask};
use x11rb::protocol::xinput::{self, ConnectionExt as _, XIEventMask};
use x11rb::protocol::xproto::Window;
use x11rb::protocol::{Event, xfixes};
use x11rb::rust_connection::RustConnection;

use super::pending::Board;
use super::ticker::Order;

/// Listens until it is dropped.
pub(super) struct Listener {
    connection: Arc<RustConnection>,
    thread: Option<JoinHandle<()>>,
    /// The damage object. Ids are the server's, so the other connection can empty it.
    pub(super) damage: damage::Damage,
}

impl Listener {
    /// Selects everything on the root window and starts the thread.
    pub(super) fn start(
        connection: RustConnection,
        root: Window,
        board: Arc<Board>,
        ticker: Sender<Order>,
    ) -> Result<Self, ReplyOrIdError> {
        let damage = select(&connection, root)?;
        let connection = Arc::new(connection);
        let heard = Arc::clone(&connection);
        let thread = std::thread::Builder::new()
            .name("capture-events".to_owned())
            .spawn(move || listen(&heard, &board, &ticker))
            .map_err(ConnectionError::IoError)?;
        Ok(Self {
            connection,
            thread: Some(thread),
            damage,
        })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // Ends the read also when the server does not answer any more.
        if let Err(error) = rustix::net::shutdown(self.connection.stream(), Shutdown::Both) {
            tracing::debug!(%error, "the listening connection was closed already");
        }
        if let Some(Err(_)) = self.thread.take().map(JoinHandle::join) {
            tracing::error!("the capture event thread panicked");
        }
    }
}

fn select(connection: &RustConnection, root: Window) -> Result<damage::Damage, ReplyOrIdError> {
    connection.damage_query_version(1, 1)?.reply()?;
    connection.xfixes_query_version(5, 0)?.reply()?;
    connection
        .xfixes_select_cursor_input(root, CursorNotifyMask::DISPLAY_CURSOR)?
        .check()?;
    if connection
        .extension_information(randr::X11_EXTENSION_NAME)?
        .is_some()
    {
        connection
            .randr_select_input(root, NotifyMask::SCREEN_CHANGE | NotifyMask::CRTC_CHANGE)?
            .check()?;
    }
    if let Err(error) = select_motion(connection, root) {
        // The pointer is then asked for with every change of the screen and with every sweep.
        tracing::debug!(%error, "no raw motion");
    }
    let damage = connection.generate_id()?;
    connection
        .damage_create(damage, root, ReportLevel::NON_EMPTY)?
        .check()?;
    Ok(damage)
}

fn select_motion(connection: &RustConnection, root: Window) -> Result<(), ReplyError> {
    connection.xinput_xi_query_version(2, 1)?.reply()?;
    let raw = xinput::EventMask {
        deviceid: xinput::Device::ALL_MASTER.into(),
        mask: vec![XIEventMask::RAW_MOTION],
    };
    connection.xinput_xi_select_events(root, &[raw])?.check()
}

fn listen(connection: &RustConnection, board: &Board, ticker: &Sender<Order>) {
    loop {
        match connection.wait_for_event() {
            Ok(event) => hear(&event, board, ticker),
            Err(error) => {
                board.post(|pending| pending.lost = Some(error.to_string()));
                return;
            }
        }
    }
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "x11rb knows hundreds of events; we selected these"
)]
fn hear(event: &Event, board: &Board, ticker: &Sender<Order>) {
    match event {
        Event::DamageNotify(_) => board.post(|pending| pending.damaged = true),
        Event::XfixesCursorNotify(xfixes::CursorNotifyEvent { .. }) => {
            board.post(|pending| pending.cursor = true);
        }
        Event::XinputRawMotion(_) => board.post(|pending| pending.moved = true),
        Event::RandrScreenChangeNotify(_) | Event::RandrNotify(_) => {
            board.settle();
            // A ticker that is gone means that the source is being dropped.
            let _gone = ticker.send(Order::Resized);
        }
        other => tracing::trace!(?other, "not ours"),
    }
}
