//! What relay and sharer say, and what the helper makes of it.

use bytes::Bytes;
use client::Sealed;
use client::stdio::{emit, emit_card, emit_fault};
use policy::{Level, PairId};
use seal::handshake::{Established, HandshakeError};
use seal::{Control, Line};
use serde_json::json;
use tracing::warn;
use wire::{Channel, Envelope, Fault, Frame, FromRelay, Peer, ToRelay};

use super::{CLIENT, Outcome, Session};
use crate::pipeline;
use crate::shaking::{Answer, Shaking};

impl Session {
    pub(super) fn handle_message(&mut self, message: FromRelay) {
        match message {
            FromRelay::Created {
                session,
                routing,
                expires_in,
            } => {
                let shaking = Shaking::new(session, routing, &mut self.entropy);
                emit(
                    "code",
                    json!({"code": shaking.spoken(), "expires_in": expires_in}),
                );
                self.shaking = Some(shaking);
            }
            FromRelay::Claimed { tenant, pair } => {
                self.pair = pair;
                if let Some(shaking) = &mut self.shaking {
                    shaking.claim(tenant);
                    emit("claimed", json!({}));
                }
            }
            FromRelay::Unclaimed {} => self.unclaimed(),
            FromRelay::Paired { peer, levels, .. } => self.paired(&peer, &levels),
            FromRelay::Declined { level, fault } => {
                let level = level.word();
                emit(
                    "declined",
                    json!({"level": level, "code": fault, "text": fault.text()}),
                );
            }
            FromRelay::Granted {
                pair,
                level,
                generation,
                ..
            } => self.granted(pair, level, generation),
            FromRelay::Ended { fault, .. } | FromRelay::Refused { fault, .. } => {
                self.peer_ended(fault);
            }
            FromRelay::Faulted { fault, .. } => emit_fault(fault, None),
            FromRelay::Welcome { .. }
            | FromRelay::Joined { .. }
            | FromRelay::Asked { .. }
            | FromRelay::Withdrawn { .. }
            | FromRelay::SlowPeer { .. } => {}
        }
    }

    pub(super) fn handle_flight(&mut self, flight: &[u8]) {
        let Some(shaking) = &mut self.shaking else {
            return;
        };
        match shaking.handle_flight(flight, CLIENT, &mut self.entropy) {
            Ok(Answer::Flight(second)) => self.send_flight(&second),
            Ok(Answer::Done(fourth, established)) => {
                self.send_flight(&fourth);
                self.shook(&established);
            }
            Ok(Answer::Ignored) => {}
            Err(error) => self.shake_failed(error),
        }
    }

    pub(super) fn handle_sealed(&mut self, channel: Channel, message: &Bytes) {
        match channel {
            Channel::Picture => self.show(message),
            Channel::Chat => match Line::decode(message) {
                Ok(line) => emit("chat", json!({"id": line.id, "text": line.text})),
                Err(error) => warn!(%error, "a line of chat was not readable"),
            },
            // Positions are drawn by a window; the headless helper has none.
            Channel::Cursor => {}
            Channel::Handshake
            | Channel::Ack
            | Channel::Control
            | Channel::Input
            | Channel::Motion
            | Channel::Pointer
            | Channel::Clipboard
            | Channel::File
            | Channel::Elevation => warn!(?channel, "nothing is expected here"),
        }
    }

    pub(super) fn handle_control(&mut self, control: Control) {
        match control {
            Control::Pause { on } => emit("paused", json!({"on": on})),
            Control::Quiet { update } => emit("quiet", json!({"update": update})),
            Control::InputDiscarded { events } => {
                emit("input_discarded", json!({"events": events}));
            }
            Control::Outputs { outputs, shown } => {
                emit("outputs", json!({"outputs": outputs, "shown": shown}));
            }
            Control::Leave {} => {}
            Control::Epoch { .. }
            | Control::EpochAck { .. }
            | Control::Skip { .. }
            | Control::Rekey {}
            | Control::Reset {}
            | Control::ShowOutput { .. }
            | Control::Painted { .. } => warn!("a control message that only sharers get"),
        }
    }

