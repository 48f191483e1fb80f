//! `GET /api/v1/monitor`: what goes on now, and how much went on lately (PRODUCT 8.4).

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use policy::Readable;
use relay_store::{Filter, Page, Records};
use serde::Serialize;
use time::{Date, Duration};
use utoipa::ToSchema;
use wire::Fault;

use super::access::SignedIn;
use super::record::Told;
use super::records::unavailable;
use super::{App, Refusal};
use crate::clock::time_of_day;

/// Sessions now and by day.
#[derive(Serialize, ToSchema)]
pub(super) struct Monitor {
    /// Those that go on, newest first; at most 1000.
    active: Vec<Told>,
    /// The last 30 days (UTC), oldest first, the empty ones too.
    days: Vec<DayCount>,
}

/// One day, without persons.
#[derive(Serialize, ToSchema)]
#[schema(as = Day)]
pub(super) struct DayCount {
    /// Such as `2026-11-20`.
    day: String,
    sessions: u64,
    /// Those with a level that includes input.
    control: u64,
    minutes: u64,
}

/// Sessions now and by day; needs the permission to read all records.
#[utoipa::path(get, path = "/api/v1/monitor", operation_id = "show_monitor", responses(
    (status = 200, body = Monitor), (status = 401, body = super::Body), (status = 403, body = super::Body),
    (status = 503, body = super::Body),
))]
pub(super) async fn show(State(app): State<App>, who: SignedIn) -> Result<Json<Monitor>, Refusal> {
    if who.may(&app).readable() != Readable::All {
        return Err(Refusal::new(StatusCode::FORBIDDEN, Fault::MayNotRead));
    }
    let (tenant, now) = (who.0.tenant, time_of_day());
    let open = Filter {
        open: Some(true),
        ..Filter::tenant(tenant.clone())
    };
    let active = app.store.page(&open, None, Page::LIMIT, now).await;
    let active = active.map_err(|error| unavailable(&error))?.records;
    let counted = app.store.days(&tenant, now).await;
    let counted = counted.map_err(|error| unavailable(&error))?;
    let today = now.0.div_euclid(DAY_MS);
    let days = (today - DAYS + 1..=today).map(|number| {
        let found = counted.iter().find(|day| day.day == number).copied();
        let day = found.unwrap_or_default();
        DayCount {
            day: name(number),
            sessions: day.sessions,
            control: day.control,
            minutes: day.seconds / 60,
        }
    });
    Ok(Json(Monitor {
        active: active.into_iter().map(Told::from).collect(),
        days: days.collect(),
    }))
}

/// The date of a day since 1970.
fn name(day: i64) -> String {
    let epoch = Date::from_ordinal_date(1970, 1).ok();
    let date = epoch.and_then(|epoch| epoch.checked_add(Duration::days(day)));
    date.map(|date| date.to_string()).unwrap_or_default()
}

const DAYS: i64 = 30;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

#[cfg(test)]
mod tests {
    #[test]
    fn days_have_their_date() {
        assert_eq!(super::name(0), "1970-01-01");
        assert_eq!(super::name(20_777), "2026-11-20");
        assert_eq!(super::name(i64::MAX / 100_000), "");
    }
}
