//! "Why can / can't I?": the decision with everything that bears on it (PRODUCT 2.9). Data, for whoever makes sentences of it.

use crate::decide::{check_rule, judge};
use crate::{Case, Denial, Lacks, Level, Permissions, Policy, RuleId, Side, Warning};

/// A decision and its reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The level that was asked about.
    pub level: Level,
    /// What [`crate::decide`] says.
    pub verdict: Result<(), Denial>,
    /// What the helper may do with this sharer on this machine.
    pub effective: Permissions,
    /// The assignments that touch the helper or the sharer, in the order of the rules.
    pub assignments: Vec<Bearing>,
    /// What the state of the device does.
    pub warning: Option<Warning>,
    /// The rules of conditional access that bear on one of the two.
    pub access: Vec<AccessLine>,
}

/// How one assignment bears on a decision. It counts if the helper holds it and it covers the session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bearing {
    /// Its id.
    pub id: RuleId,
    /// What it is called.
    pub name: String,
    /// The helper holds it.
    pub holds: bool,
    /// It covers this sharer or this machine.
    pub covers: bool,
    /// It allows the level.
    pub allows: bool,
    /// It allows to offer remote assistance.
    pub offers: bool,
}

/// How one rule of conditional access bears on a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessLine {
    /// Its id.
    pub id: RuleId,
    /// What it is called.
    pub name: String,
    /// Whose sign-in it is about.
    pub side: Side,
    /// What that lacks, if anything.
    pub lacks: Option<Lacks>,
}

/// Explains the decision about a level.
pub fn explain(policy: &Policy, case: &Case, level: Level) -> Explanation {
    let touching = policy.assignments().iter().filter_map(|one| {
        let holds = one.is_held_by(&case.helper);
        let covers = one.scope.covers(&case.sharer, &case.machine);
        let allows = one.permissions.ceiling().is_some_and(|most| level <= most);
        (holds || covers).then(|| Bearing {
            id: one.id.clone(),
            name: one.name.clone(),
            holds,
            covers,
            allows,
            offers: one.permissions.contain(Permissions::OFFER),
        })
    });
    Explanation {
        level,
        verdict: judge(level, policy, case),
        effective: policy.effective(&case.helper, &case.sharer, &case.machine),
        assignments: touching.collect(),
        warning: policy.warning(&case.sharer, &case.machine),
        access: access_lines(policy, case),
    }
}

fn access_lines(policy: &Policy, case: &Case) -> Vec<AccessLine> {
    let device = case.machine.compliance();
    let of = |side| {
        let (person, signed_in) = case.of(side);
        let rules = policy.access_rules().iter();
        rules
            .filter(|rule| rule.is_about(person))
            .map(move |rule| AccessLine {
                id: rule.id.clone(),
                name: rule.name.clone(),
                side,
                lacks: check_rule(rule, person, signed_in, device).err(),
            })
    };
    of(Side::Helper).chain(of(Side::Sharer)).collect()
}

#[cfg(test)]
mod tests;
