//! Signature verification behind one facade: ring first, RustCrypto for what ring lacks.
//!
//! The answer has three values. A key size, curve, hash or parameter that is not computed with is
//! [`Answer::Unsupported`] and is recognised before any library is asked, because libraries answer it with the same opaque
//! error as a bad signature. [`Answer::Invalid`] means that the rules of the named scheme were applied and not met.
//!
//! Specifications: RFC 8017 (RSA), RFC 4055 (its identifiers), FIPS 186-4 and RFC 3279, 5480, 5758 (DSA, ECDSA),
//! RFC 8032 and 8410 (Ed25519). A valid answer does not say whose key it is, nor that its hash is still collision-free.

mod algorithm;
mod bare;
mod dsa;
mod ecdsa;
mod integer;
mod key;
mod names;
mod pss;
mod rsa;

#[cfg(test)]
mod tests;

use crate::model::cms::AlgorithmIdentifier;
use crate::model::digest::DigestAlgorithm;
use crate::verify::crypto::algorithm::{Scheme, SchemeError};
use crate::verify::crypto::key::{Key, KeyError};

pub use self::algorithm::digest_algorithm;
pub use self::bare::{BareCurve, BareKey, BareSignature, verify_digest, verify_hashed};
pub use self::key::{KeyAlgorithm, KeyInfo};
pub use self::names::name;

/// What a signature check came to. Unsupported is never invalid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// The signature holds.
    Valid,
    /// It does not.
    Invalid,
    /// An algorithm, curve, key size or parameter that is not computed with; named.
    Unsupported(String),
}

impl Answer {
    fn from_check(holds: bool) -> Self {
        if holds { Self::Valid } else { Self::Invalid }
    }
}

/// Whether a signature algorithm fits the key it is used with and the digest it stands beside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AlgorithmFit {
    /// Nothing speaks against it.
    Fits,
    /// The algorithm is not one of this kind of key: ECDSA named over an RSA key.
    KeyMismatch,
    /// The algorithm has a hash of its own and it is not the declared one: sha512WithRSA beside SHA-256.
    DigestMismatch,
    /// Parameters that its specification forbids, or a key that cannot be read.
    Malformed(&'static str),
    /// Not computed with; named.
    Unsupported(String),
}

/// Checks `signature` over `message` with the key in `spki` (a whole subjectPublicKeyInfo).
///
/// `digest` is the digest algorithm declared beside the signature, as CMS does. It decides where the signature algorithm
/// names only a kind of key (rsaEncryption, id-ecPublicKey, id-dsa; RFC 3370 section 3.2, RFC 5753 section 2.1.1); where the
/// algorithm names a hash of its own, another one declared makes the signature invalid (RFC 5652 section 5.4).
pub fn verify_message(
    spki: &[u8],
    algorithm: &AlgorithmIdentifier,
    digest: Option<DigestAlgorithm>,
    message: &[u8],
    signature: &[u8],
) -> Answer {
    let (key, scheme) = match resolve(spki, algorithm, digest) {
        Ok(pair) => pair,
        Err(AlgorithmFit::Unsupported(what)) => return Answer::Unsupported(what),
        Err(
            AlgorithmFit::Fits
            | AlgorithmFit::KeyMismatch
            | AlgorithmFit::DigestMismatch
            | AlgorithmFit::Malformed(_),
        ) => return Answer::Invalid,
    };
    match (&key, &scheme) {
        (Key::Rsa(key), Scheme::RsaPkcs1(digest)) => rsa::verify(key, *digest, message, signature),
        (Key::Rsa(key), Scheme::RsaPss(parameters)) => {
            pss::verify(key, parameters, message, signature)
        }
        (Key::Ec(key), Scheme::Ecdsa(digest)) => ecdsa::verify(key, *digest, message, signature),
        (Key::Dsa(key), Scheme::Dsa(digest)) => dsa::verify(key, *digest, message, signature),
        (Key::Ed25519(key), Scheme::Ed25519) => Answer::from_check(
            ring::signature::UnparsedPublicKey::new(&ring::signature::ED25519, key)
                .verify(message, signature)
                .is_ok(),
        ),
        // `resolve` lets no other pair through; were one to come, it must not verify.
        (Key::Rsa(_) | Key::Ec(_) | Key::Dsa(_) | Key::Ed25519(_), _) => Answer::Invalid,
    }
}

