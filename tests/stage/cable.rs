//! A cable between a client and the relay, of TCP and UDP, that can be cut and mended.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Forwards one port of each kind to the relay's, until it is dropped.
pub struct Cable {
    /// Where the relay seems to be.
    pub url: String,
    state: watch::Sender<State>,
    _tasks: JoinSet<()>,
}

#[derive(Clone, Copy, Default)]
struct State {
    relay: Option<SocketAddr>,
    /// Nothing passes by UDP.
    no_udp: bool,
    /// Nothing passes by TCP, and nobody is told.
    no_tcp: bool,
    /// How often all TCP connections were broken.
    broken: u32,
}

impl Cable {
    /// A cable to the relay with this address.
    pub async fn to(relay: &str) -> Self {
        let cable = Self::loose().await;
        cable.lead_to(relay);
        cable
    }

    /// A cable that leads nowhere yet.
    pub async fn loose() -> Self {
        let (listener, socket) = loop {
            let listener = TcpListener::bind(local(0)).await.expect("a TCP port");
            let at = listener.local_addr().expect("it is bound");
            // Another program may have the UDP port of this number.
            if let Ok(socket) = UdpSocket::bind(at).await {
                break (listener, socket);
            }
        };
        let port = listener.local_addr().expect("it is bound").port();
        let (state, watched) = watch::channel(State::default());
        let mut tasks = JoinSet::new();
        tasks.spawn(carry_tcp(listener, watched.clone()));
        tasks.spawn(carry_udp(Arc::new(socket), watched));
        Self {
            url: format!("https://localhost:{port}"),
            state,
            _tasks: tasks,
        }
    }

    /// From now on it leads to the relay with this address.
    pub fn lead_to(&self, relay: &str) {
        let port = relay.rsplit_once(':').expect("a port").1;
        let relay = local(port.parse().expect("a number"));
        self.state.send_modify(|state| state.relay = Some(relay));
    }

    /// From now on nothing passes by UDP.
    pub fn cut_udp(&self) {
        self.state.send_modify(|state| state.no_udp = true);
    }

    /// From now on nothing passes, and neither end is told.
    pub fn cut(&self) {
        self.state
            .send_modify(|state| (state.no_udp, state.no_tcp) = (true, true));
    }

    /// Everything passes again.
    pub fn mend(&self) {
        self.state
            .send_modify(|state| (state.no_udp, state.no_tcp) = (false, false));
    }

    /// Ends the TCP connections that there are; new ones are carried.
    pub fn break_tcp(&self) {
        self.state.send_modify(|state| state.broken += 1);
    }
}

async fn carry_tcp(listener: TcpListener, state: watch::Receiver<State>) {
    let mut connections = JoinSet::new();
    while let Ok((near, _)) = listener.accept().await {
        let state = state.clone();
        connections.spawn(async move {
            let Some(relay) = state.borrow().relay else {
                return;
            };
            let Ok(far) = TcpStream::connect(relay).await else {
                return;
            };
            let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
            let mut watched = state.clone();
            let broken = watched.borrow().broken;
            tokio::select! {
                () = pass(near_in, far_out, state.clone()) => {}
                () = pass(far_in, near_out, state) => {}
                _ = watched.wait_for(|state| state.broken > broken) => {}
            }
        });
        while connections.try_join_next().is_some() {}
    }
}

/// Carries bytes one way until one of the two is gone.
async fn pass(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    mut state: watch::Receiver<State>,
) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer).await {
        let passes = state.wait_for(|state| !state.no_tcp).await.is_ok();
        let bytes = buffer.get(..length).unwrap_or_default();
        if !passes || to.write_all(bytes).await.is_err() {
            return;
        }
    }
}

async fn carry_udp(near: Arc<UdpSocket>, state: watch::Receiver<State>) {
    let mut clients: HashMap<SocketAddr, Arc<UdpSocket>> = HashMap::new();
    let mut answers = JoinSet::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let Ok((length, client)) = near.recv_from(&mut buffer).await else {
            continue;
        };
        let State { no_udp, relay, .. } = *state.borrow();
        let Some(relay) = relay.filter(|_| !no_udp) else {
            continue;
        };
        let far = match clients.get(&client) {
            Some(far) => far.clone(),
            None => {
                let far = UdpSocket::bind(local(0)).await.expect("a UDP port");
                far.connect(relay).await.expect("an address");
                let far = Arc::new(far);
                clients.insert(client, far.clone());
                answers.spawn(answer(far.clone(), near.clone(), client, state.clone()));
                far
            }
        };
        // A datagram may be lost.
        let _ = far.send(buffer.get(..length).unwrap_or_default()).await;
    }
}

async fn answer(
    far: Arc<UdpSocket>,
    near: Arc<UdpSocket>,
    client: SocketAddr,
    state: watch::Receiver<State>,
) {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        if let Ok(length) = far.recv(&mut buffer).await
            && !state.borrow().no_udp
        {
            let bytes = buffer.get(..length).unwrap_or_default();
            let _ = near.send_to(bytes, client).await;
        }
    }
}

fn local(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}
