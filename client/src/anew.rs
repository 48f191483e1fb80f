//! Another sign-in for what a rule refused before a session began, once (SPEC 6.8).

use crate::refused::Refused;

/// Whether another sign-in is due, or was made already.
#[derive(Debug, Default)]
pub struct Anew {
    due: Option<Refused>,
    made: bool,
}

impl Anew {
    /// Something was refused; `early` if nothing is lost by beginning anew. Gives it back if it has to be told instead.
    pub fn refused(&mut self, why: Refused, early: bool) -> Option<Refused> {
        if !early || self.made || why.step_up.is_none() {
            return Some(why);
        }
        self.made = true;
        self.due = Some(why);
        None
    }

    /// What the sign-in that is due now is for.
    pub fn due(&mut self) -> Option<Refused> {
        self.due.take()
    }
}

#[cfg(test)]
mod tests {
    use wire::{Fault, StepUp};

    use super::*;

    #[test]
    fn a_rule_is_answered_by_one_more_sign_in_and_only_before_a_session() {
        let curable = || Refused {
            step_up: Some(StepUp::default()),
            ..Fault::AccessAge.into()
        };
        let mut anew = Anew::default();
        assert_eq!(
            anew.refused(Fault::AccessNetwork.into(), true),
            Some(Fault::AccessNetwork.into())
        );
        assert_eq!(anew.refused(curable(), false), Some(curable()));
        assert_eq!(anew.due(), None);
        assert_eq!(anew.refused(curable(), true), None);
        assert_eq!(anew.due(), Some(curable()));
        assert_eq!(anew.due(), None);
        assert_eq!(
            anew.refused(curable(), true),
            Some(curable()),
            "once is enough"
        );
    }
}
