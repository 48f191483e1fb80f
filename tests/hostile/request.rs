//! A request of a client, head and body, as it came.

use tokio::io::{AsyncRead, AsyncReadExt};

/// One request. A connection has one, so that none passes unseen.
pub(crate) struct Request {
    /// With the empty line at its end.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// Reads one. There is none if it is larger than this relay keeps, or does not say how long its body is.
    pub(crate) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Option<Self> {
        let mut head = vec![];
        while !head.ends_with(b"\r\n\r\n") {
            if head.len() == MAX_HEAD {
                return None;
            }
            head.push(stream.read_u8().await.ok()?);
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        let body = vec![];
        let mut request = Self { head, body };
        if request.header("transfer-encoding").is_some() {
            return None;
        }
        let length = request.header("content-length").unwrap_or("0");
        let length: usize = length.parse().ok()?;
        if length > MAX_BODY {
            return None;
        }
        request.body.resize(length, 0);
        stream.read_exact(&mut request.body).await.ok()?;
        Some(request)
    }

    /// What it asks for.
    pub(crate) fn path(&self) -> &str {
        self.head.split(' ').nth(1).unwrap_or_default()
    }

    /// The value of this header.
    pub(crate) fn header(&self, wanted: &str) -> Option<&str> {
        let mut headers = self.head.lines().filter_map(|line| line.split_once(':'));
        headers
            .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
            .map(|(_, value)| value.trim())
    }
}

/// Bytes of a head that are kept.
const MAX_HEAD: usize = 64 << 10;

/// Bytes of a body that are kept: a picture that the poisoned page sends home has the most.
const MAX_BODY: usize = 16 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(text: &str) -> Option<Request> {
        Request::read(&mut text.as_bytes()).await
    }

    #[tokio::test]
    async fn a_body_is_all_that_was_announced_and_no_more() {
        let text = "PUT /here HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello, you";
        let request = read(text).await.expect("a request");
        assert_eq!((request.path(), &*request.body), ("/here", &b"hello"[..]));
        let without = read("GET / HTTP/1.1\r\nhost: here\r\n\r\n").await;
        assert_eq!(without.expect("a request").body, b"");
    }

    #[tokio::test]
    async fn what_is_not_kept_whole_is_no_request() {
        let too_long = format!("content-length: {}", MAX_BODY + 1);
        let body = "x".repeat(MAX_BODY + 1);
        for header in [
            too_long.as_str(),
            "transfer-encoding: chunked",
            "content-length: a few",
        ] {
            let text = format!("POST / HTTP/1.1\r\n{header}\r\n\r\n{body}");
            assert!(read(&text).await.is_none(), "{header}");
        }
        let head = format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(MAX_HEAD));
        assert!(read(&head).await.is_none());
        let cut_off = "POST / HTTP/1.1\r\ncontent-length: 9\r\n\r\nhello";
        assert!(read(cut_off).await.is_none());
    }
}
