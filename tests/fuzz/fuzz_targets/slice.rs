//! Picture slices as they come out of the seal: the first byte of each says how long it is, in units of 16 bytes.

#![no_main]

use libfuzzer_sys::fuzz_target;
use picture::{Decoder, Limits};

fuzz_target!(|bytes: &[u8]| {
    let mut decoder = Decoder::new(Limits::default());
    let mut rest = bytes;
    while let Some((length, after)) = rest.split_first() {
        let (slice, after) = after.split_at(after.len().min(16 * usize::from(*length)));
        // An error is an answer too; the next Reset is judged as if nothing had happened.
        let _ = decoder.push_slice(slice);
        rest = after;
    }
    decoder.composed();
});
