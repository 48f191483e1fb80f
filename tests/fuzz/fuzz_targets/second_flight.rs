//! A helper's second flight at the sharer: without the code none is taken.

#![no_main]

use fuzz::{code, context, entropy};
use libfuzzer_sys::fuzz_target;
use seal::handshake::{Sharer, StaticKey};

fuzz_target!(|flight: &[u8]| {
    let key = StaticKey::new([1; 32]);
    let (sharer, _) = Sharer::new(context(), &code(), key, &mut entropy());
    assert!(sharer.read_second(flight, b"credential").is_err());
});
