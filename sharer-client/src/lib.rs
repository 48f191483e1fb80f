//! The native sharer: capture, injection, consent.

pub mod capture;
pub mod inject;
