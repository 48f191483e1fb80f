//! The decision: may this helper ask this sharer for this level? The answer is a value.

use crate::{
    AccessRule, Action, Case, Compliance, HandshakeHash, Lacks, Level, Machine, Moment, PairId,
    Permissions, PersonId, Policy, SessionId, SignedIn, Subject, Unmet, Warning,
};

/// What a helper asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The session.
    pub session: SessionId,
    /// The helper's place in it.
    pub pair: PairId,
    /// The helper.
    pub helper: PersonId,
    /// The handshake that both ends reported.
    pub hash: HandshakeHash,
    /// The level.
    pub level: Level,
}

/// The right to put one question to the sharer, or to renew what the sharer allowed.
///
/// INVARIANT: only [`decide`] makes one, so whoever holds a permit was decided for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permit {
    request: Request,
}

/// One of the two people of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Who helps.
    Helper,
    /// Who is helped.
    Sharer,
}

/// Why not, in the order in which it is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Denial {
    /// Remote help is off for the tenant (PRODUCT 1.1).
    TenantOff,
    /// The sharer's device is not enrolled, and the tenant does not allow that (PRODUCT 1.2).
    NotEnrolled,
    /// The helper may not offer remote assistance to anybody (PRODUCT 2.2).
    MayNotOffer,
    /// The helper may offer it to others, not to this sharer on this device (PRODUCT 2.5).
    OutOfScope,
    /// The helper may not have this level with this sharer.
    MayNotLevel(Level),
    /// The level is not available in this kind of session.
    NotHere(Level),
    /// A sign-in does not fulfil a rule of conditional access (PRODUCT 1.8).
    Access {
        /// Whose sign-in.
        side: Side,
        /// Which rule, and what it lacks.
        unmet: Unmet,
    },
    /// The state of the sharer's device does not allow it, or has to be acknowledged first (PRODUCT 6.2).
    Compliance(Warning),
}

/// Decides a request.
///
/// A grant that could not be renewed must never stand, so rules of conditional access are those of [`Moment::Renew`], for both
/// people. What a rule for [`Moment::Create`] or [`Moment::Join`] says about the device is asked here, too: the device was not
/// known before.
pub fn decide(request: Request, policy: &Policy, case: &Case) -> Result<Permit, Denial> {
    if request.helper != case.helper.id {
        return Err(Denial::MayNotOffer);
    }
    judge(request.level, policy, case)?;
    Ok(Permit { request })
}

/// Whether this level would be permitted once every warning is acknowledged. Gives no permit: nothing is asked or renewed by it.
pub fn would_permit(level: Level, policy: &Policy, case: &Case) -> Result<(), Denial> {
    let case = Case {
        acknowledged: true,
        ..case.clone()
    };
    judge(level, policy, &case)
}

/// Decides whether a helper may make a code or a launch at all.
pub fn may_offer(policy: &Policy, helper: &Subject, signed_in: &SignedIn) -> Result<(), Denial> {
    if !policy.settings().enabled {
        return Err(Denial::TenantOff);
    }
    if !offers(policy.held(helper)) {
        return Err(Denial::MayNotOffer);
    }
    let admitted = policy.admits(Moment::Create, helper, signed_in, None);
    admitted.map_err(|unmet| Denial::Access {
        side: Side::Helper,
        unmet,
    })
}

/// Whether a helper who is not here could be asked into a session with this sharer. How they sign in is decided when they come.
pub fn could_help(policy: &Policy, helper: &Subject, sharer: &Subject, machine: &Machine) -> bool {
    policy.settings().enabled && offers(policy.effective(helper, sharer, machine))
}

/// Decides whether a sharer may join a session: whose it is, is decided when there is one.
pub fn may_join(policy: &Policy, joining: &Joining<'_>) -> Result<(), Denial> {
    may_start(policy, joining.machine)?;
    let device = Some(joining.machine.compliance());
    let admitted = policy.admits(Moment::Join, joining.sharer, joining.signed_in, device);
    admitted.map_err(|unmet| Denial::Access {
        side: Side::Sharer,
        unmet,
    })
}

/// A sharer who wants to join.
#[derive(Clone, Copy, Debug)]
pub struct Joining<'a> {
    /// Who.
    pub sharer: &'a Subject,
    /// How the sharer signed in.
    pub signed_in: &'a SignedIn,
    /// What would be shared.
    pub machine: &'a Machine,
}

