//! A path between a relay's network and a client's.

use std::fs::OpenOptions;
use std::io;
use std::net::Ipv4Addr;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio_tun::Tun;

use super::carry::{Carrying, PACKET, Switches};
use super::{Counters, Direction, Profile, Space};

/// Where the relay's side of every path is.
pub const RELAY: Ipv4Addr = Ipv4Addr::new(10, 77, 0, 1);
/// Where the client's side of every path is.
pub const CLIENT: Ipv4Addr = Ipv4Addr::new(10, 77, 0, 2);

/// What can be blocked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// QUIC.
    Udp,
    /// WebSocket, HTTPS.
    Tcp,
    /// Word of what cannot be reached.
    Icmp,
}

/// Of both directions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Both {
    /// From the relay to the client.
    pub down: Counters,
    /// From the client to the relay.
    pub up: Counters,
}

/// Two namespaces and the way between them. Both are gone when this is dropped and the programs in them have ended.
#[derive(Debug)]
pub struct Path {
    /// The network of the relay, at [`RELAY`].
    pub relay: Space,
    /// The network of the client, at [`CLIENT`].
    pub client: Space,
    switches: Arc<Switches>,
    counters: Arc<Mutex<[Counters; 2]>>,
    stop: Option<oneshot::Sender<()>>,
    carrying: Option<JoinHandle<io::Result<()>>>,
}

impl Path {
    /// Makes a path like this; chance comes from the seed. None where this system cannot, which is said on standard error: a test
    /// that needs a path then ends, visibly without having tested anything.
    ///
    /// # Panics
    /// The system could, and something failed.
    pub fn start(profile: &Profile, seed: u64) -> Option<Self> {
        if let Some(missing) = missing() {
            eprintln!("SKIPPED, no emulated network: {missing}");
            return None;
        }
        Some(Self::join(profile, seed).expect("a path can be made"))
    }

    fn join(profile: &Profile, seed: u64) -> io::Result<Self> {
        let (relay, client) = (Space::make()?, Space::make()?);
        let directions = [
            Direction::new(profile.down, seed),
            Direction::new(profile.up, seed.wrapping_add(1)),
        ];
        let (switches, counters) = (Arc::new(Switches::new()), Arc::default());
        let (stop, stopped) = oneshot::channel();
        let (told, ready) = mpsc::channel();
        let spaces = [relay.again()?, client.again()?];
        let given = (Arc::clone(&switches), Arc::clone(&counters));
        let carrying = std::thread::Builder::new()
            .name("netem".to_owned())
            .spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_io()
                    .build()?;
                let devices = runtime.block_on(async { devices(&spaces) });
                let devices = match devices {
                    Ok(devices) => devices,
                    Err(error) => {
                        // Whoever waits hears of it, unless nobody does.
                        let _ = told.send(Err(error));
                        return Ok(());
                    }
                };
                let _ = told.send(Ok(()));
                let carrying = Carrying {
                    devices,
                    directions,
                    switches: given.0,
                    counters: given.1,
                };
                runtime.block_on(carrying.run(stopped))
            })?;
        ready
            .recv()
            .map_err(|_| io::Error::other("the thread ended"))??;
        Ok(Self {
            relay,
            client,
            switches,
            counters,
            stop: Some(stop),
            carrying: Some(carrying),
        })
    }

    /// Blocks a protocol from now on: its packets vanish, nobody is told.
    pub fn cut(&self, protocol: Protocol) {
        self.switches.cut(protocol);
    }

    /// Lets a protocol through again.
    pub fn mend(&self, protocol: Protocol) {
        self.switches.mend(protocol);
    }

    /// For this time from now on everything is lost.
    pub fn outage(&self, time: Duration) {
        self.switches.darken(time);
    }

    /// Whether an outage is under way.
    pub fn is_dark(&self) -> bool {
        self.switches.is_dark_now()
    }

    /// What happened so far.
    pub fn counters(&self) -> Both {
        let [down, up] = *self
            .counters
            .lock()
            .expect("nobody panics with the counters");
        Both { down, up }
    }
}

impl Drop for Path {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // It may have ended by itself.
            let _ = stop.send(());
        }
        if let Some(carrying) = self.carrying.take() {
            let _ = carrying.join();
        }
    }
}

/// A device in each namespace. The calling thread stays in the last.
fn devices(spaces: &[Space; 2]) -> io::Result<[Tun; 2]> {
    let [relay, client] = [RELAY, CLIENT];
    Ok([device(&spaces[0], relay)?, device(&spaces[1], client)?])
}

fn device(space: &Space, address: Ipv4Addr) -> io::Result<Tun> {
    space.enter()?;
    let made = Tun::builder()
        .name("wan0")
        .address(address)
        .netmask(Ipv4Addr::new(255, 255, 255, 0))
        .mtu(PACKET as i32)
        .up()
        .build();
    let devices = made.map_err(io::Error::other)?;
    devices
        .into_iter()
        .next()
        .ok_or_else(|| io::Error::other("no device was made"))
}

