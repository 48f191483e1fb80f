//! Levels: what is asked, what the person says, what stands.

use std::time::{SystemTime, UNIX_EPOCH};

use client::stdio::{emit, emit_fault};
use identity::ConsentText;
use policy::{CHALLENGE_EVERY, Level, PairId, PublicBytes};
use seal::{Control, Entropy, Secret};
use serde_json::json;
use tracing::warn;
use wire::{Answer, Fault, Signed, ToRelay, Ui};
use zeroize::Zeroizing;

use super::Session;
use super::helper::Asked;
use crate::broadcast::Broadcast;

impl Session {
    /// A helper asks for a level. Down is taken without a question, up is put to the person. What this program cannot carry out
    /// is put to nobody, whatever the relay says: a person must not be led to agree to it.
    pub(super) fn asked(&mut self, pair: PairId, level: Level, within: u32) {
        if level.needs_second_authority() {
            warn!(%level, "a level that is not available here was asked for");
            return self.refuse(pair, level);
        }
        let now = self.hands.level(pair);
        let Some(helper) = self.helpers.get_mut(&pair) else {
            return;
        };
        if now.is_some_and(|now| level < now) {
            return self.consent(pair, level, None, Ui::Unattended);
        }
        self.questions += 1;
        helper.asked = Some(Asked {
            level,
            number: self.questions,
        });
        self.hands.question(pair, true);
        emit(
            "asked",
            json!({"pair": pair.number(), "level": level.word(), "within": within}),
        );
    }

    /// The person says yes. With a stranger control waits; a program's yes counts only where the organisation takes it. Whoever else
    /// holds input goes down to view first.
    pub(super) fn allow(&mut self, named: Option<u8>, shown: Option<&str>, ui: Option<Ui>) {
        let now = self.talk.clock.now();
        let ui = ui.unwrap_or(Ui::Unattended);
        let Some((pair, level)) = self.asked_level(named) else {
            return nothing_asked();
        };
        let Some(helper) = self.helpers.get(&pair) else {
            return;
        };
        if level.includes_input() && helper.control_from.is_none_or(|from| now < from) {
            return emit_fault(Fault::FirstContact, None);
        }
        if ui == Ui::Unattended && !self.talk.judge.policy().scripted_consent {
            return emit_fault(Fault::ScriptedConsent, None);
        }
        self.contacts.note(&helper.peer);
        if level.includes_input() {
            self.take_input_from_others(pair);
        }
        self.consent(pair, level, shown, ui);
    }

    /// The person says no.
    pub(super) fn decline(&mut self, named: Option<u8>) {
        match self.asked_level(named) {
            Some((pair, level)) => self.refuse(pair, level),
            None => nothing_asked(),
        }
    }

    /// The helper that an answer is about, and what is asked.
    fn asked_level(&self, named: Option<u8>) -> Option<(PairId, Level)> {
        let pair = self.about(named)?;
        let asked = self.helpers.get(&pair)?.asked?;
        Some((pair, asked.level))
    }

    /// The question is gone.
    pub(super) fn withdrawn(&mut self, pair: PairId) {
        if let Some(helper) = self.helpers.get_mut(&pair) {
            helper.asked = None;
            self.hands.question(pair, false);
            emit("withdrawn", json!({"pair": pair.number()}));
        }
    }

    /// The person takes the level of a helper down: input stops before anybody is told.
    pub(super) fn lower(&mut self, pair: PairId, level: Level) {
        if self.hands.level(pair).is_some_and(|now| level < now) {
            self.consent(pair, level, None, Ui::Unattended);
        } else {
            emit(
                "unknown_command",
                json!({"text": "that is not lower than the level now"}),
            );
        }
    }

    /// One helper at most holds input (SPEC 6.9): everybody else who does, or was told they may, goes down to view.
    fn take_input_from_others(&mut self, pair: PairId) {
        let holders: Vec<PairId> = self.hands.holders().collect();
        for other in holders.into_iter().filter(|other| *other != pair) {
            self.consent(other, Level::View, None, Ui::Unattended);
        }
    }

    /// The keys wear out: the same level in the next generation. Nobody is asked.
    pub(super) fn renew_keys(&mut self, pair: PairId) {
        if let Some(level) = self.hands.level(pair) {
            self.consent(pair, level, None, Ui::Unattended);
        }
    }

    /// A consent was not taken: the level that the relay last granted, in the next generation. Nobody is asked.
    pub(super) fn consent_again(&mut self) {
        let behind = self.helpers.iter().filter_map(|(pair, helper)| {
            let behind = helper.generation > helper.sealed.generation();
            helper
                .granted
                .filter(|_| behind)
                .map(|level| (*pair, level))
        });
        for (pair, level) in behind.collect::<Vec<_>>() {
            self.consent(pair, level, None, Ui::Unattended);
        }
    }

