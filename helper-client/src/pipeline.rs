//! The two ways through the helper, stage by stage. Nothing else is here.

use std::time::Duration;

use bytes::Bytes;
use client::Sealed;
use picture::Error;
use seal::{Control, Event, Input, SendError};
use wire::{Channel, Envelope};

use crate::video::{self, Decoded};
use crate::view::{Shown, View};

/// A record from the carrier: opened and put in order. Pictures come out of it as messages for [`show`].
pub(crate) fn open(sealed: &mut Sealed, envelope: Envelope, now: Duration) {
    sealed.handle_record(envelope, now);
}

/// A slice of the picture: decoded, shown, acknowledged. A window that shows it itself also says so itself.
pub(crate) fn show(
    sealed: &mut Sealed,
    view: &mut View,
    slice: &Bytes,
    now: Duration,
) -> Result<Option<Shown>, Error> {
    let shown = view.decode(slice, now)?;
    if let Some(shown) = &shown {
        sealed.flush_acks(now);
        if !view.has_window() {
            tell_painted(sealed, shown.update, now);
        }
    }
    Ok(shown)
}

/// A part of the video of a browser: with the last one of a frame its decoder gets to work, and [`show_video`] gets the picture.
pub(crate) fn decode(view: &mut View, part: &Bytes) -> Result<(), video::Error> {
    view.take_part(part)
}

/// A picture of that video: shown, acknowledged.
pub(crate) fn show_video(
    sealed: &mut Sealed,
    view: &mut View,
    decoded: Decoded,
    now: Duration,
) -> Shown {
    let shown = view.show_video(decoded, now);
    sealed.flush_acks(now);
    if !view.has_window() {
        tell_painted(sealed, shown.update, now);
    }
    shown
}

/// This update is on the helper's screen.
pub(crate) fn tell_painted(sealed: &mut Sealed, update: u32, now: Duration) {
    sealed.control(&Control::Painted { update }, now);
}

/// Events of the helper's hands: numbered, stamped, sealed, sent.
pub(crate) fn act(
    sealed: &mut Sealed,
    view: &mut View,
    events: Vec<Event>,
    now: Duration,
) -> Result<(), SendError> {
    let first = view.number(&events, now);
    let clock_ms = u32::try_from(now.as_millis() & u128::from(u32::MAX)).unwrap_or_default();
    let input = Input {
        first,
        clock_ms,
        events,
    };
    sealed
        .send(Channel::Input, &input.encode(), now)
        .map(|_| ())
}
