//! Who may do what now: the rules of the store and of the file, and what the directory says about people and devices.
//!
//! Whoever changes something in the store tells it here in the same request; then readers and live sessions have it at once.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use policy::{
    Assignment, DeviceId, GroupId, Machine, PersonId, Policy, Settings, Subject, TenantId,
};
use relay_core::{Device, Input, Person, Rules};
use relay_store::{
    Act, Actor, Assignments, Audit, ChangeFilter, Devices, Directory, Entry, Error, Refused,
    Rules as _, Seen, Source, Sqlite, Tenants,
};
use thiserror::Error as ThisError;
use tokio::sync::{Mutex, OwnedMutexGuard};
use tracing::{error, info, warn};

use crate::clock::time_of_day;
use crate::command::HOST;
use crate::config::{BadConfig, Config};
use crate::hub::{Event, Inbox};
use crate::identity::sign_ins::SignIns;

/// The rules as they are now, and where they are kept.
pub(crate) struct Authority {
    pub(crate) store: Arc<Sqlite>,
    pub(crate) sign_ins: SignIns<Person>,
    hub: Inbox,
    rules: RwLock<Rules>,
    /// What the configuration file says, beside the store.
    fixed: BTreeMap<TenantId, OfFile>,
    /// Held from the look at the rules until what follows from it is kept and told.
    changing: Arc<Mutex<()>>,
}

/// What of an organisation stands in the configuration file and cannot be changed here.
#[derive(Default)]
struct OfFile {
    assignments: Vec<Assignment>,
    /// What its bundle says, which fits the file: the switch in the store only narrows it.
    scripted_consent: bool,
}

/// The rules cannot be read at the start.
#[derive(Debug, ThisError)]
pub enum NoRules {
    /// The file is wrong.
    #[error(transparent)]
    Config(#[from] BadConfig),
    /// The store does not answer.
    #[error("the rules cannot be read: {0}")]
    Store(#[from] Error),
    /// The data of this organisation belong to people of another sign-in service (PRODUCT 1.5).
    #[error(
        "tenant `{tenant}` is pinned to another issuer than {issuer}; its people are known by that one"
    )]
    OtherIssuer {
        /// Which.
        tenant: String,
        /// That of the configuration.
        issuer: String,
    },
}

impl Authority {
    /// Reads the rules of every configured organisation. One that the store does not know yet gets the switches of the file.
    pub(crate) async fn load(
        config: &Config,
        store: Arc<Sqlite>,
        hub: Inbox,
    ) -> Result<Self, NoRules> {
        let of_file = config.rules()?;
        let mut rules = Rules::default();
        let mut fixed = BTreeMap::new();
        for (tenant, policy) in of_file.tenants {
            let settings = policy.settings();
            introduce(&store, &tenant, &config.provider.issuer, settings).await?;
            let own = OfFile {
                assignments: policy.assignments().to_vec(),
                scripted_consent: settings.scripted_consent,
            };
            let policy = read(&store, &tenant, &own).await?;
            rules.tenants.insert(tenant.clone(), Arc::new(policy));
            fixed.insert(tenant, own);
        }
        Ok(Self {
            store,
            sign_ins: SignIns::default(),
            hub,
            rules: RwLock::new(rules),
            fixed,
            changing: Arc::default(),
        })
    }

    /// Where the directory stands.
    pub(crate) fn store(&self) -> &Sqlite {
        &self.store
    }

    /// The rules of all organisations, as they are now.
    pub(crate) fn rules(&self) -> Rules {
        let rules = self.rules.read().unwrap_or_else(PoisonError::into_inner);
        rules.clone()
    }

    /// The rules of one organisation, as they are now.
    pub(crate) fn policy(&self, tenant: &TenantId) -> Arc<Policy> {
        let rules = self.rules.read().unwrap_or_else(PoisonError::into_inner);
        rules.policy(tenant)
    }

    /// The assignments that stand in the configuration file: nobody can change them here.
    pub(crate) fn fixed(&self, tenant: &TenantId) -> &[Assignment] {
        let own = self.fixed.get(tenant);
        own.map_or(&[], |own| own.assignments.as_slice())
    }

    /// Whether a program's consent can count at all in this organisation: its bundle says so.
    pub(crate) fn takes_scripted(&self, tenant: &TenantId) -> bool {
        let own = self.fixed.get(tenant);
        own.is_some_and(|own| own.scripted_consent)
    }

    /// Waits until nobody else changes rules. Whoever holds the answer may look at the rules and change them.
    pub(crate) async fn alone(&self) -> OwnedMutexGuard<()> {
        self.changing.clone().lock_owned().await
    }

