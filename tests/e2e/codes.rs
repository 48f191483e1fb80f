//! Codes that do not work, and what people are told.

use serde_json::json;
use tests::stage::{Setting, Stage};

/// PRODUCT 3.1: malformed codes are told at once; unknown, used, foreign and one's own codes are answered alike.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn codes_that_do_not_work_say_so() {
    let stage = Stage::start().await;
    let mut helper = stage.helper("amina");
    let code = helper.expect("code").await["code"]
        .as_str()
        .expect("a code")
        .to_owned();
    let mut sharer = stage.sharer("sakura");
    sharer.expect("signed_in").await;
    for typed in ["1234567", "12345678a", "", "123456789"] {
        let fault = sharer.ask("join", json!({"code": typed}), "fault").await;
        assert_eq!(fault["code"], "RH-1101", "{typed:?}");
    }
    let other = if code.starts_with("000") {
        "00100000"
    } else {
        "00000000"
    };
    assert_eq!(
        sharer.ask("join", json!({"code": other}), "fault").await["code"],
        "RH-1102"
    );
    let mut foreigner = stage.sharer("chiara");
    foreigner.expect("signed_in").await;
    let fault = foreigner.ask("join", json!({"code": code}), "fault").await;
    assert_eq!(
        fault["code"], "RH-1102",
        "another organisation's code does not exist"
    );

    let arabic: String = code
        .chars()
        .map(|c| {
            c.to_digit(10)
                .map_or(c, |d| char::from_u32(0x660 + d).unwrap())
        })
        .collect();
    sharer
        .tell("join", json!({"code": format!(" {arabic}–")}))
        .await;
    helper.expect("card").await;
    sharer.expect("card").await;
    let mut late = stage.sharer("grete");
    late.expect("signed_in").await;
    assert_eq!(
        late.ask("join", json!({"code": code}), "fault").await["code"],
        "RH-1102",
        "used"
    );
}

/// PRODUCT 3.1: a wrong secret part fails on both sides, three times burn the code.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wrong_secret_fails_on_both_sides_and_three_burn_the_code() {
    let stage = Stage::start().await;
    let mut helper = stage.helper("amina");
    let code = helper.expect("code").await["code"]
        .as_str()
        .expect("a code")
        .to_owned();
    let last = code.chars().last().expect("a digit");
    let wrong = format!(
        "{}{}",
        &code[..code.len() - 1],
        if last == '0' { '1' } else { '0' }
    );
    for (attempt, person) in ["sakura", "yusuf", "grete"].into_iter().enumerate() {
        let mut sharer = stage.sharer(person);
        sharer.expect("signed_in").await;
        sharer.tell("join", json!({"code": wrong})).await;
        assert_eq!(sharer.expect("check_failed").await["code"], "RH-1301");
        assert_eq!(sharer.expect("ended").await["code"], "RH-1301");
        assert!(!sharer.wait().await);
        if attempt < 2 {
            let unclaimed = helper.expect("unclaimed").await;
            assert_eq!(unclaimed["attempts_left"], 2 - attempt);
        }
    }
    let burned = helper.expect("check_failed").await;
    assert_eq!(
        (&burned["code"], &burned["attempts_left"]),
        (&json!("RH-1103"), &json!(0))
    );
    assert_eq!(helper.expect("ended").await["code"], "RH-1103");
}

/// PRODUCT 1.1, 2.1: remote help that is off, and people who may not offer it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_not_help_is_told_why() {
    let off = Stage::with(&Setting {
        disabled: true,
        ..Setting::default()
    })
    .await;
    assert_eq!(off.helper("amina").expect("fault").await["code"], "RH-1201");
    let stage = Stage::start().await;
    assert_eq!(
        stage.helper("grete").expect("fault").await["code"],
        "RH-1202"
    );
    let mut pair = stage
        .pair(stage.helper("priya"), stage.sharer("sakura"))
        .await;
    pair.helper.tell("ask", json!({"level": "control"})).await;
    assert_eq!(pair.helper.expect("fault").await["code"], "RH-1203");
    pair.grant("view").await;
    pair.helper.tell("ask", json!({"level": "view"})).await;
    assert_eq!(pair.sharer.expect("asked").await["level"], "view");
    pair.sharer.tell("decline", json!({})).await;
    assert_eq!(pair.helper.expect("declined").await["code"], "RH-1401");
}

/// PRODUCT 3.6: without `scripted_consent` in the configuration a program's yes is no yes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_programs_yes_counts_only_where_the_organisation_says_so() {
    let stage = Stage::with(&Setting {
        people_only: true,
        ..Setting::default()
    })
    .await;
    let mut pair = stage
        .pair(stage.helper("amina"), stage.sharer("yusuf"))
        .await;
    pair.helper.tell("ask", json!({"level": "view"})).await;
    assert_eq!(pair.sharer.expect("asked").await["level"], "view");
    pair.sharer.tell("allow", json!({})).await;
    assert_eq!(pair.sharer.expect("fault").await["code"], "RH-1404");
}
