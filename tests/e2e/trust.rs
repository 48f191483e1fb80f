//! What the programs know of an organisation and of the people who help: asked once, kept, and never forgotten silently.

use std::fs;

use serde_json::json;
use tests::stage::{Program, Stage};

fn start(options: &[String], more: &[&str]) -> Program {
    let options: Vec<&str> = options
        .iter()
        .map(String::as_str)
        .chain(more.iter().copied())
        .collect();
    Program::start("helper", "handrail-helper", &options)
}

/// SPEC 8.6: without a link the person judges the host of the sign-in service, once. A no signs nobody in.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_organisation_is_confirmed_once() {
    let stage = Stage::start().await;
    let state = stage.state("handrail-helper", "amina", None);
    let options = stage.strange_options("handrail-helper", "amina");
    let here = ["--state", state.as_str()];
    let mut helper = start(&options, &here);
    let asked = helper.expect("confirm_issuer").await;
    let host = stage.provider.issuer.trim_start_matches("https://");
    assert_eq!(asked["host"], host, "{asked}");
    helper.tell("trust", json!({"yes": false})).await;
    assert_eq!(helper.expect("fault").await["code"], "RH-1705");
    assert!(!helper.wait().await);

    let mut helper = start(&options, &here);
    helper.expect("confirm_issuer").await;
    helper.tell("trust", json!({"yes": true})).await;
    helper.expect("code").await;
    helper.tell("leave", json!({})).await;
    assert!(helper.wait().await);

    // Known now: the next event after the start is the sign-in, not a question.
    let mut helper = start(&options, &here);
    assert_eq!(helper.next().await["event"], "sign_in");
    helper.expect("code").await;
}

/// Attack 31: whatever contradicts what is known ends the program, and nobody is asked.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_organisation_than_the_known_one_is_a_hard_stop() {
    let stage = Stage::start().await;
    let options = stage.options("handrail-helper", "amina");
    let mut helper = start(&options, &[]);
    helper.expect("code").await;
    drop(helper);

    // The other organisation of this relay speaks for itself, not for ours.
    let mut plain = stage.strange_options("handrail-helper", "amina");
    plain.extend([
        "--state".to_owned(),
        stage
            .path("state/handrail-helper-amina")
            .display()
            .to_string(),
    ]);
    let other = stage.relay.organisation("porto-azzurro");
    let mut helper = start(&plain, &["--organisation", &other]);
    assert_eq!(helper.expect("fault").await["code"], "RH-1704");

    // Somebody of the other organisation, at a program that is set up for ours.
    let mut chiara = stage.strange_options("handrail-helper", "chiara");
    chiara.extend([
        "--state".to_owned(),
        stage
            .path("state/handrail-helper-amina")
            .display()
            .to_string(),
    ]);
    let mut helper = start(&chiara, &[]);
    let told = helper.expect("fault").await;
    assert!(
        ["RH-1704", "RH-1707"].contains(&told["code"].as_str().expect("a code")),
        "{told}"
    );

    let nobody = "0".repeat(64);
    let state = stage.state("handrail-helper", "nobody", None);
    let strange = stage.strange_options("handrail-helper", "amina");
    let mut helper = start(&strange, &["--state", &state, "--organisation", &nobody]);
    assert_eq!(helper.expect("fault").await["code"], "RH-1706");
}

/// A damaged file is told; to go on as if it were the first time would be to forget.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_kept_is_never_forgotten_silently() {
    let stage = Stage::start().await;
    let options = stage.options("handrail-helper", "amina");
    let mut helper = start(&options, &[]);
    helper.expect("code").await;
    drop(helper);
    let pins = stage.path("state/handrail-helper-amina/relays");
    let pin = fs::read_dir(pins)
        .expect("pins")
        .next()
        .expect("one")
        .expect("readable")
        .path();
    fs::write(&pin, "{").expect("the pin can be written");
    let mut helper = start(&options, &[]);
    let told = helper.expect("fault").await;
    assert_eq!(told["code"], "RH-1708");
    let details = told["details"].as_str().expect("details");
    assert!(details.contains("relays"), "it names the file: {details}");
    assert_eq!(
        fs::read_to_string(&pin).expect("still there"),
        "{",
        "nothing was overwritten"
    );
}

/// PRODUCT 10.6: with a helper who never helped here view may be allowed at once, control after a pause; then they are known.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_strangers_control_waits_for_the_pause() {
    let stage = Stage::start().await;
    let options = stage.options("handrail-sharer", "sakura");
    fs::remove_file(stage.path("state/handrail-sharer-sakura/contacts.json")).expect("contacts");
    let options: Vec<&str> = options
        .iter()
        .map(String::as_str)
        .chain(["--source", "synthetic"])
        .collect();
    let mut sharer = Program::start("sharer", "handrail-sharer", &options);
    let mut helper = stage.helper("amina");
    let code = helper.expect("code").await["code"].clone();
    sharer.expect("signed_in").await;
    sharer.tell("join", json!({"code": code})).await;
    let card = sharer.expect("card").await;
    assert_eq!(
        (&card["first_contact"], &card["pause"]),
        (&json!(true), &json!(10)),
        "{card}"
    );
    assert_eq!(card["domain"], "klinikum-lindenhof.example");
    assert_eq!(card["program"], "native");
    helper.expect("card").await;
    helper.tell("ask", json!({"level": "control"})).await;
    sharer.expect("asked").await;
    sharer.tell("allow", json!({})).await;
    assert_eq!(sharer.expect("fault").await["code"], "RH-1403");
    let asked_again = tokio::time::Instant::now();
    loop {
        sharer.tell("allow", json!({})).await;
        let told = sharer.next().await;
        match told["event"].as_str() {
            Some("granted") => break,
            Some("fault") => assert_eq!(told["code"], "RH-1403"),
            _ => {}
        }
        assert!(
            asked_again.elapsed().as_secs() < 20,
            "the pause does not end"
        );
    }
    let contacts = fs::read_to_string(stage.path("state/handrail-sharer-sakura/contacts.json"));
    assert!(contacts.expect("contacts are kept").contains("amina"));
}

/// PRODUCT 10.6: a report ends the session for both.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reported_helper_is_out() {
    let stage = Stage::start().await;
    let mut pair = stage
        .pair(stage.helper("amina"), stage.sharer("sakura"))
        .await;
    pair.grant("control").await;
    pair.sharer
        .tell("report", json!({"text": "claimed to be my bank"}))
        .await;
    assert_eq!(pair.helper.expect("ended").await["code"], "RH-1501");
    assert!(pair.sharer.wait().await);
}
