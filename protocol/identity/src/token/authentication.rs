//! How a person signed in, as the token says it: `acr`, `amr`, `auth_time` (OpenID Connect Core section 2, RFC 9068 section 2.2.1).

use std::time::SystemTime;

use serde_json::Value;

use super::members::Members;
use super::{LEEWAY, Refusal, optional_text, seconds};

/// How a person signed in. What the token does not say is nothing, and rules take it for the worst.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Authentication {
    /// `acr`: the class of the sign-in.
    pub acr: Option<String>,
    /// `amr`: the means of it.
    pub amr: Vec<String>,
    /// `auth_time`: when the person was asked last.
    pub time: Option<SystemTime>,
}

impl Authentication {
    /// Reads the claims. One that is there has to be of its type, and no longer than any provider makes it.
    pub(super) fn read(claims: &Members, now: SystemTime) -> Result<Self, Refusal> {
        let acr = optional_text(claims, "acr")?;
        if acr.is_some_and(|acr| acr.len() > LONGEST) {
            return Err(Refusal::Claim("acr"));
        }
        let time = seconds(claims, "auth_time")?;
        if time.is_some_and(|time| time > now + LEEWAY) {
            return Err(Refusal::NotYet);
        }
        Ok(Self {
            acr: acr.map(str::to_owned),
            amr: means(claims)?,
            time,
        })
    }
}

fn means(claims: &Members) -> Result<Vec<String>, Refusal> {
    const REFUSED: Refusal = Refusal::Claim("amr");
    match claims.find("amr") {
        None => Ok(vec![]),
        Some(Value::Array(means)) if means.len() <= MOST => {
            let short = |one: &&str| one.len() <= LONGEST;
            let text = |one: &Value| one.as_str().filter(short).map(str::to_owned);
            means.iter().map(|one| text(one).ok_or(REFUSED)).collect()
        }
        Some(_) => Err(REFUSED),
    }
}

/// Bytes of one value.
const LONGEST: usize = 256;
/// Values of `amr`.
const MOST: usize = 16;
