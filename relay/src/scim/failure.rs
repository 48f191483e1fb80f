//! What went wrong, in the form of RFC 7644 section 3.12.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use relay_store::{Error, Refused};
use serde_json::json;

use crate::api::Refusal;

/// An answer that says what went wrong.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(super) status: StatusCode,
    /// A word of RFC 7644 table 9.
    pub(super) kind: Option<&'static str>,
    pub(super) detail: String,
}

impl Failure {
    pub(super) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status,
            kind: None,
            detail: detail.into(),
        }
    }

    /// A mistake of the request, by its word of table 9.
    pub(super) fn bad(kind: &'static str, detail: impl Into<String>) -> Self {
        Self {
            kind: Some(kind),
            ..Self::new(StatusCode::BAD_REQUEST, detail)
        }
    }

    pub(super) fn stranger() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "a SCIM token is needed")
    }

    pub(super) fn nothing_there(id: &str) -> Self {
        let id: String = id.chars().take(64).collect();
        Self::new(
            StatusCode::NOT_FOUND,
            format!("there is no resource {id:?}"),
        )
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::new(refusal.status(), refusal.text())
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let Error::Refused(refused) = error else {
            return Refusal::from(error).into();
        };
        let detail = refused.to_string();
        match refused {
            Refused::Taken { .. } => Self {
                kind: Some("uniqueness"),
                ..Self::new(StatusCode::CONFLICT, detail)
            },
            Refused::TooMany { .. } => Self::bad("tooMany", detail),
            Refused::Empty { .. }
            | Refused::TooLong { .. }
            | Refused::Value { .. }
            | Refused::Unknown { .. }
            | Refused::InUse { .. }
            | Refused::BuiltIn => Self::bad("invalidValue", detail),
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
            "status": self.status.as_str(),
            "detail": self.detail,
        });
        if let (Some(kind), Some(body)) = (self.kind, body.as_object_mut()) {
            body.insert("scimType".to_owned(), kind.into());
        }
        let kind = HeaderValue::from_static(super::shape::MEDIA);
        let headers = [(header::CONTENT_TYPE, kind)];
        (self.status, headers, body.to_string()).into_response()
    }
}