/// What this system lacks.
fn missing() -> Option<String> {
    let device = OpenOptions::new()
        .read(true)
        .write(true)
        .open("/dev/net/tun");
    if let Err(error) = device {
        return Some(format!("/dev/net/tun: {error}"));
    }
    for tool in ["ip", "nsenter"] {
        let mut command = Command::new(tool);
        let asked = command
            .arg("-V")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if let Err(error) = asked.status() {
            return Some(format!("{tool}: {error}"));
        }
    }
    let space = Space::make();
    space
        .err()
        .map(|error| format!("a network namespace: {error}"))
}

#[cfg(test)]
mod tests {
    use std::net::UdpSocket;
    use std::time::Instant;

    use super::*;
    use crate::netem::{LAN, MOBILE};

    /// An echo on the relay's side, and a socket on the client's that is connected to it.
    fn echo(path: &Path) -> UdpSocket {
        let echo = path.relay.run(|| UdpSocket::bind((RELAY, 0))).unwrap();
        let address = echo.local_addr().unwrap();
        std::thread::spawn(move || {
            let mut buffer = [0; PACKET];
            while let Ok((length, from)) = echo.recv_from(&mut buffer) {
                if length == 0 || echo.send_to(&buffer[..length], from).is_err() {
                    return;
                }
            }
        });
        let socket = path.client.run(|| UdpSocket::bind((CLIENT, 0))).unwrap();
        socket.connect(address).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        socket
    }

    /// Sends until one comes back. Gives how many it took.
    fn until_answered(socket: &UdpSocket) -> u64 {
        let deadline = Instant::now() + Duration::from_secs(20);
        socket
            .set_read_timeout(Some(Duration::from_millis(300)))
            .unwrap();
        let mut sent = 0;
        loop {
            socket.send(b"again").unwrap();
            sent += 1;
            if socket.recv(&mut [0; PACKET]).is_ok() {
                return sent;
            }
            assert!(Instant::now() < deadline, "nothing comes back");
        }
    }

    #[test]
    fn packets_go_both_ways_and_take_their_time() {
        let Some(path) = Path::start(&LAN, 1) else {
            return;
        };
        let socket = echo(&path);
        let begun = Instant::now();
        for number in 0..50_u8 {
            socket.send(&[number; 100]).unwrap();
            let mut buffer = [0; PACKET];
            assert_eq!(socket.recv(&mut buffer).unwrap(), 100);
            assert_eq!(buffer[0], number);
        }
        assert!(begun.elapsed() >= Duration::from_millis(2 * 50));
        let Both { down, up } = path.counters();
        assert_eq!((down.delivered, up.packets), (50, 50));
        assert_eq!(up.bytes, 50 * 128, "with the headers of IP and UDP");
    }

    #[test]
    fn losses_are_counted() {
        let Some(path) = Path::start(&MOBILE, 1) else {
            return;
        };
        let socket = echo(&path);
        let deadline = Instant::now() + Duration::from_secs(20);
        for sent in 1..=1000 {
            socket.send(&[1; 50]).unwrap();
            // A device has room for 500.
            while path.counters().up.packets + 100 < sent {
                assert!(Instant::now() < deadline, "{:?}", path.counters());
            }
        }
        let decided = loop {
            let up = path.counters().up;
            if up.delivered + up.lost == 1000 {
                break up;
            }
            assert!(Instant::now() < deadline, "{up:?}");
        };
        // By the seed: the same in every run.
        let mut model = Direction::new(MOBILE.up, 2);
        for _ in 0..1000 {
            model.offer(Duration::ZERO, 78, false);
        }
        assert_eq!(
            (decided.lost, decided.bursts),
            (model.counters.lost, model.counters.bursts)
        );
    }

    #[test]
    fn a_protocol_is_blocked_and_let_through_while_it_runs() {
        let Some(path) = Path::start(&LAN, 1) else {
            return;
        };
        let socket = echo(&path);
        assert_eq!(until_answered(&socket), 1);
        path.cut(Protocol::Tcp);
        assert_eq!(until_answered(&socket), 1, "TCP is no UDP");
        path.cut(Protocol::Udp);
        socket.send(b"into the void").unwrap();
        assert!(socket.recv(&mut [0; PACKET]).is_err());
        assert_eq!(path.counters().up.blocked, 1);
        path.mend(Protocol::Udp);
        assert_eq!(until_answered(&socket), 1);
    }

    #[test]
    fn an_outage_ends_by_itself() {
        let Some(path) = Path::start(&LAN, 1) else {
            return;
        };
        let socket = echo(&path);
        path.outage(Duration::from_millis(700));
        let sent = until_answered(&socket);
        assert!(sent >= 2, "{sent}");
        assert_eq!(path.counters().up.lost, sent - 1);
    }

    #[test]
    fn programs_run_inside() {
        let Some(path) = Path::start(&LAN, 1) else {
            return;
        };
        let output = path
            .client
            .command("ip")
            .args(["-4", "addr"])
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains("10.77.0.2/24"), "{text}");
    }

    const PATIENCE: Duration = Duration::from_secs(2);
}
