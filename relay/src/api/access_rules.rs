//! `/api/v1/access-rules`: what a sign-in must be like (PRODUCT 1.8).

use std::time::Duration;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use policy::{AccessRule, GroupId, Moment, Network, Permissions, RuleId};
use relay_store::Rules;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::administrator::Administrator;
use super::asked::{Given, new_id, no_such, to_the_end};
use super::{App, Refusal};

/// The rules of conditional access of an organisation: at most 200.
#[derive(Serialize, ToSchema)]
#[schema(as = AccessRules)]
pub(super) struct List {
    rules: Vec<Told>,
}

/// A rule of conditional access. Whoever it is about has to fulfil all of it.
#[derive(Serialize, ToSchema)]
#[schema(as = AccessRule)]
pub(super) struct Told {
    id: String,
    #[serde(flatten)]
    says: Said,
}

/// What a rule of conditional access should be.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AccessRuleSaid)]
pub(super) struct Said {
    name: String,
    /// The groups of people that it is about; empty: everybody.
    #[serde(default)]
    groups: Vec<String>,
    /// When it is asked: `sign-in`, `create`, `join`, `renew`.
    moments: Vec<String>,
    /// One of these has to be the sign-in's `acr`, or among its `amr`; empty: any.
    #[serde(default)]
    methods: Vec<String>,
    /// The sign-in is no older than this many seconds.
    #[serde(default)]
    max_age: Option<u64>,
    /// The address is in one of these networks, such as `10.0.0.0/8`; empty: any.
    #[serde(default)]
    allowed: Vec<String>,
    /// The address is in none of these networks.
    #[serde(default)]
    denied: Vec<String>,
    /// The sharer's device is compliant.
    #[serde(default)]
    compliant_device: bool,
}

impl From<&AccessRule> for Told {
    fn from(rule: &AccessRule) -> Self {
        let networks = |of: &[Network]| of.iter().map(Network::to_string).collect();
        let moments = MOMENTS.iter();
        let moments = moments.filter(|(_, moment)| rule.moments.contains(moment));
        Self {
            id: rule.id.0.clone(),
            says: Said {
                name: rule.name.clone(),
                groups: rule.groups.iter().map(|id| id.0.clone()).collect(),
                moments: moments.map(|(word, _)| (*word).to_owned()).collect(),
                methods: rule.methods.clone(),
                max_age: rule.max_age.map(|age| age.as_secs()),
                allowed: networks(&rule.allowed),
                denied: networks(&rule.denied),
                compliant_device: rule.compliant_device,
            },
        }
    }
}

impl Said {
    fn rule(self, id: RuleId) -> Result<AccessRule, Refusal> {
        let moments = self.moments.iter().map(|word| {
            let mut known = MOMENTS.iter();
            let found = known
                .find(|(one, _)| one == word)
                .map(|(_, moment)| *moment);
            found.ok_or_else(|| no_such("moment", word).at("moments"))
        });
        Ok(AccessRule {
            id,
            moments: moments.collect::<Result<_, _>>()?,
            allowed: networks(&self.allowed, "allowed")?,
            denied: networks(&self.denied, "denied")?,
            name: self.name,
            groups: self.groups.into_iter().map(GroupId).collect(),
            methods: self.methods,
            max_age: self.max_age.map(Duration::from_secs),
            compliant_device: self.compliant_device,
        })
    }
}

fn networks(texts: &[String], field: &'static str) -> Result<Vec<Network>, Refusal> {
    let read = texts.iter().map(|text| {
        let network = text.parse();
        network.map_err(|_| no_such("network", text).at(field))
    });
    read.collect()
}

const MOMENTS: [(&str, Moment); 4] = [
    ("sign-in", Moment::SignIn),
    ("create", Moment::Create),
    ("join", Moment::Join),
    ("renew", Moment::Renew),
];

