//! Presses of an X server's devices, by raw events of `XInput2`.

use std::collections::BTreeMap;
use std::time::Duration;

use x11rb::connection::Connection as _;
use x11rb::errors::{ConnectError, ConnectionError, ReplyError, ReplyOrIdError};
use x11rb::protocol::Event;
use x11rb::protocol::xinput::{ConnectionExt as _, Device, EventMask, XIEventMask};
use x11rb::protocol::xproto::{
    self, AtomEnum, ConnectionExt as _, CreateWindowAux, PropMode, Window, WindowClass,
};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;

use super::{Presence, Press};

/// Listens for as long as it lives: make one when a question comes, drop it when the question is gone. Which key was pressed is not looked at.
pub struct Devices {
    connection: RustConnection,
    window: Window,
    mark: xproto::Atom,
    xtest: xproto::Atom,
    known: BTreeMap<u16, bool>,
    last: Option<(bool, u32)>,
}

/// Why the devices of a display cannot be listened to.
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
    /// Raw events name their device since 2.1.
    #[error("the display has XInput {0}.{1}, which cannot tell devices apart")]
    Old(u16, u16),
}

impl Devices {
    /// Begins to listen, on the display of the environment.
    pub fn listen() -> Result<Self, Error> {
        let (connection, screen) = RustConnection::connect(None)?;
        let version = connection.xinput_xi_query_version(2, 2)?.reply()?;
        let version = (version.major_version, version.minor_version);
        if version < (2, 1) {
            return Err(Error::Old(version.0, version.1));
        }
        let roots = &connection.setup().roots;
        let root = roots.get(screen).map_or(0, |screen| screen.root);
        let presses = XIEventMask::RAW_KEY_PRESS | XIEventMask::RAW_BUTTON_PRESS;
        let mask = EventMask {
            deviceid: u16::from(Device::ALL),
            mask: vec![presses],
        };
        connection.xinput_xi_select_events(root, &[mask])?.check()?;
        let window = connection.generate_id()?;
        let aux = CreateWindowAux::new().event_mask(xproto::EventMask::PROPERTY_CHANGE);
        let class = WindowClass::INPUT_ONLY;
        connection
            .create_window(0, window, root, 0, 0, 1, 1, 0, class, 0, &aux)?
            .check()?;
        let atom = |name: &[u8]| Ok::<_, Error>(connection.intern_atom(false, name)?.reply()?.atom);
        let (mark, xtest) = (atom(b"HANDRAIL_NOW")?, atom(b"XTEST Device")?);
        Ok(Self {
            connection,
            window,
            mark,
            xtest,
            known: BTreeMap::new(),
            last: None,
        })
    }

    /// Reads up to this moment, and gives the server's time of it. The server writes events in their order, so a press that led to a
    /// click which a window has already heard of stands before the answer.
    fn catch_up(&mut self) -> Result<u32, Error> {
        let (window, mark) = (self.window, self.mark);
        self.connection
            .change_property8(PropMode::APPEND, window, mark, AtomEnum::STRING, &[])?;
        self.connection.flush()?;
        loop {
            let event = self.connection.wait_for_event()?;
            if let Event::PropertyNotify(event) = &event
                && event.window == window
            {
                return Ok(event.time);
            }
            if let Event::XinputRawKeyPress(event) = &event {
                self.note(event.sourceid, event.time)?;
            }
            if let Event::XinputRawButtonPress(event) = &event {
                self.note(event.sourceid, event.time)?;
            }
        }
    }

    fn note(&mut self, device: u16, time: u32) -> Result<(), Error> {
        let physical = match self.known.get(&device) {
            Some(physical) => *physical,
            None => {
                let physical = self.is_physical(device)?;
                self.known.insert(device, physical);
                physical
            }
        };
        self.last = Some((physical, time));
        Ok(())
    }

    /// The server marks the devices of its test extension by a property. A master has none of its own presses.
    fn is_physical(&self, device: u16) -> Result<bool, Error> {
        let property = self.connection.xinput_xi_get_property(
            device,
            false,
            self.xtest,
            AtomEnum::ANY.into(),
            0,
            1,
        )?;
        // A device that is gone again is not one that a person holds.
        let Ok(property) = property.reply() else {
            return Ok(false);
        };
        let marked = property
            .items
            .as_data8()
            .is_some_and(|data| data.first() == Some(&1));
        Ok(!marked)
    }
}

impl Presence for Devices {
    fn last_press(&mut self) -> Option<Press> {
        let now = self.catch_up().ok()?;
        let (physical, time) = self.last?;
        let age = Duration::from_millis(now.wrapping_sub(time).into());
        Some(Press { physical, age })
    }
}
