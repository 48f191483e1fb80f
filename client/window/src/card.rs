//! The card of the other person, as the child tells it (SPEC 15.1).

use serde::Deserialize;

/// Who the other one is: what the client verified, and below it what only the relay says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Card {
    /// Number of the pair.
    pub pair: u8,
    /// The name of the person.
    pub name: String,
    /// What the issuer calls the person.
    pub subject: String,
    /// Where the person signed in.
    pub issuer: String,
    /// What stands for the organisation.
    pub domain: String,
    /// What the person does, if the token says it.
    pub title: Option<String>,
    /// Where the person works, if the token says it.
    pub company: Option<String>,
    /// What only the relay says.
    pub directory: Directory,
    /// `browser` or `native`.
    pub program: Option<String>,
    /// At the helper: levels that it may ask for (SPEC 6).
    pub levels: Vec<String>,
    /// At the sharer: this helper never helped here before.
    pub first_contact: bool,
    /// At the sharer: who asked this helper in; `None` for the helper of the code.
    pub invited_by: Option<String>,
    /// At the sharer: this helper takes the session over from that one.
    pub hand_over: bool,
    /// At the sharer: seconds from the card until control can be allowed.
    pub pause: u64,
}

/// What only the relay says about a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Directory {
    /// The relay's host.
    pub relay: String,
    /// What the person does.
    pub title: Option<String>,
    /// Where the person works.
    pub company: Option<String>,
    /// A `data:` address of a picture.
    pub picture: Option<String>,
}
