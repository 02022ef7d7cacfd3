//! APPX and MSIX packages and bundles: zips with a manifest, a block map and a signature as the last part.
//!
//! The signature is over five digests: the records before it, the central directory as if it were absent, the content types,
//! the block map, and the code integrity catalog where there is one. What the digests are exactly over is in no public
//! specification; it is what signers make and Windows accepts. The block map is held against every part too, since it is what
//! Windows checks files by while they are streamed.
//!
//! What this does not prove: that the manifest's publisher is the signer (`identity` compares them), nor anything of packages
//! that a flat bundle names and does not hold, nor of encrypted packages.

mod block_map;
mod blocks;
mod bundle;
mod coverage;
mod extract;
pub mod findings;
mod manifest;
mod parts;
mod signature;

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::zip;
use crate::format::zip::records::Layout;
use crate::format::{Card, Error, Format, Inside, Sniff};
use crate::model::extract::{ContentRule, Extract};

/// Where a package's publisher stands among what the file claims; compared with the signer's subject.
pub const PUBLISHER: &str = "Identity.Publisher";

pub use parts::CODE_INTEGRITY;

/// What a signature over a package holds. SIP 0AC5DF4B-CE07-4DE2-B76E-23C839A09FD1.
pub static PACKAGE: ContentRule = ContentRule {
    scheme: "authenticode",
    content_type: "1.3.6.1.4.1.311.2.1.4",
    data_types: &["1.3.6.1.4.1.311.2.1.30"],
    sips: &[[
        0x4b, 0xdf, 0xc5, 0x0a, 0x07, 0xce, 0xe2, 0x4d, 0xb7, 0x6e, 0x23, 0xc8, 0x39, 0xa0, 0x9f,
        0xd1,
    ]],
};

/// What a signature over a bundle holds. SIP 0F5F58B3-AADE-4B9A-A434-95742D92ECEB.
pub static BUNDLE: ContentRule = ContentRule {
    sips: &[[
        0xb3, 0x58, 0x5f, 0x0f, 0xde, 0xaa, 0x9a, 0x4b, 0xa4, 0x34, 0x95, 0x74, 0x2d, 0x92, 0xec,
        0xeb,
    ]],
    ..PACKAGE
};

/// The format.
#[derive(Debug, Clone, Copy)]
pub struct Msix;

static CARD: Card = Card {
    id: "msix",
    name: "APPX and MSIX package, bundle",
    extensions: &["appx", "msix", "appxbundle", "msixbundle"],
    signatures: &["Authenticode in AppxSignature.p7x"],
    features: &[
        "block map against every part",
        "bundle manifest against the packages inside",
        "manifest identity",
        "members",
    ],
    specifications: &["MSIX package format", "App package block map schema"],
    limits: &[
        ("bytes of a manifest or block map", parts::MAX_XML),
        ("bytes of a signature", parts::MAX_SIGNATURE),
        ("bytes of a code integrity catalog", parts::MAX_CATALOG),
    ],
};

impl Format for Msix {
    fn card(&self) -> &'static Card {
        &CARD
    }

    fn detect(&self, sniff: &Sniff<'_>) -> bool {
        const MARKS: [&str; 4] = [
            parts::MANIFEST,
            parts::BUNDLE_MANIFEST,
            parts::BLOCK_MAP,
            parts::SIGNATURE,
        ];
        zip::names(sniff)
            .iter()
            .any(|name| MARKS.iter().any(|mark| name.eq_ignore_ascii_case(mark)))
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
        let mut layout = Layout::read(blob, budget)?;
        // It is read as the signature of the package, not as a member that carries one.
        let signature = parts::SIGNATURE.as_bytes();
        layout.entries.retain(|e| e.raw_name != signature);
        Ok(Some(Box::new(zip::Members::of(layout, blob.size()))))
    }
}
