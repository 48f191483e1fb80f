//! Conditional access: what a sign-in must be like for an action (PRODUCT 1.8).

use std::net::IpAddr;
use std::time::Duration;

use crate::{GroupId, RuleId};

/// What a rule is asked about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Moment {
    /// Signing in at the relay, also at the console.
    SignIn,
    /// Making a code or a launch.
    Create,
    /// Joining a session.
    Join,
    /// Every renewal of a grant.
    Renew,
}

/// An address range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    /// Any address of it.
    pub address: IpAddr,
    /// Leading bits that count.
    pub prefix: u8,
}

/// One rule. Whoever it is about has to fulfil all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessRule {
    /// Its id.
    pub id: RuleId,
    /// What an administrator calls it; the refusal names it.
    pub name: String,
    /// The groups of people that it is about; empty: everybody.
    pub groups: Vec<GroupId>,
    /// When it is asked.
    pub moments: Vec<Moment>,
    /// One of these has to be the sign-in's `acr`, or among its `amr`; empty: any.
    pub methods: Vec<String>,
    /// The sign-in is no older.
    pub max_age: Option<Duration>,
    /// The address is in one of these; empty: any.
    pub allowed: Vec<Network>,
    /// The address is in none of these.
    pub denied: Vec<Network>,
    /// The sharer's device is compliant.
    pub compliant_device: bool,
}

/// What is known about somebody's sign-in, for rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// `acr` of the token.
    pub acr: Option<String>,
    /// `amr` of the token.
    pub amr: Vec<String>,
    /// Age of the sign-in itself (`auth_time`) now; `None` if the token does not say.
    pub age: Option<Duration>,
    /// Where the connection comes from.
    pub source: IpAddr,
}
