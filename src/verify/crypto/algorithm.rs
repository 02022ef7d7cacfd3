//! AlgorithmIdentifier of a signature or digest: which scheme, with the parameters that its specification allows.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::base::der::{Error, Reader, tag};
use crate::base::oid::Oid;
use crate::model::cms::AlgorithmIdentifier;
use crate::model::digest::DigestAlgorithm;
use crate::verify::crypto::key::KeyAlgorithm;
use crate::verify::crypto::names;
use crate::verify::crypto::pss::{self, Parameters, ParametersError};

/// A signature scheme, complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Scheme {
    RsaPkcs1(DigestAlgorithm),
    RsaPss(Parameters),
    Ecdsa(DigestAlgorithm),
    Dsa(DigestAlgorithm),
    Ed25519,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SchemeError {
    Malformed(&'static str),
    /// The algorithm's own hash is not the declared one.
    DigestMismatch,
    Unsupported(String),
}

impl From<ParametersError> for SchemeError {
    fn from(error: ParametersError) -> Self {
        match error {
            ParametersError::Malformed(what) => Self::Malformed(what),
            ParametersError::Unsupported(what) => Self::Unsupported(what),
        }
    }
}

/// What an identifier alone says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    /// A hash by itself.
    Digest(DigestAlgorithm),
    RsaPkcs1(Hash),
    RsaPss,
    Ecdsa(Hash),
    Dsa(Hash),
    Ed25519,
    Unknown,
}

/// Where a signature algorithm takes its hash from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hash {
    /// The identifier names it.
    Own(DigestAlgorithm),
    /// The identifier is that of a key; CMS declares the hash beside it.
    Declared,
    /// The parameters name it (X9.62 ecdsa-with-Specified, which Windows certificate services can emit).
    InParameters,
}

/// What every identifier that is computed with stands for.
static FAMILIES: LazyLock<HashMap<Oid, Family>> = LazyLock::new(|| {
    use DigestAlgorithm::{Md2, Md5, Sha1, Sha224, Sha256, Sha384, Sha512};
    use Family::{Digest, Dsa, Ecdsa, Ed25519, RsaPkcs1, RsaPss};
    use Hash::{Declared, InParameters, Own};
    names::by_oid(&[
        ("1.2.840.113549.2.2", Digest(Md2)),
        ("1.2.840.113549.2.5", Digest(Md5)),
        ("1.3.14.3.2.26", Digest(Sha1)),
        ("2.16.840.1.101.3.4.2.4", Digest(Sha224)),
        ("2.16.840.1.101.3.4.2.1", Digest(Sha256)),
        ("2.16.840.1.101.3.4.2.2", Digest(Sha384)),
        ("2.16.840.1.101.3.4.2.3", Digest(Sha512)),
        ("1.2.840.113549.1.1.1", RsaPkcs1(Declared)),
        ("1.2.840.113549.1.1.2", RsaPkcs1(Own(Md2))),
        ("1.2.840.113549.1.1.4", RsaPkcs1(Own(Md5))),
        ("1.2.840.113549.1.1.5", RsaPkcs1(Own(Sha1))),
        ("1.3.14.3.2.29", RsaPkcs1(Own(Sha1))),
        ("1.2.840.113549.1.1.14", RsaPkcs1(Own(Sha224))),
        ("1.2.840.113549.1.1.11", RsaPkcs1(Own(Sha256))),
        ("1.2.840.113549.1.1.12", RsaPkcs1(Own(Sha384))),
        ("1.2.840.113549.1.1.13", RsaPkcs1(Own(Sha512))),
        ("1.2.840.113549.1.1.10", RsaPss),
        ("1.2.840.10045.2.1", Ecdsa(Declared)),
        ("1.2.840.10045.4.1", Ecdsa(Own(Sha1))),
        ("1.2.840.10045.4.3", Ecdsa(InParameters)),
        ("1.2.840.10045.4.3.1", Ecdsa(Own(Sha224))),
        ("1.2.840.10045.4.3.2", Ecdsa(Own(Sha256))),
        ("1.2.840.10045.4.3.3", Ecdsa(Own(Sha384))),
        ("1.2.840.10045.4.3.4", Ecdsa(Own(Sha512))),
        ("1.2.840.10040.4.1", Dsa(Declared)),
        ("1.2.840.10040.4.3", Dsa(Own(Sha1))),
        ("1.3.14.3.2.27", Dsa(Own(Sha1))),
        ("2.16.840.1.101.3.4.3.1", Dsa(Own(Sha224))),
        ("2.16.840.1.101.3.4.3.2", Dsa(Own(Sha256))),
        ("2.16.840.1.101.3.4.3.3", Dsa(Own(Sha384))),
        ("2.16.840.1.101.3.4.3.4", Dsa(Own(Sha512))),
        ("1.3.101.112", Ed25519),
    ])
});

