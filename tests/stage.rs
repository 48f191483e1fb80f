//! A stage for end-to-end tests, the demo and the bench: real programs, started and watched.

mod browser;
mod cable;
mod desktop;
mod options;
mod program;
mod relay;
mod scene;
mod visitor;
mod windows;

pub use browser::{Browser, Screen};
pub use cable::Cable;
pub use desktop::Desktop;
pub use program::{Program, binary, free_port};
pub use relay::{RelayProcess, Setting};
pub use scene::{Pair, REASON, Stage};
pub use visitor::{Visitor, access, http};
pub use windows::Windows;
