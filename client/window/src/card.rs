//! The card of the other person, as the child tells it (SPEC 15.1).

use serde::Deserialize;

/// Who the other one is, and who says so.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Card {
    /// The name of the person.
    pub name: String,
    /// What the issuer calls the person.
    pub subject: String,
    /// Where the person signed in.
    pub issuer: String,
    /// Who attests it: `relay`.
    pub source: String,
    /// What the person does.
    pub title: Option<String>,
    /// Where the person works.
    pub company: Option<String>,
    /// A `data:` address of a picture.
    pub picture: Option<String>,
    /// `browser` or `native`.
    pub program: Option<String>,
    /// At the helper: levels that it may ask for (SPEC 6).
    pub levels: Vec<String>,
}
