//! `/api/v1/connection`: what the relay sees of the one who asks, for whoever looks why a connection is bad.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::Json;
use axum::extract::{Extension, State};
use axum::http::Version;
use serde::Serialize;
use utoipa::ToSchema;

use super::App;
use crate::certificate::Certificate;

/// What the relay sees of a connection, and what somebody needs to judge it. Nothing of it is a secret.
#[derive(Serialize, ToSchema)]
#[schema(as = Connection)]
pub(super) struct Connection {
    /// The address that it comes from: that of the one who asks, or of a proxy.
    #[schema(value_type = String)]
    source: IpAddr,
    /// The version of HTTP, such as `HTTP/2.0`.
    http: String,
    /// The SHA-256 of the relay's certificate, in hex: whoever is shown another one talks to a proxy.
    certificate: String,
    /// Whether clients may come by QUIC.
    quic: bool,
    /// The relay's clock, in milliseconds of Unix.
    #[schema(value_type = u64)]
    now: u128,
}

/// What the relay says of itself to those who look at their connection.
#[derive(Default)]
pub(crate) struct Ours {
    /// What it shows in handshakes.
    certificate: Option<Arc<Certificate>>,
    /// Whether it takes clients by QUIC.
    quic: bool,
}

impl Ours {
    pub(crate) fn new(certificate: Arc<Certificate>, quic: bool) -> Self {
        Self {
            certificate: Some(certificate),
            quic,
        }
    }
}

/// What the relay sees of the one who asks.
#[utoipa::path(get, path = "/api/v1/connection", operation_id = "show_connection", responses((status = 200, body = Connection)))]
pub(super) async fn show(
    State(app): State<App>,
    version: Version,
    Extension(source): Extension<SocketAddr>,
) -> Json<Connection> {
    let certificate = app.ours.certificate.as_ref();
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    Json(Connection {
        source: source.ip(),
        http: format!("{version:?}"),
        certificate: certificate.map(|it| it.digest()).unwrap_or_default(),
        quic: app.ours.quic,
        now: since.unwrap_or_default().as_millis(),
    })
}
