use policy::{PersonId, SessionId, TenantId};
use relay_core::Input;
use relay_store::{Act, Actor, Directory};
use serde_json::{Value, json};

use super::desk::{Desk, person};
use crate::clock::time_of_day;

/// SPEC 6.9: what a page says of an invitation reaches the broker with the person's own name, whatever the page says.
#[tokio::test]
async fn an_invitation_is_turned_down_on_a_page() {
    let desk = Desk::open().await;
    let ben = desk.sign_in("contoso", "ben", &[]).await;
    let told = desk.ask(&ben, "GET /api/v1/invitations", Value::Null);
    assert_eq!(told.await.is(200), json!({"invitations": []}));
    desk.inputs().await;
    let line = format!("DELETE /api/v1/invitations/{}", "0a".repeat(16));
    desk.ask(&ben, &line, Value::Null).await.is(204);
    let told = Input::TurnedDown {
        tenant: TenantId("contoso".into()),
        person: PersonId("ben".into()),
        session: SessionId([10; 16]),
    };
    assert_eq!(desk.inputs().await, [told]);
    let line = "DELETE /api/v1/invitations/0a";
    desk.ask(&ben, line, Value::Null).await.is(404);
}

/// Candidates are people of the organisation whose account may be used, with the groups that the directory knows.
#[tokio::test]
async fn colleagues_are_looked_up_in_the_directory() {
    let desk = Desk::open().await;
    for (tenant, name) in [("contoso", "ben"), ("contoso", "bea"), ("fabrikam", "bo")] {
        desk.may_sign_in(tenant, name).await;
    }
    desk.sign_in("contoso", "bernd", &["second-line"]).await;
    let authority = &desk.app.authority;
    let act = Act {
        actor: Actor {
            id: "host".into(),
            name: "host".into(),
        },
        at: time_of_day(),
        source: None,
    };
    let (tenant, bea) = (TenantId("contoso".into()), PersonId("bea".into()));
    let shut_out = desk.app.store.set_active(&act, &tenant, &bea, false);
    shut_out.await.unwrap();
    let amina = person("contoso", "amina", &[]);
    let found = authority.colleagues(&amina, "be").await.unwrap();
    let names: Vec<&str> = found.iter().map(|person| &*person.name).collect();
    assert_eq!(names, ["ben", "bernd"]);
    assert_eq!(found[1].groups.len(), 1);
    let one = |name: &str| authority.colleague(&amina, PersonId(name.to_owned()));
    assert!(one("ben").await.unwrap().is_some());
    for none in ["bea", "bo", "nobody"] {
        assert!(one(none).await.unwrap().is_none(), "{none}");
    }
}
