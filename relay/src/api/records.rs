//! `/api/v1/records`: session records, as a page, as CSV, and what came of one.

mod export;
mod list;
mod outcome;

use axum::http::StatusCode;
use policy::{PersonId, Readable};
use relay_store::{By, Filter, Order};
use serde::Deserialize;
use utoipa::IntoParams;
use wire::Fault;

use super::access::SignedIn;
use super::record::parse_time;
use super::{App, Refusal};

pub(super) use export::{__path_show as __path_export, show as export};
pub(super) use list::{__path_show as __path_list, show as list};
pub(super) use outcome::{__path_put as __path_outcome, put as outcome};

/// Which records, in which order.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Query {
    /// Started then or later (RFC 3339).
    from: Option<String>,
    /// Started before then.
    until: Option<String>,
    /// Name or subject of helper or sharer contain this.
    person: Option<String>,
    /// The highest level was this one.
    level: Option<String>,
    /// Only open or only ended ones.
    open: Option<bool>,
    /// `started`, `helper`, `sharer`, `level` or `end_reason`.
    sort: Option<String>,
    /// Smallest first.
    #[serde(default)]
    ascending: bool,
    /// Only where I helped. Without the permission to read all records it is always so.
    #[serde(default)]
    mine: bool,
    /// `next` of the page before.
    after: Option<String>,
    /// At most this many.
    limit: Option<usize>,
}

impl Query {
    /// What of it the person may read.
    fn filter(&self, who: &SignedIn, app: &App) -> Result<Filter, Refusal> {
        let time = |text: &Option<String>| {
            let text = text.as_deref();
            text.map(|text| parse_time(text).ok_or_else(malformed))
                .transpose()
        };
        let level = self.level.as_deref().map(str::parse).transpose();
        let by = self
            .sort
            .as_deref()
            .map(|word| By::of_word(word).ok_or_else(malformed));
        let all = who.may(app).readable() == Readable::All && !self.mine;
        let person = self
            .person
            .clone()
            .filter(|person| !person.trim().is_empty());
        if person
            .as_ref()
            .is_some_and(|person| person.len() > MAX_PERSON)
        {
            return Err(malformed());
        }
        let me = || PersonId(who.0.id.0.clone());
        Ok(Filter {
            from: time(&self.from)?,
            until: time(&self.until)?,
            person: person.map(|person| person.trim().to_owned()),
            highest: level.map_err(|_| malformed())?,
            open: self.open,
            helper: (!all).then(me),
            order: Order {
                by: by.transpose()?.unwrap_or_default(),
                ascending: self.ascending,
            },
            ..Filter::tenant(who.0.tenant.clone())
        })
    }
}

/// The request cannot be understood.
fn malformed() -> Refusal {
    Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, Fault::QueryMalformed)
}

/// The store does not answer; the log knows why.
pub(super) fn unavailable(error: &relay_store::Error) -> Refusal {
    tracing::error!(%error, "records could not be read");
    Refusal::new(StatusCode::SERVICE_UNAVAILABLE, Fault::StoreUnavailable)
}

/// Most bytes of the text that people are looked for by.
const MAX_PERSON: usize = 200;
