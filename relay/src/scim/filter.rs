//! The part of filters (RFC 7644 section 3.4.2.2) that provisioning needs: `eq`, joined by `and`.

use serde_json::Value;

use super::failure::Failure;

/// Comparisons that all have to hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Filter(pub(super) Vec<(Attribute, Value)>);

/// What can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Attribute {
    UserName,
    ExternalId,
    Id,
    DisplayName,
    Active,
}

impl Filter {
    /// Reads a filter.
    ///
    /// # Errors
    /// `invalidFilter` for everything but comparisons with `eq` of known attributes.
    pub(super) fn read(text: &str) -> Result<Self, Failure> {
        let mut parts = vec![];
        let mut rest = text.trim();
        loop {
            let (name, behind) = word(rest)?;
            let attribute = Attribute::read(name).ok_or_else(invalid)?;
            let (operator, behind) = word(behind)?;
            if !operator.eq_ignore_ascii_case("eq") {
                return Err(invalid());
            }
            let mut values = serde_json::Deserializer::from_str(behind).into_iter::<Value>();
            let value = values.next().and_then(Result::ok).ok_or_else(invalid)?;
            let fits = match attribute {
                Attribute::Active => value.is_boolean(),
                Attribute::UserName
                | Attribute::ExternalId
                | Attribute::Id
                | Attribute::DisplayName => value.is_string(),
            };
            if !fits {
                return Err(invalid());
            }
            let behind = behind.get(values.byte_offset()..).unwrap_or_default();
            parts.push((attribute, value));
            if behind.trim().is_empty() {
                return Ok(Self(parts));
            }
            if parts.len() >= MOST || !behind.starts_with(' ') {
                return Err(invalid());
            }
            let (and, behind) = word(behind)?;
            if !and.eq_ignore_ascii_case("and") {
                return Err(invalid());
            }
            rest = behind;
        }
    }

    /// Whether a resource fulfils it. `userName` and `displayName` know no letter case (RFC 7643 section 4).
    pub(super) fn takes(&self, resource: &Value) -> bool {
        self.0.iter().all(|(attribute, wanted)| {
            let (name, exact) = match attribute {
                Attribute::UserName => ("userName", false),
                Attribute::ExternalId => ("externalId", true),
                Attribute::Id => ("id", true),
                Attribute::DisplayName => ("displayName", false),
                Attribute::Active => ("active", true),
            };
            let found = resource.get(name);
            match (found.and_then(Value::as_str), wanted.as_str()) {
                (Some(found), Some(wanted)) if !exact => {
                    found.to_lowercase() == wanted.to_lowercase()
                }
                _ => found == Some(wanted),
            }
        })
    }

    /// The text that this attribute has to be, if the filter says so.
    pub(super) fn wanted(&self, attribute: Attribute) -> Option<&str> {
        let mut said = self.0.iter().filter(|(one, _)| *one == attribute);
        said.next()?.1.as_str()
    }
}

impl Attribute {
    fn read(name: &str) -> Option<Self> {
        let bare = super::patch::without_schema(name);
        let all = [
            ("userName", Self::UserName),
            ("externalId", Self::ExternalId),
            ("id", Self::Id),
            ("displayName", Self::DisplayName),
            ("active", Self::Active),
        ];
        let mut known = all.into_iter();
        known
            .find(|(one, _)| one.eq_ignore_ascii_case(bare))
            .map(|(_, attribute)| attribute)
    }
}

/// The next word, and what stands behind it.
fn word(text: &str) -> Result<(&str, &str), Failure> {
    let text = text.trim_start();
    text.split_once(' ').ok_or_else(invalid)
}

fn invalid() -> Failure {
    Failure::bad(
        "invalidFilter",
        "filters are comparisons with `eq` of userName, externalId, id, displayName or active, joined by `and`",
    )
}

/// Comparisons in one filter.
const MOST: usize = 5;

#[cfg(test)]
mod unit {
    use super::*;
    use serde_json::json;

    #[test]
    fn comparisons_are_read() {
        let filter = Filter::read(r#"userName eq "a \"b\" and c" AND active Eq true"#).unwrap();
        let wanted = [
            (Attribute::UserName, json!("a \"b\" and c")),
            (Attribute::Active, json!(true)),
        ];
        assert_eq!(filter.0, wanted);
        assert!(filter.takes(&json!({"userName": "A \"B\" and C", "active": true})));
        assert!(!filter.takes(&json!({"userName": "A \"B\" and C", "active": false})));
    }

    /// PRODUCT 1.10: a filter is data; what is not understood is refused as a whole.
    #[test]
    fn everything_else_is_refused() {
        for text in [
            "",
            "userName",
            "userName eq",
            "userName eq \"a",
            "userName co \"a\"",
            "userName eq \"a\" or active eq true",
            "(userName eq \"a\")",
            "password eq \"a\"",
            "userName eq true",
            "active eq \"true\"",
            "userName eq \"a\"; DROP TABLE person",
            "userName eq \"a\"and active eq true",
            "id eq \"1\" and",
        ] {
            let refused = Filter::read(text).unwrap_err();
            assert_eq!(refused.kind, Some("invalidFilter"), "{text}");
        }
    }
}
