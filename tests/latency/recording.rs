//! Records a sealed picture stream for `web/tests/stream.mjs`: 500 updates of every scene, and what the picture is after each.
//!
//! `cargo run -p tests --bin recording -- <file>` writes one JSON object: the secret of the generation and what keys are
//! derived from beside it, then for each update its sealed records and the decoder's hash, all as hex.

use std::fs;
use std::time::Duration;

use picture::testing::{Kind, Scene};
use picture::{Decoder, Encoder, Limits, Picture, Rect, Slice};
use policy::{PairId, SessionId};
use seal::handshake::{Attempts, Context, Established, Sharer, StaticKey};
use seal::{End, Entropy, Output, Secret};
use serde_json::{Value, json};
use wire::{Channel, Code, Routing};
use zeroize::Zeroizing;

/// Two such pictures need a window of 2^25.
const SIZE: (u16, u16) = (1920, 1200);
const TICK: Duration = Duration::from_millis(66);
const SCENES: [(Kind, usize); 7] = [
    (Kind::Typing, 120),
    (Kind::Terminal, 100),
    (Kind::Page, 80),
    (Kind::Switch, 30),
    (Kind::Drag, 80),
    (Kind::Video, 70),
    (Kind::Resize, 20),
];
const SECRET: [u8; 32] = [0x11; 32];

fn main() {
    let file = std::env::args().nth(1).expect("the file to write");
    let mut recorder = Recorder::new();
    for (kind, updates) in SCENES {
        let mut scene = Scene::new(kind, SIZE.0, SIZE.1);
        let all = scene.screen().rect();
        recorder.update(scene.screen(), &[all]);
        for _ in 1..updates {
            let damage = scene.step();
            recorder.update(scene.screen(), &damage);
        }
        recorder.rest(scene.screen());
    }
    let recording = recorder.finish();
    fs::write(&file, recording.to_string()).expect("the file can be written");
}

struct Recorder {
    encoder: Encoder,
    decoder: Decoder,
    end: End,
    hash: String,
    session: String,
    now: Duration,
    updates: Vec<Value>,
}

impl Recorder {
    fn new() -> Self {
        let established = shake();
        let mut end = End::new(&established, PairId::FIRST, seal::Limits::default());
        let secret = Secret::new(Zeroizing::new(SECRET));
        end.begin(1, &secret, None, Duration::ZERO)
            .expect("the first generation begins");
        while end.poll_output().is_some() {}
        Self {
            encoder: Encoder::new(Limits::default()),
            decoder: Decoder::new(Limits::default()),
            end,
            hash: established.hash.to_string(),
            session: established.session.to_string(),
            now: Duration::ZERO,
            updates: vec![],
        }
    }

    /// One moment of the screen.
    fn update(&mut self, screen: &Picture, damage: &[Rect]) {
        self.now += TICK;
        self.encoder.add_damage(damage);
        if !self.encoder.begin(screen, 0, self.now) {
            return;
        }
        let mut records = vec![];
        while let Some(slice) = self.encoder.next_slice(screen).expect("it encodes") {
            records.extend(self.seal(&slice));
            self.decoder.push_slice(&slice.bytes).expect("it decodes");
        }
        let picture = self.decoder.picture().expect("there is a picture");
        self.updates
            .push(json!({ "records": records, "picture": hex(&picture.hash()) }));
    }

    /// Lets the screen rest until everything on it was sent exactly.
    fn rest(&mut self, screen: &Picture) {
        while !self.encoder.is_quiet() {
            self.update(screen, &[]);
        }
    }

    fn seal(&mut self, slice: &Slice) -> Vec<String> {
        self.end
            .send(Channel::Picture, &slice.bytes, self.now)
            .expect("a slice fits its channel");
        let mut records = vec![];
        while let Some(output) = self.end.poll_output() {
            if let Output::Send(envelope) = output {
                records.push(hex(envelope.frame()));
            }
        }
        records
    }

    fn finish(self) -> Value {
        json!({
            "hash": self.hash,
            "session": self.session,
            "secret": hex(&SECRET),
            "generation": 1,
            "updates": self.updates,
        })
    }
}

/// A whole handshake; the sharer's side of it.
fn shake() -> Established {
    let mut entropy = Counting(0);
    let context = Context {
        session: SessionId([7; 16]),
        tenant: "contoso".to_owned(),
    };
    let routing = Routing::new(47).expect("a routing number");
    let secret = wire::Secret::draw(|| 12_345);
    let mut attempts = Attempts::new(Code::new(routing, &secret));
    let (helper_key, sharer_key) = (
        StaticKey::new(entropy.draw()),
        StaticKey::new(entropy.draw()),
    );
    let code = Code::new(routing, &secret);
    let (sharer, first) = Sharer::new(context.clone(), &code, sharer_key, &mut entropy);
    let answered = attempts.answer(context, &first, &helper_key, &mut entropy);
    let (helper, second) = answered.expect("the flight is good");
    let (awaiting, third) = sharer
        .read_second(&second, b"{}")
        .expect("the flight is good");
    let (_, fourth) = helper
        .read_third(&third)
        .and_then(|third| third.answer(b"{}"))
        .expect("the flight is good");
    awaiting.read_fourth(&fourth).expect("the flight is good")
}

/// Bytes that are always the same: nothing here is secret.
struct Counting(u8);

impl Entropy for Counting {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            self.0 = self.0.wrapping_mul(5).wrapping_add(77);
            *byte = self.0;
        }
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
