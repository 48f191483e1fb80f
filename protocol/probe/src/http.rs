//! What answers over HTTPS.

use std::time::Duration;

use reqwest::header::LOCATION;
use reqwest::{Client, Response, redirect};
use rustls::ClientConfig;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use wire::Protocols;

use crate::seen::Ours;
use crate::steps::PATIENCE;
use crate::{NoRelay, Told};

#[derive(Deserialize)]
struct SignIn {
    issuer: String,
    protocol: Protocols,
}

/// Asks what a relay says of itself to everybody.
pub(crate) async fn ask(relay: &str, tls: ClientConfig) -> Result<Told, NoRelay> {
    let client = Client::builder()
        .tls_backend_preconfigured(tls)
        .https_only(true)
        .redirect(redirect::Policy::none())
        .timeout(PATIENCE)
        .build();
    let client = client.map_err(|error| broken(&error))?;
    let answer = client.get(format!("{relay}/api/v1/sign-in")).send().await;
    let sign_in: SignIn = read(answer.map_err(|error| broken(&error))?).await?;
    let connection = client.get(format!("{relay}/api/v1/connection"));
    let connection = match connection.send().await {
        Ok(answer) => read::<Ours>(answer).await.ok(),
        Err(_) => None,
    };
    Ok(Told {
        issuer: sign_in.issuer,
        protocol: sign_in.protocol,
        connection,
    })
}

async fn read<T: DeserializeOwned>(mut answer: Response) -> Result<T, NoRelay> {
    let status = answer.status();
    if status.is_redirection() {
        let to = answer.headers().get(LOCATION);
        let to = to.and_then(|to| to.to_str().ok()).unwrap_or_default();
        return Err(NoRelay::Elsewhere(to.chars().take(LENGTH).collect()));
    }
    if !status.is_success() {
        return Err(NoRelay::Status(status.as_u16()));
    }
    let mut body = vec![];
    while let Some(chunk) = answer.chunk().await.map_err(|error| broken(&error))? {
        if body.len() + chunk.len() > SIZE {
            return Err(NoRelay::OtherProgram);
        }
        body.extend_from_slice(&chunk);
    }
    serde_json::from_slice(&body).map_err(|_| NoRelay::OtherProgram)
}

/// The innermost cause: the outermost one only says that sending failed.
fn broken(error: &reqwest::Error) -> NoRelay {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    let late = Duration::as_secs(&PATIENCE);
    NoRelay::Broken(if error.is_timeout() {
        format!("nothing came back in {late} s")
    } else {
        innermost.to_string()
    })
}

const SIZE: usize = 64 * 1024;
const LENGTH: usize = 200;
