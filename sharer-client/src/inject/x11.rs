//! Hands on an X11 desktop, by XTEST.
//!
//! A key arrives with its place and with what it wrote on the helper's layout. Where the sharer's
//! layout writes the same, the key is pressed as it is, and held: the X server repeats it. Where
//! not, and no shortcut is meant, the character is looked up on the sharer's layout, and pressed
//! there with the modifiers that it takes. A character that the layout does not have is written by
//! a spare keycode that is lent to it. Dead keys have no text and stay keys.

use std::time::Instant;

use seal::{Button, Event, Locks};
use x11rb::connection::{Connection as _, RequestConnection as _};
use x11rb::errors::{ConnectionError, ReplyError};
use x11rb::protocol::xkb::{self, ConnectionExt as _, EventType, GetStateReply, ID, MapPart};
use x11rb::protocol::xproto::{self, ConnectionExt as _, ModMask, Window};
use x11rb::protocol::xtest::{self, ConnectionExt as _};
use x11rb::protocol::{Event as XEvent, xproto::Keycode};
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;
use xkeysym::Keysym;

use self::keymap::{Keymap, LOCK, SHIFT, Stroke};
use self::spare::Pool;
use super::ledger::Ledger;
use super::wheel::Wheel;
use super::{InjectError, InputSink, usage};
use crate::capture::x11::connect;

mod keymap;
mod spare;

/// The keyboard and the pointer of an X server.
pub struct Sink {
    connection: RustConnection,
    root: Window,
    keymap: Keymap,
    pool: Pool,
    ledger: Ledger<Keycode>,
    wheel: [Wheel; 2],
    /// Keys that nobody has, or that could not be written.
    ignored: u64,
}

/// Modifiers and group of the keyboard at one moment.
#[derive(Clone, Copy)]
struct Mode {
    mods: u8,
    locked: u8,
    group: u8,
}

impl Sink {
    /// Opens a display; `None` is the one that `DISPLAY` names.
    ///
    /// # Errors
    /// [`InjectError::NoDisplay`] if there is none or it does not let us in,
    /// [`InjectError::Unfit`] if it has no XTEST or no XKB.
    pub fn open(display: Option<&str>) -> Result<Self, InjectError> {
        let no_display = |error: &dyn std::fmt::Display| InjectError::NoDisplay(error.to_string());
        let (connection, number) = connect(display).map_err(|error| no_display(&error))?;
        let screen = connection.setup().roots.get(number);
        let screen = screen.ok_or_else(|| no_display(&"it has no such screen"))?;
        let root = screen.root;
        for name in [xtest::X11_EXTENSION_NAME, xkb::X11_EXTENSION_NAME] {
            let found = connection.extension_information(name)?;
            found.ok_or_else(|| InjectError::Unfit(format!("it has no {name} extension")))?;
        }
        let keymap = prepare(&connection)?;
        Ok(Self {
            pool: Pool::new(keymap.spare()),
            keymap,
            connection,
            root,
            ledger: Ledger::default(),
            wheel: [Wheel::default(), Wheel::default()],
            ignored: 0,
        })
    }

    /// How many keys and characters were ignored because nobody has them.
    pub fn ignored(&self) -> u64 {
        self.ignored
    }

    fn key_down(
        &mut self,
        usage: u16,
        locks: Locks,
        text: Option<&str>,
    ) -> Result<(), InjectError> {
        if self.ledger.holds(usage) {
            return Ok(());
        }
        let mode = self.lock(locks)?;
        if [usage::CAPS_LOCK, usage::NUM_LOCK].contains(&usage) {
            return Ok(());
        }
        let code = usage::keycode(usage).filter(|code| self.keymap.has(*code));
        let Some(typed) = self.meant(code, mode, text) else {
            let Some(code) = code else {
                self.ignore();
                return Ok(());
            };
            return self.hold(usage, code);
        };
        let mut characters = typed.chars();
        match (characters.next(), characters.next()) {
            (Some(one), None) => self.write(one, Some(usage)),
            _ => typed.chars().try_for_each(|one| self.write(one, None)),
        }
    }

