//! Picture operations in a good slice.

#![no_main]

use fuzz::{SIDE, slice};
use libfuzzer_sys::fuzz_target;
use picture::{Decoder, Limits};

fuzz_target!(|operations: &[u8]| {
    let mut decoder = Decoder::new(Limits::default());
    if decoder.push_slice(&slice(operations)).is_ok() {
        let picture = decoder.picture().expect("a Reset was taken");
        assert_eq!((picture.width(), picture.height()), (SIDE, SIDE));
        decoder.composed();
    }
});
