//! What both native clients share: sign-in, the relay connection, the sealed session, event log.

/// Signing a person in at the organisation's OpenID provider.
pub mod sign_in;
