//! Windows Installer packages, patches, transforms and merge modules: compound files whose streams are a database.
//!
//! What a signature covers is not in a public specification; it is what signtool makes and Windows accepts: the streams in the
//! order of their names, storages below each other, each storage's class behind its contents (`signature`). Names and lengths
//! are covered through the stream `\x05MsiDigitalSignatureEx` where there is one.
//!
//! What this does not prove: that cabinets beside the package are its own, or that the database says what an installer does.

mod claims;
mod codepage;
mod extract;
pub mod findings;
mod members;
mod names;
pub(super) mod pool;
pub(super) mod signature;
pub(super) mod summary;
mod tables;

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::cfb;
use crate::format::{Card, Error, Format, Inside, Sniff};
use crate::model::extract::Extract;

pub use signature::PACKAGE;

/// The format.
#[derive(Debug, Clone, Copy)]
pub struct Msi;

static CARD: Card = Card {
    id: "msi",
    name: "Windows Installer",
    extensions: &["msi", "msp", "mst", "msm"],
    signatures: &["Authenticode in \\x05DigitalSignature"],
    features: &[
        "metadata digest (MsiDigitalSignatureEx)",
        "streams and embedded cabinets as members",
        "summary information and Property table",
        "unsigned data",
    ],
    specifications: &["[MS-CFB]", "[MS-OLEPS]"],
    limits: cfb::LIMITS,
};

/// Classes of the root storage, first field of `{000C108x-0000-0000-C000-000000000046}`.
const KINDS: &[(u32, &str)] = &[
    (0x000c_1084, "installation package"),
    (0x000c_1086, "patch"),
    (0x000c_1082, "transform"),
];

/// What the class of a storage makes it.
fn kind(clsid: &[u8; 16]) -> Option<&'static str> {
    const REST: [u8; 12] = [0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46];
    let (first, rest) = clsid.split_first_chunk::<4>()?;
    let kind = KINDS
        .iter()
        .find(|(id, _)| *id == u32::from_le_bytes(*first) && rest == REST);
    kind.map(|(_, name)| *name)
}

impl Format for Msi {
    fn card(&self) -> &'static Card {
        &CARD
    }

    fn detect(&self, sniff: &Sniff<'_>) -> bool {
        sniff.head.starts_with(cfb::MAGIC)
            && (root_class(sniff).is_some_and(|class| kind(&class).is_some())
                || sniff.has_extension(CARD.extensions))
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
        members::open(blob, budget).map(Some)
    }
}

/// The class of the root, which is the first entry of the directory's first sector.
fn root_class(sniff: &Sniff<'_>) -> Option<[u8; 16]> {
    let shift = u32::from(cfb::u16_at(sniff.head, 30)?);
    let sector = u64::from(cfb::u32_at(sniff.head, 48)?).checked_add(1)?;
    let class = sector
        .checked_mul(1u64.checked_shl(shift)?)?
        .checked_add(80)?;
    let bytes = sniff.blob.read_range(class..class.checked_add(16)?).ok()?;
    bytes.try_into().ok()
}
