//! Provider, relay and two clients, taken as far as a test needs them.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use tempfile::TempDir;

use super::program::{Program, binary, free_port};
use super::relay::{RelayProcess, Setting};
use crate::demo::{Provider, people};
use crate::load::write_people;
use crate::netem::{Path as Network, Space, Splice};

/// A provider and a relay.
pub struct Stage {
    /// The provider.
    pub provider: Provider,
    /// The relay.
    pub relay: RelayProcess,
    folder: TempDir,
    network: Option<Arc<Network>>,
    /// The provider is at the same address in every namespace.
    _splices: Vec<Splice>,
}

/// A helper and a sharer who are paired.
pub struct Pair {
    /// The helper's client.
    pub helper: Program,
    /// The sharer's client.
    pub sharer: Program,
}

impl Stage {
    /// Starts both.
    pub async fn start() -> Self {
        Self::with(&Setting::default()).await
    }

    /// Starts both, the relay with a setting.
    pub async fn with(setting: &Setting) -> Self {
        let port = free_port();
        let console = setting.console.clone();
        let console = console.unwrap_or_else(|| setting.url(port));
        let more: &[&str] = if setting.like_entra {
            &["--like-entra"]
        } else {
            &[]
        };
        let folder = tempfile::tempdir().expect("there is a folder for temporary files");
        let everybody = if setting.crowd == 0 {
            people()
        } else {
            let file = folder.path().join("people.json");
            write_people(&file, setting.crowd).expect("the folder can be written");
            file
        };
        let provider = Provider::start_for(&everybody, Some(&console), more).await;
        let provider = provider.expect("the provider starts");
        let network = setting.network.clone();
        let splices = network.iter().flat_map(|network| {
            let spaces = [&network.relay, &network.client];
            spaces.map(|space| splice(space, &provider))
        });
        let splices = splices.collect();
        let relay = RelayProcess::start(folder.path(), &provider, setting, port).await;
        Self {
            provider,
            relay,
            folder,
            network,
            _splices: splices,
        }
    }

    /// A path in the stage's own folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Starts a helper who signs in as this person.
    pub fn helper(&self, person: &str) -> Program {
        self.client(
            "handrail-helper",
            person,
            &["--reason", REASON, "--incident", "INC0012345"],
        )
    }

    /// Starts a helper with further arguments.
    pub fn helper_with(&self, person: &str, more: &[&str]) -> Program {
        self.client("handrail-helper", person, more)
    }

    /// Starts a sharer who signs in as this person and shares a drawn picture.
    pub fn sharer(&self, person: &str) -> Program {
        self.client("handrail-sharer", person, &["--source", "synthetic"])
    }

    /// Starts a sharer with further arguments.
    pub fn sharer_with(&self, person: &str, more: &[&str]) -> Program {
        self.client("handrail-sharer", person, more)
    }

    /// Starts a sharer who signs in as this person and shares this display.
    pub fn sharer_of(&self, person: &str, display: &str) -> Program {
        self.client(
            "handrail-sharer",
            person,
            &["--source", "x11", "--display", display],
        )
    }

    /// Starts a helper who reaches the relay at this address.
    pub fn helper_at(&self, relay: &str, person: &str, more: &[&str]) -> Program {
        self.client_at(relay, "handrail-helper", person, more)
    }

    /// Starts a sharer who reaches the relay at this address.
    pub fn sharer_at(&self, relay: &str, person: &str, more: &[&str]) -> Program {
        self.client_at(relay, "handrail-sharer", person, more)
    }

    /// A helper and a sharer, paired by a code.
    pub async fn pair(&self, helper: Program, sharer: Program) -> Pair {
        let (mut helper, mut sharer) = (helper, sharer);
        let code = helper.expect("code").await["code"]
            .as_str()
            .expect("a code")
            .to_owned();
        sharer.expect("signed_in").await;
        sharer.tell("join", json!({"code": code})).await;
        helper.expect("card").await;
        sharer.expect("card").await;
        Pair { helper, sharer }
    }

    /// Starts a client at the relay's end of the network, where nothing happens to its packets.
    pub fn near(&self, binary: &str, person: &str, more: &[&str]) -> Program {
        self.client_in(&self.network().relay, binary, person, more)
    }

    /// Starts a client at the other end of the network.
    pub fn far(&self, binary: &str, person: &str, more: &[&str]) -> Program {
        self.client_in(&self.network().client, binary, person, more)
    }

    fn network(&self) -> &Network {
        let network = self.network.as_ref();
        network.expect("the setting of the stage has a network")
    }

    fn client_in(&self, space: &Space, name: &str, person: &str, more: &[&str]) -> Program {
        let mut command = space.command(binary(name));
        command.args(self.options(name, person)).args(more);
        command.args(["--ui", "stdio"]);
        Program::spawn(&format!("{name} of {person}"), command.into())
    }

    fn client(&self, binary: &str, person: &str, more: &[&str]) -> Program {
        self.client_at(&self.relay.url, binary, person, more)
    }

    fn client_at(&self, relay: &str, binary: &str, person: &str, more: &[&str]) -> Program {
        let mut options = self.options(binary, person);
        for option in &mut options {
            if *option == self.relay.url {
                relay.clone_into(option);
            }
        }
        let mut arguments: Vec<&str> = options.iter().map(String::as_str).collect();
        arguments.extend(more);
        Program::start(&format!("{binary} of {person}"), binary, &arguments)
    }
}

impl Pair {
    /// The helper asks for a level and the sharer allows it.
    pub async fn grant(&mut self, level: &str) {
        self.helper.tell("ask", json!({"level": level})).await;
        let asked = self.sharer.expect("asked").await;
        assert_eq!(asked["level"], level);
        self.sharer.tell("allow", json!({})).await;
        assert_eq!(self.sharer.expect("granted").await["level"], level);
        assert_eq!(self.helper.expect("granted").await["level"], level);
    }

    /// Waits until nothing changes on the screen any more and the helper has all of it. Gives the hash that all three agree on.
    pub async fn settle(&mut self) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let sharer = self.sharer.ask("hash", json!({}), "hash").await;
            let helper = self.helper.ask("hash", json!({}), "hash").await;
            let quiet = sharer["quiet"] == true && sharer["sent"] == sharer["screen"];
            if quiet && helper["picture"] == sharer["sent"] {
                return helper["picture"].as_str().expect("a hash").to_owned();
            }
            assert!(
                Instant::now() < deadline,
                "no rest: sharer {sharer}, helper {helper}"
            );
        }
    }
}

/// The provider's port inside of a namespace.
fn splice(space: &Space, provider: &Provider) -> Splice {
    let port = provider.issuer.rsplit(':').next();
    let port = port.and_then(|port| port.parse().ok());
    Splice::start(space, port.expect("an issuer with a port")).expect("the port is free there")
}

/// How long a screen may take to come to rest.
const PATIENCE: Duration = Duration::from_secs(30);

/// Stands in the records of all tests: a marker that the relay may hold.
pub const REASON: &str = "printer on ward 3 prints blank pages";
