//! What a client says to the relay (SPEC 6.1).

use policy::{Compliance, HandshakeHash, Level, PairId, PublicBytes, SessionId};
use serde::{Deserialize, Serialize};

use super::{
    Answer, Device, MAX_CLIENT, MAX_INCIDENT, MAX_NONCE, MAX_REASON, MAX_SEARCH, MAX_SUBJECT,
    Quality, Role, Signed,
};
use crate::frame::parse;
use crate::text;
use crate::{LineKey, Malformed, Protocols, Routing};

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
    /// First message of another carrier of a line that stands (SPEC 2.4).
    Resume {
        /// The line's key, from `welcome`.
        #[serde(with = "text")]
        line: LineKey,
        /// Frames of the relay that had to arrive and did.
        heard: u64,
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
    /// Helper: which colleagues could come into this session?
    Colleagues {
        /// How a name, user name or e-mail address begins.
        #[serde(deserialize_with = "text::at_most::<MAX_SEARCH, _>")]
        search: String,
    },
    /// Helper: ask this colleague into the session (SPEC 6.9).
    Invite {
        /// The colleague's subject.
        #[serde(deserialize_with = "text::at_most::<MAX_SUBJECT, _>")]
        subject: String,
        /// The colleague takes the session over: this helper's part ends when a level stands for the colleague.
        hand_over: bool,
    },
    /// Helper: the colleague does not have to come any more.
    Uninvite {
        /// The colleague's subject.
        #[serde(deserialize_with = "text::at_most::<MAX_SUBJECT, _>")]
        subject: String,
    },
    /// Helper: come into the session that a colleague asked me into.
    Accept {
        /// The session.
        #[serde(with = "text")]
        session: SessionId,
    },
    /// Helper: do not come.
    TurnDown {
        /// The session.
        #[serde(with = "text")]
        session: SessionId,
    },
    /// Sharer: this helper has to go; the others stay.
    Dismiss {
        /// Which helper.
        #[serde(with = "text::pair")]
        pair: PairId,
    },
    /// Leave the session.
    Leave {},
}

impl ToRelay {
    /// Reads the text of a [`crate::Frame::Message`].
    pub fn parse(text: &[u8]) -> Result<Self, Malformed> {
        parse(text)
    }
}
