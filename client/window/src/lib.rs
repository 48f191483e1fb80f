//! What the windows of both native clients share: the client as a child, language, colours and direction, names and times, rows, the thread.
//! Beside it: the shared parts of the windows in `ui/`, their words in `lang/`, and `compile.rs`, which builds both with those of a caller.

pub mod card;
pub mod child;
pub mod dress;
pub mod options;
pub mod portrait;
pub mod rows;
pub mod text;
pub mod thread;
pub mod trouble;

mod handle;

pub use handle::window_id;
