//! The window of the helper: a code to read out or an invitation to take, a level to ask for, and the other screen (SPEC 15 drives the program that talks).

pub mod arguments;
pub mod company;
pub mod event;
pub mod geometry;
pub mod invitations;
pub mod keys;
pub mod keysym;
pub mod picture;
pub mod session;
pub mod tiles;

mod app;
mod keyboard;
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
