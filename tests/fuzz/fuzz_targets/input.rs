//! Input events: what reads writes back as it was.

#![no_main]

use libfuzzer_sys::fuzz_target;
use seal::{CursorPlace, Input, LaserPlace, Line};

fuzz_target!(|message: &[u8]| {
    if let Ok(input) = Input::decode(message) {
        assert_eq!(input.encode(), message);
    }
    if let Ok(line) = Line::decode(message) {
        assert_eq!(line.encode().as_deref(), Some(message));
    }
    if let Ok(place) = CursorPlace::decode(message) {
        assert_eq!(place.encode(), message);
    }
    if let Ok(place) = LaserPlace::decode(message) {
        assert_eq!(place.encode(), message);
    }
});
