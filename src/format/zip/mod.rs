//! ZIP archives, and the packages that are plain zips: wheels, Java and Android archives, unsigned NuGet packages.
//!
//! Specification: PKWARE's APPNOTE.TXT 6.3.10. The central directory is read and held against every local header, since
//! programs that stream see the one and programs that seek the other; a file on which they disagree is malformed, but its
//! members are still listed, as the central directory has them.
//!
//! What this does not prove: anything about JAR and APK signatures, which are named as not examined; the CRC-32 of members
//! that are stored as they are, which are examined where they stand.
//!
//! Formats that are signed zips (APPX, NuGet, VSIX) read through `records`.

mod central;
mod describe;
mod end;
mod extents;
mod extract;
mod field;
pub mod findings;
mod local;
mod members;
mod name;
pub(super) mod records;
#[cfg(test)]
mod tests;
pub(super) mod unsigned_record;

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::{Card, Error, Format, Inside, Sniff};
use crate::model::extract::Extract;

pub(in crate::format) use extents::check as around;
pub(in crate::format) use extract::{OPC_SIGNATURE, listed};
pub(in crate::format) use members::{Members, open_entry, read_entry};

/// The format.
#[derive(Debug, Clone, Copy)]
pub struct Zip;

static CARD: Card = Card {
    id: "zip",
    name: "ZIP archive, wheel, JAR",
    extensions: &["zip", "whl", "jar", "apk", "egg", "xpi", "war", "aar"],
    signatures: &[],
    features: &[
        "members",
        "central directory against local headers",
        "overlaps, gaps and data around the archive",
        "unsafe and duplicate names",
    ],
    specifications: &["PKWARE APPNOTE.TXT 6.3.10"],
    limits: &[
        ("bytes of central directory", records::MAX_DIRECTORY),
        ("bytes searched for the end", end::TAIL),
    ],
};

/// Marks that a zip starts with: a local header, the end of an empty one, the ZIP64 end of one, a spanned one.
const STARTS: [&[u8]; 4] = [b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x06", b"PK\x07\x08"];

impl Format for Zip {
    fn card(&self) -> &'static Card {
        &CARD
    }

    fn detect(&self, sniff: &Sniff<'_>) -> bool {
        STARTS.iter().any(|magic| sniff.head.starts_with(magic)) || end::ends_like_zip(sniff.blob)
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
        let layout = records::Layout::read(blob, budget)?;
        Ok(Some(Box::new(Members::of(layout, blob.size()))))
    }
}

/// Names in the central directory of what starts like a zip, for [`Format::detect`] of formats that are zips with certain
/// entries; empty where there is none.
pub(in crate::format) fn names(sniff: &Sniff<'_>) -> Vec<String> {
    if !STARTS.iter().any(|magic| sniff.head.starts_with(magic)) {
        return Vec::new();
    }
    records::names(sniff.blob).unwrap_or_default()
}
