//! The way that clients come, gone from here by the address that they use.

use std::time::{SystemTime, UNIX_EPOCH};

use carrier::Wish;
use probe::{Place, Probe, Question, Trust, judge};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;

use super::Finding;
use crate::config::Config;

/// Looks for the relay as a client does; one that does not run is looked for by its name alone.
pub(super) async fn examine(config: &Config, runs: bool, now: SystemTime) -> Vec<Finding> {
    let wish = if config.quic {
        Wish::Best
    } else {
        Wish::WebSocket
    };
    let trust = Trust {
        authority: None,
        own: CertificateDer::from_pem_file(&config.tls.certificate).ok(),
    };
    let probe = match Probe::new(&config.address.to_string(), wish, trust) {
        Ok(probe) => probe,
        Err(error) => return vec![cannot(&error)],
    };
    let mut seen = vec![];
    if runs {
        if let Err(error) = probe.run(|one| seen.push(one)).await {
            return vec![cannot(&error)];
        }
    } else {
        seen.push(probe.look_up().await);
    }
    let seconds = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let question = Question {
        host: config.address.host().to_owned(),
        port: config.address.port(),
        wish,
        place: Place::Relay,
        authority: None,
        now: i64::try_from(seconds).unwrap_or(i64::MAX),
    };
    judge(&question, &seen)
}

fn cannot(error: &probe::CannotProbe) -> Finding {
    Finding::warn(
        "way to the relay",
        format!("cannot be looked at: {error}"),
        "install the package `ca-certificates`: it brings the system's authorities",
    )
}