/// All rules of conditional access; needs the permission `settings`.
#[utoipa::path(get, path = "/api/v1/access-rules", operation_id = "list_access_rules", responses(
    (status = 200, body = List), (status = 401, body = super::Body), (status = 403, body = super::Body),
))]
pub(super) async fn list(
    State(app): State<App>,
    who: Administrator,
) -> Result<Json<List>, Refusal> {
    who.require(Permissions::SETTINGS)?;
    let policy = app.authority.policy(&who.tenant);
    let rules = policy.access_rules().iter().map(Told::from).collect();
    Ok(Json(List { rules }))
}

/// Makes a rule of conditional access.
#[utoipa::path(post, path = "/api/v1/access-rules", operation_id = "create_access_rule", request_body = Said, responses(
    (status = 201, body = Told), (status = 400, body = super::Body), (status = 401, body = super::Body),
    (status = 403, body = super::Body), (status = 409, body = super::Body), (status = 422, body = super::Body),
))]
pub(super) async fn create(
    State(app): State<App>,
    who: Administrator,
    Given(said): Given<Said>,
) -> Result<(StatusCode, Json<Told>), Refusal> {
    who.require(Permissions::SETTINGS)?;
    let rule = said.rule(RuleId(new_id(&app)))?;
    let told = to_the_end(keep(app, who, rule, false)).await?;
    Ok((StatusCode::CREATED, Json(told)))
}

/// Changes a rule of conditional access. Live sessions follow at once.
#[utoipa::path(put, path = "/api/v1/access-rules/{id}", operation_id = "put_access_rule", request_body = Said,
    params(("id" = String, Path)), responses(
    (status = 200, body = Told), (status = 400, body = super::Body), (status = 401, body = super::Body),
    (status = 403, body = super::Body), (status = 404, body = super::Body), (status = 422, body = super::Body),
))]
pub(super) async fn put(
    State(app): State<App>,
    who: Administrator,
    Path(id): Path<String>,
    Given(said): Given<Said>,
) -> Result<Json<Told>, Refusal> {
    who.require(Permissions::SETTINGS)?;
    let rule = said.rule(RuleId(id))?;
    to_the_end(keep(app, who, rule, true)).await.map(Json)
}

/// Deletes a rule of conditional access.
#[utoipa::path(delete, path = "/api/v1/access-rules/{id}", operation_id = "delete_access_rule",
    params(("id" = String, Path)), responses(
    (status = 204), (status = 401, body = super::Body), (status = 403, body = super::Body), (status = 404, body = super::Body),
))]
pub(super) async fn delete(
    State(app): State<App>,
    who: Administrator,
    Path(id): Path<String>,
) -> Result<StatusCode, Refusal> {
    who.require(Permissions::SETTINGS)?;
    to_the_end(async move {
        let _alone = app.authority.alone().await;
        let (store, act, id) = (&app.store, who.act(), RuleId(id));
        if !store.delete_access_rule(&act, &who.tenant, &id).await? {
            return Err(Refusal::nothing_there());
        }
        app.authority.changed(&who.tenant).await?;
        Ok(StatusCode::NO_CONTENT)
    })
    .await
}

async fn keep(
    app: App,
    who: Administrator,
    rule: AccessRule,
    is_there: bool,
) -> Result<Told, Refusal> {
    let _alone = app.authority.alone().await;
    let (store, act, tenant) = (&app.store, who.act(), &who.tenant);
    let known = |policy: &policy::Policy| {
        let mut all = policy.access_rules().iter();
        all.find(|one| one.id == rule.id).map(Told::from)
    };
    if is_there && known(&app.authority.policy(tenant)).is_none() {
        return Err(Refusal::nothing_there());
    }
    store.put_access_rule(&act, tenant, &rule).await?;
    app.authority.changed(tenant).await?;
    let kept = known(&app.authority.policy(tenant));
    Ok(kept.unwrap_or_else(|| (&rule).into()))
}
