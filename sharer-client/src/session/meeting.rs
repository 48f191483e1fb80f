//! From the code, or from an invitation, to a helper whom the person may be shown.

use std::time::Duration;

use client::stdio::{emit, emit_fault};
use client::{Sealed, Verdict};
use identity::Identity;
use policy::{Gate, PairId, PublicBytes, SessionId};
use seal::handshake::{Established, HandshakeError};
use serde_json::json;
use tracing::warn;
use wire::{Fault, Peer, Role, ToRelay};

use super::Session;
use super::helper::{Helper, Invited};
use crate::hands::Warrant;
use crate::shaking::Shaking;

impl Session {
    /// The code is claimed, or an invited helper is there.
    pub(super) fn joined(&mut self, session: SessionId, tenant: &str, pair: PairId) {
        if tenant != self.talk.judge.tenant() {
            self.talk.tell(&ToRelay::Leave {});
            return self.fail(Fault::OrganisationChanged);
        }
        if self.joined.is_some() {
            return self.let_in(session, pair);
        }
        let Some(code) = self.code.take() else { return };
        self.joined = Some(session);
        emit("joined", json!({}));
        self.shake(session, pair, Some(&code));
    }

    /// An invited helper comes: only if a helper of this session said so by a sealed word.
    fn let_in(&mut self, session: SessionId, pair: PairId) {
        let now = self.talk.clock.now();
        let busy = self.helpers.contains_key(&pair) || self.shaking.contains_key(&pair);
        let room = self.helpers.len() + self.shaking.len() < PairId::AT_ONCE;
        if self.joined == Some(session) && !busy && room && self.invitations.any(now) {
            return self.shake(session, pair, None);
        }
        warn!(
            pair = pair.number(),
            "a helper whom nobody invited was not let in"
        );
        self.give_up(pair, Fault::NotInvitable);
    }

    fn shake(&mut self, session: SessionId, pair: PairId, code: Option<&wire::Code>) {
        let tenant = self.talk.judge.tenant().to_owned();
        let entropy = &mut self.talk.entropy;
        let (shaking, first) = Shaking::start(session, tenant, code, &self.talk.me, entropy);
        self.shaking.insert(pair, shaking);
        self.talk.send_flight(pair, first.number, &first.bytes);
    }

    pub(super) fn handle_flight(&mut self, pair: PairId, flight: &[u8]) {
        let Some(shaking) = self.shaking.remove(&pair) else {
            return;
        };
        match shaking.handle_flight(flight, &self.talk.me) {
            Ok((shaking, next)) => {
                self.shaking.insert(pair, shaking);
                match next {
                    Some(next) => self.talk.send_flight(pair, next.number, &next.bytes),
                    None => self.judge(pair),
                }
            }
            Err(error) => self.shake_failed(pair, error),
        }
    }

    /// Keys of the sign-in service are here that were missing.
    pub(super) fn judge_all(&mut self) {
        let waiting: Vec<PairId> = self.shaking.keys().copied().collect();
        for pair in waiting {
            self.judge(pair);
        }
    }

    /// Judges the helper of a finished handshake, before the relay is told anything.
    fn judge(&mut self, pair: PairId) {
        let stranger = self.shaking.get(&pair).and_then(Shaking::stranger);
        let Some(stranger) = stranger else { return };
        let judge = &mut self.talk.judge;
        match judge.judge(&stranger.credential, &stranger.peer_key, Role::Sharer) {
            Verdict::Known(identity) => self.verified(pair, *identity),
            Verdict::Later => {}
            Verdict::Refused(why) => {
                warn!(%why, "the helper was not verified");
                self.give_up(pair, Fault::PeerUnverified);
            }
        }
    }

    /// It is known who the helper is. One without a code has to be the person who was asked in, whatever the number of its pair.
    fn verified(&mut self, pair: PairId, identity: Identity) {
        let now = self.talk.clock.now();
        let Some(shaken) = self.shaking.remove(&pair) else {
            return;
        };
        let mut invited = None;
        if !shaken.is_by_code() {
            let Some(invitation) = self.invitations.take(&identity.person, now) else {
                warn!("another helper came than the one who was invited");
                return self.give_up(pair, Fault::PeerDiffers);
            };
            invited = Some(Invited {
                by: invitation.by.name,
                hand_over: invitation.hand_over,
            });
        }
        if let Some(established) = shaken.stranger() {
            self.shook(pair, established, identity, invited);
        }
    }

    fn shook(
        &mut self,
        pair: PairId,
        established: &Established,
        identity: Identity,
        invited: Option<Invited>,
    ) {
        let gate = Gate::new(established.session, pair, established.hash);
        let warrant = Warrant {
            keys: self.talk.judge.grant_keys().to_vec(),
            tenant: self.talk.judge.tenant().to_owned(),
            helper_key: identity.x25519,
        };
        self.hands.enter(pair, gate, warrant);
        let shook = ToRelay::Shook {
            pair,
            hash: established.hash,
            helper_key: PublicBytes(identity.x25519),
            sharer_key: PublicBytes(self.talk.me.signing().public().0),
        };
        let sealed = Sealed::new(established, pair, self.talk.sender().clone());
        let helper = Helper::new(established.hash, identity, invited, sealed);
        self.helpers.insert(pair, helper);
        self.talk.tell(&shook);
    }

    fn shake_failed(&mut self, pair: PairId, error: HandshakeError) {
        let fault = if matches!(error, HandshakeError::Version(_)) {
            Fault::Version
        } else {
            Fault::SecurityCheck
        };
        self.give_up(pair, fault);
    }

    /// This attempt came to nothing. Of an invited helper the person hears only that something did not work.
    fn give_up(&mut self, pair: PairId, fault: Fault) {
        self.shaking.remove(&pair);
        if self.helpers.is_empty() {
            emit("check_failed", json!({"code": fault, "text": fault.text()}));
        } else {
            emit_fault(fault, Some("a helper who was asked in was not let in"));
        }
        let details = json!({"pair": pair.number(), "code": fault});
        self.talk.log.write("check_failed", details);
        self.talk.tell(&ToRelay::ShakeFailed {
            pair,
            burned: false,
        });
    }

    /// The relay agrees who the helper is: the card may be shown. A stranger's control can be allowed only after a pause.
    pub(super) fn paired(&mut self, pair: PairId, peer: &Peer) {
        let now = self.talk.clock.now();
        let (first, pause) = self.pause_with(pair);
        let Some(helper) = self.helpers.get_mut(&pair) else {
            return self.fail(Fault::Protocol);
        };
        helper.control_from = Some(now + pause);
        helper.is_paired = true;
        let told = card(helper, (first, pause));
        if let Err(fault) = self.talk.card(pair, &helper.peer, peer, told) {
            self.talk.tell(&ToRelay::Leave {});
            return self.fail(fault);
        }
        let details = json!({"pair": pair.number(), "peer": peer.subject});
        self.talk.log.write("session_started", details);
    }
}

/// What the card of a helper says beside who it is.
fn card(helper: &Helper, (first, pause): (bool, Duration)) -> serde_json::Value {
    let invited = helper.invited.as_ref();
    json!({
        "first_contact": first, "pause": pause.as_secs(),
        "invited_by": invited.map(|invited| &invited.by),
        "hand_over": invited.is_some_and(|invited| invited.hand_over),
    })
}
