//! A helper that was changed to send input while only viewing, with the relay's route filter on and with it off.

use std::path::Path;
use std::time::Duration;

use client::reach::Way;
use client::stdio::Commands;
use client::{Clock, Heard, Judge, Keys, Line, Me, Options, Sealed, System, Ui, Verdict};
use policy::{Level, PairId, PublicBytes};
use seal::handshake::{Attempts, Context, Helper};
use seal::{Entropy, Event, Input, Locks};
use serde_json::{Value, json};
use tests::stage::{Desktop, Program, Stage};
use wire::{Channel, Code, Envelope, Frame, FromRelay, Role, Secret, ToRelay};

use crate::attacks::Siege;

/// With the filter: the relay has no route for input, forwards none of it, and ends the session.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn input_in_view_only_goes_nowhere_with_the_relays_filter() {
    let stage = Stage::start().await;
    let (mut sharer, desktop) = sharing_desktop(&stage, &stage.relay.url).await;
    let before = desktop.hash().await;
    let mut helper = Hostile::start(&stage, &stage.relay.url).await;
    helper.pair_and_view(&mut sharer).await;
    helper.send_input("touch hacked\n");
    let told = helper
        .until(|message| matches!(message, FromRelay::Ended { .. }))
        .await;
    assert!(
        matches!(
            told,
            FromRelay::Ended {
                fault: wire::Fault::Protocol,
                ..
            }
        ),
        "{told:?}"
    );
    assert_eq!(sharer.expect("ended").await["code"], "RH-1003");
    assert_eq!(desktop.hash().await, before);
    assert!(!stage.path("hacked").exists());
}

/// Without the filter, as a broken-into relay would be: the records arrive, and the sharer holds no key that opens them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn input_in_view_only_goes_nowhere_without_the_relays_filter() {
    let Siege {
        stage,
        url,
        mut relay,
    } = Siege::lay("no-filter").await;
    let (mut sharer, desktop) = sharing_desktop(&stage, &url).await;
    let before = desktop.hash().await;
    let mut helper = Hostile::start(&stage, &url).await;
    helper.pair_and_view(&mut sharer).await;
    let sent = helper.send_input("touch hacked\n");
    relay.expect("did").await;
    let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
    let stats = loop {
        assert!(
            tokio::time::Instant::now() < deadline,
            "the records do not arrive"
        );
        let stats = sharer.ask("stats", json!({}), "stats").await;
        if stats["dropped"].as_u64() >= Some(sent) {
            break stats;
        }
    };
    assert_eq!(
        (&stats["injected"], &stats["refused"]),
        (&json!(0), &json!(0)),
        "{stats}"
    );
    assert_eq!(desktop.hash().await, before);
    assert!(!stage.path("hacked").exists());
    // The control: with consent to control the very same path carries input.
    helper.ask_and_allow(Level::Control, &mut sharer).await;
    helper.send_input("touch allowed\n");
    let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
    while !stage.path("allowed").exists() {
        assert!(
            tokio::time::Instant::now() < deadline,
            "control: input does not arrive at all"
        );
        helper.serve(Duration::from_millis(20)).await;
    }
}

async fn sharing_desktop(stage: &Stage, relay: &str) -> (Program, Desktop) {
    let mut desktop = Desktop::start(1024, 700).await;
    desktop.run_terminal(&stage.path("")).await;
    let options = stage.options("handrail-sharer", "sakura");
    let mut arguments: Vec<&str> = options.iter().map(String::as_str).collect();
    arguments.extend(["--source", "x11", "--display", &desktop.display]);
    let place = arguments.iter().position(|one| *one == stage.relay.url);
    arguments[place.expect("the relay is named")] = relay;
    let mut sharer = Program::start("sharer", "handrail-sharer", &arguments);
    sharer.expect("signed_in").await;
    (sharer, desktop)
}

/// A helper of our own making, over the product's crates.
struct Hostile {
    line: Line,
    me: Me,
    judge: Judge,
    clock: Clock,
    entropy: System,
    attempts: Option<(Attempts, policy::SessionId)>,
    tenant: String,
    answered: Option<Helper>,
    sealed: Option<Sealed>,
    inputs: u32,
}

impl Hostile {
    async fn start(stage: &Stage, relay: &str) -> Self {
        let options = Options {
            relay: relay.to_owned(),
            ca: Some(stage.relay.ca.clone()),
            browser: Some(stage.provider.browser("amina")),
            carrier: client::Carrier::default(),
            congestion: client::Congestion::default(),
            ui: Some(Ui::Stdio),
            event_log: Some(Path::new("/dev/null").to_owned()),
            organisation: Some(stage.relay.organisation("lindenhof")),
            state: Some(stage.path("state/hostile")),
        };
        let way = Way::new(options, Role::Helper, "hostile").expect("the authority is readable");
        let mut entropy = System::default();
        let keys = Keys::draw(&mut entropy).expect("keys");
        let signed_in = way.sign_in(keys, None, &mut Commands::new()).await;
        let signed_in = signed_in.expect("Amina signs in");
        let reached = way.connect(&signed_in).await.expect("the relay admits");
        Self {
            line: reached.line,
            me: signed_in.me,
            judge: signed_in.judge,
            clock: Clock::start(),
            entropy,
            attempts: None,
            tenant: String::new(),
            answered: None,
            sealed: None,
            inputs: 0,
        }
    }

