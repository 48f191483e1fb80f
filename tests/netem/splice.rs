//! A port of this machine inside a namespace, by a way without impairment: for the sign-in service, which is not what is measured.

use std::io;
use std::net::{Ipv4Addr, TcpListener};

use tokio::io::copy_bidirectional;
use tokio::net::TcpStream;
use tokio::task::{JoinHandle, JoinSet};

use super::Space;

/// Listens on the loopback address of a namespace until it is dropped.
#[derive(Debug)]
pub struct Splice(JoinHandle<()>);

impl Splice {
    /// Carries connections to this port of the namespace's loopback address to the same port of ours.
    ///
    /// # Errors
    /// The port cannot be listened on there.
    pub fn start(space: &Space, port: u16) -> io::Result<Self> {
        let address = (Ipv4Addr::LOCALHOST, port);
        let listener = space.run(|| TcpListener::bind(address))?;
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        Ok(Self(tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((inside, _)) = listener.accept().await {
                connections.spawn(carry(inside, address));
            }
        })))
    }
}

async fn carry(mut inside: TcpStream, address: (Ipv4Addr, u16)) {
    // Either side may go at any time; the other sees it.
    if let Ok(mut outside) = TcpStream::connect(address).await {
        let _ = copy_bidirectional(&mut inside, &mut outside).await;
    }
}

impl Drop for Splice {
    fn drop(&mut self) {
        self.0.abort();
    }
}
