//! The broker: who is paired with whom, at which level, and why a session ended. A pure machine.
//!
//! [`Broker::handle_input`] takes what happened and gives the list of what to do; [`Broker::handle_timeout`] does the same for
//! the passing of time. The shell (`relay`) performs the effects in order and knows no rules. So "no session without a record"
//! is a test on a list: a [`Route`](wire::Route) beyond the handshake appears only after [`Input::Recorded`].

mod asking;
mod away;
mod broker;
mod case;
mod changes;
mod codes;
mod compliance;
mod effect;
mod ending;
mod evidence;
mod input;
mod inviting;
mod limits;
mod live;
mod pair;
mod pairing;
mod rules;
mod said;
mod session;
#[cfg(test)]
mod tests;
mod told;

pub use away::KEEP;
pub use broker::Broker;
pub use effect::{Alarm, Effect, EndReason, Entry};
pub use input::{ConnectionId, Device, Input, Person, Random, SignIn};
pub use live::LiveSession;
pub use rules::Rules;
pub use told::fault_of;
