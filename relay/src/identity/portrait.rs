//! Profile pictures: fetched from the issuer itself, small, and handed on as `data:` URLs, so that no client has to ask a third party.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Larger pictures are left out: a card travels in one relay message.
const SIZE_LIMIT: usize = 8 * 1024;

/// Whether this address is one of the issuer's own: same scheme, host and port.
pub(super) fn is_of(issuer: &str, address: &str) -> bool {
    let origin = |url: &str| {
        let (scheme, rest) = url.split_once("://")?;
        let host = rest.split(['/', '?', '#']).next()?;
        let plain = scheme == "https" && !host.is_empty() && !host.contains('@');
        plain.then(|| host.to_ascii_lowercase())
    };
    origin(issuer).is_some_and(|issuer| origin(address) == Some(issuer))
}

/// The `data:` URL of an image, if it is a PNG, JPEG or WebP and small enough. Only the first bytes say what it is.
pub(super) fn data_url(bytes: &[u8]) -> Option<String> {
    let kind = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        "png"
    } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        "jpeg"
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        "webp"
    } else {
        return None;
    };
    if bytes.len() > SIZE_LIMIT {
        return None;
    }
    let url = format!("data:image/{kind};base64,{}", STANDARD.encode(bytes));
    (url.len() <= wire::MAX_PORTRAIT).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_issuers_own_addresses_are_asked() {
        let issuer = "https://id.example/realms/a";
        assert!(is_of(issuer, "https://id.example/pictures/1"));
        assert!(is_of(issuer, "https://ID.example?x"));
        for foreign in [
            "http://id.example/1",
            "https://id.example:444/1",
            "https://id.example@evil.example/1",
            "https://evil.example/id.example",
            "https:///1",
            "data:image/png;base64,",
            "",
        ] {
            assert!(!is_of(issuer, foreign), "{foreign}");
        }
    }

    #[test]
    fn pictures_are_known_by_their_first_bytes_and_bounded() {
        let png = b"\x89PNG\r\n\x1a\nrest";
        let url = data_url(png).unwrap();
        assert!(url.starts_with("data:image/png;base64,iVBORw0KGgp"));
        assert!(data_url(b"\xff\xd8\xff\xe0").is_some());
        assert!(data_url(b"RIFF\0\0\0\0WEBP").is_some());
        assert_eq!(data_url(b"<svg onload='x()'/>"), None);
        assert_eq!(data_url(b""), None);
        let mut large = png.to_vec();
        large.resize(SIZE_LIMIT, 0);
        assert!(data_url(&large).is_some_and(|url| url.len() <= wire::MAX_PORTRAIT));
        large.push(0);
        assert_eq!(data_url(&large), None);
    }
}
