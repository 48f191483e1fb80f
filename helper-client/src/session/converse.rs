//! What relay and sharer say, and what the helper makes of it.

use bytes::Bytes;
use client::stdio::emit;
use client::{Outcome, Refused, Sealed, Verdict};
use identity::Identity;
use policy::{Level, PairId, PublicBytes, SessionId};
use seal::handshake::{Established, HandshakeError};
use seal::{Control, CursorPlace};
use serde_json::json;
use tracing::warn;
use wire::{Channel, Fault, FromRelay, Peer, Role, Routing, ToRelay, Warning};

use super::Session;
use super::company::tell_colleagues;
use crate::shaking::{Answer, Shaking};

impl Session {
    pub(super) fn handle_message(&mut self, message: FromRelay) {
        match message {
            FromRelay::Created {
                session,
                routing,
                expires_in,
            } => self.created(session, routing, expires_in),
            FromRelay::Claimed { tenant, pair } => {
                self.pair = pair;
                self.claimed(tenant);
            }
            FromRelay::Unclaimed {} => self.unclaimed(),
            FromRelay::Paired {
                peer,
                levels,
                chat,
                compliance,
                ..
            } => {
                self.paired(&peer, &levels);
                self.rules(&levels, chat);
                self.warn(compliance);
            }
            FromRelay::Rules { levels, chat, .. } => self.rules(&levels, chat),
            FromRelay::Compliance { compliance, .. } => self.warn(compliance),
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
            FromRelay::Colleagues { people } => tell_colleagues(&people),
            FromRelay::Invited {
                colleague,
                hand_over,
                within,
            } => self.invited(&colleague, hand_over, within),
            FromRelay::Uninvited { subject, fault } => self.uninvited(subject, fault),
            FromRelay::Invitation(invitation) => self.invitation(&invitation),
            FromRelay::InvitationGone { session } => self.invitation_gone(session),
            message @ (FromRelay::Ended { .. } | FromRelay::Refused { .. }) => {
                self.peer_ended(Refused::of(message));
            }
            message @ FromRelay::Faulted { .. } => self.faulted(Refused::of(message)),
            FromRelay::Away { within, .. } => self.away(within),
            FromRelay::Back { round, .. } => self.back(round),
            FromRelay::Welcome { .. }
            | FromRelay::Joined { .. }
            | FromRelay::Asked { .. }
            | FromRelay::Withdrawn { .. }
            | FromRelay::SlowPeer { .. }
            | FromRelay::Resumed { .. }
            | FromRelay::Departed { .. } => {}
        }
    }

    /// A code may be shown.
    fn created(&mut self, session: SessionId, routing: Routing, expires_in: u32) {
        let shaking = Shaking::new(session, routing, &mut self.talk.entropy);
        let code = shaking.spoken();
        emit("code", json!({"code": code, "expires_in": expires_in}));
        self.shaking = Some(shaking);
    }

    pub(super) fn handle_flight(&mut self, flight: &[u8]) {
        let Some(shaking) = &mut self.shaking else {
            return;
        };
        match shaking.handle_flight(flight, &self.talk.me, &mut self.talk.entropy) {
            Ok(Answer::Flight(second)) => self.talk.send_flight(self.pair, SECOND, &second),
            Ok(Answer::Judge) => self.judge(),
            Ok(Answer::Ignored) => {}
            Err(error) => self.shake_failed(error),
        }
    }

    /// Judges the sharer who proved the code, or whom an invitation named. Nothing of the person here is shown before.
    pub(super) fn judge(&mut self) {
        let stranger = self.shaking.as_ref().and_then(Shaking::stranger);
        let Some(stranger) = stranger else { return };
        let judge = &mut self.talk.judge;
        match judge.judge(&stranger.credential, &stranger.peer_key, Role::Helper) {
            Verdict::Known(identity) => self.finish(*identity),
            Verdict::Later => {}
            Verdict::Refused(why) => {
                warn!(%why, "the sharer was not verified");
                self.give_up(Fault::PeerUnverified);
            }
        }
    }

    fn finish(&mut self, identity: Identity) {
        let Some(shaking) = &mut self.shaking else {
            return;
        };
        if !shaking.expects(&identity.person.0) {
            warn!("the sharer is not the one of the invitation");
            return self.give_up(Fault::PeerDiffers);
        }
        match shaking.finish(&self.talk.me) {
            Ok((fourth, established)) => {
                self.talk.send_flight(self.pair, FOURTH, &fourth);
                self.shook(&established, identity);
            }
            Err(error) => self.shake_failed(error),
        }
    }

    pub(super) fn handle_sealed(&mut self, channel: Channel, message: &Bytes) {
        match channel {
            Channel::Picture => self.show(message),
            Channel::Chat => {
                self.talk.hear(None, message);
            }
            Channel::Cursor => match CursorPlace::decode(message) {
                Ok(place) if self.view.has_window() => emit(
                    "cursor",
                    json!({"shape": place.shape, "x": place.x, "y": place.y}),
                ),
                // Positions are drawn by a window; the headless helper has none.
                Ok(_) => {}
                Err(error) => warn!(%error, "a place of the cursor was not readable"),
            },
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
            Control::Helpers { helpers } => self.helpers(&helpers),
            Control::Leave {} => {}
            Control::Epoch { .. }
            | Control::EpochAck { .. }
            | Control::Skip { .. }
            | Control::Rekey {}
            | Control::Reset {}
            | Control::ShowOutput { .. }
            | Control::Painted { .. }
            | Control::Invite { .. }
            | Control::Uninvite { .. } => warn!("a control message that only sharers get"),
        }
    }

