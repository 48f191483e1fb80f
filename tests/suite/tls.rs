//! Which versions of TLS the relay's listener speaks.

use std::sync::Arc;
use std::time::SystemTime;

use relay::assemble::Relay;
use relay::config::{Config, Overrides};
use tests::demo::Authority;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{
    ClientConfig, ProtocolVersion, RootCertStore, SupportedProtocolVersion,
};

/// PRODUCT 7.2: TLS 1.3; 1.2 only by an explicit setting.
#[tokio::test]
async fn a_client_of_tls_1_2_is_refused_unless_the_setting_allows_it() {
    let refused = agreed(&TLS12, "").await.unwrap_err();
    assert!(refused.contains("ProtocolVersion"), "{refused}");
    assert_eq!(agreed(&TLS13, "").await, Ok(ProtocolVersion::TLSv1_3));
    let allowed = agreed(&TLS12, "allow_tls12 = true").await;
    assert_eq!(allowed, Ok(ProtocolVersion::TLSv1_2));
}

/// What a client that speaks only this version agrees on with a relay of this setting, or why it does not.
async fn agreed(
    version: &'static SupportedProtocolVersion,
    setting: &str,
) -> Result<ProtocolVersion, String> {
    let folder = tempfile::tempdir().unwrap();
    let files = Authority::make(folder.path()).unwrap();
    let config = folder.path().join("relay.toml");
    let text = format!(
        r#"address = "https://localhost"
listen = "127.0.0.1:0"
metrics = "127.0.0.1:0"
database = "{folder}/handrail.db"
keys = "{folder}/keys"
[tls]
certificate = "{certificate}"
key = "{key}"
{setting}
[provider]
issuer = "https://127.0.0.1:9"
[[tenant]]
id = "lindenhof"
"#,
        folder = folder.path().display(),
        certificate = files.certificate.display(),
        key = files.key.display(),
    );
    std::fs::write(&config, text).unwrap();
    let config = Config::read(&config, Overrides::default()).unwrap();
    let mut seed = 0;
    let draw = || {
        seed += 1;
        Some([seed; 32])
    };
    relay::keys::make(
        &config,
        folder.path(),
        relay::keys::Replace::default(),
        draw,
        SystemTime::now(),
    )
    .unwrap();
    let relay = Relay::start(config).await.unwrap();
    let mut roots = RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_file(&files.ca).unwrap())
        .unwrap();
    let client = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[version])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(relay.address).await.unwrap();
    let name = ServerName::try_from("localhost").unwrap();
    let connected = TlsConnector::from(Arc::new(client))
        .connect(name, stream)
        .await;
    relay.drain().await;
    let stream = connected.map_err(|error| error.to_string())?;
    Ok(stream.get_ref().1.protocol_version().unwrap())
}
