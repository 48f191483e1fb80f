//! A page at the door: WebTransport as a browser speaks it.

use futures_util::SinkExt;
use url::Url;
use web_transport_quinn::http::{HeaderName, HeaderValue};
use web_transport_quinn::proto::ConnectRequest;

use super::tests::{anybody, message, next, record, server};
use super::*;
use crate::Lost;

/// What a browser has: a session, and the first stream that it opened.
struct There {
    session: Session,
    send: SendStream,
    receive: RecvStream,
    _endpoint: Endpoint,
}

impl There {
    async fn say(&mut self, frame: &[u8]) {
        put(&mut self.send, frame).await;
    }

    async fn hear(&mut self) -> Vec<u8> {
        get(&mut self.receive).await
    }
}

async fn put(stream: &mut SendStream, frame: &[u8]) {
    let length = u16::try_from(frame.len()).unwrap().to_be_bytes();
    stream.write_all(&[&length, frame].concat()).await.unwrap();
}

async fn get(stream: &mut RecvStream) -> Vec<u8> {
    let mut length = [0; 2];
    stream.read_exact(&mut length).await.unwrap();
    let mut frame = vec![0; usize::from(u16::from_be_bytes(length))];
    stream.read_exact(&mut frame).await.unwrap();
    frame
}

/// Connects as a page of this origin would.
async fn knock(server: &QuicServer, tls: &ClientTls, origin: &'static str) -> Option<There> {
    let port = server.address().unwrap().port();
    let mut tls = (**tls).clone();
    tls.alpn_protocols = vec![HTTP3.to_vec()];
    let crypto = QuicClientConfig::try_from(tls).unwrap();
    let mut config = ClientConfig::new(Arc::new(crypto));
    config.transport_config(Arc::new(transport(Congestion::Rate)));
    let endpoint = Endpoint::client(SocketAddr::from(([0; 4], 0))).unwrap();
    let connecting = endpoint.connect_with(config, ([127, 0, 0, 1], port).into(), "localhost");
    let connection = connecting.unwrap().await.unwrap();
    let url = format!("https://localhost:{port}/here");
    let header = HeaderName::from_static("origin");
    let request = ConnectRequest::new(url.parse::<Url>().unwrap())
        .with_header(header, HeaderValue::from_static(origin));
    let session = Session::connect(connection, request).await.ok()?;
    let (send, receive) = session.open_bi().await.unwrap();
    let mut there = There {
        session,
        send,
        receive,
        _endpoint: endpoint,
    };
    there.say(&message("hello")).await;
    Some(there)
}

async fn pair() -> (QuicServer, There, Carrier) {
    let (server, tls) = server();
    let opened = async { server.next().await.unwrap().open(anybody).await.unwrap() };
    let (there, mut here) = tokio::join!(knock(&server, &tls, "https://localhost"), opened);
    assert_eq!(here.kind, Kind::WebTransport);
    assert_eq!(next(&mut here).await.unwrap(), message("hello"));
    (server, there.unwrap(), here)
}

#[tokio::test]
async fn frames_of_a_page_arrive_on_each_road() {
    let (_server, mut there, mut here) = pair().await;
    let mut keys = there.session.open_uni().await.unwrap();
    put(&mut keys, &record(3, 0, 80)).await;
    assert_eq!(next(&mut here).await.unwrap(), record(3, 0, 80));
    let place = record(8, 0, 80);
    there.session.send_datagram(place.clone()).unwrap();
    assert_eq!(next(&mut here).await.unwrap(), place);

    here.outgoing.send(message("welcome")).await.unwrap();
    assert_eq!(there.hear().await, message("welcome"));
    here.outgoing.send(record(5, 0, 16_384)).await.unwrap();
    let mut picture = there.session.accept_uni().await.unwrap();
    assert_eq!(get(&mut picture).await, record(5, 0, 16_384));
    here.outgoing.send(place.clone()).await.unwrap();
    assert_eq!(there.session.read_datagram().await.unwrap(), place);
}

/// The relay hears what the page asks for and where it comes from, and decides.
#[tokio::test]
async fn a_page_that_is_not_admitted_has_no_session() {
    let (server, tls) = server();
    let opened = async {
        let admits = |page: Page<'_>| {
            assert_eq!(page.path, "/here");
            assert!(page.host.starts_with("localhost:"));
            page.origin == Some(b"https://localhost")
        };
        server.next().await.unwrap().open(admits).await
    };
    let (there, here) = tokio::join!(knock(&server, &tls, "https://evil.example"), opened);
    assert!(there.is_none());
    assert!(here.is_none());
}

/// SPEC 2.5: code 0 ends the line, any other code the carrier alone, and so does a connection that is lost.
#[tokio::test]
async fn how_a_session_ends_is_told() {
    let (_server, there, mut here) = pair().await;
    there.session.close(ENDED, b"");
    assert!(matches!(next(&mut here).await, Err(Lost::Closed)));

    let (_server, there, mut here) = pair().await;
    there.session.close(LEFT, b"");
    assert!(matches!(next(&mut here).await, Err(Lost::Broken(_))));

    let (_server, there, mut here) = pair().await;
    let connection: &quinn::Connection = &there.session;
    connection.close(VarInt::from_u32(0x0102), b"an error of HTTP/3");
    let lost = next(&mut here).await;
    assert!(matches!(lost, Err(Lost::Broken(_))), "{lost:?}");
}

/// The last words arrive although the session is closed right behind them.
#[tokio::test]
async fn the_last_words_arrive_at_a_page() {
    let (_server, mut there, mut here) = pair().await;
    here.outgoing.feed(message("ended")).await.unwrap();
    let (closed, last) = tokio::join!(here.outgoing.close(), async {
        let last = there.hear().await;
        let end = there.receive.read(&mut [0; 1]).await;
        (last, end)
    });
    closed.unwrap();
    assert_eq!(last.0, message("ended"));
    assert!(matches!(last.1, Ok(None)), "{:?}", last.1);
}
