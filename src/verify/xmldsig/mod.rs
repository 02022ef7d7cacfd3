//! XML signatures, judged into the same answer as Authenticode's: ClickOnce manifests and OPC packages.
//!
//! Two steps like `verify::authenticode`: [`open()`] reads every XML signature among a file's raw signatures, [`judge()`] gives
//! one verdict each. Signatures in other envelopes are passed over, and ids count over all of them, so that the two can stand
//! side by side.
//!
//! What a valid signature proves: the holder of the key signed the references, and each is what stands in the document or
//! package. For a package that is every listed part; parts that are not listed are said, and executable ones make it invalid.
//! Of a `.rels` part only the relationships that the signature selects are covered.
//!
//! Specifications: W3C XML Signature Syntax and Processing (second edition), ISO/IEC 29500-2 section 10; of ClickOnce's two
//! layers what Microsoft's manifest documentation and its own verifier's checks are known to ask.

mod clickonce;
mod judge;
mod key;
mod layer;
mod method;
mod opc;
mod reference;
mod relationships;
#[cfg(test)]
mod tests;

use crate::envelope::{self, Error};
use crate::model::extract::RawSignature;
use crate::model::signature::{Signature, SignatureId};
use crate::model::xmldsig::SignedXml;
use crate::verify::authenticode::Context;

/// The id of the envelope judged here.
pub const ENVELOPE: &str = "xmldsig";

/// The XML signatures of one file, read.
#[derive(Debug)]
pub struct Opened<'r> {
    nodes: Vec<Node<'r>>,
}

/// One signature, read.
#[derive(Debug)]
struct Node<'r> {
    raw: &'r RawSignature,
    id: SignatureId,
    read: Result<Box<SignedXml>, Error>,
}

/// Reads the XML signatures of one file.
pub fn open(raw: &[RawSignature]) -> Opened<'_> {
    let nodes = (1usize..)
        .zip(raw)
        .filter(|(_, raw)| raw.envelope == ENVELOPE)
        .map(|(number, raw)| Node {
            raw,
            id: SignatureId(number.to_string()),
            read: match envelope::open(raw.envelope, &raw.bytes) {
                Ok(envelope::Opened::Xml(signed)) => Ok(signed),
                Ok(envelope::Opened::Cms(_)) => Err(Error::Unknown),
                Err(error) => Err(error),
            },
        })
        .collect();
    Opened { nodes }
}

/// Judges every signature that [`open()`] read.
pub fn judge(opened: &Opened<'_>, context: &Context<'_>) -> Vec<Signature> {
    opened
        .nodes
        .iter()
        .map(|node| judge::judge(node, context))
        .collect()
}
