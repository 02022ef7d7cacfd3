//! rpm packages, source packages too: lead, signature header, header, and a payload of files.
//!
//! Specification: the RPM package format, versions 3, 4 and 6. Its OpenPGP signatures and its digests are named and not
//! examined. Members are those that the header lists; a payload that holds anything else is malformed, as it is to rpm.

mod extract;
mod files;
pub mod findings;
mod header;
mod layout;
mod members;
mod payload;
#[cfg(test)]
mod tests;

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::{Card, Error, Format, Inside, Sniff};
use crate::model::extract::Extract;

/// The format.
#[derive(Debug, Clone, Copy)]
pub struct Rpm;

static CARD: Card = Card {
    id: "rpm",
    name: "rpm package",
    extensions: &["rpm"],
    signatures: &[],
    features: &["members", "header fields", "signatures named"],
    specifications: &["RPM package format, versions 3, 4 and 6"],
    limits: &[
        ("tags of a header", 65_535),
        ("bytes of a header", 64 << 20),
        ("bytes of file names", 32 << 20),
    ],
};

impl Format for Rpm {
    fn card(&self) -> &'static Card {
        &CARD
    }

    fn detect(&self, sniff: &Sniff<'_>) -> bool {
        sniff.head.starts_with(layout::MAGIC)
    }

    fn extract(&self, blob: &dyn ReadAt, budget: &Budget<'_>) -> Result<Extract, Error> {
        budget.check_size(blob.size())?;
        extract::extract(blob)
    }

    fn open(
        &self,
        blob: &dyn ReadAt,
        budget: &Budget<'_>,
    ) -> Result<Option<Box<dyn Inside>>, Error> {
        Ok(Some(Box::new(members::Members::list(blob, budget)?)))
    }
}
