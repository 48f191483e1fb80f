//! What relay and helper say, and what the sharer makes of it.

use std::time::Duration;

use bytes::Bytes;
use client::stdio::{emit, emit_fault};
use client::{FIRST_CONTACT, Outcome, Refused, Sealed, Verdict};
use identity::Identity;
use policy::{Gate, Level, PairId, PublicBytes, SessionId};
use seal::handshake::{Established, HandshakeError};
use seal::{Control, LaserPlace};
use serde_json::json;
use tracing::warn;
use wire::{Channel, Fault, FromRelay, Peer, Role, ToRelay};

use super::{Session, Shared};
use crate::hands::{Hands, Late, Warrant};
use crate::pipeline;
use crate::shaking::Shaking;

impl Session {
    pub(super) fn handle_message(&mut self, message: FromRelay) {
        match message {
            FromRelay::Joined {
                session, tenant, ..
            } => self.joined(session, tenant),
            FromRelay::Paired {
                peer, levels, chat, ..
            } => {
                self.paired(&peer);
                tell_rules(&levels, chat);
            }
            FromRelay::Rules { levels, chat, .. } => {
                tell_rules(&levels, chat);
            }
            FromRelay::Asked { level, within, .. } => self.asked(level, within),
            FromRelay::Withdrawn { .. } => self.withdrawn(),
            // The signed token counts alone, whatever stands beside it.
            FromRelay::Granted { token, .. } => self.granted(&token),
            FromRelay::SlowPeer { .. } => self.restart_picture(),
            FromRelay::Ended {
                fault: Fault::PeerLeft,
                ..
            } => {
                self.end(Fault::PeerLeft, Outcome::Ended);
            }
            message @ (FromRelay::Ended { .. } | FromRelay::Refused { .. }) => {
                self.fail(Refused::of(message));
            }
            message @ FromRelay::Faulted { .. } => self.faulted(Refused::of(message)),
            FromRelay::Welcome { .. }
            | FromRelay::Created { .. }
            | FromRelay::Claimed { .. }
            | FromRelay::Unclaimed {}
            | FromRelay::Compliance { .. }
            | FromRelay::Declined { .. } => {}
        }
    }

    pub(super) fn handle_flight(&mut self, flight: &[u8]) {
        let Some(shaking) = self.shaking.take() else {
            return;
        };
        match shaking.handle_flight(flight, &self.talk.me) {
            Ok((shaking, Some(third))) => {
                self.shaking = Some(shaking);
                self.talk.send_flight(PairId::FIRST, &third);
            }
            Ok((shaking, None)) => {
                self.shaking = Some(shaking);
                self.judge();
            }
            Err(error) => self.shake_failed(error),
        }
    }

    /// Judges the helper who has the code, before the relay is told anything.
    pub(super) fn judge(&mut self) {
        let Some(Shaking::Stranger(established)) = self.shaking.take() else {
            return;
        };
        let judge = &mut self.talk.judge;
        match judge.judge(&established.credential, &established.peer_key, Role::Sharer) {
            Verdict::Known(identity) => self.shook(&established, *identity),
            Verdict::Later => self.shaking = Some(Shaking::Stranger(established)),
            Verdict::Refused(why) => {
                warn!(%why, "the helper was not verified");
                self.give_up(Fault::PeerUnverified);
            }
        }
    }

    pub(super) fn handle_sealed(&mut self, channel: Channel, message: &Bytes) {
        match channel {
            Channel::Input => self.act(message),
            Channel::Chat => self.talk.hear(message),
            Channel::Pointer => {
                if let Ok(place) = LaserPlace::decode(message) {
                    emit(
                        "pointer",
                        json!({"on": place.on, "x": place.x, "y": place.y, "color": color(place.colour)}),
                    );
                }
            }
            Channel::Handshake
            | Channel::Ack
            | Channel::Control
            | Channel::Picture
            | Channel::Motion
            | Channel::Cursor
            | Channel::Clipboard
            | Channel::File
            | Channel::Elevation => warn!(?channel, "nothing is expected here"),
        }
    }

    pub(super) fn handle_control(&mut self, control: Control) {
        match control {
            Control::Reset {} => self.restart_picture(),
            Control::ShowOutput { output } => self.show_output(output),
            Control::Painted { .. } | Control::Leave {} => {}
            Control::Epoch { .. }
            | Control::EpochAck { .. }
            | Control::Skip { .. }
            | Control::Rekey {}
            | Control::Pause { .. }
            | Control::Quiet { .. }
            | Control::InputDiscarded { .. }
            | Control::Outputs { .. } => warn!("a control message that only helpers get"),
        }
    }

