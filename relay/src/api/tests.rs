//! The API of administrators over its router and a real store.

pub(crate) mod desk;
mod directory;
mod invitations;
mod rules;
mod secrets;
