//! From a person to an admitted connection: sign in, fetch a ticket, dial, say hello.

use std::time::Duration;

use carrier::{ClientTls, DialError, HEAD_START, How, Link, NoCertificates, client_tls};
use identity::{BadBundle, Bundle, NotAKey, NotThem};
use serde::Deserialize;
use serde_json::json;
use thiserror::Error;
use wire::{Fault, Frame, FromRelay, Peer, Protocols, Role, ToRelay};

use crate::device::Machine;
use crate::issuer_keys::IssuerKeys;
use crate::judge::{Judge, Verdict};
use crate::line::{Dialler, Line};
use crate::me::{Keys, Me};
use crate::options::{self, Options};
use crate::pin::{NotSuccessor, Pin};
use crate::place::state_folder;
use crate::refused::Refused;
use crate::sign_in::http::Http;
use crate::sign_in::{self, SignIn, SignInError, Tokens, open_browser};
use crate::stdio::{Commands, Said, emit};

/// A connection that the relay admitted.
pub struct Reached {
    /// The line to it.
    pub line: Line,
    /// Who the relay takes us for.
    pub you: Peer,
    /// Why QUIC does not carry, if it was wanted.
    pub instead: Option<String>,
}

/// A person who signed in, and what they judge others by.
pub struct SignedIn {
    /// The person here.
    pub me: Me,
    /// Judges peer and relay.
    pub judge: Judge,
    tokens: Tokens,
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
    #[error("{0}")]
    Refused(Refused),
    /// The relay does not speak for the organisation that is known here.
    #[error("{0}")]
    OrganisationChanged(String),
    /// The relay cannot prove which organisation it serves.
    #[error("{0}")]
    NoBundle(String),
    /// The identity that the person got here is not one that a peer would accept.
    #[error("this sign-in cannot be shown to others: {0}")]
    Unusable(NotThem),
    /// The folder for what has to be kept cannot be used.
    #[error("{0}")]
    State(#[from] std::io::Error),
    /// The system gave no keys.
    #[error(transparent)]
    Keys(#[from] NotAKey),
}

/// Signs a person in and connects to a relay, as a helper or a sharer.
pub struct Way {
    options: Options,
    role: Role,
    client: &'static str,
    tls: ClientTls,
    http: reqwest::Client,
    machine: Option<Machine>,
}

#[derive(Deserialize)]
struct Provider {
    issuer: String,
    helper_client: String,
    sharer_client: String,
    scope: String,
    protocol: Protocols,
}

#[derive(Deserialize)]
struct Issued {
    ticket: String,
}

#[derive(Deserialize)]
struct Signed {
    bundle: String,
}

/// What a person can say before there is a connection.
#[derive(Deserialize)]
#[serde(tag = "command", rename_all = "snake_case", deny_unknown_fields)]
enum Before {
    Trust { yes: bool },
    Leave {},
}

impl NotReached {
    /// What it is called in front of people.
    pub fn fault(&self) -> Fault {
        match self {
            Self::Refused(refused) => refused.fault,
            Self::Certificates(_) | Self::Relay(_) | Self::Dial(_) => Fault::RelayUnreachable,
            Self::SignIn(SignInError::Unreachable { .. } | SignInError::Unusable { .. }) => {
                Fault::ProviderUnreachable
            }
            Self::SignIn(SignInError::Declined | SignInError::TimedOut(_)) => Fault::SignInAborted,
            Self::OrganisationChanged(_) => Fault::OrganisationChanged,
            Self::NoBundle(_) => Fault::NoBundle,
            Self::Unusable(NotThem::Token(identity::token::Refusal::Tenant)) => {
                Fault::OtherOrganisation
            }
            Self::State(_) => Fault::StateUnusable,
            Self::Keys(_)
            | Self::Unusable(_)
            | Self::SignIn(
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

impl From<NotSuccessor> for NotReached {
    fn from(why: NotSuccessor) -> Self {
        Self::OrganisationChanged(why.to_string())
    }
}

impl From<BadBundle> for NotReached {
    fn from(why: BadBundle) -> Self {
        Self::NoBundle(why.to_string())
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
        let machine = match role {
            Role::Helper => None,
            Role::Sharer => Some(Machine::open(options.state.as_deref())?),
        };
        Ok(Self {
            options,
            role,
            client,
            tls,
            http,
            machine,
        })
    }

    /// Signs the person in with these keys, after the relay refused an earlier sign-in for `why`. The person may have to say first whether
    /// the sign-in service is theirs.
    pub async fn sign_in(
        &self,
        keys: Keys,
        why: Option<&Refused>,
        said: &mut Commands,
    ) -> Result<SignedIn, NotReached> {
        identity::token::install();
        let provider: Provider = self.get("/api/v1/sign-in", None).await?;
        Protocols::OURS
            .common(provider.protocol)
            .ok_or(NotReached::Refused(Fault::Version.into()))?;
        let known = self.known(&provider).await?;
        if known.is_none() {
            self.confirm(&provider.issuer, said).await?;
        }
        let asking = self.asking(known.as_ref(), &provider);
        let (client_id, scope) = asking.clone();
        let config = sign_in::Config {
            issuer: provider.issuer.clone(),
            client_id,
            scope,
            ca: self.options.ca.clone(),
            timeout: SIGN_IN,
            step_up: why.and_then(|why| why.step_up.clone()),
        };
        let tokens = self.tokens(config, &keys.nonce(), why).await?;
        let bundle: Signed = self.get("/api/v1/bundle", Some(&tokens)).await?;
        let pin = match known {
            Some(pin) => pin.follow(bundle.bundle)?,
            None => first_use(bundle.bundle, &provider.issuer)?,
        };
        if self.asking(Some(&pin), &provider) != asking {
            let told = "the organisation's bundle names another client id or scope than the relay";
            return Err(NotReached::NoBundle(told.to_owned()));
        }
        let http = Http::new(self.options.ca.as_ref())?;
        let issuer_keys = IssuerKeys::fetch(http, &provider.issuer, &tokens.jwks_uri).await?;
        let mut judge = Judge::new(&pin, issuer_keys);
        let me = keys.of(self.role, self.client, tokens.id_token.clone());
        if let Some(why) = unusable(&mut judge, &me, other(self.role)).await {
            return Err(NotReached::Unusable(why));
        }
        pin.save(&self.state(), &self.options.relay)?;
        Ok(SignedIn { me, judge, tokens })
    }

    /// What is known of the organisation before anybody signs in. Whatever contradicts it ends here, nobody is asked.
    async fn known(&self, provider: &Provider) -> Result<Option<Pin>, NotReached> {
        let changed = |told: &str| NotReached::OrganisationChanged(told.to_owned());
        let pinned = Pin::load(&self.state(), &self.options.relay)?;
        let asked = self
            .options
            .organisation
            .as_deref()
            .map(str::to_ascii_lowercase);
        let pin = match (pinned, asked) {
            (Some(pin), Some(asked)) if pin.key.fingerprint() != asked => {
                return Err(changed(
                    "the enrolment link names another organisation than the one that this program knows",
                ));
            }
            (Some(pin), _) => pin,
            (None, Some(asked)) => self.enrol(&asked).await?,
            (None, None) => return Ok(None),
        };
        if pin.bundle.issuer != provider.issuer {
            return Err(changed(
                "the relay names another sign-in service than the one that this program knows",
            ));
        }
        Ok(Some(pin))
    }

    /// Fetches the bundle whose key has this fingerprint.
    async fn enrol(&self, fingerprint: &str) -> Result<Pin, NotReached> {
        let hex =
            fingerprint.len() == 64 && fingerprint.bytes().all(|digit| digit.is_ascii_hexdigit());
        if !hex {
            return Err(NotReached::NoBundle(
                "the fingerprint of an organisation has 64 hex digits".to_owned(),
            ));
        }
        let signed: Signed = self
            .get(&format!("/api/v1/bundles/{fingerprint}"), None)
            .await?;
        let key = Bundle::named_key(&signed.bundle).ok_or(BadBundle::Malformed)?;
        if key.fingerprint() != fingerprint {
            return Err(BadBundle::OtherKey.into());
        }
        Ok(Pin::new(signed.bundle, key, true)?)
    }

    /// Asks the person whether this issuer signs their organisation in.
    async fn confirm(&self, issuer: &str, said: &mut Commands) -> Result<(), NotReached> {
        let host = issuer.strip_prefix("https://").unwrap_or(issuer);
        let host = host.split(['/', '?', '#']).next().unwrap_or(host);
        emit(
            "confirm_issuer",
            json!({"relay": self.options.relay, "issuer": issuer, "host": host}),
        );
        loop {
            match said.next::<Before>().await {
                Said::Command(Before::Trust { yes: true }) => return Ok(()),
                Said::Command(Before::Trust { yes: false } | Before::Leave {}) | Said::Closed => {
                    return Err(NotReached::Refused(Fault::NotTrusted.into()));
                }
                Said::Unknown(why) => emit("unknown_command", json!({"text": why})),
            }
        }
    }

    async fn tokens(
        &self,
        config: sign_in::Config,
        nonce: &str,
        why: Option<&Refused>,
    ) -> Result<Tokens, NotReached> {
        let pending = SignIn::begin(config, nonce).await?;
        let (code, rule) = (why.map(|why| why.fault), why.map(|why| &why.rule));
        emit(
            "sign_in",
            json!({"url": pending.url, "code": code, "rule": rule}),
        );
        let browser = self.options.browser.as_deref();
        if browser != Some("none")
            && let Err(error) = open_browser(&pending.url, browser)
        {
            emit("browser_failed", json!({"text": error.to_string()}));
        }
        Ok(pending.finish().await?)
    }

    /// The id of this program at the provider, and what it asks for: the bundle's word counts before the relay's.
    fn asking(&self, pin: Option<&Pin>, provider: &Provider) -> (String, String) {
        let clients = pin.map(|pin| &pin.bundle.clients);
        let id = match self.role {
            Role::Helper => clients.map_or(&provider.helper_client, |clients| &clients.helper),
            Role::Sharer => clients.map_or(&provider.sharer_client, |clients| &clients.sharer),
        };
        let scope = clients.map_or(&provider.scope, |clients| &clients.scope);
        (id.clone(), scope.clone())
    }

    /// The carrier that the person asked for.
    pub(crate) fn carrier(&self) -> options::Carrier {
        self.options.carrier
    }

    /// Connects as the person who signed in.
    pub async fn connect(&self, signed_in: &SignedIn) -> Result<Reached, NotReached> {
        let ticket = self.ticket(&signed_in.tokens).await?;
        let dialler = Dialler {
            relay: self.options.relay.clone(),
            tls: self.tls.clone(),
            how: How {
                wish: self.options.carrier.into(),
                congestion: self.options.congestion.into(),
                head_start: HEAD_START,
            },
        };
        let raced = dialler.clone().dial().await?;
        let mut link = Link::start(raced.carrier, QUEUE);
        let hello = ToRelay::Hello {
            protocol: Protocols::OURS,
            role: self.role,
            client: self.client.to_owned(),
            device: self.machine.as_ref().map(|machine| machine.device(&ticket)),
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
        if let FromRelay::Welcome {
            you, line, keep, ..
        } = answer
        {
            let keep = Duration::from_secs(keep.into());
            return Ok(Reached {
                line: Line::new(link, dialler, line, keep),
                you,
                instead: raced.instead,
            });
        }
        Err(NotReached::Refused(Refused::of(answer)))
    }

    async fn ticket(&self, tokens: &Tokens) -> Result<String, NotReached> {
        let request = self.http.post(self.url("/api/v1/tickets"));
        let issued: Issued = answered(request.bearer_auth(tokens.access.expose())).await?;
        Ok(issued.ticket)
    }

    async fn get<T: for<'de> Deserialize<'de>>(
        &self,
        path: &str,
        as_who: Option<&Tokens>,
    ) -> Result<T, NotReached> {
        let mut request = self.http.get(self.url(path));
        if let Some(tokens) = as_who {
            request = request.bearer_auth(tokens.access.expose());
        }
        answered(request).await
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.options.relay.trim_end_matches('/'))
    }

    fn state(&self) -> std::path::PathBuf {
        state_folder(self.options.state.as_deref())
    }
}

/// Why a peer would not accept the person here. What a peer judges by is asked for once more if a key is missing.
async fn unusable(judge: &mut Judge, me: &Me, peer: Role) -> Option<NotThem> {
    let (credential, key) = (me.credential(), me.public());
    let mut verdict = judge.judge(&credential, &key, peer);
    if matches!(verdict, Verdict::Later) {
        judge.ready().await;
        verdict = judge.judge(&credential, &key, peer);
    }
    match verdict {
        Verdict::Known(_) => None,
        Verdict::Refused(why) => Some(why),
        Verdict::Later => Some(NotThem::Token(identity::token::Refusal::UnknownKey)),
    }
}

/// Pins the bundle of an organisation whose issuer the person confirmed.
fn first_use(raw: String, issuer: &str) -> Result<Pin, NotReached> {
    let key = Bundle::named_key(&raw).ok_or(BadBundle::Malformed)?;
    let pin = Pin::new(raw, key, false)?;
    if pin.bundle.issuer != issuer {
        let told =
            "the organisation's bundle names another sign-in service than the one you confirmed";
        return Err(NotReached::OrganisationChanged(told.to_owned()));
    }
    Ok(pin)
}

fn other(role: Role) -> Role {
    match role {
        Role::Helper => Role::Sharer,
        Role::Sharer => Role::Helper,
    }
}

/// The answer to a request, or what the relay says instead.
async fn answered<T: for<'de> Deserialize<'de>>(
    request: reqwest::RequestBuilder,
) -> Result<T, NotReached> {
    let failed = |error: reqwest::Error| NotReached::Relay(reason(&error));
    let response = request.send().await.map_err(failed)?;
    let accepted = response.status().is_success();
    let body = response.bytes().await.map_err(failed)?;
    if accepted {
        return parse(&body);
    }
    Err(NotReached::Refused(parse(&body)?))
}

fn parse<T: for<'de> Deserialize<'de>>(body: &[u8]) -> Result<T, NotReached> {
    serde_json::from_slice(body).map_err(|_| NotReached::Relay("it is no relay".to_owned()))
}

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
