//! What relay and helpers say, and what the sharer makes of it.

use bytes::Bytes;
use client::stdio::{emit, emit_fault};
use client::{Outcome, Refused};
use policy::{Level, PairId};
use seal::{Control, LaserPlace};
use serde_json::json;
use tracing::warn;
use wire::{Channel, Fault, FromRelay};

use super::Session;
use super::helper::Helper;
use crate::hands::Late;
use crate::pipeline;

impl Session {
    pub(super) fn handle_message(&mut self, message: FromRelay) {
        match message {
            FromRelay::Joined {
                session,
                tenant,
                pair,
            } => self.joined(session, &tenant, pair),
            FromRelay::Paired {
                pair,
                peer,
                levels,
                chat,
                ..
            } => {
                self.paired(pair, &peer);
                tell_rules(pair, &levels, chat);
            }
            FromRelay::Rules { pair, levels, chat } => tell_rules(pair, &levels, chat),
            FromRelay::Asked {
                pair,
                level,
                within,
            } => self.asked(pair, level, within),
            FromRelay::Withdrawn { pair } => self.withdrawn(pair),
            // The signed token counts alone, whatever stands beside it.
            FromRelay::Granted { pair, token, .. } => self.granted(pair, &token),
            FromRelay::SlowPeer { pair } => self.restart_picture(pair),
            FromRelay::Away { pair, within } => self.away(pair, within),
            FromRelay::Back { pair, round } => self.back(pair, round),
            FromRelay::Departed { pair, fault } => self.departed(pair, fault),
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
            | FromRelay::Resumed { .. }
            | FromRelay::Created { .. }
            | FromRelay::Claimed { .. }
            | FromRelay::Unclaimed {}
            | FromRelay::Compliance { .. }
            | FromRelay::Declined { .. }
            | FromRelay::Colleagues { .. }
            | FromRelay::Invited { .. }
            | FromRelay::Uninvited { .. }
            | FromRelay::Invitation(_)
            | FromRelay::InvitationGone { .. } => {}
        }
    }

    pub(super) fn handle_sealed(&mut self, pair: PairId, channel: Channel, message: &Bytes) {
        match channel {
            Channel::Input => self.act(pair, message),
            Channel::Chat => self.hear(pair, message),
            Channel::Pointer => {
                if let Ok(place) = LaserPlace::decode(message) {
                    let color = color(place.colour);
                    emit(
                        "pointer",
                        json!({"pair": pair.number(), "on": place.on, "x": place.x, "y": place.y, "color": color}),
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

    pub(super) fn handle_control(&mut self, pair: PairId, control: Control) {
        match control {
            Control::Reset {} => self.restart_picture(pair),
            Control::ShowOutput { output } => self.show_output(pair, output),
            Control::Invite {
                subject,
                name,
                hand_over,
            } => self.invited(pair, subject, &name, hand_over),
            Control::Uninvite { subject } => self.uninvited(pair, subject),
            Control::Painted { .. } | Control::Leave {} => {}
            Control::Epoch { .. }
            | Control::EpochAck { .. }
            | Control::Skip { .. }
            | Control::Rekey {}
            | Control::Pause { .. }
            | Control::Quiet { .. }
            | Control::InputDiscarded { .. }
            | Control::Outputs { .. }
            | Control::Helpers { .. } => warn!("a control message that only helpers get"),
        }
    }

    /// Input was thrown away as a whole: every key is up, and the helper is told.
    pub(super) fn input_discarded(&mut self, pair: PairId, events: u64) {
        let now = self.talk.clock.now();
        if let Some(helper) = self.helpers.get_mut(&pair) {
            if self.hands.holders().any(|holder| holder == pair) {
                self.hands.release_all();
            }
            let told = Control::InputDiscarded { events };
            helper.sealed.control(&told, now);
            emit("input_discarded", json!({"events": events}));
        }
    }

    fn act(&mut self, pair: PairId, message: &Bytes) {
        let now = self.talk.clock.now();
        let Some(Helper {
            broadcast: Some(broadcast),
            ..
        }) = self.helpers.get_mut(&pair)
        else {
            return;
        };
        match pipeline::act(&mut self.hands, pair, broadcast, message, now) {
            Ok(None) => {}
            Ok(Some(Late { events })) => self.input_discarded(pair, events),
            Err(error) => warn!(%error, "input was not readable"),
        }
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
fn tell_rules(pair: PairId, levels: &[Level], chat: bool) {
    let levels: Vec<&str> = levels.iter().map(|level| level.word()).collect();
    let pair = pair.number();
    emit(
        "rules",
        json!({"pair": pair, "levels": levels, "chat": chat}),
    );
}
