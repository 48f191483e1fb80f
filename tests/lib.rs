//! Helpers for the tests.

/// The demo organisation: its certificate authority and its OpenID provider.
pub mod demo;
/// Real programs on a stage: provider, relay, desktop, clients.
pub mod stage;
