//! A person in front of the windows of sharer or helper: the real program on a real desktop, read and pressed through the accessibility bus.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use super::desktop::Desktop;
use super::program::{Program, binary};
use super::scene::{REASON, Stage};

/// The windows of one person. They are closed when this is dropped.
pub struct Windows {
    tree: Program,
    window: Child,
    _bus: Child,
    _folder: TempDir,
}

impl Windows {
    /// Starts the sharer's program on this desktop, for this person, in this language (`en`, `de`, `ar`).
    pub async fn sharer(stage: &Stage, desktop: &Desktop, person: &str, options: &[&str]) -> Self {
        // A virtual display has no devices that a person could press.
        let own = ["--ui", "window", "--presence", "any"];
        let options = [&own[..], options].concat();
        Self::start(stage, desktop, "handrail-sharer", person, &options).await
    }

    /// Starts the helper's window on this desktop, which has a window manager.
    pub async fn helper(stage: &Stage, desktop: &Desktop, person: &str, options: &[&str]) -> Self {
        let options = [&["--reason", REASON][..], options].concat();
        Self::start(stage, desktop, "handrail-helper-window", person, &options).await
    }

    async fn start(
        stage: &Stage,
        desktop: &Desktop,
        program: &str,
        person: &str,
        options: &[&str],
    ) -> Self {
        let folder = tempfile::tempdir().expect("there is a folder for temporary files");
        let mut bus = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--print-address=1"])
            // The accessibility bus has a socket there that is named after the display, and displays are used again.
            .env("XDG_RUNTIME_DIR", folder.path())
            .env("DISPLAY", &desktop.display)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("dbus-daemon is missing: run `make deps`");
        let stdout = bus.stdout.take().expect("stdout is piped");
        let address = BufReader::new(stdout).lines().next_line().await;
        let address = address
            .expect("the bus can be read")
            .expect("the bus says its address");
        let on_desktop = |program: &Path| {
            let mut command = Command::new(program);
            command
                .env("DISPLAY", &desktop.display)
                .env("DBUS_SESSION_BUS_ADDRESS", address.trim())
                .env("XDG_RUNTIME_DIR", folder.path())
                .env("LC_ALL", "C.UTF-8")
                .env_remove("LANGUAGE")
                .env_remove("HANDRAIL_HELPER")
                .env_remove("HANDRAIL_PRESENCE")
                .env_remove("HANDRAIL_THEME");
            command
        };
        let mut reader = on_desktop(Path::new(SYSTEM_PYTHON));
        reader.arg(reader_script());
        let mut tree = Program::spawn("the accessibility tree", reader);
        tree.next().await;
        let mut command = on_desktop(&binary(program));
        let window = command
            .args(stage.options(program, person))
            .args(options)
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("{program} does not start: {error}"));
        Self {
            tree,
            window,
            _bus: bus,
            _folder: folder,
        }
    }

    /// Starts the sharer's program on the display of whoever runs this, who answers it themselves.
    pub fn on_own_display(stage: &Stage, person: &str) -> Child {
        Command::new(binary("handrail-sharer"))
            .args(stage.options("handrail-sharer", person))
            .args(["--ui", "window"])
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("the sharer's program starts")
    }

    /// Waits until something on the desktop has this name.
    pub async fn sees(&mut self, name: &str) {
        self.ask(json!({"name": name})).await;
    }

    /// Waits until something has a name that begins like this. Gives the rest of it.
    pub async fn reads(&mut self, begins: &str) -> String {
        let answer = self.ask(json!({"begins": begins})).await;
        let name = answer["name"].as_str().expect("a name");
        name.strip_prefix(begins).unwrap_or(name).to_owned()
    }

    /// Presses what has this name.
    pub async fn press(&mut self, name: &str) {
        self.ask(json!({"name": name, "press": true})).await;
    }

    /// Presses what has this name. False if there is no such thing, also after a while.
    pub async fn try_press(&mut self, name: &str) -> bool {
        let request = json!({"name": name, "press": true});
        self.tree.tell_line(&request).await;
        self.tree.next().await["found"] == true
    }

    /// Waits for the end of the program, after its last window was closed.
    pub async fn wait(&mut self) -> bool {
        let ended = tokio::time::timeout(super::program::PATIENCE, self.window.wait()).await;
        ended
            .expect("the windows close")
            .is_ok_and(|status| status.success())
    }

    async fn ask(&mut self, request: Value) -> Value {
        self.tree.tell_line(&request).await;
        let answer = self.tree.next().await;
        assert_eq!(answer["found"], true, "{request}: {}", answer["seen"]);
        answer
    }
}

fn reader_script() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.join("../client/window/tests/stage/tree.py")
}

/// The one that packages of the system add their modules to.
const SYSTEM_PYTHON: &str = "/usr/bin/python3";
