//! A rule that asks for a stronger sign-in (PRODUCT 1.8, RFC 9470, SPEC 6.8): the person signs in once more, and what was refused is done.

use reqwest::Method;
use serde_json::{Value, json};
use tests::stage::{Program, Stage, Visitor};

/// The sign-in itself, making a code and joining: each is refused, cured by one more sign-in, and goes on by itself.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_sign_in_fulfils_the_rule() {
    for moment in ["sign-in", "create", "join"] {
        let stage = Stage::start().await;
        rule(&stage, moment, "mfa").await;
        let (mut helper, mut sharer) = (stage.helper("amina"), stage.sharer("sakura"));
        let code = helper.expect("code").await["code"].clone();
        sharer.expect("signed_in").await;
        sharer.tell("join", json!({"code": code})).await;
        assert_eq!(helper.expect("card").await["name"], "田中 さくら");
        assert_eq!(sharer.expect("card").await["name"], "Amina Haddad");
        let asked = |program: &Program| program.all("sign_in").last().cloned();
        let expected = [(&helper, moment != "join"), (&sharer, moment != "create")];
        for (program, twice) in expected {
            let last = asked(program).expect("everybody signed in");
            let (code, rule) = (&last["code"], &last["rule"]);
            let told = if twice {
                (json!("RH-1208"), json!("Two factors"))
            } else {
                (Value::Null, Value::Null)
            };
            assert_eq!((code, rule), (&told.0, &told.1), "{moment}");
            let url = last["url"].as_str().expect("an address");
            assert_eq!(url.contains("acr_values=mfa"), twice, "{moment}: {url}");
        }
    }
}

/// What the provider cannot do is told once, with the name of the rule; nobody is sent round in circles.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rule_that_no_sign_in_fulfils_is_told_after_one() {
    let stage = Stage::start().await;
    // The demo's provider gives the way that is asked for first.
    rule(&stage, "create", "never").await;
    let admin = Visitor::sign_in(&stage, "ingrid").await;
    let strict = json!({
        "name": "Only from the moon", "moments": ["create"], "allowed": ["192.0.2.0/24"],
    });
    admin
        .send(Method::POST, "/api/v1/access-rules", &strict)
        .await;
    let mut helper = stage.helper("amina");
    let told = helper.expect("fault").await;
    assert_eq!(
        (&told["code"], &told["details"]),
        (&json!("RH-1210"), &json!("Only from the moon"))
    );
}

async fn rule(stage: &Stage, moment: &str, way: &str) {
    let admin = Visitor::sign_in(stage, "ingrid").await;
    // Whoever administers is in no group of this rule.
    let said = json!({
        "name": "Two factors", "moments": [moment], "methods": [way], "groups": ["helpdesk", "staff"],
    });
    admin
        .send(Method::POST, "/api/v1/access-rules", &said)
        .await;
}
