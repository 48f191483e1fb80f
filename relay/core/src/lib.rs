//! The broker as a pure machine: codes, pairing, sessions, limits.
