//! cpio archives in the new ASCII format, with or without checksums, as in initial file systems of Linux and in the payload of rpm
//! packages. Nothing in them is signed, and the checksum of the second kind is not compared.

pub mod findings;
mod members;
mod record;
#[cfg(test)]
mod tests;

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::{Card, Error, Format, Inside, Sniff};
use crate::model::extract::Extract;

pub(in crate::format) use members::{kind, names, path};
pub(in crate::format) use record::{Feed, Record, fill, next};

/// The format.
#[derive(Debug, Clone, Copy)]
pub struct Cpio;

static CARD: Card = Card {
    id: "cpio",
    name: "cpio archive",
    extensions: &["cpio"],
    signatures: &[],
    features: &["members"],
    specifications: &["cpio(5), new ASCII format"],
    limits: &[("bytes of a name", record::MAX_NAME)],
};

impl Format for Cpio {
    fn card(&self) -> &'static Card {
        &CARD
    }

    fn detect(&self, sniff: &Sniff<'_>) -> bool {
        sniff.head.starts_with(b"070701") || sniff.head.starts_with(b"070702")
    }

    fn extract(&self, blob: &dyn ReadAt, budget: &Budget<'_>) -> Result<Extract, Error> {
        budget.check_size(blob.size())?;
        Ok(Extract {
            format: CARD.id,
            description: "cpio archive, new ASCII format".into(),
            ..Extract::default()
        })
    }

    fn open(
        &self,
        blob: &dyn ReadAt,
        budget: &Budget<'_>,
    ) -> Result<Option<Box<dyn Inside>>, Error> {
        Ok(Some(Box::new(members::Members::list(blob, budget)?)))
    }
}
