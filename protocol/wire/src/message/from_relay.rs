//! What the relay says to a client (SPEC 6.1).

use policy::{HandshakeHash, Level, PairId, SessionId};
use serde::{Deserialize, Serialize};

use super::{
    Colleague, Invitation, MAX_GRANT, MAX_NONCE, MAX_RULE, MAX_SUBJECT, Peer, Warning, parts,
    rule_name,
};
use crate::frame::parse;
use crate::text;
use crate::{Fault, LineKey, Malformed, Routing, StepUp};

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
        /// With this the client comes back if the carrier is lost.
        #[serde(with = "text")]
        line: LineKey,
        /// Seconds for which the relay waits for it.
        keep: u32,
    },
    /// The line goes on, on this carrier.
    Resumed {
        /// Frames of the client that had to arrive and did.
        heard: u64,
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
    /// The other end has lost its carrier.
    Away {
        /// Which helper.
        #[serde(with = "text::pair")]
        pair: PairId,
        /// Seconds until the relay takes it for gone.
        within: u32,
    },
    /// One end has another carrier: a round of credit begins, and both ends ask for what is missing (SPEC 10.2).
    Back {
        /// Which helper.
        #[serde(with = "text::pair")]
        pair: PairId,
        /// Changes of carrier of this pair so far, modulo 256.
        round: u8,
    },
    /// To the helper who asked: colleagues who could come into this session.
    Colleagues {
        /// At most [`MAX_COLLEAGUES`](super::MAX_COLLEAGUES), by name.
        #[serde(deserialize_with = "parts::colleagues")]
        people: Vec<Colleague>,
    },
    /// To the helper who invited: the invitation is open.
    Invited {
        /// Who is invited.
        colleague: Colleague,
        /// Whether the colleague takes the session over.
        hand_over: bool,
        /// Seconds until it is gone.
        within: u32,
    },
    /// To the helper who invited: the invitation is open no more.
    Uninvited {
        /// Who was invited.
        #[serde(deserialize_with = "text::at_most::<MAX_SUBJECT, _>")]
        subject: String,
        /// Why nobody comes; left out if the colleague does.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fault: Option<Fault>,
    },
    /// To a helper in no session: a colleague asks for company.
    Invitation(Invitation),
    /// To a helper in no session: the invitation is gone.
    InvitationGone {
        /// The session.
        #[serde(with = "text")]
        session: SessionId,
    },
    /// To the sharer: this helper is gone, the session goes on with the others.
    Departed {
        /// Which helper.
        #[serde(with = "text::pair")]
        pair: PairId,
        /// Why.
        fault: Fault,
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
            rule: rule.map(rule_name),
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
            rule: rule.map(rule_name),
            step_up,
        }
    }
}

fn yes() -> bool {
    true
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_yes(value: &bool) -> bool {
    *value
}
