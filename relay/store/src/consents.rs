//! What sharers signed (PRODUCT 8.1), as long as the record of the session is kept.

use policy::{Level, PairId, SessionId};

use crate::records::Answer;
use crate::time::Time;

/// A consent is no longer than this, in bytes.
pub const CONSENT_LIMIT: usize = 4_096;

/// One answer of a sharer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    /// The session.
    pub session: SessionId,
    /// The helper's place in it.
    pub pair: PairId,
    /// Which answer of this pair.
    pub generation: u32,
    /// The level that was allowed.
    pub level: Level,
    /// What was signed, byte by byte: nothing of it may be made tidy.
    pub document: String,
    /// The signature, as text.
    pub signature: String,
    /// The key that verifies it, as text.
    pub public_key: String,
    /// When it came.
    pub at: Time,
}

/// Signed consents.
pub trait Consents: Send + Sync {
    /// Keeps one.
    ///
    /// # Errors
    /// [`crate::Refused::TooLong`], [`crate::Refused::TooMany`] for a place with too many.
    fn keep<'a>(&'a self, consent: &'a Consent) -> Answer<'a, ()>;

    /// Those of one place, oldest first.
    fn consents_of(&self, session: SessionId, pair: PairId) -> Answer<'_, Vec<Consent>>;
}
