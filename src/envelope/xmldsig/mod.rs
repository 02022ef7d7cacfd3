//! XML signatures (W3C XML Signature Syntax and Processing, second edition, 10 June 2008): those of ClickOnce manifests
//! (enveloped, with the publisher's license inside KeyInfo) and of OPC packages (ISO/IEC 29500-2 section 10).
//!
//! A signature counts only where its kind of document has it: as document element, or directly inside it, once. Everything is
//! resolved in one tree, and no transform can select by expression, so that a moved element cannot be verified in place of the
//! one that is used. Reading proves nothing about who signed what.

mod license;
mod reference;
mod signature;
#[cfg(test)]
mod tests;

use crate::base::base64;
use crate::base::xml::{self, Document, NodeId};
use crate::envelope::{Envelope, Error, Opened};
use crate::model::xmldsig::SignedXml;

/// The namespace of XML signatures.
const DSIG: &str = "http://www.w3.org/2000/09/xmldsig#";

/// The syntax.
#[derive(Debug)]
pub struct XmlDsig;

impl Envelope for XmlDsig {
    fn id(&self) -> &'static str {
        "xmldsig"
    }

    fn open(&self, bytes: &[u8]) -> Result<Opened, Error> {
        read(bytes).map(|signed| Opened::Xml(Box::new(signed)))
    }
}

/// Whether a document has a signature where it would be read.
pub fn is_signed(document: &Document) -> bool {
    place(document).is_some()
}

/// The first Signature that is the document element or stands directly in it.
fn place(document: &Document) -> Option<NodeId> {
    let root = document.root();
    if document.is(root, DSIG, "Signature") {
        return Some(root);
    }
    document.named(root, DSIG, "Signature").next()
}

/// Reads a document with its signature.
///
/// # Errors
/// Where it is not XML as this product reads it, has no signature in its place, or the signature lacks a part.
pub fn read(bytes: &[u8]) -> Result<SignedXml, Error> {
    let document = xml::parse(bytes)?;
    let node = place(&document).ok_or(Error::Content {
        expected: "a Signature directly in the document element",
        offset: 0,
    })?;
    let signature = signature::read(&document, node, document.root())?;
    let license = license::read(&document, node)?;
    let inner = license.as_ref().map(|l| l.signature.node);
    let elsewhere = document
        .elements(document.root())
        .filter(|e| document.is(*e, DSIG, "Signature"))
        .filter(|e| *e != node && Some(*e) != inner)
        .collect();
    Ok(SignedXml {
        document,
        signature,
        license,
        elsewhere,
    })
}

/// The only child of a name in the signature namespace.
fn part(document: &Document, node: NodeId, local: &'static str) -> Result<NodeId, Error> {
    document.only(node, DSIG, local).ok_or(Error::Content {
        expected: local,
        offset: offset(document, node),
    })
}

/// The Algorithm attribute.
fn algorithm(document: &Document, node: NodeId) -> String {
    let value = document.attribute(node, "Algorithm");
    value.unwrap_or_default().to_owned()
}

/// Character data of an element as base64.
fn octets(document: &Document, node: NodeId) -> Result<Vec<u8>, Error> {
    base64::decode(&document.text(node)).ok_or(Error::Content {
        expected: "base64",
        offset: offset(document, node),
    })
}

fn offset(document: &Document, node: NodeId) -> usize {
    usize::try_from(document.span(node).start).unwrap_or(usize::MAX)
}
