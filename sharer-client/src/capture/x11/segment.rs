//! Memory that the X server writes pictures into.
//!
//! It is a memory file that goes to the server as a descriptor (MIT-SHM 1.2): it works across IPC
//! namespaces and nothing of it outlives the two processes. It is read by `pread` in pieces that
//! stay in the cache, not mapped: a server that writes while we read, or cuts the file short,
//! gives old pixels or an error and never undefined behaviour.

use std::fs::File;
use std::os::unix::fs::FileExt as _;

use rustix::fs::{MemfdFlags, SealFlags};
use rustix::net::{AddressFamily, sockopt};
use x11rb::connection::{Connection as _, RequestConnection as _};
use x11rb::protocol::shm::{self, ConnectionExt as _};
use x11rb::rust_connection::RustConnection;

/// A segment that the server has attached.
pub(super) struct Segment {
    /// The server's name of it.
    pub(super) id: shm::Seg,
    /// Its bytes.
    pub(super) length: usize,
    file: File,
}

impl Segment {
    /// Makes a segment, or says why the server cannot have one.
    pub(super) fn attach(connection: &RustConnection, length: usize) -> Result<Self, String> {
        let offered = connection
            .extension_information(shm::X11_EXTENSION_NAME)
            .map_err(text)?;
        if offered.is_none() {
            return Err("no MIT-SHM".to_owned());
        }
        // A descriptor on a TCP connection would break it, so the display must be on this machine.
        let family = sockopt::socket_domain(connection.stream()).map_err(text)?;
        if family != AddressFamily::UNIX {
            return Err("the display is on another machine".to_owned());
        }
        let version = connection.shm_query_version().map_err(text)?;
        let version = version.reply().map_err(text)?;
        if (version.major_version, version.minor_version) < (1, 2) {
            return Err("MIT-SHM is older than 1.2".to_owned());
        }
        let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
        let memory = rustix::fs::memfd_create("handrail-screen", flags).map_err(text)?;
        rustix::fs::ftruncate(&memory, u64::try_from(length).map_err(text)?).map_err(text)?;
        rustix::fs::fcntl_add_seals(&memory, SealFlags::SHRINK | SealFlags::GROW).map_err(text)?;
        let id = connection.generate_id().map_err(text)?;
        let shared = memory.try_clone().map_err(text)?;
        let attached = connection.shm_attach_fd(id, shared, false).map_err(text)?;
        attached.check().map_err(text)?;
        Ok(Self {
            id,
            length,
            file: memory.into(),
        })
    }

    /// Copies bytes out of it.
    pub(super) fn read(&self, offset: usize, into: &mut [u8]) -> std::io::Result<()> {
        let offset = u64::try_from(offset).map_err(std::io::Error::other)?;
        self.file.read_exact_at(into, offset)
    }

    /// Gives it back.
    pub(super) fn detach(self, connection: &RustConnection) {
        if let Err(error) = connection.shm_detach(self.id) {
            tracing::debug!(%error, "the segment went with the display");
        }
    }
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
