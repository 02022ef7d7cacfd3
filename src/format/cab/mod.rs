//! Microsoft cabinets: members, and the Authenticode signature that stands behind one.
//!
//! Specifications: MS-CAB (Cabinet File Format), MS-MCI (MSZIP), MS-PATCH (LZX). No public document says what a cabinet's
//! signature covers; what signers are seen to hash is in `coverage`.
//!
//! What this does not prove: that a member is what its name says. No really signed cabinet was at hand when this was written:
//! signatures were compared with those that other signing tools make.

mod coverage;
mod extract;
pub mod findings;
mod folder;
mod layout;
mod members;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::{Card, Error, Format, Inside, Sniff};
use crate::model::extract::{ContentRule, Extract};

/// What a signature over a cabinet holds.
pub static CABINET: ContentRule = ContentRule {
    scheme: "authenticode",
    content_type: "1.3.6.1.4.1.311.2.1.4",
    data_types: &["1.3.6.1.4.1.311.2.1.25"],
    sips: &[],
};

/// The format.
#[derive(Debug, Clone, Copy)]
pub struct Cab;

static CARD: Card = Card {
    id: "cab",
    name: "Microsoft cabinet",
    extensions: &["cab"],
    signatures: &["Authenticode, behind the cabinet or in its reserve"],
    features: &[
        "members: stored, MSZIP and LZX",
        "unsigned header fields",
        "trailing data",
    ],
    specifications: &["MS-CAB", "MS-MCI", "MS-PATCH"],
    limits: &[("bytes of a signature", extract::MAX_SIGNATURE)],
};

impl Format for Cab {
    fn card(&self) -> &'static Card {
        &CARD
    }

    fn detect(&self, sniff: &Sniff<'_>) -> bool {
        sniff.head.starts_with(b"MSCF")
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
        budget.check_size(blob.size())?;
        Ok(Some(Box::new(members::Cabinet::read(blob, budget)?)))
    }
}
