//! Damaged vectors at every decoder of the protocol: a value or an error, never a panic, never without end.
//!
//! The same seeds and the same damage in every run; `tests/fuzz` looks further with a fuzzer's eyes.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use policy::{PairId, SessionId};
use seal::handshake::{Attempts, Context, Established, HandshakeError, Helper, Sharer, StaticKey};
use seal::{Control, CursorPlace, End, Input, LaserPlace, Limits, Line, Output, Places};
use serde_json::Value;
use wire::{Channel, Code, Frame, FromRelay, ToRelay};

use super::text;

const RUNS: usize = 20_000;
/// Each flight costs key exchanges, and a loaded machine must stay far below the minute of nextest.
const FLIGHTS: usize = 5_000;

#[test]
fn frames() {
    let seeds = bytes_in(&vectors("wire.json"));
    damage(&seeds, RUNS, |bytes| {
        Frame::decode(Bytes::copy_from_slice(bytes)).is_ok()
    });
}

#[test]
fn relay_messages() {
    let vectors = vectors("messages.json");
    let seeds = texts(&vectors["to_relay"]);
    damage(&seeds, RUNS, |bytes| ToRelay::parse(bytes).is_ok());
    let seeds = texts(&vectors["from_relay"]);
    damage(&seeds, RUNS, |bytes| FromRelay::parse(bytes).is_ok());
}

#[test]
fn typed_codes() {
    let codes = vectors("code.json");
    let typed = |case: &Value| case["typed"].as_str().unwrap().as_bytes().to_vec();
    let seeds: Vec<Vec<u8>> = codes["codes"]
        .as_array()
        .unwrap()
        .iter()
        .map(typed)
        .collect();
    damage(&seeds, RUNS, |bytes| {
        Code::parse(&String::from_utf8_lossy(bytes)).is_ok()
    });
}

#[test]
fn messages_of_the_channels() {
    let input = bytes_in(&vectors("input.json"));
    damage(&input, RUNS, |bytes| Input::decode(bytes).is_ok());
    let chat = bytes_in(&vectors("chat.json"));
    damage(&chat, RUNS, |bytes| Line::decode(bytes).is_ok());
    let pointers = bytes_in(&vectors("cursor.json"));
    damage(&pointers, RUNS, |bytes| CursorPlace::decode(bytes).is_ok());
    damage(&pointers, RUNS, |bytes| LaserPlace::decode(bytes).is_ok());
    let places = bytes_in(&vectors("places.json"));
    damage(&places, RUNS, |bytes| Places::decode(bytes).is_ok());
    let control = texts(&vectors("control.json")["messages"]);
    damage(&control, RUNS, |bytes| Control::decode(bytes).is_ok());
}

/// SPEC 7.8: a damaged part of a video is an error or a part; what a picture holds is bounded either way.
#[test]
fn parts_of_a_video() {
    let parts = bytes_in(&vectors("video.json")["parts"]);
    damage(&parts, RUNS, |bytes| {
        picture::Frames::default().push(bytes).is_ok()
    });
}

#[test]
fn first_flights() {
    let flights = bytes_list(&vectors("handshake.json")["flights"]);
    let key = StaticKey::new([1; 32]);
    damage(&flights[..1], FLIGHTS, |flight| {
        let mut attempts = Attempts::new(code());
        let answered = attempts.answer(context(), flight, &key, &mut entropy());
        let unanswerable = matches!(
            answered,
            Err(HandshakeError::Malformed(_)
                | HandshakeError::Version(_)
                | HandshakeError::NoSuite)
        );
        let left = if unanswerable { 3 } else { 2 };
        assert!(
            attempts.left() == left || matches!(answered, Err(HandshakeError::SecurityCheck)),
            "a flight that cannot be answered uses up no attempt, every other one does"
        );
        answered.is_ok()
    });
}

