//! Who a person is, as the organisation's OpenID provider says it.
//!
//! [`Provider`] is the front: it finds the provider once and then turns access tokens into [`Person`]s.
//! The rules about tokens and published keys are those of the crate `identity`.

#[cfg(test)]
mod fake_provider;
pub(crate) mod http;
mod portrait;
/// People who are signed in at the console.
pub mod sign_ins;
/// One-time tickets for new connections.
pub mod ticket;

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use policy::{PersonId, TenantId};
use tracing::{debug, warn};
use wire::{Details, Fault, Program};

pub use http::FetchError;
use http::{Document, Http};
use identity::discovery::{self, BadMetadata};
use identity::keys::{BadKeySet, Cache, KeySet, Need};
use identity::token::{self, Issuer, Kind, Refusal, Tenancy};

/// The audience of access tokens for the relay.
pub const AUDIENCE: &str = "urn:rh:relay";

/// How long a profile picture is waited for.
const PORTRAIT: Duration = Duration::from_secs(1);

/// Which provider is asked, and what of it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// What is known about the issuer beforehand.
    pub issuer: Issuer,
    /// The client id of pages in a browser.
    pub browser: String,
    /// A PEM file with further certificate authorities, for a provider inside the organisation.
    pub ca: Option<PathBuf>,
    /// How long a document of the provider is waited for.
    pub patience: Duration,
}

/// The client ids of our programs at the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clients {
    /// Of pages in a browser.
    pub browser: String,
    /// Of installed programs.
    pub native: Vec<String>,
}

impl Config {
    /// A provider that follows RFC 9068, for these organisations and clients.
    pub fn new(issuer: &str, tenancy: Tenancy, clients: Clients) -> Self {
        let Clients { browser, native } = clients;
        let issuer = Issuer {
            url: issuer.to_owned(),
            tenancy,
            audience: AUDIENCE.to_owned(),
            clients: native.into_iter().chain([browser.clone()]).collect(),
            access_types: vec!["at+jwt".to_owned()],
            groups: "groups".to_owned(),
            roles: "roles".to_owned(),
        };
        Self {
            issuer,
            browser,
            ca: None,
            patience: Duration::from_secs(5),
        }
    }
}

/// A person who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The subject; unique within the issuer and never given to somebody else.
    pub id: PersonId,
    /// The display name, or the subject if the token has no name.
    pub name: String,
    /// Who vouches for this.
    pub issuer: String,
    /// The organisation.
    pub tenant: TenantId,
    /// What the card says beside the name, without the picture.
    pub details: Details,
    /// Where the profile picture is.
    pub portrait: Option<String>,
    /// The groups that roles are assigned to.
    pub groups: Vec<String>,
    /// How the person signed in.
    pub authentication: token::Authentication,
    /// When the token ends.
    pub until: SystemTime,
}

