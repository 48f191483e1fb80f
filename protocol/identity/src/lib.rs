//! Who somebody is, and who says so. Pure: fetching is elsewhere, `now` is an argument.
//!
//! 1. [`token`] holds every rule about the tokens of an OpenID provider, [`keys`] every rule about the keys that it publishes.
//! 2. [`Binding`] ties a client's keys to a person: the nonce of the sign-in commits to them (SPEC 8.4).
//! 3. [`Anchor`] is what a client knows beforehand, from a [`Bundle`] that the tenant's key signed (SPEC 8.6). With it
//!    [`Anchor::verify`] turns the [`Credential`] of the peer into an [`Identity`], without asking the relay anything.
//! 4. [`GrantToken`] is the relay's word for a level (SPEC 6.5), [`ConsentText`] the sharer's (SPEC 6.6).

mod anchor;
mod binding;
mod bundle;
mod consent;
mod credential;
/// What an issuer says about itself.
pub mod discovery;
mod grant;
mod jws;
/// The keys that an issuer publishes.
pub mod keys;
mod signing;
/// Keys that sign tokens, for tests.
#[cfg(any(test, feature = "testing"))]
pub mod testing;
/// The rules of tokens.
pub mod token;
#[cfg(test)]
mod vectors;

pub use anchor::{Anchor, BINDING_LIFE, Identity, NotThem, needed_key};
pub use binding::{Binding, nonce};
pub use bundle::{BadBundle, Bundle, ClientIds, EndPolicy, RoleClaim};
pub use consent::ConsentText;
pub use credential::Credential;
pub use grant::{BadGrant, GrantToken};
pub use signing::{NotAKey, PublicKey, Signature, SigningKey};
