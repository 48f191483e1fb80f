//! A real X desktop: Xvfb, a window manager, programs.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

/// A running desktop. Everything on it is killed when this is dropped.
pub struct Desktop {
    /// Such as `:7`.
    pub display: String,
    server: Child,
    programs: Vec<Child>,
}

impl Desktop {
    /// Starts an X server of this size on a free display.
    pub async fn start(width: u16, height: u16) -> Self {
        let mut server = Command::new("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-noreset",
                "-nolisten",
                "tcp",
                "-screen",
                "0",
            ])
            .arg(format!("{width}x{height}x24"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("Xvfb is missing: run `make deps`");
        let stdout = server.stdout.take().expect("stdout is piped");
        let number = tokio::time::timeout(PATIENCE, BufReader::new(stdout).lines().next_line())
            .await
            .expect("Xvfb says its display in time")
            .expect("Xvfb can be read")
            .expect("Xvfb says its display");
        Self {
            display: format!(":{}", number.trim()),
            server,
            programs: vec![],
        }
    }

    /// Starts a program on the desktop.
    pub fn run(&mut self, program: &str, arguments: &[&str]) {
        let child = Command::new(program)
            .args(arguments)
            .env("DISPLAY", &self.display)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("{program} does not start: {error}"));
        self.programs.push(child);
    }

    /// Starts a window manager, and waits until it manages: a window that comes while it starts is never shown.
    pub async fn run_window_manager(&mut self) {
        let mut manager = Command::new("openbox")
            .args(["--sm-disable", "--startup", "echo manages"])
            .env("DISPLAY", &self.display)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("openbox is missing: run `make deps`");
        let stdout = manager.stdout.take().expect("stdout is piped");
        self.programs.push(manager);
        let mut lines = BufReader::new(stdout).lines();
        let line = tokio::time::timeout(PATIENCE, lines.next_line())
            .await
            .expect("openbox starts in time");
        assert!(matches!(line, Ok(Some(_))), "openbox ended: {line:?}");
    }

    /// Starts a window manager and a terminal without a blinking cursor, and waits until the terminal's window is there.
    pub async fn run_terminal(&mut self, folder: &Path) {
        self.run_window_manager().await;
        let shell = format!("cd {} && exec sh", folder.display());
        self.run(
            "xterm",
            &[
                "-geometry",
                "100x30+80+60",
                "-fa",
                "DejaVu Sans Mono",
                "-fs",
                "11",
                "-title",
                "terminal",
                "-xrm",
                "XTerm*cursorBlink: false",
                "-xrm",
                "XTerm*allowSendEvents: false",
                "-e",
                "sh",
                "-c",
                &shell,
            ],
        );
        self.tool(
            "xdotool",
            &["search", "--sync", "--onlyvisible", "--name", "terminal"],
        )
        .await;
        self.tool(
            "xdotool",
            &[
                "search",
                "--sync",
                "--name",
                "terminal",
                "windowfocus",
                "--sync",
            ],
        )
        .await;
    }

    /// Runs a tool to its end. Gives what it printed.
    pub async fn tool(&self, program: &str, arguments: &[&str]) -> String {
        let run = Command::new(program)
            .args(arguments)
            .env("DISPLAY", &self.display)
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output();
        let output = tokio::time::timeout(PATIENCE, run)
            .await
            .unwrap_or_else(|_| panic!("{program} {arguments:?} does not end"))
            .unwrap_or_else(|error| panic!("{program} does not start: {error}"));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Kills the X server, as a crash would.
    pub async fn kill(&mut self) {
        self.server.kill().await.expect("Xvfb can be killed");
    }
}

const PATIENCE: Duration = Duration::from_secs(20);
