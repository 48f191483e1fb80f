//! A carrier's frame: what reads writes back as it was.

#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use wire::Frame;

fuzz_target!(|bytes: &[u8]| {
    let bytes = Bytes::copy_from_slice(bytes);
    if let Ok(frame) = Frame::decode(bytes.clone()) {
        assert_eq!(frame.encode(), bytes);
    }
});
