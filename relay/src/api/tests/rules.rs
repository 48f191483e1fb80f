use policy::TenantId;
use relay_core::Input;
use relay_store::Tenants;
use serde_json::{Value, json};

use super::desk::Desk;

fn viewers(role: &str) -> Value {
    json!({"name": "Library", "role": role, "groups": ["library"], "scope": {"users": ["readers"]}})
}

/// PRODUCT 1.4: the switches of the file are the first ones; a change is told to live sessions in the same request.
#[tokio::test]
async fn settings_are_changed_and_told() {
    let desk = Desk::open().await;
    let amina = desk.administrator().await;
    let mut settings = desk
        .ask(&amina, "GET /api/v1/settings", Value::Null)
        .await
        .is(200);
    assert_eq!(settings["enabled"], true);
    settings["chat"] = json!(false);
    desk.inputs().await;
    desk.ask(&amina, "PUT /api/v1/settings", settings)
        .await
        .is(200);
    let inputs = desk.inputs().await;
    let [Input::Rules(rules)] = &inputs[..] else {
        panic!("{inputs:?}");
    };
    assert!(!rules.tenants.values().next().unwrap().settings().chat);
    let audit = desk
        .ask(&amina, "GET /api/v1/audit?kind=settings", Value::Null)
        .await
        .is(200);
    assert_eq!(audit["changes"][0]["actor"]["id"], "amina");
    let partly = json!({"enabled": true});
    desk.ask(&amina, "PUT /api/v1/settings", partly)
        .await
        .is(422);
}

/// The switch in the store narrows what the bundle says, and never widens it.
#[tokio::test]
async fn a_programs_consent_counts_only_where_the_bundle_says_so() {
    let desk = Desk::open().await;
    for (tenant, status) in [("contoso", 200), ("fabrikam", 422)] {
        let amina = desk.sign_in(tenant, "amina", &["admins"]).await;
        let settings = async |scripted: bool| {
            let line = "GET /api/v1/settings";
            let mut settings = desk.ask(&amina, line, Value::Null).await.is(200);
            let stood = settings["scripted_consent"] == true;
            settings["scripted_consent"] = json!(scripted);
            (stood, settings)
        };
        let (stood, off) = settings(false).await;
        assert_eq!(stood, status == 200, "the switch of the file");
        let line = "PUT /api/v1/settings";
        desk.ask(&amina, line, off).await.is(200);
        let (stood, on) = settings(true).await;
        assert!(!stood);
        let told = desk.ask(&amina, line, on).await.is(status);
        if status == 422 {
            assert_eq!(told["field"], "scripted_consent");
        }
    }
    // What an earlier version kept does not count either.
    let fabrikam = TenantId("fabrikam".to_owned());
    let kept = policy::Settings {
        scripted_consent: true,
        ..policy::Settings::default()
    };
    let act = relay_store::Act {
        actor: relay_store::Actor {
            id: "x".to_owned(),
            name: "x".to_owned(),
        },
        at: crate::clock::time_of_day(),
        source: None,
    };
    let store = &desk.app.store;
    store.set_settings(&act, &fabrikam, kept).await.unwrap();
    desk.app.authority.changed(&fabrikam).await.unwrap();
    let settings = desk.app.authority.policy(&fabrikam).settings();
    assert!(!settings.scripted_consent);
}

/// PRODUCT 2.1: without the permission nothing of it can be read or changed, and the answer names the permission.
#[tokio::test]
async fn who_does_not_administer_is_refused() {
    let desk = Desk::open().await;
    let jonas = desk.sign_in("contoso", "jonas", &["helpdesk"]).await;
    for line in [
        "GET /api/v1/settings",
        "GET /api/v1/roles",
        "GET /api/v1/assignments",
        "GET /api/v1/compliance-rules",
        "GET /api/v1/access-rules",
        "GET /api/v1/people",
        "GET /api/v1/groups",
        "GET /api/v1/devices",
        "GET /api/v1/sessions",
        "GET /api/v1/audit",
        "GET /api/v1/tokens",
        "GET /api/v1/organisation",
        "GET /api/v1/explain?helper=amina&sharer=yusuf&level=view",
        "DELETE /api/v1/roles/x",
        "DELETE /api/v1/assignments/x",
        "POST /api/v1/devices/x/enrol",
        "POST /api/v1/sessions/x/end",
    ] {
        let body = desk.ask(&jonas, line, Value::Null).await.is(403);
        assert_eq!(body["fault"], "RH-1218", "{line}");
        assert!(
            body["text"].as_str().unwrap().contains("permission"),
            "{body}"
        );
        let stranger = desk.ask("cookie: no=thing", line, Value::Null).await;
        stranger.is(401);
    }
}

