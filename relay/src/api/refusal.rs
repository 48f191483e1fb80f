//! An answer that says what went wrong.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use policy::{Permissions, Unmet};
use relay_core::fault_of;
use relay_store::{Error, Refused};
use serde::Serialize;
use utoipa::ToSchema;
use wire::{Fault, StepUp};

use super::step_up;

/// An answer that says what went wrong.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    fault: Fault,
    /// What exactly, where that says more than the text of the fault.
    why: Option<String>,
    field: Option<&'static str>,
    unmet: Option<Box<Unmet>>,
}

/// Why a request was not done.
#[derive(Serialize, ToSchema)]
#[schema(as = Refusal)]
pub(super) struct Body {
    /// Such as `RH-1702`.
    #[schema(value_type = String)]
    fault: Fault,
    text: String,
    /// The field of the request that it is about, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'static str>,
    /// What an administrator calls the rule that refuses, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<String>,
    /// How to sign in so that the rule is fulfilled, as the challenge says it, too (RFC 9470).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<AskedSignIn>)]
    step_up: Option<StepUp>,
}

/// What a fresh sign-in has to ask the provider for.
#[derive(ToSchema)]
#[schema(as = StepUp)]
#[expect(dead_code, reason = "describes wire::StepUp, which knows no OpenAPI")]
pub(super) struct AskedSignIn {
    /// One of these ways to sign in; left out if any will do.
    acr_values: Option<Vec<String>>,
    /// At most this many seconds ago.
    max_age: Option<u32>,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, fault: Fault) -> Self {
        Self {
            status,
            fault,
            why: None,
            field: None,
            unmet: None,
        }
    }

    /// A request whose shape or values are wrong.
    pub(super) fn malformed(why: impl Into<String>) -> Self {
        let new = Self::new(StatusCode::UNPROCESSABLE_ENTITY, Fault::QueryMalformed);
        new.because(why)
    }

    /// There is no such thing in this organisation; one of another organisation is answered alike (PRODUCT 1.6).
    pub(super) fn nothing_there() -> Self {
        Self::new(StatusCode::NOT_FOUND, Fault::NothingThere)
    }

    /// The person or the token may not do this.
    pub(super) fn may_not() -> Self {
        Self::new(StatusCode::FORBIDDEN, Fault::MayNotAdminister)
    }

    pub(super) fn because(mut self, why: impl Into<String>) -> Self {
        self.why = Some(why.into());
        self
    }

    pub(super) fn at(mut self, field: &'static str) -> Self {
        self.field = Some(field);
        self
    }

    /// Its status, for answers in another form.
    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    /// What went wrong, in words.
    pub(crate) fn text(&self) -> String {
        let why = self.why.clone();
        why.unwrap_or_else(|| self.fault.text().to_owned())
    }
}

impl From<Unmet> for Refusal {
    /// What a fresh sign-in cures is a question of who asks (401, RFC 9470); the rest is forbidden.
    fn from(unmet: Unmet) -> Self {
        let status = if unmet.lacks.is_curable() {
            StatusCode::UNAUTHORIZED
        } else {
            StatusCode::FORBIDDEN
        };
        Self {
            unmet: Some(Box::new(unmet.clone())),
            ..Self::new(status, fault_of(&unmet.lacks))
        }
    }
}

impl From<Error> for Refusal {
    /// What the store will not keep is the request's mistake; all else is the relay's.
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(refused) => refused.into(),
            Error::Full => Self::new(StatusCode::SERVICE_UNAVAILABLE, Fault::StoreFull),
            Error::Busy
            | Error::Unavailable(_)
            | Error::Corrupt(_)
            | Error::Schema(_)
            | Error::AlreadyOpen { .. } => {
                tracing::error!(%error, "the store did not do what was asked");
                Self::new(StatusCode::SERVICE_UNAVAILABLE, Fault::StoreUnavailable)
            }
        }
    }
}

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        let why = refused.to_string();
        let (status, fault, field) = match refused {
            Refused::Empty { field, .. }
            | Refused::TooLong { field, .. }
            | Refused::Value { field } => {
                (StatusCode::BAD_REQUEST, Fault::QueryMalformed, Some(field))
            }
            Refused::Unknown { kind, .. } => {
                (StatusCode::BAD_REQUEST, Fault::NothingThere, Some(kind))
            }
            Refused::Taken { field, .. } => (StatusCode::CONFLICT, Fault::DoesNotFit, Some(field)),
            Refused::TooMany { what, .. } => (StatusCode::CONFLICT, Fault::DoesNotFit, Some(what)),
            Refused::InUse { .. } | Refused::BuiltIn => {
                (StatusCode::CONFLICT, Fault::DoesNotFit, None)
            }
        };
        Self {
            field,
            ..Self::new(status, fault).because(why)
        }
    }
}

impl From<policy::Refused> for Refusal {
    /// Nobody grants more than they hold (PRODUCT 2.8); the answer says what.
    fn from(refused: policy::Refused) -> Self {
        let words = |of: Permissions| of.words().join(", ");
        let why = match refused {
            policy::Refused::MayNotGive => "You may not change roles and assignments.".to_owned(),
            policy::Refused::BeyondOwn(of) => {
                format!("You do not hold these permissions yourself: {}.", words(of))
            }
            policy::Refused::ToOneself(of) => {
                format!(
                    "You would give these permissions to yourself: {}.",
                    words(of)
                )
            }
        };
        Self::may_not().because(why)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let challenge = self
            .unmet
            .as_ref()
            .and_then(|unmet| step_up::challenge(&unmet.lacks));
        let body = Body {
            fault: self.fault,
            text: self.text(),
            field: self.field,
            step_up: self
                .unmet
                .as_ref()
                .and_then(|unmet| StepUp::of(&unmet.lacks)),
            rule: self.unmet.map(|unmet| unmet.rule),
        };
        let mut response = (self.status, Json(body)).into_response();
        if let Some(challenge) = challenge {
            let headers = response.headers_mut();
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}
