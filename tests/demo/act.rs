//! What check and show have in common: everything started, the two people paired.

use std::fs;
use std::path::{Path, PathBuf};

use tests::stage::{Desktop, Pair, Stage};

/// The running organisation.
pub(crate) struct Act {
    pub(crate) stage: Stage,
    pub(crate) desktop: Desktop,
    pub(crate) pair: Pair,
    /// Where pictures and figures are left.
    pub(crate) output: PathBuf,
}

impl Act {
    /// Starts everything and pairs Amina, who helps, with Sakura, who shares.
    pub(crate) async fn start() -> Self {
        let output = Path::new("target/demo").to_owned();
        fs::create_dir_all(&output).expect("target/demo can be made");
        let stage = Stage::start().await;
        let mut desktop = Desktop::start(1280, 720).await;
        desktop.run_terminal(&stage.path("")).await;
        let sharer = stage.sharer_of("sakura", &desktop.display);
        let pair = stage.pair(stage.helper("amina"), sharer).await;
        Self {
            stage,
            desktop,
            pair,
            output,
        }
    }

    /// The absolute path of a file in `target/demo`.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        let folder = fs::canonicalize(&self.output).expect("target/demo is there");
        folder.join(name)
    }
}
