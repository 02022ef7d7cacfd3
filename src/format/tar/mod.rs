//! Tar archives: v7, ustar, GNU and pax. Rust crates, npm packages, Python source distributions and the parts of Debian packages
//! are tar archives inside a compressed file.
//!
//! Specifications: POSIX.1-2017, pax, extended header and ustar interchange format; GNU tar manual, section Basic Tar Format.
//! A size in a pax header overrides the one in the ustar header for the member's data *and* for where the next header stands;
//! readers that apply it to one of them only lose step (RUSTSEC-2025-0110).
//!
//! What this does not prove: anything; tar archives carry no signature and no checksum of content.

mod describe;
pub mod findings;
mod header;
mod members;
mod pax;
#[cfg(test)]
mod tests;
mod walk;

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::{Card, Error, Format, HEAD_LEN, Inside, Sniff};
use crate::model::extract::Extract;

/// The format.
#[derive(Debug, Clone, Copy)]
pub struct Tar;

static CARD: Card = Card {
    id: "tar",
    name: "tar archive",
    extensions: &["tar"],
    signatures: &[],
    features: &[
        "members",
        "pax and GNU long names",
        "unsafe and duplicate names, links, devices",
    ],
    specifications: &["POSIX.1-2017, pax", "GNU tar, Basic Tar Format"],
    limits: &[
        ("bytes of one extended header", pax::MAX_HEADER),
        ("bytes of names", walk::MAX_NAMES),
    ],
};

impl Format for Tar {
    fn card(&self) -> &'static Card {
        &CARD
    }

    fn detect(&self, sniff: &Sniff<'_>) -> bool {
        header::looks_like(sniff.head)
            || (sniff.has_extension(&["tar"]) && sniff.head.len() == HEAD_LEN)
    }

    fn extract(&self, blob: &dyn ReadAt, budget: &Budget<'_>) -> Result<Extract, Error> {
        budget.check_size(blob.size())?;
        // The members are spent from the budget once, where they are opened.
        let walked = walk::walk(blob, budget, false)?;
        if let Some(fault) = walked.fault {
            return Err(fault);
        }
        Ok(Extract {
            format: CARD.id,
            description: describe::describe(&walked.entries),
            findings: members::findings(&walked),
            ..Extract::default()
        })
    }

    fn open(
        &self,
        blob: &dyn ReadAt,
        budget: &Budget<'_>,
    ) -> Result<Option<Box<dyn Inside>>, Error> {
        Ok(Some(Box::new(members::Members::of(walk::walk(
            blob, budget, true,
        )?))))
    }
}
