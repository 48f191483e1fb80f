//! The local event log: what happened in sessions on this machine, and what went wrong (PRODUCT 8.5).

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};
use tracing::warn;

use crate::place::state_folder;

/// A file of JSON lines that only its owner can read. Codes, tokens, chat, keys and pictures never enter it.
#[derive(Debug)]
pub struct EventLog {
    file: Option<File>,
    path: PathBuf,
}

impl EventLog {
    /// Opens the log at `path`, or at its usual place. A log that cannot be opened is told once and then done without: help must
    /// not fail for want of a log.
    pub fn open(path: Option<&Path>, client: &str) -> Self {
        let usual_place = || state_folder(None).join(client).with_extension("jsonl");
        let path = path.map_or_else(usual_place, Path::to_owned);
        let file = open(&path)
            .inspect_err(|error| warn!(path = %path.display(), %error, "no event log"))
            .ok();
        Self { file, path }
    }

    /// Where the log is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes one event with its details, an object.
    pub fn write(&mut self, event: &str, details: Value) {
        let Some(file) = &mut self.file else { return };
        let mut line = Map::new();
        line.insert("time".to_owned(), json!(unix_millis()));
        line.insert("event".to_owned(), json!(event));
        if let Value::Object(details) = details {
            line.extend(details);
        }
        if let Err(error) = writeln!(file, "{}", Value::Object(line)) {
            warn!(path = %self.path.display(), %error, "an event could not be logged");
            self.file = None;
        }
    }
}

fn open(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(path)
}

fn unix_millis() -> u64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// PRODUCT 8.5: both clients keep a local event log of session details and errors.
    #[test]
    fn events_are_lines_that_only_the_owner_reads() {
        use std::os::unix::fs::PermissionsExt;
        let folder = std::env::temp_dir().join(format!("handrail-log-{}", std::process::id()));
        let path = folder.join("deep/helper.jsonl");
        let mut log = EventLog::open(Some(&path), "helper");
        log.write("session_started", json!({"peer": "Yuki"}));
        log.write("session_ended", json!({"fault": "RH-1501"}));
        let text = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<Value> = text
            .lines()
            .map(|l| serde_json::from_str(l).unwrap())
            .collect();
        assert_eq!(lines[0]["event"], "session_started");
        assert_eq!(lines[1]["fault"], "RH-1501");
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        std::fs::remove_dir_all(&folder).unwrap();
        let mut none = EventLog::open(Some(Path::new("/proc/no/such.jsonl")), "helper");
        none.write("still", json!({}));
    }
}