/// Without a code there are no attempts to be counted, and a flight with one is malformed.
#[test]
fn first_flights_without_a_code() {
    let flights = bytes_list(&vectors("invitation.json")["flights"]);
    let with_code = bytes_list(&vectors("handshake.json")["flights"]);
    let key = StaticKey::new([1; 32]);
    let answer = |flight: &[u8]| Helper::invited(context(), flight, &key, &mut entropy());
    damage(&flights[..1], FLIGHTS, |flight| answer(flight).is_ok());
    let answered = answer(&with_code[0]);
    assert!(matches!(answered.err(), Some(HandshakeError::Malformed(_))));
}

/// Without the code no second flight is taken, damaged or not.
#[test]
fn second_flights() {
    let flights = bytes_list(&vectors("handshake.json")["flights"]);
    let key = StaticKey::new([1; 32]);
    damage(&flights[1..2], FLIGHTS, |flight| {
        let (sharer, _) = Sharer::new(context(), &code(), key.clone(), &mut entropy());
        let answered = sharer.read_second(flight, b"");
        assert!(answered.is_err(), "it answers another first flight");
        true
    });
}

/// Damaged records: not one opens.
#[test]
fn records_at_an_end() {
    let (mut helper, mut sharer) = ends();
    for update in 0..20 {
        let painted = Control::Painted { update };
        sharer.send_control(&painted, Duration::ZERO).unwrap();
    }
    let seeds: Vec<Vec<u8>> = std::iter::from_fn(|| sharer.poll_output())
        .filter_map(|output| match output {
            Output::Send(envelope) => Some(envelope.into_frame().to_vec()),
            _ => None,
        })
        .collect();
    let mut now = Duration::ZERO;
    damage(&seeds, RUNS, |bytes| {
        let Ok(Frame::Sealed(envelope)) = Frame::decode(Bytes::copy_from_slice(bytes)) else {
            return false;
        };
        if seeds.iter().any(|seed| seed == bytes) {
            return true;
        }
        now += Duration::from_millis(5);
        helper.handle_record(envelope, now);
        helper.handle_timeout(now);
        while let Some(output) = helper.poll_output() {
            assert!(
                !matches!(output, Output::Control(_) | Output::Message { .. }),
                "{output:?}"
            );
        }
        true
    });
}

/// Damaged messages in good seals: what a peer that lies can do.
#[test]
fn sealed_nonsense_at_an_end() {
    let control = texts(&vectors("control.json")["messages"]);
    let places = bytes_in(&vectors("places.json"));
    for (channel, seeds) in [(Channel::Control, control), (Channel::Ack, places)] {
        let (mut helper, mut sharer) = ends();
        let mut now = Duration::ZERO;
        damage(&seeds, RUNS, |message| {
            now += Duration::from_millis(5);
            // The peer may have been talked into a level whose keys this end lacks; that is its own trouble.
            let sent = sharer.send(channel, message, now).is_ok();
            while let Some(output) = sharer.poll_output() {
                if let Output::Send(envelope) = output {
                    helper.handle_record(envelope, now);
                }
            }
            helper.handle_timeout(now);
            while let Some(output) = helper.poll_output() {
                if let Output::Send(envelope) = output {
                    sharer.handle_record(envelope, now);
                }
            }
            sent
        });
    }
}

