//! The client without windows, `--ui stdio`, as the child of its windows (SPEC 15).

use std::ffi::OsString;
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{self, ChildStdin, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde::Serialize;

/// A running child. When this is dropped its standard input closes, which is `leave`; if it does not end it is killed.
pub struct Child {
    process: process::Child,
    voice: Voice,
}

/// What tells the child something, from any thread.
#[derive(Clone)]
pub struct Voice(Arc<Mutex<Option<ChildStdin>>>);

impl Child {
    /// Starts it. `heard` gets each line, `ended` is called once after the last; both in a thread of their own.
    pub fn start(
        program: &Path,
        arguments: &[OsString],
        heard: impl Fn(String) + Send + 'static,
        ended: impl FnOnce() + Send + 'static,
    ) -> std::io::Result<Self> {
        let mut process = process::Command::new(program)
            .args(arguments)
            .args(["--ui", "stdio"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let voice = Voice(Arc::new(Mutex::new(process.stdin.take())));
        let output = process.stdout.take();
        std::thread::spawn(move || {
            if let Some(output) = output {
                read(BufReader::new(output), heard);
            }
            ended();
        });
        Ok(Self { process, voice })
    }

    /// Tells it something.
    pub fn tell(&self, command: &impl Serialize) {
        self.voice.tell(command);
    }

    /// For other threads.
    pub fn voice(&self) -> Voice {
        self.voice.clone()
    }

    /// Ends it at once.
    pub fn kill(&mut self) {
        // One that ended by itself cannot be killed.
        let _ended = self.process.kill();
    }
}

impl Voice {
    /// Tells the child something. One that is gone hears nothing; its end is told by `ended`.
    pub fn tell(&self, command: &impl Serialize) {
        let Ok(mut line) = serde_json::to_string(command) else {
            return;
        };
        line.push('\n');
        // Nothing panics while it holds this.
        let Ok(mut input) = self.0.lock() else { return };
        if let Some(pipe) = input.as_mut()
            && pipe.write_all(line.as_bytes()).is_err()
        {
            *input = None;
        }
    }

    fn close(&self) {
        if let Ok(mut input) = self.0.lock() {
            *input = None;
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.voice.close();
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if !matches!(self.process.try_wait(), Ok(None)) {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        self.kill();
        let _status = self.process.wait();
    }
}

/// Lines up to a bound each: the child is ours, but its lines hold what others wrote.
fn read(mut output: impl BufRead, heard: impl Fn(String)) {
    loop {
        let mut line = vec![];
        match output.by_ref().take(LONGEST).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) => heard(String::from_utf8_lossy(&line).into_owned()),
        }
    }
}

/// Bytes of a line: a picture of a card or a line of chat, both escaped, fit.
const LONGEST: u64 = 4 << 20;

/// So long it may take to leave.
const PATIENCE: Duration = Duration::from_secs(3);

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn a_child_is_told_heard_and_ends_with_its_input() {
        let (sender, lines) = mpsc::channel();
        let ended = sender.clone();
        let script = [
            "-c",
            "read line; echo \"got $line\"; cat >/dev/null",
            "child",
        ]
        .map(OsString::from);
        let heard = move |line: String| sender.send(line).unwrap();
        let end = move || ended.send("end".to_owned()).unwrap();
        let child = Child::start(Path::new("/bin/sh"), &script, heard, end).unwrap();
        child.tell(&serde_json::json!({"command": "allow"}));
        let next = || lines.recv_timeout(Duration::from_secs(20)).unwrap();
        assert_eq!(next(), "got {\"command\":\"allow\"}\n");
        drop(child);
        assert_eq!(next(), "end");
    }
}
