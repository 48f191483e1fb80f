//! Builds the relay anew when its web pages were built anew.

fn main() {
    println!("cargo::rerun-if-changed=../web/console/dist");
    println!("cargo::rerun-if-changed=../web/sharer/dist");
    println!("cargo::rerun-if-changed=build.rs");
}
