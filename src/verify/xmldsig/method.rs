//! Signature methods (XML Signature section 6.4, RFC 6931): an allow-list, given as what CMS would name.

use crate::base::oid::Oid;
use crate::model::cms::AlgorithmIdentifier;
use crate::model::digest::DigestAlgorithm;
use crate::verify::xmldsig::key;

/// A signature method that is computed with.
#[derive(Debug, Clone)]
pub(super) struct Method {
    pub(super) identifier: AlgorithmIdentifier,
    pub(super) digest: DigestAlgorithm,
    ecdsa: bool,
}

/// The method of an identifier; the 2000/09 names of SHA-2 are Microsoft's own.
pub(super) fn method(identifier: &str) -> Option<Method> {
    use DigestAlgorithm::{Sha1, Sha256, Sha384, Sha512};
    let name = identifier
        .strip_prefix("http://www.w3.org/2000/09/xmldsig#")
        .filter(|name| name.starts_with("rsa-"))
        .or_else(|| identifier.strip_prefix("http://www.w3.org/2001/04/xmldsig-more#"))?;
    let (oid, digest, ecdsa) = match name {
        "rsa-sha1" => ("1.2.840.113549.1.1.5", Sha1, false),
        "rsa-sha256" => ("1.2.840.113549.1.1.11", Sha256, false),
        "rsa-sha384" => ("1.2.840.113549.1.1.12", Sha384, false),
        "rsa-sha512" => ("1.2.840.113549.1.1.13", Sha512, false),
        "ecdsa-sha1" => ("1.2.840.10045.4.1", Sha1, true),
        "ecdsa-sha256" => ("1.2.840.10045.4.3.2", Sha256, true),
        "ecdsa-sha384" => ("1.2.840.10045.4.3.3", Sha384, true),
        "ecdsa-sha512" => ("1.2.840.10045.4.3.4", Sha512, true),
        _ => return None,
    };
    Some(Method {
        identifier: AlgorithmIdentifier {
            oid: Oid::parse(oid)?,
            parameters: None,
        },
        digest,
        ecdsa,
    })
}

impl Method {
    /// The signature value as CMS writes it: that of ECDSA is the two numbers at equal length (RFC 6931 section 2.3.6).
    pub(super) fn value(&self, value: &[u8]) -> Option<Vec<u8>> {
        if !self.ecdsa {
            return Some(value.to_vec());
        }
        let half = value.len().checked_div(2)?;
        let (r, s) = value.split_at_checked(half)?;
        if r.len() != s.len() {
            return None;
        }
        Some(key::sequence(
            &[key::unsigned(r), key::unsigned(s)].concat(),
        ))
    }
}