fn family(oid: &Oid) -> Family {
    FAMILIES.get(oid).copied().unwrap_or(Family::Unknown)
}

/// Whether a signature algorithm is one of this kind of key. An algorithm that is not known here is not contradicted.
pub(super) fn may_sign_with(oid: &Oid, key: &KeyAlgorithm) -> bool {
    match family(oid) {
        Family::RsaPkcs1(_) => *key == KeyAlgorithm::Rsa,
        Family::RsaPss => matches!(key, KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss),
        Family::Ecdsa(_) => *key == KeyAlgorithm::Ec,
        Family::Dsa(_) => *key == KeyAlgorithm::Dsa,
        Family::Ed25519 => *key == KeyAlgorithm::Ed25519,
        Family::Digest(_) => false,
        Family::Unknown => true,
    }
}

/// The scheme that `algorithm` names, with the hash that CMS declares beside it.
pub(super) fn scheme(
    algorithm: &AlgorithmIdentifier,
    declared: Option<DigestAlgorithm>,
) -> Result<Scheme, SchemeError> {
    let scheme = match family(&algorithm.oid) {
        Family::RsaPkcs1(hash) => {
            // RFC 4055 section 5: NULL, and absent is to be accepted.
            if !absent_or_null(algorithm) {
                return Err(SchemeError::Malformed("parameters of an RSA signature"));
            }
            Scheme::RsaPkcs1(resolve(hash, algorithm, declared)?)
        }
        Family::RsaPss => {
            // RFC 4055 section 3.1: required in a signature.
            let raw = algorithm
                .parameters
                .as_deref()
                .ok_or(SchemeError::Malformed("RSASSA-PSS without parameters"))?;
            Scheme::RsaPss(pss::parameters(raw)?)
        }
        Family::Ecdsa(hash) => {
            check_parameters(hash, algorithm, "parameters of an ECDSA signature")?;
            Scheme::Ecdsa(resolve(hash, algorithm, declared)?)
        }
        Family::Dsa(hash) => {
            check_parameters(hash, algorithm, "parameters of a DSA signature")?;
            Scheme::Dsa(resolve(hash, algorithm, declared)?)
        }
        Family::Ed25519 if algorithm.parameters.is_some() => {
            // RFC 8410 section 3.
            return Err(SchemeError::Malformed("parameters of an Ed25519 signature"));
        }
        Family::Ed25519 => Scheme::Ed25519,
        Family::Digest(_) => {
            return Err(SchemeError::Malformed(
                "a digest algorithm in place of a signature algorithm",
            ));
        }
        Family::Unknown => return Err(SchemeError::Unsupported(names::name(&algorithm.oid))),
    };
    check_declared(&scheme, declared)?;
    match hash_of(&scheme) {
        Some(DigestAlgorithm::Md2) => Err(SchemeError::Unsupported(names::name(&algorithm.oid))),
        _ => Ok(scheme),
    }
}

/// RFC 5758 section 3.2 and RFC 3279 sections 2.2.2 and 2.2.3: absent where the identifier names the hash. The identifiers of
/// keys have no such rule in a signature, and NULL is what writers of rsaEncryption are used to.
fn check_parameters(
    hash: Hash,
    algorithm: &AlgorithmIdentifier,
    what: &'static str,
) -> Result<(), SchemeError> {
    let fine = match hash {
        Hash::Own(_) => algorithm.parameters.is_none(),
        Hash::Declared => absent_or_null(algorithm),
        Hash::InParameters => true,
    };
    if fine {
        Ok(())
    } else {
        Err(SchemeError::Malformed(what))
    }
}

