//! `GET /api/v1/explain`: "Why can / can't I?" (PRODUCT 2.9).

use std::net::{IpAddr, Ipv4Addr};

use axum::Json;
use axum::extract::State;
use policy::{
    Case, Denial, DeviceId, Level, Machine, Permissions, PersonId, Policy, Side, SignedIn, explain,
};
use relay_store::Devices;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::administrator::Administrator;
use super::asked::{Asked, no_such};
use super::{App, Refusal};
use crate::clock::time_of_day;

/// Who helps whom, on what, how far.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Question {
    /// The helper's subject.
    helper: String,
    /// The sharer's subject.
    sharer: String,
    /// The device's id; left out: one that is not enrolled.
    device: Option<String>,
    /// `view`, `control`, `elevation` or `unattended`.
    level: String,
}

/// A decision and its reasons.
#[derive(Serialize, ToSchema)]
#[schema(as = Explanation)]
pub(super) struct Told {
    level: &'static str,
    /// The rules allow the level, if the sign-ins fulfil the rules in `access`.
    allowed: bool,
    /// Why not: `tenant_off`, `not_enrolled`, `may_not_offer`, `out_of_scope`, `may_not_level`, `not_here`, `compliance`.
    #[schema(required)]
    denial: Option<&'static str>,
    /// What the helper may do with this sharer on this device.
    permissions: Vec<&'static str>,
    /// The assignments that touch the helper or the sharer.
    assignments: Vec<Line>,
    /// What the state of the device does.
    #[schema(required)]
    warning: Option<Warned>,
    /// The rules of conditional access that bear on one of the two.
    access: Vec<Access>,
}

/// How one assignment bears on a decision. It counts if the helper holds it and it covers the session.
#[derive(Serialize, ToSchema)]
#[schema(as = BearingAssignment)]
pub(super) struct Line {
    id: String,
    name: String,
    holds: bool,
    covers: bool,
    /// It allows the level.
    allows: bool,
    /// It allows to offer remote assistance.
    offers: bool,
}

/// What the state of a device does.
#[derive(Serialize, ToSchema)]
#[schema(as = ExplainedWarning)]
pub(super) struct Warned {
    state: &'static str,
    action: &'static str,
    #[schema(required)]
    rule: Option<String>,
}

/// A rule of conditional access that bears on one of the two.
#[derive(Serialize, ToSchema)]
#[schema(as = BearingAccess)]
pub(super) struct Access {
    id: String,
    name: String,
    /// `helper` or `sharer`.
    side: &'static str,
}

/// Explains the decision about a level; needs the permission `roles` or `directory`, unless it is about oneself as the helper.
#[utoipa::path(get, path = "/api/v1/explain", operation_id = "explain", params(Question), responses(
    (status = 200, body = Told), (status = 401, body = super::Body), (status = 403, body = super::Body),
    (status = 422, body = super::Body),
))]
pub(super) async fn show(
    State(app): State<App>,
    who: Administrator,
    Asked(asked): Asked<Question>,
) -> Result<Json<Told>, Refusal> {
    let me = who.person.as_ref();
    if me.is_none_or(|me| me.id.0 != asked.helper) {
        who.require_any(Permissions::ROLES.and(Permissions::DIRECTORY))?;
    }
    let level = asked.level.parse::<Level>();
    let level = level.map_err(|_| no_such("level", &asked.level).at("level"))?;
    let (authority, tenant) = (&app.authority, &who.tenant);
    let case = Case {
        helper: authority.subject(tenant, &PersonId(asked.helper)).await?,
        helper_signed_in: unknown(),
        sharer: authority.subject(tenant, &PersonId(asked.sharer)).await?,
        sharer_signed_in: unknown(),
        machine: machine(&app, &who, asked.device).await?,
        native: true,
        view_only: false,
        acknowledged: true,
    };
    let policy = authority.policy(tenant);
    // How the two will sign in is not known, so their rules are named and not asked.
    let without_access = Policy::new(
        policy.settings(),
        policy.assignments().to_vec(),
        policy.compliance_rules().to_vec(),
        vec![],
    );
    let access = explain(&policy, &case, level).access;
    let explained = explain(&without_access, &case, level);
    Ok(Json(told(explained, access)))
}

fn told(explained: policy::Explanation, access: Vec<policy::AccessLine>) -> Told {
    let lines = explained.assignments.into_iter().map(|one| Line {
        id: one.id.0,
        name: one.name,
        holds: one.holds,
        covers: one.covers,
        allows: one.allows,
        offers: one.offers,
    });
    let access = access.into_iter().map(|one| Access {
        id: one.id.0,
        name: one.name,
        side: match one.side {
            Side::Helper => "helper",
            Side::Sharer => "sharer",
        },
    });
    Told {
        level: explained.level.word(),
        allowed: explained.verdict.is_ok(),
        denial: explained.verdict.err().map(|denial| word(&denial)),
        permissions: explained.effective.words(),
        assignments: lines.collect(),
        warning: explained.warning.map(|warning| Warned {
            state: warning.state.word(),
            action: warning.action.word(),
            rule: warning.rule,
        }),
        access: access.collect(),
    }
}

fn word(denial: &Denial) -> &'static str {
    match denial {
        Denial::TenantOff => "tenant_off",
        Denial::NotEnrolled => "not_enrolled",
        Denial::MayNotOffer => "may_not_offer",
        Denial::OutOfScope => "out_of_scope",
        Denial::MayNotLevel(_) => "may_not_level",
        Denial::NotHere(_) => "not_here",
        Denial::Access { .. } => "access",
        Denial::Compliance(_) => "compliance",
    }
}

async fn machine(
    app: &App,
    who: &Administrator,
    device: Option<String>,
) -> Result<Machine, Refusal> {
    let Some(device) = device else {
        return Ok(Machine::Unenrolled);
    };
    let known = app.store.device(&who.tenant, &DeviceId(device)).await?;
    Ok(known.map_or(Machine::Unenrolled, |known| known.machine(time_of_day())))
}

fn unknown() -> SignedIn {
    SignedIn {
        acr: None,
        amr: vec![],
        age: None,
        source: IpAddr::V4(Ipv4Addr::UNSPECIFIED),
    }
}