    async fn pair_and_view(&mut self, sharer: &mut Program) {
        self.say(&ToRelay::Create {
            reason: None,
            incident: None,
        });
        self.until(|message| matches!(message, FromRelay::Created { .. }))
            .await;
        let code = self.attempts.as_ref().expect("a code").0.code().spoken();
        sharer.tell("join", json!({"code": code})).await;
        self.until(|message| matches!(message, FromRelay::Paired { .. }))
            .await;
        self.ask_and_allow(Level::View, sharer).await;
    }

    async fn ask_and_allow(&mut self, level: Level, sharer: &mut Program) {
        self.say(&ToRelay::Ask { level });
        let asked: Value = sharer.expect("asked").await;
        assert_eq!(asked["level"], level.word());
        sharer.tell("allow", json!({})).await;
        let before = self.sealed.as_ref().expect("paired").generation();
        while self.sealed.as_ref().expect("paired").generation() == before {
            self.serve(Duration::from_millis(20)).await;
        }
        sharer.expect("granted").await;
    }

    /// Sends keys without asking anybody. Gives the number of records.
    fn send_input(&mut self, text: &str) -> u64 {
        let now = self.clock.now();
        let mut records = 0;
        for letter in text.chars() {
            let usage = match letter {
                '\n' => 0x28,
                ' ' => 0x2c,
                letter => letter as u16 - 'a' as u16 + 4,
            };
            let event = |down| Event::Key {
                usage,
                down,
                locks: Locks::default(),
                text: None,
            };
            self.inputs += 2;
            let clock_ms = u32::try_from(now.as_millis()).expect("a short test");
            let events = vec![event(true), event(false)];
            let input = Input {
                first: self.inputs - 1,
                clock_ms,
                events,
            };
            let sealed = self.sealed.as_mut().expect("paired");
            sealed
                .send(Channel::Input, &input.encode(), now)
                .expect("the helper has the key");
            records += 1;
        }
        records
    }

    /// Serves the session until such a message came.
    async fn until(&mut self, wanted: impl Fn(&FromRelay) -> bool) -> FromRelay {
        let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
        loop {
            assert!(
                tokio::time::Instant::now() < deadline,
                "the relay does not say it"
            );
            if let Some(message) = self.serve(Duration::from_millis(100)).await
                && wanted(&message)
            {
                return message;
            }
        }
    }

    /// Handles the next frame, if one comes in time.
    async fn serve(&mut self, patience: Duration) -> Option<FromRelay> {
        let frame = tokio::time::timeout(patience, self.line.next())
            .await
            .ok()?;
        let now = self.clock.now();
        let Heard::Frame(frame) = frame.expect("the connection lives") else {
            panic!("the carrier is lost");
        };
        match frame {
            Frame::Sealed(envelope) if envelope.header().channel == Channel::Handshake => {
                self.flight(envelope.sealed());
            }
            Frame::Sealed(envelope) => self.sealed.as_mut()?.handle_record(envelope, now),
            Frame::Credit(credit) => self.sealed.as_mut()?.handle_credit(credit),
            Frame::Message(text) => {
                let message = FromRelay::parse(&text).expect("a message");
                self.note(&message);
                return Some(message);
            }
            Frame::Ping(_) | Frame::Pong(_) | Frame::Heard(_) => {}
        }
        while let Some(sealed) = self.sealed.as_mut()
            && sealed.poll_news().is_some()
        {}
        None
    }

    fn note(&mut self, message: &FromRelay) {
        match message {
            FromRelay::Created {
                session, routing, ..
            } => {
                let secret = Secret::draw(|| u32::from_be_bytes(self.entropy.draw()));
                self.attempts = Some((Attempts::new(Code::new(*routing, &secret)), *session));
            }
            FromRelay::Claimed { tenant, .. } => self.tenant.clone_from(tenant),
            _ => {}
        }
    }

    fn flight(&mut self, flight: &[u8]) {
        if let Some(helper) = self.answered.take() {
            let third = helper.read_third(flight).expect("the sharer has the code");
            let verdict = self
                .judge
                .judge(&third.credential, &third.peer_key, Role::Helper);
            let Verdict::Known(sharer) = verdict else {
                panic!("the sharer is somebody: {verdict:?}");
            };
            let (established, fourth) = third
                .answer(&self.me.credential())
                .expect("the flight can be written");
            self.send_flight(1, &fourth);
            let hash = established.hash;
            self.say(&ToRelay::Shook {
                pair: PairId::FIRST,
                hash,
                helper_key: PublicBytes(self.me.public()),
                sharer_key: PublicBytes(sharer.ed25519.0),
            });
            self.sealed = Some(Sealed::new(
                &established,
                PairId::FIRST,
                self.line.sender().clone(),
            ));
            return;
        }
        let (attempts, session) = self.attempts.as_mut().expect("a code was made");
        let context = Context {
            session: *session,
            tenant: self.tenant.clone(),
        };
        let (helper, second) = attempts
            .answer(context, flight, self.me.key(), &mut self.entropy)
            .expect("the first flight is good");
        self.answered = Some(helper);
        self.send_flight(0, &second);
    }

    fn send_flight(&self, counter: u64, flight: &[u8]) {
        let envelope = Envelope::flight(PairId::FIRST, counter, flight).expect("a short flight");
        self.line
            .sender()
            .send(Frame::Sealed(envelope))
            .expect("there is room");
    }

    fn say(&self, message: &ToRelay) {
        let frame = Frame::message(message).expect("a short message");
        self.line.sender().send(frame).expect("there is room");
    }
}