    fn shook(&mut self, established: &Established, identity: Identity) {
        self.sealed = Some(Sealed::new(
            established,
            self.pair,
            self.talk.sender().clone(),
        ));
        self.talk.tell(&ToRelay::Shook {
            pair: self.pair,
            hash: established.hash,
            helper_key: PublicBytes(self.talk.me.public()),
            sharer_key: PublicBytes(identity.ed25519.0),
        });
        self.peer = Some(identity);
    }

    fn shake_failed(&mut self, error: HandshakeError) {
        self.give_up(match error {
            HandshakeError::Version(_) => Fault::Version,
            HandshakeError::Malformed(_)
            | HandshakeError::NoSuite
            | HandshakeError::SecurityCheck
            | HandshakeError::Burned => Fault::SecurityCheck,
        });
    }

    /// This attempt came to nothing.
    fn give_up(&mut self, why: Fault) {
        if let Some(shaking) = &mut self.shaking {
            shaking.release();
        }
        let left = self.shaking.as_ref().map_or(0, Shaking::left);
        let over = left == 0;
        let burned = over && self.shaking.as_ref().is_some_and(Shaking::has_code);
        let fault = if burned && why == Fault::SecurityCheck {
            Fault::CodeBurned
        } else {
            why
        };
        self.sealed = None;
        emit(
            "check_failed",
            json!({"code": fault, "text": fault.text(), "attempts_left": left}),
        );
        self.talk.log.write(
            "check_failed",
            json!({"code": fault, "attempts_left": left}),
        );
        self.talk.tell(&ToRelay::ShakeFailed {
            pair: self.pair,
            burned,
        });
        if burned {
            self.fail(Fault::CodeBurned);
        } else if over {
            self.fail(fault);
        }
    }

    /// The sharer is gone before it proved the code, or could not. An invitation is not tried again.
    fn unclaimed(&mut self) {
        self.sealed = None;
        let Some(shaking) = &mut self.shaking else {
            return;
        };
        shaking.release();
        if !shaking.has_code() {
            return self.fail(Fault::InvitationGone);
        }
        let left = shaking.left();
        emit("unclaimed", json!({"attempts_left": left}));
        if left == 0 {
            self.shake_failed(HandshakeError::Burned);
        }
    }

    fn paired(&mut self, peer: &Peer, levels: &[Level]) {
        self.shaking = None;
        let levels: Vec<&str> = levels.iter().map(|level| level.word()).collect();
        let Some(identity) = &self.peer else {
            return self.fail(Fault::Protocol);
        };
        if let Err(fault) = self
            .talk
            .card(self.pair, identity, peer, json!({"levels": levels}))
        {
            self.talk.tell(&ToRelay::Leave {});
            return self.fail(fault);
        }
        self.talk
            .log
            .write("session_started", json!({"peer": peer.subject}));
    }

    /// What the rules allow now.
    fn rules(&self, levels: &[Level], chat: bool) {
        let levels: Vec<&str> = levels.iter().map(|level| level.word()).collect();
        let pair = self.pair.number();
        emit(
            "rules",
            json!({"pair": pair, "levels": levels, "chat": chat}),
        );
    }

    /// The state of the sharer's device, or what it does, is another one. A change has to be acknowledged by itself.
    fn warn(&mut self, warning: Option<Warning>) {
        if self.warning == warning {
            return;
        }
        let (state, action, rule) = match &warning {
            Some(warning) => (
                Some(warning.state.to_string()),
                Some(warning.action.to_string()),
                warning.rule.clone(),
            ),
            None => (None, None, None),
        };
        emit(
            "warning",
            json!({"state": state, "action": action, "rule": rule}),
        );
        self.warning = warning;
    }

    /// The person read the warning.
    pub(super) fn acknowledge(&mut self) {
        let Some(warning) = &self.warning else {
            return emit("unknown_command", json!({"text": "there is no warning"}));
        };
        let state = warning.state;
        self.talk.tell(&ToRelay::Acknowledge {
            pair: self.pair,
            state,
        });
    }

    /// The relay says that a level stands. Down holds at once; up holds when the sharer's keys for it are here, because what is
    /// sealed before would be lost.
    fn granted(&mut self, pair: PairId, level: Level, generation: u32) {
        if pair != self.pair {
            return;
        }
        self.step_down(level);
        if self.level.is_none() {
            self.granted_at = Some(self.talk.clock.now());
        }
        self.grant = Some((level, generation));
    }

    /// Input ends with the level that includes it.
    pub(super) fn step_down(&mut self, level: Level) {
        if !self.level.is_some_and(Level::includes_input) || level.includes_input() {
            return;
        }
        self.level = Some(level);
        let now = self.talk.clock.now();
        let sealed = self.sealed.as_mut();
        let given_up = sealed.map_or(0, |sealed| sealed.discard_input(now));
        if given_up > 0 {
            emit("input_not_sent", json!({"events": given_up}));
        }
    }

    /// Takes the level whose keys have come.
    pub(super) fn take_grant(&mut self) {
        let here = self.sealed.as_ref().map_or(0, Sealed::generation);
        let Some((level, _)) = self.grant.take_if(|(_, generation)| *generation <= here) else {
            return;
        };
        self.level = Some(level);
        let pair = self.pair.number();
        emit("granted", json!({"pair": pair, "level": level.word()}));
        self.talk
            .log
            .write("granted", json!({"level": level.word()}));
        for slice in std::mem::take(&mut self.early) {
            self.handle_sealed(Channel::Picture, &slice);
        }
    }

    fn peer_ended(&mut self, why: Refused) {
        let left = matches!(why.fault, Fault::PeerLeft | Fault::HandedOver);
        let outcome = if left {
            Outcome::Ended
        } else {
            Outcome::Failed
        };
        self.talk.end(why, outcome);
    }
}

/// The flights of this end, by their numbers.
const SECOND: u64 = 0;
const FOURTH: u64 = 1;
