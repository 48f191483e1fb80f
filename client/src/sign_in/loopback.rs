//! Where the browser comes back to: 127.0.0.1 on a free port (RFC 8252, section 7.3).

use std::io;
use std::time::Duration;

use reqwest::Url;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::page::page;
use super::{Secret, SignInError};

/// A listener that only programs on this machine reach.
#[derive(Debug)]
pub(super) struct Loopback {
    listener: TcpListener,
    port: u16,
}

/// What the browser brought back.
#[derive(Debug, Default)]
pub(super) struct Back {
    pub(super) state: Option<String>,
    pub(super) issuer: Option<String>,
    pub(super) code: Option<Secret>,
    pub(super) error: Option<String>,
    pub(super) description: Option<String>,
}

/// What a browser asked for.
#[derive(Debug)]
enum Asked {
    /// The end of a sign-in.
    Callback(Back),
    /// Something else, such as an icon; answered with this status.
    Other(&'static str),
}

/// A request of a browser is shorter than this.
const REQUEST_LIMIT: usize = 16 * 1024;
/// A browser that opened a connection uses it within this time.
const REQUEST_PATIENCE: Duration = Duration::from_secs(10);
/// Browsers open a few connections ahead; more are not answered.
const CONNECTION_LIMIT: usize = 16;

const PATH: &str = "/callback";

impl Loopback {
    /// Listens on a free port.
    pub(super) async fn listen() -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        Ok(Self { listener, port })
    }

    /// The address to come back to.
    pub(super) fn address(&self) -> String {
        format!("http://127.0.0.1:{}{PATH}", self.port)
    }

    /// Waits for a browser that comes back, and shows it what `judge` thinks of what it brings.
    pub(super) async fn wait<T>(
        &self,
        judge: impl Fn(&Back) -> Result<T, SignInError>,
    ) -> Result<T, SignInError> {
        let mut reading = JoinSet::new();
        loop {
            tokio::select! {
                accepted = self.listener.accept(), if reading.len() < CONNECTION_LIMIT => {
                    let (stream, _) = accepted?;
                    reading.spawn(tokio::time::timeout(REQUEST_PATIENCE, read(stream, self.port)));
                }
                Some(read) = reading.join_next() => {
                    let Ok(Ok(Ok((stream, asked)))) = read else { continue };
                    match asked {
                        Asked::Callback(back) => {
                            let verdict = judge(&back);
                            say(stream, &verdict).await;
                            return verdict;
                        }
                        Asked::Other(status) => answer(stream, status, "").await,
                    }
                }
            }
        }
    }
}

/// Reads the head of a request. Whatever follows it is not looked at.
async fn read(mut stream: TcpStream, port: u16) -> io::Result<(TcpStream, Asked)> {
    let mut head = Vec::new();
    let mut buffer = [0; 2048];
    while !head.windows(4).any(|window| window == b"\r\n\r\n") {
        let count = stream.read(&mut buffer).await?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        head.extend_from_slice(buffer.get(..count).unwrap_or_default());
        if head.len() > REQUEST_LIMIT {
            return Ok((stream, Asked::Other("431 Request Header Fields Too Large")));
        }
    }
    let asked = parse(&String::from_utf8_lossy(&head), port);
    Ok((stream, asked))
}

/// What a request asks for. One for another host than ours comes from a page that was pointed here by
/// a false name.
fn parse(head: &str, port: u16) -> Asked {
    let mut lines = head.split("\r\n");
    let mut words = lines.next().unwrap_or_default().split(' ');
    let (method, target) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    let mut headers = lines.filter_map(|line| line.split_once(':'));
    let host = headers.find(|(name, _)| name.eq_ignore_ascii_case("host"));
    if host.map(|(_, value)| value.trim()) != Some(&format!("127.0.0.1:{port}")) {
        return Asked::Other("421 Misdirected Request");
    }
    if method != "GET" {
        return Asked::Other("405 Method Not Allowed");
    }
    let Some(url) = target
        .starts_with('/')
        .then(|| Url::parse(&format!("http://127.0.0.1{target}")))
    else {
        return Asked::Other("400 Bad Request");
    };
    match url {
        Ok(url) if url.path() == PATH => Asked::Callback(Back::read(&url)),
        _ => Asked::Other("404 Not Found"),
    }
}

