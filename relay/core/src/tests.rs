//! The broker as a list of inputs and the exact list of effects, with a clock that the tests move.

mod access;
mod away;
mod changes;
mod codes;
mod company;
mod compliance;
mod directory;
mod ending;
mod evidence;
mod happy;
mod inviting;
mod levels;
mod properties;
mod shaking;

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use identity::{ConsentText, GrantToken, SigningKey};
use policy::{
    Assignment, Compliance, DeviceId, Grant, GroupId, HandshakeHash, Level, Machine, PairId,
    Permissions, PersonId, Policy, PublicBytes, RoleId, RuleId, Scope, SessionId, Settings,
    TenantId,
};
use wire::{Answer, Details, Fault, FromRelay, Peer, Role, Route, Routing, Signed, ToRelay, Ui};

use crate::{Broker, ConnectionId, Device, Effect, EndReason, Entry, Input, Person, Rules, SignIn};

const HELPER: ConnectionId = ConnectionId(1);
const SHARER: ConnectionId = ConnectionId(2);
const PAIR: PairId = PairId::FIRST;
const S: Duration = Duration::from_secs(1);
const HASH: HandshakeHash = HandshakeHash([7; 32]);
const HELPER_KEY: PublicBytes = PublicBytes([4; 32]);

/// A broker with its clock.
struct Table {
    broker: Broker,
    now: Duration,
    drawn: u8,
}

impl Table {
    /// A broker of two tenants, and nobody connected.
    fn new() -> Self {
        Self {
            broker: Broker::new(rules(Permissions::CONTROL), crate::KEEP),
            now: Duration::ZERO,
            drawn: 0,
        }
    }

    /// A helper and a sharer of one tenant are connected.
    fn seated() -> Self {
        let mut table = Self::new();
        table.admit(HELPER, Role::Helper, "amina");
        table.admit(SHARER, Role::Sharer, "yuki");
        table
    }

    /// The same under other rules.
    fn under(policy: Policy) -> Self {
        let sharer = (person("yuki"), device(Compliance::Compliant));
        Self::of(policy, person("amina"), sharer)
    }

    /// These two are connected, under these rules.
    fn of(policy: Policy, helper: Person, (sharer, device): (Person, Device)) -> Self {
        let mut table = Self::new();
        table.broker = Broker::new(tenants(policy), crate::KEEP);
        table.seat(HELPER, Role::Helper, helper, Device::default());
        table.seat(SHARER, Role::Sharer, sharer, device);
        table
    }

    /// The helper shows code 047.
    fn offered() -> Self {
        let mut table = Self::seated();
        table.say(HELPER, create());
        table
    }

    /// Goes on to the pair.
    fn pair(mut self) -> Self {
        self.say(HELPER, create());
        self.say(SHARER, join(47));
        self.say(HELPER, shook(HASH));
        self.say(SHARER, shook(HASH));
        self.input(Input::Recorded {
            session: id(1),
            pair: PAIR,
        });
        self
    }

    /// Goes on to this level, in generation 1.
    fn grant(mut self, level: Level) -> Self {
        self.say(HELPER, ask(level));
        self.say(SHARER, consent(level, 1, Answer::Allow));
        self
    }

    /// The sharer typed it.
    fn claimed() -> Self {
        let mut table = Self::offered();
        table.say(SHARER, join(47));
        table
    }

    /// Both ends reported the same hash; the row is being written.
    fn recording() -> Self {
        let mut table = Self::claimed();
        table.say(HELPER, shook(HASH));
        table.say(SHARER, shook(HASH));
        table
    }

    /// The row is durable.
    fn paired() -> Self {
        let mut table = Self::recording();
        table.input(Input::Recorded {
            session: id(1),
            pair: PAIR,
        });
        table
    }

    /// The sharer allowed this level, in generation 1.
    fn granted(level: Level) -> Self {
        let mut table = Self::paired();
        table.say(HELPER, ToRelay::Ask { level });
        table.say(SHARER, consent(level, 1, Answer::Allow));
        table
    }

    fn admit(&mut self, connection: ConnectionId, role: Role, name: &str) {
        self.seat(
            connection,
            role,
            person(name),
            device(Compliance::Compliant),
        );
    }

