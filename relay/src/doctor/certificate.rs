//! The relay's certificate: may clients believe it, for how long, and is the key its own.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustls::client::danger::ServerCertVerifier;
use rustls::client::verify_server_name;
use rustls::server::ParsedCertificate;
use rustls::sign::CertifiedKey;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer, X509Certificate};

use super::Finding;
use crate::config::{Address, Config};

pub(super) fn examine(config: &Config, now: SystemTime) -> Vec<Finding> {
    let tls = &config.tls;
    let mut all = vec![];
    let chain = CertificateDer::pem_file_iter(&tls.certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let chain = match chain {
        Ok(chain) if !chain.is_empty() => chain,
        Ok(_) => {
            all.push(no_certificate(&tls.certificate, "it holds no certificate"));
            vec![]
        }
        Err(error) => {
            all.push(no_certificate(&tls.certificate, &error.to_string()));
            vec![]
        }
    };
    all.extend(judge(&chain, &config.address, now));
    if let Some((own, others)) = chain.split_first() {
        all.push(believed(own, others, &config.address, now));
    }
    all.push(match PrivateKeyDer::from_pem_file(&tls.key) {
        Ok(key) => fits(chain, &key),
        Err(error) => Finding::fail(
            "certificate's key",
            format!("{} cannot be used: {error}", tls.key.display()),
            "name the PEM file of the private key as `key` of [tls], readable by the relay's user",
        ),
    });
    if let Ok(data) = fs::metadata(&tls.key) {
        all.extend(judge_mode(&tls.key, data.permissions().mode()));
    }
    all
}

/// Names and times alone, of a file that can be read.
pub(super) fn of_file(config: &Config, now: SystemTime) -> Vec<Finding> {
    let own = CertificateDer::from_pem_file(&config.tls.certificate);
    own.map(|own| judge(&[own], &config.address, now))
        .unwrap_or_default()
}

fn no_certificate(path: &Path, why: &str) -> Finding {
    Finding::fail(
        "certificate",
        format!("{} cannot be used: {why}", path.display()),
        "name a PEM file as `certificate` of [tls]: the relay's own certificate, then those between it and the authority",
    )
}

/// Times and names of the first certificate of a chain.
fn judge(chain: &[CertificateDer<'_>], address: &Address, now: SystemTime) -> Vec<Finding> {
    let Some(own) = chain.first() else {
        return vec![];
    };
    let Ok((_, read)) = X509Certificate::from_der(own) else {
        return vec![Finding::fail(
            "certificate",
            "it is no X.509 certificate",
            "take the file that the authority gave",
        )];
    };
    let seconds = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let now = i64::try_from(seconds).unwrap_or(i64::MAX);
    let validity = read.validity();
    let (begin, end) = (
        validity.not_before.timestamp(),
        validity.not_after.timestamp(),
    );
    vec![
        judge_times(begin, end, now),
        judge_names(own, &read, address),
    ]
}

fn judge_times(begin: i64, end: i64, now: i64) -> Finding {
    const ABOUT: &str = "certificate's time";
    let days = |seconds: i64| seconds / 86_400;
    if now < begin {
        let found = format!("it is good only from {} days on", days(begin - now) + 1);
        return Finding::fail(
            ABOUT,
            found,
            "look at the clock of this host (`timedatectl`), or wait",
        );
    }
    if now > end {
        let found = format!("it expired {} days ago", days(now - end));
        return Finding::fail(ABOUT, found, "renew it and start the relay again");
    }
    let left = days(end - now);
    let found = format!("{left} days left");
    if left < SOON {
        let remedy = "renew it and start the relay again; it reads its files only at the start";
        return Finding::warn(ABOUT, found, remedy);
    }
    Finding::ok(ABOUT, found)
}

/// By the same rules as clients do.
fn judge_names(own: &CertificateDer<'_>, read: &X509Certificate<'_>, address: &Address) -> Finding {
    const ABOUT: &str = "certificate's names";
    let names = names(read).join(", ");
    let parsed = ParsedCertificate::try_from(own);
    let fits = server_name(address).zip(parsed.ok());
    let fits = fits.is_some_and(|(name, parsed)| verify_server_name(&parsed, &name).is_ok());
    if fits {
        return Finding::ok(ABOUT, format!("{} is among {names}", address.host()));
    }
    Finding::fail(
        ABOUT,
        format!("{} is not among {names}", address.host()),
        "take a certificate for that name, or write the name that people use as `address`",
    )
}

fn names(read: &X509Certificate<'_>) -> Vec<String> {
    let found = read.subject_alternative_name().ok().flatten();
    let names = found.map(|found| found.value.general_names.as_slice());
    let told = names.unwrap_or_default().iter().map(|name| {
        if let GeneralName::DNSName(name) = name {
            (*name).to_owned()
        } else {
            name.to_string()
        }
    });
    let told: Vec<String> = told.take(20).collect();
    if told.is_empty() {
        return vec!["no names at all (a subject alone does not count)".to_owned()];
    }
    told
}

/// Whether this machine believes it, as native clients here would.
fn believed(
    own: &CertificateDer<'_>,
    others: &[CertificateDer<'_>],
    address: &Address,
    now: SystemTime,
) -> Finding {
    const ABOUT: &str = "certificate's authority";
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = rustls_platform_verifier::Verifier::new(provider);
    let since = now.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    let verified = match (verifier, server_name(address)) {
        (Ok(verifier), Some(name)) => {
            let time = UnixTime::since_unix_epoch(since);
            verifier.verify_server_cert(own, others, &name, &[], time)
        }
        (Err(error), _) => Err(error),
        (Ok(_), None) => Err(rustls::Error::UnsupportedNameType),
    };
    match verified {
        Ok(_) => Finding::ok(ABOUT, "this machine believes it"),
        Err(error) => Finding::warn(
            ABOUT,
            format!("this machine does not believe it: {error}"),
            "if the authority is your own, start programs with --ca FILE and tell it to browsers; else look whether the file holds the certificates between yours and the authority",
        ),
    }
}

fn server_name(address: &Address) -> Option<ServerName<'static>> {
    ServerName::try_from(address.bare_host().to_owned()).ok()
}

fn fits(chain: Vec<CertificateDer<'static>>, key: &PrivateKeyDer<'static>) -> Finding {
    const ABOUT: &str = "certificate's key";
    let key = rustls::crypto::ring::sign::any_supported_type(key);
    match key.map(|key| CertifiedKey::new(chain, key).keys_match()) {
        Ok(Ok(())) => Finding::ok(ABOUT, "it is the certificate's own"),
        Ok(Err(error)) => Finding::fail(
            ABOUT,
            format!("it is not the key of this certificate: {error}"),
            "name certificate and key of the same order as `certificate` and `key` of [tls]",
        ),
        Err(error) => Finding::fail(
            ABOUT,
            format!("it is of a kind that the relay cannot use: {error}"),
            "take RSA of 2048 bits or more, ECDSA over P-256 or P-384, or Ed25519",
        ),
    }
}

fn judge_mode(path: &Path, mode: u32) -> Option<Finding> {
    (mode & 0o007 != 0).then(|| {
        Finding::fail(
            "certificate's key",
            format!("everybody on this host may use {}", path.display()),
            format!("chmod o-rwx {}", path.display()),
        )
    })
}

/// Days left below which somebody should renew.
const SOON: i64 = 21;

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;
    use rcgen::{CertificateParams, KeyPair, date_time_ymd};

    fn chain(names: &[&str], year: i32) -> (Vec<CertificateDer<'static>>, KeyPair) {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).unwrap();
        params.not_before = date_time_ymd(year, 1, 1);
        params.not_after = date_time_ymd(year + 1, 1, 1);
        let key = KeyPair::generate().unwrap();
        let made = params.self_signed(&key).unwrap();
        (vec![made.der().clone()], key)
    }

    /// 2026-01-01.
    const NOW: u64 = 1_767_225_600;

    fn judged(names: &[&str], year: i32, address: &str) -> Vec<State> {
        let now = UNIX_EPOCH + Duration::from_secs(NOW + 86_400);
        let (chain, _) = chain(names, year);
        let all = judge(&chain, &address.parse().unwrap(), now);
        all.into_iter().map(|one| one.state).collect()
    }

    #[test]
    fn times_and_names_are_those_that_clients_take() {
        let help = "https://help.example:8443";
        assert_eq!(judged(&["help.example"], 2026, help), [State::Ok; 2]);
        let (wild, contoso) = (&["*.contoso.example"], "https://help.contoso.example");
        assert_eq!(judged(wild, 2026, contoso), [State::Ok; 2]);
        for (names, year, wanted) in [
            (&["help.example"][..], 2025, [State::Fail, State::Ok]),
            (&["help.example"], 2027, [State::Fail, State::Ok]),
            (&["other.example"], 2026, [State::Ok, State::Fail]),
            (&[], 2026, [State::Ok, State::Fail]),
        ] {
            assert_eq!(judged(names, year, help), wanted, "{names:?} {year}");
        }
        let number = "https://192.0.2.1";
        assert_eq!(judged(&["192.0.2.1"], 2026, number), [State::Ok; 2]);
        let soon = judge_times(0, SOON * 86_400, 86_400);
        assert_eq!(soon.state, State::Warn);
    }

    #[test]
    fn a_foreign_key_is_seen() {
        let (one, own) = chain(&["help.example"], 2026);
        let foreign = KeyPair::generate().unwrap();
        for (key, wanted) in [(own, State::Ok), (foreign, State::Fail)] {
            let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
            assert_eq!(fits(one.clone(), &key).state, wanted);
        }
        let path = Path::new("k.pem");
        assert!(judge_mode(path, 0o640).is_none() && judge_mode(path, 0o644).is_some());
    }
}
