//! `/api/v1/assignments`: who may help whom (PRODUCT 2.4, 2.8).

mod coverage;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use policy::{Assignment, GroupId, Permissions, PersonId, RoleId, RuleId, TenantId, may_assign};
use relay_store::{Assignments, Roles};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::administrator::Administrator;
use super::asked::{Asked, Given, new_id, page, to_the_end};
use super::scope::Scope;
use super::{App, Refusal};

pub(super) use coverage::{
    __path_preview, __path_show as __path_coverage, preview, show as coverage,
};

/// Some assignments, those of the configuration file first, then by name.
#[derive(Serialize, ToSchema)]
#[schema(as = Assignments)]
pub(super) struct List {
    assignments: Vec<Told>,
    /// `after` of the next page.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// An assignment.
#[derive(Serialize, ToSchema)]
#[schema(as = Assignment)]
pub(super) struct Told {
    id: String,
    /// `store`, or `file`: one of the configuration file, which cannot be changed here.
    source: &'static str,
    name: String,
    description: String,
    role: String,
    /// What the role allows now.
    permissions: Vec<&'static str>,
    /// Groups whose members hold it.
    groups: Vec<String>,
    /// People who hold it by themselves.
    people: Vec<String>,
    scope: Scope,
}

/// What an assignment should be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AssignmentSaid)]
pub(super) struct Said {
    name: String,
    #[serde(default)]
    description: String,
    /// The id of a role.
    role: String,
    #[serde(default)]
    groups: Vec<String>,
    #[serde(default)]
    people: Vec<String>,
    scope: Scope,
}

/// Which page.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Query {
    /// `next` of the page before.
    pub(super) after: Option<String>,
    /// At most this many, and at most 1000.
    pub(super) limit: Option<usize>,
}

impl Told {
    fn of(assignment: &Assignment, app: &App, tenant: &TenantId) -> Self {
        let fixed = app.authority.fixed(tenant);
        let is_fixed = fixed.iter().any(|one| one.id == assignment.id);
        let texts = |ids: &[GroupId]| ids.iter().map(|id| id.0.clone()).collect();
        Self {
            id: assignment.id.0.clone(),
            source: if is_fixed { "file" } else { "store" },
            name: assignment.name.clone(),
            description: assignment.description.clone(),
            role: assignment.role.0.clone(),
            permissions: assignment.permissions.words(),
            groups: texts(&assignment.groups),
            people: assignment.people.iter().map(|id| id.0.clone()).collect(),
            scope: (&assignment.scope).into(),
        }
    }
}

impl Said {
    /// The assignment with the permissions of its role.
    async fn assignment(
        self,
        id: RuleId,
        app: &App,
        tenant: &TenantId,
    ) -> Result<Assignment, Refusal> {
        let role = RoleId(self.role);
        let found = app.store.role(tenant, &role).await?;
        let found = found.ok_or_else(|| {
            let unknown = relay_store::Refused::Unknown {
                kind: "role",
                id: role.0.clone(),
            };
            Refusal::from(unknown)
        })?;
        Ok(Assignment {
            id,
            name: self.name,
            description: self.description,
            role,
            permissions: found.permissions,
            groups: self.groups.into_iter().map(GroupId).collect(),
            people: self.people.into_iter().map(PersonId).collect(),
            scope: self.scope.into(),
        })
    }
}

/// Assignments; needs the permission `roles`.
#[utoipa::path(get, path = "/api/v1/assignments", operation_id = "list_assignments", params(Query), responses(
    (status = 200, body = List), (status = 401, body = super::Body), (status = 403, body = super::Body),
))]
pub(super) async fn list(
    State(app): State<App>,
    who: Administrator,
    Asked(query): Asked<Query>,
) -> Result<Json<List>, Refusal> {
    who.require(Permissions::ROLES)?;
    let policy = app.authority.policy(&who.tenant);
    let all: Vec<&Assignment> = policy.assignments().iter().collect();
    let (some, next) = page(all, |one| &one.id.0, query.after.as_deref(), query.limit);
    let told = some.into_iter();
    let assignments = told.map(|one| Told::of(one, &app, &who.tenant)).collect();
    Ok(Json(List { assignments, next }))
}

