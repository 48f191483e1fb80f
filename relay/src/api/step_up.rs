//! What a client has to do when a sign-in is good, but not good enough (RFC 9470).

use std::fmt::Write;

use axum::http::HeaderValue;
use policy::Lacks;
use wire::StepUp;

/// The challenge of RFC 9470 section 3, for what a fresh sign-in cures; `None` for anything else.
pub(super) fn challenge(lacks: &Lacks) -> Option<HeaderValue> {
    if !lacks.is_curable() {
        return None;
    }
    let StepUp {
        acr_values,
        max_age,
    } = StepUp::of(lacks).unwrap_or_default();
    let mut line = "Bearer error=\"insufficient_user_authentication\", \
                    error_description=\"a rule of the organisation asks for another sign-in\""
        .to_owned();
    if !acr_values.is_empty() {
        write!(line, ", acr_values=\"{}\"", acr_values.join(" ")).ok()?;
    }
    if let Some(age) = max_age {
        write!(line, ", max_age=\"{age}\"").ok()?;
    }
    HeaderValue::from_str(&line).ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn line(lacks: &Lacks) -> Option<String> {
        challenge(lacks).map(|value| value.to_str().unwrap().to_owned())
    }

    /// PRODUCT 1.8: the challenge says how to sign in, as RFC 9470 writes it.
    #[test]
    fn a_challenge_says_how_to_sign_in() {
        let head = "Bearer error=\"insufficient_user_authentication\", \
                    error_description=\"a rule of the organisation asks for another sign-in\"";
        let ways = Lacks::Method(vec!["gold".into(), "urn:x:mfa".into()]);
        let said = format!("{head}, acr_values=\"gold urn:x:mfa\"");
        assert_eq!(line(&ways), Some(said));
        let age = Lacks::Age(Duration::from_secs(3600));
        assert_eq!(line(&age), Some(format!("{head}, max_age=\"3600\"")));
        assert_eq!(line(&Lacks::Network), None);
        assert_eq!(line(&Lacks::Device), None);
    }

    #[test]
    fn no_value_ends_the_text_around_it() {
        let evil = ["a\"b", "a b", "a\\b", "a\nb", "", "é"].map(str::to_owned);
        let said = line(&Lacks::Method(evil.to_vec())).unwrap();
        assert!(!said.contains("acr_values"), "{said}");
    }
}
