//! What happens to the broker.

use std::net::IpAddr;

use policy::{PersonId, SessionId, TenantId};
use wire::{Details, Fault, Peer, Role, ToRelay};

use crate::rules::Rules;

/// One admitted connection, numbered by the shell. A number is never used twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// A person who signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Subject of the sign-in.
    pub id: PersonId,
    /// Full name.
    pub name: String,
    /// Issuer of the sign-in.
    pub issuer: String,
    /// The organisation.
    pub tenant: TenantId,
    /// Groups, as the sign-in names them.
    pub groups: Vec<String>,
    /// What the card says beside the name.
    pub details: Details,
}

impl Person {
    /// The person as clients are told.
    pub fn peer(&self) -> Peer {
        Peer {
            name: self.name.clone(),
            subject: self.id.0.clone(),
            issuer: self.issuer.clone(),
            details: self.details.clone(),
        }
    }
}

/// Fresh random bytes, drawn by the shell for each message.
pub type Random = [u8; 32];

/// What happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Input {
    /// A connection said hello and its ticket was good.
    Admitted {
        /// Its number.
        connection: ConnectionId,
        /// What it wants to be.
        role: Role,
        /// Who signed in.
        person: Person,
        /// Where it comes from, for limits.
        source: IpAddr,
    },
    /// A connection sent a message.
    Message {
        /// Which.
        connection: ConnectionId,
        /// What.
        message: ToRelay,
        /// For ids and routing numbers.
        random: Random,
    },
    /// A connection is gone. Comes exactly once for each that was admitted.
    Gone {
        /// Which.
        connection: ConnectionId,
    },
    /// A connection sent records on channels that its pair does not have, three times.
    Violated {
        /// Which.
        connection: ConnectionId,
    },
    /// The row of this session is durable.
    Recorded {
        /// Which.
        session: SessionId,
    },
    /// The row of this session could not be written. Counts only while the session waits for its row.
    NotRecorded {
        /// Which.
        session: SessionId,
        /// Why, for the two people.
        fault: Fault,
    },
    /// Roles, assignments or settings changed; live sessions are decided afresh.
    Rules(Rules),
    /// The relay is being stopped.
    Drain,
}
