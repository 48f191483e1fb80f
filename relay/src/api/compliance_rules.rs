//! `/api/v1/compliance-rules`: what the state of a device does to a session (PRODUCT 6.2).

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use policy::{Action, Compliance, ComplianceRule, Permissions, RuleId};
use relay_store::Rules;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::administrator::Administrator;
use super::asked::{Given, new_id, no_such, to_the_end};
use super::scope::Scope;
use super::{App, Refusal};

/// The compliance rules of an organisation: at most 200.
#[derive(Serialize, ToSchema)]
#[schema(as = ComplianceRules)]
pub(super) struct List {
    rules: Vec<Told>,
}

/// A compliance rule.
#[derive(Serialize, ToSchema)]
#[schema(as = ComplianceRule)]
pub(super) struct Told {
    id: String,
    name: String,
    scope: Scope,
    /// States (`not_compliant`, `stale`, `not_enrolled`) with what they do: `warn`, `require_ack`, `view_only` or `block`.
    actions: BTreeMap<&'static str, &'static str>,
}

/// What a compliance rule should be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ComplianceRuleSaid)]
pub(super) struct Said {
    name: String,
    scope: Scope,
    /// As in the rule. A state that is left out only warns.
    actions: BTreeMap<String, String>,
}

impl From<&ComplianceRule> for Told {
    fn from(rule: &ComplianceRule) -> Self {
        let actions = rule.actions.iter();
        Self {
            id: rule.id.0.clone(),
            name: rule.name.clone(),
            scope: (&rule.scope).into(),
            actions: actions
                .map(|(state, action)| (state.word(), action.word()))
                .collect(),
        }
    }
}

impl Said {
    fn rule(self, id: RuleId) -> Result<ComplianceRule, Refusal> {
        let actions = self.actions.iter().map(|(state, action)| {
            let of = state.parse::<Compliance>();
            let of = of.map_err(|_| no_such("state", state).at("actions"))?;
            let does = action.parse::<Action>();
            let does = does.map_err(|_| no_such("action", action).at("actions"))?;
            Ok((of, does))
        });
        Ok(ComplianceRule {
            id,
            actions: actions.collect::<Result<_, Refusal>>()?,
            name: self.name,
            scope: self.scope.into(),
        })
    }
}

/// All compliance rules; needs the permission `settings`.
#[utoipa::path(get, path = "/api/v1/compliance-rules", operation_id = "list_compliance_rules", responses(
    (status = 200, body = List), (status = 401, body = super::Body), (status = 403, body = super::Body),
))]
pub(super) async fn list(
    State(app): State<App>,
    who: Administrator,
) -> Result<Json<List>, Refusal> {
    who.require(Permissions::SETTINGS)?;
    let policy = app.authority.policy(&who.tenant);
    let rules = policy.compliance_rules().iter().map(Told::from).collect();
    Ok(Json(List { rules }))
}

/// Makes a compliance rule.
#[utoipa::path(post, path = "/api/v1/compliance-rules", operation_id = "create_compliance_rule", request_body = Said, responses(
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

/// Changes a compliance rule. Live sessions follow at once.
#[utoipa::path(put, path = "/api/v1/compliance-rules/{id}", operation_id = "put_compliance_rule", request_body = Said,
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

/// Deletes a compliance rule.
#[utoipa::path(delete, path = "/api/v1/compliance-rules/{id}", operation_id = "delete_compliance_rule",
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
        if !store.delete_compliance_rule(&act, &who.tenant, &id).await? {
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
    rule: ComplianceRule,
    is_there: bool,
) -> Result<Told, Refusal> {
    let _alone = app.authority.alone().await;
    let (store, act, tenant) = (&app.store, who.act(), &who.tenant);
    let known = |policy: &policy::Policy| {
        let mut all = policy.compliance_rules().iter();
        all.find(|one| one.id == rule.id).map(Told::from)
    };
    if is_there && known(&app.authority.policy(tenant)).is_none() {
        return Err(Refusal::nothing_there());
    }
    store.put_compliance_rule(&act, tenant, &rule).await?;
    app.authority.changed(tenant).await?;
    let kept = known(&app.authority.policy(tenant));
    Ok(kept.unwrap_or_else(|| (&rule).into()))
}
