//! Signing a person in at the organisation's OpenID provider: authorization code with PKCE in the
//! person's own browser, which comes back to this machine (RFC 8252, RFC 7636, RFC 9207).
//!
//! [`SignIn::begin`] gives a [`Pending`] with the address to open; [`Pending::finish`] waits for the
//! browser to come back and fetches the tokens.

mod browser;
mod exchange;
pub(crate) mod http;
mod loopback;
mod page;
mod provider;
mod secret;

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use oauth2::{CsrfToken, PkceCodeChallenge, PkceCodeVerifier, Scope};
use wire::StepUp;

pub use browser::{BrowserError, open_browser};
use exchange::Client;
use http::Http;
use loopback::Loopback;
use provider::Metadata;
pub use secret::Secret;

use crate::issuer_keys::IssuerKeys;

/// Where somebody signs in, and with which program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The provider; an https address.
    pub issuer: String,
    /// The id under which the provider knows this program.
    pub client_id: String,
    /// What is asked for: `openid`, and the relay's own scope where the provider wants one.
    pub scope: String,
    /// A PEM file with further certificate authorities, for a provider inside the organisation.
    pub ca: Option<PathBuf>,
    /// How long the person may take.
    pub timeout: Duration,
    /// What a rule of the organisation asks of this sign-in.
    pub step_up: Option<StepUp>,
}

