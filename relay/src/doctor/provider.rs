//! The organisation's sign-in service: does it answer, is it the one that is configured, does it know our programs, and is its
//! clock ours.

use std::time::{Duration, SystemTime};

use ::identity::discovery;
use ::identity::keys::KeySet;
use ::identity::token;
use reqwest::header::{ACCESS_CONTROL_ALLOW_ORIGIN, DATE, HeaderMap, LOCATION, ORIGIN};
use serde::Deserialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;

use super::Finding;
use super::registration::{Answer, Program, classify, judge, judge_cors};
use crate::config::Config;
use crate::identity::http::{Given, Http};

/// What of the metadata only programs that sign in need.
#[derive(Clone, Debug, Default, Deserialize)]
struct SignIn {
    #[serde(default)]
    authorization_endpoint: String,
    #[serde(default)]
    token_endpoint: String,
    code_challenge_methods_supported: Option<Vec<String>>,
}

pub(super) async fn examine(config: &Config, now: SystemTime) -> Vec<Finding> {
    token::install();
    let issuer = &config.provider.issuer;
    let http = match Http::new(config.provider.ca.as_ref(), PATIENCE) {
        Ok(http) => http,
        Err(error) => return vec![unreachable(issuer, &error.to_string())],
    };
    let address = discovery::address(issuer);
    let given = match http.ask(http.client().get(&address), &address).await {
        Ok(given) => given,
        Err(error) => return vec![unreachable(issuer, &error.to_string())],
    };
    let mut all = vec![judge_clock(&given.headers, now)];
    let metadata = match judge_metadata(issuer, &given) {
        Ok(metadata) => metadata,
        Err(finding) => {
            all.push(finding);
            return all;
        }
    };
    all.push(Finding::ok(
        "sign-in service",
        format!("{issuer} answers as itself"),
    ));
    let jwks = &metadata.jwks_uri;
    let keys = http.ask(http.client().get(jwks), jwks).await;
    all.push(match keys {
        Ok(given) => judge_keys(given.status, &given.bytes),
        Err(error) => no_keys(&error.to_string()),
    });
    let sign_in: SignIn = serde_json::from_slice(&given.bytes).unwrap_or_default();
    all.push(judge_pkce(
        sign_in.code_challenge_methods_supported.as_deref(),
    ));
    all.extend(programs(config, &http, &sign_in).await);
    all
}

/// Begins a sign-in of each program, as it would itself, and goes no further.
async fn programs(config: &Config, http: &Http, sign_in: &SignIn) -> Vec<Finding> {
    let provider = &config.provider;
    let console = format!("{}/signed-in", config.address);
    let native =
        "a public client of a native application (no secret, authorization code with PKCE)";
    let all = [
        (
            "helper's registration",
            &provider.helper_client,
            LOOPBACK,
            native,
        ),
        (
            "sharer's registration",
            &provider.sharer_client,
            LOOPBACK,
            native,
        ),
        (
            "console's registration",
            &provider.console_client,
            console.as_str(),
            "a public client of a page (no secret, authorization code with PKCE)",
        ),
    ];
    let mut findings = vec![];
    for (about, client, redirect, kind) in all {
        let program = Program {
            about,
            client,
            scope: &provider.scope,
            redirect: redirect.to_owned(),
            registered: if redirect == LOOPBACK { ANY_PORT } else { "" },
            kind,
        };
        let named = provider.resource && redirect == console;
        let asked = Asked {
            scope: &provider.scope,
            resource: named.then_some(provider.audience.as_str()),
        };
        findings.push(begin(http, sign_in, &program, &asked).await);
    }
    findings.push(cross_origin(config, http, sign_in, &console).await);
    findings
}

/// What a program asks for.
struct Asked<'a> {
    scope: &'a str,
    resource: Option<&'a str>,
}

