//! `handrail-sharer`.
fn main() {}
