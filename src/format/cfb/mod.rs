//! Compound files, the container of Windows Installer packages, older Office documents, Outlook messages and thumbnail stores.
//!
//! Specification: [MS-CFB]. `Compound` is the reader that all of them share: it says where in the file each stream stands, so
//! that what is hashed and what is opened are the file's own bytes, and what belongs to no stream can be shown.
//!
//! What this does not prove: that a reader of Windows takes a broken file in the same way. What has two readings is malformed.

mod compound;
mod directory;
mod extract;
pub mod findings;
mod header;
mod macros;
pub(super) mod members;
mod package;
mod sectors;
mod unsigned;

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::{Card, Error, Format, Inside, Sniff};
use crate::model::extract::{Extract, Span};

pub(super) use compound::{Compound, Kind, Node};

/// How a compound file starts.
pub(super) const MAGIC: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// The format, for every compound file that is of no finer one.
#[derive(Debug, Clone, Copy)]
pub struct Cfb;

static CARD: Card = Card {
    id: "cfb",
    name: "Compound file",
    extensions: &["doc", "xls", "ppt", "msg", "db"],
    signatures: &[
        "Authenticode in \\x05DigitalSignature",
        "VBA project, legacy (signer and chain)",
    ],
    features: &[
        "streams and files in OLE packages as members",
        "summary information",
        "unsigned data",
    ],
    specifications: &["[MS-CFB]"],
    limits: LIMITS,
};

/// Limits of the reader.
pub(super) const LIMITS: &[(&str, u64)] = &[
    ("sectors", sectors::MAX_SECTORS),
    ("directory entries", directory::MAX_ENTRIES),
    ("storages inside each other", directory::MAX_DEPTH),
    ("pieces of streams", compound::MAX_PIECES),
];

impl Format for Cfb {
    fn card(&self) -> &'static Card {
        &CARD
    }

    fn detect(&self, sniff: &Sniff<'_>) -> bool {
        sniff.head.starts_with(MAGIC)
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
        members::open(blob, budget)
    }
}

/// A field that nothing signs and that has not its one right value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Odd {
    pub(super) span: Span,
    pub(super) what: &'static str,
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

pub(super) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}
