//! The second authority for elevation and unattended control: a role claim that the identity provider signed (DESIGN 3).
//!
//! The relay alone must not be able to give these levels. So the device itself checks a claim in the helper's token, whose
//! signature it verified; what is here is the rule about what that token says. Times are those of the token: since 1970.

use std::time::Duration;

use crate::{GroupId, Level};

/// What the tenant bundle says about the second authority.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Authority {
    /// Values of the role claim that stand for elevation.
    pub elevation: Vec<String>,
    /// Values of the role claim that stand for unattended control.
    pub unattended: Vec<String>,
    /// A helper in a browser may have these levels, too.
    pub browsers: bool,
}

/// What the helper's token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoleClaim {
    /// The values of the role claim.
    pub roles: Vec<String>,
    /// `iat`.
    pub issued: Duration,
    /// `auth_time`, if the token has it.
    pub authenticated: Option<Duration>,
    /// The token was made for an installed program, not for a page that the relay serves.
    pub native: bool,
}

/// What the second authority lacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lacking {
    /// The helper works in a browser.
    NativeClient,
    /// No role stands for the level.
    Role,
    /// A role stands for the level, on devices of other groups.
    DeviceGroup,
    /// The sign-in is older than [`AUTHORITY_AGE`].
    Fresh,
    /// The token is from the future.
    Clock,
}

/// A sign-in counts as second authority for this long.
pub const AUTHORITY_AGE: Duration = Duration::from_secs(15 * 60);

/// Checks the second authority for a level on a device of these groups. View and control need none.
///
/// A value of the bundle stands for the level on every device; with `:<device group>` behind it, on devices of that group,
/// which are those of the device's own certificate. Both `iat` and `auth_time` have to be young: a token that was
/// refreshed is young by `iat` alone, and one without `auth_time` counts from when it was made.
pub fn second_authority(
    level: Level,
    authority: &Authority,
    claim: &RoleClaim,
    device: &[GroupId],
    now: Duration,
) -> Result<(), Lacking> {
    let values = match level {
        Level::View | Level::Control => return Ok(()),
        Level::Elevation => &authority.elevation,
        Level::Unattended => &authority.unattended,
    };
    if !claim.native && !authority.browsers {
        return Err(Lacking::NativeClient);
    }
    check_role(values, &claim.roles, device)?;
    check_time(claim.issued, now)?;
    claim.authenticated.map_or(Ok(()), |at| check_time(at, now))
}

fn check_role(values: &[String], roles: &[String], device: &[GroupId]) -> Result<(), Lacking> {
    let mut lacking = Lacking::Role;
    for value in values.iter().filter(|value| !value.is_empty()) {
        for role in roles {
            match role.strip_prefix(value.as_str()) {
                Some("") => return Ok(()),
                Some(scope) => match scope.strip_prefix(':') {
                    Some(group) if device.iter().any(|one| one.0 == group) => return Ok(()),
                    Some(_) => lacking = Lacking::DeviceGroup,
                    None => {}
                },
                None => {}
            }
        }
    }
    Err(lacking)
}

fn check_time(at: Duration, now: Duration) -> Result<(), Lacking> {
    if at > now.saturating_add(LEEWAY) {
        return Err(Lacking::Clock);
    }
    if now.saturating_sub(at) > AUTHORITY_AGE {
        return Err(Lacking::Fresh);
    }
    Ok(())
}

