//! USB HID usages (page 7) and the keycodes of X11.
//!
//! The table is that of the Linux kernel (`hid_keyboard` in `drivers/hid/hid-input.c`): usage to
//! evdev code. X servers on evdev or libinput add 8.

/// The X11 keycode of a usage, if any keyboard has that key.
pub fn keycode(usage: u16) -> Option<u8> {
    let code = *EVDEV.get(usize::from(usage))?;
    (code != 0).then_some(code)?.checked_add(8)
}

/// Caps Lock.
pub const CAPS_LOCK: u16 = 0x39;
/// Num Lock.
pub const NUM_LOCK: u16 = 0x53;
/// Left and right Control, left Alt, left and right Super: with one of them a key is a shortcut.
pub const SHORTCUT: [u16; 5] = [0xe0, 0xe2, 0xe3, 0xe4, 0xe7];
/// Right Alt, which on many layouts is AltGr and writes.
pub const RIGHT_ALT: u16 = 0xe6;

/// The usage of an X11 keycode. Where several usages are one key of the kernel, the lowest: the one that keyboards send.
pub fn usage(keycode: u8) -> Option<u16> {
    let code = keycode.checked_sub(8).filter(|code| *code != 0)?;
    let place = EVDEV.iter().position(|known| *known == code)?;
    u16::try_from(place).ok()
}

#[rustfmt::skip]
const EVDEV: [u8; 256] = [
      0,   0,   0,   0,  30,  48,  46,  32,  18,  33,  34,  35,  23,  36,  37,  38,
     50,  49,  24,  25,  16,  19,  31,  20,  22,  47,  17,  45,  21,  44,   2,   3,
      4,   5,   6,   7,   8,   9,  10,  11,  28,   1,  14,  15,  57,  12,  13,  26,
     27,  43,  43,  39,  40,  41,  51,  52,  53,  58,  59,  60,  61,  62,  63,  64,
     65,  66,  67,  68,  87,  88,  99,  70, 119, 110, 102, 104, 111, 107, 109, 106,
    105, 108, 103,  69,  98,  55,  74,  78,  96,  79,  80,  81,  75,  76,  77,  71,
     72,  73,  82,  83,  86, 127, 116, 117, 183, 184, 185, 186, 187, 188, 189, 190,
    191, 192, 193, 194, 134, 138, 130, 132, 128, 129, 131, 137, 133, 135, 136, 113,
    115, 114,   0,   0,   0, 121,   0,  89,  93, 124,  92,  94,  95,   0,   0,   0,
    122, 123,  90,  91,  85,   0,   0,   0,   0,   0,   0,   0, 111,   0,   0,   0,
      0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,
      0,   0,   0,   0,   0,   0, 179, 180,   0,   0,   0,   0,   0,   0,   0,   0,
      0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   0,
      0,   0,   0,   0,   0,   0,   0,   0, 111,   0,   0,   0,   0,   0,   0,   0,
     29,  42,  56, 125,  97,  54, 100, 126, 164, 166, 165, 163, 161, 115, 114, 113,
    150, 158, 159, 128, 136, 177, 178, 176, 142, 152, 173, 140,   0,   0,   0,   0,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_keycode_of_a_usage_leads_back_to_its_key() {
        for known in (0..=u16::from(u8::MAX)).filter_map(keycode) {
            assert_eq!(usage(known).and_then(keycode), Some(known));
        }
        for nobody_has in [0, 7, 8, 255] {
            assert_eq!(usage(nobody_has), None, "{nobody_has}");
        }
        assert_eq!((usage(38), usage(51)), (Some(0x04), Some(0x31)));
    }

    #[test]
    fn well_known_keys_are_where_x11_has_them() {
        let known = [
            (0x04, 38),  // a
            (0x28, 36),  // Enter
            (0x2c, 65),  // space
            (0x39, 66),  // Caps Lock
            (0x52, 111), // up
            (0x64, 94),  // the key beside the left Shift
            (0x87, 97),  // international 1
            (0x90, 130), // Hangul
            (0xe6, 108), // right Alt
            (0xe8, 172), // play, pause
        ];
        for (usage, code) in known {
            assert_eq!(keycode(usage), Some(code), "{usage:#x}");
        }
        for nobody_has in [0, 3, 0xa5, 0xff, 0x100, u16::MAX] {
            assert_eq!(keycode(nobody_has), None, "{nobody_has:#x}");
        }
    }
}
