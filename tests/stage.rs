//! A stage for end-to-end tests, the demo and the bench: real programs, started and watched.

mod desktop;
mod program;
mod relay;
mod scene;

pub use desktop::Desktop;
pub use program::{Program, binary, free_port};
pub use relay::{RelayProcess, Setting};
pub use scene::{Pair, REASON, Stage};
