//! The relay's certificate, which is read anew while the relay runs: whoever renews it need not restart anything.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use rustls::crypto::ring;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use thiserror::Error;
use tokio::signal::unix::{SignalKind, signal};
use tracing::{info, warn};

use crate::config;

/// TLS cannot be set up.
#[derive(Debug, Error)]
pub enum BadTls {
    /// A PEM file cannot be used.
    #[error("{path} cannot be used: {why}")]
    File {
        /// Which file.
        path: String,
        /// Why.
        why: String,
    },
    /// Certificate and key do not go together.
    #[error("the certificate and the key cannot be used together: {0}")]
    Pair(#[from] rustls::Error),
}

/// Certificate and key for all handshakes, by TCP and UDP.
#[derive(Debug)]
pub(crate) struct Certificate {
    file: PathBuf,
    key: PathBuf,
    current: RwLock<Arc<CertifiedKey>>,
}

impl Certificate {
    /// Reads both files.
    pub(crate) fn read(tls: &config::Tls) -> Result<Self, BadTls> {
        Ok(Self {
            current: RwLock::new(Arc::new(read(&tls.certificate, &tls.key)?)),
            file: tls.certificate.clone(),
            key: tls.key.clone(),
        })
    }

    /// The SHA-256 of the certificate itself, in hex.
    pub(crate) fn digest(&self) -> String {
        let current = self.current();
        current
            .cert
            .first()
            .map(|leaf| probe::fingerprint(leaf))
            .unwrap_or_default()
    }

    /// Reads the files anew. Gives whether another certificate is used from now on; an error leaves everything as it was.
    pub(crate) fn renew(&self) -> Result<bool, BadTls> {
        let read = read(&self.file, &self.key)?;
        let is_other = read.cert != self.current().cert;
        if is_other {
            let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
            *current = Arc::new(read);
        }
        Ok(is_other)
    }

    fn current(&self) -> Arc<CertifiedKey> {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        current.clone()
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current())
    }
}

/// Looks at the files every minute, and on SIGHUP, until it is dropped. Files that do not go together, as while they are written, are
/// looked at again.
pub(crate) async fn watch(certificate: Arc<Certificate>) {
    let mut hangup = signal(SignalKind::hangup())
        .inspect_err(|error| warn!(%error, "SIGHUP cannot be heard"))
        .ok();
    let mut told = String::new();
    loop {
        let asked = async {
            match &mut hangup {
                Some(hangup) => hangup.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            _ = asked => told.clear(),
        }
        match certificate.renew() {
            Ok(true) => info!("another certificate is used from now on"),
            Ok(false) => {}
            Err(error) if error.to_string() == told => {}
            Err(error) => {
                warn!(%error, "the certificate stays what it is");
                told = error.to_string();
                continue;
            }
        }
    }
}

fn read(file: &Path, key: &Path) -> Result<CertifiedKey, BadTls> {
    let certificates = CertificateDer::pem_file_iter(file)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| bad_file(file, &error))?;
    if certificates.is_empty() {
        return Err(bad_file(file, &"it holds no certificate"));
    }
    let secret = PrivateKeyDer::from_pem_file(key).map_err(|error| bad_file(key, &error))?;
    let provider = ring::default_provider();
    Ok(CertifiedKey::from_der(certificates, secret, &provider)?)
}

fn bad_file(path: &Path, error: &impl ToString) -> BadTls {
    BadTls::File {
        path: path.display().to_string(),
        why: error.to_string(),
    }
}

const LOOK: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use std::fs;

    use rcgen::{CertifiedKey, generate_simple_self_signed};

    use super::*;

    /// Writes another certificate. Gives the files.
    fn write(folder: &Path) -> (String, String) {
        let CertifiedKey { cert, signing_key } =
            generate_simple_self_signed(["help.example".to_owned()]).unwrap();
        let pair = (cert.pem(), signing_key.serialize_pem());
        fs::write(folder.join("certificate.pem"), &pair.0).unwrap();
        fs::write(folder.join("key.pem"), &pair.1).unwrap();
        pair
    }

    /// Bad input: files that are half written, or do not go together, change nothing, until both are there.
    #[test]
    fn only_a_whole_pair_takes_the_place_of_the_one_before() {
        let folder = tempfile::tempdir().unwrap();
        let old = write(folder.path());
        let tls = config::Tls {
            certificate: folder.path().join("certificate.pem"),
            key: folder.path().join("key.pem"),
            allow_tls12: false,
        };
        let certificate = Certificate::read(&tls).unwrap();
        let before = certificate.digest();
        assert!(!certificate.renew().unwrap(), "nothing changed");

        let new = write(folder.path());
        fs::write(&tls.key, &old.1).unwrap();
        assert!(matches!(certificate.renew(), Err(BadTls::Pair(_))));
        fs::write(&tls.key, &new.1).unwrap();
        fs::write(&tls.certificate, &new.0[..new.0.len() / 2]).unwrap();
        assert!(matches!(certificate.renew(), Err(BadTls::File { .. })));
        fs::write(&tls.certificate, "").unwrap();
        assert!(matches!(certificate.renew(), Err(BadTls::File { .. })));
        assert_eq!(certificate.digest(), before);

        fs::write(&tls.certificate, &new.0).unwrap();
        assert!(certificate.renew().unwrap());
        assert_ne!(certificate.digest(), before);
    }
}
