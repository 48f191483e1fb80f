//! Messages between a client and the relay: JSON, one a frame (SPEC 6).

mod parts;

use policy::{Compliance, HandshakeHash, Level, PairId, PublicBytes, SessionId};
use serde::{Deserialize, Serialize};

pub use parts::{Details, Device, Peer, Program, Quality, Signed, Ui, Warning};

use crate::frame::parse;
use crate::text;
use crate::{Fault, Malformed, Protocols, Routing, StepUp};

/// Most bytes of the name and version of a client (SPEC 16).
pub const MAX_CLIENT: usize = 200;
/// Most bytes of the reason of a session (SPEC 16).
pub const MAX_REASON: usize = 500;
/// Most bytes of the number of an incident (SPEC 16).
pub const MAX_INCIDENT: usize = 100;
/// Most bytes of a sharer's challenge (SPEC 6.4).
pub const MAX_NONCE: usize = 64;
/// Most bytes of an issuer or subject in a consent, and of a signature there (SPEC 16).
pub const MAX_SUBJECT: usize = 255;
/// Most bytes of the name of a device and of its system (SPEC 16).
pub const MAX_DEVICE_NAME: usize = 64;
/// Most bytes of a signed grant (SPEC 16).
pub const MAX_GRANT: usize = 1024;
/// Most bytes of a title or a company on a card (SPEC 16).
pub const MAX_DETAIL: usize = 200;
/// Most bytes of the name of a rule (SPEC 16).
pub const MAX_RULE: usize = 200;
/// Most bytes of the `data:` URL of a profile picture (SPEC 16).
pub const MAX_PORTRAIT: usize = 11000;

/// What a client is in its session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Gives help.
    Helper,
    /// Shares the screen.
    Sharer,
}

/// What the sharer said to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Yes.
    Allow,
    /// No.
    Decline,
}

/// From a client to the relay.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ToRelay {
    /// First message of a connection.
    Hello {
        /// Versions of the protocol that the client speaks.
        protocol: Protocols,
        /// What the client wants to be.
        role: Role,
        /// Name and version of the program, for the log.
        #[serde(deserialize_with = "text::at_most::<MAX_CLIENT, _>")]
        client: String,
        /// One-time proof of the sign-in, from `POST /api/v1/tickets`.
        ticket: String,
        /// Sharer: the machine, with proof of its key.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        device: Option<Device>,
    },
    /// Helper: make a session and give me the routing part of a code.
    Create {
        /// Why, in the helper's words; stands in the record.
        #[serde(
            default,
            skip_serializing_if = "Option::is_none",
            deserialize_with = "text::at_most_if_any::<MAX_REASON, _>"
        )]
        reason: Option<String>,
        /// Number of the incident; stands in the record.
        #[serde(
            default,
            skip_serializing_if = "Option::is_none",
            deserialize_with = "text::at_most_if_any::<MAX_INCIDENT, _>"
        )]
        incident: Option<String>,
    },
    /// Sharer: find the helper with this routing part. The other five digits never leave the client.
    Join {
        /// Three digits.
        #[serde(with = "text")]
        routing: Routing,
    },
    /// The handshake is done; both ends report the same hash or the relay links nothing.
    Shook {
        /// Which helper.
        #[serde(with = "text::pair")]
        pair: PairId,
        /// 64 hex digits.
        #[serde(with = "text")]
        hash: HandshakeHash,
        /// The helper's X25519 key; both ends report the same.
        #[serde(with = "text")]
        helper_key: PublicBytes,
        /// The Ed25519 key that signs the sharer's consents; both ends report the same.
        #[serde(with = "text")]
        sharer_key: PublicBytes,
    },
    /// The handshake failed; the claim is given back.
    ShakeFailed {
        /// Which helper.
        #[serde(with = "text::pair")]
        pair: PairId,
        /// Whether the code is used up: the helper's client counts the attempts.
        burned: bool,
    },
    /// Helper: ask for this level. A lower one than now takes effect at once.
    Ask {
        /// Which level.
        #[serde(with = "text")]
        level: Level,
    },
    /// Sharer: the answer to `asked`, or a change of mind (a lower level is never asked for).
    Consent {
        /// Which helper.
        #[serde(with = "text::pair")]
        pair: PairId,
        /// The level that the answer is about.
        #[serde(with = "text")]
        level: Level,
        /// The sharer's count of levels; the grant repeats it.
        generation: u32,
        /// The handshake hash that the consent is for.
        #[serde(with = "text")]
        hash: HandshakeHash,
        /// Yes or no.
        answer: Answer,
        /// Fresh random text, at most 64 bytes: the first challenge of this generation.
        #[serde(deserialize_with = "text::at_most::<MAX_NONCE, _>")]
        nonce: String,
        /// What the sharer signed; there if the answer is yes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signed: Option<Signed>,
    },
    /// Sharer: renew the grant; it lives 30 s from the moment this nonce was made.
    Challenge {
        /// Which helper.
        #[serde(with = "text::pair")]
        pair: PairId,
        /// The sharer's present generation.
        generation: u32,
        /// Fresh random text, at most 64 bytes.
        #[serde(deserialize_with = "text::at_most::<MAX_NONCE, _>")]
        nonce: String,
    },
    /// Figures of the session so far, about every 10 s; for the record.
    Quality {
        /// Which helper.
        #[serde(with = "text::pair")]
        pair: PairId,
        /// The figures.
        quality: Quality,
    },
    /// Sharer: something is wrong with this helper. Administrators are told, and the session ends.
    Report {
        /// Which helper.
        #[serde(with = "text::pair")]
        pair: PairId,
        /// What, in the sharer's words.
        #[serde(
            default,
            skip_serializing_if = "Option::is_none",
            deserialize_with = "text::at_most_if_any::<MAX_REASON, _>"
        )]
        text: Option<String>,
    },
    /// Helper: the warning about the sharer's device was read.
    Acknowledge {
        /// Which helper.
        #[serde(with = "text::pair")]
        pair: PairId,
        /// The state that it was about; another one has to be acknowledged by itself.
        #[serde(with = "text")]
        state: Compliance,
    },
    /// Leave the session.
    Leave {},
}

