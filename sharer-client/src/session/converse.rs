//! What relay and helper say, and what the sharer makes of it.

use bytes::Bytes;
use client::stdio::{emit, emit_card, emit_fault};
use client::{Outcome, Sealed};
use policy::{Gate, Grant, PairId, SessionId};
use seal::handshake::{Established, HandshakeError};
use seal::{Control, LaserPlace};
use serde_json::json;
use tracing::warn;
use wire::{Channel, Fault, FromRelay, Peer, ToRelay};

use super::{CLIENT, Session, Shared};
use crate::hands::{Hands, Late};
use crate::pipeline;
use crate::shaking::{Answer, Shaking};

impl Session {
    pub(super) fn handle_message(&mut self, message: FromRelay) {
        match message {
            FromRelay::Joined {
                session, tenant, ..
            } => self.joined(session, tenant),
            FromRelay::Paired { peer, .. } => self.paired(&peer),
            FromRelay::Asked { level, within, .. } => self.asked(level, within),
            FromRelay::Withdrawn { .. } => self.withdrawn(),
            FromRelay::Granted {
                pair,
                session,
                level,
                generation,
                sequence,
                hash,
                nonce,
            } => {
                self.granted(&Grant {
                    session,
                    pair,
                    level,
                    generation,
                    sequence,
                    hash,
                    nonce,
                });
            }
            FromRelay::SlowPeer { .. } => self.restart_picture(),
            FromRelay::Ended {
                fault: Fault::PeerLeft,
                ..
            } => {
                self.end(Fault::PeerLeft, Outcome::Ended);
            }
            FromRelay::Ended { fault, .. } | FromRelay::Refused { fault, .. } => self.fail(fault),
            FromRelay::Faulted { fault, .. } => self.faulted(fault),
            FromRelay::Welcome { .. }
            | FromRelay::Created { .. }
            | FromRelay::Claimed { .. }
            | FromRelay::Unclaimed {}
            | FromRelay::Compliance { .. }
            | FromRelay::Rules { .. }
            | FromRelay::Declined { .. } => {}
        }
    }

    pub(super) fn handle_flight(&mut self, flight: &[u8]) {
        let Some(shaking) = self.shaking.take() else {
            return;
        };
        match shaking.handle_flight(flight, CLIENT) {
            Ok(Answer::Flight(shaking, third)) => {
                self.shaking = Some(shaking);
                self.talk.send_flight(PairId::FIRST, &third);
            }
            Ok(Answer::Done(established)) => self.shook(&established),
            Err(error) => self.shake_failed(error),
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
        let (shaking, first) = Shaking::start(session, tenant, &code, &mut self.talk.entropy);
        self.shaking = Some(shaking);
        emit("joined", json!({}));
        self.talk.send_flight(PairId::FIRST, &first);
    }

    fn shook(&mut self, established: &Established) {
        let Some((source, sink)) = self.screen.take() else {
            return;
        };
        let pair = PairId::FIRST;
        let gate = Gate::new(established.session, pair, established.hash);
        self.shared = Some(Shared {
            pair,
            hash: established.hash,
            sealed: Sealed::new(established, pair, self.talk.sender().clone()),
            hands: Hands::new(gate, sink),
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
        });
    }

    fn shake_failed(&mut self, error: HandshakeError) {
        let fault = if matches!(error, HandshakeError::Version(_)) {
            Fault::Version
        } else {
            Fault::SecurityCheck
        };
        emit("check_failed", json!({"code": fault, "text": fault.text()}));
        self.talk.log.write("check_failed", json!({"code": fault}));
        self.talk.tell(&ToRelay::ShakeFailed {
            pair: PairId::FIRST,
            burned: false,
        });
    }

    fn paired(&mut self, peer: &Peer) {
        emit_card(peer, json!({}));
        self.talk
            .log
            .write("session_started", json!({"peer": peer.subject}));
    }

    /// A request failed. After a code that was not taken the person may type another; after a consent that was not taken the
    /// level that stands is consented to afresh, because the count has moved on (SPEC 6.4).
    fn faulted(&mut self, fault: Fault) {
        emit_fault(fault, None);
        if fault == Fault::NotNow {
            self.consent_again();
        }
        self.talk.log.write("fault", json!({"code": fault}));
        if self.joined.is_none() {
            self.code = None;
        }
    }
}

fn color([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}
