//! ECDSA (FIPS 186-4 section 6) over P-256, P-384 and P-521 with any hash.

use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA384_ASN1, ECDSA_P384_SHA256_ASN1, ECDSA_P384_SHA384_ASN1,
    EcdsaVerificationAlgorithm, UnparsedPublicKey,
};
use signature::hazmat::PrehashVerifier;

use crate::model::digest::DigestAlgorithm;
use crate::verify::crypto::Answer;
use crate::verify::crypto::integer::{padded, signature_pair};
use crate::verify::crypto::key::{Curve, EcKey};
use crate::verify::digest::hash;

/// First octet of an uncompressed ECPoint (SEC 1 section 2.3.3); ring reads no other.
const UNCOMPRESSED: u8 = 4;

/// Checks `signature` over `message`.
pub(super) fn verify(
    key: &EcKey<'_>,
    digest: DigestAlgorithm,
    message: &[u8],
    signature: &[u8],
) -> Answer {
    match ring_algorithm(key, digest) {
        Some(ring) => Answer::from_check(
            UnparsedPublicKey::new(ring, key.point)
                .verify(message, signature)
                .is_ok(),
        ),
        None => verify_without_ring(key, digest, message, signature),
    }
}

/// ring's name for these, where it has one.
pub(super) fn ring_algorithm(
    key: &EcKey<'_>,
    digest: DigestAlgorithm,
) -> Option<&'static EcdsaVerificationAlgorithm> {
    if key.point.first() != Some(&UNCOMPRESSED) {
        return None;
    }
    match (key.curve, digest) {
        (Curve::P256, DigestAlgorithm::Sha256) => Some(&ECDSA_P256_SHA256_ASN1),
        (Curve::P256, DigestAlgorithm::Sha384) => Some(&ECDSA_P256_SHA384_ASN1),
        (Curve::P384, DigestAlgorithm::Sha256) => Some(&ECDSA_P384_SHA256_ASN1),
        (Curve::P384, DigestAlgorithm::Sha384) => Some(&ECDSA_P384_SHA384_ASN1),
        (Curve::P256 | Curve::P384 | Curve::P521, _) => None,
    }
}

pub(super) fn verify_without_ring(
    key: &EcKey<'_>,
    digest: DigestAlgorithm,
    message: &[u8],
    signature: &[u8],
) -> Answer {
    let Some(hashed) = hash(digest, message) else {
        return Answer::Unsupported(digest.name().into());
    };
    let holds = match key.curve {
        Curve::P256 => p256(key.point, &hashed, signature),
        Curve::P384 => p384(key.point, &hashed, signature),
        Curve::P521 => p521(key.point, &hashed, signature),
    };
    Answer::from_check(holds.is_some())
}

fn p256(point: &[u8], hashed: &[u8], signature: &[u8]) -> Option<()> {
    use ::p256::ecdsa::{Signature, VerifyingKey};
    let (r, s) = signature_pair(signature).ok()?;
    let signature = Signature::from_scalars(padded::<32>(r)?, padded::<32>(s)?).ok()?;
    let key = VerifyingKey::from_sec1_bytes(point).ok()?;
    key.verify_prehash(hashed, &signature).ok()
}

fn p384(point: &[u8], hashed: &[u8], signature: &[u8]) -> Option<()> {
    use ::p384::ecdsa::{Signature, VerifyingKey};
    let (r, s) = signature_pair(signature).ok()?;
    let signature = Signature::from_scalars(padded::<48>(r)?, padded::<48>(s)?).ok()?;
    let key = VerifyingKey::from_sec1_bytes(point).ok()?;
    key.verify_prehash(hashed, &signature).ok()
}

fn p521(point: &[u8], hashed: &[u8], signature: &[u8]) -> Option<()> {
    use ::p521::ecdsa::{Signature, VerifyingKey};
    let (r, s) = signature_pair(signature).ok()?;
    let signature = Signature::from_scalars(padded::<66>(r)?, padded::<66>(s)?).ok()?;
    let key = VerifyingKey::from_sec1_bytes(point).ok()?;
    key.verify_prehash(hashed, &signature).ok()
}
