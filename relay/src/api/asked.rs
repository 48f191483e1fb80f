//! What a request says, read strictly: whatever is not understood is refused with the reason.

use std::future::Future;

use axum::Json;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use policy::Permissions;
use relay_store::Place;
use serde::de::DeserializeOwned;
use wire::Fault;

use super::{App, Refusal};

/// The JSON body.
pub(super) struct Given<T>(pub(super) T);

/// The query.
pub(super) struct Asked<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Given<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let given = Json::from_request(request, state).await;
        let Json(given) = given.map_err(|error| Refusal::malformed(error.body_text()))?;
        Ok(Self(given))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let asked = Query::from_request_parts(parts, state).await;
        let Query(asked) = asked.map_err(|error| Refusal::malformed(error.body_text()))?;
        Ok(Self(asked))
    }
}

/// Does what was begun to its end, also if whoever asked hangs up: what is kept has to be told to live sessions.
pub(super) async fn to_the_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, Refusal>> + Send + 'static,
) -> Result<T, Refusal> {
    done(work).await
}

/// The same for whatever else an answer is made of.
pub(crate) async fn done<T: Send + 'static, E: From<Refusal> + Send + 'static>(
    work: impl Future<Output = Result<T, E>> + Send + 'static,
) -> Result<T, E> {
    let done = tokio::spawn(work).await;
    done.unwrap_or_else(|error| {
        tracing::error!(%error, "a change was not done to its end");
        let refusal = Refusal::new(StatusCode::SERVICE_UNAVAILABLE, Fault::StoreUnavailable);
        Err(refusal.into())
    })
}

/// Permissions by their words.
pub(super) fn permissions(words: &[String]) -> Result<Permissions, Refusal> {
    words.iter().try_fold(Permissions::NONE, |all, word| {
        let one = Permissions::of_word(word);
        let one = one.ok_or_else(|| no_such("permission", word).at("permissions"))?;
        Ok(all.and(one))
    })
}

/// The place in a list behind which a page begins.
pub(super) fn place(after: Option<&str>) -> Result<Option<Place>, Refusal> {
    let place = after.map(str::parse).transpose();
    place.map_err(|_| Refusal::malformed("`after` is not the `next` of a page").at("after"))
}

/// A page of a list that is in memory: it begins behind the item with this id. The second answer is where to go on.
pub(super) fn page<T>(
    items: Vec<T>,
    id: impl Fn(&T) -> &str,
    after: Option<&str>,
    limit: Option<usize>,
) -> (Vec<T>, Option<String>) {
    let begin = after.map_or(0, |after| {
        let found = items.iter().position(|item| id(item) == after);
        found.map_or(items.len(), |found| found.saturating_add(1))
    });
    let mut rest = items.into_iter().skip(begin);
    let page: Vec<T> = rest.by_ref().take(size(limit)).collect();
    let more = rest.next().is_some();
    let next = page.last().filter(|_| more).map(|last| id(last).to_owned());
    (page, next)
}

/// How many items a page has.
pub(super) fn size(limit: Option<usize>) -> usize {
    limit.unwrap_or(PAGE).clamp(1, PAGE_LIMIT)
}

/// A word that is none.
pub(super) fn no_such(kind: &str, word: &str) -> Refusal {
    let word: String = word.chars().take(64).collect();
    Refusal::malformed(format!("there is no {kind} {word:?}"))
}

/// A new id of 32 hex digits.
pub(crate) fn new_id(app: &App) -> String {
    let random = app.reception.random();
    random.iter().take(16).map(|b| format!("{b:02x}")).collect()
}

const PAGE: usize = 100;
const PAGE_LIMIT: usize = 1000;
