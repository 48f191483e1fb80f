//! From an administrator's change to the moment when the sharer's program knows, and its input is shut.

use std::time::Instant;

use reqwest::Method;
use serde_json::{Value, json};
use tests::stage::{Pair, Stage, Visitor};

use crate::Effort;
use crate::figure::{Group, percentile};

/// What an administrator, or a directory, does.
#[derive(Clone, Copy)]
enum Revoke {
    Role,
    Deactivate,
    TurnOff,
}

pub(crate) async fn run(effort: Effort) -> Group {
    let mut group = Group::new("revocation");
    let rounds = effort.pick(3, 8);
    let desk = Desk::open().await;
    let (mut raw, mut sharers) = (serde_json::Map::new(), SHARERS.iter().cycle());
    for (revoke, name) in [
        (Revoke::Role, "role removed in the console"),
        (Revoke::Deactivate, "deactivated by SCIM"),
        (Revoke::TurnOff, "organisation turned off"),
    ] {
        let mut took = vec![];
        for _ in 0..rounds {
            // Nobody may try too many codes in a minute.
            let sharer = sharers.next().expect("they come round again");
            took.push(desk.round(revoke, sharer).await);
        }
        let slowest = percentile(&took, 100);
        group.judge(
            &format!("{name} to input shut, slowest of {rounds}"),
            slowest,
            "ms",
            1000.0,
        );
        raw.insert(name.to_owned(), json!(took));
    }
    group.remark("from before the request is written to the sharer's word that the session is over; input is shut before that word");
    group.raw = Value::Object(raw);
    group
}

struct Desk {
    stage: Stage,
    admin: Visitor,
    directory: Visitor,
}

impl Desk {
    async fn open() -> Self {
        let stage = Stage::start().await;
        let admin = Visitor::sign_in(&stage, "ingrid").await;
        let _known = Visitor::sign_in(&stage, "tomasz").await;
        let directory = Visitor::program(&stage, "scim").await;
        Self {
            stage,
            admin,
            directory,
        }
    }

    /// A session of control, revoked while the helper types. Gives milliseconds.
    async fn round(&self, revoke: Revoke, sharer: &str) -> f64 {
        let assignment = self.assign().await;
        let scim = match revoke {
            Revoke::Deactivate => Some(self.provision().await),
            Revoke::Role | Revoke::TurnOff => None,
        };
        let mut pair = self.control(sharer).await;
        pair.helper
            .tell("type", json!({"text": "x".repeat(200)}))
            .await;
        let begun = Instant::now();
        let ((), took) = tokio::join!(self.revoke(revoke, &assignment, scim.as_deref()), async {
            pair.sharer.expect("ended").await;
            1000.0 * begun.elapsed().as_secs_f64()
        });
        self.restore(revoke, &assignment, scim.as_deref()).await;
        took
    }

    async fn assign(&self) -> String {
        let said = json!({
            "name": "Tomasz helps", "role": "helpdesk-operator", "people": ["tomasz"],
            "scope": {"all_users": true},
        });
        let made = self
            .admin
            .send(Method::POST, "/api/v1/assignments", &said)
            .await;
        made["id"].as_str().expect("an id").to_owned()
    }

    async fn provision(&self) -> String {
        let known = json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "tomasz",
            "externalId": "tomasz", "displayName": "Tomasz Wiśniewski", "active": true,
        });
        let found = self
            .directory
            .json("/scim/v2/Users?filter=userName%20eq%20%22tomasz%22")
            .await;
        let kept = match found["Resources"].get(0) {
            Some(kept) => kept.clone(),
            None => {
                self.directory
                    .send(Method::POST, "/scim/v2/Users", &known)
                    .await
            }
        };
        kept["id"].as_str().expect("an id").to_owned()
    }

    async fn control(&self, sharer: &str) -> Pair {
        let (helper, sharer) = (self.stage.helper("tomasz"), self.stage.sharer(sharer));
        let mut pair = self.stage.pair(helper, sharer).await;
        pair.grant("control").await;
        pair
    }

    async fn revoke(&self, revoke: Revoke, assignment: &str, scim: Option<&str>) {
        match revoke {
            Revoke::Role => self.unassign(assignment).await,
            Revoke::Deactivate => self.set_active(scim, false).await,
            Revoke::TurnOff => self.set_enabled(false).await,
        }
    }

    async fn restore(&self, revoke: Revoke, assignment: &str, scim: Option<&str>) {
        match revoke {
            Revoke::Role => return,
            Revoke::Deactivate => self.set_active(scim, true).await,
            Revoke::TurnOff => self.set_enabled(true).await,
        }
        self.unassign(assignment).await;
    }

    async fn unassign(&self, assignment: &str) {
        let path = format!("/api/v1/assignments/{assignment}");
        self.admin.send(Method::DELETE, &path, &Value::Null).await;
    }

    async fn set_active(&self, scim: Option<&str>, active: bool) {
        let path = format!("/scim/v2/Users/{}", scim.expect("a provisioned person"));
        let patch = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{"op": "replace", "path": "active", "value": active}],
        });
        self.directory.send(Method::PATCH, &path, &patch).await;
    }

    async fn set_enabled(&self, enabled: bool) {
        let mut settings = self.admin.json("/api/v1/settings").await;
        settings["enabled"] = json!(enabled);
        self.admin
            .send(Method::PUT, "/api/v1/settings", &settings)
            .await;
    }
}

const SHARERS: [&str; 7] = [
    "sakura", "yusuf", "grete", "dmitri", "amina", "jonas", "priya",
];
