//! Warnings about the sharer's device: told, told again when they change, acknowledged, recorded (PRODUCT 6.1).

use policy::Compliance;
use wire::{Fault, FromRelay, Warning};

use crate::broker::{Broker, Effects, send};
use crate::effect::{Effect, Entry};
use crate::input::ConnectionId;
use crate::pair::Place;

impl Broker {
    /// The helper read the warning about this state. It counts only for the state that the device is in.
    pub(crate) fn acknowledge(
        &mut self,
        connection: ConnectionId,
        place: Place,
        state: Compliance,
        out: &mut Effects,
    ) {
        let Some((_, paired)) = self.paired_mut(place) else {
            return send(out, connection, FromRelay::faulted(Fault::NotNow));
        };
        match &paired.told.warning {
            Some(warning) if warning.state == state => {
                if paired.acknowledged != Some(state) {
                    paired.acknowledged = Some(state);
                    out.push(noted(place, warning, true));
                }
            }
            _ => send(out, connection, FromRelay::faulted(Fault::NotNow)),
        }
    }
}

/// The line of the record about a warning.
pub(crate) fn noted(place: Place, warning: &Warning, acknowledged: bool) -> Effect {
    let Warning { state, action, .. } = warning;
    place.record(Entry::Compliance {
        state: *state,
        action: *action,
        acknowledged,
    })
}
