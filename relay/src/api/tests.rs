//! The API of administrators over its router and a real store.

mod desk;
mod directory;
mod rules;
mod secrets;
