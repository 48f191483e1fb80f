//! The pages, from inside the program: hashed files that never change, one page for every address of the console, the one of people who
//! share from a browser below `/s`, and the test of a connection.

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
struct ConsoleFiles;

/// What it made of `web/sharer`.
#[derive(Embed)]
#[folder = "../web/sharer/dist"]
#[allow_missing = true]
struct SharerFiles;

/// One of the pages of a relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Site {
    /// Helpers and administrators.
    Console,
    /// People who share from a browser, below `/s`.
    Sharer,
    /// Whoever looks why a connection is bad; its files are the sharer's, too.
    ConnectTest,
}

impl Site {
    /// The page behind an address, and the path within it. The sign-in service sends both pages' people back to one address: the page that
    /// asked put its mark before its state.
    fn of(uri: &Uri) -> (Self, &str) {
        if uri.path() == CONNECT_TEST {
            return (Self::ConnectTest, "");
        }
        let path = uri.path().trim_start_matches('/');
        if path == "s" {
            return (Self::Sharer, "");
        }
        if let Some(rest) = path.strip_prefix("s/") {
            return (Self::Sharer, rest);
        }
        let query = uri.query().unwrap_or_default();
        let marked = query.split('&').any(|one| one.starts_with(SHARER_STATE));
        if path == "signed-in" && marked {
            return (Self::Sharer, path);
        }
        (Self::Console, path)
    }

    fn get(self, path: &str) -> Option<EmbeddedFile> {
        match self {
            Self::Console => ConsoleFiles::get(path),
            Self::Sharer | Self::ConnectTest => SharerFiles::get(path),
        }
    }

    /// The file of the page itself.
    fn index(self) -> &'static str {
        match self {
            Self::Console | Self::Sharer => "index.html",
            Self::ConnectTest => "connect-test.html",
        }
    }
}

/// What pages may do, as the header says it (DESIGN 6). Made once, from configuration.
#[derive(Clone)]
pub(crate) struct Policy(Arc<[HeaderValue; 2]>);

impl Policy {
    /// Pages of this relay may talk to it and to the sign-in service, and to nobody else.
    pub(crate) fn new(provider: &config::Provider) -> Self {
        let issuer = origin(&provider.issuer);
        let others = provider.origins.iter().map(|url| origin(url));
        let issuers: Vec<&str> = std::iter::once(issuer).chain(others).flatten().collect();
        let issuers = issuers.join(" ");
        let policy = |scripts: &str, styles: &str, images: &str| {
            let text = format!(
                "default-src 'none'; script-src 'self'{scripts}; worker-src 'self'; connect-src 'self' {issuers}; \
                 style-src 'self'{styles}; img-src 'self' data:{images}; base-uri 'none'; form-action 'none'; \
                 frame-ancestors 'none'; require-trusted-types-for 'script'",
            );
            HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(NOTHING))
        };
        let empty_style = format!(" '{EMPTY_STYLE}'");
        Self(Arc::new([
            policy(" 'wasm-unsafe-eval'", &empty_style, " blob:"),
            policy("", "", ""),
        ]))
    }

    fn of(&self, site: Site) -> &HeaderValue {
        let [console, sharer] = &*self.0;
        match site {
            Site::Console => console,
            Site::Sharer | Site::ConnectTest => sharer,
        }
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
    let (site, path) = Site::of(&uri);
    let found = match asset(site, path, &headers) {
        Some(response) => response,
        None if wants_page(path, &headers) => page(site, &headers),
        None => return StatusCode::NOT_FOUND.into_response(),
    };
    guarded(found, app.policy.of(site))
}

/// A file of the build. Its name holds its hash, so it is kept for good.
fn asset(site: Site, path: &str, headers: &HeaderMap) -> Option<Response> {
    if !path.starts_with("assets/") || path.ends_with(".br") {
        return None;
    }
    let (file, encoding) = find(site, path, headers)?;
    Some(answer(
        file,
        kind(path),
        "public, max-age=31536000, immutable",
        encoding,
    ))
}

fn page(site: Site, headers: &HeaderMap) -> Response {
    match find(site, site.index(), headers) {
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
fn find(
    site: Site,
    path: &str,
    headers: &HeaderMap,
) -> Option<(EmbeddedFile, Option<&'static str>)> {
    let accepted = text(headers, header::ACCEPT_ENCODING);
    let takes_brotli = accepted
        .split(',')
        .any(|one| one.trim().split(';').next() == Some("br"));
    let compressed = takes_brotli
        .then(|| site.get(&format!("{path}.br")))
        .flatten();
    compressed
        .map(|file| (file, Some("br")))
        .or_else(|| site.get(path).map(|file| (file, None)))
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
fn guarded(mut response: Response, policy: &HeaderValue) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, policy.clone());
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

/// The page that tests a connection, before anybody signs in.
const CONNECT_TEST: &str = "/connect-test";

/// How a state begins that the sharer's page made (`web/packages/sign-in`); no other page's state has a dot.
const SHARER_STATE: &str = "state=s.";

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

    /// PRODUCT 3.13: `/s` is the sharer's page, and so is the way back from its sign-in.
    #[test]
    fn every_address_belongs_to_one_page() {
        for (address, site, path) in [
            ("/s", Site::Sharer, ""),
            ("/s/", Site::Sharer, ""),
            ("/s/assets/a.js", Site::Sharer, "assets/a.js"),
            ("/sessions", Site::Console, "sessions"),
            ("/connect-test", Site::ConnectTest, ""),
            ("/connect-test/", Site::Console, "connect-test/"),
            ("/", Site::Console, ""),
            ("/signed-in?code=c&state=s.abc", Site::Sharer, "signed-in"),
            ("/signed-in?state=sabc&code=c", Site::Console, "signed-in"),
            ("/help?state=s.abc", Site::Console, "help"),
        ] {
            assert_eq!(
                Site::of(&address.parse().unwrap()),
                (site, path),
                "{address}"
            );
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
