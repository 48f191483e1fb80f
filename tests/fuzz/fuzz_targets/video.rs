//! Parts of a browser's video: the first byte of each says how long it is. What reads writes back as it was.

#![no_main]

use libfuzzer_sys::fuzz_target;
use picture::{Frames, Part};

fuzz_target!(|bytes: &[u8]| {
    let mut frames = Frames::default();
    let mut rest = bytes;
    while let Some((length, after)) = rest.split_first() {
        let (part, after) = after.split_at(after.len().min(usize::from(*length)));
        if let Ok(read) = Part::parse(part) {
            assert_eq!(read.encode(), part);
        }
        // An error is an answer too; a later frame with KEY is judged as if nothing had happened.
        let _ = frames.push(part);
        rest = after;
    }
});