/// Why the provider cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Unreachable {
    /// A document could not be had.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// Its metadata is not usable.
    #[error(transparent)]
    Metadata(#[from] BadMetadata),
    /// Its keys are not usable.
    #[error(transparent)]
    Keys(#[from] BadKeySet),
    /// A key is needed that could not be fetched; the log says why.
    #[error("the keys of the provider could not be fetched")]
    Away,
}

/// Why somebody is not signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInRefused {
    /// Nobody can sign in at present; the token may be good.
    #[error("the identity provider cannot be reached: {0}")]
    ProviderUnreachable(#[from] Unreachable),
    /// This token is not accepted.
    #[error("the sign-in is not accepted: {0}")]
    Token(#[from] Refusal),
}

impl SignInRefused {
    /// What it is called in front of people.
    pub fn fault(&self) -> Fault {
        match self {
            Self::ProviderUnreachable(_) => Fault::ProviderUnreachable,
            Self::Token(_) => Fault::SignInRefused,
        }
    }
}

/// The organisation's OpenID provider.
#[derive(Debug)]
pub struct Provider {
    issuer: Issuer,
    browser: String,
    jwks_uri: String,
    http: Http,
    keys: Mutex<Cache>,
    /// Held while keys are fetched, so that one fetch serves all who wait for it.
    fetching: tokio::sync::Mutex<()>,
}

impl Provider {
    /// Finds the provider and fetches its keys.
    ///
    /// # Errors
    /// [`Unreachable`] says what the provider lacks.
    pub async fn discover(config: Config, now: SystemTime) -> Result<Self, Unreachable> {
        token::install();
        let Config {
            issuer,
            browser,
            ca,
            patience,
        } = config;
        let http = Http::new(ca.as_ref(), patience)?;
        let metadata = http.get(&discovery::address(&issuer.url)).await?;
        let jwks_uri = discovery::Metadata::read(&metadata.bytes, &issuer.url)?.jwks_uri;
        let Document { bytes, max_age } = http.get(&jwks_uri).await?;
        let keys = Mutex::new(Cache::new(KeySet::read(&bytes)?, max_age, now));
        Ok(Self {
            issuer,
            browser,
            jwks_uri,
            http,
            keys,
            fetching: tokio::sync::Mutex::default(),
        })
    }

    /// The person who bears this access token.
    ///
    /// # Errors
    /// Tells a token that is not accepted from a provider that cannot be asked.
    pub async fn person(
        &self,
        access_token: &str,
        now: SystemTime,
    ) -> Result<Person, SignInRefused> {
        let claims = self.verify(Kind::Access, access_token, now).await?;
        Ok(Person {
            name: claims.name.unwrap_or_else(|| claims.person.0.clone()),
            id: claims.person,
            issuer: self.issuer.url.clone(),
            tenant: claims.tenant,
            details: Details {
                title: claims.title,
                company: claims.company,
                picture: None,
                program: claims.party.map(|party| self.program(&party)),
            },
            portrait: claims.picture,
            groups: claims.groups,
            authentication: claims.authentication,
            until: claims.expires,
        })
    }

    /// The profile picture at this address as a `data:` URL. A card without one is good enough, so trouble is only logged.
    pub async fn portrait(&self, address: &str) -> Option<String> {
        if !portrait::is_of(&self.issuer.url, address) {
            debug!("a profile picture is not the issuer's own and was left out");
            return None;
        }
        match tokio::time::timeout(PORTRAIT, self.http.get(address)).await {
            Ok(Ok(document)) => portrait::data_url(&document.bytes),
            Ok(Err(error)) => {
                debug!(%error, "a profile picture could not be fetched");
                None
            }
            Err(_) => None,
        }
    }

    fn program(&self, party: &str) -> Program {
        if party == self.browser {
            Program::Browser
        } else {
            Program::Native
        }
    }

    /// What a token of this kind says.
    ///
    /// # Errors
    /// As [`Self::person`].
    pub async fn verify(
        &self,
        kind: Kind,
        raw: &str,
        now: SystemTime,
    ) -> Result<token::Claims, SignInRefused> {
        let key = token::key_id(raw)?;
        let keys = self.keys_for(&key, now).await?;
        Ok(token::verify(kind, raw, &self.issuer, &keys, now)?)
    }

    /// The keys to check a token with that names this key.
    async fn keys_for(
        &self,
        key: &str,
        now: SystemTime,
    ) -> Result<std::sync::Arc<KeySet>, SignInRefused> {
        if let Need::Nothing(keys) = self.cache().need(key, now) {
            return Ok(keys);
        }
        let _one_at_a_time = self.fetching.lock().await;
        let need = self.cache().need(key, now);
        if matches!(need, Need::Fetch) {
            self.cache().begin(now);
            match self.fetch().await {
                Ok((keys, max_age)) => self.cache().fetched(keys, max_age, key, now),
                Err(error) => warn!(%error, "the provider's keys could not be renewed"),
            }
        }
        match self.cache().need(key, now) {
            Need::Nothing(keys) => Ok(keys),
            Need::Fetch | Need::Unreachable => Err(Unreachable::Away.into()),
        }
    }

    async fn fetch(&self) -> Result<(KeySet, Option<Duration>), Unreachable> {
        let Document { bytes, max_age } = self.http.get(&self.jwks_uri).await?;
        Ok((KeySet::read(&bytes)?, max_age))
    }

    fn cache(&self) -> MutexGuard<'_, Cache> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
