//! How values of `policy`, which knows no serde, are written in JSON: as the text of their `Display`.

use std::fmt::Display;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serializer};

pub(crate) fn serialize<T: Display, S: Serializer>(value: &T, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(value)
}

pub(crate) fn deserialize<'de, T: FromStr, D: Deserializer<'de>>(from: D) -> Result<T, D::Error> {
    let text = String::deserialize(from)?;
    text.parse()
        .map_err(|_| serde::de::Error::custom("not a value of this field"))
}

/// A text of at most so many bytes.
pub(crate) fn at_most<'de, const MAX: usize, D: Deserializer<'de>>(
    from: D,
) -> Result<String, D::Error> {
    let text = String::deserialize(from)?;
    if text.len() > MAX {
        return Err(serde::de::Error::custom("longer than this field may be"));
    }
    Ok(text)
}

/// Likewise, if there is one.
pub(crate) fn at_most_if_any<'de, const MAX: usize, D: Deserializer<'de>>(
    from: D,
) -> Result<Option<String>, D::Error> {
    let text = Option::<String>::deserialize(from)?;
    if text.as_ref().is_some_and(|text| text.len() > MAX) {
        return Err(serde::de::Error::custom("longer than this field may be"));
    }
    Ok(text)
}

/// A figure: finite and not negative. JSON writes more than an `f32` holds, which would become infinite.
pub(crate) fn figure<'de, D: Deserializer<'de>>(from: D) -> Result<f32, D::Error> {
    let figure = f32::deserialize(from)?;
    if figure.is_finite() && figure >= 0.0 {
        Ok(figure)
    } else {
        Err(serde::de::Error::custom("not a figure"))
    }
}

/// A list of such values.
pub(crate) mod list {
    use super::*;

    pub(crate) fn serialize<T: Display, S: Serializer>(
        values: &[T],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(values.iter().map(ToString::to_string))
    }

    pub(crate) fn deserialize<'de, T: FromStr, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<T>, D::Error> {
        Vec::<String>::deserialize(from)?
            .iter()
            .map(|text| text.parse())
            .collect::<Result<_, _>>()
            .map_err(|_| serde::de::Error::custom("not a value of this field"))
    }
}

/// The number of a pair.
pub(crate) mod pair {
    use policy::PairId;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(pair: &PairId, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u8(pair.number())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<PairId, D::Error> {
        PairId::new(u8::deserialize(from)?)
            .ok_or_else(|| serde::de::Error::custom("a session has no such pair"))
    }
}
