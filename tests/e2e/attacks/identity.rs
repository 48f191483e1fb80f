//! A relay that lies about who people are, and about who vouches for them.

use serde_json::json;
use tests::stage::Stage;
use tokio::process::Command;

use super::Siege;

/// Attack 32: whatever the relay calls the helper, the card has the name of the sign-in, and the relay's words stand apart.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_name_does_not_get_on_the_card() {
    let mut siege = Siege::lay("rename").await;
    let (mut helper, mut sharer) = (siege.helper("amina"), siege.sharer("sakura"));
    super::typed(&mut helper, &mut sharer).await;
    siege.attacked().await;
    for (program, name, title) in [
        (&mut sharer, "Amina Haddad", "Service desk engineer"),
        (&mut helper, "田中 さくら", "Pharmacist"),
    ] {
        let card = program.expect("card").await;
        assert_eq!(
            (&card["name"], &card["title"]),
            (&json!(name), &json!(title))
        );
        assert_eq!(card["company"], "Klinikum Lindenhof");
        assert_eq!(card["domain"], "klinikum-lindenhof.example");
        let text = card.to_string();
        assert!(
            !text.contains("administrator") && !text.contains("Chief"),
            "{text}"
        );
    }
}

/// A token that has the name only: the relay's words stand below the line, and nowhere else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_only_the_relay_says_stands_below_the_line() {
    let siege = Siege::lay("rename").await;
    let (mut helper, mut sharer) = (siege.helper("amina"), siege.sharer("tomasz"));
    super::typed(&mut helper, &mut sharer).await;
    let card = helper.expect("card").await;
    assert_eq!(card["name"], "Tomasz Wiśniewski");
    assert!(
        card.get("title").is_none() && card.get("company").is_none(),
        "{card}"
    );
    assert_eq!(card["directory"]["company"], "Microsoft Support");
}

/// The relay names somebody else than the one who signed in: the session ends, without a card.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn somebody_else_is_a_hard_stop() {
    let mut siege = Siege::lay("impostor").await;
    let (mut helper, mut sharer) = (siege.helper("amina"), siege.sharer("sakura"));
    super::typed(&mut helper, &mut sharer).await;
    siege.attacked().await;
    loop {
        let told = sharer.next().await;
        assert_ne!(told["event"], "card");
        if told["event"] == "ended" {
            assert_eq!(told["code"], "RH-1303", "{told}");
            return;
        }
    }
}

/// Attack 31: another sign-in service, to a client that was enrolled and to one that only signed in before.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_sign_in_service_is_a_hard_stop() {
    let mut siege = Siege::lay("other-issuer").await;
    let mut helper = siege.helper("amina");
    siege.attacked().await;
    assert_eq!(helper.expect("fault").await["code"], "RH-1704");
    assert!(!helper.wait().await);

    // Known from an earlier sign-in at the address that the relay had before it was broken into.
    let state = siege.stage.state("handrail-sharer", "sakura", None);
    let options = siege.stage.strange_options("handrail-sharer", "sakura");
    let before: Vec<&str> = options.iter().map(String::as_str).collect();
    let here = ["--state", state.as_str(), "--source", "synthetic"];
    let mut sharer = tests::stage::Program::start(
        "sharer",
        "handrail-sharer",
        &[before.as_slice(), &here].concat(),
    );
    sharer.expect("confirm_issuer").await;
    sharer.tell("trust", json!({"yes": true})).await;
    sharer.expect("signed_in").await;
    drop(sharer);
    move_pin(&siege);
    let mut sharer = siege.start("handrail-sharer", "sakura", &options, &here);
    assert_eq!(sharer.expect("fault").await["code"], "RH-1704");
}

/// Attack 31: a bundle that another key signed, and one that is older than the one that is known.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_bundle_is_a_hard_stop() {
    let stage = Stage::start().await;
    let foreign = stage
        .path("keys/porto-azzurro.bundle")
        .display()
        .to_string();
    let mut siege = Siege::before(stage, "other-bundle", &["--bundle", &foreign]).await;
    let mut helper = siege.helper("amina");
    siege.attacked().await;
    let told = helper.expect("fault").await;
    assert_eq!(told["code"], "RH-1706", "{told}");
    assert!(!helper.wait().await);
}

/// A bundle that was good once, to a client that knows the newer one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_old_bundle_is_a_hard_stop() {
    let mut stage = Stage::start().await;
    let old = stage.path("old.bundle");
    std::fs::copy(stage.path("keys/lindenhof.bundle"), &old).expect("the old bundle");
    let options = stage.options("handrail-helper", "amina");
    rotate(&stage).await;
    stage.relay.kill().await;
    stage.relay = stage.relay.again().await;
    let known: Vec<&str> = options.iter().map(String::as_str).collect();
    let mut helper = tests::stage::Program::start("helper", "handrail-helper", &known);
    helper.expect("code").await;
    drop(helper);
    let old = old.display().to_string();
    let mut siege = Siege::before(stage, "other-bundle", &["--bundle", &old]).await;
    move_pin_of(&siege, "handrail-helper-amina");
    let mut helper = siege.start("handrail-helper", "amina", &options, &[]);
    siege.attacked().await;
    assert_eq!(helper.expect("fault").await["code"], "RH-1704");
}

async fn rotate(stage: &Stage) {
    let done = Command::new(tests::stage::binary("handrail-relay"))
        .args(["keys", "--rotate", "--organisation-keys"])
        .arg(stage.path("organisation-keys"))
        .arg("--config")
        .arg(stage.path("relay.toml"))
        .output()
        .await
        .expect("the relay's program can be started");
    assert!(done.status.success(), "{done:?}");
}

/// What is known of the relay's address is known of the hostile one's: it took the address over.
fn move_pin(siege: &Siege) {
    move_pin_of(siege, "handrail-sharer-sakura");
}

fn move_pin_of(siege: &Siege, client: &str) {
    let folder = siege.stage.path(&format!("state/{client}/relays"));
    let mut kept = std::fs::read_dir(&folder).expect("pins");
    let pin = kept.next().expect("one").expect("readable").path();
    let place = siege.url.trim_start_matches("https://").replace(':', "_");
    std::fs::rename(pin, folder.join(format!("{place}.json"))).expect("the pin can be moved");
}
