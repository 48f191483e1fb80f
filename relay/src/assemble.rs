//! Puts the relay together, in order, and takes it apart again.

use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use ::identity::token::Tenancy;
use carrier::{Congestion, QuicServer};
use policy::TenantId;
use relay_core::{Broker, Input};
use relay_store::{Options, Records, Sqlite};
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tracing::{info, warn};

use crate::api::connection::Ours;
use crate::api::{self, App, Identity};
use crate::authority::{Authority, NoRules};
use crate::certificate::{self, BadTls, Certificate};
use crate::clock::{Clock, time_of_day};
use crate::config::Config;
use crate::doctor::{self, State};
use crate::hub::{self, Event, Hub, Inbox};
use crate::identity::{self, Provider};
use crate::keys::{BadKeys, Keys};
use crate::listen::{self, Door};
use crate::metrics::{self, Metrics};
use crate::origins::Origins;
use crate::reception::Reception;
use crate::recorder::Recorder;
use crate::web::Policy;

pub use crate::api::{PUBLIC, ROUTES, openapi};

/// A relay that runs.
pub struct Relay {
    /// Where clients connect; the port may have been picked by the system.
    pub address: SocketAddr,
    /// Where metrics are read.
    pub metrics: SocketAddr,
    hub: Inbox,
    accepting: JoinHandle<()>,
    /// There unless the configuration turns QUIC off.
    accepting_quic: Option<JoinHandle<()>>,
    finding: JoinHandle<()>,
    watching: JoinHandle<()>,
    renewing: JoinHandle<()>,
    running: JoinHandle<()>,
    writing: JoinHandle<()>,
    store: Arc<Sqlite>,
}