/// What the provider gave. The ID token carries the nonce that [`SignIn::begin`] was called with.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// Lets its bearer speak to the relay.
    pub access: Secret,
    /// Says who signed in; its signature is checked by those it is shown to.
    pub id_token: Secret,
    /// When the access token ends.
    pub expires: SystemTime,
    /// Where the provider publishes its keys.
    pub(crate) jwks_uri: String,
}

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// The provider, or the way to it, is down or not to be trusted.
    #[error("the identity provider cannot be reached at {url}: {reason}")]
    Unreachable {
        /// What was asked for.
        url: String,
        /// What the network says.
        reason: String,
    },
    /// The provider does not do what is needed, or is not the one that was asked for.
    #[error("the identity provider at {issuer} cannot be used: {reason}")]
    Unusable {
        /// The configured issuer.
        issuer: String,
        /// What is missing or wrong.
        reason: String,
    },
    /// The file with certificate authorities cannot be used.
    #[error("cannot read certificate authorities from {}: {reason}", path.display())]
    Authorities {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// This machine does not let the browser come back.
    #[error("cannot listen on 127.0.0.1 for the browser: {0}")]
    Loopback(#[from] std::io::Error),
    /// The browser came back from something else than this sign-in.
    #[error("the browser came back from another sign-in; please sign in again")]
    StateMismatch,
    /// The browser came back from another provider (RFC 9207).
    #[error("the answer is from {found}, not from the identity provider; please sign in again")]
    MixedUp {
        /// Who says to have answered, or `nobody`.
        found: String,
    },
    /// The person, or the organisation for them, said no.
    #[error("the sign-in was declined")]
    Declined,
    /// The provider refused for another reason.
    #[error("the identity provider refused the sign-in: {0}")]
    Refused(String),
    /// Nobody signed in in time.
    #[error("nobody signed in within {} s; please sign in again", .0.as_secs())]
    TimedOut(Duration),
    /// The tokens are not those that were asked for.
    #[error("the identity provider sent a wrong token: {0}")]
    WrongToken(&'static str),
}

/// Whether the provider answers, is itself and publishes keys: what every sign-in needs, without beginning one.
pub(crate) async fn look(issuer: &str, ca: Option<&PathBuf>) -> Result<(), SignInError> {
    let metadata = Metadata::fetch(&Http::new(ca)?, issuer).await?;
    let keys = IssuerKeys::fetch(Http::new(ca)?, issuer, &metadata.jwks_uri).await;
    keys.map(drop)
}

/// The way in.
#[derive(Debug)]
pub struct SignIn;

impl SignIn {
    /// Finds the provider, prepares this machine for the browser's return and makes the address to open.
    ///
    /// `nonce` comes back in the ID token: it binds the sign-in to whatever it commits to.
    ///
    /// # Errors
    /// Those of [`SignInError`] that need nobody to sign in.
    pub async fn begin(config: Config, nonce: &str) -> Result<Pending, SignInError> {
        let http = Http::new(config.ca.as_ref())?;
        let metadata = Metadata::fetch(&http, &config.issuer).await?;
        let loopback = Loopback::listen().await?;
        let client = exchange::client(&config, &metadata, &loopback.address())?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let scopes = config.scope.split(' ').map(str::to_owned).map(Scope::new);
        let mut request = client
            .authorize_url(CsrfToken::new_random)
            .add_scopes(scopes)
            .add_extra_param("nonce", nonce)
            .set_pkce_challenge(challenge);
        let step_up = config.step_up.clone().unwrap_or_default();
        if !step_up.acr_values.is_empty() {
            request = request.add_extra_param("acr_values", step_up.acr_values.join(" "));
        }
        if let Some(age) = step_up.max_age {
            request = request.add_extra_param("max_age", age.to_string());
        }
        let (url, state) = request.url();
        let nonce = nonce.to_owned();
        let url = url.to_string();
        Ok(Pending {
            url,
            config,
            nonce,
            http,
            metadata,
            loopback,
            client,
            state,
            verifier,
        })
    }
}

/// A sign-in that waits for the person.
pub struct Pending {
    /// The address to open in the person's browser.
    pub url: String,
    config: Config,
    nonce: String,
    http: Http,
    metadata: Metadata,
    loopback: Loopback,
    client: Client,
    state: CsrfToken,
    verifier: PkceCodeVerifier,
}

impl Pending {
    /// Waits for the browser to come back, and fetches the tokens.
    ///
    /// # Errors
    /// See [`SignInError`].
    pub async fn finish(self) -> Result<Tokens, SignInError> {
        let judge = |back: &loopback::Back| self.judge(back);
        let waiting = self.loopback.wait(judge);
        let waited = tokio::time::timeout(self.config.timeout, waiting).await;
        let code = waited.map_err(|_| SignInError::TimedOut(self.config.timeout))??;
        let issued = exchange::Issued::fetch(&self.client, &self.http, code, self.verifier).await?;
        issued.check(&self.config, &self.nonce)?;
        Ok(Tokens {
            access: issued.access,
            id_token: issued.id_token,
            expires: SystemTime::now() + issued.lifetime,
            jwks_uri: self.metadata.jwks_uri,
        })
    }

    /// The authorization code of a browser that came back from this very sign-in.
    fn judge(&self, back: &loopback::Back) -> Result<Secret, SignInError> {
        if back.state.as_deref() != Some(self.state.secret()) {
            return Err(SignInError::StateMismatch);
        }
        let named = back.issuer.as_deref();
        if named.map_or(self.metadata.names_itself, |named| {
            named != self.config.issuer
        }) {
            let found = named.map_or_else(|| "nobody".to_owned(), printable);
            return Err(SignInError::MixedUp { found });
        }
        match (&back.error, &back.code) {
            (Some(error), _) if error == "access_denied" => Err(SignInError::Declined),
            (Some(error), _) => {
                let description = back.description.as_deref().unwrap_or_default();
                Err(SignInError::Refused(printable(&format!(
                    "{error} {description}"
                ))))
            }
            (None, Some(code)) => Ok(code.clone()),
            (None, None) => Err(SignInError::Refused("it sent no code".to_owned())),
        }
    }
}

impl std::fmt::Debug for Pending {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pending")
            .field("issuer", &self.config.issuer)
            .finish_non_exhaustive()
    }
}

/// Text from outside as it may stand in a message: one line, of sensible length.
fn printable(text: &str) -> String {
    text.trim()
        .chars()
        .filter(|c| !c.is_control())
        .take(200)
        .collect()
}
