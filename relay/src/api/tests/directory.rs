use policy::{Compliance, Machine, PersonId, TenantId};
use relay_core::Input;
use relay_store::{Act, Actor, Directory};
use serde_json::{Value, json};

use super::desk::Desk;
use crate::clock::time_of_day;

/// PRODUCT 2.6, 6.1: a device is enrolled, put into groups, reported on and retired; live sessions are told each time.
#[tokio::test]
async fn a_device_comes_and_goes() {
    let desk = Desk::open().await;
    let amina = desk.administrator().await;
    let id = desk.device().await;
    let made = desk.ask(&amina, "POST /api/v1/groups", json!({"name": "Reception"}));
    let group = made.await.is(201);
    let group = group["id"].as_str().unwrap().to_owned();
    let groups = json!({"groups": [group]});
    let line = format!("PUT /api/v1/devices/{id}/groups");
    desk.ask(&amina, &line, groups.clone()).await.is(404);
    let enrol = format!("POST /api/v1/devices/{id}/enrol");
    let told = desk.ask(&amina, &enrol, Value::Null).await.is(200);
    assert_eq!(
        (&told["state"], &told["enrolled_by"]),
        (&json!("enrolled"), &json!("amina"))
    );
    desk.ask(&amina, &line, groups).await.is(200);
    let report =
        json!({"state": "not_compliant", "reasons": [{"code": "disk", "text": "not encrypted"}]});
    let compliance = format!("PUT /api/v1/devices/{id}/compliance");
    desk.inputs().await;
    let told = desk.ask(&amina, &compliance, report).await.is(200);
    assert_eq!(told["compliance"], "not_compliant");
    let inputs = desk.inputs().await;
    let [Input::Device { machine, .. }] = &inputs[..] else {
        panic!("{inputs:?}");
    };
    assert_eq!(machine.compliance(), Compliance::NotCompliant);
    for wrong in [
        json!({"state": "shiny"}),
        json!({"state": "compliant", "at": "2999-01-01T00:00:00Z"}),
    ] {
        desk.ask(&amina, &compliance, wrong).await.is(422);
    }
    let line = format!("DELETE /api/v1/groups/{group}");
    desk.ask(&amina, &line, Value::Null).await.is(204);
    let show = format!("GET /api/v1/devices/{id}");
    let told = desk.ask(&amina, &show, Value::Null).await.is(200);
    assert_eq!(told["groups"], json!([]));
    desk.inputs().await;
    let line = format!("POST /api/v1/devices/{id}/retire");
    desk.ask(&amina, &line, Value::Null).await.is(200);
    let inputs = desk.inputs().await;
    assert!(
        matches!(
            &inputs[..],
            [Input::Device {
                machine: Machine::Unenrolled,
                ..
            }]
        ),
        "{inputs:?}"
    );
    let search = "GET /api/v1/devices?search=rec&limit=1";
    let all = desk.ask(&amina, search, Value::Null).await.is(200);
    assert_eq!(all["devices"][0]["name"], "reception-2");
}

/// PRODUCT 2.4: who and what an assignment covers is shown before it is made.
#[tokio::test]
async fn coverage_is_counted_before() {
    let desk = Desk::open().await;
    let amina = desk.administrator().await;
    desk.sign_in("contoso", "jonas", &["helpdesk"]).await;
    let id = desk.device().await;
    let enrol = format!("POST /api/v1/devices/{id}/enrol");
    desk.ask(&amina, &enrol, Value::Null).await.is(200);
    let said = json!({"name": "x", "role": "viewer", "groups": ["helpdesk"], "scope": {"all_devices": true, "users": ["admins"]}});
    let told = desk
        .ask(&amina, "POST /api/v1/assignments/preview", said)
        .await
        .is(200);
    assert_eq!(
        told["helpers"]["first"],
        json!([{"id": "jonas", "name": "jonas"}])
    );
    assert_eq!(told["users"]["count"], 1);
    assert_eq!(
        (&told["devices"]["count"], &told["devices"]["all"]),
        (&json!(1), &json!(true))
    );
}

/// PRODUCT 1.10: who is shut out is signed out, and does not come in again; groups are those of now.
#[tokio::test]
async fn a_person_is_shut_out() {
    let desk = Desk::open().await;
    let amina = desk.administrator().await;
    let jonas = desk.sign_in("contoso", "jonas", &["admins"]).await;
    let line = "GET /api/v1/settings";
    desk.ask(&jonas, line, Value::Null).await.is(200);
    let (tenant, id) = (TenantId("contoso".to_owned()), PersonId("jonas".to_owned()));
    let act = Act {
        actor: Actor {
            id: "test".to_owned(),
            name: "test".to_owned(),
        },
        at: time_of_day(),
        source: None,
    };
    let store = &desk.app.store;
    assert!(store.set_active(&act, &tenant, &id, false).await.unwrap());
    desk.ask(&jonas, line, Value::Null).await.is(401);
    desk.app
        .authority
        .person_changed(&tenant, &id)
        .await
        .unwrap();
    let inputs = desk.inputs().await;
    let told = inputs
        .iter()
        .any(|one| matches!(one, Input::Person { active: false, .. }));
    assert!(told, "{inputs:?}");
    store.set_active(&act, &tenant, &id, true).await.unwrap();
    desk.ask(&jonas, line, Value::Null).await.is(401);
    let people = desk
        .ask(&amina, "GET /api/v1/people?search=jon", Value::Null)
        .await
        .is(200);
    assert_eq!(people["people"][0]["id"], "jonas");
    let line = "GET /api/v1/people/jonas";
    let person = desk.ask(&amina, line, Value::Null).await.is(200);
    assert_eq!(person["groups"][0]["id"], "admins");
    let nobody = desk.ask(&amina, "GET /api/v1/people/nobody", Value::Null);
    nobody.await.is(404);
    let groups = desk
        .ask(&amina, "GET /api/v1/groups?limit=1", Value::Null)
        .await
        .is(200);
    assert_eq!(groups["groups"][0]["id"], "admins");
    let people_group = desk
        .ask(&amina, "DELETE /api/v1/groups/admins", Value::Null)
        .await;
    people_group.is(409);
}
