//! Settings of a TCP socket that carries a session (notes on networks: worth 2-4 times in echo under load).

use socket2::SockRef;
use tokio::net::TcpStream;
use tracing::debug;

/// Sends at once, keeps little unsent data in the kernel, and uses BBR where the kernel has it. Gives whether it has.
///
/// What the system refuses is left as it is: every setting only makes the carrier faster.
pub fn tune(stream: &TcpStream) -> bool {
    let socket = SockRef::from(stream);
    let bbr = socket.set_tcp_congestion(b"bbr");
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

/// Bytes that the kernel may hold before they are sent: urgent frames overtake the rest.
const UNSENT: u32 = 16 * 1024;