    /// The organisation's rules changed in the store: reads them and tells the live sessions (PRODUCT 1.4).
    pub(crate) async fn changed(&self, tenant: &TenantId) -> Result<(), Error> {
        let none = OfFile::default();
        let own = self.fixed.get(tenant).unwrap_or(&none);
        let policy = read(&self.store, tenant, own).await?;
        {
            let mut rules = self.rules.write().unwrap_or_else(PoisonError::into_inner);
            rules.tenants.insert(tenant.clone(), Arc::new(policy));
        }
        self.hub.put(Event::Input(Input::Rules(self.rules()))).await;
        Ok(())
    }

    /// Something changed about a person in the store: tells the live sessions, and signs out one who may not be here (PRODUCT 1.10).
    pub(crate) async fn person_changed(
        &self,
        tenant: &TenantId,
        person: &PersonId,
    ) -> Result<(), Error> {
        let known = self.store.person(tenant, person).await?;
        let active = known.is_some_and(|known| known.active);
        if !active {
            let is_it = |one: &Person| (&one.tenant, &one.id) == (tenant, person);
            self.sign_ins.close_all(is_it);
        }
        let groups = self.store.groups_of(tenant, person).await?;
        let input = Input::Person {
            tenant: tenant.clone(),
            person: person.clone(),
            active,
            groups,
        };
        self.hub.put(Event::Input(input)).await;
        Ok(())
    }

    /// Something changed about a device in the store: tells the live sessions.
    pub(crate) async fn device_changed(
        &self,
        tenant: &TenantId,
        device: &DeviceId,
    ) -> Result<(), Error> {
        let known = self.store.device(tenant, device).await?;
        let machine = known.map_or(Machine::Unenrolled, |known| known.machine(time_of_day()));
        let input = Input::Device {
            tenant: tenant.clone(),
            device: device.clone(),
            machine,
        };
        self.hub.put(Event::Input(input)).await;
        Ok(())
    }

    /// Keeps what a verified token says about a person, and answers the person with the groups that count; `None` if the account
    /// may not be used. A store that cannot be written keeps nobody out: then the token's own groups count.
    pub(crate) async fn signed_in(&self, person: Person) -> Result<Option<Person>, Error> {
        let (tenant, now) = (&person.tenant, time_of_day());
        let is_new = matches!(self.store.person(tenant, &person.id).await, Ok(None));
        let noted = self
            .store
            .note_sign_in(tenant, &entry(&person), &person.groups, now)
            .await;
        match noted {
            Ok(kept) if !kept.active => Ok(None),
            Ok(_) => {
                if is_new {
                    // Whoever was not known may have been told to live sessions as shut out.
                    self.person_changed(tenant, &person.id).await?;
                }
                self.refreshed(person).await
            }
            Err(failed) => {
                warn!(%failed, "a sign-in could not be noted");
                let known = self.store.person(tenant, &person.id).await?;
                let shut_out = known.is_some_and(|known| !known.active);
                Ok((!shut_out).then_some(person))
            }
        }
    }

    /// The person with the groups of now; `None` if the account may not be used any more.
    pub(crate) async fn refreshed(&self, person: Person) -> Result<Option<Person>, Error> {
        match self.store.person(&person.tenant, &person.id).await? {
            Some(known) if !known.active => Ok(None),
            Some(_) => {
                let groups = self.store.groups_of(&person.tenant, &person.id).await?;
                Ok(Some(Person { groups, ..person }))
            }
            // The store could not be written when the person signed in.
            None => Ok(Some(person)),
        }
    }

    /// Keeps that a person came from this machine, and answers it with what is known about it. Without an answer of the store it is
    /// one that is not enrolled.
    pub(crate) async fn seen(
        &self,
        person: &Person,
        device: Device,
        said: Option<&wire::Device>,
    ) -> Device {
        let (Some(id), Some(said)) = (&device.id, said) else {
            return device;
        };
        let seen = Seen {
            id: id.clone(),
            public_key: said.key.to_string(),
            name: said.name.clone(),
            platform: said.platform.clone(),
        };
        let (tenant, now) = (&person.tenant, time_of_day());
        let noted = self.store.see(tenant, &seen, Some(&person.id), now).await;
        match noted {
            Ok(()) => {}
            // Another key stands under this id: what is known about that machine is not known about this one.
            Err(Error::Refused(refused @ Refused::Taken { .. })) => {
                warn!(%refused, "a device is not the one that is known by its id");
                return Device { id: None, ..device };
            }
            Err(failed) => warn!(%failed, "a device could not be noted"),
        }
        match self.store.device(tenant, id).await {
            Ok(known) => Device {
                machine: known.map_or(Machine::Unenrolled, |known| known.machine(now)),
                ..device
            },
            Err(failed) => {
                error!(%failed, "a device could not be looked up");
                device
            }
        }
    }

