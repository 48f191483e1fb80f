//! An X server, a session bus, a window manager, the windows, and a child that plays what the test says.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

/// A process that ends with this value.
struct Process(Child);

/// An X server on a display that it chose itself.
pub(crate) struct Server {
    /// Such as `:7`.
    pub(crate) name: String,
    _process: Process,
}

/// Everything that a test of the windows needs.
pub(crate) struct Stage {
    window: Option<Process>,
    tree: Process,
    requests: ChildStdin,
    answers: Receiver<String>,
    commands: Receiver<String>,
    events: Option<File>,
    _manager: Process,
    _bus: Process,
    pub(crate) server: Server,
    folder: TempDir,
}

impl Server {
    pub(crate) fn xvfb() -> Self {
        let mut command = Command::new("Xvfb");
        command.args(["-screen", "0", "1280x720x24"]);
        Self::start(command)
    }

    /// A server whose devices are those of another one.
    pub(crate) fn xephyr(outer: &Self) -> Self {
        let mut command = Command::new("Xephyr");
        command.args(["-screen", "1280x720"]);
        command.env("DISPLAY", &outer.name);
        Self::start(command)
    }

    fn start(mut command: Command) -> Self {
        command.args(["-displayfd", "1", "-noreset", "-nolisten", "tcp"]);
        let (process, lines) = reading(command);
        let number = next(&lines, "the X server says its display");
        Self {
            name: format!(":{}", number.trim()),
            _process: process,
        }
    }

    pub(crate) fn run(&self, program: &str, arguments: &[&str]) {
        let mut command = Command::new(program);
        command.args(arguments).env("DISPLAY", &self.name);
        let status = command.status();
        assert!(status.unwrap().success(), "{program} {arguments:?}");
    }

    fn read(&self, program: &str, arguments: &[&str]) -> String {
        let mut command = Command::new(program);
        command.args(arguments).env("DISPLAY", &self.name);
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    }
}

impl Stage {
    /// Starts the windows with these arguments, in English unless they say otherwise.
    pub(crate) fn start(server: Server, program: &str, arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let child = play(folder.path());
        let mut command = Command::new("dbus-daemon");
        command.args(["--session", "--nofork", "--print-address=1"]);
        // The accessibility bus has a socket there that is named after the display, and displays are used again.
        command.env("XDG_RUNTIME_DIR", folder.path());
        command.env("DISPLAY", &server.name);
        let (bus, lines) = reading(command);
        let address = next(&lines, "the bus says its address");
        let on_stage = |program: &str| {
            let mut command = Command::new(program);
            command
                .env("DISPLAY", &server.name)
                .env("DBUS_SESSION_BUS_ADDRESS", address.trim())
                .env("XDG_RUNTIME_DIR", folder.path())
                .env("LC_ALL", "C.UTF-8")
                .env_remove("LANGUAGE")
                .env_remove("HANDRAIL_PRESENCE")
                .env_remove("HANDRAIL_HELPER")
                .env_remove("HANDRAIL_SHARER")
                .env_remove("HANDRAIL_THEME");
            command
        };
        let mut command = on_stage("openbox");
        command.args(["--sm-disable", "--startup", "echo manages"]);
        let (manager, lines) = reading(command);
        next(&lines, "openbox manages");
        let mut command = on_stage(SYSTEM_PYTHON);
        let script =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../client/window/tests/stage/tree.py");
        command.arg(script).stdin(Stdio::piped());
        let (mut tree, answers) = reading(command);
        next(&answers, "the tree can be read");
        let mut command = on_stage(program);
        command
            .arg("--child")
            .arg(child)
            .args(["--relay", "https://relay.example"])
            .args(arguments);
        let window = Process::start(command);
        let events = File::options()
            .write(true)
            .open(folder.path().join("events"));
        let commands = lines_of(File::open(folder.path().join("commands")).unwrap());
        Self {
            window: Some(window),
            requests: tree.0.stdin.take().unwrap(),
            tree,
            answers,
            commands,
            events: Some(events.unwrap()),
            _manager: manager,
            _bus: bus,
            server,
            folder,
        }
    }

    /// What the child was started with.
    pub(crate) fn arguments(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.folder.path().join("arguments")).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    /// The child says an event.
    pub(crate) fn says(&mut self, line: &str) {
        let events = self.events.as_mut().unwrap();
        writeln!(events, "{line}").unwrap();
    }

    /// The next command that the child is told.
    pub(crate) fn hears(&self) -> String {
        next(&self.commands, "the child is told something")
            .trim()
            .to_owned()
    }

    /// The child ends by itself.
    pub(crate) fn end_child(&mut self) {
        self.events = None;
    }