    /// Tells the relay that the person allows a helper this level, signed, for this handshake and the next generation.
    fn consent(&mut self, pair: PairId, level: Level, shown: Option<&str>, ui: Ui) {
        let now = self.talk.clock.now();
        let nonce = self.talk.entropy.text();
        let (Some(session), Some(helper)) = (self.joined, self.helpers.get_mut(&pair)) else {
            return;
        };
        if !self.hands.consented(pair, level, helper.generation + 1) {
            warn!("another helper holds input; nothing was consented to");
            return;
        }
        helper.generation += 1;
        if !level.includes_input() {
            helper.sealed.deny_input();
        }
        if helper.asked.is_some_and(|asked| asked.level == level) {
            helper.asked = None;
            self.hands.question(pair, false);
        }
        self.hands.challenge(pair, nonce.clone(), now);
        let text = ConsentText {
            session,
            tenant: self.talk.judge.tenant().to_owned(),
            pair,
            level,
            generation: helper.generation,
            hash: helper.hash,
            helper_key: helper.peer.x25519,
            issuer: helper.peer.issuer.clone(),
            subject: helper.peer.person.0.clone(),
            shown: shown.map_or([0; 32], digest),
            at: unix_millis(),
            ui,
        };
        let signature = text.sign(self.talk.me.signing());
        self.told_answer(pair, level, true);
        self.talk.tell(&ToRelay::Consent {
            pair,
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

    /// Tells the relay that the person does not allow a helper this level.
    fn refuse(&mut self, pair: PairId, level: Level) {
        let nonce = self.talk.entropy.text();
        let Some(helper) = self.helpers.get_mut(&pair) else {
            return;
        };
        helper.asked = None;
        self.hands.question(pair, false);
        let (generation, hash) = (helper.generation, helper.hash);
        self.told_answer(pair, level, false);
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

    fn told_answer(&mut self, pair: PairId, level: Level, allowed: bool) {
        let details = json!({"pair": pair.number(), "level": level.word(), "allowed": allowed});
        self.talk.log.write("answered", details);
    }

    /// Renews the grant of a helper.
    pub(super) fn challenge(&mut self, pair: PairId) {
        let now = self.talk.clock.now();
        let nonce = self.talk.entropy.text();
        let Some(helper) = self.helpers.get(&pair) else {
            return;
        };
        self.hands.challenge(pair, nonce.clone(), now);
        self.talk.tell(&ToRelay::Challenge {
            pair,
            generation: helper.generation,
            nonce,
        });
    }

    /// The relay says that a level stands. Signature and gate judge it.
    pub(super) fn granted(&mut self, pair: PairId, token: &str) {
        let now = self.talk.clock.now();
        let Some(helper) = self.helpers.get_mut(&pair) else {
            return;
        };
        let (grant, opened) = match self.hands.open(pair, token, now) {
            Ok(opened) => opened,
            Err(why) => {
                warn!(?why, "a grant was refused");
                let details = json!({"pair": pair.number(), "why": format!("{why:?}")});
                return self.talk.log.write("grant_refused", details);
            }
        };
        helper.challenge_at.get_or_insert(now + CHALLENGE_EVERY);
        if grant.generation <= helper.sealed.generation() {
            return;
        }
        let secret = Secret::new(Zeroizing::new(self.talk.entropy.draw()));
        let begun = helper
            .sealed
            .begin(grant.generation, &secret, opened.input, now);
        if let Err(error) = begun {
            warn!(%error, "a generation did not begin");
            return self.fail(Fault::Protocol);
        }
        let first = helper.granted.is_none();
        helper.granted = Some(opened.level);
        let details = json!({"pair": pair.number(), "level": opened.level.word()});
        emit("granted", details.clone());
        self.talk.log.write("granted", details);
        if first {
            self.start_picture(pair);
        }
    }

    /// The first level of a helper stands: the screen is shown.
    fn start_picture(&mut self, pair: PairId) {
        let now = self.talk.clock.now();
        let paused = self.hands.is_paused();
        let Some(helper) = self.helpers.get_mut(&pair) else {
            return;
        };
        if paused {
            helper.sealed.control(&Control::Pause { on: true }, now);
        }
        match Broadcast::new(pair, &mut self.screen) {
            Ok(started) => helper.broadcast = Some(started),
            Err(error) => return self.screen_trouble(&error),
        }
        self.detach_all();
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
