//! Levels: what is asked, what the person says, what stands.

use client::stdio::emit;
use policy::{CHALLENGE_EVERY, Grant, Level, PairId};
use seal::{Entropy, Secret};
use serde_json::json;
use tracing::warn;
use wire::{Answer, Fault, ToRelay};
use zeroize::Zeroizing;

use super::{Session, Shared};
use crate::broadcast::Broadcast;

impl Session {
    /// The helper asks for a level. Down is taken without a question, up is put to the person.
    pub(super) fn asked(&mut self, level: Level, within: u32) {
        let Some(shared) = &mut self.shared else {
            return;
        };
        if shared.hands.level().is_some_and(|now| level < now) {
            return self.answer(level, Answer::Allow);
        }
        shared.asked = Some(level);
        shared.hands.question(true);
        emit("asked", json!({"level": level.word(), "within": within}));
    }

    /// The person answers.
    pub(super) fn reply(&mut self, answer: Answer) {
        let asked = self.shared.as_mut().and_then(|shared| shared.asked.take());
        match asked {
            Some(level) => self.answer(level, answer),
            None => emit("unknown_command", json!({"text": "nothing is asked"})),
        }
    }

    /// The question is gone.
    pub(super) fn withdrawn(&mut self) {
        if let Some(shared) = &mut self.shared {
            shared.asked = None;
            shared.hands.question(false);
            emit("withdrawn", json!({}));
        }
    }

    /// The person takes the level down: input stops before anybody is told.
    pub(super) fn lower(&mut self, level: Level) {
        let standing = self.shared.as_ref().and_then(|shared| shared.hands.level());
        if standing.is_some_and(|now| level < now) {
            self.answer(level, Answer::Allow);
        } else {
            emit(
                "unknown_command",
                json!({"text": "that is not lower than the level now"}),
            );
        }
    }

    /// The keys wear out: the same level in the next generation. Nobody is asked.
    pub(super) fn renew_keys(&mut self) {
        if let Some(level) = self.shared.as_ref().and_then(|shared| shared.hands.level()) {
            self.answer(level, Answer::Allow);
        }
    }

    /// A consent was not taken: the level that the relay last granted, in the next generation. Nobody is asked.
    pub(super) fn consent_again(&mut self) {
        let behind = |shared: &&Shared| shared.generation > shared.sealed.generation();
        let granted = self
            .shared
            .as_ref()
            .filter(behind)
            .and_then(|shared| shared.granted);
        if let Some(level) = granted {
            self.answer(level, Answer::Allow);
        }
    }

    /// Tells the relay what the person said, bound to this handshake and the next generation.
    fn answer(&mut self, level: Level, answer: Answer) {
        let now = self.talk.clock.now();
        let nonce = self.talk.entropy.text();
        let Some(shared) = &mut self.shared else {
            return;
        };
        shared.hands.question(false);
        if answer == Answer::Allow {
            shared.generation += 1;
            if !level.includes_input() {
                shared.sealed.deny_input();
            }
            shared.hands.consented(level, shared.generation);
            shared.hands.challenge(nonce.clone(), now);
        }
        let (pair, generation, hash) = (shared.pair, shared.generation, shared.hash);
        self.talk.log.write(
            "answered",
            json!({"level": level.word(), "allowed": answer == Answer::Allow}),
        );
        self.talk.tell(&ToRelay::Consent {
            pair,
            level,
            generation,
            hash,
            answer,
            nonce,
        });
    }

    /// Renews the grant.
    pub(super) fn challenge(&mut self) {
        let now = self.talk.clock.now();
        let nonce = self.talk.entropy.text();
        let Some(shared) = &mut self.shared else {
            return;
        };
        shared.hands.challenge(nonce.clone(), now);
        let (pair, generation) = (shared.pair, shared.generation);
        self.talk.tell(&ToRelay::Challenge {
            pair,
            generation,
            nonce,
        });
    }

    /// The relay says that a level stands. The gate judges it.
    pub(super) fn granted(&mut self, grant: &Grant) {
        let now = self.talk.clock.now();
        let Some(shared) = &mut self.shared else {
            return;
        };
        let opened = match shared.hands.open(grant, now) {
            Ok(opened) => opened,
            Err(why) => return warn!(?why, "a grant was refused"),
        };
        shared.challenge_at.get_or_insert(now + CHALLENGE_EVERY);
        if grant.generation <= shared.sealed.generation() {
            return;
        }
        let secret = Secret::new(Zeroizing::new(self.talk.entropy.draw()));
        if let Err(error) = shared
            .sealed
            .begin(grant.generation, &secret, opened.input, now)
        {
            warn!(%error, "a generation did not begin");
            return self.fail(Fault::Protocol);
        }
        shared.granted = Some(opened.level);
        emit("granted", json!({"level": opened.level.word()}));
        self.talk
            .log
            .write("granted", json!({"level": opened.level.word()}));
        self.start_picture(grant.pair);
    }

    fn start_picture(&mut self, pair: PairId) {
        let Some(shared) = self.shared.as_mut().filter(|shared| shared.pair == pair) else {
            return;
        };
        let Shared {
            broadcast, source, ..
        } = shared;
        if broadcast.is_some() {
            return;
        }
        let Some(source) = source.take() else { return };
        match Broadcast::new(source) {
            Ok(started) => *broadcast = Some(started),
            Err(error) => self.screen_trouble(&error),
        }
    }
}
