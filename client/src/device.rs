//! This machine, as the relay may know it: a key of its own (SPEC 6.7).

use std::io;
use std::path::Path;

use identity::SigningKey;
use policy::PublicBytes;
use seal::Entropy;
use wire::{Device, MAX_DEVICE_NAME};

use crate::entropy::System;
use crate::place;

/// This machine.
pub(crate) struct Machine {
    key: SigningKey,
    name: String,
    platform: String,
}

impl Machine {
    /// Reads its key, or makes one the first time.
    pub(crate) fn open(state: Option<&Path>) -> io::Result<Self> {
        let path = place::state_folder(state).join("device.key");
        let broken = || {
            io::Error::new(
                io::ErrorKind::InvalidData,
                format!("{}: not a key", path.display()),
            )
        };
        let key = match place::read(&path)? {
            Some(text) => SigningKey::read(&text).map_err(|_| broken())?,
            None => {
                let key = SigningKey::new(System::default().draw()).map_err(|_| broken())?;
                place::write_private(&path, key.expose().as_bytes())?;
                key
            }
        };
        Ok(Self {
            key,
            name: name(),
            platform: platform(),
        })
    }

    /// What is said of it in `hello`, proven for this ticket.
    pub(crate) fn device(&self, ticket: &str) -> Device {
        let message = [b"rh-device/1".as_slice(), ticket.as_bytes()].concat();
        Device {
            key: PublicBytes(self.key.public().0),
            name: self.name.clone(),
            platform: self.platform.clone(),
            signature: self.key.sign(&message).to_string(),
        }
    }
}

fn name() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    bounded(name.trim())
}

fn platform() -> String {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let pretty = release
        .lines()
        .find_map(|line| line.strip_prefix("PRETTY_NAME="));
    bounded(pretty.map_or("Linux", |name| name.trim_matches('"')))
}

fn bounded(text: &str) -> String {
    let mut end = text.len().min(MAX_DEVICE_NAME);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default().to_owned()
}