/// PRODUCT 2.3, 2.4: a role and an assignment of it, from the making to the end.
#[tokio::test]
async fn roles_and_assignments_live_and_end() {
    let desk = Desk::open().await;
    let amina = desk.administrator().await;
    let role = json!({"name": "Librarian", "permissions": ["view", "offer"]});
    let role = desk.ask(&amina, "POST /api/v1/roles", role).await.is(201);
    let id = role["id"].as_str().unwrap().to_owned();
    let made = desk
        .ask(&amina, "POST /api/v1/assignments", viewers(&id))
        .await
        .is(201);
    assert_eq!(made["permissions"], json!(["view", "offer"]));
    let assignment = made["id"].as_str().unwrap().to_owned();
    desk.inputs().await;

    let more = json!({"name": "Librarian", "permissions": ["control", "offer"]});
    let line = format!("PUT /api/v1/roles/{id}");
    desk.ask(&amina, &line, more).await.is(200);
    let inputs = desk.inputs().await;
    let [Input::Rules(rules)] = &inputs[..] else {
        panic!("{inputs:?}");
    };
    let told = rules
        .tenants
        .values()
        .next()
        .unwrap()
        .assignments()
        .to_vec();
    let told = told.iter().find(|one| one.id.0 == assignment).unwrap();
    assert_eq!(told.permissions.words(), ["control", "offer"]);

    let line = format!("DELETE /api/v1/roles/{id}");
    let used = desk.ask(&amina, &line, Value::Null).await.is(409);
    assert_eq!(used["text"], "it is used by Library");
    let taken = json!({"name": "LIBRARIAN", "permissions": []});
    desk.ask(&amina, "POST /api/v1/roles", taken).await.is(409);
    let fixed = desk
        .ask(&amina, "GET /api/v1/assignments", Value::Null)
        .await
        .is(200);
    assert_eq!(fixed["assignments"][0]["source"], "file");
    let of_file = fixed["assignments"][0]["id"].as_str().unwrap().to_owned();
    let line = format!("DELETE /api/v1/assignments/{of_file}");
    desk.ask(&amina, &line, Value::Null).await.is(409);
    let line = format!("DELETE /api/v1/assignments/{assignment}");
    desk.ask(&amina, &line, Value::Null).await.is(204);
    desk.ask(&amina, &line, Value::Null).await.is(404);
    let line = format!("DELETE /api/v1/roles/{id}");
    desk.ask(&amina, &line, Value::Null).await.is(204);
    let unknown = desk
        .ask(&amina, "POST /api/v1/assignments", viewers("none"))
        .await
        .is(400);
    assert_eq!(unknown["field"], "role");
}

/// PRODUCT 2.8: nobody gives themselves what they do not hold, and the answer says what that is.
#[tokio::test]
async fn nobody_makes_themselves_stronger() {
    let desk = Desk::open().await;
    let amina = desk.administrator().await;
    let mut own = viewers("helpdesk-operator");
    own["people"] = json!(["amina"]);
    let refused = desk
        .ask(&amina, "POST /api/v1/assignments", own)
        .await
        .is(403);
    let text = refused["text"].as_str().unwrap();
    assert!(
        text.contains("to yourself") && text.contains("unattended"),
        "{text}"
    );
    let mut through = viewers("viewer");
    through["groups"] = json!(["admins"]);
    desk.ask(&amina, "POST /api/v1/assignments", through)
        .await
        .is(403);
    desk.ask(&amina, "POST /api/v1/assignments", viewers("viewer"))
        .await
        .is(201);
}

