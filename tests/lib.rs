//! Helpers for the tests.

/// The demo organisation: its certificate authority and its OpenID provider.
pub mod demo;
/// Many sessions without people: connections that the relay takes for clients, and pictures without content.
pub mod load;
/// An emulated network.
pub mod netem;
/// Real programs on a stage: provider, relay, desktop, clients.
pub mod stage;
