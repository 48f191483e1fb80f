//! A word that every relay answers, whoever asks: no message of a line begins one, so it is refused (SPEC 6).

use wire::{Frame, FromRelay, ToRelay};

/// The question.
pub(crate) fn question() -> Option<Frame> {
    Frame::message(&ToRelay::Leave {}).ok()
}

/// Whether this is how a relay answers it.
pub(crate) fn is_answer(message: &[u8]) -> bool {
    FromRelay::parse(message).is_ok()
}
