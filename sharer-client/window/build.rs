//! Compiles the windows.

#[path = "../../client/window/compile.rs"]
mod compile;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    compile::compile("../../client/window")
}
