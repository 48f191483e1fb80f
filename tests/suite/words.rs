//! Words that no tracked file holds.

use super::{files, rust_files, text};

/// Paths of one machine, and hosts of package mirrors: neither means anything anywhere else.
#[test]
fn no_file_names_a_machine() {
    let banned = [
        concat!("/wo", "rk/"),
        concat!("/ro", "ot/"),
        concat!("registry", ".npmjs.org"),
        concat!("static", ".crates.io"),
        concat!("index", ".crates.io"),
    ];
    assert_none(
        &banned,
        files().into_iter().filter_map(|name| {
            let text = text(&name)?;
            Some((name, text))
        }),
    );
}

/// Nothing is left half done.
#[test]
fn no_source_is_unfinished() {
    let banned = [
        concat!("to", "do!("),
        concat!("unimpl", "emented!("),
        concat!("db", "g!("),
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
        concat!("XX", "X:"),
    ];
    assert_none(&banned, rust_files().into_iter());
}

/// PRODUCT 7.5: there is no unencrypted fallback. Production code names no scheme without TLS but the loopback redirect of
/// the sign-in (RFC 8252, section 7.3), and no way to turn the checking of certificates off.
#[test]
fn no_client_or_relay_speaks_without_tls() {
    let banned = [
        concat!("ws:", "//"),
        concat!("http:", "//"),
        concat!("danger_accept_", "invalid_certs"),
        concat!("verify_", "server_cert"),
    ];
    let loopback = concat!("http:", "//127.0.0.1");
    let asked = concat!("verifier.verify_", "server_cert(own");
    let handed_on = [
        concat!("fn verify_", "server_cert(\n        &self,"),
        concat!("verifier.verify_", "server_cert(end_entity"),
    ];
    let production = rust_files().into_iter().filter_map(|(name, text)| {
        let is_test = ["/tests", "/testing", "/vectors"];
        if name.starts_with("tests/") || is_test.iter().any(|part| name.contains(part)) {
            return None;
        }
        let code = [
            "#[cfg(test)]\nmod tests {",
            "#[cfg(test)]\npub(crate) mod tests {",
        ]
        .iter()
        .find_map(|begins| text.split_once(begins))
        .map_or(text.as_str(), |(code, _)| code);
        let code = match name.as_str() {
            "client/src/sign_in/loopback.rs" | "relay/src/doctor/provider.rs" => {
                code.replace(loopback, "")
            }
            // Asks the system's verifier about a certificate of our own; is none.
            "relay/src/doctor/certificate.rs" => code.replace(asked, ""),
            // Hands the question on to the clients' verifier, and remembers it; its tests say what it accepts.
            "protocol/probe/src/witness.rs" => handed_on
                .iter()
                .fold(code.to_owned(), |code, hand| code.replace(hand, "")),
            _ => code.to_owned(),
        };
        Some((name, code))
    });
    assert_none(&banned, production);
}

fn assert_none(banned: &[&str], files: impl Iterator<Item = (String, String)>) {
    let mut seen = 0;
    let mut found = vec![];
    for (name, text) in files {
        seen += 1;
        for (number, line) in text.lines().enumerate() {
            let words = banned.iter().filter(|word| line.contains(**word));
            found.extend(words.map(|word| format!("{name}:{}: {word}", number + 1)));
        }
    }
    assert!(seen > 50, "the test sees the files");
    assert!(found.is_empty(), "{}", found.join("\n"));
}
