//! What check and show have in common: everything started, and pictures of what people see.

use std::fs;
use std::path::{Path, PathBuf};

use tests::stage::{Browser, Desktop, Screen, Stage, Windows};

/// The running organisation: a desktop with the sharer's windows on it.
pub(crate) struct Act {
    pub(crate) stage: Stage,
    pub(crate) desktop: Desktop,
    pub(crate) sharer: Windows,
    /// Where pictures and figures are left.
    output: PathBuf,
}

impl Act {
    /// Starts provider, relay, a desktop and the windows of this person.
    pub(crate) async fn start(person: &str) -> Self {
        let output = Path::new("target/demo").to_owned();
        fs::create_dir_all(&output).expect("target/demo can be made");
        let stage = Stage::start().await;
        let mut desktop = Desktop::start(1280, 720).await;
        desktop.run_terminal(&stage.path("")).await;
        let sharer = Windows::sharer(&stage, &desktop, person, &[]).await;
        Self {
            stage,
            desktop,
            sharer,
            output,
        }
    }

    /// A browser for a helper.
    pub(crate) async fn browser(&self) -> Browser {
        Browser::start(&self.stage, Screen::default()).await
    }

    /// The absolute path of a file in `target/demo`.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        let folder = fs::canonicalize(&self.output).expect("target/demo is there");
        folder.join(name)
    }

    /// Leaves pictures of what the helper and the sharer see at this step.
    pub(crate) async fn picture(&self, browser: &mut Browser, step: &str) {
        browser
            .shot(&self.file(&format!("{step}-helper.png")))
            .await;
        self.desktop
            .save(&self.file(&format!("{step}-sharer.png")))
            .await;
    }

    /// The sharer types a code, as it was read out, and presses Enter.
    pub(crate) async fn type_code(&mut self, code: &str) {
        self.sharer.sees("Code, 8 digits").await;
        let window = [
            "search",
            "--sync",
            "--onlyvisible",
            "--name",
            "^Handrail: get help",
            "windowfocus",
            "--sync",
        ];
        self.desktop.tool("xdotool", &window).await;
        self.desktop.tool("xdotool", &["type", code]).await;
        self.desktop.tool("xdotool", &["key", "Return"]).await;
    }
}
