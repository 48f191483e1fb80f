//! What holds where the file says nothing.

use std::net::SocketAddr;
use std::path::PathBuf;

pub(super) fn quic() -> bool {
    true
}

pub(super) fn keep() -> u16 {
    60
}

pub(super) fn listen() -> SocketAddr {
    SocketAddr::from(([0, 0, 0, 0], 8443))
}

pub(super) fn metrics() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 9464))
}

pub(super) fn database() -> PathBuf {
    PathBuf::from("handrail.db")
}

pub(super) fn keys() -> PathBuf {
    PathBuf::from("keys")
}

pub(super) fn scope() -> String {
    "openid profile".to_owned()
}

pub(super) fn audience() -> String {
    crate::identity::AUDIENCE.to_owned()
}

pub(super) fn resource() -> bool {
    true
}

pub(super) fn tid() -> bool {
    true
}

pub(super) fn groups() -> String {
    "groups".to_owned()
}

pub(super) fn roles() -> String {
    "roles".to_owned()
}

pub(super) fn helper_client() -> String {
    "handrail-helper".to_owned()
}

pub(super) fn console_client() -> String {
    "handrail-console".to_owned()
}

pub(super) fn sharer_client() -> String {
    "handrail-sharer".to_owned()
}

pub(super) fn access_types() -> Vec<String> {
    vec!["at+jwt".to_owned()]
}