async fn begin(http: &Http, sign_in: &SignIn, program: &Program<'_>, asked: &Asked<'_>) -> Finding {
    let mut query = vec![
        ("response_type", "code"),
        ("client_id", program.client),
        ("redirect_uri", program.redirect.as_str()),
        ("scope", asked.scope),
        ("state", "doctor"),
        ("nonce", "doctor"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    query.extend(asked.resource.map(|resource| ("resource", resource)));
    let endpoint = &sign_in.authorization_endpoint;
    let Ok(url) = reqwest::Url::parse_with_params(endpoint, query) else {
        return no_endpoint(program.about, "authorization_endpoint");
    };
    match http.ask(http.client().get(url), endpoint).await {
        Ok(given) => {
            let location = given.headers.get(LOCATION);
            let location = location.and_then(|location| location.to_str().ok());
            let answer = Answer {
                status: given.status,
                location: location.map(str::to_owned),
                body: String::from_utf8_lossy(&given.bytes).into_owned(),
            };
            judge(program, &classify(&answer, &program.redirect))
        }
        Err(error) => Finding::warn(
            program.about,
            format!("cannot tell: {error}"),
            "sign in once and see",
        ),
    }
}

/// Asks for tokens with a code that nobody gave, as a page of the console would; only who may read the refusal is of interest.
async fn cross_origin(config: &Config, http: &Http, sign_in: &SignIn, console: &str) -> Finding {
    const ABOUT: &str = "console across origins";
    let origin = config.address.to_string();
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", config.provider.console_client.as_str()),
        ("code", "doctor"),
        ("redirect_uri", console),
        ("code_verifier", VERIFIER),
    ];
    // A form, written as a query is.
    let Ok(form) = reqwest::Url::parse_with_params("https://form.invalid", form) else {
        return no_endpoint(ABOUT, "token_endpoint");
    };
    let endpoint = &sign_in.token_endpoint;
    let request = http
        .client()
        .post(endpoint)
        .header(ORIGIN, &origin)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form.query().unwrap_or_default().to_owned());
    match http.ask(request, endpoint).await {
        Ok(given) => {
            let allowed = given.headers.get(ACCESS_CONTROL_ALLOW_ORIGIN);
            judge_cors(&origin, allowed.and_then(|allowed| allowed.to_str().ok()))
        }
        Err(error) => Finding::fail(
            ABOUT,
            error,
            "the token address of the metadata has to answer; ask whoever runs the sign-in service",
        ),
    }
}

fn judge_metadata(issuer: &str, given: &Given) -> Result<discovery::Metadata, Finding> {
    if given.status != 200 {
        let why = format!("its metadata answer with status {}", given.status);
        return Err(unreachable(issuer, &why));
    }
    discovery::Metadata::read(&given.bytes, issuer).map_err(|error| {
        let remedy = match &error {
            discovery::BadMetadata::OtherIssuer { found, .. } => {
                format!(
                    "write issuer = {found:?} into [provider], letter by letter, if that is yours"
                )
            }
            discovery::BadMetadata::Malformed | discovery::BadMetadata::NotHttps(_) => {
                "look at the metadata; ask whoever runs the sign-in service".to_owned()
            }
        };
        Finding::fail("sign-in service", error, remedy)
    })
}

fn unreachable(issuer: &str, why: &str) -> Finding {
    Finding::fail(
        "sign-in service",
        why,
        format!(
            "look whether this host may go out to {} (no proxy is used), and whether it trusts the certificate: `ca` of [provider] names an authority that the system does not know",
            discovery::address(issuer)
        ),
    )
}

fn judge_keys(status: u16, bytes: &[u8]) -> Finding {
    if status != 200 {
        return no_keys(&format!("they answer with status {status}"));
    }
    match KeySet::read(bytes) {
        Ok(_) => Finding::ok(
            "sign-in service's keys",
            "there are some that the relay can use",
        ),
        Err(error) => no_keys(&error.to_string()),
    }
}

fn no_keys(why: &str) -> Finding {
    Finding::fail(
        "sign-in service's keys",
        why,
        "it has to sign with RS256 (2048 bits or more), ES256 or EdDSA, and publish those keys at its `jwks_uri`",
    )
}