    /// Waits until something has this name.
    pub(crate) fn sees(&mut self, name: &str) {
        self.ask(&json!({"name": name}));
    }

    /// Presses what has this name, through the accessibility bus.
    pub(crate) fn presses(&mut self, name: &str) {
        self.ask(&json!({"name": name, "press": true}));
    }

    /// Types by XTest.
    pub(crate) fn types(&self, text: &str) {
        self.server.run("xdotool", &["type", text]);
    }

    /// Presses a key by XTest.
    pub(crate) fn key(&self, name: &str) {
        self.server.run("xdotool", &["key", name]);
    }

    /// The middle of what has this name in the window with this title, in pixels of the screen: once the window is as high as the display
    /// server says that it is, and holds all of its content. Before, words that have just come may still move it.
    pub(crate) fn place(&mut self, name: &str, title: &str) -> (i64, i64) {
        let search = ["search", "--onlyvisible", "--name", title];
        let geometry = [&search[..], &["getwindowgeometry", "--shell"]].concat();
        let until = Instant::now() + PATIENCE;
        loop {
            let answer = self.ask(&json!({"name": name, "place": true}));
            let geometry = self.server.read("xdotool", &geometry);
            let told = |what: &str| {
                let mut lines = geometry.lines();
                let found = lines.find_map(|line| line.strip_prefix(what)?.strip_prefix('='));
                found.and_then(|number| number.parse::<i64>().ok()).unwrap()
            };
            let lowest = answer["lowest"].as_i64().unwrap();
            // Parts of a pixel are rounded up by one and down by the other.
            if lowest.abs_diff(told("HEIGHT")) <= 1 {
                let inside = |at: usize| answer["place"][at].as_i64().unwrap();
                let middle = |at: usize| inside(at) + inside(at + 2) / 2;
                return (told("X") + middle(0), told("Y") + middle(1));
            }
            assert!(Instant::now() < until, "{answer} does not fit {geometry}");
        }
    }

    /// Waits until the window manager keeps this window above others and out of its taskbar.
    pub(crate) fn is_above(&self, title: &str) {
        let until = Instant::now() + PATIENCE;
        loop {
            let state = self
                .server
                .read("xprop", &["-name", title, "_NET_WM_STATE"]);
            let all = ["_NET_WM_STATE_ABOVE", "_NET_WM_STATE_SKIP_TASKBAR"];
            if all.iter().all(|part| state.contains(part)) {
                return;
            }
            assert!(Instant::now() < until, "{title}: {state}");
        }
    }

    fn ask(&mut self, request: &Value) -> Value {
        writeln!(self.requests, "{request}").unwrap();
        let answer = next(&self.answers, "the tree is read");
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(answer["found"], true, "{request}: {}", answer["seen"]);
        answer
    }
}

impl Drop for Stage {
    /// The windows first, then what they stand on.
    fn drop(&mut self) {
        self.window = None;
        let _ended = self.tree.0.kill();
    }
}

impl Process {
    fn start(mut command: Command) -> Self {
        let child = command.spawn();
        Self(child.unwrap_or_else(|error| panic!("{command:?} does not start: {error}")))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // One that ended by itself cannot be killed.
        let _ended = self.0.kill();
        self.0.wait().unwrap();
    }
}

/// A script that plays the pipe `events`, writes what it is told to the pipe `commands`, and dies when the events end.
fn play(folder: &Path) -> std::path::PathBuf {
    let script = folder.join("child");
    let (events, commands) = (folder.join("events"), folder.join("commands"));
    for pipe in [&events, &commands] {
        assert!(Command::new("mkfifo").arg(pipe).status().unwrap().success());
    }
    let text = format!(
        "#!/bin/sh\nprintf '%s\\n' \"$@\" > '{}'\n(cat '{}'; kill $$) &\nexec cat > '{}'\n",
        folder.join("arguments").display(),
        events.display(),
        commands.display()
    );
    std::fs::write(&script, text).unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o700)).unwrap();
    script
}

fn reading(mut command: Command) -> (Process, Receiver<String>) {
    command.stdout(Stdio::piped());
    let mut process = Process::start(command);
    let lines = lines_of(process.0.stdout.take().unwrap());
    (process, lines)
}

fn lines_of(source: impl std::io::Read + Send + 'static) -> Receiver<String> {
    let (sender, lines) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(source).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    lines
}

fn next(lines: &Receiver<String>, what: &str) -> String {
    let line = lines.recv_timeout(PATIENCE);
    line.unwrap_or_else(|error| panic!("{what}: {error}"))
}

/// The one that packages of the system add their modules to.
const SYSTEM_PYTHON: &str = "/usr/bin/python3";

/// Nothing on a display takes this long.
const PATIENCE: Duration = Duration::from_secs(25);
