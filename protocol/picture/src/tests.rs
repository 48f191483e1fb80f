//! Tests of the encoder and the decoder together.

mod budget;
mod exact;
mod hostile;
mod motion;
mod vectors;
mod video;

use std::time::Duration;

use crate::{Decoder, Encoder, Limits, Picture, Rect, Slice};

/// Both ends, and what went between them.
struct Pair {
    encoder: Encoder,
    decoder: Decoder,
    slices: Vec<Slice>,
    now: Duration,
}

impl Pair {
    fn new() -> Self {
        let limits = Limits::default();
        let (encoder, decoder) = (Encoder::new(limits), Decoder::new(limits));
        Self {
            encoder,
            decoder,
            slices: Vec::new(),
            now: Duration::ZERO,
        }
    }

    /// Sends one slice of the update under way; false if there is none.
    fn send(&mut self, screen: &Picture) -> bool {
        let Some(slice) = self.encoder.next_slice(screen).unwrap() else {
            return false;
        };
        let applied = self.decoder.push_slice(&slice.bytes).unwrap();
        assert_eq!(
            (applied.context, applied.update),
            (slice.context, slice.update)
        );
        assert_eq!(applied.last, slice.last);
        assert_eq!(self.decoder.picture(), self.encoder.mirror());
        self.slices.push(slice);
        true
    }

    /// Sends a whole update and returns its bytes.
    fn update(&mut self, screen: &Picture, damage: &[Rect]) -> usize {
        let before = self.slices.len();
        self.encoder.add_damage(damage);
        if self.encoder.begin(screen, 0, self.now) {
            while self.send(screen) {}
        }
        self.slices[before..]
            .iter()
            .map(|slice| slice.bytes.len())
            .sum()
    }

    /// Sends until nothing is left, waking the encoder when it asks for it.
    fn settle(&mut self, screen: &Picture) {
        for _ in 0..100 {
            self.update(screen, &[]);
            if let Some(deadline) = self.encoder.deadline() {
                assert!(deadline > self.now, "a deadline that never passes");
                self.now = deadline;
            } else if self.encoder.is_quiet() {
                return;
            }
        }
        panic!("the encoder does not come to rest");
    }
}
