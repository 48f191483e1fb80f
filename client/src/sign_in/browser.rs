//! Opening an address in the person's browser.

use std::process::{Command, Stdio};
use std::thread;

/// Why no browser was opened.
#[derive(Debug, thiserror::Error)]
pub enum BrowserError {
    /// The address is not one of the web.
    #[error("the address to open does not begin with https://")]
    NotHttps,
    /// The command is empty.
    #[error("the command for the browser is empty")]
    NoCommand,
    /// The command cannot be started.
    #[error("cannot start {program:?} to open the browser: {error}")]
    NotStarted {
        /// The program.
        program: String,
        /// What the system says.
        error: std::io::Error,
    },
}

/// Opens this address with `command`, or with the desktop's own choice. The words of the command are
/// separated by spaces and the address becomes its last argument; no shell reads either of them.
///
/// # Errors
/// [`BrowserError`]; whether the browser shows the page is not known here.
pub fn open_browser(url: &str, command: Option<&str>) -> Result<(), BrowserError> {
    if !url.starts_with("https://") {
        return Err(BrowserError::NotHttps);
    }
    let mut words = command.unwrap_or("xdg-open").split_whitespace();
    let program = words.next().ok_or(BrowserError::NoCommand)?;
    let started = Command::new(program)
        .args(words)
        .arg(url)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let mut browser = started.map_err(|error| {
        let program = program.to_owned();
        BrowserError::NotStarted { program, error }
    })?;
    // Nobody waits for this thread: it ends with the command, and only collects what is left of it.
    thread::spawn(move || browser.wait());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_are_opened() {
        for url in [
            "",
            "file:///etc/passwd",
            "--help",
            "http://id.example",
            "HTTPS://id.example",
        ] {
            assert!(
                matches!(open_browser(url, Some("true")), Err(BrowserError::NotHttps)),
                "{url}"
            );
        }
        assert!(open_browser("https://id.example/?a=$(reboot)&b=c", Some("true")).is_ok());
    }

    #[test]
    fn a_browser_that_is_not_there_is_named() {
        let error = open_browser("https://id.example", Some("no-such-browser --new")).unwrap_err();
        assert!(error.to_string().contains("no-such-browser"), "{error}");
        let empty = open_browser("https://id.example", Some(" "));
        assert!(matches!(empty, Err(BrowserError::NoCommand)));
    }
}
