//! Sees the certificate that is shown, and lets somebody else judge it.

use std::sync::{Arc, Mutex, PoisonError};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::{DigitallySignedStruct, Error, SignatureScheme};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};
use rustls_platform_verifier::Verifier;

use crate::{Believed, Certificate, Shown};

/// A verifier that remembers what it was asked. It believes what the clients' believes, and no certificate more but the relay's own, when
/// it is the relay that asks.
#[derive(Debug)]
pub(crate) struct Witness {
    system: Verifier,
    all: Verifier,
    own: Option<CertificateDer<'static>>,
    shown: Mutex<Option<Shown>>,
}

impl Witness {
    pub(crate) fn new(
        extra: Vec<CertificateDer<'static>>,
        own: Option<CertificateDer<'static>>,
        provider: &Arc<CryptoProvider>,
    ) -> Result<Self, Error> {
        Ok(Self {
            system: Verifier::new(provider.clone())?,
            all: Verifier::new_with_extra_roots(extra, provider.clone())?,
            own,
            shown: Mutex::default(),
        })
    }

    /// What was shown last.
    pub(crate) fn shown(&self) -> Option<Shown> {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        shown.clone()
    }
}

impl ServerCertVerifier for Witness {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let asked = |verifier: &Verifier| {
            verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
        };
        let is_own = self.own.as_ref().is_some_and(|own| own == end_entity);
        let verdict = match asked(&self.all) {
            Err(_) if is_own => Ok(ServerCertVerified::assertion()),
            verdict => verdict,
        };
        let believed = match &verdict {
            Ok(_) if asked(&self.system).is_ok() => Believed::System,
            Ok(_) if is_own => Believed::Own,
            Ok(_) => Believed::File,
            Err(error) => Believed::No(error.to_string()),
        };
        let certificate = Certificate::read(end_entity, server_name);
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        *shown = Some(Shown {
            certificate,
            believed,
        });
        verdict
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.all
            .verify_tls12_signature(message, certificate, signed)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.all
            .verify_tls13_signature(message, certificate, signed)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.all.supported_verify_schemes()
    }
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair};
    use rustls::crypto::ring;

    use super::*;

    /// It accepts the relay's own certificate for the relay, byte by byte, and nothing else that a client would not.
    #[test]
    fn only_the_own_certificate_is_believed_beside_those_of_the_authorities() {
        let made = || {
            let params = CertificateParams::new(["help.example".to_owned()]).unwrap();
            let made = params.self_signed(&KeyPair::generate().unwrap());
            made.unwrap().der().clone()
        };
        let (own, other) = (made(), made());
        let provider = Arc::new(ring::default_provider());
        let name = ServerName::try_from("help.example").unwrap();
        let mut judged = vec![];
        for (known, shown) in [
            (None, &own),
            (Some(own.clone()), &own),
            (Some(own.clone()), &other),
        ] {
            let witness = Witness::new(vec![], known, &provider).unwrap();
            assert_eq!(witness.shown(), None);
            let now = UnixTime::now();
            let verdict = witness.verify_server_cert(shown, &[], &name, &[], now);
            let believed = witness.shown().unwrap().believed;
            assert_eq!(verdict.is_err(), matches!(believed, Believed::No(_)));
            judged.push(verdict.is_ok());
        }
        assert_eq!(judged, [false, true, false]);
    }
}
