//! Conditional access: what a sign-in must be like for an action (PRODUCT 1.8).

use std::net::IpAddr;
use std::time::Duration;

use crate::{Compliance, GroupId, Network, RuleId, Subject};

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

/// What a sign-in lacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lacks {
    /// It was not made in one of these ways.
    Method(Vec<String>),
    /// It is older than this, or does not say how old it is.
    Age(Duration),
    /// It does not come from where it has to.
    Network,
    /// The sharer's device is not compliant.
    Device,
}

/// A rule that somebody does not fulfil.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmet {
    /// What an administrator calls the rule (PRODUCT 1.8: the refusal names it).
    pub rule: String,
    /// What is missing.
    pub lacks: Lacks,
}

impl AccessRule {
    /// Whether the rule is about this person at this moment.
    pub fn concerns(&self, person: &Subject, moment: Moment) -> bool {
        self.moments.contains(&moment) && self.is_about(person)
    }

    /// Whether the rule is about this person at some moment.
    pub fn is_about(&self, person: &Subject) -> bool {
        self.groups.is_empty() || self.groups.iter().any(|one| person.groups.contains(one))
    }

    /// Whether a sign-in fulfils the rule (PRODUCT 1.8). `device` is `None` where no device is concerned yet: at sign-in, and
    /// when a code is made. What a fresh sign-in cures is found last, so that nobody signs in again for nothing.
    pub fn check(&self, signed_in: &SignedIn, device: Option<Compliance>) -> Result<(), Lacks> {
        self.check_device(device)?;
        let within = |ranges: &[Network]| ranges.iter().any(|one| one.contains(signed_in.source));
        if within(&self.denied) || !(self.allowed.is_empty() || within(&self.allowed)) {
            return Err(Lacks::Network);
        }
        let ways = signed_in.acr.iter().chain(&signed_in.amr);
        if !self.methods.is_empty() && !ways.into_iter().any(|way| self.methods.contains(way)) {
            return Err(Lacks::Method(self.methods.clone()));
        }
        match self.max_age {
            Some(most) if signed_in.age.is_none_or(|age| age > most) => Err(Lacks::Age(most)),
            _ => Ok(()),
        }
    }

    /// The part of the rule that is about the device.
    pub fn check_device(&self, device: Option<Compliance>) -> Result<(), Lacks> {
        match device {
            Some(state) if self.compliant_device && state != Compliance::Compliant => {
                Err(Lacks::Device)
            }
            _ => Ok(()),
        }
    }
}

impl Lacks {
    /// Whether a fresh sign-in can cure it (RFC 9470).
    pub fn is_curable(&self) -> bool {
        matches!(self, Self::Method(_) | Self::Age(_))
    }

    /// `acr_values` for the fresh sign-in (RFC 9470 section 3).
    pub fn acr_values(&self) -> &[String] {
        match self {
            Self::Method(ways) => ways,
            Self::Age(_) | Self::Network | Self::Device => &[],
        }
    }

    /// `max_age` for the fresh sign-in (RFC 9470 section 3).
    pub fn max_age(&self) -> Option<Duration> {
        match self {
            Self::Age(most) => Some(*most),
            Self::Method(_) | Self::Network | Self::Device => None,
        }
    }
}

#[cfg(test)]
mod tests;
