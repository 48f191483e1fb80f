//! Helpers for the tests.

/// The demo organisation: its certificate authority and its OpenID provider.
pub mod demo;
/// An emulated network.
pub mod netem;
/// Real programs on a stage: provider, relay, desktop, clients.
pub mod stage;
