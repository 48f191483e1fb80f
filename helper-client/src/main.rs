//! `handrail-helper`.
fn main() {}