    /// Input was thrown away as a whole: every key is up, and the helper is told.
    pub(super) fn input_discarded(&mut self, events: u64) {
        let now = self.talk.clock.now();
        if let Some(shared) = &mut self.shared {
            shared.hands.release_all();
            shared
                .sealed
                .control(&Control::InputDiscarded { events }, now);
            emit("input_discarded", json!({"events": events}));
        }
    }

    fn act(&mut self, message: &Bytes) {
        let now = self.talk.clock.now();
        let Some(Shared {
            broadcast: Some(broadcast),
            hands,
            ..
        }) = &mut self.shared
        else {
            return;
        };
        match pipeline::act(hands, broadcast, message, now) {
            Ok(None) => {}
            Ok(Some(Late { events })) => self.input_discarded(events),
            Err(error) => warn!(%error, "input was not readable"),
        }
    }

    fn joined(&mut self, session: SessionId, tenant: String) {
        let Some(code) = self.code.take() else { return };
        self.joined = Some(session);
        if tenant != self.talk.judge.tenant() {
            self.talk.tell(&ToRelay::Leave {});
            return self.fail(Fault::OrganisationChanged);
        }
        let entropy = &mut self.talk.entropy;
        let (shaking, first) = Shaking::start(session, tenant, &code, &self.talk.me, entropy);
        self.shaking = Some(shaking);
        emit("joined", json!({}));
        self.talk.send_flight(PairId::FIRST, &first);
    }

    fn shook(&mut self, established: &Established, identity: Identity) {
        let Some((source, sink)) = self.screen.take() else {
            return;
        };
        let pair = PairId::FIRST;
        let gate = Gate::new(established.session, pair, established.hash);
        let warrant = Warrant {
            keys: self.talk.judge.grant_keys().to_vec(),
            tenant: self.talk.judge.tenant().to_owned(),
            helper_key: identity.x25519,
        };
        let keys = (identity.x25519, self.talk.me.signing().public());
        self.shared = Some(Shared {
            pair,
            session: established.session,
            hash: established.hash,
            peer: identity,
            control_from: None,
            sealed: Sealed::new(established, pair, self.talk.sender().clone()),
            hands: Hands::new(gate, warrant, sink),
            broadcast: None,
            source: Some(source),
            generation: 0,
            asked: None,
            granted: None,
            challenge_at: None,
        });
        self.talk.tell(&ToRelay::Shook {
            pair,
            hash: established.hash,
            helper_key: PublicBytes(keys.0),
            sharer_key: PublicBytes(keys.1.0),
        });
    }

    fn shake_failed(&mut self, error: HandshakeError) {
        self.give_up(if matches!(error, HandshakeError::Version(_)) {
            Fault::Version
        } else {
            Fault::SecurityCheck
        });
    }

    /// This attempt came to nothing.
    fn give_up(&mut self, fault: Fault) {
        emit("check_failed", json!({"code": fault, "text": fault.text()}));
        self.talk.log.write("check_failed", json!({"code": fault}));
        self.talk.tell(&ToRelay::ShakeFailed {
            pair: PairId::FIRST,
            burned: false,
        });
    }

    /// The relay agrees who the helper is: the card may be shown. A stranger's control can be allowed only after a pause.
    fn paired(&mut self, peer: &Peer) {
        let now = self.talk.clock.now();
        let Some(shared) = &mut self.shared else {
            return self.fail(Fault::Protocol);
        };
        let first = !self.contacts.knows(&shared.peer);
        let pause = if first { FIRST_CONTACT } else { Duration::ZERO };
        shared.control_from = Some(now + pause);
        let beside = json!({"first_contact": first, "pause": pause.as_secs()});
        if let Err(fault) = self.talk.card(&shared.peer, peer, beside) {
            self.talk.tell(&ToRelay::Leave {});
            return self.fail(fault);
        }
        self.talk
            .log
            .write("session_started", json!({"peer": peer.subject}));
    }

    /// A request failed, and another sign-in does not help. After a code that was not taken the person may type another; after a consent that was not taken the
    /// level that stands is consented to afresh, because the count has moved on (SPEC 6.4).
    fn faulted(&mut self, why: Refused) {
        let Some(why) = self.anew.refused(why, self.joined.is_none()) else {
            return;
        };
        emit_fault(why.fault, why.rule.as_deref());
        if why.fault == Fault::NotNow {
            self.consent_again();
        }
        self.talk.log.write("fault", json!({"code": why.fault}));
        if self.joined.is_none() {
            self.code = None;
        }
    }
}

fn color([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// What the rules allow now.
fn tell_rules(levels: &[Level], chat: bool) {
    let levels: Vec<&str> = levels.iter().map(|level| level.word()).collect();
    emit("rules", json!({"levels": levels, "chat": chat}));
}
