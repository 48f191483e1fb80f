//! The console, from inside the program: hashed files that never change, and one page for every address of the console.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{Embed, EmbeddedFile};

use crate::api::App;
use crate::config;

/// What `npm run build` made of `web/console`. Without it the relay serves a page that says so.
#[derive(Embed)]
#[folder = "../web/console/dist"]
#[allow_missing = true]
struct Files;

/// What pages may do, as the header says it (DESIGN 6). Made once, from configuration.
#[derive(Clone)]
pub(crate) struct Policy(Arc<HeaderValue>);

impl Policy {
    /// Pages of this relay may talk to it and to the sign-in service, and to nobody else.
    pub(crate) fn new(provider: &config::Provider) -> Self {
        let issuer = origin(&provider.issuer);
        let others = provider.origins.iter().map(|url| origin(url));
        let issuers: Vec<&str> = std::iter::once(issuer).chain(others).flatten().collect();
        let policy = format!(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self' {}; \
             style-src 'self' '{EMPTY_STYLE}'; img-src 'self' data: blob:; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'; require-trusted-types-for 'script'",
            issuers.join(" "),
        );
        let policy = HeaderValue::from_str(&policy);
        Self(Arc::new(
            policy.unwrap_or_else(|_| HeaderValue::from_static(NOTHING)),
        ))
    }
}

/// Everything that is no route of the API.
pub(crate) async fn serve(
    State(app): State<App>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return StatusCode::NOT_FOUND.into_response();
    }
    let path = uri.path().trim_start_matches('/');
    let found = match asset(path, &headers) {
        Some(response) => response,
        None if wants_page(path, &headers) => page(&headers),
        None => return StatusCode::NOT_FOUND.into_response(),
    };
    guarded(found, &app.policy)
}

/// A file of the build. Its name holds its hash, so it is kept for good.
fn asset(path: &str, headers: &HeaderMap) -> Option<Response> {
    if !path.starts_with("assets/") || path.ends_with(".br") {
        return None;
    }
    let (file, encoding) = find(path, headers)?;
    Some(answer(
        file,
        kind(path),
        "public, max-age=31536000, immutable",
        encoding,
    ))
}

fn page(headers: &HeaderMap) -> Response {
    match find("index.html", headers) {
        Some((file, encoding)) => answer(file, "text/html; charset=utf-8", "no-cache", encoding),
        None => (
            StatusCode::NOT_FOUND,
            [(header::CONTENT_TYPE, "text/html; charset=utf-8")],
            UNBUILT,
        )
            .into_response(),
    }
}

/// The file as it is, or as it was compressed at the build.
fn find(path: &str, headers: &HeaderMap) -> Option<(EmbeddedFile, Option<&'static str>)> {
    let accepted = text(headers, header::ACCEPT_ENCODING);
    let takes_brotli = accepted
        .split(',')
        .any(|one| one.trim().split(';').next() == Some("br"));
    let compressed = takes_brotli
        .then(|| Files::get(&format!("{path}.br")))
        .flatten();
    compressed
        .map(|file| (file, Some("br")))
        .or_else(|| Files::get(path).map(|file| (file, None)))
}

fn answer(
    file: EmbeddedFile,
    kind: &'static str,
    keep: &'static str,
    encoding: Option<&'static str>,
) -> Response {
    let mut response = Body::from(file.data).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// Every answer carries the policy: a worker's own response decides what the worker may do.
fn guarded(mut response: Response, Policy(policy): &Policy) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::clone(policy));
    for (name, value) in GUARDS {
        headers.insert(
            HeaderName::from_static(name),
            HeaderValue::from_static(value),
        );
    }
    response
}

/// An address of the console, opened by a browser. What looks like a file is none.
fn wants_page(path: &str, headers: &HeaderMap) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    !path.starts_with("api/")
        && !last.contains('.')
        && text(headers, header::ACCEPT).contains("text/html")
}

fn text(headers: &HeaderMap, name: HeaderName) -> &str {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
}

/// Scheme, host and port of an address.
fn origin(url: &str) -> Option<&str> {
    let host = url.strip_prefix("https://")?;
    let length = host.find('/').unwrap_or(host.len());
    url.get(..length + "https://".len())
}

fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}

/// The hash of an empty style sheet: the styles of Fluent UI begin as one and are filled by script.
const EMPTY_STYLE: &str = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";

const NOTHING: &str = "default-src 'none'";

const GUARDS: [(&str, &str); 5] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("strict-transport-security", "max-age=31536000"),
];

const UNBUILT: &str = "<!doctype html><html lang=\"en\"><title>Handrail</title><h1>This relay has no console</h1>\
    <p>It was built without its web pages. Run <code>make build</code> and start it again.</p></html>";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_ends_before_the_path() {
        for (url, found) in [
            ("https://id.example/realms/a", Some("https://id.example")),
            ("https://id.example:8443", Some("https://id.example:8443")),
            ("http://id.example", None),
        ] {
            assert_eq!(origin(url), found);
        }
    }

    #[test]
    fn only_addresses_of_the_console_are_pages() {
        let mut browser = HeaderMap::new();
        browser.insert(header::ACCEPT, HeaderValue::from_static("text/html,*/*"));
        for path in ["", "h", "help/RH-1102", "sessions"] {
            assert!(wants_page(path, &browser), "{path}");
            assert!(!wants_page(path, &HeaderMap::new()), "{path}");
        }
        for path in ["api/v1/nothing", "favicon.ico", ".git/config.x", "a/b.js"] {
            assert!(!wants_page(path, &browser), "{path}");
        }
    }
}
