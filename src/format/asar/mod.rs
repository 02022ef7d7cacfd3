//! Electron's archive of an application's files: a JSON header and the files as they are, one after the other.
//!
//! Specification: the format's own description in Electron's `asar` project. Each file may state its digest in the header; those
//! digests are the application's own, anchored in nothing here, and are not compared.

pub mod findings;
mod header;
#[cfg(test)]
mod tests;

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::{Card, Entry, Error, Format, Inside, Out, Sniff};
use crate::model::extract::Extract;

/// The format.
#[derive(Debug, Clone, Copy)]
pub struct Asar;

static CARD: Card = Card {
    id: "asar",
    name: "Electron archive",
    extensions: &["asar"],
    signatures: &[],
    features: &["members"],
    specifications: &["Electron asar format"],
    limits: &[("bytes of the header", header::MAX_HEADER)],
};

impl Format for Asar {
    fn card(&self) -> &'static Card {
        &CARD
    }

    fn detect(&self, sniff: &Sniff<'_>) -> bool {
        sniff.head.starts_with(&[4, 0, 0, 0])
            && sniff
                .head
                .get(16..)
                .is_some_and(|json| json.starts_with(b"{\"files\""))
    }

    fn extract(&self, blob: &dyn ReadAt, budget: &Budget<'_>) -> Result<Extract, Error> {
        budget.check_size(blob.size())?;
        let header = header::read(blob)?;
        Ok(Extract {
            format: CARD.id,
            description: format!("Electron archive, {} files", header.files()),
            ..Extract::default()
        })
    }

    fn open(
        &self,
        blob: &dyn ReadAt,
        budget: &Budget<'_>,
    ) -> Result<Option<Box<dyn Inside>>, Error> {
        let header = header::read(blob)?;
        budget.spend_members(header.files())?;
        Ok(Some(Box::new(Members(header.entries(blob.size())?))))
    }
}

/// Files stand in the archive as they are, so there is nothing to decode.
#[derive(Debug)]
struct Members(Vec<Entry>);

impl Inside for Members {
    fn entries(&self) -> &[Entry] {
        &self.0
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
