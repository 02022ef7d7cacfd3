//! Visual Studio extensions: packages by the Open Packaging Conventions with a digital signature of theirs.
//!
//! Specification: ISO/IEC 29500-2 (Open Packaging Conventions), sections 6 to 8 and 10. The signature lists parts with a digest
//! and a content type each; what it does not list is not signed. Signatures are found as a verifier of the platform finds them,
//! from the package's relationships.
//!
//! Each part is decoded once for all signatures, and its digest by every algorithm that one of them names goes with them:
//! which part must have which is asked when the signature is judged. So no part is ever held in memory, save short XML that a
//! signature may ask to be transformed.
//!
//! What this does not prove: that a signature is true. Extensions of Visual Studio Code look the same and are signed beside the
//! file, by the marketplace.

mod claims;
mod opc;
mod parts;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use crate::base::blob::ReadAt;
use crate::base::budget::Budget;
use crate::format::vsix::opc::Package;
use crate::format::zip::records::Layout;
use crate::format::zip::{self, Members, Zip};
use crate::format::{Card, Error, Format, Inside, Sniff};
use crate::model::extract::{ContentRule, Coverage, Covers, Extract, Home, RawSignature, Signing};
use crate::model::signature::Position;

/// What a signature over a package is.
pub static PACKAGE: ContentRule = ContentRule {
    scheme: "opc",
    content_type: "",
    data_types: &[],
    sips: &[],
};

/// The format.
#[derive(Debug, Clone, Copy)]
pub struct Vsix;

static CARD: Card = Card {
    id: "vsix",
    name: "Visual Studio extension",
    extensions: &["vsix"],
    signatures: &["OPC digital signature, every one that a relationship names, timestamp on it"],
    features: &[
        "members",
        "parts that no signature lists",
        "content types",
        "relationship transform",
    ],
    specifications: &[
        "ISO/IEC 29500-2 (Open Packaging Conventions)",
        "W3C XML Signature Syntax and Processing, second edition",
    ],
    limits: &[
        ("signatures", opc::MAX_SIGNATURES),
        ("bytes of a signature or list", opc::MAX_DOCUMENT),
        ("bytes of XML kept for transforms", parts::MAX_KEPT),
    ],
};

impl Format for Vsix {
    fn card(&self) -> &'static Card {
        &CARD
    }

    fn detect(&self, sniff: &Sniff<'_>) -> bool {
        let names = zip::names(sniff);
        let has = |wanted: &str| names.iter().any(|n| n.eq_ignore_ascii_case(wanted));
        has(opc::CONTENT_TYPES) && has(claims::MANIFEST)
    }

    fn extract(&self, blob: &dyn ReadAt, budget: &Budget<'_>) -> Result<Extract, Error> {
        let mut zip = Zip.extract(blob, budget)?;
        let layout = Layout::strict(blob, budget)?;
        let package = Package::read(blob, &layout, budget)?;
        let claimed = claims::read(blob, &layout, budget)?;
        let signatures = match package.signatures.is_empty() {
            true => Vec::new(),
            false => signatures(blob, layout, &package, budget)?,
        };
        if !signatures.is_empty() {
            zip.gaps
                .retain(|gap| !gap.what.starts_with(zip::OPC_SIGNATURE));
        }
        Ok(Extract {
            format: "vsix",
            home: Some(Home::Windows),
            signing: Signing::Optional,
            signatures,
            claimed,
            ..zip
        })
    }

    fn open(
        &self,
        blob: &dyn ReadAt,
        budget: &Budget<'_>,
    ) -> Result<Option<Box<dyn Inside>>, Error> {
        Zip.open(blob, budget)
    }
}

fn signatures(
    blob: &dyn ReadAt,
    layout: Layout,
    package: &Package,
    budget: &Budget<'_>,
) -> Result<Vec<RawSignature>, Error> {
    let names: Vec<String> = layout.entries.iter().map(|e| e.name.clone()).collect();
    let members = Members::of(layout, blob.size());
    let parts: Arc<[_]> = parts::read(blob, &members, &names, package, budget)?.into();
    Ok((1u32..)
        .zip(&package.signatures)
        .map(|(number, signature)| RawSignature {
            envelope: "xmldsig",
            covers: Covers::Parts(Arc::clone(&parts)),
            certificates: signature.certificates.clone(),
            ..RawSignature::cms(
                &PACKAGE,
                match number {
                    1 => Position::Primary,
                    number => Position::ExtraEntry(number),
                },
                signature.span.clone(),
                signature.bytes.clone(),
                Coverage::default(),
            )
        })
        .collect())
}