    /// Somebody of the organisation as policy sees one, by id.
    pub(crate) async fn subject(&self, tenant: &TenantId, id: &PersonId) -> Result<Subject, Error> {
        let groups: Vec<GroupId> = self.store.groups_of(tenant, id).await?;
        Ok(Subject {
            id: id.clone(),
            groups,
        })
    }

    /// Looks every second for what a command on this host changed, until it is dropped.
    pub(crate) async fn watch(self: Arc<Self>) {
        let mut versions: BTreeMap<TenantId, u64> = BTreeMap::new();
        let mut seen: BTreeMap<TenantId, i64> = BTreeMap::new();
        loop {
            if let Err(failed) = self.follow_host(&mut seen).await {
                warn!(%failed, "the log of changes cannot be read; the next try is in a second");
            }
            for tenant in self.fixed.keys() {
                let Ok(version) = self.store.version(tenant).await else {
                    continue;
                };
                let known = versions.insert(tenant.clone(), version);
                if known.is_some_and(|known| known != version)
                    && let Err(failed) = self.changed(tenant).await
                {
                    error!(%failed, "changed rules could not be read; the next try is in a second");
                    versions.remove(tenant);
                }
            }
            tokio::time::sleep(WATCH).await;
        }
    }
}

impl Authority {
    /// Tells what commands on this host did to people since the last look.
    async fn follow_host(&self, seen: &mut BTreeMap<TenantId, i64>) -> Result<(), Error> {
        let by_host = ChangeFilter {
            actor: Some(HOST.to_owned()),
            object_kind: Some("person".to_owned()),
            action: None,
        };
        for tenant in self.fixed.keys() {
            let now = time_of_day();
            let last = self.store.changes(tenant, &by_host, None, FOLLOWED, now);
            let last = last.await?.changes;
            let newest = last.first().map_or(0, |change| change.id);
            let known = seen.insert(tenant.clone(), newest).unwrap_or(newest);
            for change in last.into_iter().filter(|change| change.id > known) {
                let person = PersonId(change.object.id);
                self.person_changed(tenant, &person).await?;
            }
        }
        Ok(())
    }
}

/// Pins the issuer, and gives an organisation that is new here the switches of the file.
async fn introduce(
    store: &Sqlite,
    tenant: &TenantId,
    issuer: &str,
    settings: Settings,
) -> Result<(), NoRules> {
    if store.issuer(tenant).await?.is_none() && store.version(tenant).await? == 0 {
        store.set_settings(&by_file(), tenant, settings).await?;
        info!(tenant = %tenant.0, "a new organisation has the switches of the configuration file");
    }
    if !store.pin(tenant, issuer).await? {
        return Err(NoRules::OtherIssuer {
            tenant: tenant.0.clone(),
            issuer: issuer.to_owned(),
        });
    }
    Ok(())
}

async fn read(store: &Sqlite, tenant: &TenantId, own: &OfFile) -> Result<Policy, Error> {
    let assignments = store.assignments(tenant).await?;
    let kept = store.settings(tenant).await?;
    let settings = Settings {
        scripted_consent: kept.scripted_consent && own.scripted_consent,
        ..kept
    };
    Ok(Policy::new(
        settings,
        own.assignments.iter().cloned().chain(assignments).collect(),
        store.compliance_rules(tenant).await?,
        store.access_rules(tenant).await?,
    ))
}

/// What a token says, for the directory.
fn entry(person: &Person) -> Entry {
    Entry {
        id: person.id.clone(),
        user_name: String::new(),
        name: person.name.clone(),
        given: String::new(),
        family: String::new(),
        title: short(person.details.title.as_deref()),
        company: short(person.details.company.as_deref()),
        email: String::new(),
        active: true,
        external_id: None,
        scim_id: None,
        source: Source::Claims,
        last_seen: None,
    }
}

/// As much of it as the directory keeps.
fn short(text: Option<&str>) -> String {
    text.unwrap_or_default().chars().take(128).collect()
}

fn by_file() -> Act {
    Act {
        actor: Actor {
            id: "file".to_owned(),
            name: "configuration file".to_owned(),
        },
        at: time_of_day(),
        source: None,
    }
}

/// So many changes within a second are followed.
const FOLLOWED: usize = 1000;
const WATCH: Duration = Duration::from_secs(1);
