//! Makes a carrier of an HTTP request: the WebSocket opening of RFC 6455.

use std::net::SocketAddr;

use axum::extract::{Extension, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use hyper_util::rt::TokioIo;
use tracing::debug;

use crate::api::App;
use crate::connection;

/// `GET /api/v1/connect`: answers the opening and serves the connection in a task of its own.
pub(crate) async fn connect(
    State(app): State<App>,
    Extension(source): Extension<SocketAddr>,
    mut request: Request,
) -> Response {
    let Some(key) = opening_key(request.headers()) else {
        return (
            StatusCode::UPGRADE_REQUIRED,
            "this address is for WebSocket clients\n",
        )
            .into_response();
    };
    let accept = carrier::accept_key(key.as_bytes());
    let header = |name| request.headers().get(name).map(HeaderValue::as_bytes);
    if !app
        .origins
        .admit(header(header::ORIGIN), header(header::HOST))
    {
        return (StatusCode::FORBIDDEN, "this page may not connect here\n").into_response();
    }
    let upgrade = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        match upgrade.await {
            Ok(upgraded) => {
                let carrier = carrier::accept(TokioIo::new(upgraded)).await;
                connection::serve(carrier, source.ip(), app.reception).await;
            }
            Err(error) => debug!(%error, "a client went away while it connected"),
        }
    });
    let mut response = StatusCode::SWITCHING_PROTOCOLS.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    if let Ok(accept) = HeaderValue::from_str(&accept) {
        headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
    }
    response
}

/// The key of a WebSocket opening, if the request is one.
fn opening_key(headers: &HeaderMap) -> Option<HeaderValue> {
    let says = |name, word: &str| {
        let value = headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        value
            .split(',')
            .any(|part| part.trim().eq_ignore_ascii_case(word))
    };
    let opening = says(header::CONNECTION, "upgrade")
        && says(header::UPGRADE, "websocket")
        && says(header::SEC_WEBSOCKET_VERSION, "13");
    headers
        .get(header::SEC_WEBSOCKET_KEY)
        .filter(|_| opening)
        .cloned()
}
