//! The signature of an MSIX package, taken out of it: `PKCX` and a CMS SignedData. Without its package only the chain can be judged.

use crate::base::blob::ReadAt;
use crate::base::budget::{Budget, Exceeded};
use crate::format::{Card, Error, Format, Sniff};
use crate::model::extract::{
    ContentRule, Coverage, Covers, Extract, Gap, Home, RawSignature, Signing,
};
use crate::model::signature::Position;

const MAGIC: &[u8] = b"PKCX";
/// As for the signatures of other containers.
const MAX_SIGNATURE: u64 = 16 << 20;

/// 0AC5DF4B-CE07-4DE2-B76E-23C839A09FD1, packages.
const PACKAGE: [u8; 16] = [
    0x4b, 0xdf, 0xc5, 0x0a, 0x07, 0xce, 0xe2, 0x4d, 0xb7, 0x6e, 0x23, 0xc8, 0x39, 0xa0, 0x9f, 0xd1,
];
/// 0F5F58B3-AADE-4B9A-A434-95742D92ECEB, bundles of them.
const BUNDLE: [u8; 16] = [
    0xb3, 0x58, 0x5f, 0x0f, 0xde, 0xaa, 0x9a, 0x4b, 0xa4, 0x34, 0x95, 0x74, 0x2d, 0x92, 0xec, 0xeb,
];

/// What such a signature holds.
static SIGNATURE: ContentRule = ContentRule {
    scheme: "authenticode",
    content_type: "1.3.6.1.4.1.311.2.1.4",
    data_types: &["1.3.6.1.4.1.311.2.1.30"],
    sips: &[PACKAGE, BUNDLE],
};

/// The format.
#[derive(Debug, Clone, Copy)]
pub struct P7x;

static CARD: Card = Card {
    id: "p7x",
    name: "Signature of an MSIX package, alone",
    extensions: &["p7x"],
    signatures: &["Authenticode, its chain only"],
    features: &[],
    specifications: &["MSIX package signature"],
    limits: &[("bytes of a signature", MAX_SIGNATURE)],
};

impl Format for P7x {
    fn card(&self) -> &'static Card {
        &CARD
    }

    fn detect(&self, sniff: &Sniff<'_>) -> bool {
        sniff.head.starts_with(MAGIC)
    }

    fn extract(&self, blob: &dyn ReadAt, budget: &Budget<'_>) -> Result<Extract, Error> {
        budget.check_size(blob.size())?;
        if blob.size() > MAX_SIGNATURE {
            return Err(Error::Limit(Exceeded::Size(MAX_SIGNATURE)));
        }
        let span = 4.min(blob.size())..blob.size();
        let bytes = blob
            .read_range(span.clone())
            .map_err(Error::read(span.start))?;
        let signature = RawSignature::cms(
            &SIGNATURE,
            Position::Primary,
            span,
            bytes,
            Coverage::default(),
        );
        Ok(Extract {
            format: "p7x",
            description: "signature of an MSIX package, without the package".into(),
            home: Some(Home::Windows),
            signing: Signing::Expected,
            signatures: vec![RawSignature {
                covers: Covers::Itself,
                ..signature
            }],
            gaps: vec![Gap {
                what: "the package that the signature is over".into(),
                why: "the signature stands apart from it, so its digest was compared with nothing"
                    .into(),
            }],
            ..Extract::default()
        })
    }
}
