//! The claims, one by one.

use super::*;

#[test]
fn every_claim_that_counts_is_there() {
    let world = World::ed25519();
    // jsonwebtoken accepts a token without iss, aud, sub or iat.
    for name in ["iss", "aud", "sub", "iat", "exp", "tid"] {
        assert_eq!(world.access(without(name)), Err(Refusal::Claim(name)));
        assert_eq!(
            world.access(with(name, json!(null))),
            Err(Refusal::Claim(name))
        );
    }
    for bad in [json!(1), json!(""), json!("x".repeat(256))] {
        assert_eq!(world.access(with("sub", bad)), Err(Refusal::Claim("sub")));
    }
    // At a list jsonwebtoken gives up before the claims are judged.
    assert_eq!(
        world.access(with("sub", json!(["amina"]))),
        Err(Refusal::Malformed)
    );
    assert_eq!(
        world.access(with("exp", json!([NOW]))),
        Err(Refusal::Malformed)
    );
    for payload in ["[]", "null", "{", "\"x\""] {
        let header = r#"{"alg":"EdDSA","kid":"key-1","typ":"at+jwt"}"#;
        let token = world.signer.sign_text(header, payload);
        assert_eq!(
            world.check(Kind::Access, &token),
            Err(Refusal::Malformed),
            "{payload}"
        );
    }
}

#[test]
fn the_issuer_is_the_same_text() {
    let world = World::ed25519();
    for bad in [
        "https://id.example/contoso/",
        "https://id.example",
        "HTTPS://id.example/contoso",
    ] {
        assert_eq!(
            world.access(with("iss", json!(bad))),
            Err(Refusal::Issuer),
            "{bad}"
        );
    }
    // jsonwebtoken accepts a list that holds the issuer, and any number.
    assert_eq!(
        world.access(with("iss", json!([URL]))),
        Err(Refusal::Claim("iss"))
    );
    assert_eq!(
        world.access(with("iss", json!(1))),
        Err(Refusal::Claim("iss"))
    );
}

#[test]
fn the_audience_is_the_relay_alone_or_the_party_is_ours() {
    let world = World::ed25519();
    let audience = |aud: Value, azp: Option<&str>| {
        world.access(|claims| {
            claims["aud"] = aud;
            if let Some(azp) = azp {
                claims["azp"] = json!(azp);
            }
        })
    };
    assert!(audience(json!(["urn:rh:relay"]), None).is_ok());
    assert!(audience(json!("urn:rh:relay"), Some("handrail-helper")).is_ok());
    assert!(audience(json!(["account", "urn:rh:relay"]), Some("handrail-helper")).is_ok());
    // jsonwebtoken accepts a list with strangers in it.
    for (aud, azp) in [
        (json!(["account", "urn:rh:relay"]), None),
        (json!(["account", "urn:rh:relay"]), Some("stranger")),
        (json!(["urn:rh:relay", 1]), None),
        (json!("urn:rh:relay"), Some("stranger")),
        (json!("urn:rh:relay2"), None),
        (json!("handrail-helper"), None),
        (json!([]), None),
    ] {
        assert_eq!(
            audience(aud.clone(), azp),
            Err(Refusal::Audience),
            "{aud} {azp:?}"
        );
    }
    assert_eq!(
        audience(json!({"urn:rh:relay": 1}), None),
        Err(Refusal::Claim("aud"))
    );
    assert_eq!(
        world.access(with("azp", json!(["x"]))),
        Err(Refusal::Claim("azp"))
    );
}

#[test]
fn an_id_token_is_for_the_client_that_asked() {
    let world = World::ed25519();
    let header = json!({"alg": "EdDSA", "kid": "key-1"}).to_string();
    let audience = |aud: Value, azp: Value| {
        let mut claims = claims();
        (claims["aud"], claims["azp"]) = (aud, azp);
        let token = world.signer.sign_text(&header, &claims.to_string());
        world.check(Kind::Id, &token).map(|claims| claims.audience)
    };
    let (helper, sharer) = (json!("handrail-helper"), json!("handrail-sharer"));
    assert_eq!(
        audience(helper.clone(), helper.clone()).unwrap(),
        "handrail-helper"
    );
    let with_stranger = json!(["stranger", "handrail-helper"]);
    assert!(audience(with_stranger, helper.clone()).is_ok());
    assert_eq!(audience(helper, sharer.clone()), Err(Refusal::Audience));
    assert_eq!(
        audience(json!("urn:rh:relay"), sharer),
        Err(Refusal::Audience)
    );
}