#[test]
fn picture_slices() {
    let slices: Vec<Vec<u8>> = vectors("picture/session.json")["slices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|slice| STANDARD.decode(slice["slice"].as_str().unwrap()).unwrap())
        .collect();
    let fresh = || picture::Decoder::new(picture::Limits::default());
    let (mut decoder, mut pushed) = (fresh(), 0);
    damage(&slices, RUNS, |bytes| {
        pushed += 1;
        if pushed % 64 == 0 {
            // A damaged Reset may name a context that nothing follows.
            decoder = fresh();
            for slice in &slices[..pushed / 64 % slices.len()] {
                decoder.push_slice(slice).unwrap();
            }
        }
        decoder.push_slice(bytes).is_ok()
    });
}

/// Both ends of a handshake: helper, sharer.
pub(crate) fn ends() -> (End, End) {
    let end = |established: &Established| End::new(established, PairId::FIRST, Limits::default());
    let mut entropy = entropy();
    let key = StaticKey::new([1; 32]);
    let (sharer, first) = Sharer::new(context(), &code(), key.clone(), &mut entropy);
    let mut attempts = Attempts::new(code());
    let (helper, second) = attempts
        .answer(context(), &first, &key, &mut entropy)
        .unwrap();
    let (sharer, third) = sharer.read_second(&second, b"sharer").unwrap();
    let (helper, fourth) = helper
        .read_third(&third)
        .unwrap()
        .answer(b"helper")
        .unwrap();
    (end(&helper), end(&sharer.read_fourth(&fourth).unwrap()))
}

fn context() -> Context {
    Context {
        session: SessionId([3; 16]),
        tenant: "contoso".into(),
    }
}

fn code() -> Code {
    Code::parse("04718362").unwrap()
}

fn entropy() -> impl FnMut(&mut [u8]) {
    let mut dice = Dice(7);
    move |bytes: &mut [u8]| bytes.fill_with(|| dice.byte())
}

/// Runs `decode` on damaged seeds. Some must be taken, or the damage is too heavy to reach anything.
fn damage(seeds: &[Vec<u8>], runs: usize, mut decode: impl FnMut(&[u8]) -> bool) {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut taken = 0;
    for _ in 0..runs {
        let mut bytes = dice.of(seeds).clone();
        for _ in 0..dice.below(4) {
            hurt(&mut bytes, seeds, &mut dice);
        }
        taken += usize::from(decode(&bytes));
    }
    assert!(taken > 0, "not one of {runs} got through");
}

/// One injury.
fn hurt(bytes: &mut Vec<u8>, seeds: &[Vec<u8>], dice: &mut Dice) {
    let place = dice.below(bytes.len() + 1);
    match dice.below(7) {
        0 => bytes.truncate(place),
        1 => bytes.insert(place, dice.byte()),
        2 => {
            let tail = bytes.split_off(place);
            bytes.extend(tail.iter().chain(&tail).take(40_000));
        }
        3 => {
            let other = dice.of(seeds);
            bytes.truncate(place);
            bytes.extend(other.iter().skip(place));
        }
        4 if place < bytes.len() => {
            bytes.remove(place);
        }
        5 => bytes
            .iter_mut()
            .skip(place)
            .take(1)
            .for_each(|byte| *byte = [0, 1, 0x7f, 0x80, 0xff][dice.below(5)]),
        _ => bytes
            .iter_mut()
            .skip(place)
            .take(1)
            .for_each(|byte| *byte ^= 1 << dice.below(8)),
    }
}

/// A small generator: xorshift64*.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap() % limit
    }

    fn byte(&mut self) -> u8 {
        self.next().to_be_bytes()[0]
    }

    fn of<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }
}

fn vectors(name: &str) -> Value {
    let text = text(&format!("protocol/vectors/{name}")).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Every `bytes` in the file, good and refused.
fn bytes_in(value: &Value) -> Vec<Vec<u8>> {
    match value {
        Value::Array(list) => list.iter().flat_map(bytes_in).collect(),
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, value)| match value {
                Value::String(text) if name == "bytes" => vec![unhex(text)],
                other => bytes_in(other),
            })
            .collect(),
        _ => vec![],
    }
}

fn bytes_list(list: &Value) -> Vec<Vec<u8>> {
    let texts = list.as_array().unwrap().iter();
    texts.map(|text| unhex(text.as_str().unwrap())).collect()
}

fn texts(list: &Value) -> Vec<Vec<u8>> {
    let texts = list.as_array().unwrap().iter();
    texts
        .map(|text| text.as_str().unwrap().as_bytes().to_vec())
        .collect()
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}
