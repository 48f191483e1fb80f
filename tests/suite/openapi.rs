//! `relay/openapi.json` says what the relay does; the pages' client is made of it.

use relay::assemble::{ROUTES, openapi};
use serde_json::Value;

use super::compare;

#[test]
fn the_description_is_that_of_the_code() {
    compare("relay/openapi.json", &openapi().unwrap());
}

/// Every route of the API is described, but the one that is no HTTP exchange.
#[test]
fn every_route_is_described() {
    let described: Value = serde_json::from_str(&openapi().unwrap()).unwrap();
    for (method, path) in ROUTES {
        let found = !described["paths"][*path][method.to_lowercase()].is_null();
        let wanted = path.starts_with("/api/") && *path != "/api/v1/connect";
        assert_eq!(found, wanted, "{method} {path}");
    }
}
