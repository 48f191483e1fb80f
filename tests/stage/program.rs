//! A client as a child process that is driven by JSON lines.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::mpsc;

/// A running client. It is killed when this is dropped.
pub struct Program {
    name: String,
    process: Child,
    stdin: Option<ChildStdin>,
    events: mpsc::UnboundedReceiver<Value>,
    /// Everything that came, for the message of a failed test.
    seen: Vec<Value>,
}

impl Program {
    /// Starts a client with `--ui stdio` and these arguments.
    pub fn start(name: &str, binary_name: &str, arguments: &[&str]) -> Self {
        let mut command = Command::new(binary(binary_name));
        command.args(arguments).args(["--ui", "stdio"]);
        Self::spawn(name, command)
    }

    /// Starts a command whose output is JSON lines.
    pub fn spawn(name: &str, mut command: Command) -> Self {
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("{name} does not start: {error}"));
        let stdin = process.stdin.take();
        let stdout = process.stdout.take().expect("stdout is piped");
        let (sender, events) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            let mut lines = BufReader::new(stdout).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                if let Ok(event) = serde_json::from_str(&line)
                    && sender.send(event).is_err()
                {
                    return;
                }
            }
        });
        Self {
            name: name.to_owned(),
            process,
            stdin,
            events,
            seen: vec![],
        }
    }

    /// Sends a command: its name and its fields.
    pub async fn tell(&mut self, command: &str, fields: Value) {
        assert!(
            self.try_tell(command, fields).await,
            "{} takes no command",
            self.name
        );
    }

    /// Sends a command to a program that may have ended. Gives whether it took it.
    pub async fn try_tell(&mut self, command: &str, mut fields: Value) -> bool {
        fields["command"] = json!(command);
        self.try_tell_line(&fields).await
    }

    /// Sends a line of JSON as it is.
    pub async fn tell_line(&mut self, line: &Value) {
        assert!(
            self.try_tell_line(line).await,
            "{} takes no line",
            self.name
        );
    }

    async fn try_tell_line(&mut self, line: &Value) -> bool {
        let line = format!("{line}\n");
        let stdin = self.stdin.as_mut().expect("standard input is open");
        stdin.write_all(line.as_bytes()).await.is_ok()
    }

    /// Waits for the next event of this name, and gives it. Others are passed over.
    pub async fn expect(&mut self, event: &str) -> Value {
        self.expect_within(event, PATIENCE).await
    }

    /// The same, with a deadline.
    pub async fn expect_within(&mut self, event: &str, patience: Duration) -> Value {
        let found = tokio::time::timeout(patience, self.find(event)).await;
        match found {
            Ok(Some(found)) => found,
            Ok(None) => panic!(
                "{} ended without `{event}`; it said {:#?}",
                self.name, self.seen
            ),
            Err(_) => panic!(
                "{} did not say `{event}` in {patience:?}; it said {:#?}",
                self.name, self.seen
            ),
        }
    }

    /// Sends a command and waits for the event that answers it.
    pub async fn ask(&mut self, command: &str, fields: Value, event: &str) -> Value {
        self.tell(command, fields).await;
        self.expect(event).await
    }

    /// All events of this name that were passed over or waited for.
    pub fn all(&self, event: &str) -> Vec<Value> {
        let named = self.seen.iter().filter(|seen| seen["event"] == event);
        named.cloned().collect()
    }

    /// The number of the process.
    pub fn id(&self) -> u32 {
        self.process.id().expect("the process runs")
    }

    /// Ends the process as a crash would.
    pub async fn kill(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill().await;
    }

    /// Waits for the end of the process. Gives whether it says that all went well.
    pub async fn wait(&mut self) -> bool {
        self.stdin = None;
        let ended = tokio::time::timeout(PATIENCE, self.process.wait()).await;
        ended
            .unwrap_or_else(|_| panic!("{} does not end; it said {:#?}", self.name, self.seen))
            .is_ok_and(|status| status.success())
    }

    /// The next event, whatever it is.
    pub async fn next(&mut self) -> Value {
        let next = tokio::time::timeout(PATIENCE, self.events.recv()).await;
        let next = next.ok().flatten();
        next.unwrap_or_else(|| panic!("{} says nothing more; it said {:#?}", self.name, self.seen))
    }

    async fn find(&mut self, event: &str) -> Option<Value> {
        loop {
            let next = self.events.recv().await?;
            self.seen.push(next.clone());
            if next["event"] == event {
                return Some(next);
            }
        }
    }
}

/// A program of this workspace, built beside the tests.
pub fn binary(name: &str) -> PathBuf {
    let folder = std::env::var_os("HANDRAIL_BIN").map_or_else(
        || {
            let tests = std::env::current_exe().expect("a running program has a path");
            let folder = tests.parent().expect("a program is in a folder");
            let deps = folder.file_name().is_some_and(|name| name == "deps");
            if deps {
                folder.parent().unwrap_or(folder).to_owned()
            } else {
                folder.to_owned()
            }
        },
        PathBuf::from,
    );
    let program = folder.join(name);
    assert!(
        program.exists(),
        "{} is missing: run `make build` first",
        program.display()
    );
    program
}

/// A TCP port of 127.0.0.1 that was free a moment ago.
pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("the system has a free port")
        .port()
}

pub(super) const PATIENCE: Duration = Duration::from_secs(30);
