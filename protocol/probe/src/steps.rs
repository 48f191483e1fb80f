//! The steps, in the order in which a client needs them.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use carrier::{ClientTls, NoCertificates, Wish, client_tls};
use reqwest::Url;
use rustls::crypto::ring;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, ServerName};
use thiserror::Error;

use crate::witness::Witness;
use crate::{Believed, NoTls, Observation, Seen, Shown, http, names, quic, tls, websocket};

/// A relay that is looked for.
pub struct Probe {
    relay: String,
    host: String,
    port: u16,
    name: ServerName<'static>,
    wish: Wish,
    tls: ClientTls,
    trust: Trust,
}

/// Whom to believe beside the system's authorities.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// A PEM file of further ones.
    pub authority: Option<PathBuf>,
    /// This certificate itself: the relay knows its own.
    pub own: Option<CertificateDer<'static>>,
}

/// There is nothing to begin with.
#[derive(Debug, Error)]
pub enum CannotProbe {
    /// The address is none.
    #[error("`{0}` is not an address of a relay, such as https://help.example")]
    Address(String),
    /// The authorities cannot be read.
    #[error(transparent)]
    Certificates(#[from] NoCertificates),
}

impl Probe {
    /// Prepares to look for the relay at `https://host[:port]`, by these carriers.
    ///
    /// # Errors
    /// The address is none, or the authorities cannot be read.
    pub fn new(relay: &str, wish: Wish, trust: Trust) -> Result<Self, CannotProbe> {
        let wrong = || CannotProbe::Address(relay.to_owned());
        let url = Url::parse(relay).map_err(|_| wrong())?;
        let bare = url.path() == "/" && url.query().is_none() && url.username().is_empty();
        if url.scheme() != "https" || !bare {
            return Err(wrong());
        }
        let host = url.host_str().ok_or_else(wrong)?;
        let host = host.trim_start_matches('[').trim_end_matches(']');
        Ok(Self {
            relay: relay.trim_end_matches('/').to_owned(),
            host: host.to_owned(),
            port: url.port_or_known_default().ok_or_else(wrong)?,
            name: ServerName::try_from(host.to_owned()).map_err(|_| wrong())?,
            wish,
            tls: client_tls(trust.authority.as_deref())?,
            trust,
        })
    }

    /// Host and port.
    pub fn target(&self) -> (&str, u16) {
        (&self.host, self.port)
    }

    /// The first step alone.
    pub async fn look_up(&self) -> Observation {
        let since = Instant::now();
        let found = names::look_up(&self.host, self.port).await;
        Observation {
            seen: Seen::Names(found),
            took: since.elapsed(),
        }
    }

    /// Goes as far as it can, and tells each step as it ends. Gives where people sign in, if a relay said so.
    ///
    /// # Errors
    /// The authorities cannot be read.
    pub async fn run(
        &self,
        mut tell: impl FnMut(Observation),
    ) -> Result<Option<String>, CannotProbe> {
        let mut step = |since: Instant, seen: Seen| {
            let took = since.elapsed();
            tell(Observation { seen, took });
        };
        let since = Instant::now();
        let found = names::look_up(&self.host, self.port).await;
        let addresses = found.clone().unwrap_or_default();
        step(since, Seen::Names(found));
        if addresses.is_empty() {
            return Ok(None);
        }
        let since = Instant::now();
        let connections = names::connect(&addresses, self.port).await;
        let mut open = connections.iter().filter(|one| one.result.is_ok());
        let address = open.next().map(|one| one.address);
        step(since, Seen::Connections(connections));
        let issuer = match address {
            Some(address) => self.over_tcp(address, &mut step).await?,
            None => None,
        };
        if self.wish != Wish::WebSocket {
            let (tls, witness) = self.watched()?;
            let since = Instant::now();
            let carried = quic::ask(&self.relay, &tls, &witness).await;
            step(since, Seen::Quic(carried));
        }
        Ok(issuer)
    }

    async fn over_tcp(
        &self,
        address: SocketAddr,
        step: &mut impl FnMut(Instant, Seen),
    ) -> Result<Option<String>, CannotProbe> {
        let (config, witness) = self.watched()?;
        let since = Instant::now();
        let opened = tls::open(address, self.name.clone(), config.clone()).await;
        let shown = witness.shown();
        let is_open = opened.is_ok();
        step(since, Seen::Tls(judged(opened, shown)));
        if !is_open {
            return Ok(None);
        }
        let since = Instant::now();
        let told = http::ask(&self.relay, (*config).clone()).await;
        let issuer = told.as_ref().ok().map(|told| told.issuer.clone());
        step(since, Seen::Relay(told));
        if self.wish != Wish::Quic {
            let url = self.relay.replacen("https://", "wss://", 1) + "/api/v1/connect";
            let since = Instant::now();
            let stream = tls::open(address, self.name.clone(), config).await;
            let carried = websocket::ask(stream, &url).await;
            step(since, Seen::WebSocket(carried));
        }
        Ok(issuer)
    }

    /// What a client would connect with, and who sees what it is shown.
    fn watched(&self) -> Result<(ClientTls, Arc<Witness>), CannotProbe> {
        let extra = match &self.trust.authority {
            Some(path) => authorities(path),
            None => vec![],
        };
        let provider = Arc::new(ring::default_provider());
        let witness = Witness::new(extra, self.trust.own.clone(), &provider);
        let witness = Arc::new(witness.map_err(NoCertificates::from)?);
        let mut config = (*self.tls).clone();
        config.dangerous().set_certificate_verifier(witness.clone());
        Ok((Arc::new(config), witness))
    }
}

/// What was shown, believed or not.
fn judged<S>(opened: Result<S, NoTls>, shown: Option<Shown>) -> Result<Shown, NoTls> {
    let none = || NoTls::Broken("no certificate was shown".to_owned());
    match (opened, shown) {
        (Ok(_), shown) => shown.ok_or_else(none),
        (Err(_), Some(shown)) if matches!(shown.believed, Believed::No(_)) => Ok(shown),
        (Err(why), _) => Err(why),
    }
}

/// What [`client_tls`] has read from the same file already.
fn authorities(path: &Path) -> Vec<CertificateDer<'static>> {
    let read = CertificateDer::pem_file_iter(path);
    read.map(|all| all.filter_map(Result::ok).collect())
        .unwrap_or_default()
}

/// How long one step waits.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);
