//! `/api/v1/roles`: permissions under one name (PRODUCT 2.3, 2.8).

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use policy::{Permissions, Role, RoleId, may_change_role};
use relay_store::Roles;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::administrator::Administrator;
use super::asked::{Given, new_id, permissions, to_the_end};
use super::{App, Refusal};

/// The roles of an organisation: at most 200 and the built-in ones.
#[derive(Serialize, ToSchema)]
#[schema(as = Roles)]
pub(super) struct List {
    roles: Vec<Told>,
}

/// A role.
#[derive(Serialize, ToSchema)]
#[schema(as = Role)]
pub(super) struct Told {
    id: String,
    name: String,
    description: String,
    /// The permissions that are ticked, lowest first.
    permissions: Vec<&'static str>,
    /// It came with the product and cannot be changed.
    built_in: bool,
}

/// What a role should be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = RoleSaid)]
pub(super) struct Said {
    name: String,
    #[serde(default)]
    description: String,
    permissions: Vec<String>,
}

impl From<Role> for Told {
    fn from(role: Role) -> Self {
        Self {
            id: role.id.0,
            name: role.name,
            description: role.description,
            permissions: role.permissions.words(),
            built_in: role.built_in,
        }
    }
}

impl Said {
    fn role(self, id: RoleId) -> Result<Role, Refusal> {
        Ok(Role {
            id,
            permissions: permissions(&self.permissions)?,
            name: self.name,
            description: self.description,
            built_in: false,
        })
    }
}

/// All roles, the built-in ones first; needs the permission `roles`.
#[utoipa::path(get, path = "/api/v1/roles", operation_id = "list_roles", responses(
    (status = 200, body = List), (status = 401, body = super::Body), (status = 403, body = super::Body),
))]
pub(super) async fn list(
    State(app): State<App>,
    who: Administrator,
) -> Result<Json<List>, Refusal> {
    who.require(Permissions::ROLES)?;
    let custom = app.store.roles(&who.tenant).await?;
    let roles = Role::built_in().into_iter().chain(custom);
    Ok(Json(List {
        roles: roles.map(Told::from).collect(),
    }))
}

/// Makes a role.
#[utoipa::path(post, path = "/api/v1/roles", operation_id = "create_role", request_body = Said, responses(
    (status = 201, body = Told), (status = 400, body = super::Body), (status = 401, body = super::Body),
    (status = 403, body = super::Body), (status = 409, body = super::Body), (status = 422, body = super::Body),
))]
pub(super) async fn create(
    State(app): State<App>,
    who: Administrator,
    Given(said): Given<Said>,
) -> Result<(StatusCode, Json<Told>), Refusal> {
    who.require(Permissions::ROLES)?;
    let id = RoleId(new_id(&app));
    let role = said.role(id)?;
    let told = to_the_end(keep(app, who, role, false)).await?;
    Ok((StatusCode::CREATED, Json(told)))
}

/// Changes a role; whoever holds it has what it allows newly at once.
#[utoipa::path(put, path = "/api/v1/roles/{id}", operation_id = "put_role", request_body = Said,
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
    let role = said.role(RoleId(id))?;
    to_the_end(keep(app, who, role, true)).await.map(Json)
}

/// Deletes a role that no assignment gives.
#[utoipa::path(delete, path = "/api/v1/roles/{id}", operation_id = "delete_role", params(("id" = String, Path)), responses(
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
        let _alone = app.authority.alone().await;
        let (act, id) = (who.act(), RoleId(id));
        if !app.store.delete_role(&act, &who.tenant, &id).await? {
            return Err(Refusal::nothing_there());
        }
        app.authority.changed(&who.tenant).await?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

async fn keep(app: App, who: Administrator, role: Role, is_there: bool) -> Result<Told, Refusal> {
    let _alone = app.authority.alone().await;
    let before = app.store.role(&who.tenant, &role.id).await?;
    if before.is_none() && is_there {
        return Err(Refusal::nothing_there());
    }
    let was = before.map_or(Permissions::NONE, |before| before.permissions);
    let policy = app.authority.policy(&who.tenant);
    may_change_role(&policy, &who.subject()?, &role.id, was, role.permissions)?;
    let act = who.act();
    app.store.put_role(&act, &who.tenant, &role).await?;
    app.authority.changed(&who.tenant).await?;
    let kept = app.store.role(&who.tenant, &role.id).await?;
    Ok(kept.unwrap_or(role).into())
}
