//! Which carrier a client takes: both are dialled at once (DESIGN 4).

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::{Carrier, ClientTls, Congestion, DialError, dial, dial_quic};

/// What a client wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Wish {
    /// QUIC where it gets through soon enough, else WebSocket.
    #[default]
    Best,
    /// QUIC or nothing.
    Quic,
    /// WebSocket or nothing.
    WebSocket,
}

/// How a client dials.
#[derive(Clone, Copy, Debug)]
pub struct How {
    /// Which carriers.
    pub wish: Wish,
    /// The controller of what goes by QUIC.
    pub congestion: Congestion,
    /// How long an open WebSocket waits for QUIC, from the dial.
    pub head_start: Duration,
}

/// A carrier, and why it is not the better kind.
pub struct Reached {
    /// The carrier.
    pub carrier: Carrier,
    /// Why QUIC was not taken, if it was wanted.
    pub instead: Option<String>,
}

impl Reached {
    fn wanted(carrier: Carrier) -> Self {
        Self {
            carrier,
            instead: None,
        }
    }
}

/// Dials the relay. WebSocket stands by for the head start after the dial; then it is taken if QUIC has not answered.
///
/// # Errors
/// None of the wanted carriers could be made: what WebSocket says, if it was wanted.
pub async fn race(
    relay: &str,
    path: &str,
    tls: &ClientTls,
    how: How,
) -> Result<Reached, DialError> {
    let How {
        wish, congestion, ..
    } = how;
    match wish {
        Wish::Quic => dial_quic(relay, tls, congestion).await.map(Reached::wanted),
        Wish::WebSocket => dial(relay, path, tls).await.map(Reached::wanted),
        Wish::Best => best(relay, path, tls, how).await,
    }
}

async fn best(relay: &str, path: &str, tls: &ClientTls, how: How) -> Result<Reached, DialError> {
    let until = Instant::now() + how.head_start;
    let quic = dial_quic(relay, tls, how.congestion);
    let socket = dial(relay, path, tls);
    tokio::pin!(quic, socket);
    let quic_failed = tokio::select! {
        quic = &mut quic => match quic {
            Ok(carrier) => return Ok(Reached::wanted(carrier)),
            Err(error) => error.to_string(),
        },
        carrier = &mut socket => return after_socket(carrier, quic, until).await,
    };
    let carrier = socket.await?;
    Ok(Reached {
        carrier,
        instead: Some(quic_failed),
    })
}

/// WebSocket stands: QUIC has what is left of its head start.
async fn after_socket(
    socket: Result<Carrier, DialError>,
    quic: impl Future<Output = Result<Carrier, DialError>>,
    until: Instant,
) -> Result<Reached, DialError> {
    let carrier = match socket {
        Ok(carrier) => carrier,
        // Nothing is lost by waiting for the only one that is left.
        Err(error) => {
            let carrier = quic.await.map_err(|_| error)?;
            return Ok(Reached::wanted(carrier));
        }
    };
    let instead = match timeout_at(until, quic).await {
        Ok(Ok(carrier)) => return Ok(Reached::wanted(carrier)),
        Ok(Err(error)) => error.to_string(),
        Err(_) => "nothing answered by UDP in time".to_owned(),
    };
    Ok(Reached {
        carrier,
        instead: Some(instead),
    })
}

/// How long an open WebSocket waits for QUIC, from the dial, when a line begins.
pub const HEAD_START: Duration = Duration::from_millis(300);