    /// The text that has to be written although the key would not do so.
    fn meant<'t>(&self, code: Option<u8>, mode: Mode, text: Option<&'t str>) -> Option<&'t str> {
        let text = text.filter(|text| !text.is_empty() && !text.chars().any(char::is_control))?;
        let shortcut = usage::SHORTCUT.iter().any(|key| self.ledger.holds(*key));
        if code.is_some() && shortcut && !self.ledger.holds(usage::RIGHT_ALT) {
            return None;
        }
        let would = code.and_then(|code| self.keymap.character(code, mode.mods, mode.group));
        let mut characters = text.chars();
        let same = characters.next() == would && characters.next().is_none();
        (!same).then_some(text)
    }

    /// Writes a character. With the usage of a key it stays down until the key comes up, unless
    /// other modifiers had to be set: held on, it would repeat as something else.
    fn write(&mut self, character: char, held_by: Option<u16>) -> Result<(), InjectError> {
        let mode = self.mode()?;
        let wanted = if character == '\n' { '\r' } else { character };
        let on_layout = self.keymap.find(wanted, mode.mods, mode.group);
        let Some(stroke) = on_layout.map_or_else(|| self.lend(wanted, mode), |it| Ok(Some(it)))?
        else {
            self.ignore();
            return Ok(());
        };
        self.pool.touch(stroke.code, Instant::now());
        let held_by = held_by.filter(|_| stroke.mods == mode.mods);
        if let Some(usage) = held_by {
            return self.hold(usage, stroke.code);
        }
        let (lifted, added) = self.adjustment(stroke, mode);
        self.strokes(&lifted, false)?;
        self.strokes(&added, true)?;
        if self.ledger.free(stroke.code) {
            self.fake(xproto::KEY_RELEASE_EVENT, stroke.code)?;
        }
        self.fake(xproto::KEY_PRESS_EVENT, stroke.code)?;
        self.fake(xproto::KEY_RELEASE_EVENT, stroke.code)?;
        self.strokes(&added, false)?;
        self.strokes(&lifted, true)
    }

    /// The held modifiers that have to come up for a stroke, and the keys that have to go down.
    fn adjustment(&self, stroke: Stroke, mode: Mode) -> (Vec<Keycode>, Vec<Keycode>) {
        let (mut lifted, mut added) = (Vec::new(), Vec::new());
        let mut left = mode.mods;
        for (_, code) in self.ledger.keys() {
            let sets = self.keymap.modifiers(code, mode.group);
            if sets & !stroke.mods != 0 {
                lifted.push(code);
                left &= !sets;
            }
        }
        for bit in 0..8 {
            let modifier = 1 << bit;
            if stroke.mods & !left & modifier != 0 {
                added.extend(self.keymap.key_of_modifier(modifier));
            }
        }
        (lifted, added)
    }

    /// Gives a spare keycode the meaning of a character. It means that with every modifier, so
    /// only those that make shortcuts have to come up.
    fn lend(&mut self, character: char, mode: Mode) -> Result<Option<Stroke>, InjectError> {
        let sym = Keysym::from_char(character).raw();
        let busy: Vec<Keycode> = self.ledger.keys().map(|(_, code)| code).collect();
        if sym == 0 || character.is_control() {
            return Ok(None);
        }
        let Some(lent) = self.pool.lend(sym, &busy, Instant::now()) else {
            return Ok(None);
        };
        // Only when more foreign characters than there are keycodes come within 50 ms.
        std::thread::sleep(lent.wait);
        self.remap(lent.code, sym)?;
        self.keymap.set(lent.code, sym);
        Ok(Some(Stroke {
            code: lent.code,
            mods: mode.mods & (SHIFT | LOCK | self.keymap.num_lock()),
        }))
    }

    fn remap(&self, code: Keycode, sym: u32) -> Result<(), InjectError> {
        // Two levels, so that the server does not make capitals of its own.
        let both = [sym, sym];
        self.connection
            .change_keyboard_mapping(1, code, 2, &both)?
            .check()?;
        Ok(())
    }

    fn hold(&mut self, usage: u16, code: Keycode) -> Result<(), InjectError> {
        if self.ledger.free(code) {
            self.fake(xproto::KEY_RELEASE_EVENT, code)?;
        }
        self.ledger.press(usage, code);
        self.fake(xproto::KEY_PRESS_EVENT, code)
    }

    fn key_up(&mut self, usage: u16, locks: Locks) -> Result<(), InjectError> {
        if [usage::CAPS_LOCK, usage::NUM_LOCK].contains(&usage) {
            self.lock(locks)?;
        }
        match self.ledger.release(usage) {
            Some(code) => self.fake(xproto::KEY_RELEASE_EVENT, code),
            None => Ok(()),
        }
    }

    fn button(&mut self, button: Button, down: bool) -> Result<(), InjectError> {
        let (news, kind) = if down {
            let news = self.ledger.press_button(button);
            (news, xproto::BUTTON_PRESS_EVENT)
        } else {
            let news = self.ledger.release_button(button);
            (news, xproto::BUTTON_RELEASE_EVENT)
        };
        if news {
            self.fake(kind, number(button))?;
        }
        Ok(())
    }

    fn turn(&mut self, by: [i16; 2]) -> Result<(), InjectError> {
        for (axis, by) in by.into_iter().enumerate() {
            let notches = self.wheel.get_mut(axis).map_or(0, |wheel| wheel.turn(by));
            let button = match (axis, notches > 0) {
                (0, false) => 6,
                (0, true) => 7,
                (_, false) => 4,
                (_, true) => 5,
            };
            for _ in 0..notches.unsigned_abs() {
                self.fake(xproto::BUTTON_PRESS_EVENT, button)?;
                self.fake(xproto::BUTTON_RELEASE_EVENT, button)?;
            }
        }
        Ok(())
    }

    /// Makes Caps Lock and Num Lock what they are at the helper; returns what is on then.
    fn lock(&self, locks: Locks) -> Result<Mode, InjectError> {
        let mode = self.mode()?;
        let num = self.keymap.num_lock();
        let wanted = if locks.caps { LOCK } else { 0 } | if locks.num { num } else { 0 };
        let wrong = (mode.locked ^ wanted) & (LOCK | num);
        if wrong == 0 {
            return Ok(mode);
        }
        let (core, none) = (ID::USE_CORE_KBD.into(), ModMask::default());
        let (affected, on) = (ModMask::from(wrong), ModMask::from(wanted & wrong));
        self.connection.xkb_latch_lock_state(
            core,
            affected,
            on,
            false,
            xkb::Group::M1,
            none,
            false,
            0,
        )?;
        self.mode()
    }

    fn mode(&self) -> Result<Mode, InjectError> {
        let asked = self.connection.xkb_get_state(ID::USE_CORE_KBD.into())?;
        Ok(Mode::of(&asked.reply()?))
    }

    fn strokes(&self, codes: &[Keycode], down: bool) -> Result<(), InjectError> {
        let kinds = [xproto::KEY_RELEASE_EVENT, xproto::KEY_PRESS_EVENT];
        let [up, press] = kinds;
        let kind = if down { press } else { up };
        codes.iter().try_for_each(|code| self.fake(kind, *code))
    }

    fn fake(&self, kind: u8, detail: u8) -> Result<(), InjectError> {
        self.connection
            .xtest_fake_input(kind, detail, 0, x11rb::NONE, 0, 0, 0)?;
        Ok(())
    }

    fn point(&self, x: u16, y: u16) -> Result<(), InjectError> {
        let side = |value: u16| i16::try_from(value).unwrap_or(i16::MAX);
        let kind = xproto::MOTION_NOTIFY_EVENT;
        self.connection
            .xtest_fake_input(kind, 0, 0, self.root, side(x), side(y), 0)?;
        Ok(())
    }

    fn ignore(&mut self) {
        self.ignored += 1;
        tracing::debug!(ignored = self.ignored, "a key that nobody has");
    }

    /// Reads the map again if somebody else changed it.
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "x11rb knows hundreds of events; we selected these"
    )]
    fn catch_up(&mut self) -> Result<(), InjectError> {
        let mut stale = false;
        while let Some(event) = self.connection.poll_for_event()? {
            match event {
                XEvent::XkbMapNotify(event) => {
                    let ours = |(code, _)| code == event.first_key_sym;
                    stale |= event.n_key_syms != 1 || !self.pool.lent().any(ours);
                }
                XEvent::XkbNewKeyboardNotify(_) | XEvent::MappingNotify(_) => stale = true,
                other => tracing::debug!(?other, "not a change of the keyboard"),
            }
        }
        if stale {
            self.keymap = Keymap::load(&self.connection)?;
            let keymap = &self.keymap;
            let kept = |(code, sym): &(u8, u32)| keymap.sym(*code, 0, 0) == Some(*sym);
            if !self.pool.lent().all(|lent| kept(&lent)) {
                self.pool = Pool::new(keymap.spare());
            }
        }
        Ok(())
    }

    fn restore(&mut self) -> Result<(), InjectError> {
        self.release_all()?;
        let lent: Vec<Keycode> = self.pool.lent().map(|(code, _)| code).collect();
        lent.into_iter().try_for_each(|code| self.remap(code, 0))?;
        // Nothing of this may wait in a buffer when the connection closes.
        self.connection.sync()?;
        Ok(())
    }
}

