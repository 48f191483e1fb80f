//! A control message in a good seal: what a peer that lies can do.

#![no_main]

use std::time::Duration;

use fuzz::ends;
use libfuzzer_sys::fuzz_target;
use seal::{Control, End, Output};
use wire::Channel;

fuzz_target!(|message: &[u8]| {
    // What does not read is dropped by the same function; the ends cost a handshake.
    if Control::decode(message).is_err() {
        return;
    }
    let (mut helper, mut sharer) = ends();
    deliver(message, &mut sharer, &mut helper);
    let (mut helper, mut sharer) = ends();
    deliver(message, &mut helper, &mut sharer);
});

fn deliver(message: &[u8], from: &mut End, to: &mut End) {
    if from
        .send(Channel::Control, message, Duration::ZERO)
        .is_err()
    {
        return;
    }
    while let Some(output) = from.poll_output() {
        if let Output::Send(envelope) = output {
            to.handle_record(envelope, Duration::ZERO);
        }
    }
    to.handle_timeout(Duration::from_secs(61));
    while to.poll_output().is_some() {}
}
