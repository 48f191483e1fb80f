//! A rule that asks for a stronger sign-in (PRODUCT 1.8, RFC 9470, SPEC 6.8): the person signs in once more, and what was refused is done.

use reqwest::Method;
use serde_json::{Value, json};
use tests::stage::{Browser, Program, Screen, Stage, Visitor};

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

/// PRODUCT 1.8: in the console the panel that tells of the refusal leads to the other sign-in, and from there to a code.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_helper_in_a_browser_signs_in_again_and_has_a_code() {
    let stage = Stage::start().await;
    rule(&stage, "create", "mfa").await;
    let mut browser = Browser::start(&stage, Screen::default()).await;
    browser.open(&format!("{}/h", stage.relay.url)).await;
    browser.sign_in("amina").await;
    browser.wait("button", "Sign in again").await;
    let told = browser.read("main").await;
    assert!(told.contains("asks for a stronger sign-in"), "{told}");
    browser.assert_accessible("a stronger sign-in").await;
    shoot(&mut browser, "asked").await;

    // Another try without it is no way round.
    browser.click("button", "New code").await;
    browser.wait("button", "Sign in again").await;
    browser.click("button", "Sign in again").await;
    // The provider knows her, and asks again all the same; what the console may know she has allowed before.
    let herself = json!({"selector": "button[name=person][value=amina]"});
    browser.tell("click", herself).await;
    let code = browser.code().await;
    shoot(&mut browser, "code").await;
    let mut sharer = stage.sharer("sakura");
    sharer.expect("signed_in").await;
    sharer.tell("join", json!({"code": code})).await;
    assert_eq!(sharer.expect("card").await["name"], "Amina Haddad");
    assert_eq!(browser.complaints().await, [""; 0]);
}

/// Takes a picture for people to look at, if somebody wants some.
async fn shoot(browser: &mut Browser, what: &str) {
    if let Ok(folder) = std::env::var("HANDRAIL_SHOTS") {
        let file = format!("{folder}/step-up-{what}.png");
        browser.shot(file.as_ref()).await;
    }
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
