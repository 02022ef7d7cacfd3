//! Windows PE and EFI images with embedded Authenticode signatures.
//!
//! Specifications: Microsoft's PE format, and Windows Authenticode Portable Executable Signature Format 1.0; UEFI
//! specification, chapter 32, for boot images. Only the header fields that a signature depends on are binding: a file is
//! never failed for its imports, resources or debug data.
//!
//! What this does not prove: that a signature is true (`verify` does that), or that the version information is.

mod coverage;
mod describe;
mod extract;
pub mod findings;
mod layout;
mod members;
mod orphan;
mod padding;
mod resources;
mod table;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod version;

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::{Card, Error, Format, Inside, Sniff, overlay};
use crate::model::extract::{ContentRule, Extract};

pub use padding::unauthenticated;

/// What a signature over an image holds.
pub static IMAGE: ContentRule = ContentRule {
    scheme: "authenticode",
    content_type: "1.3.6.1.4.1.311.2.1.4",
    data_types: &["1.3.6.1.4.1.311.2.1.15"],
    sips: &[],
};

/// The format.
#[derive(Debug, Clone, Copy)]
pub struct Pe;

static CARD: Card = Card {
    id: "pe",
    name: "Windows PE and EFI",
    extensions: &["exe", "dll", "sys", "efi", "ocx", "scr", "cpl", "mui"],
    signatures: &["Authenticode, every certificate table entry"],
    features: &[
        "page hashes",
        "version information",
        "orphaned signatures",
        "unsigned data",
        "installers, self-extracting archives and resources as members",
    ],
    specifications: &[
        "PE format",
        "Windows Authenticode Portable Executable Signature Format 1.0",
        "UEFI 2.10, chapter 32",
    ],
    limits: &[
        ("bytes of a certificate table", table::MAX_TABLE),
        ("certificate table entries", table::MAX_ENTRIES),
        ("bytes of version information", version::MAX_RESOURCE),
        ("version strings", version::MAX_STRINGS),
        ("bytes of an installer's header", overlay::MAX_HEADER),
    ],
};

impl Format for Pe {
    fn card(&self) -> &'static Card {
        &CARD
    }

    fn detect(&self, sniff: &Sniff<'_>) -> bool {
        sniff.head.starts_with(b"MZ")
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
        members::open(blob, budget)
    }
}
