use std::time::Duration;

use super::*;
use crate::PersonId;

const HOUR: Duration = Duration::from_secs(3600);

fn rule() -> AccessRule {
    AccessRule {
        id: RuleId("1".into()),
        name: "multi-factor".into(),
        groups: vec![],
        moments: vec![Moment::Create, Moment::Renew],
        methods: vec![],
        max_age: None,
        allowed: vec![],
        denied: vec![],
        compliant_device: false,
    }
}

fn signed_in() -> SignedIn {
    SignedIn {
        acr: Some("silver".into()),
        amr: vec!["pwd".into(), "otp".into()],
        age: Some(HOUR),
        source: "10.1.2.3".parse().unwrap(),
    }
}

fn ranges(texts: &[&str]) -> Vec<Network> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

/// PRODUCT 1.8: one of the ways is the `acr`, or among the `amr`.
#[test]
fn a_sign_in_is_made_in_one_of_the_ways() {
    for (ways, fits) in [
        (&["gold"][..], false),
        (&["gold", "silver"], true),
        (&["otp"], true),
        (&["OTP"], false),
        (&[], true),
    ] {
        let methods: Vec<String> = ways.iter().map(|way| (*way).to_owned()).collect();
        let lacks = Lacks::Method(methods.clone());
        let rule = AccessRule { methods, ..rule() };
        let expected = if fits { Ok(()) } else { Err(lacks) };
        assert_eq!(rule.check(&signed_in(), None), expected, "{ways:?}");
    }
}

/// PRODUCT 1.8: a sign-in that does not say when it was is as good as an old one.
#[test]
fn a_sign_in_is_young_enough_and_says_so() {
    let rule = AccessRule {
        max_age: Some(HOUR),
        ..rule()
    };
    let aged = |age| rule.check(&SignedIn { age, ..signed_in() }, None);
    assert_eq!(aged(Some(HOUR)), Ok(()));
    let too_old = Some(HOUR + Duration::from_nanos(1));
    for age in [too_old, None] {
        assert_eq!(aged(age), Err(Lacks::Age(HOUR)));
    }
}

/// PRODUCT 1.8: a range that is denied wins over one that is allowed.
#[test]
fn an_address_is_allowed_and_not_denied() {
    for (allowed, denied, fits) in [
        (&[][..], &[][..], true),
        (&["10.0.0.0/8"], &[], true),
        (&["192.0.2.0/24"], &[], false),
        (&[], &["10.1.0.0/16"], false),
        (&["10.0.0.0/8"], &["10.1.0.0/16"], false),
        (&["10.0.0.0/8"], &["10.2.0.0/16"], true),
    ] {
        let rule = AccessRule {
            allowed: ranges(allowed),
            denied: ranges(denied),
            ..rule()
        };
        let expected = if fits { Ok(()) } else { Err(Lacks::Network) };
        assert_eq!(rule.check(&signed_in(), None), expected);
    }
}

/// PRODUCT 1.8: only a device that was reported compliant lately is compliant; before there is one nobody asks.
#[test]
fn a_device_has_to_be_compliant_once_there_is_one() {
    let rule = AccessRule {
        compliant_device: true,
        ..rule()
    };
    assert_eq!(rule.check(&signed_in(), None), Ok(()));
    assert_eq!(
        rule.check(&signed_in(), Some(Compliance::Compliant)),
        Ok(())
    );
    for state in [
        Compliance::NotCompliant,
        Compliance::Stale,
        Compliance::NotEnrolled,
    ] {
        assert_eq!(rule.check(&signed_in(), Some(state)), Err(Lacks::Device));
    }
}

/// RFC 9470: a fresh sign-in is asked for only where it helps.
#[test]
fn only_method_and_age_are_cured_by_a_fresh_sign_in() {
    let method = Lacks::Method(vec!["gold".into()]);
    let age = Lacks::Age(HOUR);
    assert!(method.is_curable() && age.is_curable());
    assert_eq!(
        (method.acr_values(), method.max_age()),
        (&["gold".to_owned()][..], None)
    );
    assert_eq!((age.acr_values(), age.max_age()), (&[][..], Some(HOUR)));
    for lacks in [Lacks::Network, Lacks::Device] {
        assert!(!lacks.is_curable() && lacks.acr_values().is_empty() && lacks.max_age().is_none());
    }
    let rule = AccessRule {
        methods: vec!["gold".into()],
        denied: ranges(&["10.0.0.0/8"]),
        ..rule()
    };
    assert_eq!(rule.check(&signed_in(), None), Err(Lacks::Network));
}

#[test]
fn a_rule_is_about_its_groups_and_moments() {
    let person = |group: &str| Subject {
        id: PersonId("amina".into()),
        groups: vec![GroupId(group.into())],
    };
    let few = AccessRule {
        groups: vec![GroupId("desk".into())],
        ..rule()
    };
    assert!(few.concerns(&person("desk"), Moment::Create));
    assert!(!few.concerns(&person("desk"), Moment::Join));
    assert!(!few.concerns(&person("staff"), Moment::Create));
    assert!(rule().concerns(&person("staff"), Moment::Renew));
}
