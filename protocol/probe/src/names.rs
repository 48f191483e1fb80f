//! The name, and which of its addresses take connections.

use std::io;
use std::net::{IpAddr, SocketAddr};

use futures_util::future::join_all;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use crate::steps::PATIENCE;
use crate::{Connection, NoConnection};

/// The addresses of a name.
pub(crate) async fn look_up(host: &str, port: u16) -> Result<Vec<IpAddr>, String> {
    let found = timeout(PATIENCE, lookup_host((host, port))).await;
    let found = found.map_err(|_| "nobody answers who knows names".to_owned())?;
    let mut addresses: Vec<IpAddr> = vec![];
    for address in found.map_err(|error| error.to_string())? {
        if !addresses.contains(&address.ip()) {
            addresses.push(address.ip());
        }
    }
    Ok(addresses)
}

/// Asks all of them at once.
pub(crate) async fn connect(addresses: &[IpAddr], port: u16) -> Vec<Connection> {
    let asked = addresses.iter().map(|address| async move {
        let address = SocketAddr::new(*address, port);
        let result = match timeout(PATIENCE, TcpStream::connect(address)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(why(&error)),
            Err(_) => Err(NoConnection::Silent),
        };
        Connection { address, result }
    });
    join_all(asked).await
}

fn why(error: &io::Error) -> NoConnection {
    let kind = error.kind();
    if kind == io::ErrorKind::ConnectionRefused {
        NoConnection::Refused
    } else if kind == io::ErrorKind::TimedOut {
        NoConnection::Silent
    } else {
        NoConnection::Other(error.to_string())
    }
}