/// From the relay to a client.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FromRelay {
    /// The hello was accepted.
    Welcome {
        /// The version of the protocol that both speak.
        protocol: u16,
        /// Who the relay takes the client for.
        you: Peer,
        /// Name and version of the relay.
        relay: String,
    },
    /// The hello was not accepted; the connection ends.
    Refused {
        /// Why.
        fault: Fault,
        /// Why, in words.
        text: String,
    },
    /// A code may be shown.
    Created {
        /// The session.
        #[serde(with = "text")]
        session: SessionId,
        /// Three digits; the helper's client draws the other five.
        #[serde(with = "text")]
        routing: Routing,
        /// Seconds until it expires.
        expires_in: u32,
    },
    /// The code was found and is claimed for 60 s: start the handshake.
    Joined {
        /// The session.
        #[serde(with = "text")]
        session: SessionId,
        /// The tenant, bound into the handshake.
        tenant: String,
        /// Which helper of the session.
        #[serde(with = "text::pair")]
        pair: PairId,
    },
    /// A sharer claimed the code: expect its first flight.
    Claimed {
        /// The tenant, bound into the handshake.
        tenant: String,
        /// Which helper of the session.
        #[serde(with = "text::pair")]
        pair: PairId,
    },
    /// The claim ended without a handshake; the code is valid again.
    Unclaimed {},
    /// Both ends proved the code: who the other is, according to the relay's sign-in.
    Paired {
        /// Which helper of the session.
        #[serde(with = "text::pair")]
        pair: PairId,
        /// The other person.
        peer: Peer,
        /// The levels that the helper may ask for, highest last.
        #[serde(with = "text::list")]
        levels: Vec<Level>,
        /// Whether the two may chat; left out if so.
        #[serde(default = "yes", skip_serializing_if = "is_yes")]
        chat: bool,
        /// To the helper: a warning about the sharer's device, if there is one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        compliance: Option<Warning>,
    },
    /// To the helper: the state of the sharer's device, or what it does, is another one now.
    Compliance {
        /// Which helper.
        #[serde(with = "text::pair")]
        pair: PairId,
        /// The warning; left out if there is none any more.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        compliance: Option<Warning>,
    },
    /// The rules changed: what the helper may ask for now, and whether the two may chat.
    Rules {
        /// Which helper.
        #[serde(with = "text::pair")]
        pair: PairId,
        /// The levels that the helper may ask for, highest last.
        #[serde(with = "text::list")]
        levels: Vec<Level>,
        /// Whether the two may chat; left out if so.
        #[serde(default = "yes", skip_serializing_if = "is_yes")]
        chat: bool,
    },
    /// To the sharer: the helper asks for this level.
    Asked {
        /// Which helper.
        #[serde(with = "text::pair")]
        pair: PairId,
        /// Which level.
        #[serde(with = "text")]
        level: Level,
        /// Seconds to answer in.
        within: u32,
    },
    /// To the helper: the sharer said no or did not answer, or the level is not permitted any more.
    Declined {
        /// The level that was asked for.
        #[serde(with = "text")]
        level: Level,
        /// [`Fault::Declined`], [`Fault::TimedOut`], or what is not permitted any more if the rules changed meanwhile.
        fault: Fault,
    },
    /// To the sharer: the question is gone, nobody waits for its answer any more.
    Withdrawn {
        /// Which helper.
        #[serde(with = "text::pair")]
        pair: PairId,
    },
    /// A grant stands.
    Granted {
        /// Which helper.
        #[serde(with = "text::pair")]
        pair: PairId,
        /// The session.
        #[serde(with = "text")]
        session: SessionId,
        /// The level.
        #[serde(with = "text")]
        level: Level,
        /// The generation of the consent.
        generation: u32,
        /// Rises with every grant of the pair.
        sequence: u64,
        /// The handshake hash of the consent.
        #[serde(with = "text")]
        hash: HandshakeHash,
        /// The sharer's challenge that this grant answers.
        #[serde(deserialize_with = "text::at_most::<MAX_NONCE, _>")]
        nonce: String,
        /// The same, signed by the relay (SPEC 6.5): what the sharer goes by.
        #[serde(deserialize_with = "text::at_most::<MAX_GRANT, _>")]
        token: String,
    },
    /// The relay closed this channel of this pair: its sender ignored the credit. The sharer answers with a `Reset`.
    SlowPeer {
        /// Which helper.
        #[serde(with = "text::pair")]
        pair: PairId,
    },
    /// The session is over.
    Ended {
        /// Why.
        fault: Fault,
        /// Why, in words.
        text: String,
        /// What an administrator calls the rule that refuses, if it is one.
        #[serde(
            default,
            skip_serializing_if = "Option::is_none",
            deserialize_with = "text::at_most_if_any::<MAX_RULE, _>"
        )]
        rule: Option<String>,
        /// How to sign in so that the rule is fulfilled, if a sign-in can do that.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        step_up: Option<StepUp>,
    },
    /// A request could not be done; the connection and the session go on.
    Faulted {
        /// Why.
        fault: Fault,
        /// Why, in words.
        text: String,
        /// What an administrator calls the rule that refuses, if it is one.
        #[serde(
            default,
            skip_serializing_if = "Option::is_none",
            deserialize_with = "text::at_most_if_any::<MAX_RULE, _>"
        )]
        rule: Option<String>,
        /// How to sign in so that the rule is fulfilled, if a sign-in can do that.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        step_up: Option<StepUp>,
    },
}

