//! What adapters do alike: an entry that is filled in field by field, rows of a table that make one entry together, days at the start of a
//! text.

use time::Date;

use super::{Each, Error};
use crate::base::time::parse_date;
use crate::model::list::{ListEntry, ListedKind};

/// An entry of which nothing but its record is known yet.
pub(super) fn blank(list: &str, id: &str, raw_sha256: [u8; 32]) -> ListEntry {
    ListEntry {
        list: list.into(),
        id: id.into(),
        kind: ListedKind::Unknown,
        names: Vec::new(),
        countries: Vec::new(),
        numbers: Vec::new(),
        from: None,
        until: None,
        programmes: Vec::new(),
        remarks: String::new(),
        citation: String::new(),
        raw_sha256,
    }
}

/// The day that a text starts with: `2024-02-23T10:00:00`.
pub(super) fn day(text: &str) -> Option<Date> {
    text.get(..10).and_then(parse_date)
}

/// Rows that stand together and share an id make one entry.
#[derive(Default)]
pub(super) struct Grouped {
    open: Option<ListEntry>,
}

impl Grouped {
    /// The entry that a row with this id belongs to: the one of the row before, or one that `start` makes.
    pub(super) fn of(
        &mut self,
        id: &str,
        each: Each<'_>,
        start: impl FnOnce() -> ListEntry,
    ) -> Result<&mut ListEntry, Error> {
        if let Some(done) = self.open.take_if(|entry| entry.id != id) {
            each(done)?;
        }
        Ok(self.open.get_or_insert_with(start))
    }

    /// Hands out the last one.
    pub(super) fn finish(self, each: Each<'_>) -> Result<(), Error> {
        self.open.map_or(Ok(()), each)
    }
}
