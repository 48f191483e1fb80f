//! A sharer without a carrier for a while, and the carrier here (SPEC 2.4).

use client::stdio::emit;
use serde_json::json;

use super::Session;

impl Session {
    /// The sharer has lost its carrier.
    pub(super) fn away(&mut self, within: u32) {
        if let Some(sealed) = &mut self.sealed {
            sealed.hold();
            emit("away", json!({"within": within}));
        }
    }

    /// The sharer or this program is on another carrier: what is missing is asked for.
    pub(super) fn back(&mut self, round: u8) {
        let now = self.talk.clock.now();
        if let Some(sealed) = &mut self.sealed {
            sealed.carrier_changed(round, now);
            emit("back", json!({}));
        }
    }
}
