//! Keys that work whatever window is in front: pause, and end at once.

use std::sync::Arc;

use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{
    ClientMessageEvent, ConnectionExt as _, CreateWindowAux, EventMask, GrabMode, ModMask, Window,
    WindowClass,
};
use x11rb::rust_connection::RustConnection;
use xkeysym::Keysym;

use super::Error;

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hotkey {
    /// Pause, or go on.
    Pause,
    /// End the session at once.
    End,
}

/// Keys that are held for as long as this lives.
pub struct Hotkeys {
    connection: Arc<RustConnection>,
    window: Window,
    /// Whether another program holds one of them, or the keyboard lacks it.
    pub incomplete: bool,
}

impl Hotkeys {
    /// Takes the keys. `pressed` is called in a thread of its own.
    pub fn hold(pressed: impl Fn(Hotkey) + Send + 'static) -> Result<Self, Error> {
        let (connection, screen) = RustConnection::connect(None)?;
        let roots = &connection.setup().roots;
        let root = roots.get(screen).map_or(0, |screen| screen.root);
        let window = connection.generate_id()?;
        let class = WindowClass::INPUT_ONLY;
        let aux = CreateWindowAux::new();
        connection
            .create_window(0, window, root, 0, 0, 1, 1, 0, class, 0, &aux)?
            .check()?;
        let mut held = vec![];
        let mut incomplete = false;
        for (keysym, modifiers, hotkey) in KEYS {
            match grab(&connection, root, keysym, modifiers)? {
                Some(keycode) => held.push((keycode, hotkey)),
                None => incomplete = true,
            }
        }
        let connection = Arc::new(connection);
        let listener = Arc::clone(&connection);
        std::thread::spawn(move || listen(&listener, window, &held, pressed));
        Ok(Self {
            connection,
            window,
            incomplete,
        })
    }
}

impl Drop for Hotkeys {
    /// The thread wakes by a message to our own window, and the connection with all its grabs goes with it.
    fn drop(&mut self) {
        let message = ClientMessageEvent::new(32, self.window, 1_u32, [0_u32; 5]);
        let sent = self
            .connection
            .send_event(false, self.window, EventMask::NO_EVENT, message);
        // A display that is gone has woken the thread already.
        let _gone = sent.map(|_| self.connection.flush());
    }
}

/// Until the display goes, or our own message comes.
fn listen(
    connection: &RustConnection,
    window: Window,
    held: &[(u8, Hotkey)],
    pressed: impl Fn(Hotkey),
) {
    while let Ok(event) = connection.wait_for_event() {
        if let Event::KeyPress(press) = &event
            && let Some((_, hotkey)) = held.iter().find(|(keycode, _)| *keycode == press.detail)
        {
            pressed(*hotkey);
        }
        if let Event::ClientMessage(message) = &event
            && message.window == window
        {
            return;
        }
    }
}

/// Grabs a key, whatever Caps Lock and Num Lock are. `None` if there is no such key or another program has it.
fn grab(
    connection: &RustConnection,
    root: Window,
    keysym: Keysym,
    modifiers: u16,
) -> Result<Option<u8>, Error> {
    let Some(keycode) = keycode(connection, keysym)? else {
        return Ok(None);
    };
    let mut free = true;
    let (caps, num) = (u16::from(ModMask::LOCK), u16::from(ModMask::M2));
    for locks in [0, caps, num, caps | num] {
        let mode = GrabMode::ASYNC;
        let modifiers = ModMask::from(modifiers | locks);
        let asked = connection.grab_key(false, root, modifiers, keycode, mode, mode)?;
        free &= asked.check().is_ok();
    }
    Ok(free.then_some(keycode))
}

fn keycode(connection: &RustConnection, keysym: Keysym) -> Result<Option<u8>, Error> {
    let setup = connection.setup();
    let (first, last) = (setup.min_keycode, setup.max_keycode);
    let count = last.saturating_sub(first).saturating_add(1);
    let map = connection.get_keyboard_mapping(first, count)?.reply()?;
    let width = usize::from(map.keysyms_per_keycode).max(1);
    let mut keys = map.keysyms.chunks(width).zip(first..=last);
    let found = keys.find(|(keysyms, _)| keysyms.contains(&keysym.raw()));
    Ok(found.map(|(_, keycode)| keycode))
}

/// Key, modifiers, what it does.
const KEYS: [(Keysym, u16, Hotkey); 3] = [
    (Keysym::Pause, 0, Hotkey::Pause),
    (Keysym::p, CONTROL_ALT, Hotkey::Pause),
    (Keysym::x, CONTROL_ALT, Hotkey::End),
];

/// The bits of Control and Mod1.
const CONTROL_ALT: u16 = 4 | 8;
