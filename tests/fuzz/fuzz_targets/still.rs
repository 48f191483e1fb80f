//! The image of a still.

#![no_main]

use fuzz::{SIDE, slice};
use libfuzzer_sys::fuzz_target;
use picture::{Decoder, Limits};

fuzz_target!(|image: &[u8]| {
    let Ok(length) = u32::try_from(image.len()) else {
        return;
    };
    let mut operation = vec![5, 0];
    for side in [0, 0, SIDE, SIDE] {
        operation.extend(side.to_le_bytes());
    }
    operation.extend(length.to_le_bytes());
    operation.extend(image);
    let mut decoder = Decoder::new(Limits::default());
    if decoder.push_slice(&slice(&operation)).is_ok() {
        assert!(decoder.composed().is_some());
    }
});
