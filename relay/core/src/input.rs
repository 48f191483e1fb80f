//! What happens to the broker.

use std::net::IpAddr;
use std::time::Duration;

use policy::{
    DeviceId, GroupId, Machine, PairId, PersonId, SessionId, SignedIn, Subject, TenantId,
};
use wire::{Details, Fault, Peer, Program, Role, ToRelay};

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
    pub groups: Vec<GroupId>,
    /// What the card says beside the name.
    pub details: Details,
    /// How the person signed in.
    pub sign_in: SignIn,
}

/// How a person signed in, as the token says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignIn {
    /// `acr`.
    pub acr: Option<String>,
    /// `amr`.
    pub amr: Vec<String>,
    /// How old the sign-in (`auth_time`) was at `seen`; `None` if the token does not say.
    pub age: Option<Duration>,
    /// When the token was looked at, on the clock of the broker.
    pub seen: Duration,
}

/// What a sharer shares, as far as the relay knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Its id, if it has a key of its own.
    pub id: Option<DeviceId>,
    /// What it is called, if it says so.
    pub name: Option<String>,
    /// What policy has to know about it.
    pub machine: Machine,
}

impl Default for Device {
    /// A machine that nobody knows.
    fn default() -> Self {
        Self {
            id: None,
            name: None,
            machine: Machine::Unenrolled,
        }
    }
}

impl SignIn {
    /// The sign-in as rules see it at `now`, from this address.
    pub fn at(&self, source: IpAddr, now: Duration) -> SignedIn {
        SignedIn {
            acr: self.acr.clone(),
            amr: self.amr.clone(),
            age: self.age.map(|age| age + now.saturating_sub(self.seen)),
            source,
        }
    }
}

impl Person {
    /// The person as policy sees one.
    pub fn subject(&self) -> Subject {
        Subject {
            id: self.id.clone(),
            groups: self.groups.clone(),
        }
    }

    /// Whether the person's client is of this kind, as far as the token says.
    pub(crate) fn works_in(&self, program: Program) -> bool {
        self.details.program == Some(program)
    }

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
        person: Box<Person>,
        /// Where it comes from, for limits and rules.
        source: IpAddr,
        /// What a sharer would share; of a helper nobody asks.
        device: Box<Device>,
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
    /// A connection has lost its carrier, and may come back on another one.
    Away {
        /// Which.
        connection: ConnectionId,
    },
    /// A connection is on another carrier; whether it was [`Input::Away`] before does not matter.
    Back {
        /// Which.
        connection: ConnectionId,
        /// Where it comes from now.
        source: IpAddr,
    },
    /// A connection sent records on channels that its pair does not have, three times.
    Violated {
        /// Which.
        connection: ConnectionId,
    },
    /// A helper looks for colleagues to ask into the session: those whose name fits. Comes in the place of the message.
    Colleagues {
        /// Which connection.
        connection: ConnectionId,
        /// People of the organisation, by name.
        candidates: Vec<Person>,
    },
    /// A helper asks a colleague into the session. Comes in the place of the message.
    Invite {
        /// Which connection.
        connection: ConnectionId,
        /// The colleague, if the organisation has one of that subject whose account may be used.
        colleague: Option<Box<Person>>,
        /// The colleague takes the session over.
        hand_over: bool,
    },
    /// A person says on a page not to come into this session.
    TurnedDown {
        /// The organisation.
        tenant: TenantId,
        /// Who.
        person: PersonId,
        /// Which session.
        session: SessionId,
    },
    /// The row of this pair is durable.
    Recorded {
        /// Which session.
        session: SessionId,
        /// Which helper of it.
        pair: PairId,
    },
    /// The row of this pair could not be written. Counts only while the pair waits for its row.
    NotRecorded {
        /// Which session.
        session: SessionId,
        /// Which helper of it.
        pair: PairId,
        /// Why, for the two people.
        fault: Fault,
    },
    /// Roles, assignments or settings changed; live sessions are decided afresh.
    Rules(Rules),
    /// The directory says something else about a person. One who is not active has no session any more (PRODUCT 1.10).
    Person {
        /// The organisation.
        tenant: TenantId,
        /// Who.
        person: PersonId,
        /// Whether the account may be used.
        active: bool,
        /// The groups now.
        groups: Vec<GroupId>,
    },
    /// An enrolled device is in other groups, or in another state; or it is enrolled no more.
    Device {
        /// The organisation.
        tenant: TenantId,
        /// Which.
        device: DeviceId,
        /// What policy has to know about it now.
        machine: Machine,
    },
    /// An administrator ends a session. One of another organisation is none.
    EndSession {
        /// Which.
        session: SessionId,
        /// Who; the API has checked the permission.
        by: Box<Person>,
    },
    /// The relay is being stopped.
    Drain,
}
