//! The whole policy as a table that a person can read: `decisions.txt`.

use std::fmt::Write;

use policy::{
    Assignment, Denial, HandshakeHash, Level, PairId, Permissions, PersonId, Request, Scope,
    SessionId, Tenant, decide, effective,
};

use super::compare;

/// PRODUCT 2.1, 2.2, 2.5: every set of permissions, with the tenant on and off, every level, inside and outside the scope.
#[test]
fn every_decision_is_the_one_in_the_table() {
    let mut table = String::from(HEAD);
    for ticked in Permissions::every() {
        for enabled in [true, false] {
            for covered in [true, false] {
                row(&mut table, ticked, enabled, covered);
            }
        }
    }
    assert_eq!(table.lines().count(), HEAD.lines().count() + 32 * 2 * 2);
    compare("tests/suite/decisions.txt", &table);
}

/// The table was blessed by somebody; this says once more, in other words, what it must hold.
#[test]
fn nothing_is_permitted_without_tenant_scope_offer_and_level() {
    for ticked in Permissions::every() {
        for enabled in [true, false] {
            for covered in [true, false] {
                for level in Level::ALL {
                    let any = |of: &[Permissions]| of.iter().any(|one| ticked.contain(*one));
                    let enough = match level {
                        Level::View => any(&[
                            Permissions::VIEW,
                            Permissions::CONTROL,
                            Permissions::ELEVATION,
                            Permissions::UNATTENDED,
                        ]),
                        Level::Control => any(&[
                            Permissions::CONTROL,
                            Permissions::ELEVATION,
                            Permissions::UNATTENDED,
                        ]),
                        // Elevation and unattended control need a device that is enrolled: later.
                        Level::Elevation | Level::Unattended => false,
                    };
                    let expected =
                        enabled && covered && enough && ticked.contain(Permissions::OFFER);
                    let answer = answer(ticked, enabled, covered, level);
                    assert_eq!(answer == "permit", expected, "{ticked:?} {level}: {answer}");
                }
            }
        }
    }
}

fn row(table: &mut String, ticked: Permissions, enabled: bool, covered: bool) {
    let words = match ticked.words() {
        words if words.is_empty() => "-".to_owned(),
        words => words.join("+"),
    };
    let tenant = if enabled { "on" } else { "off" };
    let scope = if covered { "covers" } else { "other" };
    let answers = Level::ALL.map(|level| answer(ticked, enabled, covered, level));
    let [view, control, elevation, unattended] = answers;
    writeln!(
        table,
        "{words:42} {tenant:7} {scope:7} {view:15} {control:15} {elevation:15} {unattended}"
    )
    .unwrap();
}

fn answer(ticked: Permissions, enabled: bool, covered: bool, level: Level) -> &'static str {
    let assignment = Assignment {
        name: "the one".into(),
        permissions: ticked,
        helpers: vec!["desk".into()],
        scope: Scope::Groups(vec!["pupils".into()]),
    };
    let sharer = if covered { "pupils" } else { "teachers" };
    let permissions = effective(&[assignment], &["desk".into()], &[sharer.into()]);
    let request = Request {
        session: SessionId([1; 16]),
        pair: PairId::FIRST,
        helper: PersonId("amina".into()),
        hash: HandshakeHash([2; 32]),
        level,
    };
    match decide(request, permissions, Tenant { enabled }) {
        Ok(_) => "permit",
        Err(Denial::TenantOff) => "tenant-off",
        Err(Denial::MayNotOffer) => "may-not-offer",
        Err(Denial::MayNotLevel(_)) => "may-not-level",
        Err(Denial::NotHere(_)) => "not-here",
    }
}

const HEAD: &str = "\
# What policy decides: the boxes that are ticked in the helper's one assignment, the tenant's switch, whether the
# assignment's scope covers the sharer, and the answer for each level. Written by `BLESS=1 cargo test -p tests`.
# permissions                              tenant  scope   view            control         elevation       unattended
";
