//! What goes on, for administrators (PRODUCT 8.4).

use policy::{DeviceId, Level, PairId, SessionId, TenantId};

use crate::broker::Broker;
use crate::input::Person;
use crate::pair::Stage;

/// A session that goes on, or the part of one helper in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveSession {
    /// Which.
    pub session: SessionId,
    /// Which helper of it.
    pub pair: PairId,
    /// Who helps.
    pub helper: Person,
    /// Who is helped.
    pub sharer: Person,
    /// What is shared, if it has a key of its own.
    pub device: Option<DeviceId>,
    /// What that is called, if it says so.
    pub device_name: Option<String>,
    /// The level that stands; `None` before the first consent.
    pub level: Option<Level>,
}

impl Broker {
    /// The pairs of an organisation that go on, in the order of their sessions' ids.
    pub fn live(&self, tenant: &TenantId) -> Vec<LiveSession> {
        let own = self.pairs.values();
        let own = own.filter(|found| found.helper_person.tenant == *tenant);
        own.filter_map(|found| {
            let Stage::Paired(paired) = &found.stage else {
                return None;
            };
            let known = self.connections.get(&paired.sharer);
            let device = known.map(|known| known.device.clone()).unwrap_or_default();
            Some(LiveSession {
                session: found.place.session,
                pair: found.place.pair,
                helper: found.helper_person.clone(),
                sharer: paired.sharer_person.clone(),
                device: device.id,
                device_name: device.name,
                level: paired.standing(),
            })
        })
        .collect()
    }
}
