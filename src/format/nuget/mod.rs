//! NuGet packages that are signed: by their author, by the repository that took them in, or by both.
//!
//! Specification: NuGet package signatures technical details. The signature is one entry of the zip, and its digest is over the
//! zip as if that entry were absent, so everything else in the file is covered, records and gaps included.
//!
//! What this does not prove: that a repository's signature speaks for the package's maker. Packages without the entry are plain
//! zips.

mod claims;
mod coverage;
mod extract;
pub mod findings;
#[cfg(test)]
mod tests;

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::zip::records::Layout;
use crate::format::zip::{Members, names};
use crate::format::{Card, Error, Format, Inside, Sniff};
use crate::model::extract::{ContentRule, Extract};

/// The entry that holds the signature; its name is compared byte by byte.
const SIGNATURE: &str = ".signature.p7s";

/// What a signature over a package holds.
pub static PACKAGE: ContentRule = ContentRule {
    scheme: "nuget",
    content_type: "1.2.840.113549.1.7.1",
    data_types: &[],
    sips: &[],
};

/// The format.
#[derive(Debug, Clone, Copy)]
pub struct NuGet;

static CARD: Card = Card {
    id: "nuget",
    name: "NuGet package",
    extensions: &["nupkg", "snupkg"],
    signatures: &["author and repository signatures, repository countersignatures"],
    features: &["members", "what the .nuspec says"],
    specifications: &["NuGet package signatures technical details", "RFC 5126"],
    limits: &[
        ("bytes of a signature", extract::MAX_SIGNATURE),
        ("bytes of a .nuspec", claims::MAX_NUSPEC),
    ],
};

impl Format for NuGet {
    fn card(&self) -> &'static Card {
        &CARD
    }

    fn detect(&self, sniff: &Sniff<'_>) -> bool {
        names(sniff).iter().any(|name| name == SIGNATURE)
    }

    fn extract(&self, blob: &dyn ReadAt, budget: &Budget<'_>) -> Result<Extract, Error> {
        budget.check_size(blob.size())?;
        extract::extract(blob, budget)
    }

    fn open(
        &self,
        blob: &dyn ReadAt,
        budget: &Budget<'_>,
    ) -> Result<Option<Box<dyn Inside>>, Error> {
        let layout = Layout::strict(blob, budget)?;
        Ok(Some(Box::new(Members::of(layout, blob.size()))))
    }
}
