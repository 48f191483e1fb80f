//! Somebody at the relay's API: a person with the console's cookie, or a program with a token.

use std::time::Duration;

use client::sign_in::{Config, SignIn, open_browser};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::Value;
use tokio::process::Command;

use super::program::binary;
use super::scene::Stage;

/// Who asks.
pub struct Visitor {
    http: Client,
    url: String,
    /// The header that says who.
    proof: (&'static str, String),
    /// What the relay says about the person.
    pub me: Value,
}

impl Visitor {
    /// A person of the demo organisation who signs in at the console.
    pub async fn sign_in(stage: &Stage, person: &str) -> Self {
        let (http, url) = (http(stage), stage.relay.url.clone());
        let request = http.post(format!("{url}/api/v1/sign-in"));
        let request = request.bearer_auth(access(stage, person).await);
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK);
        let cookie = answer.headers()["set-cookie"].to_str().expect("text");
        for part in ["; Secure", "; HttpOnly", "; SameSite=Strict", "; Path=/"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        let cookie = cookie.split(';').next().expect("a cookie").to_owned();
        Self {
            http,
            url,
            proof: ("cookie", cookie),
            me: answer.json().await.expect("JSON"),
        }
    }

    /// A program whose token of this kind an administrator made on the relay's host.
    pub async fn program(stage: &Stage, kind: &str) -> Self {
        let arguments = ["token", "create", "--kind", kind, "--name", "a program"];
        let token = stage.host(&arguments).await;
        Self::with_token(stage, token.trim())
    }

    /// A program with this token.
    pub fn with_token(stage: &Stage, token: &str) -> Self {
        Self {
            http: http(stage),
            url: stage.relay.url.clone(),
            proof: ("authorization", format!("Bearer {token}")),
            me: Value::Null,
        }
    }

    /// A request, not yet sent. One with a cookie that changes something needs the header `X-Handrail`, too.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.http.request(method, format!("{}{path}", self.url));
        let (name, value) = &self.proof;
        request.header(*name, value)
    }

    /// What is at this path.
    pub async fn get(&self, path: &str) -> Response {
        let request = self.request(Method::GET, path);
        request.send().await.expect("an answer")
    }

    /// The same, if it is there and may be read.
    pub async fn json(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        answer.json().await.expect("JSON")
    }

    /// Whether it is.
    pub async fn status(&self, path: &str) -> StatusCode {
        self.get(path).await.status()
    }

    /// Replaces what is at this path.
    pub async fn put(&self, path: &str, body: &Value) -> StatusCode {
        let request = self.request(Method::PUT, path).header("x-handrail", "1");
        request.json(body).send().await.expect("an answer").status()
    }

    /// Sends this, which has to succeed.
    pub async fn send(&self, method: Method, path: &str, body: &Value) -> Value {
        let request = self.request(method, path).header("x-handrail", "1");
        let request = request.json(body);
        let answer = request.send().await.expect("an answer");
        let (status, text) = (answer.status(), answer.text().await.expect("a text"));
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }
}

impl Stage {
    /// What an administrator does on the relay's host, for the first organisation. Gives what the program prints.
    pub async fn host(&self, arguments: &[&str]) -> String {
        let done = Command::new(binary("handrail-relay"))
            .args(arguments)
            .args(["--tenant", "lindenhof", "--config"])
            .arg(self.path("relay.toml"))
            .output()
            .await
            .expect("the relay's program can be started");
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success(), "{arguments:?}: {said}");
        String::from_utf8_lossy(&done.stdout).into_owned()
    }
}

/// A client that trusts this stage's relay.
pub fn http(stage: &Stage) -> Client {
    let tls = carrier::client_tls(Some(&stage.relay.ca)).expect("the authority is readable");
    Client::builder()
        .tls_backend_preconfigured((*tls).clone())
        .build()
        .expect("a client")
}

/// An access token of this person.
pub async fn access(stage: &Stage, person: &str) -> String {
    let config = Config {
        issuer: stage.provider.issuer.clone(),
        client_id: "handrail-helper".to_owned(),
        ca: Some(stage.provider.ca.clone()),
        timeout: Duration::from_secs(60),
        step_up: None,
        scope: "openid profile".to_owned(),
    };
    let pending = SignIn::begin(config, "test").await;
    let pending = pending.expect("the provider answers");
    open_browser(&pending.url, Some(&stage.provider.browser(person))).expect("node starts");
    let tokens = pending.finish().await;
    let tokens = tokens.expect("the provider knows the person");
    tokens.access.expose().to_owned()
}
