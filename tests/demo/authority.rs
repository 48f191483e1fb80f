//! The certificate authority of one run. Its key is dropped as soon as the server has its certificate.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    PublicKeyData,
};
use sha2::{Digest, Sha256};

use crate::netem::RELAY;

/// The files that were made.
#[derive(Clone, Debug)]
pub struct Authority {
    /// The certificate that clients are told to trust.
    pub ca: PathBuf,
    /// The server's certificate, for `localhost`, `127.0.0.1` and [`RELAY`].
    pub certificate: PathBuf,
    /// The server's key, readable by its owner only.
    pub key: PathBuf,
    /// The fingerprint of the server's key, as browsers take it: SHA-256 of its public half, in base64.
    pub key_hash: String,
}

/// Why there is no authority.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    /// A file could not be written.
    #[error("cannot write {}: {error}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// A certificate could not be made.
    #[error("cannot make a certificate: {0}")]
    Certificate(#[from] rcgen::Error),
}

impl Authority {
    /// Makes an authority and one server certificate in this folder, which is made if it is not there.
    ///
    /// # Errors
    /// See [`AuthorityError`].
    pub fn make(folder: &Path) -> Result<Self, AuthorityError> {
        fs::create_dir_all(folder).map_err(|error| failed(folder, error))?;
        let key = KeyPair::generate()?;
        let files = Self {
            ca: folder.join("ca.pem"),
            certificate: folder.join("server.pem"),
            key: folder.join("server.key"),
            key_hash: STANDARD.encode(Sha256::digest(key.subject_public_key_info())),
        };
        let authority_key = KeyPair::generate()?;
        let mut authority = CertificateParams::default();
        authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        authority
            .distinguished_name
            .push(DnType::CommonName, "Handrail demo authority");
        let ca = authority.self_signed(&authority_key)?.pem();

        let names = [
            "localhost".to_owned(),
            "127.0.0.1".to_owned(),
            RELAY.to_string(),
        ];
        let mut server = CertificateParams::new(names)?;
        server
            .distinguished_name
            .push(DnType::CommonName, "localhost");
        let certificate = server
            .signed_by(&key, &Issuer::new(authority, authority_key))?
            .pem();

        write(&files.ca, &ca, 0o644)?;
        write(&files.certificate, &certificate, 0o644)?;
        write(&files.key, &key.serialize_pem(), 0o600)?;
        Ok(files)
    }
}

fn write(path: &Path, text: &str, mode: u32) -> Result<(), AuthorityError> {
    let mut file = fs::OpenOptions::new();
    file.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut file, mode);
    #[cfg(not(unix))]
    let _ = mode;
    let written = file
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| failed(path, error))
}

fn failed(path: &Path, error: std::io::Error) -> AuthorityError {
    AuthorityError::Write {
        path: path.to_owned(),
        error,
    }
}
