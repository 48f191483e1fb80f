//! Talking to the provider: https only, no redirects, bounded in size and time.

use std::path::PathBuf;
use std::time::Duration;

use oauth2::{HttpRequest, HttpResponse, http};
use reqwest::{Certificate, Client, redirect};

use super::SignInError;

/// The client for the provider's metadata and tokens.
#[derive(Debug)]
pub(crate) struct Http {
    client: Client,
}

/// Larger answers are not read to their end.
const SIZE_LIMIT: usize = 256 * 1024;

/// How long one answer is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

impl Http {
    /// A client that trusts the system's authorities and those of the PEM file `ca`.
    pub(crate) fn new(ca: Option<&PathBuf>) -> Result<Self, SignInError> {
        // An error says that it is installed already; ring is the only one in the program.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .https_only(true)
            .redirect(redirect::Policy::none())
            .timeout(PATIENCE)
            .user_agent("handrail")
            .tls_certs_merge(ca.map(authorities).transpose()?.unwrap_or_default())
            .build();
        let client = client.map_err(|error| unreachable("the network", &error))?;
        Ok(Self { client })
    }

    /// Sends a request and reads the whole answer, whatever its status.
    pub(crate) async fn send(&self, request: HttpRequest) -> Result<HttpResponse, SignInError> {
        let url = request.uri().to_string();
        let failed = |error: reqwest::Error| unreachable(&url, &error);
        let request = reqwest::Request::try_from(request).map_err(failed)?;
        let mut response = self.client.execute(request).await.map_err(failed)?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if body.len() + chunk.len() > SIZE_LIMIT {
                let reason = format!("its answer is larger than {SIZE_LIMIT} bytes");
                return Err(SignInError::Unreachable { url, reason });
            }
            body.extend_from_slice(&chunk);
        }
        let mut answer = http::Response::new(body);
        *answer.status_mut() = response.status();
        *answer.headers_mut() = response.headers().clone();
        Ok(answer)
    }
}

fn authorities(path: &PathBuf) -> Result<Vec<Certificate>, SignInError> {
    let unusable = |reason: String| SignInError::Authorities {
        path: path.clone(),
        reason,
    };
    let pem = std::fs::read(path).map_err(|error| unusable(error.to_string()))?;
    let found = Certificate::from_pem_bundle(&pem).map_err(|error| unusable(error.to_string()))?;
    if found.is_empty() {
        return Err(unusable("it holds no certificate in PEM form".to_owned()));
    }
    Ok(found)
}

/// The error with its innermost cause: the outermost one only says that sending failed.
fn unreachable(url: &str, error: &reqwest::Error) -> SignInError {
    let mut innermost: &dyn std::error::Error = error;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    let reason = if error.is_timeout() {
        "timed out".to_owned()
    } else {
        innermost.to_string()
    };
    SignInError::Unreachable {
        url: url.to_owned(),
        reason,
    }
}
