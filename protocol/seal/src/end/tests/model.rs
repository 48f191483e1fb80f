//! The reference model of a reliable channel: a list. A carrier that reorders, doubles and cuts, a million records, and a tap.

use std::collections::BTreeSet;

use super::*;

/// A small random source of the tests' own, so that a failure can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

/// DESIGN 3: the reference model of a reliable channel is a list. 10^6 records over 200 changes of carrier with reordering,
/// doubling and cuts; keys change before their limit; a tap on the carrier sees no (key, nonce) pair with two texts.
#[test]
fn a_million_records_arrive_once_and_in_order_and_no_nonce_repeats() {
    let mut pair = pair_with(Limits {
        records_per_key: 1 << 14,
    });
    let mut dice = Dice(0x5eed);
    let mut tap = Tap::default();
    pair.begin(1, true);
    let mut generation = 1;
    let (mut sent, mut delivered) = ([0u64; 2], [0u64; 2]);
    let channels = [Channel::Chat, Channel::Input];
    let mut flying: Vec<Envelope> = vec![];
    for _carrier in 0..200 {
        let cut_at = dice.roll(2500) + 4000;
        let goal = sent[0] + sent[1] + cut_at;
        while sent[0] + sent[1] < goal {
            let which = usize::try_from(dice.roll(2)).unwrap();
            let message = sent[which].to_be_bytes();
            if pair
                .helper
                .send(channels[which], &message, pair.now)
                .is_ok()
            {
                sent[which] += 1;
            }
            if sent[0].wrapping_add(sent[1]) % 29 == 0 {
                pair.now += MS;
                let wear = exchange(&mut pair, &mut tap, &mut dice, &mut flying, &mut delivered);
                pair.renew(wear, &mut generation);
            }
        }
        // The cut: what flies is lost; both ends resume on the next carrier.
        let survive = usize::try_from(dice.roll(4)).unwrap();
        flying.truncate(survive);
        outputs(&mut pair.helper).0.iter().for_each(|e| tap.see(e));
        outputs(&mut pair.sharer).0.iter().for_each(|e| tap.see(e));
        pair.now += MS * 300;
        pair.helper.carrier_changed(1, pair.now);
        pair.sharer.carrier_changed(1, pair.now);
        for _ in 0..6 {
            let wear = exchange(&mut pair, &mut tap, &mut dice, &mut flying, &mut delivered);
            pair.renew(wear, &mut generation);
        }
    }
    for _ in 0..40 {
        pair.now += MS * 100;
        pair.helper.handle_timeout(pair.now);
        pair.sharer.handle_timeout(pair.now);
        exchange(&mut pair, &mut tap, &mut dice, &mut flying, &mut delivered);
    }
    assert_eq!(delivered, sent);
    assert!(sent[0] + sent[1] >= 1_000_000, "{sent:?}");
    assert!(generation > 20, "keys changed {generation} times");
}

/// Everything that flies is delivered in some order, some of it twice. Gives whether keys have to be renewed.
fn exchange(
    pair: &mut Pair,
    tap: &mut Tap,
    dice: &mut Dice,
    flying: &mut Vec<Envelope>,
    delivered: &mut [u64; 2],
) -> bool {
    let mut wear = false;
    for _ in 0..3 {
        let (from_helper, got) = outputs(&mut pair.helper);
        assert!(!got.other.contains(&Output::Lost));
        flying.extend(from_helper);
        for _ in 0..flying.len() / 8 {
            let (a, b) = (dice.roll(flying.len() as u64), dice.roll(8));
            let a = usize::try_from(a).unwrap();
            let b = (a + usize::try_from(b).unwrap()).min(flying.len() - 1);
            flying.swap(a, b);
        }
        for envelope in flying.drain(..) {
            tap.see(&envelope);
            if dice.roll(50) == 0 {
                pair.sharer.handle_record(envelope.clone(), pair.now);
            }
            pair.sharer.handle_record(envelope, pair.now);
        }
        let (from_sharer, got) = outputs(&mut pair.sharer);
        wear |= got.other.contains(&Output::KeysWear);
        for (channel, message) in got.messages {
            let which = usize::from(channel == Channel::Input);
            let number = u64::from_be_bytes(message.try_into().unwrap());
            assert_eq!(
                number, delivered[which],
                "{channel:?}: lost, doubled or out of order"
            );
            delivered[which] += 1;
        }
        for envelope in from_sharer {
            tap.see(&envelope);
            pair.helper.handle_record(envelope, pair.now);
        }
    }
    wear
}

/// Sees every record on the way and remembers what each (key, nonce) pair sealed.
#[derive(Default)]
struct Tap {
    seen: BTreeSet<(u8, u32, u64, [u8; 16])>,
    places: BTreeSet<(u8, u32, u64)>,
}

impl Tap {
    /// The key is named by direction, channel and generation; directions share no channel here but control and ack, whose
    /// sender is told by its tag being seen with another text, so those two are left to the window tests.
    fn see(&mut self, envelope: &Envelope) {
        let header = envelope.header();
        if matches!(header.channel, Channel::Control | Channel::Ack) {
            return;
        }
        let place = (header.channel.number(), header.generation, header.counter);
        let sealed = envelope.sealed();
        let tag: [u8; 16] = sealed[sealed.len() - 16..].try_into().unwrap();
        let fresh = self.places.insert(place);
        let (channel, generation, counter) = place;
        let known = !self.seen.insert((channel, generation, counter, tag));
        assert!(
            fresh || known,
            "a (key, nonce) pair sealed two texts: {header:?}"
        );
    }
}
