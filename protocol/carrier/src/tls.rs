//! The clients' side of TLS: version 1.3, the system's certificate authorities and those that were given.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::ring;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use rustls_platform_verifier::Verifier;
use thiserror::Error;

/// A ready configuration, shared by all connections of a program.
pub type ClientTls = Arc<ClientConfig>;

/// The certificate authorities could not be read.
#[derive(Debug, Error)]
pub enum NoCertificates {
    /// The file that was named.
    #[error("no certificate could be read from {path}: {why}")]
    File {
        /// Which file.
        path: PathBuf,
        /// What is wrong with it.
        why: String,
    },
    /// The system's own.
    #[error("the system's certificates cannot be used: {0}")]
    System(#[from] rustls::Error),
}

/// Makes the configuration. `authority` is a PEM file of further certificate authorities.
///
/// There is no way to turn the checking off.
pub fn client_tls(authority: Option<&Path>) -> Result<ClientTls, NoCertificates> {
    let provider = Arc::new(ring::default_provider());
    let extra = match authority {
        Some(path) => read_certificates(path)?,
        None => vec![],
    };
    let verifier = Verifier::new_with_extra_roots(extra, provider.clone())?;
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn read_certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, NoCertificates> {
    let file = |why: String| NoCertificates::File {
        path: path.to_owned(),
        why,
    };
    let certificates = CertificateDer::pem_file_iter(path)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| file(error.to_string()))?;
    if certificates.is_empty() {
        return Err(file("it holds none".to_owned()));
    }
    Ok(certificates)
}
