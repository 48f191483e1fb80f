//! Pictures without content, sent at a steady pace over many lines, and the time that each took.
//!
//! Both ends of a line are in this process, so one clock times the way. Lines live on between the runs.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use carrier::{Frames, Link, Sender};
use policy::PairId;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at, sleep};
use wire::{Allowance, Channel, Credit, Envelope, Frame, Header, MAX_PLAINTEXT, Window};

use super::ends::Ends;
use super::percentile;

/// What every line carries.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Bytes of a picture.
    pub bytes: usize,
    /// Pictures a second.
    pub a_second: u32,
}

/// Lines of one kind.
pub struct Lines {
    count: usize,
    load: watch::Sender<Option<(Load, usize)>>,
    meter: Arc<Meter>,
}

/// What a run showed.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub struct Run {
    /// Bytes of pictures that arrived.
    pub bytes: f64,
    /// The median of what a picture took.
    pub p50_us: f64,
    /// What all but the slowest 5 % took at most.
    pub p95_us: f64,
    /// Pictures that were sent.
    pub sent: u64,
    /// Pictures that were not sent because credit, or the socket, had no room.
    pub held: u64,
}

struct Meter {
    started: Instant,
    micros: Mutex<Vec<f64>>,
    bytes: AtomicU64,
    sent: AtomicU64,
    held: AtomicU64,
}

impl Default for Lines {
    fn default() -> Self {
        Self::new()
    }
}

impl Lines {
    /// None yet.
    pub fn new() -> Self {
        let meter = Meter {
            started: Instant::now(),
            micros: Mutex::default(),
            bytes: AtomicU64::new(0),
            sent: AtomicU64::new(0),
            held: AtomicU64::new(0),
        };
        Self {
            count: 0,
            load: watch::Sender::new(None),
            meter: Arc::new(meter),
        }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Pictures that were sent so far.
    pub fn sent(&self) -> u64 {
        self.meter.sent.load(Ordering::Relaxed)
    }

    /// Adds a line through plain sockets.
    pub fn add_tcp(&mut self, from: TcpStream, to: TcpStream) {
        tokio::spawn(send_tcp(from, self.clock(), self.meter.clone()));
        tokio::spawn(receive_tcp(to, self.meter.clone()));
    }

    /// Adds a line of two ends with credit between them.
    pub fn add_ends(&mut self, ends: Ends) {
        let Link { sender, frames } = ends.helper;
        tokio::spawn(receive_records(
            sender,
            frames,
            ends.round,
            self.meter.clone(),
        ));
        let clock = self.clock();
        let Link { sender, frames } = ends.sharer;
        tokio::spawn(send_records(sender, frames, clock, self.meter.clone()));
    }

    /// All lines carry this load for a while. Gives also by how much a count rose in that time.
    pub async fn run(&self, load: Load, time: Duration, count: impl Fn() -> f64) -> (Run, f64) {
        self.load.send_replace(Some((load, self.count)));
        // What was cold is warm by then.
        sleep(time / 5).await;
        self.meter.micros.lock().expect("nobody panicked").clear();
        let of = |count: &AtomicU64| count.load(Ordering::Relaxed);
        let meter = &self.meter;
        let (bytes, sent, held) = (meter.bytes(), of(&meter.sent), of(&meter.held));
        let before = count();
        sleep(time).await;
        let run = Run {
            bytes: (self.meter.bytes() - bytes) as f64,
            p50_us: self.meter.percentile(50),
            p95_us: self.meter.percentile(95),
            sent: of(&meter.sent) - sent,
            held: of(&meter.held) - held,
        };
        let rose = count() - before;
        self.load.send_replace(None);
        (run, rose)
    }

    fn clock(&mut self) -> Pace {
        let place = self.count;
        self.count += 1;
        Pace {
            load: self.load.subscribe(),
            place,
            ticks: None,
        }
    }
}

impl Meter {
    fn now(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_micros()).expect("a short time")
    }

    fn arrived(&self, sent: u64, bytes: usize) {
        let micros = self.now().saturating_sub(sent) as f64;
        self.micros.lock().expect("nobody panicked").push(micros);
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    fn percentile(&self, percent: usize) -> f64 {
        percentile(&self.micros.lock().expect("nobody panicked"), percent)
    }
}

/// Says when the next picture is due. The lines of a load are spread evenly over its period.
struct Pace {
    load: watch::Receiver<Option<(Load, usize)>>,
    place: usize,
    ticks: Option<(Load, Interval)>,
}

impl Pace {
    /// Whether nobody wants pictures any more.
    fn is_over(&self) -> bool {
        self.load.has_changed().is_err()
    }

