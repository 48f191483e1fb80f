//! What a grant costs the sharer: to verify one, and to ask the gate about an event.

use std::hint::black_box;
use std::time::{Duration, Instant};

use ::policy::{Gate, Grant, HandshakeHash, Level, PairId, SessionId};
use identity::{GrantToken, SigningKey};

use crate::Effort;
use crate::figure::{Group, median, percentile};

/// Adds both figures to those of the decision.
pub(crate) fn add(group: &mut Group, effort: Effort) {
    let key = SigningKey::new([3; 32]).expect("a seed is a key");
    let keys = [key.public()];
    let token = GrantToken {
        grant: grant(),
        tenant: "contoso".to_owned(),
        helper_key: [4; 32],
    };
    let signed = token.sign(&key);
    let mut took = vec![];
    for _ in 0..effort.pick(200, 5_000) {
        let begun = Instant::now();
        let read = black_box(GrantToken::verify(black_box(&signed), &keys));
        took.push(1e6 * begun.elapsed().as_secs_f64());
        assert_eq!(read.as_ref(), Ok(&token));
    }
    group.note("a signed grant verified, median", median(&took), "µs");
    group.note("a signed grant verified, p95", percentile(&took, 95), "µs");

    let gate = open();
    let mut each = vec![];
    for _ in 0..effort.pick(20, 200) {
        let begun = Instant::now();
        for _ in 0..CHECKS {
            assert!(
                black_box(&gate)
                    .admit(black_box(Duration::from_secs(1)))
                    .is_ok()
            );
        }
        each.push(1e9 * begun.elapsed().as_secs_f64() / f64::from(CHECKS));
    }
    group.note("the gate asked about an event, median", median(&each), "ns");
}

fn open() -> Gate {
    let mut gate = Gate::new(SessionId([1; 16]), PairId::FIRST, HandshakeHash([2; 32]));
    gate.consented(Level::Control, 1);
    gate.challenge("n".to_owned(), Duration::ZERO);
    let opened = gate.open(&grant(), Duration::ZERO);
    assert!(opened.is_ok(), "the grant is the right one");
    gate
}

fn grant() -> Grant {
    Grant {
        session: SessionId([1; 16]),
        pair: PairId::FIRST,
        level: Level::Control,
        generation: 1,
        sequence: 1,
        hash: HandshakeHash([2; 32]),
        nonce: "n".to_owned(),
    }
}

/// One alone is shorter than the clock can tell.
const CHECKS: u32 = 10_000;
