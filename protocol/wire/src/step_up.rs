//! How a person signs in anew so that a rule is fulfilled (RFC 9470, SPEC 6.8).

use policy::Lacks;
use serde::{Deserialize, Deserializer, Serialize};

/// Most values of `acr_values` (SPEC 16).
pub const MAX_ACR_VALUES: usize = 16;
/// Most bytes of one of them (SPEC 16).
pub const MAX_ACR: usize = 200;

/// What the fresh sign-in has to ask the provider for. At least one of the two is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepUp {
    /// One of these ways to sign in, the most welcome first; empty if any will do.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        deserialize_with = "values"
    )]
    pub acr_values: Vec<String>,
    /// At most this many seconds ago.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_age: Option<u32>,
}

impl StepUp {
    /// What cures this; `None` if no sign-in does. Values that a request could not carry are left out, as no provider has them; with none left, nothing cures it.
    pub fn of(lacks: &Lacks) -> Option<Self> {
        if !lacks.is_curable() {
            return None;
        }
        let fits = |value: &&String| value.len() <= MAX_ACR && is_value(value);
        let values = lacks.acr_values().iter().filter(fits);
        let seconds = |age: std::time::Duration| u32::try_from(age.as_secs()).unwrap_or(u32::MAX);
        let cure = Self {
            acr_values: values.take(MAX_ACR_VALUES).cloned().collect(),
            max_age: lacks.max_age().map(seconds),
        };
        (cure != Self::default()).then_some(cure)
    }
}

/// `NQCHAR` of RFC 6749 appendix A, at least one: what stands between the spaces of `acr_values`.
fn is_value(text: &str) -> bool {
    let fits = |byte| matches!(byte, b'!' | b'#'..=b'[' | b']'..=b'~');
    !text.is_empty() && text.bytes().all(fits)
}

fn values<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    let values = Vec::<String>::deserialize(from)?;
    let bounded = values.len() <= MAX_ACR_VALUES && values.iter().all(|one| one.len() <= MAX_ACR);
    if bounded && values.iter().all(|one| is_value(one)) {
        Ok(values)
    } else {
        Err(serde::de::Error::custom("not values of this field"))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn only_what_a_request_can_carry_is_asked_for() {
        let evil = ["gold", "a b", "a\"b", "é", ""].map(str::to_owned);
        let asked = StepUp::of(&Lacks::Method(evil.into())).unwrap();
        assert_eq!(
            (asked.acr_values, asked.max_age),
            (vec!["gold".to_owned()], None)
        );
        let many = (0..40).map(|number| number.to_string()).collect();
        let asked = StepUp::of(&Lacks::Method(many)).unwrap();
        assert_eq!(asked.acr_values.len(), MAX_ACR_VALUES);
        let none = ["a b", ""].map(str::to_owned);
        assert_eq!(StepUp::of(&Lacks::Method(none.into())), None);
    }

    #[test]
    fn an_age_is_seconds_and_what_no_sign_in_cures_is_nothing() {
        let age = StepUp::of(&Lacks::Age(Duration::from_secs(3600)));
        assert_eq!(age.unwrap().max_age, Some(3600));
        assert_eq!(StepUp::of(&Lacks::Network), None);
        assert_eq!(StepUp::of(&Lacks::Device), None);
    }
}
