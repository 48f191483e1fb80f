//! The demo organisation: its certificate authority and its OpenID provider.

mod authority;
mod provider;

pub use authority::{Authority, AuthorityError};
pub use provider::{Provider, ProviderError, people};
