//! What messages are made of: people, devices, consents, warnings, figures (SPEC 6.1).

use policy::{Action, Compliance, PublicBytes, SessionId};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use super::{
    MAX_COLLEAGUES, MAX_DETAIL, MAX_DEVICE_NAME, MAX_INCIDENT, MAX_PORTRAIT, MAX_REASON, MAX_RULE,
    MAX_SUBJECT, rule_name,
};
use crate::text;

/// What makes a consent evidence (SPEC 6.6).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// The helper's issuer, as the sharer verified it.
    #[serde(deserialize_with = "text::at_most::<MAX_SUBJECT, _>")]
    pub issuer: String,
    /// The helper's subject, as the sharer verified it.
    #[serde(deserialize_with = "text::at_most::<MAX_SUBJECT, _>")]
    pub subject: String,
    /// SHA-256 of the text that was shown.
    #[serde(with = "text")]
    pub shown: PublicBytes,
    /// Milliseconds since 1970 by the sharer's clock.
    pub at: u64,
    /// How the answer was given.
    pub ui: Ui,
    /// Ed25519, base64url.
    #[serde(deserialize_with = "text::at_most::<MAX_SUBJECT, _>")]
    pub signature: String,
}

/// A sharer's machine (SPEC 6.7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// Its Ed25519 key.
    #[serde(with = "text")]
    pub key: PublicBytes,
    /// What its people call it.
    #[serde(deserialize_with = "text::at_most::<MAX_DEVICE_NAME, _>")]
    pub name: String,
    /// Its system, such as `Debian GNU/Linux 12`.
    #[serde(deserialize_with = "text::at_most::<MAX_DEVICE_NAME, _>")]
    pub platform: String,
    /// Ed25519 by that key over `rh-device/1` and the ticket, base64url.
    #[serde(deserialize_with = "text::at_most::<MAX_SUBJECT, _>")]
    pub signature: String,
}

/// How a consent was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ui {
    /// A person answered a window of ours.
    Window,
    /// A program answered, or nobody was asked.
    Unattended,
}

/// What the helper has to know about the sharer's device, and what it does to the session (PRODUCT 6.1, 6.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// The state.
    #[serde(with = "text")]
    pub state: Compliance,
    /// What it does.
    #[serde(with = "text")]
    pub action: Action,
    /// What an administrator calls the rule that says so; a state without one only warns.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "text::at_most_if_any::<MAX_RULE, _>"
    )]
    pub rule: Option<String>,
}

impl From<policy::Warning> for Warning {
    fn from(warning: policy::Warning) -> Self {
        let policy::Warning {
            state,
            action,
            rule,
        } = warning;
        Self {
            state,
            action,
            rule: rule.map(rule_name),
        }
    }
}

/// A person, as the relay's sign-in knows them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Peer {
    /// Full name.
    pub name: String,
    /// Subject of the sign-in.
    pub subject: String,
    /// Issuer of the sign-in.
    pub issuer: String,
    /// What else is known.
    #[serde(flatten)]
    pub details: Details,
}

/// What a trust card says beside name, subject and issuer (PRODUCT 1.7). Whatever is not known is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// Job title.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "text::at_most_if_any::<MAX_DETAIL, _>"
    )]
    pub title: Option<String>,
    /// Company.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "text::at_most_if_any::<MAX_DETAIL, _>"
    )]
    pub company: Option<String>,
    /// Profile picture, as a `data:` URL of a PNG, JPEG or WebP image.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "text::at_most_if_any::<MAX_PORTRAIT, _>"
    )]
    pub picture: Option<String>,
    /// The kind of program that the person signed in with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub program: Option<Program>,
}

/// Where a client's code comes from. A program in a browser is served by the relay and trusts it; a native one need not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Program {
    /// A page of the relay.
    Browser,
    /// An installed program.
    Native,
}

/// A person as a list of colleagues names one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Colleague {
    /// Subject of the sign-in.
    #[serde(deserialize_with = "text::at_most::<MAX_SUBJECT, _>")]
    pub subject: String,
    /// Full name.
    #[serde(deserialize_with = "text::at_most::<MAX_DETAIL, _>")]
    pub name: String,
    /// Job title.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "text::at_most_if_any::<MAX_DETAIL, _>"
    )]
    pub title: Option<String>,
}

/// What an invited helper is told before coming (SPEC 6.9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    /// The session.
    #[serde(with = "text")]
    pub session: SessionId,
    /// Who invites.
    pub by: Colleague,
    /// Who is helped.
    pub sharer: Colleague,
    /// Whether the invited helper takes the session over.
    pub hand_over: bool,
    /// Why there is a session, in the words of its first helper.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "text::at_most_if_any::<MAX_REASON, _>"
    )]
    pub reason: Option<String>,
    /// Number of the incident.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "text::at_most_if_any::<MAX_INCIDENT, _>"
    )]
    pub incident: Option<String>,
    /// Seconds until it is gone.
    pub within: u32,
}

/// At most so many colleagues as an answer has.
pub(super) fn colleagues<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Colleague>, D::Error> {
    let people = Vec::deserialize(from)?;
    if people.len() > MAX_COLLEAGUES {
        return Err(D::Error::custom("more colleagues than an answer has"));
    }
    Ok(people)
}

/// Figures of a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Quality {
    /// Input-to-photon, median, in milliseconds.
    #[serde(deserialize_with = "text::figure")]
    pub p50_ms: f32,
    /// Input-to-photon, 95th percentile, in milliseconds.
    #[serde(deserialize_with = "text::figure")]
    pub p95_ms: f32,
    /// Updates painted a second.
    #[serde(deserialize_with = "text::figure")]
    pub fps: f32,
    /// Times that no update came for more than 500 ms although one was due.
    pub stalls: u32,
}