fn resolve(
    hash: Hash,
    algorithm: &AlgorithmIdentifier,
    declared: Option<DigestAlgorithm>,
) -> Result<DigestAlgorithm, SchemeError> {
    match hash {
        Hash::Own(digest) => Ok(digest),
        Hash::Declared => declared.ok_or(SchemeError::Malformed(
            "a signature algorithm that names no hash, and none beside it",
        )),
        Hash::InParameters => {
            let raw = algorithm.parameters.as_deref().unwrap_or_default();
            let inner = algorithm_identifier(raw)
                .map_err(|_| SchemeError::Malformed("parameters of ecdsa-with-Specified"))?;
            hash_algorithm(&inner)
        }
    }
}

fn hash_of(scheme: &Scheme) -> Option<DigestAlgorithm> {
    match scheme {
        Scheme::RsaPkcs1(digest) | Scheme::Ecdsa(digest) | Scheme::Dsa(digest) => Some(*digest),
        Scheme::RsaPss(parameters) => Some(parameters.hash),
        Scheme::Ed25519 => None,
    }
}

fn check_declared(scheme: &Scheme, declared: Option<DigestAlgorithm>) -> Result<(), SchemeError> {
    match (hash_of(scheme), declared) {
        (Some(own), Some(declared)) if own != declared => Err(SchemeError::DigestMismatch),
        _ => Ok(()),
    }
}

fn absent_or_null(algorithm: &AlgorithmIdentifier) -> bool {
    algorithm
        .parameters
        .as_deref()
        .is_none_or(|p| p == [tag::NULL, 0])
}

/// The hash that an identifier stands for: of a digest, or the one inside a signature algorithm, which writers of CMS have
/// been seen to put in its place (sha1WithRSAEncryption for SHA-1).
///
/// `None` for an unknown one, for a signature algorithm that names no hash, and where the parameters are neither absent nor
/// NULL (RFC 5754 section 2).
pub fn digest_algorithm(algorithm: &AlgorithmIdentifier) -> Option<DigestAlgorithm> {
    match family(&algorithm.oid) {
        Family::Digest(digest) => absent_or_null(algorithm).then_some(digest),
        Family::RsaPkcs1(Hash::Own(_))
        | Family::RsaPss
        | Family::Ecdsa(Hash::Own(_) | Hash::InParameters)
        | Family::Dsa(Hash::Own(_)) => match scheme(algorithm, None) {
            Ok(scheme) => hash_of(&scheme),
            Err(_) if absent_or_null(algorithm) => own_hash(&algorithm.oid),
            Err(_) => None,
        },
        Family::RsaPkcs1(_)
        | Family::Ecdsa(_)
        | Family::Dsa(_)
        | Family::Ed25519
        | Family::Unknown => None,
    }
}

fn own_hash(oid: &Oid) -> Option<DigestAlgorithm> {
    match family(oid) {
        Family::RsaPkcs1(Hash::Own(digest))
        | Family::Ecdsa(Hash::Own(digest))
        | Family::Dsa(Hash::Own(digest)) => Some(digest),
        _ => None,
    }
}

/// The hash of a digest AlgorithmIdentifier inside parameters, by [`digest_algorithm`]'s rules but only a digest.
pub(super) fn hash_algorithm(
    algorithm: &AlgorithmIdentifier,
) -> Result<DigestAlgorithm, SchemeError> {
    match family(&algorithm.oid) {
        Family::Digest(DigestAlgorithm::Md2) | Family::Unknown => {
            Err(SchemeError::Unsupported(names::name(&algorithm.oid)))
        }
        Family::Digest(digest) if absent_or_null(algorithm) => Ok(digest),
        _ => Err(SchemeError::Malformed("hash algorithm inside parameters")),
    }
}

/// Reads a whole AlgorithmIdentifier and nothing after it.
pub(super) fn algorithm_identifier(raw: &[u8]) -> Result<AlgorithmIdentifier, Error> {
    let mut outer = Reader::der(raw);
    let mut fields = outer
        .expect(tag::SEQUENCE, "expected AlgorithmIdentifier")?
        .reader();
    outer.finish()?;
    let oid = fields.any()?.oid()?;
    let parameters = if fields.is_empty() {
        None
    } else {
        Some(fields.any()?.raw.to_vec())
    };
    fields.finish()?;
    Ok(AlgorithmIdentifier { oid, parameters })
}
