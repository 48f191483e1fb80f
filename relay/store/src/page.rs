//! Reading many records: a filter, a page, and the place where the next page begins.

use std::fmt;
use std::str::FromStr;

use policy::{DeviceId, PersonId, SessionId, TenantId};

use crate::record::Record;
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
    }
}

/// The place of a record in the order of pages: newest start first, then the later row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cursor {
    pub(crate) started: Time,
    pub(crate) row: i64,
}

/// Some records, newest first.
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
    pub(crate) fn cut(mut records: Vec<Record>, size: usize) -> Self {
        let more = records.len() > size;
        records.truncate(size);
        let next = records.last().filter(|_| more).map(|record| record.place);
        Self { records, next }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.started.0, self.row)
    }
}

/// A text that no [`Cursor`] wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not the place of a page")]
pub struct NotACursor;

impl FromStr for Cursor {
    type Err = NotACursor;

    fn from_str(text: &str) -> Result<Self, NotACursor> {
        let (started, row) = text.split_once('.').ok_or(NotACursor)?;
        let started = Time(started.parse().map_err(|_| NotACursor)?);
        Ok(Self {
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
            "1.2.3",
        ] {
            assert_eq!(text.parse::<Cursor>(), Err(NotACursor), "{text}");
        }
    }
}
