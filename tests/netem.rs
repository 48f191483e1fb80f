//! An emulated network for tests and bench: what QUIC and WebSocket do on a line that is long, narrow or lossy.
//!
//! A [`Path`] joins two network namespaces by a TUN device in each. A thread carries the packets between them and adds, separately for each
//! direction, delay, jitter, loss, bursts of loss, a rate and a finite queue; protocols can be blocked while it runs. The kernel's own TCP
//! and UDP run on both sides. The n-th packet of a direction always has the same fate, by the seed; which packet that is depends on time.
//!
//! It needs root and `/dev/net/tun`; [`Path::start`] says if something is missing. Not emulated: doubled or damaged packets, other
//! traffic, queues that are managed.

mod carry;
mod impair;
mod path;
mod profile;
mod space;
mod splice;

pub use impair::{Counters, Direction, Impairment, Verdict};
pub use path::{Both, CLIENT, Path, Protocol, RELAY};
pub use profile::{BAD, HOME, LAN, MOBILE, OFFICE, Profile, WIFI};
pub use space::Space;
pub use splice::Splice;
