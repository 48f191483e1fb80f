//! Signatures of the sharer: nothing stands without them, and the relay takes only those of the sharer whom both ends named.

use policy::{HandshakeHash, Level};
use wire::{Answer, Fault, Ui};

use super::*;

fn consented(signed: Option<Signed>) -> ToRelay {
    ToRelay::Consent {
        pair: PAIR,
        level: Level::Control,
        generation: 1,
        hash: HASH,
        answer: Answer::Allow,
        nonce: "first of 1".into(),
        signed,
    }
}

fn asked_for_control() -> Table {
    let mut table = Table::paired();
    table.say(HELPER, ask(Level::Control));
    table
}

fn grants(effects: &[Effect]) -> bool {
    effects
        .iter()
        .any(|effect| matches!(effect, Effect::Grant { .. } | Effect::Route { .. }))
}

/// SPEC 6.6: a yes without a signature, or with one over anything else, opens nothing, and the question stays open for a good one.
#[test]
fn a_yes_counts_only_with_the_sharers_signature_over_exactly_this() {
    let good = || consent_text(Level::Control, 1, HASH);
    let other_key = Signed {
        signature: good().sign(&SigningKey::new([9; 32]).unwrap()).to_string(),
        ..signed(&good())
    };
    let differ: [fn(&mut ConsentText); 8] = [
        |text| text.level = Level::View,
        |text| text.generation = 2,
        |text| text.hash = HandshakeHash([9; 32]),
        |text| text.helper_key = [9; 32],
        |text| text.session = id(2),
        |text| text.tenant = "fabrikam".into(),
        |text| text.shown = [9; 32],
        |text| text.at = 2,
    ];
    let mut bad = vec![None, Some(other_key)];
    for differ in differ {
        let mut text = good();
        differ(&mut text);
        let signature = text.sign(&sharer_key()).to_string();
        bad.push(Some(Signed {
            signature,
            ..signed(&good())
        }));
    }
    for signed in bad {
        let mut table = asked_for_control();
        let effects = table.say(SHARER, consented(signed));
        assert!(!grants(&effects), "{effects:?}");
        assert!(effects.contains(&faulted(SHARER, Fault::SecurityCheck)));
        let effects = table.say(SHARER, consent(Level::Control, 1, Answer::Allow));
        assert!(grants(&effects), "{effects:?}");
    }
}

/// The sharer verified somebody else than the person who is signed in at the relay: one of them was lied to.
#[test]
fn a_yes_to_somebody_else_is_no_yes() {
    for differ in [
        |text: &mut ConsentText| text.subject = "eve".into(),
        |text: &mut ConsentText| text.issuer = "https://evil.example".into(),
    ] {
        let mut text = consent_text(Level::Control, 1, HASH);
        differ(&mut text);
        let effects = asked_for_control().say(SHARER, consented(Some(signed(&text))));
        assert!(!grants(&effects), "{effects:?}");
        assert!(effects.contains(&declined(Level::Control, Fault::PeerDiffers)));
    }
}

/// A program's yes counts where the organisation takes it, and a question is the only place where it matters.
#[test]
fn a_programs_yes_counts_only_where_it_is_taken() {
    let by_program = || {
        let mut text = consent_text(Level::Control, 1, HASH);
        text.ui = Ui::Unattended;
        consented(Some(signed(&text)))
    };
    assert!(grants(&asked_for_control().say(SHARER, by_program())));
    let settings = Settings {
        scripted_consent: false,
        ..ON
    };
    let mut table = asked_for_control();
    table.input(Input::Rules(tenants(Policy::new(
        settings,
        vec![desk(Permissions::CONTROL)],
        vec![],
        vec![],
    ))));
    let effects = table.say(SHARER, by_program());
    assert_eq!(effects, [faulted(SHARER, Fault::ScriptedConsent)]);
    assert!(grants(
        &table.say(SHARER, consent(Level::Control, 1, Answer::Allow))
    ));
}

/// Both ends have to name the same keys, or one of them sits in the middle.
#[test]
fn ends_that_report_other_keys_are_not_linked() {
    let swapped = |helper_key, sharer_key| ToRelay::Shook {
        pair: PAIR,
        hash: HASH,
        helper_key,
        sharer_key,
    };
    let good = PublicBytes(sharer_key().public().0);
    for other in [
        swapped(PublicBytes([9; 32]), good),
        swapped(HELPER_KEY, PublicBytes([9; 32])),
    ] {
        let mut table = Table::claimed();
        table.say(HELPER, shook(HASH));
        let effects = table.say(SHARER, other);
        assert!(matches!(effects[0], Effect::Alarm(_)), "{effects:?}");
        assert!(
            !effects
                .iter()
                .any(|effect| matches!(effect, Effect::Record { .. }))
        );
    }
}

/// PRODUCT 10.6: a report reaches administrators, and ends the session.
#[test]
fn a_report_is_kept_and_ends_the_session() {
    let report = || ToRelay::Report {
        pair: PAIR,
        text: Some("claimed to be my bank".into()),
    };
    let mut table = Table::granted(Level::Control);
    let mut expected = vec![
        record(Entry::Report(Some("claimed to be my bank".into()))),
        Effect::Alarm(crate::Alarm::Reported { session: id(1) }),
    ];
    expected.extend(end(EndReason::Reported, Fault::PeerLeft));
    assert_eq!(table.say(SHARER, report()), expected);
    let mut table = Table::granted(Level::Control);
    assert_eq!(
        table.say(HELPER, report()),
        [faulted(HELPER, Fault::NotNow)]
    );
    let mut table = Table::claimed();
    assert_eq!(
        table.say(SHARER, report()),
        [faulted(SHARER, Fault::NotNow)]
    );
}
