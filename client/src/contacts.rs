//! The helpers who have helped here before: with a stranger *Allow* waits (PRODUCT 10.6).

use std::path::{Path, PathBuf};
use std::time::Duration;

use identity::Identity;
use serde::{Deserialize, Serialize};
use tracing::warn;

use crate::place;

/// With a helper who never helped here, control can be allowed this long after the card was shown.
pub const FIRST_CONTACT: Duration = Duration::from_secs(10);

/// The helpers who have helped here before.
#[derive(Debug)]
pub struct Contacts {
    path: PathBuf,
    known: Vec<Contact>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Contact {
    issuer: String,
    subject: String,
}

/// The oldest is forgotten beyond this many.
const LIMIT: usize = 1000;

impl Contacts {
    /// Reads them. Contacts that cannot be read make everybody a stranger: that errs on the safe side.
    pub fn load(state: Option<&Path>) -> Self {
        let path = place::state_folder(state).join("contacts.json");
        let read = place::read(&path).map(Option::unwrap_or_default);
        let text = read.unwrap_or_else(|error| {
            warn!(path = %path.display(), %error, "contacts cannot be read");
            String::new()
        });
        let known = serde_json::from_str(&text).unwrap_or_default();
        Self { path, known }
    }

    /// Whether this helper helped here before.
    pub fn knows(&self, helper: &Identity) -> bool {
        self.known.contains(&contact(helper))
    }

    /// The helper was allowed something.
    pub fn note(&mut self, helper: &Identity) {
        let contact = contact(helper);
        self.known.retain(|known| *known != contact);
        self.known.push(contact);
        let beyond = self.known.len().saturating_sub(LIMIT);
        self.known.drain(..beyond);
        let kept = serde_json::to_vec(&self.known)
            .map_err(std::io::Error::other)
            .and_then(|text| place::write_private(&self.path, &text));
        if let Err(error) = kept {
            warn!(path = %self.path.display(), %error, "a contact cannot be kept");
        }
    }
}

fn contact(helper: &Identity) -> Contact {
    Contact {
        issuer: helper.issuer.clone(),
        subject: helper.person.0.clone(),
    }
}
