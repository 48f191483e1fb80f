//! The native sharer: capture, injection, consent.
