//! The order of a list of records.

use policy::Level;

use crate::record::Record;

/// By what records are sorted. Equal ones stand newest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// By what.
    pub by: By,
    /// Smallest first; otherwise largest first.
    pub ascending: bool,
}

/// A column that records can be sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum By {
    /// When it started.
    #[default]
    Started,
    /// The helper's name.
    Helper,
    /// The sharer's name; nobody comes first.
    Sharer,
    /// The highest level.
    Level,
    /// Why it ended; open ones come first.
    EndReason,
}

impl By {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Started,
        Self::Helper,
        Self::Sharer,
        Self::Level,
        Self::EndReason,
    ];

    /// The word in the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Helper => "helper",
            Self::Sharer => "sharer",
            Self::Level => "level",
            Self::EndReason => "end_reason",
        }
    }

    /// The column with this word.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.word() == word)
    }

    /// What a record is sorted by, before its start; compared byte by byte.
    pub(crate) fn key(self, record: &Record) -> String {
        let start = &record.start;
        match self {
            Self::Started => String::new(),
            Self::Helper => start.helper.name.clone(),
            Self::Sharer => start
                .sharer
                .as_ref()
                .map(|person| person.name.clone())
                .unwrap_or_default(),
            Self::Level => record
                .highest
                .map(|level| rank(level).to_owned())
                .unwrap_or_default(),
            Self::EndReason => record
                .ended
                .map(|ended| ended.reason.word().to_owned())
                .unwrap_or_default(),
        }
    }

    /// [`Self::key`] in SQL.
    pub(crate) fn sql(self) -> &'static str {
        match self {
            Self::Started => "''",
            Self::Helper => "helper_name",
            Self::Sharer => "COALESCE(sharer_name, '')",
            Self::Level => {
                "CASE highest_level WHEN 'view' THEN '0' WHEN 'control' THEN '1' \
                 WHEN 'elevation' THEN '2' WHEN 'unattended' THEN '3' ELSE '' END"
            }
            Self::EndReason => "COALESCE(end_reason, '')",
        }
    }
}

/// Levels as digits that sort lowest first; the same stand in [`By::sql`].
fn rank(level: Level) -> &'static str {
    match level {
        Level::View => "0",
        Level::Control => "1",
        Level::Elevation => "2",
        Level::Unattended => "3",
    }
}
