//! Levels: what is asked, what the person says, what stands.

use std::time::{SystemTime, UNIX_EPOCH};

use client::stdio::{emit, emit_fault};
use identity::ConsentText;
use policy::{CHALLENGE_EVERY, Level, PairId, PublicBytes};
use seal::{Entropy, Secret};
use serde_json::json;
use tracing::warn;
use wire::{Answer, Fault, Signed, ToRelay, Ui};
use zeroize::Zeroizing;

use super::{Session, Shared};
use crate::broadcast::Broadcast;

impl Session {
    /// The helper asks for a level. Down is taken without a question, up is put to the person. What this program cannot carry out
    /// is put to nobody, whatever the relay says: a person must not be led to agree to it.
    pub(super) fn asked(&mut self, level: Level, within: u32) {
        if level.needs_second_authority() {
            warn!(%level, "a level that is not available here was asked for");
            return self.refuse(level);
        }
        let Some(shared) = &mut self.shared else {
            return;
        };
        if shared.hands.level().is_some_and(|now| level < now) {
            return self.consent(level, None, Ui::Unattended);
        }
        shared.asked = Some(level);
        shared.hands.question(true);
        emit("asked", json!({"level": level.word(), "within": within}));
    }

    /// The person says yes. With a stranger control waits; a program's yes counts only where the organisation takes it.
    pub(super) fn allow(&mut self, shown: Option<&str>, ui: Option<Ui>) {
        let now = self.talk.clock.now();
        let ui = ui.unwrap_or(Ui::Unattended);
        let Some((shared, level)) = self.asked_level() else {
            return nothing_asked();
        };
        if level.includes_input() && shared.control_from.is_none_or(|from| now < from) {
            return emit_fault(Fault::FirstContact, None);
        }
        if ui == Ui::Unattended && !self.talk.judge.policy().scripted_consent {
            return emit_fault(Fault::ScriptedConsent, None);
        }
        if let Some(shared) = &self.shared {
            self.contacts.note(&shared.peer);
        }
        self.consent(level, shown, ui);
    }

    /// The person says no.
    pub(super) fn decline(&mut self) {
        match self.asked_level() {
            Some((_, level)) => self.refuse(level),
            None => nothing_asked(),
        }
    }

    fn asked_level(&self) -> Option<(&Shared, Level)> {
        let shared = self.shared.as_ref()?;
        Some((shared, shared.asked?))
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
            self.consent(level, None, Ui::Unattended);
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
            self.consent(level, None, Ui::Unattended);
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
            self.consent(level, None, Ui::Unattended);
        }
    }

    /// Tells the relay that the person allows this level, signed, for this handshake and the next generation.
    fn consent(&mut self, level: Level, shown: Option<&str>, ui: Ui) {
        let now = self.talk.clock.now();
        let nonce = self.talk.entropy.text();
        let Some(shared) = &mut self.shared else {
            return;
        };
        shared.asked = None;
        shared.hands.question(false);
        shared.generation += 1;
        if !level.includes_input() {
            shared.sealed.deny_input();
        }
        shared.hands.consented(level, shared.generation);
        shared.hands.challenge(nonce.clone(), now);
        let text = ConsentText {
            session: shared.session,
            tenant: self.talk.judge.tenant().to_owned(),
            pair: shared.pair,
            level,
            generation: shared.generation,
            hash: shared.hash,
            helper_key: shared.peer.x25519,
            issuer: shared.peer.issuer.clone(),
            subject: shared.peer.person.0.clone(),
            shown: shown.map_or([0; 32], digest),
            at: unix_millis(),
            ui,
        };
        let signature = text.sign(self.talk.me.signing());
        self.told_answer(level, true);
        self.talk.tell(&ToRelay::Consent {
            pair: text.pair,
            level,
            generation: text.generation,
            hash: text.hash,
            answer: Answer::Allow,
            nonce,
            signed: Some(Signed {
                issuer: text.issuer,
                subject: text.subject,
                shown: PublicBytes(text.shown),
                at: text.at,
                ui,
                signature: signature.to_string(),
            }),
        });
    }

    /// Tells the relay that the person does not allow this level.
    fn refuse(&mut self, level: Level) {
        let nonce = self.talk.entropy.text();
        let Some(shared) = &mut self.shared else {
            return;
        };
        shared.asked = None;
        shared.hands.question(false);
        let (pair, generation, hash) = (shared.pair, shared.generation, shared.hash);
        self.told_answer(level, false);
        self.talk.tell(&ToRelay::Consent {
            pair,
            level,
            generation,
            hash,
            answer: Answer::Decline,
            nonce,
            signed: None,
        });
    }

    fn told_answer(&mut self, level: Level, allowed: bool) {
        let details = json!({"level": level.word(), "allowed": allowed});
        self.talk.log.write("answered", details);
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

    /// The relay says that a level stands. Signature and gate judge it.
    pub(super) fn granted(&mut self, token: &str) {
        let now = self.talk.clock.now();
        let Some(shared) = &mut self.shared else {
            return;
        };
        let (grant, opened) = match shared.hands.open(token, now) {
            Ok(opened) => opened,
            Err(why) => {
                warn!(?why, "a grant was refused");
                let details = json!({"why": format!("{why:?}")});
                return self.talk.log.write("grant_refused", details);
            }
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

fn nothing_asked() {
    emit("unknown_command", json!({"text": "nothing is asked"}));
}

fn digest(text: &str) -> [u8; 32] {
    let mut digest = [0; 32];
    digest.copy_from_slice(ring::digest::digest(&ring::digest::SHA256, text.as_bytes()).as_ref());
    digest
}

fn unix_millis() -> u64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
