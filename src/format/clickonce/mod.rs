//! Windows manifests in XML: ClickOnce deployment and application manifests, VSTO deployment manifests, side-by-side assembly
//! manifests. The first three are signed with XML signatures; the last is signed by a catalog, or not at all.
//!
//! Specifications: the ClickOnce manifest reference of Visual Studio's documentation, and W3C XML Signature. The files that a
//! manifest lists stand beside it, not in it: their digests are given as what the manifest claims.
//!
//! What this does not prove: that a signature is true, or that the deployment provider serves what the manifest names.

mod claims;
#[cfg(test)]
mod tests;

use crate::base::blob::ReadAt;
use crate::base::budget::{Budget, Exceeded};
use crate::base::xml::{self, peek};
use crate::format::{Card, Error, Format, Sniff};
use crate::model::extract::{ContentRule, Coverage, Covers, Extract, Home, RawSignature, Signing};
use crate::model::signature::Position;

/// What a signature over a manifest is.
pub static MANIFEST: ContentRule = ContentRule {
    scheme: "clickonce",
    content_type: "",
    data_types: &[],
    sips: &[],
};

/// The namespace of the document element.
const ASSEMBLY: &str = "urn:schemas-microsoft-com:asm.v1";
/// The namespace of XML signatures.
const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";
/// Bytes looked at for the document element, which license comments may precede.
const LOOK: u64 = 16 << 10;

/// The format.
#[derive(Debug, Clone, Copy)]
pub struct ClickOnce;

static CARD: Card = Card {
    id: "clickonce",
    name: "ClickOnce, VSTO and assembly manifests",
    extensions: &["application", "manifest", "vsto"],
    signatures: &["XML signature of the manifest, publisher's license in it, timestamp on that"],
    features: &["deployment provider", "digests of listed files, as claimed"],
    specifications: &[
        "W3C XML Signature Syntax and Processing, second edition",
        "ClickOnce manifest reference",
    ],
    limits: &[
        ("bytes of a manifest", 16 << 20),
        ("XML nodes", 1 << 19),
        ("levels of nesting", 256),
        ("files listed as claims", 512),
    ],
};

impl Format for ClickOnce {
    fn card(&self) -> &'static Card {
        &CARD
    }

    fn detect(&self, sniff: &Sniff<'_>) -> bool {
        let is_markup = |head: &[u8]| {
            let start = head
                .iter()
                .find(|b| !b" \t\r\n\0\xef\xbb\xbf\xff\xfe".contains(b));
            start == Some(&b'<')
        };
        if !is_markup(sniff.head) {
            return false;
        }
        let head = sniff.blob.read_range(0..sniff.blob.size().min(LOOK));
        head.ok()
            .and_then(|head| peek(&head))
            .is_some_and(|(local, namespace)| local == "assembly" && namespace == ASSEMBLY)
    }

    fn extract(&self, blob: &dyn ReadAt, budget: &Budget<'_>) -> Result<Extract, Error> {
        budget.check_size(blob.size())?;
        let size = blob.size();
        if usize::try_from(size).map_or(true, |size| size > xml::MAX_LEN) {
            return Err(Error::Limit(Exceeded::Count {
                what: "bytes of XML",
                limit: xml::MAX_LEN,
            }));
        }
        let bytes = blob.read_range(0..size).map_err(Error::read(0))?;
        let document = xml::parse(&bytes)?;
        let kind = claims::Kind::of(&document);
        let (claimed, gaps) = claims::read(&document);
        let is_signed = document
            .named(document.root(), DSIG, "Signature")
            .next()
            .is_some();
        let signature = is_signed.then(|| RawSignature {
            envelope: "xmldsig",
            covers: Covers::Itself,
            ..RawSignature::cms(
                &MANIFEST,
                Position::Primary,
                0..size,
                bytes,
                Coverage::default(),
            )
        });
        Ok(Extract {
            format: "clickonce",
            description: kind.name().into(),
            home: Some(Home::Windows),
            signing: kind.signing(),
            signatures: signature.into_iter().collect(),
            claimed,
            gaps,
            ..Extract::default()
        })
    }
}

impl claims::Kind {
    fn signing(self) -> Signing {
        match self {
            Self::Deployment | Self::Application => Signing::Expected,
            Self::SideBySide => Signing::None,
        }
    }
}