#[test]
fn times_are_exact_to_the_second() {
    let world = World::ed25519();
    let times = |iat: u64, exp: u64| {
        world.access(|claims| (claims["iat"], claims["exp"]) = (json!(iat), json!(exp)))
    };
    // jsonwebtoken accepts 60 s of leeway, any iat, and ignores nbf.
    assert!(times(NOW - 600, NOW - 29).is_ok());
    assert_eq!(times(NOW - 600, NOW - 30), Err(Refusal::Expired));
    assert!(times(NOW + 30, NOW + 60).is_ok());
    assert_eq!(times(NOW + 31, NOW + 60), Err(Refusal::NotYet));
    assert_eq!(times(NOW + 300, NOW + 600), Err(Refusal::NotYet));
    assert!(world.access(with("nbf", json!(NOW + 30))).is_ok());
    assert_eq!(
        world.access(with("nbf", json!(NOW + 31))),
        Err(Refusal::NotYet)
    );
    assert!(times(NOW, NOW + 86_400).is_ok());
    assert_eq!(times(NOW, NOW + 86_401), Err(Refusal::Lifetime));
    assert_eq!(times(NOW, NOW - 1), Err(Refusal::Claim("exp")));
}

#[test]
fn times_are_whole_numbers_of_this_era() {
    let world = World::ed25519();
    let bad = [
        json!(1_000_000_000_000_000_000_u64),
        json!(u64::MAX),
        json!(-1),
        json!(1_764_000_000.5),
        json!("1764000000"),
    ];
    for value in bad {
        for name in ["iat", "exp", "nbf"] {
            let verdict = world.access(with(name, value.clone()));
            assert_eq!(verdict, Err(Refusal::Claim(name)), "{value}");
        }
    }
}

#[test]
fn a_clock_that_is_ten_minutes_wrong_is_told() {
    let world = World::ed25519();
    let token = world.signer.access_token(&claims());
    let check = |now| verify(Kind::Access, &token, &world.issuer, &world.keys, at(now));
    assert_eq!(check(NOW - 600), Err(Refusal::NotYet));
    assert_eq!(check(NOW + 650), Err(Refusal::Expired));
}

#[test]
fn only_organisations_that_are_served_here_come_in() {
    let world = World::ed25519();
    assert_eq!(
        world
            .access(with("tid", json!("fabrikam")))
            .unwrap()
            .tenant
            .0,
        "fabrikam"
    );
    for bad in ["", "Contoso", "contoso ", "other"] {
        assert_eq!(
            world.access(with("tid", json!(bad))),
            Err(Refusal::Tenant),
            "{bad:?}"
        );
    }
}

#[test]
fn the_address_of_an_entra_issuer_names_the_same_organisation() {
    let mut world = World::ed25519();
    world.issuer.url = "https://login.microsoftonline.com/contoso/v2.0".to_owned();
    let entra = json!(world.issuer.url);
    let access = |tid: &str| {
        world.access(|claims| {
            (claims["iss"], claims["tid"], claims["oid"]) =
                (entra.clone(), json!(tid), json!("object-1"));
        })
    };
    assert!(access("contoso").is_ok());
    assert_eq!(access("fabrikam"), Err(Refusal::Tenant));
}

/// Entra makes a subject anew for each client: relay and ends would know one person by three names.
#[test]
fn a_person_of_entra_is_known_by_the_object_id() {
    let mut world = World::ed25519();
    world.issuer.url = "https://login.microsoftonline.com/contoso/v2.0".to_owned();
    let entra = json!(world.issuer.url);
    let with_oid = world.access(|claims| {
        (claims["iss"], claims["oid"]) = (entra.clone(), json!("object-1"));
    });
    assert_eq!(with_oid.unwrap().person.0, "object-1");
    assert_eq!(world.access(with("iss", entra)), Err(Refusal::Claim("oid")));
}

/// A realm of Keycloak names no organisation in its tokens; whatever `tid` says there counts for nothing.
#[test]
fn an_issuer_of_one_organisation_names_none() {
    let mut world = World::ed25519();
    world.issuer.tenancy = Tenancy::Whole(TenantId("lindenhof".to_owned()));
    let tenant = |claims: Result<Claims, Refusal>| claims.unwrap().tenant.0;
    assert_eq!(tenant(world.access(without("tid"))), "lindenhof");
    assert_eq!(
        tenant(world.access(with("tid", json!("contoso")))),
        "lindenhof"
    );
}