impl ToRelay {
    /// Reads the text of a [`crate::Frame::Message`].
    pub fn parse(text: &[u8]) -> Result<Self, Malformed> {
        parse(text)
    }
}

impl FromRelay {
    /// Reads the text of a [`crate::Frame::Message`].
    pub fn parse(text: &[u8]) -> Result<Self, Malformed> {
        parse(text)
    }

    /// The connection ends with this.
    pub fn refused(fault: Fault) -> Self {
        Self::Refused {
            fault,
            text: fault.text().to_owned(),
        }
    }

    /// The session ends with this.
    pub fn ended(fault: Fault) -> Self {
        Self::ended_by(fault, None, None)
    }

    /// The session ends with this, by the rule of this name, which such a sign-in would fulfil.
    pub fn ended_by(fault: Fault, rule: Option<String>, step_up: Option<StepUp>) -> Self {
        Self::Ended {
            fault,
            text: fault.text().to_owned(),
            rule: rule.map(cut),
            step_up,
        }
    }

    /// A request failed with this; all else goes on.
    pub fn faulted(fault: Fault) -> Self {
        Self::faulted_by(fault, None, None)
    }

    /// A request failed with this, by the rule of this name, which such a sign-in would fulfil; all else goes on.
    pub fn faulted_by(fault: Fault, rule: Option<String>, step_up: Option<StepUp>) -> Self {
        Self::Faulted {
            fault,
            text: fault.text().to_owned(),
            rule: rule.map(cut),
            step_up,
        }
    }
}

/// An administrator may call a rule what fits, and a message holds so much of it.
fn cut(mut rule: String) -> String {
    rule.truncate(rule.floor_char_boundary(MAX_RULE));
    rule
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_yes(value: &bool) -> bool {
    *value
}