/// Entra ID can do it and does not say so.
fn judge_pkce(methods: Option<&[String]>) -> Finding {
    const ABOUT: &str = "PKCE";
    match methods {
        Some(methods) if methods.iter().any(|method| method == "S256") => {
            Finding::ok(ABOUT, "S256 is supported")
        }
        Some(methods) => Finding::fail(
            ABOUT,
            format!("S256 is not among {}", methods.join(", ")),
            "allow PKCE with S256: every sign-in uses it",
        ),
        None => Finding::warn(
            ABOUT,
            "the metadata do not say whether S256 is supported",
            "nothing with Entra ID, which supports it without saying so; else sign in once and see",
        ),
    }
}

fn judge_clock(headers: &HeaderMap, now: SystemTime) -> Finding {
    const ABOUT: &str = "clock";
    let told = headers.get(DATE).and_then(|date| date.to_str().ok());
    let told = told.and_then(|date| OffsetDateTime::parse(date, &Rfc2822).ok());
    let Some(told) = told else {
        return Finding::warn(
            ABOUT,
            "the sign-in service does not tell its time",
            "`timedatectl` says whether this clock is kept right",
        );
    };
    let apart = (OffsetDateTime::from(now) - told).whole_seconds();
    if apart.unsigned_abs() > SKEW {
        let way = if apart > 0 { "ahead of" } else { "behind" };
        return Finding::warn(
            ABOUT,
            format!(
                "{} s {way} the sign-in service's; tokens are refused when clocks differ by more than {SKEW} s",
                apart.unsigned_abs()
            ),
            "`timedatectl set-ntp true`",
        );
    }
    Finding::ok(ABOUT, "that of the sign-in service")
}

fn no_endpoint(about: &'static str, name: &str) -> Finding {
    Finding::fail(
        about,
        format!("the metadata have no usable `{name}`"),
        "ask whoever runs the sign-in service",
    )
}

/// Where native programs come back to; the system picks the port anew each time (RFC 8252 section 7.3).
const LOOPBACK: &str = "http://127.0.0.1:49152/callback";
const ANY_PORT: &str = "http://127.0.0.1/callback";
/// The pair of RFC 7636 appendix B: nobody signs in with it.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
/// Seconds.
const SKEW: u64 = 30;
const PATIENCE: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    #[test]
    fn the_clock_is_compared() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        let at = |date: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(DATE, date.parse().unwrap());
            judge_clock(&headers, now).state
        };
        assert_eq!(at("Sun, 06 Nov 1994 08:49:37 GMT"), State::Ok);
        assert_eq!(at("Sun, 06 Nov 1994 08:49:07 GMT"), State::Ok);
        assert_eq!(at("Sun, 06 Nov 1994 08:49:06 GMT"), State::Warn);
        assert_eq!(at("Sun, 06 Nov 1994 08:50:08 GMT"), State::Warn);
        assert_eq!(at("yesterday"), State::Warn);
    }

    #[test]
    fn metadata_keys_and_pkce_are_judged() {
        let given = |status, text: &str| Given {
            status,
            headers: HeaderMap::new(),
            bytes: text.as_bytes().to_vec(),
        };
        let issuer = "https://login.example";
        let slash = r#"{"issuer":"https://login.example/","jwks_uri":"https://login.example/k"}"#;
        let other = judge_metadata(issuer, &given(200, slash)).unwrap_err();
        assert!(other.remedy.unwrap().contains("\"https://login.example/\""));
        assert!(judge_metadata(issuer, &given(404, "")).is_err());
        let same = slash.replace("example/\",\"jwks", "example\",\"jwks");
        assert!(judge_metadata(issuer, &given(200, &same)).is_ok());
        assert_eq!(judge_keys(200, b"{}").state, State::Fail);
        assert_eq!(judge_keys(500, b"").state, State::Fail);
        let methods = |some: &[&str]| some.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            judge_pkce(Some(&methods(&["plain", "S256"]))).state,
            State::Ok
        );
        assert_eq!(judge_pkce(Some(&methods(&["plain"]))).state, State::Fail);
        assert_eq!(judge_pkce(None).state, State::Warn);
    }
}
