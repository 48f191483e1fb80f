//! `handrail-relay doctor`: what is wrong with this relay, and what to do about it.
//!
//! What judges takes what was found and answers [`Finding`]s; what finds out is at the edge, in [`examine`] and the functions that
//! are `async`. Nothing is changed, except that a small file is written beside the database and removed again.

mod certificate;
mod host;
mod organisation;
mod provider;
mod reach;
mod registration;
mod way;

use std::path::Path;
use std::time::SystemTime;

use crate::config::{Config, Overrides};

pub use probe::{Finding, Report, State};

/// Looks at everything that can go wrong before and while this relay runs.
pub async fn examine(path: &Path, now: SystemTime) -> Report {
    let mut findings = vec![];
    match Config::read(path, Overrides::default()) {
        Ok(config) => {
            findings.push(Finding::ok("configuration", path.display()));
            findings.extend(of_config(&config, now).await);
        }
        Err(error) => findings.push(Finding::fail(
            "configuration",
            error,
            "mend the file, or make one with `handrail-relay init`; without it nothing else can be looked at",
        )),
    }
    findings.extend(host::examine());
    Report { findings }
}

/// Names and times of the certificate in the file, without looking at anything else.
pub(crate) fn certificate(config: &Config, now: SystemTime) -> Vec<Finding> {
    certificate::of_file(config, now)
}

async fn of_config(config: &Config, now: SystemTime) -> Vec<Finding> {
    let mut all = certificate::examine(config, now);
    all.extend(reach::examine(config, now).await);
    all.push(host::quic(config));
    all.extend(organisation::keys(config));
    all.extend(organisation::store(config).await);
    all.extend(provider::examine(config, now).await);
    all
}