    fn seat(&mut self, connection: ConnectionId, role: Role, person: Person, device: Device) {
        let effects = self.input(Input::Admitted {
            connection,
            role,
            person: person.into(),
            source: IpAddr::from([10, 0, 0, 1]),
            device: device.into(),
        });
        assert_eq!(effects, []);
    }

    fn input(&mut self, input: Input) -> Vec<Effect> {
        self.broker.handle_input(input, self.now)
    }

    /// A message; the n-th of a table draws session id n and the 47th free routing number.
    fn say(&mut self, connection: ConnectionId, message: ToRelay) -> Vec<Effect> {
        if matches!(message, ToRelay::Create { .. }) {
            self.drawn += 1;
        }
        let mut random = [self.drawn; 32];
        random[16..20].copy_from_slice(&47u32.to_be_bytes());
        self.input(Input::Message {
            connection,
            message,
            random,
        })
    }

    /// Moves the clock and does what is due.
    fn pass(&mut self, time: Duration) -> Vec<Effect> {
        self.now += time;
        self.broker.handle_timeout(self.now)
    }
}

/// A person of tenant `contoso`, or of another with `name@tenant`.
fn person(name: &str) -> Person {
    let (name, tenant) = name.split_once('@').unwrap_or((name, "contoso"));
    Person {
        id: PersonId(name.into()),
        name: name.to_uppercase(),
        issuer: format!("https://id.{tenant}.example"),
        tenant: TenantId(tenant.into()),
        groups: vec![GroupId("staff".into())],
        details: Details {
            title: Some(format!("Colleague {name}")),
            ..Details::default()
        },
        sign_in: SignIn::default(),
    }
}

/// The sharer's enrolled device.
fn device(compliance: Compliance) -> Device {
    Device {
        id: Some(DeviceId("d1".into())),
        name: Some("LAB-07".into()),
        machine: Machine::Enrolled {
            groups: vec![],
            compliance,
        },
    }
}

/// Both tenants are on, and staff may offer help to everybody, up to these permissions.
fn rules(permissions: Permissions) -> Rules {
    tenants(Policy::new(ON, vec![desk(permissions)], vec![], vec![]))
}

/// Both tenants have these rules.
fn tenants(policy: Policy) -> Rules {
    let policy = Arc::new(policy);
    let tenants = ["contoso", "fabrikam"].map(|name| (TenantId(name.into()), policy.clone()));
    Rules {
        tenants: tenants.into(),
    }
}

fn desk(permissions: Permissions) -> Assignment {
    Assignment {
        id: RuleId("1".into()),
        name: "desk".into(),
        description: String::new(),
        role: RoleId("1".into()),
        permissions: permissions.and(Permissions::OFFER),
        groups: vec![GroupId("staff".into())],
        people: vec![],
        scope: Scope {
            all_users: true,
            ..Scope::default()
        },
    }
}

const ON: Settings = Settings {
    enabled: true,
    allow_unenrolled: true,
    chat: true,
    require_reason: false,
    require_incident: false,
    scripted_consent: true,
};

/// Both clients hear what the rules make of the pair now.
fn told_rules(levels: &[Level], chat: bool) -> [Effect; 2] {
    [HELPER, SHARER].map(|connection| {
        to(
            connection,
            FromRelay::Rules {
                pair: PAIR,
                levels: levels.to_vec(),
                chat,
            },
        )
    })
}

fn id(number: u8) -> SessionId {
    SessionId([number; 16])
}

fn create() -> ToRelay {
    ToRelay::Create {
        reason: Some("printer".into()),
        incident: None,
    }
}

fn join(number: u16) -> ToRelay {
    ToRelay::Join {
        routing: Routing::new(number).unwrap(),
    }
}

fn shook(hash: HandshakeHash) -> ToRelay {
    shook_in(PAIR, hash)
}

fn shook_in(pair: PairId, hash: HandshakeHash) -> ToRelay {
    ToRelay::Shook {
        pair,
        hash,
        helper_key: HELPER_KEY,
        sharer_key: PublicBytes(sharer_key().public().0),
    }
}

fn shake_failed(burned: bool) -> ToRelay {
    ToRelay::ShakeFailed { pair: PAIR, burned }
}

fn ask(level: Level) -> ToRelay {
    ToRelay::Ask { level }
}

