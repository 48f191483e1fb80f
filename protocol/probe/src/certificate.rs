//! What stands in a certificate.

use std::net::IpAddr;

use rustls::client::verify_server_name;
use rustls::server::ParsedCertificate;
use rustls_pki_types::{CertificateDer, ServerName};
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer, X509Certificate};
use x509_parser::x509::X509Name;

/// A certificate, as far as people want to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Whose it is.
    pub subject: String,
    /// Who signed it.
    pub issuer: String,
    /// Names that it is good for.
    pub names: Vec<String>,
    /// Whether the name that was asked for is one of them.
    pub fits: bool,
    /// From when it is good, in seconds of Unix.
    pub begins: i64,
    /// Until when.
    pub ends: i64,
    /// Whether it signed itself.
    pub is_self_signed: bool,
    /// Its SHA-256, in hex.
    pub fingerprint: String,
}

impl Certificate {
    /// Reads one that was shown to somebody who asked for this name. One that cannot be read has nothing but its fingerprint.
    pub fn read(der: &CertificateDer<'_>, asked: &ServerName<'_>) -> Self {
        let fits = ParsedCertificate::try_from(der)
            .is_ok_and(|parsed| verify_server_name(&parsed, asked).is_ok());
        let unreadable = Self {
            subject: UNREADABLE.to_owned(),
            issuer: UNREADABLE.to_owned(),
            names: vec![],
            fits,
            begins: 0,
            ends: 0,
            is_self_signed: false,
            fingerprint: fingerprint(der),
        };
        let Ok((_, read)) = X509Certificate::from_der(der) else {
            return unreadable;
        };
        Self {
            subject: named(read.subject()),
            issuer: named(read.issuer()),
            names: names(&read),
            begins: read.validity().not_before.timestamp(),
            ends: read.validity().not_after.timestamp(),
            is_self_signed: read.subject() == read.issuer(),
            ..unreadable
        }
    }
}

/// The SHA-256 of a certificate, in hex.
pub fn fingerprint(der: &[u8]) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, der);
    let hex = digest.as_ref().iter().map(|byte| format!("{byte:02x}"));
    hex.collect()
}

/// What people call somebody in a certificate: organisation and name, if both are there.
fn named(name: &X509Name<'_>) -> String {
    let common = name.iter_common_name().next();
    let organisation = name.iter_organization().next();
    let text = |part: Option<&x509_parser::x509::AttributeTypeAndValue<'_>>| {
        part.and_then(|part| part.as_str().ok())
            .filter(|text| !text.is_empty())
            .map(printable)
    };
    match (text(common), text(organisation)) {
        (Some(common), Some(organisation)) if common != organisation => {
            format!("{common} ({organisation})")
        }
        (Some(one), _) | (None, Some(one)) => one,
        (None, None) => NAMELESS.to_owned(),
    }
}

fn names(read: &X509Certificate<'_>) -> Vec<String> {
    let found = read.subject_alternative_name().ok().flatten();
    let names = found.map(|found| found.value.general_names.as_slice());
    let told = names.unwrap_or_default().iter().map(|name| {
        if let GeneralName::DNSName(name) = name {
            return printable(name);
        }
        if let GeneralName::IPAddress(bytes) = name
            && let Some(address) = address(bytes)
        {
            return address;
        }
        printable(&name.to_string())
    });
    told.take(NAMES).collect()
}

/// An address of either family.
fn address(bytes: &[u8]) -> Option<String> {
    let four = <[u8; 4]>::try_from(bytes).map(IpAddr::from);
    let sixteen = || <[u8; 16]>::try_from(bytes).map(IpAddr::from);
    let address = four.or_else(|_| sixteen()).ok()?;
    Some(address.to_string())
}

/// Whoever stands in the way chose the text: it goes to a terminal.
fn printable(text: &str) -> String {
    let harmless = text.chars().filter(|one| !one.is_control());
    harmless.take(LENGTH).collect()
}

const UNREADABLE: &str = "unreadable";
const NAMELESS: &str = "nobody who is named";
const NAMES: usize = 20;
const LENGTH: usize = 200;

#[cfg(test)]
mod tests {
    use rcgen::{
        BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd,
    };

    use super::*;

    #[test]
    fn a_certificate_is_told_as_people_know_it() {
        let (key, above) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
        let mut authority = CertificateParams::default();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let name = &mut authority.distinguished_name;
        name.push(DnType::CommonName, "Inspection\u{7} CA");
        name.push(DnType::OrganizationName, "Klinikum Lindenhof");
        let names = ["help.example".to_owned(), "192.0.2.1".to_owned()];
        let mut params = CertificateParams::new(names).unwrap();
        params.distinguished_name.push(DnType::CommonName, "help");
        params.not_after = date_time_ymd(2031, 1, 1);
        let made = params.signed_by(&key, &Issuer::new(authority, above));
        let made = made.unwrap();
        let asked = ServerName::try_from("help.example").unwrap();
        let read = Certificate::read(made.der(), &asked);
        assert_eq!(read.issuer, "Inspection CA (Klinikum Lindenhof)");
        assert_eq!((read.subject.as_str(), read.fits), ("help", true));
        assert_eq!(read.names, ["help.example", "192.0.2.1"]);
        assert_eq!(read.ends, 1_924_992_000);
        assert!(!read.is_self_signed);
        let other = ServerName::try_from("other.example").unwrap();
        assert!(!Certificate::read(made.der(), &other).fits);
        let broken = Certificate::read(&CertificateDer::from(vec![1, 2]), &asked);
        assert_eq!(broken.issuer, UNREADABLE);
    }
}
