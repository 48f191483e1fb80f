//! A helper's second flight at the sharer: none is taken that was not made for its first one.

#![no_main]

use fuzz::{code, context, entropy};
use libfuzzer_sys::fuzz_target;
use seal::handshake::{Sharer, StaticKey};

fuzz_target!(|flight: &[u8]| {
    let key = StaticKey::new([1; 32]);
    let (sharer, _) = Sharer::new(context(), &code(), key.clone(), &mut entropy());
    assert!(sharer.read_second(flight, b"credential").is_err());
    let (inviting, _) = Sharer::inviting(context(), key, &mut entropy());
    // Without a code an answer needs the secret of ML-KEM, which a fuzzer does not find.
    assert!(inviting.read_second(flight, b"credential").is_err());
});
