//! Fetching a document of the issuer: https only, no redirects, bounded in size and time.

use std::path::PathBuf;
use std::time::Duration;

use reqwest::header::{CACHE_CONTROL, HeaderMap};
use reqwest::{Certificate, Client, RequestBuilder, Response, StatusCode, redirect};

/// Why a document could not be had.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The address is not an https address.
    #[error("{0} is not an https address")]
    NotHttps(String),
    /// The file of additional certificate authorities cannot be used.
    #[error("cannot read certificate authorities from {}: {reason}", path.display())]
    Authorities {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// No answer, or not in time, or without a trusted certificate.
    #[error("no answer from {url}: {reason}")]
    NoAnswer {
        /// The address.
        url: String,
        /// What the network says.
        reason: String,
    },
    /// Another status than 200; redirects are not followed.
    #[error("{url} answered with status {status}")]
    Status {
        /// The address.
        url: String,
        /// The HTTP status.
        status: u16,
    },
    /// More bytes than any honest document has.
    #[error("the answer of {0} is larger than {SIZE_LIMIT} bytes")]
    TooLarge(String),
}

/// A document and how long the issuer says it may be kept.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) bytes: Vec<u8>,
    pub(super) max_age: Option<Duration>,
}

/// An answer as it came.
#[derive(Debug)]
pub(crate) struct Given {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

/// Larger answers are not read to their end.
pub(super) const SIZE_LIMIT: usize = 256 * 1024;

/// The client for an issuer's documents.
#[derive(Debug)]
pub(crate) struct Http {
    client: Client,
}

impl Http {
    /// A client that trusts the system's authorities and those of the PEM file `ca`, and gives up on a
    /// document after `patience`.
    pub(crate) fn new(ca: Option<&PathBuf>, patience: Duration) -> Result<Self, FetchError> {
        // An error says that it is installed already; ring is the only one in the program.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = Client::builder()
            .https_only(true)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .timeout(patience)
            .user_agent("handrail-relay")
            .tls_certs_merge(ca.map(authorities).transpose()?.unwrap_or_default());
        let client = builder
            .build()
            .map_err(|error| no_answer("the network", &error))?;
        Ok(Self { client })
    }

    /// To begin a request that [`Self::ask`] sends.
    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Sends a request and answers what came, whatever the status.
    pub(crate) async fn ask(
        &self,
        request: RequestBuilder,
        url: &str,
    ) -> Result<Given, FetchError> {
        let response = request.send().await;
        let response = response.map_err(|error| no_answer(url, &error))?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = read(response, url).await?;
        Ok(Given {
            status,
            headers,
            bytes,
        })
    }

    /// Fetches a document.
    pub(super) async fn get(&self, url: &str) -> Result<Document, FetchError> {
        if !url.starts_with("https://") {
            return Err(FetchError::NotHttps(url.to_owned()));
        }
        let request = self.client.get(url).header("accept", "application/json");
        let given = self.ask(request, url).await?;
        if given.status != StatusCode::OK.as_u16() {
            return Err(FetchError::Status {
                url: url.to_owned(),
                status: given.status,
            });
        }
        Ok(Document {
            max_age: max_age(&given.headers),
            bytes: given.bytes,
        })
    }
}

/// The body, as far as an honest one goes.
async fn read(mut response: Response, url: &str) -> Result<Vec<u8>, FetchError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response
        .chunk()
        .await
        .map_err(|error| no_answer(url, &error))?
    {
        if bytes.len() + chunk.len() > SIZE_LIMIT {
            return Err(FetchError::TooLarge(url.to_owned()));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn authorities(path: &PathBuf) -> Result<Vec<Certificate>, FetchError> {
    let unusable = |reason: String| FetchError::Authorities {
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

/// The error with its causes: the outermost one only says that sending failed.
fn no_answer(url: &str, error: &reqwest::Error) -> FetchError {
    let mut reason = String::new();
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(error);
    while let Some(error) = cause {
        reason = error.to_string();
        cause = error.source();
    }
    if error.is_timeout() {
        reason = "timed out".to_owned();
    }
    FetchError::NoAnswer {
        url: url.to_owned(),
        reason,
    }
}

fn max_age(headers: &HeaderMap) -> Option<Duration> {
    let directives = headers.get(CACHE_CONTROL)?.to_str().ok()?;
    let seconds = directives
        .split(',')
        .find_map(|one| one.trim().strip_prefix("max-age="))?;
    seconds.parse().ok().map(Duration::from_secs)
}