/// A bound token is judged by the age of its binding, everything else about it as ever.
#[test]
fn a_bound_token_outlives_its_end_but_not_its_other_rules() {
    let world = World::ed25519();
    let bound = |differ: &dyn Fn(&mut Value)| {
        let mut claims = claims();
        claims["aud"] = json!("handrail-helper");
        differ(&mut claims);
        let header = json!({"alg": world.signer.algorithm(), "kid": world.signer.id});
        let raw = world
            .signer
            .sign_text(&header.to_string(), &claims.to_string());
        (world.check(Kind::Bound, &raw), world.check(Kind::Id, &raw))
    };
    let (as_bound, as_id) = bound(&|claims| claims["exp"] = json!(NOW - 100));
    assert!(as_bound.is_err(), "it ended before it was made");
    assert!(as_id.is_err());
    let (as_bound, as_id) =
        bound(&|claims| (claims["iat"], claims["exp"]) = (json!(NOW - 7200), json!(NOW - 3600)));
    assert!(as_bound.is_ok());
    assert_eq!(as_id, Err(Refusal::Expired));
    for (name, value) in [
        ("iss", "https://evil.example"),
        ("aud", "urn:rh:relay"),
        ("tid", "other"),
    ] {
        let (as_bound, as_id) = bound(&|claims| claims[name] = json!(value));
        assert!(as_bound.is_err() && as_id.is_err(), "{name}");
    }
}

/// PRODUCT 1.8: how somebody signed in is read as it stands, or the token is refused; never guessed.
#[test]
fn how_somebody_signed_in_is_of_its_type_and_bounded() {
    let world = World::ed25519();
    let read = |name, value| {
        world
            .access(with(name, value))
            .map(|claims| claims.authentication)
    };
    let nothing = world.access(|_| {}).unwrap().authentication;
    assert_eq!(nothing, Authentication::default());
    assert_eq!(
        read("acr", json!("gold")).unwrap().acr.as_deref(),
        Some("gold")
    );
    assert_eq!(
        read("amr", json!(["pwd", "otp"])).unwrap().amr,
        ["pwd", "otp"]
    );
    assert_eq!(
        read("auth_time", json!(NOW - 60)).unwrap().time,
        Some(at(NOW - 60))
    );
    let long = "x".repeat(257);
    for (name, bad) in [
        ("acr", json!(2)),
        ("acr", json!(["gold"])),
        ("acr", json!(null)),
        ("acr", json!(long)),
        ("amr", json!("otp")),
        ("amr", json!([1])),
        ("amr", json!([long])),
        ("amr", json!(vec!["otp"; 17])),
        ("auth_time", json!("60")),
        ("auth_time", json!(-1)),
        ("auth_time", json!(1.5)),
    ] {
        assert_eq!(read(name, bad.clone()), Err(Refusal::Claim(name)), "{bad}");
    }
    assert!(read("auth_time", json!(NOW + 30)).is_ok());
    assert_eq!(read("auth_time", json!(NOW + 31)), Err(Refusal::NotYet));
}

#[test]
fn names_and_groups_are_text() {
    let world = World::ed25519();
    assert_eq!(world.access(without("name")).unwrap().name, None);
    assert_eq!(world.access(without("groups")).unwrap().groups, [""; 0]);
    assert_eq!(
        world.access(with("name", json!(1))),
        Err(Refusal::Claim("name"))
    );
    for bad in [json!("helpdesk"), json!([1]), json!({"helpdesk": true})] {
        assert_eq!(
            world.access(with("groups", bad)),
            Err(Refusal::Claim("groups"))
        );
    }
    let name = |text: &str| world.access(with("name", json!(text))).unwrap().name;
    assert_eq!(name("نور الهاشمي").as_deref(), Some("نور الهاشمي"));
    assert_eq!(
        name("Eve\u{202e}\u{1b}[31m\nAmina").as_deref(),
        Some("Eve[31mAmina")
    );
    assert_eq!(name(" \u{2066}\t ").as_deref(), None);
    assert_eq!(name(&"😀".repeat(500)).unwrap().chars().count(), 128);
}

#[test]
fn no_refusal_repeats_the_token() {
    let world = World::ed25519();
    let refusals = [
        world.access(with("sub", json!(["marker-1"]))),
        world.access(with("iss", json!("marker-2"))),
        world.access(with("tid", json!("marker-3"))),
        world.check(Kind::Access, "marker-4.marker-5.marker-6"),
    ];
    for refusal in refusals {
        let refusal = refusal.unwrap_err();
        assert!(!format!("{refusal} {refusal:?}").contains("marker"));
    }
}