impl InputSink for Sink {
    fn apply(&mut self, event: &Event) -> Result<(), InjectError> {
        self.catch_up()?;
        match event {
            Event::Key {
                usage,
                down: true,
                locks,
                text,
            } => self.key_down(*usage, *locks, text.as_deref())?,
            Event::Key { usage, locks, .. } => self.key_up(*usage, *locks)?,
            Event::Move { x, y } => self.point(*x, *y)?,
            Event::Button { button, down } => self.button(*button, *down)?,
            Event::Wheel { dx, dy } => self.turn([*dx, *dy])?,
            Event::Text(text) => text.chars().try_for_each(|one| self.write(one, None))?,
            Event::ReleaseAll => self.release_all()?,
        }
        self.connection.flush()?;
        Ok(())
    }

    fn release_all(&mut self) -> Result<(), InjectError> {
        let (keys, buttons) = self.ledger.clear();
        self.strokes(&keys, false)?;
        for button in buttons {
            self.fake(xproto::BUTTON_RELEASE_EVENT, number(button))?;
        }
        self.connection.flush()?;
        Ok(())
    }

    fn held(&self) -> usize {
        self.ledger.len()
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        if let Err(error) = self.restore() {
            tracing::debug!(%error, "the keyboard went with the display");
        }
    }
}

