//! SCIM over the router and a real store.

use policy::{PersonId, TenantId};
use relay_core::Input;
use relay_store::Directory;
use serde_json::{Value, json};

use crate::api::tests::desk::Desk;

async fn token(desk: &Desk) -> String {
    let amina = desk.administrator().await;
    let said = json!({"name": "Entra ID", "kind": "scim"});
    let made = desk.ask(&amina, "POST /api/v1/tokens", said).await.is(201);
    format!("authorization: Bearer {}", made["secret"].as_str().unwrap())
}

async fn jonas(desk: &Desk, token: &str) -> String {
    let said = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "jonas@contoso.example", "externalId": "jonas",
        "name": {"givenName": "Jonas", "familyName": "Weber"}, "emails": [{"type": "work", "value": "j@contoso.example"}],
    });
    let made = desk.ask(token, "POST /scim/v2/Users", said).await.is(201);
    assert_eq!(made["displayName"], "Jonas Weber");
    made["id"].as_str().unwrap().to_owned()
}

/// PRODUCT 1.10: `active=false` ends the sessions and the sign-ins of a person in the same request.
#[tokio::test]
async fn a_person_is_made_and_shut_out() {
    let desk = Desk::open().await;
    let token = token(&desk).await;
    let id = jonas(&desk, &token).await;
    let signed_in = desk.sign_in("contoso", "jonas", &["admins"]).await;
    desk.ask(&signed_in, "GET /api/v1/me", Value::Null)
        .await
        .is(200);
    desk.inputs().await;
    let line = format!("PATCH /scim/v2/Users/{id}");
    let off = json!({"Operations": [{"op": "Replace", "path": "active", "value": "False"}]});
    let told = desk.ask(&token, &line, off).await.is(200);
    assert_eq!(told["active"], false);
    let inputs = desk.inputs().await;
    assert!(
        matches!(&inputs[..], [Input::Person { active: false, .. }]),
        "{inputs:?}"
    );
    desk.ask(&signed_in, "GET /api/v1/me", Value::Null)
        .await
        .is(401);
    let line = format!("GET /scim/v2/Users/{id}");
    let shown = desk.ask(&token, &line, Value::Null).await.is(200);
    assert_eq!(shown["meta"]["resourceType"], "User");
    let place = format!("https://help.contoso.example/scim/v2/Users/{id}");
    assert_eq!(shown["meta"]["location"], place, "of the configuration");
    for (query, has, lacks) in [
        ("attributes=userName", "userName", "displayName"),
        ("excludedAttributes=displayName,NAME", "userName", "name"),
    ] {
        let line = format!("GET /scim/v2/Users/{id}?{query}");
        let part = desk.ask(&token, &line, Value::Null).await.is(200);
        assert!(part[has].is_string() && part["id"].is_string(), "{part}");
        assert!(part.get(lacks).is_none(), "{part}");
    }
    let line = format!("DELETE /scim/v2/Users/{id}");
    desk.ask(&token, &line, Value::Null).await.is(204);
    let gone = desk.ask(&token, &line, Value::Null).await.is(404);
    assert_eq!(
        gone["schemas"][0],
        "urn:ietf:params:scim:api:messages:2.0:Error"
    );
}

/// RFC 7644 3.3, 3.4.2: names are unique; people are found by `eq`; other filters are refused.
#[tokio::test]
async fn people_are_unique_and_found() {
    let desk = Desk::open().await;
    let token = token(&desk).await;
    let id = jonas(&desk, &token).await;
    for said in [
        json!({"userName": "JONAS@contoso.example", "externalId": "other"}),
        json!({"userName": "other", "externalId": "jonas"}),
    ] {
        let told = desk.ask(&token, "POST /scim/v2/Users", said).await.is(409);
        assert_eq!(told["scimType"], "uniqueness");
    }
    for (filter, total) in [
        ("userName%20eq%20%22Jonas@contoso.example%22", 1),
        (
            "externalId%20eq%20%22jonas%22%20and%20active%20eq%20true",
            1,
        ),
        (
            "externalId%20eq%20%22jonas%22%20and%20active%20eq%20false",
            0,
        ),
        ("userName%20eq%20%22jonas%22", 0),
    ] {
        let line = format!("GET /scim/v2/Users?filter={filter}");
        let told = desk.ask(&token, &line, Value::Null).await.is(200);
        assert_eq!(told["totalResults"], total, "{filter}");
    }
    let line = "GET /scim/v2/Users?filter=userName%20co%20%22j%22";
    let told = desk.ask(&token, line, Value::Null).await.is(400);
    assert_eq!(told["scimType"], "invalidFilter");
    let told = desk
        .ask(&token, "GET /scim/v2/Users?startIndex=2", Value::Null)
        .await
        .is(200);
    assert_eq!(
        (&told["totalResults"], &told["itemsPerPage"]),
        (&json!(1), &json!(0))
    );
    let line = format!("PUT /scim/v2/Users/{id}");
    let other = json!({"userName": "jonas@contoso.example", "externalId": "amina"});
    let told = desk.ask(&token, &line, other).await.is(400);
    assert_eq!(told["scimType"], "mutability");
}

