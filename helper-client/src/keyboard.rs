//! A US keyboard, for text that a script types: which key writes a letter, and with Shift or without.

use seal::{Event, Locks};

/// The key events that write this text. Letters that a US keyboard does not have travel as text alone.
pub(crate) fn strokes(text: &str) -> Vec<Event> {
    text.chars().flat_map(stroke).collect()
}

fn stroke(letter: char) -> Vec<Event> {
    let Some((usage, shift)) = key(letter) else {
        return vec![Event::Text(letter.to_string())];
    };
    let text = (!letter.is_control()).then(|| letter.to_string());
    let key = |down| Event::Key {
        usage,
        down,
        locks: Locks::default(),
        text: if down { text.clone() } else { None },
    };
    let shift_key = |down| Event::Key {
        usage: LEFT_SHIFT,
        down,
        locks: Locks::default(),
        text: None,
    };
    if shift {
        vec![shift_key(true), key(true), key(false), shift_key(false)]
    } else {
        vec![key(true), key(false)]
    }
}

/// USB HID usage (page 7) and whether Shift is needed.
fn key(letter: char) -> Option<(u16, bool)> {
    let place = |row: &str| row.chars().position(|other| other == letter);
    let offset = |first: u16, place: usize| Some(first + u16::try_from(place).ok()?);
    if let Some(place) = place("abcdefghijklmnopqrstuvwxyz") {
        return Some((offset(0x04, place)?, false));
    }
    if let Some(place) = place("ABCDEFGHIJKLMNOPQRSTUVWXYZ") {
        return Some((offset(0x04, place)?, true));
    }
    if let Some(place) = place("1234567890\n\u{1b}\u{8}\t -=[]\\") {
        return Some((offset(0x1e, place)?, false));
    }
    if let Some(place) = place("!@#$%^&*()") {
        return Some((offset(0x1e, place)?, true));
    }
    if let Some(place) = place("_+{}|") {
        return Some((offset(0x2d, place)?, true));
    }
    if let Some(place) = place(";'`,./") {
        return Some((offset(0x33, place)?, false));
    }
    place(":\"~<>?").and_then(|place| Some((offset(0x33, place)?, true)))
}

const LEFT_SHIFT: u16 = 0xe1;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_where_the_usb_tables_have_them() {
        for (letter, usage, shift) in [
            ('a', 0x04, false),
            ('Z', 0x1d, true),
            ('1', 0x1e, false),
            ('0', 0x27, false),
            ('\n', 0x28, false),
            (' ', 0x2c, false),
            ('-', 0x2d, false),
            ('\\', 0x31, false),
            ('|', 0x31, true),
            (';', 0x33, false),
            ('/', 0x38, false),
            ('?', 0x38, true),
        ] {
            assert_eq!(key(letter), Some((usage, shift)), "{letter:?}");
        }
        assert_eq!(strokes("é"), [Event::Text("é".into())]);
        assert_eq!(strokes("A").len(), 4);
    }
}