    /// Cancel-safe. Never comes while there is no load; None when there are no lines any more.
    async fn next(&mut self) -> Option<usize> {
        loop {
            if let Some((load, ticks)) = &mut self.ticks {
                tokio::select! {
                    _ = ticks.tick() => return Some(load.bytes),
                    changed = self.load.changed() => changed.ok()?,
                }
            } else {
                self.load.changed().await.ok()?;
            }
            self.ticks = self.load.borrow_and_update().map(|(load, lines)| {
                let period = Duration::from_secs(1) / load.a_second;
                let share = self.place as f64 / lines.max(1) as f64;
                let mut ticks = interval_at(Instant::now() + period.mul_f64(share), period);
                ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
                (load, ticks)
            });
        }
    }
}

async fn send_tcp(mut stream: TcpStream, mut pace: Pace, meter: Arc<Meter>) {
    while let Some(bytes) = pace.next().await {
        meter.sent.fetch_add(1, Ordering::Relaxed);
        let mut picture = vec![0x5a; bytes];
        picture[..4].copy_from_slice(&u32::try_from(bytes).expect("a small picture").to_be_bytes());
        picture[4..12].copy_from_slice(&meter.now().to_be_bytes());
        stream.write_all(&picture).await.expect("the line holds");
    }
}

async fn receive_tcp(mut stream: TcpStream, meter: Arc<Meter>) {
    let mut picture = vec![];
    loop {
        let Ok(bytes) = stream.read_u32().await else {
            return;
        };
        picture.resize(bytes as usize - 4, 0);
        if stream.read_exact(&mut picture).await.is_err() {
            return;
        }
        let sent = u64::from_be_bytes(picture[..8].try_into().expect("eight bytes"));
        meter.arrived(sent, bytes as usize);
    }
}

async fn send_records(sender: Sender, mut frames: Frames, mut pace: Pace, meter: Arc<Meter>) {
    let mut allowance = Allowance::new(Channel::Picture);
    let mut counter = 0;
    loop {
        tokio::select! {
            frame = frames.next() => match frame {
                Err(lost) => {
                    assert!(pace.is_over(), "the line does not hold: {lost}");
                    return;
                }
                Ok(Frame::Credit(credit)) if credit.channel == Channel::Picture => allowance.grant(credit.limit),
                Ok(Frame::Message(text)) => {
                    let text = String::from_utf8_lossy(&text);
                    assert!(text.contains("granted"), "the relay says {text}");
                }
                Ok(_) => {}
            },
            bytes = pace.next() => {
                let Some(bytes) = bytes else { return };
                if allowance.left() < bytes as u64 + SLACK {
                    meter.held.fetch_add(1, Ordering::Relaxed);
                    continue;
                }
                meter.sent.fetch_add(1, Ordering::Relaxed);
                let sent = meter.now();
                let records = bytes.div_ceil(MAX_PLAINTEXT);
                for place in 0..records {
                    let record = record(counter, bytes / records, sent, bytes, place + 1 == records);
                    counter += 1;
                    allowance.spend(record.frame().len() as u64);
                    sender.send_sealed(record).expect("the queue has room");
                }
            }
        }
    }
}

async fn receive_records(sender: Sender, mut frames: Frames, round: u8, meter: Arc<Meter>) {
    let mut window = Window::new(Channel::Picture);
    while let Ok(frame) = frames.next().await {
        let Frame::Sealed(envelope) = frame else {
            continue;
        };
        let sealed = envelope.sealed();
        let number =
            |at: usize| u64::from_be_bytes(sealed[at..at + 8].try_into().expect("eight bytes"));
        if number(8) > 0 {
            meter.arrived(number(0), number(8) as usize);
        }
        if let Some(limit) = window.consume(envelope.frame().len() as u64) {
            let credit = Credit {
                pair: PairId::FIRST,
                channel: Channel::Picture,
                round,
                limit,
            };
            sender
                .send(Frame::Credit(credit))
                .expect("the queue has room");
        }
    }
}

/// A record as the relay sees one: a good header, and bytes that it cannot read. Ours begin with the time, and with the size of
/// the whole picture in its last record.
fn record(counter: u64, bytes: usize, sent: u64, picture: usize, last: bool) -> Envelope {
    let header = Header {
        pair: PairId::FIRST,
        channel: Channel::Picture,
        generation: 1,
        counter,
    };
    let length = u16::try_from(bytes).expect("a record is short");
    let mut frame = BytesMut::from(header.encode(length).as_slice());
    let body = frame.len();
    frame.resize(body + bytes, 0x5a);
    let size = if last { picture as u64 } else { 0 };
    frame[body..body + 8].copy_from_slice(&sent.to_be_bytes());
    frame[body + 8..body + 16].copy_from_slice(&size.to_be_bytes());
    Envelope::decode(Bytes::from(frame)).expect("the record is good")
}

/// More than all headers of one picture.
const SLACK: u64 = 256;
