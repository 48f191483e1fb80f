use policy::{PersonId, TenantId};
use relay_store::{Act, Actor, Invitations, SecretHash};
use serde_json::{Value, json};

use super::desk::Desk;
use crate::api::administrator::hash;
use crate::clock::time_of_day;

/// PRODUCT 2.8, 9: a token opens what it allows and nothing else, until it is revoked; the log names it.
#[tokio::test]
async fn a_token_opens_what_it_allows() {
    let desk = Desk::open().await;
    let amina = desk.administrator().await;
    let line = "POST /api/v1/tokens";
    let said =
        json!({"name": "inventory", "kind": "api", "permissions": ["directory", "settings"]});
    let made = desk.ask(&amina, line, said.clone()).await.is(201);
    let secret = made["secret"].as_str().unwrap();
    assert!(secret.starts_with("hrt_") && secret.len() > 40);
    let bearer = format!("authorization: Bearer {secret}");
    desk.ask(&bearer, "GET /api/v1/people", Value::Null)
        .await
        .is(200);
    desk.ask(&bearer, "GET /api/v1/roles", Value::Null)
        .await
        .is(403);
    desk.ask(&bearer, line, said).await.is(403);
    let id = desk.device().await;
    let enrol = format!("POST /api/v1/devices/{id}/enrol");
    desk.ask(&bearer, &enrol, Value::Null).await.is(200);
    let audit = desk
        .ask(&amina, "GET /api/v1/audit?kind=device", Value::Null)
        .await
        .is(200);
    assert_eq!(audit["changes"][0]["actor"]["name"], "inventory");
    let listed = desk
        .ask(&amina, "GET /api/v1/tokens", Value::Null)
        .await
        .is(200);
    assert!(!listed.to_string().contains(secret));

    for (permissions, status) in [(json!(["roles"]), 400), (json!(["view"]), 403)] {
        let said = json!({"name": "x", "kind": "api", "permissions": permissions});
        desk.ask(&amina, line, said).await.is(status);
    }
    let revoke = format!("DELETE /api/v1/tokens/{}", made["id"].as_str().unwrap());
    desk.ask(&amina, &revoke, Value::Null).await.is(204);
    desk.ask(&bearer, "GET /api/v1/people", Value::Null)
        .await
        .is(401);
    for wrong in ["hrt_", "hrt_AAAA"] {
        let bearer = format!("authorization: Bearer {wrong}");
        desk.ask(&bearer, "GET /api/v1/people", Value::Null)
            .await
            .is(401);
    }
}

/// PRODUCT 11.1: an invitation makes one person an administrator, once.
#[tokio::test]
async fn an_invitation_works_once() {
    let desk = Desk::open().await;
    let tenant = TenantId("contoso".to_owned());
    let act = Act {
        actor: Actor {
            id: "cli".to_owned(),
            name: "command".to_owned(),
        },
        at: time_of_day(),
        source: None,
    };
    let hash: SecretHash = hash("one-secret");
    desk.app.store.invite(&act, &tenant, hash).await.unwrap();
    let omar = desk.sign_in("fabrikam", "omar", &[]).await;
    let lena = desk.sign_in("contoso", "lena", &[]).await;
    let mia = desk.sign_in("contoso", "mia", &[]).await;
    let line = "POST /api/v1/first-administrator";
    let said = json!({"secret": "one-secret"});
    desk.ask(&omar, line, said.clone()).await.is(404);
    desk.ask(&lena, line, json!({"secret": "other"}))
        .await
        .is(404);
    desk.ask(&lena, "GET /api/v1/roles", Value::Null)
        .await
        .is(403);
    desk.ask(&lena, line, said.clone()).await.is(200);
    desk.ask(&lena, "GET /api/v1/roles", Value::Null)
        .await
        .is(200);
    desk.ask(&mia, line, said).await.is(404);
    let policy = desk.app.authority.policy(&tenant);
    let lena = PersonId("lena".to_owned());
    assert_eq!(
        policy
            .assignments()
            .iter()
            .filter(|one| one.people.contains(&lena))
            .count(),
        1
    );
}

/// SPEC 8.6: the link that enrols programs names the organisation's key.
#[tokio::test]
async fn the_organisation_is_told() {
    let desk = Desk::open().await;
    let amina = desk.administrator().await;
    let told = desk
        .ask(&amina, "GET /api/v1/organisation", Value::Null)
        .await
        .is(200);
    let fingerprint = told["fingerprint"].as_str().unwrap();
    assert_eq!(fingerprint.len(), 64);
    let link = format!("https://help.contoso.example/join#{fingerprint}");
    assert_eq!(
        (&told["name"], &told["enrolment"]),
        (&json!("Contoso"), &json!(link))
    );
}
