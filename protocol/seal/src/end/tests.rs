//! Two ends against each other, over a carrier that the tests break.

#![expect(
    clippy::as_conversions,
    clippy::wildcard_enum_match_arm,
    reason = "tests look at one variant and count small things"
)]

mod latest;
mod model;

use policy::{Gate, Grant, HandshakeHash, InputPass, Level, PairId};
use wire::Header;
use zeroize::Zeroizing;

use super::*;
use crate::handshake::tests::shake;
use crate::keys::Secret;

const MS: Duration = Duration::from_millis(1);

struct Pair {
    helper: End,
    sharer: End,
    now: Duration,
}

/// What came out at one end.
#[derive(Default, Debug)]
struct Got {
    messages: Vec<(Channel, Vec<u8>)>,
    other: Vec<Output>,
}

impl Got {
    fn on(&self, channel: Channel) -> Vec<&[u8]> {
        self.messages
            .iter()
            .filter(|(on, _)| *on == channel)
            .map(|(_, m)| m.as_slice())
            .collect()
    }

    fn dropped(&self) -> Vec<Dropped> {
        let dropped = |output: &Output| match output {
            Output::Dropped(why) => Some(*why),
            _ => None,
        };
        self.other.iter().filter_map(dropped).collect()
    }
}

fn limits() -> Limits {
    Limits::default()
}

fn pair_with(limits: Limits) -> Pair {
    let (helper, sharer) = shake(1);
    Pair {
        helper: End::new(&helper, PairId::FIRST, limits),
        sharer: End::new(&sharer, PairId::FIRST, limits),
        now: Duration::ZERO,
    }
}

fn pair() -> Pair {
    pair_with(limits())
}

/// The pass that the sharer's gate gives for a level with input.
fn pass(generation: u32) -> InputPass {
    let (session, hash) = (SessionId([0; 16]), HandshakeHash([0; 32]));
    let mut gate = Gate::new(session, PairId::FIRST, hash);
    gate.consented(Level::Control, generation);
    gate.challenge("n".into(), Duration::ZERO);
    let grant = Grant {
        session,
        pair: PairId::FIRST,
        level: Level::Control,
        generation,
        sequence: 1,
        hash,
        nonce: "n".into(),
    };
    gate.open(&grant, Duration::ZERO).unwrap().input.unwrap()
}

fn secret(generation: u32) -> Secret {
    let byte = u8::try_from(generation % 251).unwrap() + 1;
    Secret::new(Zeroizing::new([byte; 32]))
}

fn outputs(end: &mut End) -> (Vec<Envelope>, Got) {
    let (mut sent, mut got) = (vec![], Got::default());
    while let Some(output) = end.poll_output() {
        match output {
            Output::Send(envelope) => sent.push(envelope),
            Output::Message { channel, message } => got.messages.push((channel, message.to_vec())),
            other => got.other.push(other),
        }
    }
    (sent, got)
}

impl Pair {
    /// Carries everything both ways until nothing moves. Gives what the helper and the sharer got.
    fn settle(&mut self) -> (Got, Got) {
        let (mut at_helper, mut at_sharer) = (Got::default(), Got::default());
        loop {
            let (from_helper, got) = outputs(&mut self.helper);
            at_helper.messages.extend(got.messages);
            at_helper.other.extend(got.other);
            let (from_sharer, got) = outputs(&mut self.sharer);
            at_sharer.messages.extend(got.messages);
            at_sharer.other.extend(got.other);
            if from_helper.is_empty() && from_sharer.is_empty() {
                return (at_helper, at_sharer);
            }
            from_helper
                .into_iter()
                .for_each(|e| self.sharer.handle_record(e, self.now));
            from_sharer
                .into_iter()
                .for_each(|e| self.helper.handle_record(e, self.now));
        }
    }

    /// A change of keys that the count forces.
    fn renew(&mut self, wear: bool, generation: &mut u32) {
        if wear {
            *generation += 1;
            let pass = pass(*generation);
            self.sharer
                .begin(*generation, &secret(*generation), Some(pass), self.now)
                .unwrap();
        }
    }

    fn begin(&mut self, generation: u32, input: bool) -> (Got, Got) {
        let pass = input.then(|| pass(generation));
        self.sharer
            .begin(generation, &secret(generation), pass, self.now)
            .unwrap();
        self.settle()
    }
}

