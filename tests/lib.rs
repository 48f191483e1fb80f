//! Helpers for the tests.

/// The demo organisation: its certificate authority and its OpenID provider.
pub mod demo;
