//! What the sharer's keyboard writes: a copy of the server's XKB map, and look-ups in both ways.

use x11rb::errors::ReplyError;
use x11rb::protocol::xkb::VMod;
use x11rb::protocol::xkb::{ConnectionExt as _, GetMapReply, ID, KeySymMap, KeyType, MapPart};
use x11rb::rust_connection::RustConnection;
use xkeysym::Keysym;

/// The map of the core keyboard.
#[derive(Default)]
pub(super) struct Keymap {
    first: u8,
    types: Vec<KeyType>,
    /// One for each keycode from `first`.
    keys: Vec<KeySymMap>,
    /// Keycodes and the real modifiers that each sets.
    modifiers: Vec<(u8, u8)>,
}

/// A way to write a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stroke {
    pub(super) code: u8,
    /// The modifiers that have to be on, locks included.
    pub(super) mods: u8,
}

impl Keymap {
    /// Reads the map as it is now.
    pub(super) fn load(connection: &RustConnection) -> Result<Self, ReplyError> {
        let full = MapPart::KEY_TYPES | MapPart::KEY_SYMS | MapPart::MODIFIER_MAP;
        let (core, none, vmods) = (ID::USE_CORE_KBD.into(), MapPart::default(), VMod::default());
        let asked = connection.xkb_get_map(
            core, full, none, 0, 0, 0, 0, 0, 0, 0, 0, vmods, 0, 0, 0, 0, 0, 0,
        )?;
        Ok(Self::of(asked.reply()?))
    }

    fn of(reply: GetMapReply) -> Self {
        let modifiers = reply.map.modmap_rtrn.unwrap_or_default();
        Self {
            first: reply.first_key_sym,
            types: reply.map.types_rtrn.unwrap_or_default(),
            keys: reply.map.syms_rtrn.unwrap_or_default(),
            modifiers: modifiers
                .iter()
                .map(|entry| {
                    (
                        entry.keycode,
                        u8::try_from(u16::from(entry.mods)).unwrap_or(0),
                    )
                })
                .collect(),
        }
    }

    /// Whether the keyboard has this keycode at all.
    pub(super) fn has(&self, code: u8) -> bool {
        self.key(code).is_some()
    }

    /// Keycodes that mean nothing, the highest first.
    pub(super) fn spare(&self) -> impl Iterator<Item = u8> {
        let silent = |code: &u8| {
            let key = self.key(*code);
            key.is_some_and(|key| key.syms.iter().all(|sym| *sym == 0))
                && !self
                    .modifiers
                    .iter()
                    .any(|(key, mods)| key == code && *mods != 0)
        };
        self.codes().rev().filter(silent)
    }

    /// Notes that every level of a key is this keysym now.
    pub(super) fn set(&mut self, code: u8, sym: u32) {
        let at = code.checked_sub(self.first).map(usize::from);
        if let Some(key) = at.and_then(|at| self.keys.get_mut(at)) {
            (key.kt_index, key.group_info, key.width) = ([0; 4], 1, 1);
            key.syms = vec![sym];
        }
    }

    /// The keysym of a key with these modifiers in this group.
    pub(super) fn sym(&self, code: u8, mods: u8, group: u8) -> Option<u32> {
        let key = self.key(code)?;
        let group = in_range(group, key.group_info)?;
        let kind = key.kt_index.get(group).copied().map(usize::from);
        let kind = self.types.get(kind?)?;
        let on = mods & u8::try_from(u16::from(kind.mods_mask)).ok()?;
        let entry = kind
            .map
            .iter()
            .find(|entry| entry.active && u16::from(entry.mods_mask) == u16::from(on));
        let level = entry.map_or(0, |entry| usize::from(entry.level));
        let sym = key
            .syms
            .get(group * usize::from(key.width) + level)
            .copied();
        sym.filter(|sym| *sym != 0)
    }

    /// The character that a key writes. Caps Lock makes capitals also where the map leaves that to
    /// the application.
    pub(super) fn character(&self, code: u8, mods: u8, group: u8) -> Option<char> {
        let typed = Keysym::new(self.sym(code, mods, group)?).key_char()?;
        if mods & LOCK == 0 || self.sym(code, mods & !LOCK, group) != self.sym(code, mods, group) {
            return Some(typed);
        }
        let mut capital = typed.to_uppercase();
        Some(
            capital
                .next()
                .filter(|_| capital.next().is_none())
                .unwrap_or(typed),
        )
    }