#[test]
fn before_a_level_stands_only_control_can_be_sent() {
    let mut pair = pair();
    pair.sharer
        .send_control(&Control::Reset {}, pair.now)
        .unwrap();
    assert_eq!(
        pair.sharer.send(Channel::Picture, b"p", pair.now),
        Err(SendError::NotYet)
    );
    assert_eq!(
        pair.helper.send(Channel::Input, b"i", pair.now),
        Err(SendError::NotYet)
    );
    let (at_helper, _) = pair.settle();
    assert_eq!(at_helper.other, [Output::Control(Control::Reset {})]);
}

#[test]
fn messages_of_every_length_arrive_whole() {
    let mut pair = pair();
    pair.begin(1, false);
    for length in [0, 1, FRAGMENT - 1, FRAGMENT, FRAGMENT + 1, 64 * 1024] {
        let message = vec![7; length];
        pair.sharer
            .send(Channel::Picture, &message, pair.now)
            .unwrap();
        let (at_helper, _) = pair.settle();
        assert_eq!(at_helper.on(Channel::Picture), [message.as_slice()]);
    }
    let long = vec![0; 67 * 1024];
    assert_eq!(
        pair.helper.send(Channel::Chat, &long, pair.now),
        Err(SendError::TooLong(long.len()))
    );
}

#[test]
fn a_sharer_without_a_pass_cannot_open_input() {
    let mut pair = pair();
    pair.begin(1, false);
    pair.helper.send(Channel::Input, b"key", pair.now).unwrap();
    let (_, at_sharer) = pair.settle();
    assert_eq!(at_sharer.on(Channel::Input), [] as [&[u8]; 0]);
    assert_eq!(at_sharer.dropped(), [Dropped::NoKey]);
    pair.begin(2, true);
    pair.helper.send(Channel::Input, b"key", pair.now).unwrap();
    let (_, at_sharer) = pair.settle();
    assert_eq!(at_sharer.on(Channel::Input), [b"key".as_slice()]);
}

#[test]
fn on_the_way_down_input_under_way_is_dead_before_anything_is_sent() {
    let mut pair = pair();
    pair.begin(1, true);
    pair.helper.send(Channel::Input, b"late", pair.now).unwrap();
    pair.sharer.deny_input();
    let (_, at_sharer) = pair.settle();
    assert_eq!(at_sharer.on(Channel::Input), [] as [&[u8]; 0]);
    let (_, at_sharer) = pair.begin(2, false);
    assert!(
        at_sharer
            .other
            .contains(&Output::InputGivenUp { records: 1 })
    );
}

#[test]
fn input_sealed_before_the_change_of_generation_is_not_lost() {
    let mut pair = pair();
    pair.begin(1, true);
    pair.sharer
        .begin(2, &secret(2), Some(pass(2)), pair.now)
        .unwrap();
    pair.helper
        .send(Channel::Input, b"before", pair.now)
        .unwrap();
    let (_, at_sharer) = pair.settle();
    assert_eq!(at_sharer.on(Channel::Input), [b"before".as_slice()]);
    pair.helper
        .send(Channel::Input, b"after", pair.now)
        .unwrap();
    let (_, at_sharer) = pair.settle();
    assert_eq!(at_sharer.on(Channel::Input), [b"after".as_slice()]);
}

#[test]
fn a_changed_byte_anywhere_is_dropped_and_the_session_lives() {
    let mut pair = pair();
    pair.begin(1, true);
    pair.helper.send(Channel::Chat, b"hello", pair.now).unwrap();
    let (sent, _) = outputs(&mut pair.helper);
    let frame = sent[0].frame().clone();
    for at in 0..frame.len() {
        let mut bytes = frame.to_vec();
        bytes[at] ^= 1;
        if let Ok(envelope) = Envelope::decode(bytes.into()) {
            pair.sharer.handle_record(envelope, pair.now);
        }
    }
    let (_, got) = outputs(&mut pair.sharer);
    assert!(got.messages.is_empty(), "{got:?}");
    pair.sharer.handle_record(sent[0].clone(), pair.now);
    let (_, at_sharer) = pair.settle();
    assert_eq!(at_sharer.on(Channel::Chat), [b"hello".as_slice()]);
}

