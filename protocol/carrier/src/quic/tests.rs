//! Both ends of a QUIC carrier on the loopback.

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use rustls::RootCertStore;
use rustls::crypto::ring;
use rustls_pki_types::PrivateKeyDer;

use super::*;
use crate::Lost;

/// A server and a client who trusts it.
async fn pair() -> (QuicServer, Carrier, Carrier) {
    let (server, tls) = server();
    let address = server.address().unwrap();
    let relay = format!("https://localhost:{}", address.port());
    let opened = async { server.next().await.unwrap().open(anybody).await.unwrap() };
    let dialled = async {
        let mut carrier = dial_quic(&relay, &tls, Congestion::Rate).await.unwrap();
        // A stream is there for the peer with its first frame.
        carrier.outgoing.send(message("hello")).await.unwrap();
        carrier
    };
    let (mut there, here) = tokio::join!(opened, dialled);
    assert_eq!(next(&mut there).await.unwrap(), message("hello"));
    (server, here, there)
}

pub(super) fn server() -> (QuicServer, ClientTls) {
    let CertifiedKey { cert, signing_key } =
        generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let provider = Arc::new(ring::default_provider());
    let key = PrivateKeyDer::try_from(signing_key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder_with_provider(provider.clone())
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .unwrap();
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let server = QuicServer::listen(socket, &config, Congestion::Rate).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(cert.der().clone()).unwrap();
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    (server, Arc::new(tls))
}

pub(super) fn anybody(_: Page<'_>) -> bool {
    true
}

pub(super) fn message(text: &str) -> Bytes {
    [&[0x12], text.as_bytes()].concat().into()
}

pub(super) fn record(channel: u8, counter: u8, length: u16) -> Bytes {
    let mut frame = vec![0x10, 0, channel, 1, counter];
    frame.extend(length.to_be_bytes());
    frame.resize(frame.len() + usize::from(length), 7);
    frame.into()
}

pub(super) async fn next(carrier: &mut Carrier) -> Result<Bytes, Lost> {
    let next = tokio::time::timeout(PATIENCE, carrier.incoming.next()).await;
    next.expect("something comes").unwrap_or(Err(Lost::Closed))
}

#[tokio::test]
async fn frames_arrive_whole_both_ways_and_in_order_on_each_road() {
    let (_server, mut here, mut there) = pair().await;
    let (picture, input) = (5, 3);
    for counter in 0..20 {
        here.outgoing
            .feed(record(input, counter, 80))
            .await
            .unwrap();
        there
            .outgoing
            .feed(record(picture, counter, 16_384))
            .await
            .unwrap();
    }
    for counter in 0..20 {
        assert_eq!(next(&mut there).await.unwrap(), record(input, counter, 80));
        let came = next(&mut here).await.unwrap();
        assert_eq!(came, record(picture, counter, 16_384));
    }
}

/// SPEC 2.2: places of the pointer are datagrams; one that fits into none takes a stream.
#[tokio::test]
async fn pointers_are_datagrams() {
    let (_server, mut here, mut there) = pair().await;
    for length in [80, 4096] {
        let place = record(8, 0, length);
        here.outgoing.feed(place.clone()).await.unwrap();
        assert_eq!(next(&mut there).await.unwrap(), place);
    }
}

/// What waits for a reader of the picture holds up nobody: a picture that is not taken, and then a key.
#[tokio::test]
async fn a_picture_that_is_stuck_holds_up_no_input() {
    let (_server, mut here, mut there) = pair().await;
    let mut sent = 0;
    // More than the window of a stream and all that the reader takes before it stops.
    for counter in 0..160 {
        here.outgoing
            .feed(record(5, counter, 16_384))
            .await
            .unwrap();
        sent += 1;
    }
    here.outgoing.feed(record(3, 0, 80)).await.unwrap();
    let mut before = 0;
    while next(&mut there).await.unwrap() != record(3, 0, 80) {
        before += 1;
    }
    assert!(before < sent, "{before} records came before the key");
}

/// The last words arrive although the carrier is closed right behind them; the other side hears of an orderly end.
#[tokio::test]
async fn the_last_words_arrive() {
    let (_server, mut here, mut there) = pair().await;
    there.outgoing.feed(message("ended")).await.unwrap();
    let (closed, told) = tokio::join!(there.outgoing.close(), async {
        let last = next(&mut here).await.unwrap();
        (last, next(&mut here).await)
    });
    closed.unwrap();
    assert_eq!(told.0, message("ended"));
    assert!(matches!(told.1, Err(Lost::Closed)), "{:?}", told.1);
}

/// A peer that takes nothing is given up before it costs more than the queue may hold.
#[tokio::test]
async fn a_peer_that_takes_nothing_is_given_up() {
    let (_server, mut here, there) = pair().await;
    let mut fed = 0;
    let refused = loop {
        match here.outgoing.feed(record(5, 0, 16_384)).await {
            Ok(()) => fed += 16_384,
            Err(why) => break why,
        }
        assert!(fed < 64 << 20, "{fed} bytes wait");
        tokio::task::yield_now().await;
    };
    assert!(matches!(refused, Lost::Full), "{refused}");
    drop(there);
}

/// Bad input: whatever is no frame of SPEC 2 ends the carrier and nothing else.
#[tokio::test]
async fn a_frame_that_is_too_long_ends_the_carrier() {
    let (server, tls) = server();
    let port = server.address().unwrap().port();
    let mut endpoint = Endpoint::client(SocketAddr::from(([0; 4], 0))).unwrap();
    endpoint.set_default_client_config(client_config(&tls, Congestion::Rate).unwrap());
    let connecting = endpoint.connect(([127, 0, 0, 1], port).into(), "localhost");
    let opened = async { server.next().await.unwrap().open(anybody).await.unwrap() };
    let sent = async {
        let connection = connecting.unwrap().await.unwrap();
        let (mut send, receive) = connection.open_bi().await.unwrap();
        send.write_all(&[0xff, 0xff, 0]).await.unwrap();
        (connection, send, receive)
    };
    let (mut there, _kept) = tokio::join!(opened, sent);
    assert!(matches!(next(&mut there).await, Err(Lost::Broken(_))));
}

/// A server that speaks something else, and one that is not trusted, are no relay.
#[tokio::test]
async fn only_a_trusted_relay_is_spoken_to() {
    let (server, _) = server();
    let (_, other) = self::server();
    let relay = format!("https://localhost:{}", server.address().unwrap().port());
    let accepting = async {
        if let Some(knock) = server.next().await {
            assert!(knock.open(anybody).await.is_none());
        }
    };
    let (refused, ()) = tokio::join!(dial_quic(&relay, &other, Congestion::Rate), accepting);
    assert!(matches!(refused, Err(DialError::Refused(_))));
}
