//! An XML signature (W3C XML Signature Syntax and Processing, second edition), as read; `envelope::xmldsig` fills it.
//!
//! References hold nodes of the very tree that they were resolved in, so that what is verified is what is used.

use crate::base::xml::canonical::Method;
use crate::base::xml::{Document, NodeId};
use crate::model::digest::DigestAlgorithm;

/// A document with the one signature that stands where its kind of document has it.
#[derive(Debug, Clone)]
pub struct SignedXml {
    /// The document.
    pub document: Document,
    /// The signature.
    pub signature: XmlSignature,
    /// The license of a ClickOnce manifest, in which its publisher signs.
    pub license: Option<License>,
    /// Signature elements anywhere else.
    pub elsewhere: Vec<NodeId>,
}

/// A Signature element.
#[derive(Debug, Clone)]
pub struct XmlSignature {
    /// The element.
    pub node: NodeId,
    /// SignedInfo.
    pub signed_info: NodeId,
    /// CanonicalizationMethod; `Err` names one that is not computed with.
    pub canonicalization: Result<Method, String>,
    /// SignatureMethod, its identifier.
    pub method: String,
    /// SignedInfo's references.
    pub references: Vec<Reference>,
    /// SignatureValue, decoded.
    pub value: Vec<u8>,
    /// Certificates of X509Data, each as DER, in order.
    pub certificates: Vec<Vec<u8>>,
    /// The key of KeyValue.
    pub key: Option<KeyValue>,
    /// References of the Manifest in an Object that SignedInfo refers to (OPC).
    pub manifest: Vec<Reference>,
    /// The time that the signer states in such an Object.
    pub claimed_time: Option<String>,
    /// Timestamps on the signature value.
    pub timestamps: Vec<Token>,
    /// Elements beside these that no reference covers and nothing reads.
    pub unread: Vec<NodeId>,
}

/// A Reference.
#[derive(Debug, Clone)]
pub struct Reference {
    /// The element.
    pub node: NodeId,
    /// What it points to.
    pub target: Target,
    /// Transforms in order.
    pub transforms: Vec<Transform>,
    /// DigestMethod, its identifier.
    pub method: String,
    /// DigestValue, decoded.
    pub digest: Vec<u8>,
}

/// What a reference points to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The document that the signature stands in, or the license for a signature in one.
    Document,
    /// The one element of this Id.
    Element(NodeId),
    /// A part of the package.
    Part {
        /// Its name, from the root: `/extension.dll`.
        name: String,
        /// The content type that it must have.
        content_type: Option<String>,
    },
    /// Nothing, and why.
    Nothing(&'static str),
}

/// A transform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transform {
    /// The signature itself is left out.
    Enveloped,
    /// The canonical form is taken.
    Canonical(Method),
    /// Only these relationships are taken (ISO/IEC 29500-2 section 10.5.4).
    Relationships {
        /// By Id.
        ids: Vec<String>,
        /// By type.
        types: Vec<String>,
    },
    /// One that is never applied: XPath, XSLT and whatever is not known.
    Refused(String),
}

/// A public key, spelled out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyValue {
    /// RSAKeyValue, magnitudes without leading zeros.
    Rsa {
        /// Modulus.
        modulus: Vec<u8>,
        /// Exponent.
        exponent: Vec<u8>,
    },
    /// Another kind, by its element's name.
    Other(String),
}

/// A timestamp on the signature value.
#[derive(Debug, Clone)]
pub struct Token {
    /// The element.
    pub node: NodeId,
    /// Its content, decoded: CMS.
    pub bytes: Vec<u8>,
}

/// The license of a ClickOnce manifest.
#[derive(Debug, Clone)]
pub struct License {
    /// The element.
    pub node: NodeId,
    /// The publisher's signature over it.
    pub signature: XmlSignature,
    /// `ManifestInformation/@Hash`.
    pub hash: Option<String>,
    /// `ManifestInformation/assemblyIdentity`.
    pub identity: Option<NodeId>,
}

/// The digest algorithms computed with, by identifier. The 2000/09 names of SHA-2 are Microsoft's own.
pub fn digest_method(identifier: &str) -> Option<DigestAlgorithm> {
    match identifier {
        "http://www.w3.org/2000/09/xmldsig#sha1" => Some(DigestAlgorithm::Sha1),
        "http://www.w3.org/2001/04/xmlenc#sha256" | "http://www.w3.org/2000/09/xmldsig#sha256" => {
            Some(DigestAlgorithm::Sha256)
        }
        "http://www.w3.org/2001/04/xmldsig-more#sha384"
        | "http://www.w3.org/2000/09/xmldsig#sha384" => Some(DigestAlgorithm::Sha384),
        "http://www.w3.org/2001/04/xmlenc#sha512" | "http://www.w3.org/2000/09/xmldsig#sha512" => {
            Some(DigestAlgorithm::Sha512)
        }
        _ => None,
    }
}
