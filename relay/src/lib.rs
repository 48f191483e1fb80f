//! The relay: it signs people in, pairs them, and forwards sealed records that it cannot read.
//!
//! Follow a record: [`listen`] accepts TLS and HTTP → [`upgrade`] makes a carrier of a request → [`connection`] says hello and
//! reads frames → [`forward`] finds the route of a record and puts it into the other end's queue. Follow a message:
//! [`connection`] → [`hub`] → `relay-core` decides → [`hub`] performs the effects in order → [`recorder`] writes the record.
//!
//! [`assemble`] puts the parts together; `main` only reads the command line.

mod api;
pub mod assemble;
mod authority;
mod certificate;
mod clock;
mod colleagues;
/// What an administrator of the host does on the command line.
pub mod command;
pub mod config;
mod connection;
mod device;
/// What is wrong with this relay, and what to do about it.
pub mod doctor;
mod forward;
mod forwarded;
mod hub;
/// Who a person is: access tokens of the organisation's OpenID provider, and one-time tickets.
pub mod identity;
/// A first configuration with its keys.
pub mod init;
/// The relay's own keys, and what the organisations' keys signed.
pub mod keys;
mod lines;
mod listen;
mod metrics;
mod origins;
mod reception;
mod recorder;
mod scim;
mod upgrade;
mod web;
