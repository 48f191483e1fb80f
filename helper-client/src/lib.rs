//! The native helper.