/// The relay cannot start.
#[derive(Debug, Error)]
pub enum CannotStart {
    /// The rules are wrong, or cannot be read.
    #[error(transparent)]
    Rules(#[from] NoRules),
    /// The certificate is wrong.
    #[error(transparent)]
    Tls(#[from] BadTls),
    /// The records cannot be opened.
    #[error("the session records cannot be opened: {0}")]
    Store(#[from] relay_store::Error),
    /// The keys are not those of this configuration.
    #[error(transparent)]
    Keys(#[from] BadKeys),
    /// An address cannot be listened on.
    #[error("{what} {address} cannot be listened on ({error}): {}", listen::advice(*address, setting, error.kind()))]
    Listen {
        /// The protocol.
        what: &'static str,
        /// The setting that names the address.
        setting: &'static str,
        /// Which.
        address: SocketAddr,
        /// What the system says.
        error: std::io::Error,
    },
}

impl Relay {
    /// Starts everything. The order matters: records of an earlier run are set aside before a new session can write one, and
    /// the listener opens last.
    pub async fn start(config: Config) -> Result<Self, CannotStart> {
        let keys = Arc::new(Keys::open(&config)?);
        let certificate = Arc::new(Certificate::read(&config.tls)?);
        let tls = listen::acceptor(&config.tls, certificate.clone())?;
        warn_of_certificate(&config);
        let store = Arc::new(open_store(&config).await?);
        let (clock, figures) = (Clock::start(), Metrics::new());
        let metrics = metrics::serve(figures.clone(), config.metrics).await;
        let metrics = metrics.map_err(cannot_listen("TCP", "metrics", config.metrics))?;
        let (inbox, events) = hub::inbox();
        let authority = Authority::load(&config, store.clone(), inbox.clone()).await?;
        let authority = Arc::new(authority);
        let (recorder, writing) = Recorder::start(store.clone(), inbox.clone(), figures.clone());
        let broker = Broker::new(authority.rules(), config.keep());
        let hub = Hub::new(broker, clock, figures.clone(), events, recorder, &keys);
        let running = tokio::spawn(hub.run());
        let identity = Arc::new(Identity::of(config.provider.clone()));
        let finding = tokio::spawn(find_provider(identity.clone(), tenants(&config)));
        let listener = TcpListener::bind(config.listen).await;
        let listener = listener.map_err(cannot_listen("TCP", "listen", config.listen))?;
        let address = listener.local_addr().unwrap_or(config.listen);
        let quic = listen_by_udp(&config, address, &tls)?;
        tell_congestion(&config, &figures);
        let watching = tokio::spawn(authority.clone().watch());
        let (hub, keep) = (inbox.clone(), config.keep());
        let reception = Reception::new(hub, figures, clock, authority.clone(), keep);
        let origins = Origins::of(&config);
        let doors = (reception.clone(), origins.clone());
        let accept = |quic| tokio::spawn(listen::accept_quic(quic, doors.0, doors.1));
        let accepting_quic = quic.map(accept);
        let router = api::router(App {
            reception,
            ours: Arc::new(Ours::new(certificate.clone(), config.quic)),
            policy: Policy::new(&identity.config),
            identity,
            authority,
            keys,
            store: store.clone(),
            address: config.address,
            origins,
        });
        let door = Door::new(tls, router, config.trusted_proxies);
        let accepting = tokio::spawn(listen::accept(listener, door));
        info!(%address, %metrics, quic = config.quic, "the relay listens");
        Ok(Self {
            address,
            metrics,
            hub: inbox,
            accepting,
            accepting_quic,
            finding,
            watching,
            renewing: tokio::spawn(certificate::watch(certificate)),
            running,
            writing,
            store,
        })
    }

    /// Takes no new connection, ends every session as `drained`, waits until that is written.
    pub async fn drain(self) {
        self.accepting.abort();
        let quic = self.accepting_quic;
        self.finding.abort();
        self.watching.abort();
        self.renewing.abort();
        self.hub.put(Event::Input(Input::Drain)).await;
        let abort = self.running.abort_handle();
        if tokio::time::timeout(DRAIN, self.running).await.is_err() {
            warn!("some clients did not go in time");
            abort.abort();
        }
        if tokio::time::timeout(DRAIN, self.writing).await.is_err() {
            warn!("the last lines of the records could not be written in time");
        }
        // With the port the carriers on it end: last, so that everybody heard why.
        if let Some(quic) = quic {
            quic.abort();
        }
        self.store.close().await;
        info!("the relay stopped");
    }
}

/// Opens the store and sets the records of an earlier run aside.
async fn open_store(config: &Config) -> Result<Sqlite, relay_store::Error> {
    let store = Sqlite::open(&Options::new(&config.database)).await?;
    let pending = store.suspend(time_of_day()).await?;
    if pending > 0 {
        info!(
            pending,
            "sessions of an earlier run are closed within a minute"
        );
    }
    Ok(store)
}

/// The UDP port of the same number, unless the configuration turns QUIC off.
fn listen_by_udp(
    config: &Config,
    address: SocketAddr,
    tls: &TlsAcceptor,
) -> Result<Option<QuicServer>, CannotStart> {
    if !config.quic {
        return Ok(None);
    }
    let socket = UdpSocket::bind(address);
    let listen = |socket| QuicServer::listen(socket, tls.config(), config.congestion.into());
    let quic = socket.and_then(listen);
    quic.map(Some)
        .map_err(cannot_listen("UDP", "listen", address))
}

/// A certificate that has ended, or will soon, is told of before clients tell of it.
fn warn_of_certificate(config: &Config) {
    let found = doctor::certificate(config, SystemTime::now());
    for finding in found.iter().filter(|one| one.state != State::Ok) {
        let remedy = finding.remedy.as_deref().unwrap_or_default();
        warn!(
            about = finding.about,
            found = finding.found,
            remedy,
            "the certificate"
        );
    }
}

/// Which congestion controllers are active, to the log and the metrics.
fn tell_congestion(config: &Config, figures: &Metrics) {
    let quic: Option<Congestion> = config.quic.then(|| config.congestion.into());
    let quic = quic.map_or_else(|| "off".to_owned(), |congestion| congestion.to_string());
    let tcp = carrier::tcp_congestion().unwrap_or_else(|_| "unknown".to_owned());
    info!(quic, tcp, "congestion control");
    figures.congestion("quic", quic);
    figures.congestion("wss", tcp);
}

fn cannot_listen(
    what: &'static str,
    setting: &'static str,
    address: SocketAddr,
) -> impl FnOnce(std::io::Error) -> CannotStart {
    move |error| CannotStart::Listen {
        what,
        setting,
        address,
        error,
    }
}

fn tenants(config: &Config) -> Vec<TenantId> {
    config
        .tenants
        .iter()
        .map(|tenant| TenantId(tenant.id.clone()))
        .collect()
}

/// Finds the provider, and goes on trying: the relay serves `/healthz` meanwhile and tells people that it cannot sign them in.
async fn find_provider(identity: Arc<Identity>, tenants: Vec<TenantId>) {
    let from = &identity.config;
    let clients = identity::Clients {
        browser: from.console_client.clone(),
        native: vec![from.helper_client.clone(), from.sharer_client.clone()],
    };
    let tenancy = match <[TenantId; 1]>::try_from(tenants) {
        Ok([one]) if !from.tid => Tenancy::Whole(one),
        Ok(one) => Tenancy::Named(one.into()),
        Err(several) => Tenancy::Named(several),
    };
    let mut config = identity::Config::new(&from.issuer, tenancy, clients);
    config.issuer.groups.clone_from(&from.groups_claim);
    config.issuer.roles.clone_from(&from.roles_claim);
    config.ca.clone_from(&from.ca);
    config.issuer.access_types.clone_from(&from.access_types);
    config.issuer.audience.clone_from(&from.audience);
    loop {
        match Provider::discover(config.clone(), SystemTime::now()).await {
            Ok(provider) => {
                *identity.provider.write().await = Some(provider);
                return info!(issuer = %from.issuer, "the sign-in service answers");
            }
            Err(error) => {
                warn!(issuer = %from.issuer, %error, "the sign-in service does not answer yet");
                tokio::time::sleep(PROVIDER_AGAIN).await;
            }
        }
    }
}

const DRAIN: Duration = Duration::from_secs(5);
const PROVIDER_AGAIN: Duration = Duration::from_secs(2);