impl Mode {
    fn of(state: &GetStateReply) -> Self {
        let bits = |mods: ModMask| u8::try_from(u16::from(mods)).unwrap_or(0);
        Self {
            mods: bits(state.mods),
            locked: bits(state.locked_mods),
            group: state.group.into(),
        }
    }
}

impl From<ConnectionError> for InjectError {
    fn from(error: ConnectionError) -> Self {
        Self::Lost(error.to_string())
    }
}

impl From<ReplyError> for InjectError {
    fn from(error: ReplyError) -> Self {
        Self::Lost(error.to_string())
    }
}

fn prepare(connection: &RustConnection) -> Result<Keymap, InjectError> {
    connection.xtest_get_version(2, 2)?.reply()?;
    if !connection.xkb_use_extension(1, 0)?.reply()?.supported {
        return Err(InjectError::Unfit("its XKB is not version 1".to_owned()));
    }
    let (map, all) = (EventType::MAP_NOTIFY, MapPart::from(0xff_u8));
    let events = map | EventType::NEW_KEYBOARD_NOTIFY;
    let (core, none) = (ID::USE_CORE_KBD.into(), EventType::default());
    let details = xkb::SelectEventsAux::new();
    connection
        .xkb_select_events(core, none, events, all, all, &details)?
        .check()?;
    Ok(Keymap::load(connection)?)
}

fn number(button: Button) -> u8 {
    match button {
        Button::Left => 1,
        Button::Middle => 2,
        Button::Right => 3,
        Button::Back => 8,
        Button::Forward => 9,
    }
}