    fn show(&mut self, slice: &Bytes) {
        let now = self.clock.now();
        let Some(sealed) = &mut self.sealed else {
            return;
        };
        match pipeline::show(sealed, &mut self.view, slice, now) {
            Ok(Some(shown)) => {
                if let Some((width, height)) = shown.resized {
                    let waited = self.granted_at.take().map(|at| now.saturating_sub(at));
                    let waited = waited.map(|waited| waited.as_secs_f64() * 1000.0);
                    emit(
                        "picture",
                        json!({"width": width, "height": height, "after_ms": waited}),
                    );
                }
            }
            Ok(None) => {}
            Err(error) => {
                warn!(%error, "the picture starts afresh");
                emit_fault(Fault::PictureBroken, Some(&error.to_string()));
                self.view.restart();
                sealed.control(&Control::Reset {}, now);
            }
        }
    }

    fn shook(&mut self, established: &Established) {
        self.sealed = Some(Sealed::new(established, self.pair, self.sender.clone()));
        self.tell(&ToRelay::Shook {
            pair: self.pair,
            hash: established.hash,
        });
    }

    fn shake_failed(&mut self, error: HandshakeError) {
        let left = self.shaking.as_ref().map_or(0, Shaking::left);
        let burned = left == 0;
        let fault = if matches!(error, HandshakeError::Version(_)) {
            Fault::Version
        } else if burned {
            Fault::CodeBurned
        } else {
            Fault::SecurityCheck
        };
        self.sealed = None;
        emit(
            "check_failed",
            json!({"code": fault, "text": fault.text(), "attempts_left": left}),
        );
        self.log.write(
            "check_failed",
            json!({"code": fault, "attempts_left": left}),
        );
        self.tell(&ToRelay::ShakeFailed {
            pair: self.pair,
            burned,
        });
        if burned {
            self.fail(Fault::CodeBurned);
        }
    }

    /// The sharer is gone before it proved the code, or could not.
    fn unclaimed(&mut self) {
        self.sealed = None;
        self.flights = 0;
        let Some(shaking) = &mut self.shaking else {
            return;
        };
        shaking.release();
        let left = shaking.left();
        emit("unclaimed", json!({"attempts_left": left}));
        if left == 0 {
            self.shake_failed(HandshakeError::Burned);
        }
    }

    fn paired(&mut self, peer: &Peer, levels: &[Level]) {
        self.shaking = None;
        let levels: Vec<&str> = levels.iter().map(|level| level.word()).collect();
        emit_card(peer, json!({"levels": levels}));
        self.log
            .write("session_started", json!({"peer": peer.subject}));
    }

    /// The relay says that a level stands. Down holds at once; up holds when the sharer's keys for it are here, because what is
    /// sealed before would be lost.
    fn granted(&mut self, pair: PairId, level: Level, generation: u32) {
        if pair != self.pair {
            return;
        }
        if self.level.is_some_and(|before| before.includes_input()) && !level.includes_input() {
            self.level = Some(level);
            let now = self.clock.now();
            let given_up = self
                .sealed
                .as_mut()
                .map_or(0, |sealed| sealed.discard_input(now));
            if given_up > 0 {
                emit("input_not_sent", json!({"events": given_up}));
            }
        }
        if self.level.is_none() {
            self.granted_at = Some(self.clock.now());
        }
        self.grant = Some((level, generation));
    }

    /// Takes the level whose keys have come.
    pub(super) fn take_grant(&mut self) {
        let here = self.sealed.as_ref().map_or(0, Sealed::generation);
        let Some((level, _)) = self.grant.take_if(|(_, generation)| *generation <= here) else {
            return;
        };
        self.level = Some(level);
        emit("granted", json!({"level": level.word()}));
        self.log.write("granted", json!({"level": level.word()}));
    }

    fn peer_ended(&mut self, fault: Fault) {
        if fault == Fault::PeerLeft && self.ended.is_none() {
            self.log.write("session_ended", json!({"code": fault}));
            emit("ended", json!({"code": fault, "text": fault.text()}));
            self.ended = Some(Outcome::Ended);
        } else {
            self.fail(fault);
        }
    }

    fn send_flight(&mut self, flight: &[u8]) {
        let sent = Envelope::flight(self.pair, self.flights, flight)
            .map(|envelope| self.sender.send(Frame::Sealed(envelope)));
        self.flights += 1;
        if !matches!(sent, Ok(Ok(()))) {
            self.sender.close();
        }
    }
}
