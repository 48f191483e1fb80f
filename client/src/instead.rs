//! Why a session is carried by WebSocket and not by QUIC.

use carrier::Kind;

use crate::options;

/// Why it is not QUIC (PRODUCT 4.12).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instead {
    /// In a word, for windows that say it in their language.
    pub reason: Reason,
    /// In the words of whoever found out.
    pub text: String,
}

/// Why it is not QUIC, in a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Nothing answered by UDP in time.
    Blocked,
    /// Something answered, and it was no.
    Refused,
    /// A setting asks for WebSocket.
    Forced,
    /// It was QUIC, and UDP stopped answering.
    Stopped,
}

impl Instead {
    /// What whoever dialled says of a carrier of this kind, that was dialled by this setting.
    pub(crate) fn of(wish: options::Carrier, kind: Kind, told: Option<String>) -> Option<Self> {
        match (kind, wish, told) {
            (Kind::Quic | Kind::WebTransport, _, _) => None,
            (Kind::WebSocket, options::Carrier::Websocket, _) => Some(Self {
                reason: Reason::Forced,
                text: "WebSocket was asked for by `--carrier`".to_owned(),
            }),
            (Kind::WebSocket, _, told) => told.map(|text| Self {
                reason: reason(&text),
                text,
            }),
        }
    }
}

impl Reason {
    /// The word of SPEC 15.
    pub fn word(self) -> &'static str {
        match self {
            Self::Blocked => "blocked",
            Self::Refused => "refused",
            Self::Forced => "forced",
            Self::Stopped => "stopped",
        }
    }
}

/// `carrier` tells it as a text: one that waited in vain ends with the same words, whatever it waited for.
fn reason(text: &str) -> Reason {
    if text == STOPPED {
        Reason::Stopped
    } else if text.ends_with("in time") {
        Reason::Blocked
    } else {
        Reason::Refused
    }
}

/// What is told of a line that was carried by QUIC until now.
pub(crate) const STOPPED: &str = "UDP stopped answering";

#[cfg(test)]
mod tests {
    use carrier::DialError;

    use super::*;

    #[test]
    fn the_reason_is_a_word() {
        let of = |wish, kind, told: &str| {
            let instead = Instead::of(wish, kind, Some(told.to_owned()));
            instead.map(|instead| instead.reason.word())
        };
        let auto = options::Carrier::Auto;
        let late = DialError::Timeout("help.example:443".to_owned()).to_string();
        let refused = DialError::Refused("closed".to_owned()).to_string();
        for (told, word) in [
            ("nothing answered by UDP in time", "blocked"),
            (&late, "blocked"),
            (&refused, "refused"),
            (STOPPED, "stopped"),
        ] {
            assert_eq!(of(auto, Kind::WebSocket, told), Some(word), "{told}");
        }
        assert_eq!(of(auto, Kind::Quic, &late), None);
        let forced = options::Carrier::Websocket;
        let instead = Instead::of(forced, Kind::WebSocket, None).unwrap();
        assert_eq!(instead.reason, Reason::Forced);
        assert_eq!(Instead::of(auto, Kind::WebSocket, None), None);
    }
}
