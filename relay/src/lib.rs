//! The relay: listener, connections, forwarding, identity, API.

/// Who a person is: access tokens of the organisation's OpenID provider, and one-time tickets.
pub mod identity;
