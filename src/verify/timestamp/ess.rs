//! signingCertificate (RFC 2634 section 5.4) and signingCertificateV2 (RFC 5035): which certificate a signer says it signed with.

use crate::base::der::{Reader, tag};
use crate::base::oid::Oid;
use crate::model::digest::DigestAlgorithm;
use crate::verify::certificate;
use crate::verify::digest;
use crate::verify::signer::algorithm::named_digest;

/// id-aa-signingCertificate.
pub(crate) const SIGNING_CERTIFICATE: &str = "1.2.840.113549.1.9.16.2.12";
/// id-aa-signingCertificateV2.
pub(crate) const SIGNING_CERTIFICATE_V2: &str = "1.2.840.113549.1.9.16.2.47";

/// The first certificate identifier, which is the signer's.
pub(crate) struct Bound {
    algorithm: Option<DigestAlgorithm>,
    hash: Vec<u8>,
}

impl Bound {
    /// It is this certificate; `None` where its hash is not computed with.
    pub(crate) fn is(&self, der: &[u8]) -> Option<bool> {
        Some(digest::hash(self.algorithm?, der)? == self.hash)
    }
}

/// Reads the first ESSCertID (SHA-1) or ESSCertIDv2 (SHA-256 where it names none).
pub(crate) fn first(value: &[u8], oid: Option<&Oid>) -> Option<Bound> {
    let v2 = oid == Oid::parse(SIGNING_CERTIFICATE_V2).as_ref();
    let outer = Reader::der(value).any().ok()?;
    let certs = outer
        .reader()
        .expect(tag::SEQUENCE, "expected certs")
        .ok()?;
    let first = certs
        .reader()
        .expect(tag::SEQUENCE, "expected ESSCertID")
        .ok()?;
    let mut fields = first.reader();
    let algorithm = if !v2 {
        Some(DigestAlgorithm::Sha1)
    } else {
        match fields.optional(tag::SEQUENCE).ok()? {
            None => Some(DigestAlgorithm::Sha256),
            Some(tlv) => named_digest(&certificate::algorithm_identifier(&tlv).ok()?),
        }
    };
    let hash = fields
        .expect(tag::OCTET_STRING, "expected certHash")
        .ok()?
        .value
        .to_vec();
    Some(Bound { algorithm, hash })
}
