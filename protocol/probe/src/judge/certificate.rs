//! Whose certificate it is, and what to do if nobody believes it.

use super::{Place, Question, Settled};
use crate::{Believed, Certificate, Finding, NoTls, Shown};

pub(super) fn judge(question: &Question, found: &Result<Shown, NoTls>) -> Vec<Finding> {
    let shown = match found {
        Ok(shown) => shown,
        Err(why) => return vec![no_tls(question, why)],
    };
    let certificate = &shown.certificate;
    let told = told(certificate, question.now);
    let believed = match &shown.believed {
        Believed::System => "this computer trusts it".to_owned(),
        Believed::File => match &question.authority {
            Some(path) => format!("trusted by {}", path.display()),
            None => "trusted by the file that was named".to_owned(),
        },
        Believed::Own => "it is the relay's own".to_owned(),
        Believed::No(why) => return vec![not_believed(question, certificate, &told, why)],
    };
    let left = (certificate.ends - question.now) / DAY;
    if left < SOON && question.place == Place::Client {
        return vec![Finding::warn(
            ABOUT,
            format!("TLS 1.3; {told}; {believed}; it ends in {left} days"),
            "tell whoever runs the relay that it has to be renewed",
        )];
    }
    vec![Finding::ok(ABOUT, format!("TLS 1.3; {told}; {believed}"))]
}

/// Whether the certificate is the relay's own, if the relay says which that is.
pub(super) fn judge_way(question: &Question, settled: &Settled) -> Option<Finding> {
    const ABOUT: &str = "way to the relay";
    let ours = settled.told.as_ref()?.connection.as_ref()?;
    let (fingerprint, issuer) = settled.shown.as_ref()?;
    if *fingerprint == ours.certificate {
        return Some(Finding::ok(ABOUT, "nobody on the way opens the encryption"));
    }
    let found = format!(
        "the certificate is from {issuer} and not the relay's own: a proxy opens the encryption on the way. This works, and sessions stay closed to it; it can read sign-in and administration"
    );
    let remedy = match question.place {
        Place::Client => {
            "nothing, if it is your organisation's proxy; if nobody knows it, do not sign in and tell your administrators"
        }
        Place::Relay => "nothing, if it is the reverse proxy in front of this relay",
    };
    Some(Finding::warn(ABOUT, found, remedy))
}

/// Which certificate.
fn told(certificate: &Certificate, now: i64) -> String {
    let Certificate {
        subject,
        issuer,
        ends,
        ..
    } = certificate;
    let until = date(*ends);
    if certificate.is_self_signed {
        return format!("the certificate of {subject} is signed by itself, good until {until}");
    }
    let good = if *ends < now { "ended" } else { "good until" };
    format!("the certificate of {subject} is from {issuer}, {good} {until}")
}

fn not_believed(question: &Question, certificate: &Certificate, told: &str, why: &str) -> Finding {
    let host = &question.host;
    let issuer = &certificate.issuer;
    if question.now > certificate.ends {
        return Finding::fail(
            ABOUT,
            format!("expired: {told}"),
            format!(
                "look at the clock of this computer; if it is right, {issuer}'s certificate has to be renewed: tell whoever runs the relay or the proxy in front of it"
            ),
        );
    }
    if question.now < certificate.begins {
        return Finding::fail(
            ABOUT,
            format!("not good yet: {told}, from {} on", date(certificate.begins)),
            "look at the clock of this computer: it is probably behind",
        );
    }
    if !certificate.fits {
        let names = certificate.names.join(", ");
        return Finding::fail(
            ABOUT,
            format!("for another name: {told}, for {names}, not for {host}"),
            format!(
                "look whether {host} is written as your organisation told you; a network that wants you to sign in first answers like this, too"
            ),
        );
    }
    let remedy = match question.place {
        Place::Client => format!(
            "if {issuer} is your organisation's own authority or its proxy that inspects TLS, name its certificate with `--ca FILE` or have it installed on this computer; if you do not know it, do not go on: somebody may be listening"
        ),
        Place::Relay => format!(
            "if {issuer} is a proxy in front of this relay, tell clients to trust it (`--ca FILE`); else something else answers at this address"
        ),
    };
    Finding::fail(
        ABOUT,
        format!("nobody here trusts it: {told} ({why})"),
        remedy,
    )
}

fn no_tls(question: &Question, why: &NoTls) -> Finding {
    let port = question.port;
    match why {
        NoTls::OtherProtocol => Finding::fail(
            ABOUT,
            format!("what answers at port {port} does not speak TLS"),
            "look at address and port; a relay speaks nothing but TLS",
        ),
        NoTls::OldVersion => Finding::fail(
            ABOUT,
            "what answers does not speak TLS 1.3",
            "Handrail speaks nothing older: it is a proxy that inspects TLS, or another server; have TLS 1.3 turned on there, or this address left out of the inspection",
        ),
        NoTls::Broken(why) => Finding::fail(
            ABOUT,
            format!("the connection ends before a certificate is shown: {why}"),
            format!(
                "a firewall that inspects TLS, or forbids the name {}, does this: have it let the name through",
                question.host
            ),
        ),
    }
}

/// A day, as its date.
fn date(seconds: i64) -> String {
    time::OffsetDateTime::from_unix_timestamp(seconds).map_or_else(
        |_| "a time that cannot be told".to_owned(),
        |time| time.date().to_string(),
    )
}

const ABOUT: &str = "certificate shown";
const DAY: i64 = 86_400;
/// Days; a certificate that is renewed by a program is renewed before.
const SOON: i64 = 14;
