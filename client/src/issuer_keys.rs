//! The keys that the organisation's issuer publishes, fetched by this client itself (SPEC 8.7).

use std::sync::Arc;
use std::time::SystemTime;

use identity::keys::{Cache, KeySet, Need};
use oauth2::http;
use tokio::sync::oneshot;

use crate::sign_in::SignInError;
use crate::sign_in::http::Http;

/// The published keys, renewed in the background when one is missing.
pub(crate) struct IssuerKeys {
    source: Source,
    cache: Cache,
    coming: Option<Coming>,
}

/// Where they come from.
#[derive(Clone)]
struct Source {
    http: Arc<Http>,
    issuer: String,
    jwks_uri: String,
}

struct Coming {
    key: String,
    keys: oneshot::Receiver<Result<KeySet, SignInError>>,
}

impl IssuerKeys {
    /// Fetches them for the first time.
    pub(crate) async fn fetch(
        http: Http,
        issuer: &str,
        jwks_uri: &str,
    ) -> Result<Self, SignInError> {
        let source = Source {
            http: Arc::new(http),
            issuer: issuer.to_owned(),
            jwks_uri: jwks_uri.to_owned(),
        };
        let keys = source.get().await?;
        Ok(Self {
            source,
            cache: Cache::new(keys, None, SystemTime::now()),
            coming: None,
        })
    }

    /// What a token that is signed with this key needs.
    pub(crate) fn need(&mut self, key: &str, now: SystemTime) -> Need {
        self.cache.need(key, now)
    }

    /// Begins to fetch them anew for a token with this key.
    pub(crate) fn renew(&mut self, key: &str, now: SystemTime) {
        self.cache.begin(now);
        let (answer, keys) = oneshot::channel();
        let source = self.source.clone();
        tokio::spawn(async move {
            // Nobody waits any more if the session is over.
            let _ = answer.send(source.get().await);
        });
        self.coming = Some(Coming {
            key: key.to_owned(),
            keys,
        });
    }

    /// Waits until what was begun is over, well or not. Never ends if nothing was begun. Cancel-safe.
    pub(crate) async fn renewed(&mut self) {
        let Some(coming) = &mut self.coming else {
            return std::future::pending().await;
        };
        let fetched = (&mut coming.keys).await;
        let key = std::mem::take(&mut coming.key);
        self.coming = None;
        match fetched {
            Ok(Ok(keys)) => self.cache.fetched(keys, None, &key, SystemTime::now()),
            Ok(Err(error)) => tracing::warn!(%error, "the issuer's keys could not be fetched"),
            Err(_) => {}
        }
    }
}

impl Source {
    async fn get(&self) -> Result<KeySet, SignInError> {
        let unusable = |reason: String| SignInError::Unusable {
            issuer: self.issuer.clone(),
            reason,
        };
        let request = http::Request::get(&self.jwks_uri).header("accept", "application/json");
        let request = request
            .body(Vec::new())
            .map_err(|error| unusable(error.to_string()))?;
        let answer = self.http.send(request).await?;
        if answer.status() != http::StatusCode::OK {
            let status = answer.status().as_u16();
            return Err(unusable(format!(
                "its keys were answered with status {status}"
            )));
        }
        KeySet::read(answer.body()).map_err(|error| unusable(error.to_string()))
    }
}
