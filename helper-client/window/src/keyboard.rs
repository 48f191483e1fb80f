//! The keyboard, taken from the X server as keycodes: everything that is pressed goes to the other computer until it is given back.
//!
//! The toolkit tells letters, not keys, and the window manager takes its own keys first. A grab on a connection of our own has both.

use std::sync::{Arc, Mutex};

use client_window::child::Voice;
use x11rb::CURRENT_TIME;
use x11rb::connection::{Connection as _, RequestConnection as _};
use x11rb::errors::{ConnectError, ConnectionError, ReplyError};
use x11rb::protocol::Event;
use x11rb::protocol::xkb::{self, ConnectionExt as _};
use x11rb::protocol::xproto::{
    ChangeWindowAttributesAux, ConnectionExt as _, EventMask, GrabMode, GrabStatus, NotifyMode,
    Window,
};
use x11rb::rust_connection::RustConnection;

use crate::keys::{Effect, Keys, Shortcut};
use crate::keysym::Keymap;

/// What the window is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// A key of ours was pressed.
    Pressed(Shortcut),
    /// Another window has the keyboard now.
    Lost,
}

/// Why the keyboard cannot be taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The display does not answer.
    #[error("the display does not answer")]
    Connect(#[from] ConnectError),
    /// The display went away.
    #[error("the display went away")]
    Connection(#[from] ConnectionError),
    /// The display refused.
    #[error("the display refused")]
    Reply(#[from] ReplyError),
    /// Another program holds it, or the window is hidden.
    #[error("another program holds the keyboard")]
    Taken,
}

/// A connection that takes the keyboard and gives it back. Its thread lives as long as the program.
pub(crate) struct Keyboard {
    connection: Arc<RustConnection>,
    window: Window,
    hands: Arc<Mutex<Hands>>,
}

struct Hands {
    keys: Keys,
    /// Where keys go while the keyboard is held.
    voice: Option<Voice>,
}

impl Keyboard {
    /// Connects. `tell` is called in a thread of its own.
    pub(crate) fn listen(
        window: Window,
        tell: impl Fn(Told) + Send + 'static,
    ) -> Result<Self, Error> {
        let (connection, _) = RustConnection::connect(None)?;
        let mask = ChangeWindowAttributesAux::new().event_mask(EventMask::FOCUS_CHANGE);
        connection
            .change_window_attributes(window, &mask)?
            .check()?;
        // A key that repeats is then told as presses without releases between them.
        if connection
            .extension_information(xkb::X11_EXTENSION_NAME)?
            .is_some()
        {
            connection.xkb_use_extension(1, 0)?.reply()?;
            let flag = xkb::PerClientFlag::DETECTABLE_AUTO_REPEAT;
            let core = xkb::ID::USE_CORE_KBD.into();
            let none = xkb::BoolCtrl::default();
            connection
                .xkb_per_client_flags(core, flag, flag, none, none, none)?
                .reply()?;
        }
        let keymap = keymap(&connection)?;
        let connection = Arc::new(connection);
        let hands = Arc::new(Mutex::new(Hands {
            keys: Keys::default(),
            voice: None,
        }));
        let (listener, heard) = (Arc::clone(&connection), Arc::clone(&hands));
        std::thread::spawn(move || hear(&listener, keymap, &heard, tell));
        Ok(Self {
            connection,
            window,
            hands,
        })
    }

    /// Takes the keyboard; keys go to this voice.
    pub(crate) fn take(&self, voice: Voice) -> Result<(), Error> {
        let mode = GrabMode::ASYNC;
        let asked = self
            .connection
            .grab_keyboard(false, self.window, CURRENT_TIME, mode, mode)?;
        if asked.reply()?.status != GrabStatus::SUCCESS {
            return Err(Error::Taken);
        }
        if let Ok(mut hands) = self.hands.lock() {
            hands.voice = Some(voice);
        }
        Ok(())
    }

    /// Gives it back; every key is up then.
    pub(crate) fn give_back(&self) {
        if let Ok(mut hands) = self.hands.lock() {
            hands.lose();
        }
        let given = self.connection.ungrab_keyboard(CURRENT_TIME);
        // A display that is gone has taken it back already.
        let _gone = given.map(|_| self.connection.flush());
    }
}

impl Hands {
    /// Does what comes of a key, and gives what the window is to do.
    fn act(&mut self, effects: Vec<Effect>) -> Vec<Shortcut> {
        let mut ours = vec![];
        for effect in effects {
            match effect {
                Effect::Do(shortcut) => ours.push(shortcut),
                Effect::Tell(command) => {
                    if let Some(voice) = &self.voice {
                        voice.tell(&command);
                    }
                }
            }
        }
        ours
    }

    /// Gives whether it was held.
    fn lose(&mut self) -> bool {
        let effects = self.keys.lose();
        self.act(effects);
        self.voice.take().is_some()
    }
}

fn hear(
    connection: &RustConnection,
    mut keymap: Keymap,
    hands: &Mutex<Hands>,
    tell: impl Fn(Told),
) {
    while let Ok(event) = connection.wait_for_event() {
        if let Event::MappingNotify(_) = event {
            keymap = self::keymap(connection).unwrap_or(keymap);
            continue;
        }
        // Nothing panics while it holds this.
        let Ok(mut hands) = hands.lock() else { return };
        let held = hands.voice.is_some();
        #[expect(
            clippy::wildcard_enum_match_arm,
            reason = "a list of all others that X has"
        )]
        let effects = match event {
            Event::KeyPress(press) if held => client_keys::usage(press.detail)
                .map(|usage| {
                    let text = keymap.text(press.detail, press.state.into());
                    hands.keys.press(usage, text)
                })
                .unwrap_or_default(),
            Event::KeyRelease(release) if held => client_keys::usage(release.detail)
                .map(|usage| hands.keys.release(usage))
                .unwrap_or_default(),
            Event::FocusOut(focus) if is_real(focus.mode) && hands.lose() => {
                drop(hands);
                tell(Told::Lost);
                continue;
            }
            _ => continue,
        };
        let ours = hands.act(effects);
        drop(hands);
        for shortcut in ours {
            tell(Told::Pressed(shortcut));
        }
    }
}

/// A grab itself looks like a change of focus, too.
fn is_real(mode: NotifyMode) -> bool {
    mode == NotifyMode::NORMAL || mode == NotifyMode::WHILE_GRABBED
}

fn keymap(connection: &RustConnection) -> Result<Keymap, Error> {
    let setup = connection.setup();
    let (first, last) = (setup.min_keycode, setup.max_keycode);
    let count = last.saturating_sub(first).saturating_add(1);
    let map = connection.get_keyboard_mapping(first, count)?.reply()?;
    Ok(Keymap {
        width: map.keysyms_per_keycode.into(),
        keysyms: map.keysyms,
        first,
    })
}
