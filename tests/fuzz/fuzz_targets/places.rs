//! An acknowledgement: what reads writes back as it was.

#![no_main]

use libfuzzer_sys::fuzz_target;
use seal::Places;

fuzz_target!(|message: &[u8]| {
    if let Ok(places) = Places::decode(message) {
        assert_eq!(places.encode(), message);
    }
});
