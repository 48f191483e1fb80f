//! Messages between the two ends on the control channel: JSON text, one a message (SPEC 11).

use policy::{Level, PairId};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use wire::{Channel, MAX_SUBJECT, Malformed};
use zeroize::Zeroizing;

use crate::keys::Secret;

/// A message of the control channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Control {
    /// Sharer: from here on my records are sealed with the keys of this generation (SPEC 9).
    Epoch {
        /// The level generation that the consent named.
        generation: u32,
        /// What its keys come from.
        secret: SecretText,
        /// The first counter of each of my channels under this generation.
        starts: Vec<Start>,
    },
    /// Helper: likewise, in answer.
    EpochAck {
        /// The generation of the `epoch`.
        generation: u32,
        /// The first counter of each of my channels under this generation.
        starts: Vec<Start>,
    },
    /// Everything of this channel below `to` was given up; go on there.
    Skip {
        /// Number of the channel.
        channel: u8,
        /// The next counter to expect.
        to: u64,
    },
    /// Helper: my keys wear out; begin a new generation at the same level.
    Rekey {},
    /// Sharer: the picture and input are paused, or go on.
    Pause {
        /// Paused.
        on: bool,
    },
    /// Sharer: nothing has changed on the screen since this update.
    Quiet {
        /// Number of the last update.
        update: u32,
    },
    /// Helper: my picture cannot go on; start afresh.
    Reset {},
    /// Helper: this update is on my screen.
    Painted {
        /// Number of the update.
        update: u32,
    },
    /// Sharer: this many input events were too old and were thrown away as a whole; all keys are up.
    InputDiscarded {
        /// How many.
        events: u64,
    },
    /// Sharer: the monitors there are, and which of them is shown.
    Outputs {
        /// At most [`MAX_OUTPUTS`], the primary one first.
        #[serde(deserialize_with = "outputs")]
        outputs: Vec<Monitor>,
        /// Its id; `None` is all of them.
        shown: Option<u32>,
    },
    /// Helper: show this monitor only, or all of them.
    ShowOutput {
        /// Its id; `None` is all of them.
        output: Option<u32>,
    },
    /// Helper: this colleague may come into the session (SPEC 6.9).
    Invite {
        /// The colleague's subject.
        #[serde(deserialize_with = "subject")]
        subject: String,
        /// The colleague's name, until it is verified.
        #[serde(deserialize_with = "subject")]
        name: String,
        /// The colleague takes the session over.
        hand_over: bool,
    },
    /// Helper: that colleague may not come any more.
    Uninvite {
        /// The colleague's subject.
        #[serde(deserialize_with = "subject")]
        subject: String,
    },
    /// Sharer: who helps now.
    Helpers {
        /// Those with a level, and those whose question is open.
        #[serde(deserialize_with = "helpers")]
        helpers: Vec<Present>,
    },
    /// The sender leaves; nothing follows.
    Leave {},
}

/// A monitor of the sharer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Monitor {
    /// Names it as long as the monitors stay as they are.
    pub id: u32,
    /// The connector, such as `HDMI-1`; at most [`MAX_OUTPUT_NAME`] bytes.
    #[serde(deserialize_with = "output_name")]
    pub name: String,
    /// Left edge on the desktop, in pixels.
    pub x: u16,
    /// Upper edge.
    pub y: u16,
    /// Width.
    pub width: u16,
    /// Height.
    pub height: u16,
    /// Whether it is the one with the panel.
    pub primary: bool,
}

/// A helper who is in the session, as the sharer knows one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Present {
    /// Number of the pair.
    pub pair: u8,
    /// The name, as verified by the sharer's client.
    #[serde(deserialize_with = "subject")]
    pub name: String,
    /// The word of the level that stands.
    #[serde(deserialize_with = "level")]
    pub level: Option<String>,
}

/// Most monitors of a sharer (SPEC 16).
pub const MAX_OUTPUTS: usize = 16;
/// Most bytes of a monitor's name (SPEC 16).
pub const MAX_OUTPUT_NAME: usize = 64;

/// Where a generation begins on a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start {
    /// Number of the channel.
    pub channel: u8,
    /// Its first counter.
    pub counter: u64,
}

/// The secret of a generation as hex digits. Never printed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SecretText(Zeroizing<String>);

fn outputs<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Monitor>, D::Error> {
    let outputs = Vec::deserialize(from)?;
    if outputs.len() > MAX_OUTPUTS {
        return Err(D::Error::custom("more monitors than there can be"));
    }
    Ok(outputs)
}

fn output_name<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let name = String::deserialize(from)?;
    if name.len() > MAX_OUTPUT_NAME {
        return Err(D::Error::custom("longer than this field may be"));
    }
    Ok(name)
}

fn helpers<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Present>, D::Error> {
    let helpers = Vec::<Present>::deserialize(from)?;
    if helpers.len() > PairId::AT_ONCE {
        return Err(D::Error::custom("more helpers than a session has"));
    }
    if helpers
        .iter()
        .any(|present| PairId::new(present.pair).is_none())
    {
        return Err(D::Error::custom("a session has no such pair"));
    }
    Ok(helpers)
}

fn subject<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let text = String::deserialize(from)?;
    if text.len() > MAX_SUBJECT {
        return Err(D::Error::custom("longer than this field may be"));
    }
    Ok(text)
}

fn level<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    let word = Option::<String>::deserialize(from)?;
    if word
        .as_ref()
        .is_some_and(|word| word.parse::<Level>().is_err())
    {
        return Err(D::Error::custom("no such level"));
    }
    Ok(word)
}

impl Control {
    /// The text to send.
    pub fn encode(&self) -> Result<Vec<u8>, Malformed> {
        serde_json::to_vec(self).map_err(|_| Malformed::Message)
    }

    /// Reads a message.
    pub fn decode(message: &[u8]) -> Result<Self, Malformed> {
        serde_json::from_slice(message).map_err(|_| Malformed::Message)
    }
}

impl Start {
    pub(crate) fn new(channel: Channel, counter: u64) -> Self {
        Self {
            channel: channel.number(),
            counter,
        }
    }
}

impl SecretText {
    pub(crate) fn of(secret: &Secret) -> Self {
        let digits = secret.bytes().iter().flat_map(|byte| {
            [byte >> 4, byte & 0xf].map(|nibble| char::from_digit(nibble.into(), 16).unwrap_or('0'))
        });
        Self(Zeroizing::new(digits.collect()))
    }

    pub(crate) fn read(&self) -> Result<Secret, Malformed> {
        let hash: policy::HandshakeHash = self.0.parse().map_err(|_| Malformed::Message)?;
        Ok(Secret::new(Zeroizing::new(hash.0)))
    }
}

impl std::fmt::Debug for SecretText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretText(*****)")
    }
}