/// Decides whether a sign-in is good enough for the relay and its console.
pub fn may_sign_in(policy: &Policy, person: &Subject, signed_in: &SignedIn) -> Result<(), Unmet> {
    policy.admits(Moment::SignIn, person, signed_in, None)
}

/// [`decide`] without a permit: for explanations.
pub(crate) fn judge(level: Level, policy: &Policy, case: &Case) -> Result<(), Denial> {
    let Case {
        helper,
        sharer,
        machine,
        ..
    } = case;
    may_reach(level, policy, helper, sharer, machine)?;
    may_be_here(level, case.view_only)?;
    check_access(policy, case)?;
    check_compliance(level, policy.warning(sharer, machine), case.acknowledged)
}

/// [`judge`] as far as it looks at rules alone: nobody's sign-in and client, and every warning acknowledged.
pub(crate) fn judge_rules(
    level: Level,
    policy: &Policy,
    helper: &Subject,
    sharer: &Subject,
    machine: &Machine,
) -> Result<(), Denial> {
    may_reach(level, policy, helper, sharer, machine)?;
    may_be_here(level, false)?;
    check_compliance(level, policy.warning(sharer, machine), true)
}

fn may_reach(
    level: Level,
    policy: &Policy,
    helper: &Subject,
    sharer: &Subject,
    machine: &Machine,
) -> Result<(), Denial> {
    may_start(policy, machine)?;
    let effective = policy.effective(helper, sharer, machine);
    if !offers(effective) {
        let elsewhere = offers(policy.held(helper));
        return Err(if elsewhere {
            Denial::OutOfScope
        } else {
            Denial::MayNotOffer
        });
    }
    match effective.ceiling() {
        Some(ceiling) if level <= ceiling => Ok(()),
        _ => Err(Denial::MayNotLevel(level)),
    }
}

/// Whether the tenant lets this machine be shared at all.
fn may_start(policy: &Policy, machine: &Machine) -> Result<(), Denial> {
    let settings = policy.settings();
    if !settings.enabled {
        return Err(Denial::TenantOff);
    }
    if !settings.allow_unenrolled && *machine == Machine::Unenrolled {
        return Err(Denial::NotEnrolled);
    }
    Ok(())
}

/// Elevation and unattended control need a second authority that the device checks itself ([`crate::second_authority`]).
/// No session asks for one yet, so no session has them.
fn may_be_here(level: Level, view_only: bool) -> Result<(), Denial> {
    if level > Level::Control || (view_only && level > Level::View) {
        return Err(Denial::NotHere(level));
    }
    Ok(())
}

fn check_access(policy: &Policy, case: &Case) -> Result<(), Denial> {
    for side in [Side::Helper, Side::Sharer] {
        let (person, signed_in) = case.of(side);
        for rule in policy.access_rules() {
            let checked = check_rule(rule, person, signed_in, case.machine.compliance());
            checked.map_err(|lacks| Denial::Access {
                side,
                unmet: Unmet {
                    rule: rule.name.clone(),
                    lacks,
                },
            })?;
        }
    }
    Ok(())
}

/// What a rule of conditional access says about one of the two while a session goes on.
pub(crate) fn check_rule(
    rule: &AccessRule,
    person: &Subject,
    signed_in: &SignedIn,
    device: Compliance,
) -> Result<(), Lacks> {
    let before = |moment: &Moment| rule.concerns(person, *moment);
    if rule.concerns(person, Moment::Renew) {
        rule.check(signed_in, Some(device))
    } else if [Moment::Create, Moment::Join].iter().any(before) {
        rule.check_device(Some(device))
    } else {
        Ok(())
    }
}

fn check_compliance(
    level: Level,
    warning: Option<Warning>,
    acknowledged: bool,
) -> Result<(), Denial> {
    let Some(warning) = warning else {
        return Ok(());
    };
    let passes = match warning.action {
        Action::Warn => true,
        Action::RequireAck => acknowledged,
        Action::ViewOnly => level == Level::View,
        Action::Block => false,
    };
    if passes {
        Ok(())
    } else {
        Err(Denial::Compliance(warning))
    }
}

fn offers(permissions: Permissions) -> bool {
    permissions.contain(Permissions::OFFER) && permissions.ceiling().is_some()
}

impl Permit {
    /// What was permitted.
    pub fn request(&self) -> &Request {
        &self.request
    }

    /// The permitted level.
    pub fn level(&self) -> Level {
        self.request.level
    }
}

#[cfg(test)]
pub(crate) mod tests;