#[test]
fn relabelled_replayed_and_reflected_records_are_dropped() {
    let mut pair = pair();
    pair.begin(1, true);
    pair.helper.send(Channel::Chat, b"hello", pair.now).unwrap();
    let (sent, _) = outputs(&mut pair.helper);
    let original = &sent[0];
    let relabel = |change: fn(&mut Header)| {
        let mut header = original.header();
        change(&mut header);
        let mut frame = header.encode(u16::try_from(original.sealed().len()).unwrap());
        frame.extend_from_slice(original.sealed());
        Envelope::decode(frame.into()).unwrap()
    };
    let forged = [
        relabel(|header| header.channel = Channel::Input),
        relabel(|header| header.counter += 1),
        relabel(|header| header.channel = Channel::Cursor),
    ];
    for envelope in forged {
        pair.sharer.handle_record(envelope, pair.now);
        assert_eq!(outputs(&mut pair.sharer).1.dropped(), [Dropped::Forged]);
    }
    let other_pair = relabel(|header| header.pair = PairId::new(1).unwrap());
    pair.sharer.handle_record(other_pair, pair.now);
    assert_eq!(outputs(&mut pair.sharer).1.dropped(), [Dropped::OtherPair]);
    let old = relabel(|header| header.generation = 0);
    pair.sharer.handle_record(old, pair.now);
    assert_eq!(
        outputs(&mut pair.sharer).1.dropped(),
        [Dropped::OtherGeneration]
    );
    pair.helper.handle_record(original.clone(), pair.now);
    assert_eq!(
        outputs(&mut pair.helper).1.dropped(),
        [Dropped::Forged],
        "reflected"
    );
    pair.sharer.handle_record(original.clone(), pair.now);
    assert_eq!(outputs(&mut pair.sharer).1.on(Channel::Chat).len(), 1);
    pair.sharer.handle_record(original.clone(), pair.now);
    assert_eq!(outputs(&mut pair.sharer).1.dropped(), [Dropped::Doubled]);
}

#[test]
fn a_gap_that_does_not_close_is_asked_for() {
    let mut pair = pair();
    pair.begin(1, true);
    for line in [b"one", b"two"] {
        pair.helper.send(Channel::Chat, line, pair.now).unwrap();
    }
    let (sent, _) = outputs(&mut pair.helper);
    pair.sharer.handle_record(sent[1].clone(), pair.now);
    assert!(outputs(&mut pair.sharer).1.messages.is_empty());
    pair.sharer.flush_acks(pair.now);
    let (sharers_ack, _) = outputs(&mut pair.sharer);
    assert_eq!(sharers_ack.len(), 1);
    let due = pair.sharer.poll_timeout().unwrap();
    assert_eq!(due, pair.now + 2000 * MS);
    pair.now = due;
    pair.sharer.handle_timeout(due);
    let (_, at_sharer) = pair.settle();
    assert_eq!(at_sharer.on(Channel::Chat), [b"one".as_slice(), b"two"]);
}

/// An acknowledgement of the picture that is lost with its carrier comes with the word of the next one.
#[test]
fn a_picture_that_arrived_before_the_carrier_was_lost_is_acknowledged_on_the_next() {
    let mut pair = pair();
    pair.begin(1, false);
    pair.sharer
        .send(Channel::Picture, b"all", pair.now)
        .unwrap();
    pair.settle();
    outputs(&mut pair.helper);
    pair.helper.carrier_changed(1, pair.now);
    pair.sharer.carrier_changed(1, pair.now);
    let (_, at_sharer) = pair.settle();
    let acknowledged = Output::Acknowledged { next: 1 };
    assert!(
        at_sharer.other.contains(&acknowledged),
        "{:?}",
        at_sharer.other
    );
    assert!(!at_sharer.other.contains(&Output::RestartPicture));
}

#[test]
fn after_an_outage_of_1500_ms_every_key_arrives_and_after_2100_none_does() {
    for (outage, arrives) in [(1500, true), (2100, false)] {
        let mut pair = pair();
        pair.begin(1, true);
        for key in [b"a", b"b"] {
            pair.helper.send(Channel::Input, key, pair.now).unwrap();
        }
        let lost = outputs(&mut pair.helper).0;
        assert_eq!(lost.len(), 2);
        pair.now += outage * MS;
        pair.helper.carrier_changed(1, pair.now);
        pair.sharer.carrier_changed(1, pair.now);
        let (at_helper, at_sharer) = pair.settle();
        let given_up = Output::InputGivenUp { records: 2 };
        if arrives {
            assert_eq!(at_sharer.on(Channel::Input), [b"a".as_slice(), b"b"]);
        } else {
            assert!(at_sharer.on(Channel::Input).is_empty());
            assert!(at_helper.other.contains(&given_up), "the helper is told");
            assert!(
                at_sharer.other.contains(&given_up),
                "the sharer releases the keys"
            );
        }
        pair.helper.send(Channel::Input, b"c", pair.now).unwrap();
        assert_eq!(
            pair.settle().1.on(Channel::Input).last(),
            Some(&b"c".as_slice())
        );
    }
}

