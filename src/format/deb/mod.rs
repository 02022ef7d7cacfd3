//! Debian packages: an ar archive of a version, control files and data.
//!
//! Specification: deb(5). Packages are unsigned by design: what vouches for one is the archive that it comes from. The
//! signatures that debsigs and dpkg-sig put inside are named and not verified.

mod ar;
mod control;
mod extract;
pub mod findings;
mod members;
#[cfg(test)]
mod tests;

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::{Card, Error, Format, Inside, Sniff};
use crate::model::extract::Extract;

/// The format.
#[derive(Debug, Clone, Copy)]
pub struct Deb;

static CARD: Card = Card {
    id: "deb",
    name: "Debian package",
    extensions: &["deb", "udeb"],
    signatures: &[],
    features: &["members", "control fields", "embedded signatures named"],
    specifications: &["deb(5)"],
    limits: &[
        ("members", 64),
        ("bytes decoded for the control file", control::MAX_DECODED),
    ],
};

impl Format for Deb {
    fn card(&self) -> &'static Card {
        &CARD
    }

    fn detect(&self, sniff: &Sniff<'_>) -> bool {
        // Any other ar archive is a library of object files.
        sniff
            .head
            .strip_prefix(ar::MAGIC)
            .is_some_and(|rest| rest.starts_with(b"debian-binary"))
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
        Ok(Some(Box::new(members::Members::list(blob, budget)?)))
    }
}
