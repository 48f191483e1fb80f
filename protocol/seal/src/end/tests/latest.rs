//! Channels where only the newest counts: places of pointers, regions in motion, acknowledgements.

use super::*;
use crate::{Places, Resume};

/// What `send` takes the other end delivers: nothing of these channels is ever joined.
#[test]
fn the_longest_message_is_one_record() {
    let mut pair = pair();
    pair.begin(1, false);
    let longest = vec![9; FRAGMENT];
    let now = pair.now;
    pair.sharer.send(Channel::Motion, &longest, now).unwrap();
    let (at_helper, _) = pair.settle();
    assert_eq!(at_helper.on(Channel::Motion), [longest.as_slice()]);
    let longer = vec![9; FRAGMENT + 1];
    assert_eq!(
        pair.sharer.send(Channel::Motion, &longer, now),
        Err(SendError::TooLong(FRAGMENT + 1))
    );
}

/// An old place of a pointer must not follow a newer one.
#[test]
fn what_is_late_is_dropped() {
    for channel in [Channel::Cursor, Channel::Motion] {
        let mut pair = pair();
        pair.begin(1, false);
        for place in [b"old", b"new"] {
            pair.sharer.send(channel, place, pair.now).unwrap();
        }
        let (records, _) = outputs(&mut pair.sharer);
        for envelope in records.into_iter().rev() {
            pair.helper.handle_record(envelope, pair.now);
        }
        let (_, got) = outputs(&mut pair.helper);
        assert_eq!(got.on(channel), [b"new".as_slice()]);
        assert_eq!(got.dropped(), [Dropped::Doubled]);
    }
}

/// One small message must not make the peer send all its records again and again.
#[test]
fn an_acknowledgement_names_a_channel_once() {
    let mut pair = pair();
    for update in 0..10 {
        pair.helper
            .send_control(&Control::Painted { update }, pair.now)
            .unwrap();
    }
    outputs(&mut pair.helper);
    for (names, sent) in [(1, 10), (2, 0), (120, 0)] {
        let places = Places {
            resume: Resume::Gap,
            next: vec![(Channel::Control, 0); names],
        };
        pair.sharer
            .send(Channel::Ack, &places.encode(), pair.now)
            .unwrap();
        let (acks, _) = outputs(&mut pair.sharer);
        for envelope in acks {
            pair.helper.handle_record(envelope, pair.now);
        }
        let (again, _) = outputs(&mut pair.helper);
        assert_eq!(again.len(), sent, "named {names} times");
    }
}
