//! One task that sees every frame of every connection, in order.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use carrier::Carrier;
use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio::sync::mpsc;
use wire::{Code, Frame};

use crate::attack::Attack;
use crate::crime::{Crime, Move, Side};

/// A connection of a client, with its twin to the real relay.
pub(crate) type Id = u64;

/// The way to the hub.
#[derive(Clone)]
pub(crate) struct Handle {
    news: mpsc::UnboundedSender<News>,
    transcript: Arc<Mutex<File>>,
}

/// The hub.
pub(crate) struct Hub {
    crime: Crime,
    ways: BTreeMap<(Id, Side), mpsc::UnboundedSender<Bytes>>,
    last: Id,
    news: mpsc::UnboundedSender<News>,
}

enum News {
    Came(Carrier, Carrier),
    Frame(Id, Side, Bytes),
    Gone(Id, Side),
    Late(Move),
    Overheard(Code),
}

impl Hub {
    /// Starts it; what clients send is written down in this file.
    pub(crate) fn start(crime: Crime, transcript: &Path) -> Handle {
        let (news, mut coming) = mpsc::unbounded_channel();
        let mut hub = Self {
            crime,
            ways: BTreeMap::new(),
            last: 0,
            news: news.clone(),
        };
        let file = File::create(transcript).expect("the transcript can be written");
        let handle = Handle {
            news,
            transcript: Arc::new(Mutex::new(file)),
        };
        let own = handle.clone();
        tokio::spawn(async move {
            while let Some(news) = coming.recv().await {
                hub.handle(news, &own);
            }
        });
        handle
    }

    fn handle(&mut self, news: News, handle: &Handle) {
        match news {
            News::Came(client, relay) => self.came(client, relay),
            News::Frame(id, from, bytes) => {
                if from == Side::Client {
                    handle.write_down(&bytes);
                }
                let Ok(frame) = Frame::decode(bytes) else {
                    return;
                };
                for step in self.crime.meet(id, from, frame) {
                    self.take(step);
                }
            }
            News::Late(step) => self.send(step),
            News::Overheard(code) => self.crime.overhear(code),
            News::Gone(id, side) => self.gone(id, side),
        }
    }

    /// One side is gone, and the other one with it, unless the session is to be kept.
    fn gone(&mut self, id: Id, side: Side) {
        self.ways.remove(&(id, side));
        if side == Side::Client || !self.crime.keeps() {
            self.ways.remove(&(id, Side::Client));
            self.ways.remove(&(id, Side::Relay));
            self.crime.forget(id);
        }
    }

    fn take(&mut self, step: Move) {
        let Some(after) = step.after else {
            return self.send(step);
        };
        let news = self.news.clone();
        tokio::spawn(async move {
            tokio::time::sleep(after).await;
            // Without a hub there is nobody to attack.
            let _ = news.send(News::Late(step));
        });
    }

    fn send(&mut self, step: Move) {
        if let Some(way) = self.ways.get(&(step.to, step.side)) {
            // Whoever is gone gets nothing.
            let _ = way.send(step.frame.encode());
        }
    }

    fn came(&mut self, client: Carrier, relay: Carrier) {
        self.last += 1;
        for (side, carrier) in [(Side::Client, client), (Side::Relay, relay)] {
            let way = serve(self.last, side, carrier, self.news.clone());
            self.ways.insert((self.last, side), way);
        }
    }
}

impl Handle {
    /// A client came, and this is its twin.
    pub(crate) async fn join(&self, client: Carrier, relay: Carrier) {
        // Without a hub there is nobody to attack.
        let _ = self.news.send(News::Came(client, relay));
    }

    /// Somebody read the code over a shoulder.
    pub(crate) fn overhear(&self, code: Code) {
        // Without a hub there is nobody to attack.
        let _ = self.news.send(News::Overheard(code));
    }

    /// Keeps what a client sent.
    pub(crate) fn write_down(&self, bytes: &[u8]) {
        let mut file = self.transcript.lock().expect("no panic");
        file.write_all(bytes)
            .and_then(|()| file.write_all(b"\n"))
            .expect("the transcript can be written");
    }
}

fn serve(
    id: Id,
    side: Side,
    carrier: Carrier,
    news: mpsc::UnboundedSender<News>,
) -> mpsc::UnboundedSender<Bytes> {
    let (way, mut outgoing) = mpsc::unbounded_channel();
    let (mut incoming, mut out) = (carrier.incoming, carrier.outgoing);
    tokio::spawn(async move {
        loop {
            let told = tokio::select! {
                frame = incoming.next() => match frame {
                    Some(Ok(bytes)) => news.send(News::Frame(id, side, bytes)).is_ok(),
                    _ => false,
                },
                bytes = outgoing.recv() => match bytes {
                    Some(bytes) => out.send(bytes).await.is_ok(),
                    None => false,
                },
            };
            if !told {
                // Without a hub there is nobody to tell.
                let _ = news.send(News::Gone(id, side));
                return;
            }
        }
    });
    way
}

/// Says that an attack was carried out: a test that passed without one would have shown nothing.
pub(crate) fn did(attack: Attack) {
    println!(
        "{}",
        json!({"event": "did", "attack": format!("{attack:?}")})
    );
}

/// Longer than a grant lives.
pub(crate) const TOO_LATE: Duration = Duration::from_secs(31);
