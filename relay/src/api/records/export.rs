//! `GET /api/v1/records.csv`: the same, for spreadsheets.

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::extract::rejection::QueryRejection;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use policy::TenantId;
use relay_store::{Cursor, Filter, Page, Records};
use tracing::{info, warn};

use super::{Query, malformed, unavailable};
use crate::api::access::SignedIn;
use crate::api::record::Told;
use crate::api::{App, Refusal};
use crate::clock::time_of_day;

/// All records of the filter as CSV (RFC 4180, UTF-8 with a mark, so that spreadsheets read every script).
#[utoipa::path(get, path = "/api/v1/records.csv", operation_id = "export_records", params(Query), responses(
    (status = 200, content_type = "text/csv", body = String), (status = 401, body = crate::api::Body),
    (status = 422, body = crate::api::Body), (status = 503, body = crate::api::Body),
))]
pub(in crate::api) async fn show(
    State(app): State<App>,
    who: SignedIn,
    query: Result<axum::extract::Query<Query>, QueryRejection>,
) -> Result<Response, Refusal> {
    let filter = query.map_err(|_| malformed())?.0.filter(&who, &app)?;
    // The first page is read before the answer begins: an error can still be told then.
    let first = read(&app, &filter, None)
        .await
        .map_err(|error| unavailable(&error))?;
    let TenantId(tenant) = &filter.tenant;
    info!(%tenant, "session records were exported");
    let start = Next::Page(Box::new(first), true);
    let body = stream::unfold((app, filter, start), |(app, filter, next)| async move {
        let (page, head) = match next {
            Next::Page(page, head) => (*page, head),
            Next::After(after) => match read(&app, &filter, Some(after)).await {
                Ok(page) => (page, false),
                Err(error) => {
                    warn!(%error, "an export broke off");
                    let broken = std::io::Error::other("the store does not answer");
                    return Some((Err(broken), (app, filter, Next::End)));
                }
            },
            Next::End => return None,
        };
        let next = page.next.map_or(Next::End, Next::After);
        let lines = page.records.into_iter().map(Told::from);
        let lines = lines_of(lines, head).map(Bytes::from);
        Some((lines, (app, filter, next)))
    });
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"sessions.csv\"",
        ),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, Body::from_stream(body)).into_response())
}

/// Where the export goes on.
enum Next {
    /// With this page; and whether the head stands before it.
    Page(Box<Page>, bool),
    /// Behind this place.
    After(Cursor),
    /// Nowhere.
    End,
}

async fn read(
    app: &App,
    filter: &Filter,
    after: Option<Cursor>,
) -> Result<Page, relay_store::Error> {
    app.store
        .page(filter, after, Page::LIMIT, time_of_day())
        .await
}

fn lines_of(records: impl Iterator<Item = Told>, head: bool) -> std::io::Result<Vec<u8>> {
    let mut out = if head { MARK.to_vec() } else { Vec::new() };
    let mut csv = csv::Writer::from_writer(&mut out);
    if head {
        csv.write_record(HEAD)?;
    }
    for record in records {
        csv.write_record(line(&record).iter().map(|cell| harmless(cell)))?;
    }
    csv.flush()?;
    drop(csv);
    Ok(out)
}

fn line(record: &Told) -> [String; 18] {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let word = |word: Option<&'static str>| word.unwrap_or_default().to_owned();
    let figure = |figure: Option<u32>| figure.map(|figure| figure.to_string()).unwrap_or_default();
    let sharer = record.sharer.as_ref();
    [
        record.session.clone(),
        record.helper.name.clone(),
        record.helper.subject.clone(),
        sharer.map_or_else(|| "--".to_owned(), |sharer| sharer.name.clone()),
        sharer.map_or_else(String::new, |sharer| sharer.subject.clone()),
        text(&record.device),
        record.started.clone(),
        text(&record.ended),
        record.seconds.to_string(),
        word(record.highest),
        word(record.helper_carrier),
        word(record.sharer_carrier),
        word(record.end_reason),
        text(&record.reason),
        text(&record.incident),
        word(record.outcome),
        text(&record.notes),
        figure(record.quality.p95_ms),
    ]
}

/// A cell that a spreadsheet would take for a formula is made text.
fn harmless(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell != "--" {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

/// Says to spreadsheets that the text is UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

const HEAD: [&str; 18] = [
    "session",
    "helper",
    "helper_subject",
    "sharer",
    "sharer_subject",
    "device",
    "started",
    "ended",
    "seconds",
    "highest_level",
    "helper_carrier",
    "sharer_carrier",
    "end_reason",
    "reason",
    "incident",
    "outcome",
    "notes",
    "p95_ms",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for cell in ["=1+1", "+1", "-1", "@x", "\tx"] {
            assert_eq!(harmless(cell), format!("'{cell}"));
        }
        for cell in ["", "--", "Amina", "1-1", "'x"] {
            assert_eq!(harmless(cell), cell);
        }
    }
}
