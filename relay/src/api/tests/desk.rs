//! A relay without a listener: its router, its store, and what the broker would be told.

use std::sync::{Arc, Mutex};
use std::time::{Instant, SystemTime};

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use policy::{DeviceId, GroupId, PersonId, TenantId};
use relay_core::{Input, Person, SignIn};
use relay_store::{Devices, Options, Seen, Sqlite};
use serde_json::Value;
use tokio::sync::mpsc;
use tower_service::Service;
use wire::Details;

use crate::api::{App, Identity, router};
use crate::authority::Authority;
use crate::clock::{Clock, time_of_day};
use crate::config::{Config, Overrides};
use crate::hub::{self, Event};
use crate::keys::{self, Keys};
use crate::metrics::Metrics;
use crate::origins::Origins;
use crate::reception::Reception;
use crate::web::Policy;

pub(crate) struct Desk {
    pub(crate) app: App,
    inputs: Arc<Mutex<Vec<Input>>>,
    _folder: tempfile::TempDir,
}

/// An answer of the API.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) status: StatusCode,
    pub(crate) body: Value,
}

const FILE: &str = r#"
    address = "https://help.contoso.example"
    database = "FOLDER/relay.db"
    keys = "FOLDER/keys"
    [tls]
    certificate = "c.pem"
    key = "k.pem"
    [provider]
    issuer = "https://login.example"
    [[tenant]]
    id = "contoso"
    name = "Contoso"
    enabled = true
    scripted_consent = true
    [[tenant.assignment]]
    name = "administrators"
    role = "administrator"
    helpers = ["admins"]
    [[tenant.assignment]]
    name = "desk"
    role = "viewer"
    helpers = ["helpdesk"]
    [[tenant]]
    id = "fabrikam"
    [[tenant.assignment]]
    name = "administrators"
    role = "administrator"
    helpers = ["admins"]
"#;

impl Desk {
    pub(crate) async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("relay.toml");
        let text = FILE.replace("FOLDER", folder.path().to_str().unwrap());
        std::fs::write(&path, text).unwrap();
        let config = Config::read(&path, Overrides::default()).unwrap();
        let mut seed = 0;
        let draw = || {
            seed += 1;
            Some([seed; 32])
        };
        let offline = folder.path().join("offline");
        keys::make(
            &config,
            &offline,
            keys::Replace::default(),
            draw,
            SystemTime::now(),
        )
        .unwrap();
        let store = Sqlite::open(&Options::new(&config.database)).await;
        let store = Arc::new(store.unwrap());
        let (inbox, events) = hub::inbox();
        let inputs = heard(events);
        let authority = Authority::load(&config, store.clone(), inbox.clone());
        let authority = Arc::new(authority.await.unwrap());
        let identity = Arc::new(Identity::of(config.provider.clone()));
        let app = App {
            reception: Reception::new(
                inbox,
                Metrics::new(),
                Clock::start(),
                authority.clone(),
                relay_core::KEEP,
            ),
            policy: Policy::new(&identity.config),
            identity,
            authority,
            keys: Arc::new(Keys::open(&config).unwrap()),
            store,
            address: config.address.clone(),
            origins: Origins::of(&config),
            ours: Arc::default(),
        };
        Self {
            app,
            inputs,
            _folder: folder,
        }
    }

    /// Whether somebody whom the provider signs in is taken.
    pub(crate) async fn may_sign_in(&self, tenant: &str, id: &str) -> bool {
        let person = person(tenant, id, &[]);
        let taken = self.app.authority.signed_in(person).await;
        taken.unwrap().is_some()
    }

    /// Signs somebody in at the console; the answer is the cookie.
    pub(crate) async fn sign_in(&self, tenant: &str, id: &str, groups: &[&str]) -> String {
        let person = person(tenant, id, groups);
        let person = self.app.authority.signed_in(person).await.unwrap().unwrap();
        let random = self.app.reception.random();
        let sign_ins = &self.app.authority.sign_ins;
        let secret = sign_ins.open(person, random, Instant::now());
        format!("cookie: __Host-handrail={secret}")
    }

    /// An administrator of Contoso.
    pub(crate) async fn administrator(&self) -> String {
        self.sign_in("contoso", "amina", &["admins"]).await
    }

    /// A request with a header `who`, such as `cookie: ...`.
    pub(crate) async fn ask(&self, who: &str, line: &str, body: Value) -> Told {
        let (method, path) = line.split_once(' ').unwrap();
        let (name, value) = who.split_once(": ").unwrap();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(name, value)
            .header("x-handrail", "1")
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        let answer = router(self.app.clone()).call(request).await.unwrap();
        let status = answer.status();
        let bytes = to_bytes(answer.into_body(), 1 << 22).await.unwrap();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Told { status, body }
    }

    /// A device that was seen.
    pub(crate) async fn device(&self) -> String {
        let id = "0a".repeat(16);
        let seen = Seen {
            id: DeviceId(id.clone()),
            public_key: "0b".repeat(32),
            name: "reception-2".to_owned(),
            platform: "Debian".to_owned(),
        };
        let tenant = TenantId("contoso".to_owned());
        let user = PersonId("yusuf".to_owned());
        let noted = self
            .app
            .store
            .see(&tenant, &seen, Some(&user), time_of_day());
        noted.await.unwrap();
        id
    }

    /// What the broker was told since the last look.
    pub(crate) async fn inputs(&self) -> Vec<Input> {
        // The events before this one are taken when it is answered.
        let tenant = TenantId("contoso".to_owned());
        self.app.reception.hub.sessions(tenant).await;
        std::mem::take(&mut self.inputs.lock().unwrap())
    }
}

pub(crate) fn person(tenant: &str, id: &str, groups: &[&str]) -> Person {
    Person {
        id: PersonId(id.to_owned()),
        name: id.to_owned(),
        issuer: "https://login.example".to_owned(),
        tenant: TenantId(tenant.to_owned()),
        groups: groups.iter().map(|id| GroupId((*id).to_owned())).collect(),
        details: Details::default(),
        sign_in: SignIn::default(),
    }
}

impl Told {
    /// The body, if the answer has this status.
    #[track_caller]
    pub(crate) fn is(self, status: u16) -> Value {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self.body
    }
}

/// What the broker is told, while nobody is connected.
fn heard(mut events: mpsc::Receiver<Event>) -> Arc<Mutex<Vec<Input>>> {
    let inputs: Arc<Mutex<Vec<Input>>> = Arc::default();
    let told = inputs.clone();
    tokio::spawn(async move {
        while let Some(event) = events.recv().await {
            match event {
                Event::Input(input) => told.lock().unwrap().push(input),
                Event::Sessions { answer, .. } => drop(answer.send(vec![])),
                Event::Invitations { answer, .. } => drop(answer.send(vec![])),
                Event::Joined { .. } | Event::Live(_) => {}
            }
        }
    });
    inputs
}