/// PRODUCT 1.6: what another organisation has is answered like what nobody has.
#[tokio::test]
async fn another_organisation_has_nothing_here() {
    let desk = Desk::open().await;
    let amina = desk.administrator().await;
    let made = desk
        .ask(&amina, "POST /api/v1/assignments", viewers("viewer"))
        .await
        .is(201);
    let id = made["id"].as_str().unwrap().to_owned();
    let device = desk.device().await;
    let other = desk.sign_in("fabrikam", "omar", &["admins"]).await;
    for (line, body) in [
        (format!("DELETE /api/v1/assignments/{id}"), Value::Null),
        (format!("PUT /api/v1/assignments/{id}"), viewers("viewer")),
        (
            format!("GET /api/v1/assignments/{id}/coverage"),
            Value::Null,
        ),
        (format!("GET /api/v1/devices/{device}"), Value::Null),
        (format!("POST /api/v1/devices/{device}/enrol"), Value::Null),
        (
            format!("POST /api/v1/sessions/{}/end", "0a".repeat(16)),
            Value::Null,
        ),
    ] {
        let body = desk.ask(&other, &line, body).await.is(404);
        assert_eq!(body["fault"], "RH-1805", "{line}");
    }
    let own = desk
        .ask(&other, "GET /api/v1/assignments", Value::Null)
        .await
        .is(200);
    assert_eq!(own["assignments"].as_array().unwrap().len(), 1);
}

/// PRODUCT 6.2, 1.8: rules about devices and sign-ins.
#[tokio::test]
async fn rules_about_devices_and_sign_ins() {
    let desk = Desk::open().await;
    let amina = desk.administrator().await;
    let rule = json!({"name": "Strict", "scope": {"all_devices": true}, "actions": {"stale": "view_only"}});
    let line = "POST /api/v1/compliance-rules";
    let made = desk.ask(&amina, line, rule.clone()).await.is(201);
    assert_eq!(made["actions"]["stale"], "view_only");
    let mut wrong = rule;
    wrong["actions"] = json!({"stale": "explode"});
    let told = desk.ask(&amina, line, wrong.clone()).await.is(422);
    assert_eq!(told["field"], "actions");
    let line = format!(
        "PUT /api/v1/compliance-rules/{}",
        made["id"].as_str().unwrap()
    );
    wrong["actions"] = json!({"not_enrolled": "block"});
    desk.ask(&amina, &line, wrong.clone()).await.is(200);
    desk.ask(&amina, "PUT /api/v1/compliance-rules/0", wrong)
        .await
        .is(404);
    let line = format!(
        "DELETE /api/v1/compliance-rules/{}",
        made["id"].as_str().unwrap()
    );
    desk.ask(&amina, &line, Value::Null).await.is(204);

    let access = json!({"name": "Office", "moments": ["create"], "groups": ["helpdesk"], "allowed": ["10.0.0.0/8"], "max_age": 3600});
    let line = "POST /api/v1/access-rules";
    let made = desk.ask(&amina, line, access.clone()).await.is(201);
    assert_eq!(made["allowed"], json!(["10.0.0.0/8"]));
    let mut wrong = access;
    wrong["denied"] = json!(["10.0.0.0/99"]);
    let told = desk.ask(&amina, line, wrong).await.is(422);
    assert_eq!(told["field"], "denied");
    let all = desk
        .ask(&amina, "GET /api/v1/access-rules", Value::Null)
        .await
        .is(200);
    assert_eq!(all["rules"][0]["max_age"], 3600);
}

/// PRODUCT 2.9: the explanation names the assignment; a change of a role can be tried.
#[tokio::test]
async fn a_decision_is_explained() {
    let desk = Desk::open().await;
    let amina = desk.administrator().await;
    let jonas = desk.sign_in("contoso", "jonas", &["helpdesk"]).await;
    let line = "GET /api/v1/explain?helper=jonas&sharer=yusuf&level=control";
    for who in [&amina, &jonas] {
        let told = desk.ask(who, line, Value::Null).await.is(200);
        assert_eq!(told["allowed"], false);
        assert_eq!(told["denial"], "not_enrolled");
        assert_eq!(told["permissions"], json!(["view", "offer"]));
        let mut all = told["assignments"].as_array().unwrap().iter();
        let desk = all.find(|one| one["name"] == "desk").unwrap();
        assert_eq!(
            (&desk["holds"], &desk["allows"]),
            (&json!(true), &json!(false))
        );
    }
    let trial = json!({"role": "viewer", "permissions": []});
    let told = desk
        .ask(&amina, "POST /api/v1/what-if", trial.clone())
        .await
        .is(200);
    assert_eq!(told["looked_at"], 0);
    desk.ask(&jonas, "POST /api/v1/what-if", trial)
        .await
        .is(403);
}