/// PRODUCT 2.4: members of a group are in it at once, and out of it at once.
#[tokio::test]
async fn members_come_and_go() {
    let desk = Desk::open().await;
    let token = token(&desk).await;
    let id = jonas(&desk, &token).await;
    let said =
        json!({"displayName": "Help desk", "externalId": "helpdesk", "members": [{"value": id}]});
    let group = desk.ask(&token, "POST /scim/v2/Groups", said).await.is(201);
    let place = format!("https://help.contoso.example/scim/v2/Users/{id}");
    assert_eq!(
        group["members"],
        json!([{"value": id, "type": "User", "$ref": place}])
    );
    let (tenant, person) = (TenantId("contoso".to_owned()), PersonId("jonas".to_owned()));
    let groups = async || {
        desk.app
            .store
            .groups_of(&tenant, &person)
            .await
            .unwrap()
            .len()
    };
    assert_eq!(groups().await, 1);
    desk.inputs().await;
    let line = format!("PATCH /scim/v2/Groups/{}", group["id"].as_str().unwrap());
    let path = format!("members[value eq \"{id}\"]");
    let gone = json!({"Operations": [{"op": "remove", "path": path}]});
    let told = desk.ask(&token, &line, gone).await.is(200);
    assert_eq!(told["members"], json!([]));
    assert_eq!(groups().await, 0);
    let inputs = desk.inputs().await;
    assert!(
        matches!(&inputs[..], [Input::Person { groups, .. }] if groups.is_empty()),
        "{inputs:?}"
    );
    let unknown =
        json!({"Operations": [{"op": "add", "path": "members", "value": [{"value": "nobody"}]}]});
    desk.ask(&token, &line, unknown).await.is(400);
    let line = line.replace("PATCH", "DELETE");
    desk.ask(&token, &line, Value::Null).await.is(204);
}

/// Only a SCIM token opens SCIM, and it opens nothing else.
#[tokio::test]
async fn only_its_token_opens_it() {
    let desk = Desk::open().await;
    let token = token(&desk).await;
    let amina = desk.administrator().await;
    for line in [
        "GET /scim/v2/ServiceProviderConfig",
        "GET /scim/v2/ResourceTypes",
        "GET /scim/v2/ResourceTypes/User",
        "GET /scim/v2/Schemas",
        "GET /scim/v2/Schemas/urn:ietf:params:scim:schemas:core:2.0:Group",
    ] {
        desk.ask(&token, line, Value::Null).await.is(200);
        desk.ask(&amina, line, Value::Null).await.is(401);
    }
    for nowhere in [
        "/scim/v2/ResourceTypes/x",
        "/scim/v2/x",
        "/scim/v2/Users/x/y",
    ] {
        let line = format!("GET {nowhere}");
        let told = desk.ask(&token, &line, Value::Null).await.is(404);
        assert_eq!(told["status"], "404", "{nowhere}");
    }
    desk.ask(&token, "GET /api/v1/people", Value::Null)
        .await
        .is(401);
    let said = json!({"name": "x", "kind": "api", "permissions": ["directory"]});
    let api = desk.ask(&amina, "POST /api/v1/tokens", said).await.is(201);
    let api = format!("authorization: Bearer {}", api["secret"].as_str().unwrap());
    desk.ask(&api, "GET /scim/v2/Users", Value::Null)
        .await
        .is(401);
}

/// PRODUCT 1.10: whoever was taken away does not come back by signing in; SCIM and an administrator let them in again.
#[tokio::test]
async fn a_deleted_person_stays_out() {
    let desk = Desk::open().await;
    let token = token(&desk).await;
    let tenant = TenantId("contoso".to_owned());
    let jonas_id = PersonId("jonas".to_owned());
    let id = jonas(&desk, &token).await;
    let gone = async |id: &str| {
        let line = format!("DELETE /scim/v2/Users/{id}");
        desk.ask(&token, &line, Value::Null).await.is(204);
        desk.ask(&token, &line, Value::Null).await.is(404);
        let list = desk.ask(&token, "GET /scim/v2/Users", Value::Null).await;
        assert_eq!(list.is(200)["totalResults"], 0);
        assert!(!desk.may_sign_in("contoso", "jonas").await);
        assert!(
            !desk.may_sign_in("contoso", "jonas").await,
            "nor the second time"
        );
        let kept = desk.app.store.person(&tenant, &jonas_id).await.unwrap();
        assert_eq!(kept.unwrap().email, "");
    };
    gone(&id).await;
    let id = jonas(&desk, &token).await;
    assert!(
        desk.may_sign_in("contoso", "jonas").await,
        "provisioned again"
    );
    gone(&id).await;
    let act = crate::command::act();
    let let_in = desk.app.store.set_active(&act, &tenant, &jonas_id, true);
    assert!(let_in.await.unwrap());
    assert!(desk.may_sign_in("contoso", "jonas").await, "let in again");
}
