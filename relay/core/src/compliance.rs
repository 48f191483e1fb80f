//! Warnings about the sharer's device: told, told again when they change, acknowledged, recorded (PRODUCT 6.1).

use policy::{Compliance, PairId, SessionId};
use wire::{Fault, FromRelay, Warning};

use crate::broker::{Broker, Effects, send};
use crate::effect::{Effect, Entry};
use crate::input::ConnectionId;
use crate::session::{Session, Stage};

impl Broker {
    /// The helper read the warning about this state. It counts only for the state that the device is in.
    pub(crate) fn acknowledge(
        &mut self,
        connection: ConnectionId,
        state: Compliance,
        out: &mut Effects,
    ) {
        let session = self.session_of(connection);
        let found = session.and_then(|session| self.sessions.get_mut(&session));
        let Some(Session {
            id,
            stage: Stage::Paired(paired),
            ..
        }) = found
        else {
            return send(out, connection, FromRelay::faulted(Fault::NotNow));
        };
        match &paired.told.warning {
            Some(warning) if warning.state == state => {
                if paired.acknowledged != Some(state) {
                    paired.acknowledged = Some(state);
                    out.push(noted(*id, Session::PAIR, warning, true));
                }
            }
            _ => send(out, connection, FromRelay::faulted(Fault::NotNow)),
        }
    }
}

/// The line of the record about a warning.
pub(crate) fn noted(
    session: SessionId,
    pair: PairId,
    warning: &Warning,
    acknowledged: bool,
) -> Effect {
    let Warning { state, action, .. } = warning;
    Effect::Record {
        session,
        pair,
        entry: Entry::Compliance {
            state: *state,
            action: *action,
            acknowledged,
        },
    }
}
