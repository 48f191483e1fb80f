//! A record of somebody in the middle: none opens, whatever it says.

#![no_main]

use std::time::Duration;

use bytes::Bytes;
use fuzz::ends;
use libfuzzer_sys::fuzz_target;
use seal::Output;
use wire::Frame;

fuzz_target!(|bytes: &[u8]| {
    let Ok(Frame::Sealed(envelope)) = Frame::decode(Bytes::copy_from_slice(bytes)) else {
        return;
    };
    for end in &mut fuzz::both(ends()) {
        end.handle_record(envelope.clone(), Duration::ZERO);
        end.handle_timeout(Duration::from_secs(61));
        while let Some(output) = end.poll_output() {
            assert!(!matches!(
                output,
                Output::Control(_) | Output::Message { .. }
            ));
        }
    }
});
