//! Helpers without a carrier for a while, and the carrier here (SPEC 2.4).

use client::stdio::emit;
use policy::PairId;
use serde_json::json;

use super::Session;

impl Session {
    /// A helper has lost its carrier. Nothing that it presses stays pressed.
    pub(super) fn away(&mut self, pair: PairId, within: u32) {
        let Some(helper) = self.helpers.get_mut(&pair) else {
            return;
        };
        helper.sealed.hold();
        if self.hands.holders().any(|holder| holder == pair) {
            self.hands.release_all();
        }
        emit("away", json!({"pair": pair.number(), "within": within}));
    }

    /// The helper or this program is on another carrier: what is missing is asked for, and the grant that stands is renewed at once.
    pub(super) fn back(&mut self, pair: PairId, round: u8) {
        let now = self.talk.clock.now();
        let Some(helper) = self.helpers.get_mut(&pair) else {
            return;
        };
        helper.sealed.carrier_changed(round, now);
        if let Some(at) = &mut helper.challenge_at {
            *at = now;
        }
        emit("back", json!({"pair": pair.number()}));
    }
}