fn consent(level: Level, generation: u32, answer: Answer) -> ToRelay {
    let text = consent_text(level, generation, HASH);
    let allowed = answer == Answer::Allow;
    ToRelay::Consent {
        pair: PAIR,
        level,
        generation,
        hash: HASH,
        answer,
        nonce: format!("first of {generation}"),
        signed: allowed.then(|| signed(&text)),
    }
}

/// The sharer's yes.
fn allow(text: &ConsentText, nonce: &str) -> ToRelay {
    ToRelay::Consent {
        pair: text.pair,
        level: text.level,
        generation: text.generation,
        hash: text.hash,
        answer: Answer::Allow,
        nonce: nonce.into(),
        signed: Some(signed(text)),
    }
}

/// The key that signs the sharer's consents.
fn sharer_key() -> SigningKey {
    SigningKey::new([3; 32]).unwrap()
}

/// What the sharer signs about the helper of most tests.
fn consent_text(level: Level, generation: u32, hash: HandshakeHash) -> ConsentText {
    let helper = person("amina");
    ConsentText {
        session: id(1),
        tenant: helper.tenant.0,
        pair: PAIR,
        level,
        generation,
        hash,
        helper_key: HELPER_KEY.0,
        issuer: helper.issuer,
        subject: helper.id.0,
        shown: [0; 32],
        at: 1,
        ui: Ui::Window,
    }
}

fn signed(text: &ConsentText) -> Signed {
    Signed {
        issuer: text.issuer.clone(),
        subject: text.subject.clone(),
        shown: PublicBytes(text.shown),
        at: text.at,
        ui: text.ui,
        signature: text.sign(&sharer_key()).to_string(),
    }
}

/// The signed consent goes into the record.
fn kept(level: Level, generation: u32) -> Effect {
    let text = consent_text(level, generation, HASH);
    let signature = text.sign(&sharer_key());
    record(Entry::Consent {
        text: Box::new(text),
        signature,
        key: sharer_key().public(),
    })
}

fn challenge(generation: u32, nonce: &str) -> ToRelay {
    ToRelay::Challenge {
        pair: PAIR,
        generation,
        nonce: nonce.into(),
    }
}

fn to(to: ConnectionId, message: FromRelay) -> Effect {
    Effect::Send { to, message }
}

fn faulted(connection: ConnectionId, fault: Fault) -> Effect {
    to(connection, FromRelay::faulted(fault))
}

/// Told that the session is over, and closed.
fn ended(connection: ConnectionId, fault: Fault) -> [Effect; 2] {
    [
        to(connection, FromRelay::ended(fault)),
        Effect::Close { connection },
    ]
}

fn route(route: Route) -> Effect {
    Effect::Route {
        session: id(1),
        pair: PAIR,
        helper: HELPER,
        sharer: SHARER,
        route,
    }
}

fn record(entry: Entry) -> Effect {
    Effect::Record {
        session: id(1),
        pair: PAIR,
        entry,
    }
}

/// The record ends, the channels close, both are told.
fn end(reason: EndReason, fault: Fault) -> Vec<Effect> {
    let mut effects = vec![record(Entry::End(reason)), route(Route::CLOSED)];
    effects.extend(ended(SHARER, fault));
    effects.extend(ended(HELPER, fault));
    effects
}

fn declined(level: Level, fault: Fault) -> Effect {
    to(HELPER, FromRelay::Declined { level, fault })
}

fn asked(level: Level, within: u32) -> Effect {
    let pair = PAIR;
    to(
        SHARER,
        FromRelay::Asked {
            pair,
            level,
            within,
        },
    )
}

/// The grant with this sequence is signed and sent to the sharer; and to the helper, if it is a new level.
fn grant(level: Level, generation: u32, sequence: u64, nonce: &str, both: bool) -> Effect {
    Effect::Grant {
        sharer: SHARER,
        helper: both.then_some(HELPER),
        grant: Box::new(GrantToken {
            grant: Grant {
                pair: PAIR,
                session: id(1),
                level,
                generation,
                sequence,
                hash: HASH,
                nonce: nonce.into(),
            },
            tenant: "contoso".into(),
            helper_key: HELPER_KEY.0,
        }),
    }
}

fn peer(name: &str) -> Peer {
    person(name).peer()
}
