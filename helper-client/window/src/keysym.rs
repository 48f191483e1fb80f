//! What a key writes, from the core keymap of the X server and the modifiers of the event.

use xkeysym::Keysym;

/// The keysyms of all keys, as the X server tells them.
#[derive(Clone, Debug, Default)]
pub struct Keymap {
    /// Of key after key.
    pub keysyms: Vec<u32>,
    /// Of one key.
    pub width: usize,
    /// The keycode of the first key.
    pub first: u8,
}

impl Keymap {
    /// What this key writes with these modifiers (the `state` of an X event). `None` for keys that write nothing, dead keys, and shortcuts.
    pub fn text(&self, keycode: u8, state: u16) -> Option<String> {
        if state & (CONTROL | ALT | SUPER) != 0 {
            return None;
        }
        let key = usize::from(keycode.checked_sub(self.first)?);
        let start = key.checked_mul(self.width)?;
        let row = self.keysyms.get(start..start.checked_add(self.width)?)?;
        // The core keymap has two groups of two levels; XKB appends levels 3 and 4 of each behind them.
        let group = usize::from(state >> 13 & 1);
        let third = state & LEVEL_3 != 0;
        let start = if third { 4 + group * 2 } else { group * 2 };
        let at = |place: usize| row.get(place).copied().filter(|keysym| *keysym != 0);
        let plain = at(start).or_else(|| at(if third { 4 } else { 0 }))?;
        let shifted = at(start + 1).unwrap_or(plain);
        let shift = state & SHIFT != 0;
        let lower = Keysym::new(plain)
            .key_char()
            .is_some_and(char::is_lowercase);
        let keypad = (0xff80..=0xffbd).contains(&shifted);
        let up = shift ^ ((state & CAPS != 0 && lower) || (state & NUM != 0 && keypad));
        let keysym = if up { shifted } else { plain };
        let letter = Keysym::new(keysym).key_char()?;
        if letter.is_control() {
            return None;
        }
        if up && lower && keysym == plain {
            return Some(letter.to_uppercase().collect());
        }
        Some(letter.to_string())
    }
}

const SHIFT: u16 = 1;
const CAPS: u16 = 2;
const CONTROL: u16 = 4;
const ALT: u16 = 8;
const NUM: u16 = 16;
const SUPER: u16 = 64;
const LEVEL_3: u16 = 128;

#[cfg(test)]
mod tests {
    use super::*;

    const GREEK: u16 = 1 << 13;

    fn keymap() -> Keymap {
        let row = |keysyms: [Keysym; 6]| keysyms.map(Keysym::raw);
        let none = Keysym::NoSymbol;
        let rows = [
            row([
                Keysym::q,
                Keysym::Q,
                Keysym::Greek_alpha,
                Keysym::Greek_ALPHA,
                Keysym::at,
                none,
            ]),
            row([Keysym::KP_End, Keysym::KP_1, none, none, none, none]),
            row([
                Keysym::dead_acute,
                Keysym::dead_grave,
                none,
                none,
                none,
                none,
            ]),
            row([Keysym::Return, none, none, none, none, none]),
        ];
        Keymap {
            keysyms: rows.concat(),
            width: 6,
            first: 8,
        }
    }

    #[test]
    fn modifiers_choose_what_is_written() {
        let keymap = keymap();
        let text = |state| keymap.text(8, state);
        for (state, expected) in [
            (0, "q"),
            (SHIFT, "Q"),
            (CAPS, "Q"),
            (CAPS | SHIFT, "q"),
            (NUM, "q"),
            (LEVEL_3, "@"),
            (GREEK, "α"),
            (GREEK | SHIFT, "Α"),
        ] {
            assert_eq!(text(state).as_deref(), Some(expected), "{state:#x}");
        }
        assert_eq!((text(CONTROL), text(ALT), text(SUPER)), (None, None, None));
    }

    #[test]
    fn num_lock_makes_digits_of_the_keypad() {
        assert_eq!(keymap().text(9, NUM).as_deref(), Some("1"));
        assert_eq!(keymap().text(9, 0), None);
    }

    #[test]
    fn keys_that_write_nothing_have_no_text() {
        for keycode in [10, 11, 12, 7] {
            assert_eq!(keymap().text(keycode, 0), None, "{keycode}");
        }
    }
}
