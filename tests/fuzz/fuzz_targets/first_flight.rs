//! A sharer's first flight at the helper, with a code and without.

#![no_main]

use fuzz::{code, context, entropy};
use libfuzzer_sys::fuzz_target;
use seal::handshake::{Attempts, Helper, StaticKey};

fuzz_target!(|flight: &[u8]| {
    let mut attempts = Attempts::new(code());
    let key = StaticKey::new([1; 32]);
    let answered = attempts.answer(context(), flight, &key, &mut entropy());
    assert!(answered.is_err() || attempts.left() == 2);
    let invited = Helper::invited(context(), flight, &key, &mut entropy());
    assert!(answered.is_err() || invited.is_err(), "one flight is for one mode");
});