impl Back {
    /// Reads the query. Of a name that stands twice nothing is taken: it is not from the provider.
    fn read(url: &Url) -> Self {
        let only = |wanted: &str| {
            let mut values = url.query_pairs().filter(|(name, _)| name == wanted);
            let first = values.next().map(|(_, value)| value.into_owned());
            first.filter(|_| values.next().is_none())
        };
        Self {
            state: only("state"),
            issuer: only("iss"),
            code: only("code").map(Secret::new),
            error: only("error"),
            description: only("error_description"),
        }
    }
}

/// Tells the person in the browser how it went.
async fn say<T>(stream: TcpStream, verdict: &Result<T, SignInError>) {
    match verdict {
        Ok(_) => {
            let text = "You can close this tab and go back to Handrail.";
            answer(stream, "200 OK", &page("You are signed in", text)).await;
        }
        Err(error) => {
            let text = format!("{error}. You can close this tab and go back to Handrail.");
            answer(
                stream,
                "400 Bad Request",
                &page("You are not signed in", &text),
            )
            .await;
        }
    }
}

/// Answers and closes. A browser that is gone already has missed nothing that matters.
async fn answer(mut stream: TcpStream, status: &str, html: &str) {
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {}\r\n\
         cache-control: no-store\r\nreferrer-policy: no-referrer\r\n\
         content-security-policy: default-src 'none'; frame-ancestors 'none'\r\n\
         x-content-type-options: nosniff\r\nconnection: close\r\n\r\n",
        html.len()
    );
    let _ = stream.write_all(head.as_bytes()).await;
    let _ = stream.write_all(html.as_bytes()).await;
    let _ = stream.shutdown().await;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn callback(head: &str) -> Back {
        match parse(head, 4711) {
            Asked::Callback(back) => back,
            Asked::Other(status) => panic!("{status}"),
        }
    }

    fn status(head: &str) -> &'static str {
        match parse(head, 4711) {
            Asked::Callback(back) => panic!("{back:?}"),
            Asked::Other(status) => status,
        }
    }

    #[test]
    fn the_query_is_read() {
        let back = callback(
            "GET /callback?code=a%2Bb&state=s+1&iss=https%3A%2F%2Fid.example HTTP/1.1\r\n\
             accept: */*\r\nHOST: 127.0.0.1:4711\r\n\r\n",
        );
        assert_eq!(back.code.unwrap().expose(), "a+b");
        assert_eq!(back.state.as_deref(), Some("s 1"));
        assert_eq!(back.issuer.as_deref(), Some("https://id.example"));
        assert_eq!((back.error, back.description), (None, None));
    }

    #[test]
    fn what_stands_twice_does_not_count() {
        let back =
            callback("GET /callback?state=a&state=b HTTP/1.1\r\nhost: 127.0.0.1:4711\r\n\r\n");
        assert_eq!(back.state, None);
    }

    #[test]
    fn other_requests_end_nothing() {
        let host = "host: 127.0.0.1:4711\r\n\r\n";
        assert_eq!(
            status(&format!("GET /favicon.ico HTTP/1.1\r\n{host}")),
            "404 Not Found"
        );
        assert_eq!(
            status(&format!("GET /callback/x HTTP/1.1\r\n{host}")),
            "404 Not Found"
        );
        assert_eq!(
            status(&format!("POST /callback HTTP/1.1\r\n{host}")),
            "405 Method Not Allowed"
        );
        assert_eq!(
            status(&format!("GET callback HTTP/1.1\r\n{host}")),
            "400 Bad Request"
        );
        assert_eq!(
            status(&format!("GET @evil.example/callback HTTP/1.1\r\n{host}")),
            "400 Bad Request"
        );
        for host in [
            "",
            "host: evil.example\r\n",
            "host: 127.0.0.1\r\n",
            "host: localhost:4711\r\n",
        ] {
            let head = format!("GET /callback?code=a HTTP/1.1\r\n{host}\r\n");
            assert_eq!(status(&head), "421 Misdirected Request", "{host}");
        }
        assert_eq!(status("\r\n\r\n"), "421 Misdirected Request");
    }
}
