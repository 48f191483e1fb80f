//! The relay: listener, connections, forwarding, identity, API.
