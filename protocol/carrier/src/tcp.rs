//! Settings of a TCP socket that carries a session (notes on networks: worth 2-4 times in echo under load).

use std::io;

use socket2::{Domain, SockRef, Socket, Type};
use tokio::net::TcpStream;
use tracing::debug;

/// Sends at once, keeps little unsent data in the kernel, and uses BBR where the kernel has it. Gives whether it has.
///
/// What the system refuses is left as it is: every setting only makes the carrier faster.
pub fn tune(stream: &TcpStream) -> bool {
    let socket = SockRef::from(stream);
    let bbr = socket.set_tcp_congestion(BBR);
    for result in [
        stream.set_nodelay(true),
        socket.set_tcp_notsent_lowat(UNSENT),
    ] {
        if let Err(error) = result {
            debug!(%error, "a socket setting was refused");
        }
    }
    bbr.is_ok()
}

/// The congestion controller that [`tune`] leaves a socket of this machine with: `bbr` where the kernel has it and gives it to this
/// program, else the kernel's own choice, such as `cubic`.
///
/// # Errors
/// The system gives no socket, or does not say.
pub fn tcp_congestion() -> io::Result<String> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    // What cannot be set is what it was before.
    let _ = socket.set_tcp_congestion(BBR);
    let name = socket.tcp_congestion()?;
    let name = name.split(|byte| *byte == 0).next().unwrap_or_default();
    Ok(String::from_utf8_lossy(name).into_owned())
}

const BBR: &[u8] = b"bbr";
/// Bytes that the kernel may hold before they are sent: urgent frames overtake the rest.
const UNSENT: u32 = 16 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_tuned_socket_has_the_controller_that_is_told() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stream = TcpStream::connect(address).await.unwrap();
        let bbr = tune(&stream);
        let told = tcp_congestion().unwrap();
        assert_eq!(told == "bbr", bbr, "{told}");
        let socket = SockRef::from(&stream);
        let name = socket.tcp_congestion().unwrap();
        assert!(name.starts_with(told.as_bytes()), "{name:?}");
        assert_eq!(socket.tcp_notsent_lowat().unwrap(), UNSENT);
        assert!(stream.nodelay().unwrap());
    }
}