/// Checks an RSA signature whose block holds `digest` itself with PKCS #1 v1.5 padding but no DigestInfo.
///
/// Authenticode countersignatures of the 1990s and 2000s are made so. The form does not bind the hash algorithm and is to be
/// accepted for those only.
pub fn verify_bare_digest(spki: &[u8], digest: &[u8], signature: &[u8]) -> Answer {
    match key::read(spki) {
        Ok(Key::Rsa(key)) if !key.pss_only => rsa::verify_bare(&key, digest, signature),
        Ok(Key::Rsa(_) | Key::Ec(_) | Key::Dsa(_) | Key::Ed25519(_)) => Answer::Invalid,
        Err(KeyError::Malformed(_)) => Answer::Invalid,
        Err(KeyError::Unsupported(what)) => Answer::Unsupported(what),
    }
}

/// Whether `algorithm` may be used with the key in `spki`, and beside the declared `digest`.
pub fn check_algorithm(
    spki: &[u8],
    algorithm: &AlgorithmIdentifier,
    digest: Option<DigestAlgorithm>,
) -> AlgorithmFit {
    match resolve(spki, algorithm, digest) {
        Ok(_) => AlgorithmFit::Fits,
        Err(fit) => fit,
    }
}

/// What a subjectPublicKeyInfo says of its key; also of keys that are not computed with.
///
/// # Errors
/// An encoding that is not a SubjectPublicKeyInfo, or not a key of the algorithm it names.
pub fn key(spki: &[u8]) -> Result<KeyInfo, crate::base::der::Error> {
    key::describe(spki)
}

fn resolve<'k>(
    spki: &'k [u8],
    algorithm: &AlgorithmIdentifier,
    digest: Option<DigestAlgorithm>,
) -> Result<(Key<'k>, Scheme), AlgorithmFit> {
    // The kind of key comes first: a scheme over another kind of key is a mismatch whether or not it is computed with.
    let kind = key::algorithm(spki).map_err(|e| AlgorithmFit::Malformed(e.what))?;
    if !algorithm::may_sign_with(&algorithm.oid, &kind) {
        return Err(AlgorithmFit::KeyMismatch);
    }
    let scheme = algorithm::scheme(algorithm, digest).map_err(|e| match e {
        SchemeError::Malformed(what) => AlgorithmFit::Malformed(what),
        SchemeError::DigestMismatch => AlgorithmFit::DigestMismatch,
        SchemeError::Unsupported(what) => AlgorithmFit::Unsupported(what),
    });
    let key = key::read(spki).map_err(|e| match e {
        KeyError::Malformed(what) => AlgorithmFit::Malformed(what),
        KeyError::Unsupported(what) => AlgorithmFit::Unsupported(what),
    });
    // What is wrong goes before what is unknown, so that an unsupported part never covers up a broken one.
    match (key, scheme) {
        (Ok(key), Ok(scheme)) => {
            if let (Key::Rsa(rsa), Scheme::RsaPss(used)) = (&key, &scheme)
                && let Some(allowed) = &rsa.pss_parameters
                && !used.within(allowed)
            {
                return Err(AlgorithmFit::KeyMismatch);
            }
            Ok((key, scheme))
        }
        (Err(AlgorithmFit::Unsupported(_)), Err(wrong))
        | (Err(wrong), Err(AlgorithmFit::Unsupported(_)))
        | (Err(wrong), _)
        | (_, Err(wrong)) => Err(wrong),
    }
}