/// How far the clocks of device and provider may be apart.
const LEEWAY: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests {
    use super::*;

    /// PRODUCT 4.3, DESIGN 3: a quarter of an hour.
    #[test]
    fn a_quarter_of_an_hour_is_nine_hundred_seconds() {
        assert_eq!(AUTHORITY_AGE, Duration::from_secs(900));
    }

    const NOW: Duration = Duration::from_secs(1_900_000_000);
    const S: Duration = Duration::from_secs(1);

    fn authority() -> Authority {
        Authority {
            elevation: vec!["handrail.elevation".into()],
            unattended: vec!["handrail.unattended".into()],
            browsers: false,
        }
    }

    fn claim(role: &str) -> RoleClaim {
        RoleClaim {
            roles: vec!["other".into(), role.into()],
            issued: NOW,
            authenticated: Some(NOW),
            native: true,
        }
    }

    fn check(level: Level, claim: &RoleClaim) -> Result<(), Lacking> {
        second_authority(level, &authority(), claim, &[GroupId("kiosks".into())], NOW)
    }

    #[test]
    fn view_and_control_need_no_second_authority() {
        let nothing = RoleClaim {
            roles: vec![],
            native: false,
            ..claim("")
        };
        for (level, expected) in [
            (Level::View, Ok(())),
            (Level::Control, Ok(())),
            (Level::Elevation, Err(Lacking::NativeClient)),
            (Level::Unattended, Err(Lacking::NativeClient)),
        ] {
            assert_eq!(check(level, &nothing), expected);
        }
    }

    /// A claim for another device group, or another level, is none (attack test 33).
    #[test]
    fn a_role_stands_for_its_level_and_its_devices() {
        for (role, expected) in [
            ("handrail.unattended", Ok(())),
            ("handrail.unattended:kiosks", Ok(())),
            ("handrail.unattended:servers", Err(Lacking::DeviceGroup)),
            ("handrail.unattended:", Err(Lacking::DeviceGroup)),
            ("handrail.unattended-not", Err(Lacking::Role)),
            ("handrail.elevation", Err(Lacking::Role)),
            ("Handrail.Unattended", Err(Lacking::Role)),
            ("", Err(Lacking::Role)),
        ] {
            assert_eq!(check(Level::Unattended, &claim(role)), expected, "{role}");
        }
        assert_eq!(
            check(Level::Elevation, &claim("handrail.elevation:kiosks")),
            Ok(())
        );
    }

    #[test]
    fn a_value_that_the_bundle_does_not_name_stands_for_nothing() {
        let empty = Authority {
            elevation: vec![String::new()],
            ..Authority::default()
        };
        for level in [Level::Elevation, Level::Unattended] {
            let checked = second_authority(level, &empty, &claim(""), &[], NOW);
            assert_eq!(checked, Err(Lacking::Role));
        }
    }

    /// A role claim that is 16 minutes old is none (attack test 33).
    #[test]
    fn a_sign_in_counts_for_fifteen_minutes() {
        let at = |issued, authenticated| {
            let claim = RoleClaim {
                issued,
                authenticated,
                ..claim("handrail.unattended")
            };
            check(Level::Unattended, &claim)
        };
        let (edge, old) = (NOW - AUTHORITY_AGE, NOW - AUTHORITY_AGE - S);
        assert_eq!(at(edge, Some(edge)), Ok(()));
        assert_eq!(at(edge, None), Ok(()));
        assert_eq!(at(old, None), Err(Lacking::Fresh));
        assert_eq!(at(NOW, Some(old)), Err(Lacking::Fresh), "refreshed");
        assert_eq!(at(old, Some(NOW)), Err(Lacking::Fresh));
        assert_eq!(at(NOW + LEEWAY, None), Ok(()));
        assert_eq!(at(NOW + LEEWAY + S, None), Err(Lacking::Clock));
        assert_eq!(at(NOW, Some(NOW + LEEWAY + S)), Err(Lacking::Clock));
    }

    #[test]
    fn a_browser_counts_only_if_the_bundle_says_so() {
        let browser = RoleClaim {
            native: false,
            ..claim("handrail.elevation")
        };
        assert_eq!(
            check(Level::Elevation, &browser),
            Err(Lacking::NativeClient)
        );
        let lenient = Authority {
            browsers: true,
            ..authority()
        };
        let checked = second_authority(Level::Elevation, &lenient, &browser, &[], NOW);
        assert_eq!(checked, Ok(()));
    }
}
