//! From a person to an admitted connection: sign in, fetch a ticket, dial, say hello.

use std::time::Duration;

use carrier::{ClientTls, DialError, Link, NoCertificates, client_tls, dial};
use serde::Deserialize;
use serde_json::json;
use thiserror::Error;
use wire::{Fault, Frame, FromRelay, Peer, Protocols, Role, ToRelay};

use crate::options::Options;
use crate::sign_in::{self, SignIn, SignInError, Tokens, open_browser};
use crate::stdio::emit;

/// A connection that the relay admitted.
pub struct Reached {
    /// The running carrier.
    pub link: Link,
    /// Who the relay takes us for.
    pub you: Peer,
}

/// There is no connection.
#[derive(Debug, Error)]
pub enum NotReached {
    /// The certificates of `--ca` cannot be used.
    #[error(transparent)]
    Certificates(#[from] NoCertificates),
    /// The relay does not answer, or not as one.
    #[error("the relay cannot be reached: {0}")]
    Relay(String),
    /// The carrier could not be made.
    #[error(transparent)]
    Dial(#[from] DialError),
    /// The sign-in failed.
    #[error(transparent)]
    SignIn(#[from] SignInError),
    /// The relay said no.
    #[error("{}", .0.text())]
    Refused(Fault),
}

/// Signs a person in and connects to a relay, as a helper or a sharer.
pub struct Way {
    options: Options,
    role: Role,
    client: &'static str,
    tls: ClientTls,
    http: reqwest::Client,
}

#[derive(Deserialize)]
struct Provider {
    issuer: String,
    helper_client: String,
    sharer_client: String,
    protocol: Protocols,
}

#[derive(Deserialize)]
struct Issued {
    ticket: String,
}

#[derive(Deserialize)]
struct Refusal {
    fault: Fault,
}

impl NotReached {
    /// What it is called in front of people.
    pub fn fault(&self) -> Fault {
        match self {
            Self::Refused(fault) => *fault,
            Self::Certificates(_) | Self::Relay(_) | Self::Dial(_) => Fault::RelayUnreachable,
            Self::SignIn(SignInError::Unreachable { .. } | SignInError::Unusable { .. }) => {
                Fault::ProviderUnreachable
            }
            Self::SignIn(SignInError::Declined | SignInError::TimedOut(_)) => Fault::SignInAborted,
            Self::SignIn(
                SignInError::Authorities { .. }
                | SignInError::Loopback(_)
                | SignInError::StateMismatch
                | SignInError::MixedUp { .. }
                | SignInError::Refused(_)
                | SignInError::WrongToken(_),
            ) => Fault::SignInRefused,
        }
    }
}

impl Way {
    /// Prepares the way; `client` is name and version of the program.
    pub fn new(options: Options, role: Role, client: &'static str) -> Result<Self, NotReached> {
        let tls = client_tls(options.ca.as_deref())?;
        let http = reqwest::Client::builder()
            .tls_backend_preconfigured((*tls).clone())
            .https_only(true)
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .build()
            .map_err(|error| NotReached::Relay(reason(&error)))?;
        Ok(Self {
            options,
            role,
            client,
            tls,
            http,
        })
    }

    /// Asks the relay where to sign in, and signs the person in. `nonce` comes back in the ID token.
    pub async fn sign_in(&self, nonce: &str) -> Result<Tokens, NotReached> {
        let provider: Provider = self.get("/api/v1/sign-in").await?;
        Protocols::OURS
            .common(provider.protocol)
            .ok_or(NotReached::Refused(Fault::Version))?;
        let client_id = match self.role {
            Role::Helper => provider.helper_client,
            Role::Sharer => provider.sharer_client,
        };
        let config = sign_in::Config {
            issuer: provider.issuer,
            client_id,
            ca: self.options.ca.clone(),
            timeout: SIGN_IN,
        };
        let pending = SignIn::begin(config, nonce).await?;
        emit("sign_in", json!({"url": pending.url}));
        let browser = self.options.browser.as_deref();
        if browser != Some("none")
            && let Err(error) = open_browser(&pending.url, browser)
        {
            emit("browser_failed", json!({"text": error.to_string()}));
        }
        Ok(pending.finish().await?)
    }

    /// Connects as the person of these tokens.
    pub async fn connect(&self, tokens: &Tokens) -> Result<Reached, NotReached> {
        let ticket = self.ticket(tokens).await?;
        let carrier = dial(&self.options.relay, "/api/v1/connect", &self.tls).await?;
        let mut link = Link::start(carrier, QUEUE);
        let hello = ToRelay::Hello {
            protocol: Protocols::OURS,
            role: self.role,
            client: self.client.to_owned(),
            ticket,
        };
        let frame = Frame::message(&hello).map_err(|error| NotReached::Relay(error.to_string()))?;
        let gone = |error: &dyn std::fmt::Display| NotReached::Relay(error.to_string());
        link.sender
            .send(frame)
            .map_err(|_| gone(&"it takes nothing"))?;
        let answer = tokio::time::timeout(PATIENCE, link.frames.next())
            .await
            .map_err(|_| gone(&"it does not answer"))?
            .map_err(|lost| gone(&lost))?;
        let Frame::Message(text) = answer else {
            return Err(gone(&"it answers strangely"));
        };
        let answer = FromRelay::parse(&text).map_err(|error| gone(&error))?;
        if let FromRelay::Welcome { you, .. } = answer {
            return Ok(Reached { link, you });
        }
        if let FromRelay::Refused { fault, .. } | FromRelay::Ended { fault, .. } = answer {
            return Err(NotReached::Refused(fault));
        }
        Err(NotReached::Refused(Fault::Protocol))
    }

    async fn ticket(&self, tokens: &Tokens) -> Result<String, NotReached> {
        let request = self
            .http
            .post(self.url("/api/v1/tickets"))
            .bearer_auth(tokens.access.expose())
            .send();
        let response = request
            .await
            .map_err(|error| NotReached::Relay(reason(&error)))?;
        let accepted = response.status().is_success();
        let body = response
            .bytes()
            .await
            .map_err(|error| NotReached::Relay(reason(&error)))?;
        if accepted {
            let issued: Issued = parse(&body)?;
            return Ok(issued.ticket);
        }
        let refusal: Refusal = parse(&body)?;
        Err(NotReached::Refused(refusal.fault))
    }

    async fn get<T: for<'de> Deserialize<'de>>(&self, path: &str) -> Result<T, NotReached> {
        let response = self.http.get(self.url(path)).send().await;
        let response = response
            .and_then(reqwest::Response::error_for_status)
            .map_err(|error| NotReached::Relay(reason(&error)))?;
        let body = response
            .bytes()
            .await
            .map_err(|error| NotReached::Relay(reason(&error)))?;
        parse(&body)
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.options.relay.trim_end_matches('/'))
    }
}

fn parse<T: for<'de> Deserialize<'de>>(body: &[u8]) -> Result<T, NotReached> {
    serde_json::from_slice(body).map_err(|_| NotReached::Relay("it is no relay".to_owned()))
}

/// The whole chain of causes: reqwest's own text stops at "error sending request".
fn reason(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

const QUEUE: usize = 4 * 1024 * 1024;
const PATIENCE: Duration = Duration::from_secs(10);
const SIGN_IN: Duration = Duration::from_secs(5 * 60);