/// Makes an assignment.
#[utoipa::path(post, path = "/api/v1/assignments", operation_id = "create_assignment", request_body = Said, responses(
    (status = 201, body = Told), (status = 400, body = super::Body), (status = 401, body = super::Body),
    (status = 403, body = super::Body), (status = 409, body = super::Body), (status = 422, body = super::Body),
))]
pub(super) async fn create(
    State(app): State<App>,
    who: Administrator,
    Given(said): Given<Said>,
) -> Result<(StatusCode, Json<Told>), Refusal> {
    who.require(Permissions::ROLES)?;
    let id = RuleId(new_id(&app));
    let told = to_the_end(keep(app, who, id, said, false)).await?;
    Ok((StatusCode::CREATED, Json(told)))
}

/// Changes an assignment. Live sessions follow at once.
#[utoipa::path(put, path = "/api/v1/assignments/{id}", operation_id = "put_assignment", request_body = Said,
    params(("id" = String, Path)), responses(
    (status = 200, body = Told), (status = 400, body = super::Body), (status = 401, body = super::Body),
    (status = 403, body = super::Body), (status = 404, body = super::Body), (status = 409, body = super::Body),
    (status = 422, body = super::Body),
))]
pub(super) async fn put(
    State(app): State<App>,
    who: Administrator,
    Path(id): Path<String>,
    Given(said): Given<Said>,
) -> Result<Json<Told>, Refusal> {
    who.require(Permissions::ROLES)?;
    let kept = to_the_end(keep(app, who, RuleId(id), said, true));
    kept.await.map(Json)
}

/// Takes an assignment away. What it allowed ends at once.
#[utoipa::path(delete, path = "/api/v1/assignments/{id}", operation_id = "delete_assignment",
    params(("id" = String, Path)), responses(
    (status = 204), (status = 401, body = super::Body), (status = 403, body = super::Body),
    (status = 404, body = super::Body), (status = 409, body = super::Body),
))]
pub(super) async fn delete(
    State(app): State<App>,
    who: Administrator,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    who.require(Permissions::ROLES)?;
    to_the_end(async move {
        let id = RuleId(id);
        let _alone = app.authority.alone().await;
        let before = standing(&app, &who.tenant, &id).await?;
        let policy = app.authority.policy(&who.tenant);
        may_assign(&policy, &who.subject()?, Some(&before), None)?;
        let (store, act) = (&app.store, who.act());
        if !store.delete_assignment(&act, &who.tenant, &id).await? {
            return Err(Refusal::nothing_there());
        }
        app.authority.changed(&who.tenant).await?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

/// Makes or changes one. A person is named by id: one whom nobody knows may be named before the first sign-in.
async fn keep(
    app: App,
    who: Administrator,
    id: RuleId,
    said: Said,
    is_there: bool,
) -> Result<Told, Refusal> {
    let _alone = app.authority.alone().await;
    let tenant = &who.tenant;
    let before = if is_there {
        Some(standing(&app, tenant, &id).await?)
    } else {
        None
    };
    let after = said.assignment(id, &app, tenant).await?;
    let policy = app.authority.policy(tenant);
    may_assign(&policy, &who.subject()?, before.as_ref(), Some(&after))?;
    let act = who.act();
    app.store.put_assignment(&act, tenant, &after).await?;
    app.authority.changed(tenant).await?;
    let kept = app.store.assignment(tenant, &after.id).await?;
    Ok(Told::of(kept.as_ref().unwrap_or(&after), &app, tenant))
}

/// An assignment of the store; one of the file cannot be changed here.
async fn standing(app: &App, tenant: &TenantId, id: &RuleId) -> Result<Assignment, Refusal> {
    let fixed = app.authority.fixed(tenant);
    if fixed.iter().any(|one| one.id == *id) {
        return Err(super::does_not_fit(
            "This assignment stands in the relay's configuration file; change it there.",
        ));
    }
    let found = app.store.assignment(tenant, id).await?;
    found.ok_or_else(Refusal::nothing_there)
}
