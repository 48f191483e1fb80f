//! Reading many records: a filter, a page, and the place where the next page begins.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use policy::{DeviceId, Level, PersonId, SessionId, TenantId};

use crate::order::{By, Order};
use crate::record::{NewRecord, Record};
use crate::time::Time;

/// Which records are wanted. Every part narrows; the tenant is never left open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// The organisation of the person who asks.
    pub tenant: TenantId,
    /// Only this session.
    pub session: Option<SessionId>,
    /// Only where this person helped.
    pub helper: Option<PersonId>,
    /// Only where this person was helped.
    pub sharer: Option<PersonId>,
    /// Only this machine.
    pub device: Option<DeviceId>,
    /// Only open ones (`true`) or only ended ones (`false`).
    pub open: Option<bool>,
    /// Only those that started then or later.
    pub from: Option<Time>,
    /// Only those that started before then.
    pub until: Option<Time>,
    /// Only where name or subject of helper or sharer contain this text; letters of ASCII in either case.
    pub person: Option<String>,
    /// Only those whose highest level is this one.
    pub highest: Option<Level>,
    /// In which order they are read.
    pub order: Order,
}

impl Filter {
    /// Everything of this tenant.
    pub fn tenant(tenant: TenantId) -> Self {
        Self {
            tenant,
            session: None,
            helper: None,
            sharer: None,
            device: None,
            open: None,
            from: None,
            until: None,
            person: None,
            highest: None,
            order: Order::default(),
        }
    }

    /// Whether the filter lets this record through.
    pub(crate) fn admits(&self, record: &Record) -> bool {
        fn fits<T: PartialEq>(wanted: Option<&T>, found: Option<&T>) -> bool {
            wanted.is_none() || wanted == found
        }
        let start = &record.start;
        self.tenant == start.tenant
            && fits(self.session.as_ref(), Some(&start.session))
            && fits(self.helper.as_ref(), Some(&start.helper.id))
            && fits(
                self.sharer.as_ref(),
                start.sharer.as_ref().map(|person| &person.id),
            )
            && fits(self.device.as_ref(), start.device.as_ref())
            && fits(self.open.as_ref(), Some(&record.ended.is_none()))
            && self.from.is_none_or(|from| start.started >= from)
            && self.until.is_none_or(|until| start.started < until)
            && self.person.as_ref().is_none_or(|text| names(start, text))
            && fits(self.highest.as_ref(), record.highest.as_ref())
    }

    /// Whether the record stands behind this place in the order.
    pub(crate) fn is_after(&self, record: &Record, place: &Cursor) -> bool {
        self.places(&Cursor::of(record, self.order), place).is_gt()
    }

    /// How two records follow each other.
    pub(crate) fn compare(&self, one: &Record, other: &Record) -> Ordering {
        self.places(&Cursor::of(one, self.order), &Cursor::of(other, self.order))
    }

    fn places(&self, one: &Cursor, other: &Cursor) -> Ordering {
        let (key, newest) = (
            one.key.cmp(&other.key),
            (other.started, other.row).cmp(&(one.started, one.row)),
        );
        match (self.order.by, self.order.ascending) {
            (By::Started, true) => newest.reverse(),
            (_, true) => key.then(newest),
            (_, false) => key.reverse().then(newest),
        }
    }
}

/// Whether helper or sharer are called like this.
fn names(start: &NewRecord, text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let people = [Some(&start.helper), start.sharer.as_ref()];
    people.into_iter().flatten().any(|person| {
        [&person.name, &person.id.0]
            .into_iter()
            .any(|called| called.to_ascii_lowercase().contains(&text))
    })
}

/// The place of a record in the order of a list.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cursor {
    /// What the list is sorted by, unless that is the start.
    pub(crate) key: String,
    pub(crate) started: Time,
    pub(crate) row: i64,
}

impl Cursor {
    fn of(record: &Record, order: Order) -> Self {
        Self {
            key: order.by.key(record),
            started: record.start.started,
            row: record.row,
        }
    }
}

/// Some records, in the order that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// At most as many as were asked for.
    pub records: Vec<Record>,
    /// Where to go on; `None` at the end.
    pub next: Option<Cursor>,
}

impl Page {
    /// A page never holds more records than this, whatever is asked for.
    pub const LIMIT: usize = 1_000;

    /// How many records a page holds if this many are asked for.
    pub(crate) fn size(asked: usize) -> usize {
        asked.clamp(1, Self::LIMIT)
    }

    /// The page of this size; `records` holds one more if there is a next page.
    pub(crate) fn cut(mut records: Vec<Record>, size: usize, order: Order) -> Self {
        let more = records.len() > size;
        records.truncate(size);
        let last = records.last().filter(|_| more);
        let next = last.map(|record| Cursor::of(record, order));
        Self { records, next }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = URL_SAFE_NO_PAD.encode(&self.key);
        write!(f, "{}.{}.{key}", self.started.0, self.row)
    }
}

/// A text that no [`Cursor`] wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not the place of a page")]
pub struct NotACursor;

impl FromStr for Cursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let (started, rest) = text.split_once('.').ok_or(NotACursor)?;
        let (row, key) = rest.split_once('.').ok_or(NotACursor)?;
        let key = URL_SAFE_NO_PAD.decode(key).map_err(|_| NotACursor)?;
        let started = Time(started.parse().map_err(|_| NotACursor)?);
        Ok(Self {
            key: String::from_utf8(key).map_err(|_| NotACursor)?,
            started,
            row: row.parse().map_err(|_| NotACursor)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_reads_back_what_it_wrote() {
        let cursor = Cursor {
            key: "Müller-Weiß".to_owned(),
            started: Time(1_764_000_000_123),
            row: 42,
        };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for text in [
            "",
            "1",
            "1.",
            ".1",
            "1.x",
            "99999999999999999999.1",
            "1.2",
            "1.2.3=",
            "1.2._w",
        ] {
            assert_eq!(text.parse::<Cursor>(), Err(NotACursor), "{text}");
        }
    }
}
