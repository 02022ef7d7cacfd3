//! Microsoft's list of disallowed certificates (`disallowedcert.stl`). What it names is refused anywhere on a path, and no
//! anchor of the user's overrides that ("Disallow", Deprecation Definitions of the Microsoft Trusted Root Program).
//!
//! How the list names its subjects is not documented. Read here: a subject algorithm of SHA-1 or SHA-256 means the certificate's digest; the
//! property CERT_SIGNATURE_HASH_PROP_ID (15) means the digest of what the issuer signed; sixteen octets may also be the MD5
//! of the subject's public key. **Unverified**, for want of a copy of the list: a match is a match of digests and cannot be
//! chance, but an absent match proves less than it should, which [`Disallowed::status`] says.

use crate::base::der::{Reader, tag};
use crate::base::oid::Oid;
use crate::model::certificate::Certificate;
use crate::model::digest::{DigestAlgorithm, hex};
use crate::verify::digest::hash;
use crate::verify::store::ctl::TrustList;

/// The list, or that it is not at hand.
#[derive(Debug, Default)]
pub struct Disallowed {
    algorithm: Option<Oid>,
    identifiers: Vec<Vec<u8>>,
    status: Option<String>,
}

impl Disallowed {
    /// From a list whose signature holds.
    pub fn new(list: &TrustList) -> Self {
        let mut identifiers: Vec<Vec<u8>> =
            list.subjects.iter().map(|s| s.identifier.clone()).collect();
        identifiers.sort_unstable();
        identifiers.dedup();
        Self {
            algorithm: Some(list.subject_algorithm.clone()),
            status: Some(format!(
                "disallowed list of {}, {} entries; how it names its subjects is undocumented, so an absent match is weak",
                list.this_update.date(),
                identifiers.len()
            )),
            identifiers,
        }
    }

    /// What is at hand, for the report.
    pub fn status(&self) -> &str {
        self.status
            .as_deref()
            .unwrap_or("no disallowed list at hand: it is in no bundle and was not imported")
    }

    /// Whether a list is at hand.
    pub fn is_present(&self) -> bool {
        self.status.is_some()
    }

    /// Why this certificate is disallowed.
    pub fn check(&self, certificate: &Certificate) -> Option<String> {
        let algorithm = self.algorithm.as_ref()?;
        candidates(certificate, algorithm)
            .into_iter()
            .find(|(_, id)| self.identifiers.binary_search(id).is_ok())
            .map(|(what, id)| {
                format!(
                    "{what} {} is on Microsoft's list of disallowed certificates",
                    hex(&id)
                )
            })
    }
}

fn candidates(certificate: &Certificate, algorithm: &Oid) -> Vec<(&'static str, Vec<u8>)> {
    let signed = Oid::parse("1.3.6.1.4.1.311.10.11.15");
    let mut found = Vec::new();
    if Some(algorithm) == signed.as_ref() {
        // The digest is that of the certificate's own signature algorithm; by its length it can be no other.
        for digest in [
            DigestAlgorithm::Md5,
            DigestAlgorithm::Sha1,
            DigestAlgorithm::Sha256,
            DigestAlgorithm::Sha384,
            DigestAlgorithm::Sha512,
        ] {
            found.extend(hash(digest, certificate.tbs()).map(|h| ("signed part", h)));
        }
    } else {
        found.push(("certificate", certificate.sha1.to_vec()));
        found.push(("certificate", certificate.id.0.to_vec()));
    }
    if let Some(key) = key_bits(&certificate.spki) {
        found.extend(hash(DigestAlgorithm::Md5, key).map(|h| ("public key", h)));
    }
    found
}

/// subjectPublicKey of a SubjectPublicKeyInfo (RFC 5280 section 4.1).
fn key_bits(spki: &[u8]) -> Option<&[u8]> {
    let mut fields = Reader::der(spki).any().ok()?.reader();
    fields.expect(tag::SEQUENCE, "algorithm").ok()?;
    fields.any().ok()?.bit_string().ok()
}
