//! 7z archives.
//!
//! Specification: `7zFormat.txt` of the LZMA SDK. Read here rather than by a crate: lists whose lengths a file states are
//! never allocated before the bytes for them are seen.
//!
//! What this does not prove: that names are those any other reader shows; the format states each once and signs nothing.

mod blocks;
pub mod findings;
mod header;
mod members;
mod methods;
#[cfg(test)]
mod tests;

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::{Card, Error, Format, Inside, Sniff};
use crate::model::extract::Extract;

/// Every archive starts with it.
pub(crate) const SIGNATURE: &[u8] = b"7z\xbc\xaf\x27\x1c";

/// The format.
#[derive(Debug, Clone, Copy)]
pub struct SevenZ;

static CARD: Card = Card {
    id: "7z",
    name: "7z archive",
    extensions: &["7z"],
    signatures: &[],
    features: &[
        "members",
        "LZMA, LZMA2, PPMd, bzip2, deflate, BCJ, BCJ2, delta, copy",
    ],
    specifications: &["7zFormat.txt of the LZMA SDK"],
    limits: &[
        ("bytes of a header", header::MAX_HEADER),
        (
            "bytes of the dictionaries of one folder",
            methods::MAX_MEMORY,
        ),
    ],
};

impl Format for SevenZ {
    fn card(&self) -> &'static Card {
        &CARD
    }

    fn detect(&self, sniff: &Sniff<'_>) -> bool {
        sniff.head.starts_with(SIGNATURE)
    }

    fn extract(&self, blob: &dyn ReadAt, budget: &Budget<'_>) -> Result<Extract, Error> {
        budget.check_size(blob.size())?;
        Ok(Extract {
            format: CARD.id,
            description: "7z archive".into(),
            ..Extract::default()
        })
    }

    fn open(
        &self,
        blob: &dyn ReadAt,
        budget: &Budget<'_>,
    ) -> Result<Option<Box<dyn Inside>>, Error> {
        Ok(Some(Box::new(members::Members::read(blob, budget)?)))
    }
}
