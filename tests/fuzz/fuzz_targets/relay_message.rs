//! A relay message, in both directions: what reads once reads again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wire::{Frame, FromRelay, ToRelay};

fuzz_target!(|text: &[u8]| {
    if let Ok(message) = ToRelay::parse(text)
        && let Ok(Frame::Message(again)) = Frame::message(&message)
    {
        assert!(ToRelay::parse(&again).is_ok());
    }
    if let Ok(message) = FromRelay::parse(text)
        && let Ok(Frame::Message(again)) = Frame::message(&message)
    {
        assert!(FromRelay::parse(&again).is_ok());
    }
});
