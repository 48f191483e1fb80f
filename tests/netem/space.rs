//! A network namespace: programs and sockets in it have a network of their own. It is gone with its last user.

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::process::Command;
use std::thread;

use nix::sched::{CloneFlags, setns, unshare};

/// A handle of a namespace.
#[derive(Debug)]
pub struct Space(File);

impl Space {
    /// A new one, with the loopback device up.
    pub(super) fn make() -> io::Result<Self> {
        // It is the calling thread that moves: one that ends leaves the handle behind.
        let made = thread::spawn(|| {
            unshare(CloneFlags::CLONE_NEWNET)?;
            File::open("/proc/thread-self/ns/net")
        });
        let space = Self(made.join().map_err(|_| broken())??);
        let up = space
            .command("ip")
            .args(["link", "set", "lo", "up"])
            .status()?;
        if up.success() {
            Ok(space)
        } else {
            Err(io::Error::other("the loopback device cannot be set up"))
        }
    }

    /// A further handle of the same namespace.
    pub(super) fn again(&self) -> io::Result<Self> {
        self.0.try_clone().map(Self)
    }

    /// A command that runs in it, as the same process: it can be watched and killed as any other.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new("nsenter");
        let (process, handle) = (std::process::id(), self.0.as_raw_fd());
        command
            .arg(format!("--net=/proc/{process}/fd/{handle}"))
            .arg("--")
            .arg(program);
        command
    }

    /// Moves the calling thread into it. Sockets that it opens from now on belong there.
    pub(super) fn enter(&self) -> io::Result<()> {
        Ok(setns(&self.0, CloneFlags::CLONE_NEWNET)?)
    }

    /// Runs this on a thread in it. Sockets that it opens and gives back stay there.
    ///
    /// # Errors
    /// What `work` says, or the system does not let the thread in.
    pub fn run<T: Send>(&self, work: impl FnOnce() -> io::Result<T> + Send) -> io::Result<T> {
        thread::scope(|scope| {
            let done = scope.spawn(|| {
                self.enter()?;
                work()
            });
            done.join().map_err(|_| broken())?
        })
    }
}

fn broken() -> io::Error {
    io::Error::other("the thread in the namespace panicked")
}