    /// How to write a character in this group with the least change of the modifiers. Locks stay
    /// as they are; everything else is on or off as the stroke says.
    pub(super) fn find(&self, wanted: char, mods: u8, group: u8) -> Option<Stroke> {
        let locks = mods & (LOCK | self.num_lock());
        let level3 = self.modifier_of(LEVEL3).unwrap_or(0);
        let mut choices = [0, SHIFT, level3, SHIFT | level3].map(|chosen| chosen | locks);
        choices.sort_by_key(|choice| (choice ^ mods).count_ones());
        choices.into_iter().find_map(|mods| {
            let writes = |code: &u8| {
                self.character(*code, mods, group) == Some(wanted) && !self.is_pad(*code, group)
            };
            let code = self.codes().find(writes)?;
            Some(Stroke { code, mods })
        })
    }

    /// The keypad writes digits too, but applications tell its keys from the others.
    fn is_pad(&self, code: u8, group: u8) -> bool {
        let syms = [0, self.num_lock()].map(|mods| self.sym(code, mods, group));
        syms.into_iter().flatten().any(|sym| KEYPAD.contains(&sym))
    }

    /// The modifiers that a key sets while it is down, by what is written on it.
    pub(super) fn modifiers(&self, code: u8, group: u8) -> u8 {
        let mapped = self.modifiers.iter().filter(|(key, _)| *key == code);
        let mapped = mapped.fold(0, |all, (_, mods)| all | mods);
        if self.sym(code, 0, group) == Some(LEVEL3) {
            mapped | self.modifier_of(LEVEL3).unwrap_or(0)
        } else {
            mapped
        }
    }

    /// A key that sets exactly this modifier.
    pub(super) fn key_of_modifier(&self, modifier: u8) -> Option<u8> {
        let found = self
            .modifiers
            .iter()
            .find(|(code, mods)| *mods == modifier && self.sym(*code, 0, 0).is_some());
        found.map(|(code, _)| *code)
    }

    /// The modifier of Num Lock; 0 if there is none.
    pub(super) fn num_lock(&self) -> u8 {
        self.modifier_of(NUM_LOCK).unwrap_or(0)
    }

    fn modifier_of(&self, sym: u32) -> Option<u8> {
        let found = self
            .modifiers
            .iter()
            .find(|(code, mods)| *mods != 0 && self.sym(*code, 0, 0) == Some(sym));
        found.map(|(_, mods)| *mods)
    }

    fn codes(&self) -> impl DoubleEndedIterator<Item = u8> {
        let count = u8::try_from(self.keys.len()).unwrap_or(u8::MAX);
        self.first..=self.first.saturating_add(count.saturating_sub(1))
    }

    fn key(&self, code: u8) -> Option<&KeySymMap> {
        self.keys.get(usize::from(code.checked_sub(self.first)?))
    }
}

/// The group of a key for the group of the keyboard (XKB protocol, 7.2.2.1: how keys with fewer
/// groups take the others in).
fn in_range(group: u8, info: u8) -> Option<usize> {
    let count = info & 0x0f;
    if group < count {
        return Some(group.into());
    }
    let last = count.checked_sub(1)?;
    let group = match info & 0xc0 {
        CLAMP => last,
        REDIRECT => Some(info >> 4 & 3).filter(|to| *to < count).unwrap_or(0),
        _ => group % count,
    };
    Some(group.into())
}

/// Shift.
pub(super) const SHIFT: u8 = 1;
/// Caps Lock.
pub(super) const LOCK: u8 = 2;
/// `ISO_Level3_Shift`, which people call AltGr.
const LEVEL3: u32 = 0xfe03;
const CLAMP: u8 = 0x40;
const REDIRECT: u8 = 0x80;
const NUM_LOCK: u32 = 0xff7f;
const KEYPAD: std::ops::RangeInclusive<u32> = 0xff80..=0xffbd;
