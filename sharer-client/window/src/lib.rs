//! The windows of the sharer: who wants in, what stands, and how to end it (SPEC 15 drives the program that shares).

pub mod arguments;
pub mod desktop;
pub mod event;
pub mod helpers;
pub mod presence;
pub mod questions;
pub mod session;

mod app;
mod render;

pub use app::run;

#[expect(
    unreachable_pub,
    unused_qualifications,
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "the toolkit's compiler writes it"
)]
/// What the toolkit's compiler makes of `ui/`.
mod windows {
    slint::include_modules!();
}
