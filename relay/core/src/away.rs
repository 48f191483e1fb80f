//! Connections that are without a carrier for a while (SPEC 2.4): whoever they talk to is told, and waits.

use std::net::IpAddr;
use std::time::Duration;

use wire::{FromRelay, Role};

use crate::broker::{Broker, Effects, send};
use crate::effect::Effect;
use crate::input::ConnectionId;
use crate::pair::{Place, Stage};

impl Broker {
    /// A connection has lost its carrier.
    pub(crate) fn away(&mut self, connection: ConnectionId, now: Duration, out: &mut Effects) {
        let until = now + self.keep;
        let Some(known) = self.connections.get_mut(&connection) else {
            return;
        };
        if known.away.replace(until).is_some() {
            return;
        }
        let within = u32::try_from(self.keep.as_secs()).unwrap_or(u32::MAX);
        for (place, other) in self.others(connection) {
            let pair = place.pair;
            send(out, other, FromRelay::Away { pair, within });
        }
    }

    /// A connection has another carrier, from this address: in each of its pairs a round of credit begins.
    pub(crate) fn back(&mut self, connection: ConnectionId, source: IpAddr, out: &mut Effects) {
        let Some(known) = self.connections.get_mut(&connection) else {
            return;
        };
        known.away = None;
        known.source = source;
        for (place, other) in self.others(connection) {
            let Some((_, paired)) = self.paired_mut(place) else {
                continue;
            };
            paired.round = paired.round.wrapping_add(1);
            let (Place { session, pair }, round) = (place, paired.round);
            out.push(Effect::Relink {
                session,
                pair,
                round,
            });
            send(out, connection, FromRelay::Back { pair, round });
            send(out, other, FromRelay::Back { pair, round });
        }
    }

    /// Whoever did not come back in time is gone.
    pub(crate) fn expire_away(&mut self, now: Duration, out: &mut Effects) {
        let over = |known: &crate::broker::Connection| known.away.is_some_and(|until| now >= until);
        let gone: Vec<ConnectionId> = self
            .connections
            .iter()
            .filter(|(_, known)| over(known))
            .map(|(connection, _)| *connection)
            .collect();
        for connection in gone {
            self.gone(connection, now, out);
            out.push(Effect::Close { connection });
        }
    }

    /// The pairs in which this connection talks to somebody, and to whom.
    fn others(&self, connection: ConnectionId) -> Vec<(Place, ConnectionId)> {
        let Some(known) = self.connections.get(&connection) else {
            return vec![];
        };
        let Some(own) = known.place else {
            return vec![];
        };
        let places = match known.role {
            Role::Helper => vec![own],
            Role::Sharer => self.pairs_of(own.session),
        };
        let other = |place: Place| {
            let found = self.pairs.get(&place)?;
            let Stage::Paired(paired) = &found.stage else {
                return None;
            };
            match known.role {
                Role::Helper => Some((place, paired.sharer)),
                Role::Sharer => (paired.sharer == connection).then_some((place, found.helper)),
            }
        };
        places.into_iter().filter_map(other).collect()
    }
}

/// How long a connection without a carrier is waited for, unless the relay's configuration says otherwise.
pub const KEEP: Duration = Duration::from_secs(60);
