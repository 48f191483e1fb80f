//! The WebSocket of a client, over TLS that stands.

use std::time::Instant;

use futures_util::{SinkExt, StreamExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};
use wire::Frame;

use crate::question::{is_answer, question};
use crate::steps::PATIENCE;
use crate::{Carried, NoTls, NoUpgrade};

/// Opens a WebSocket at this address and asks the relay something.
pub(crate) async fn ask(
    stream: Result<TlsStream<TcpStream>, NoTls>,
    url: &str,
) -> Result<Carried, NoUpgrade> {
    let stream = stream.map_err(|_| NoUpgrade::Broken("no second connection".to_owned()))?;
    let asked = async {
        let (mut socket, _) = client_async(url, stream).await.map_err(why)?;
        let before = Instant::now();
        exchange(&mut socket).await?;
        Ok(before.elapsed())
    };
    let late = || NoUpgrade::Broken("nothing came back in time".to_owned());
    let round_trip = timeout(PATIENCE, asked).await.map_err(|_| late())??;
    Ok(Carried { round_trip })
}

async fn exchange(socket: &mut WebSocketStream<TlsStream<TcpStream>>) -> Result<(), NoUpgrade> {
    let frame = question().ok_or(NoUpgrade::OtherProgram)?;
    let asked = socket.send(Message::Binary(frame.encode())).await;
    asked.map_err(why)?;
    loop {
        let message = socket.next().await.ok_or(NoUpgrade::OtherProgram)?;
        match message.map_err(why)? {
            Message::Binary(bytes) => match Frame::decode(bytes) {
                Ok(Frame::Message(text)) if is_answer(&text) => return Ok(()),
                // The relay asks whether somebody is there, as it asks everybody.
                Ok(Frame::Ping(_)) => {}
                Ok(_) | Err(_) => return Err(NoUpgrade::OtherProgram),
            },
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
            Message::Text(_) | Message::Close(_) => return Err(NoUpgrade::OtherProgram),
        }
    }
}

fn why(error: Error) -> NoUpgrade {
    if let Error::Http(response) = &error {
        return NoUpgrade::Status(response.status().as_u16());
    }
    NoUpgrade::Broken(error.to_string())
}
