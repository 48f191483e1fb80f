//! `handrail-relay`.
fn main() {}
