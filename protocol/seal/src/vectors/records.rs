//! The key schedule, and one sealed record of each channel. Keys are computed a second time here, by another library.

use std::time::Duration;

use hkdf::Hkdf;
use policy::{HandshakeHash, PairId};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use serde_json::{Value, json};
use sha2::Sha256;
use wire::{Channel, Role};
use zeroize::Zeroizing;

use super::{hex, keep};
use crate::keys::{Purpose, RecordKey, Secret};
use crate::outbox::{Outbox, Sealing};

const SECRET: [u8; 32] = [0x11; 32];
const HASH: [u8; 32] = [0x22; 32];
const SESSION: [u8; 16] = [0x33; 16];

#[test]
fn records_keep_their_bytes() {
    let channels = || {
        Channel::ALL
            .into_iter()
            .filter(|channel| *channel != Channel::Handshake)
    };
    let mut records: Vec<Value> = channels()
        .map(|channel| record(Role::Helper, channel, 1, 0, b"from the helper", false))
        .chain(
            channels()
                .map(|channel| record(Role::Sharer, channel, 1, 0, b"from the sharer", false)),
        )
        .collect();
    records.push(record(
        Role::Helper,
        Channel::Control,
        0,
        2,
        b"generation 0",
        false,
    ));
    records.push(record(
        Role::Sharer,
        Channel::Picture,
        70_000,
        300,
        &[7; 900],
        true,
    ));
    records.push(record(Role::Helper, Channel::Chat, 2, 1, &[], false));
    let about = "AES-256-GCM: key, nonce and associated data as SPEC 9 derives them from secret, hash and session; `frame` is \
                 the whole record, `text` its plaintext with padding, `fragment` what the padding holds";
    let made = json!({
        "about": about,
        "secret": hex(&SECRET),
        "hash": hex(&HASH),
        "session": hex(&SESSION),
        "records": records,
    });
    keep("records.json", &made);
}

fn record(
    sender: Role,
    channel: Channel,
    generation: u32,
    counter: u64,
    fragment: &[u8],
    more: bool,
) -> Value {
    let number = match sender {
        Role::Helper => 1,
        Role::Sharer => 2,
    };
    let purpose = Purpose {
        hash: HandshakeHash(HASH),
        sender,
        channel,
        generation,
    };
    let record_key = RecordKey::derive(&Secret::new(Zeroizing::new(SECRET)), purpose).unwrap();
    let context = [&HASH[..], &SESSION, &[number]].concat();
    let sealing = Sealing {
        key: &record_key,
        pair: PairId::FIRST,
        generation,
        context: &context,
    };
    let mut outbox = Outbox::new(channel);
    let mut seal = || {
        outbox
            .seal(&sealing, fragment, more, Duration::ZERO)
            .unwrap()
    };
    let envelope = (0..=counter).map(|_| seal()).last().unwrap();
    let data = [context.as_slice(), envelope.clear()].concat();
    let schedule = Schedule::compute(number, channel, generation, counter);
    let mut sealed = envelope.sealed().to_vec();
    let text = schedule.open(&data, &mut sealed);
    assert_eq!(&text[3..3 + fragment.len()], fragment);
    json!({
        "sender": number,
        "channel": channel.number(),
        "generation": generation,
        "counter": counter,
        "key": hex(&schedule.key),
        "salt": hex(&schedule.salt),
        "nonce": hex(&schedule.nonce),
        "associated": hex(&data),
        "frame": hex(envelope.frame()),
        "text": hex(text),
        "more": more,
        "fragment": hex(fragment),
    })
}

/// Section 9.1 of SPEC, without the crate's own code.
struct Schedule {
    key: [u8; 32],
    salt: [u8; 12],
    nonce: [u8; 12],
}

impl Schedule {
    fn compute(sender: u8, channel: Channel, generation: u32, counter: u64) -> Self {
        let info = |label: &[u8]| {
            let generation = generation.to_be_bytes();
            [label, &HASH, &[sender, channel.number()], &generation].concat()
        };
        let (mut key, mut salt) = ([0; 32], [0; 12]);
        let expand = Hkdf::<Sha256>::new(None, &SECRET);
        expand.expand(&info(b"rh/1 key"), &mut key).unwrap();
        expand.expand(&info(b"rh/1 salt"), &mut salt).unwrap();
        let mut nonce = salt;
        for (byte, counter) in nonce[4..].iter_mut().zip(counter.to_be_bytes()) {
            *byte ^= counter;
        }
        Self { key, salt, nonce }
    }

    fn open<'a>(&self, data: &[u8], sealed: &'a mut [u8]) -> &'a [u8] {
        let key = UnboundKey::new(&AES_256_GCM, &self.key).unwrap();
        LessSafeKey::new(key)
            .open_in_place(
                Nonce::assume_unique_for_key(self.nonce),
                Aad::from(data),
                sealed,
            )
            .expect("the key of section 9.1 opens it")
    }
}
