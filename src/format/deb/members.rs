//! The members stand in the package as they are; the archives among them are opened like any file.

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::deb::ar::members;
use crate::format::{Content, Entry, Error, Inside, Kind, Out};

/// The members, listed.
#[derive(Debug)]
pub(super) struct Members {
    entries: Vec<Entry>,
}

impl Members {
    pub(super) fn list(blob: &dyn ReadAt, budget: &Budget<'_>) -> Result<Self, Error> {
        let members = members(blob, budget)?;
        budget.spend_members(u64::try_from(members.len()).unwrap_or(u64::MAX))?;
        let entries = members
            .into_iter()
            .map(|member| Entry {
                path: member.name,
                size: Some(member.content.end.saturating_sub(member.content.start)),
                kind: Kind::File,
                content: Content::Stored(member.content),
            })
            .collect();
        Ok(Self { entries })
    }
}

impl Inside for Members {
    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn blocks(&self) -> usize {
        0
    }

    fn decode(
        &self,
        _: &dyn ReadAt,
        _: usize,
        _: &Budget<'_>,
        _: &mut dyn Out,
    ) -> Result<(), Error> {
        Ok(())
    }
}