#[test]
fn the_picture_goes_on_after_a_skip_and_is_never_sent_again() {
    let mut pair = pair();
    pair.begin(1, false);
    pair.sharer
        .send(Channel::Picture, b"old", pair.now)
        .unwrap();
    outputs(&mut pair.sharer);
    pair.helper.carrier_changed(1, pair.now);
    let (_, at_sharer) = pair.settle();
    let resumed = Output::Resumed { round: 1 };
    assert_eq!(at_sharer.other, [resumed, Output::RestartPicture]);
    pair.sharer.restart_picture(pair.now);
    pair.sharer
        .send(Channel::Picture, b"new", pair.now)
        .unwrap();
    let (at_helper, _) = pair.settle();
    assert_eq!(at_helper.on(Channel::Picture), [b"new".as_slice()]);
}

#[test]
fn a_resume_that_names_an_impossible_place_seals_nothing() {
    let mut pair = pair();
    pair.begin(1, true);
    pair.helper.send(Channel::Chat, b"one", pair.now).unwrap();
    pair.settle();
    pair.sharer.flush_acks(pair.now);
    pair.settle();
    for next in [0, 99] {
        let places = crate::Places {
            resume: crate::Resume::Gap,
            next: vec![(Channel::Chat, next)],
        };
        pair.sharer
            .send(Channel::Ack, &places.encode(), pair.now)
            .unwrap();
        let (at_helper, at_sharer) = pair.settle();
        assert_eq!(at_helper.dropped(), [Dropped::BadPlace]);
        assert!(at_sharer.messages.is_empty());
    }
}

#[test]
fn a_session_whose_chat_is_not_acknowledged_for_a_minute_is_lost() {
    let mut pair = pair();
    pair.begin(1, false);
    pair.sharer.flush_acks(pair.now);
    pair.helper.flush_acks(pair.now);
    pair.settle();
    pair.helper.send(Channel::Chat, b"one", pair.now).unwrap();
    outputs(&mut pair.helper);
    pair.helper.handle_timeout(pair.now + 59_999 * MS);
    assert!(outputs(&mut pair.helper).1.other.is_empty());
    pair.helper.handle_timeout(pair.now + 60_000 * MS);
    assert_eq!(outputs(&mut pair.helper).1.other, [Output::Lost]);
}

#[test]
fn keys_wear_out_and_a_new_generation_renews_them() {
    let mut pair = pair_with(Limits {
        records_per_key: 32,
    });
    pair.begin(1, true);
    let mut refused = false;
    for _ in 0..33 {
        refused |= pair.helper.send(Channel::Chat, b"x", pair.now).is_err();
    }
    assert!(refused, "a key seals no more than its limit");
    let (at_helper, at_sharer) = pair.settle();
    assert!(at_helper.other.contains(&Output::KeysWear));
    assert!(
        at_sharer.other.contains(&Output::KeysWear),
        "the helper asks by itself"
    );
    pair.begin(2, true);
    assert!(pair.helper.send(Channel::Chat, b"x", pair.now).is_ok());
}

/// A new generation costs consent, grant and a line of the record: a helper cannot ask for many at once.
#[test]
fn a_helper_asks_for_new_keys_once_a_generation() {
    let mut pair = pair();
    for generation in 1..3 {
        pair.begin(generation, true);
        for _ in 0..3 {
            pair.helper
                .send_control(&Control::Rekey {}, pair.now)
                .unwrap();
        }
        let (_, at_sharer) = pair.settle();
        assert_eq!(at_sharer.other, [Output::KeysWear]);
    }
    pair.sharer
        .send_control(&Control::Rekey {}, pair.now)
        .unwrap();
    let (at_helper, _) = pair.settle();
    assert_eq!(at_helper.other, [], "only the helper asks");
}

#[test]
fn old_keys_open_what_is_resumed_across_a_change_of_generation() {
    let mut pair = pair();
    pair.begin(1, true);
    pair.helper.send(Channel::Chat, b"lost", pair.now).unwrap();
    outputs(&mut pair.helper);
    pair.begin(2, true);
    pair.now += 30_000 * MS;
    pair.sharer.handle_timeout(pair.now);
    pair.helper.carrier_changed(1, pair.now);
    pair.sharer.carrier_changed(1, pair.now);
    let (_, at_sharer) = pair.settle();
    assert_eq!(at_sharer.on(Channel::Chat), [b"lost".as_slice()]);
}
