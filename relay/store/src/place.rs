//! Lists that are read in pages, in the order of a name.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::page::NotACursor;

/// The place of an item in a list that is sorted by name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The lower-case form of the name.
    pub(crate) key: String,
    /// Among those of one name.
    pub(crate) id: String,
}

/// Some items in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<T> {
    /// At most as many as were asked for.
    pub items: Vec<T>,
    /// Where to go on; `None` at the end.
    pub next: Option<Place>,
}

impl<T> Listed<T> {
    /// The page of this size; `items` holds one more if there is a next page.
    pub(crate) fn cut(mut items: Vec<T>, size: usize, place: impl Fn(&T) -> Place) -> Self {
        let more = items.len() > size;
        items.truncate(size);
        let next = items.last().filter(|_| more).map(place);
        Self { items, next }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
        write!(f, "{}.{}", encode(&self.key), encode(&self.id))
    }
}

impl FromStr for Place {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let decode = |text: &str| {
            let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| NotACursor)?;
            String::from_utf8(bytes).map_err(|_| NotACursor)
        };
        let (key, id) = text.split_once('.').ok_or(NotACursor)?;
        Ok(Self {
            key: decode(key)?,
            id: decode(id)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_back_what_it_wrote() {
        let place = Place {
            key: "müller".to_owned(),
            id: "a.b|c".to_owned(),
        };
        assert_eq!(place.to_string().parse(), Ok(place));
        for text in ["", "a", "a.=", "_w."] {
            assert_eq!(text.parse::<Place>(), Err(NotACursor), "{text}");
        }
    }
}
