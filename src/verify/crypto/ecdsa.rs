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
    let holds = signature_pair(signature).is_ok_and(|pair| verify_pair(key, &hashed, pair));
    Answer::from_check(holds)
}

/// Checks r and s over a digest.
pub(super) fn verify_pair(key: &EcKey<'_>, hashed: &[u8], pair: (&[u8], &[u8])) -> bool {
    match key.curve {
        Curve::P256 => p256(key.point, hashed, pair),
        Curve::P384 => p384(key.point, hashed, pair),
        Curve::P521 => p521(key.point, hashed, pair),
    }
    .is_some()
}

fn p256(point: &[u8], hashed: &[u8], (r, s): (&[u8], &[u8])) -> Option<()> {
    use ::p256::ecdsa::{Signature, VerifyingKey};
    let signature = Signature::from_scalars(padded::<32>(r)?, padded::<32>(s)?).ok()?;
    let key = VerifyingKey::from_sec1_bytes(point).ok()?;
    key.verify_prehash(&widened::<32>(hashed), &signature).ok()
}

fn p384(point: &[u8], hashed: &[u8], (r, s): (&[u8], &[u8])) -> Option<()> {
    use ::p384::ecdsa::{Signature, VerifyingKey};
    let signature = Signature::from_scalars(padded::<48>(r)?, padded::<48>(s)?).ok()?;
    let key = VerifyingKey::from_sec1_bytes(point).ok()?;
    key.verify_prehash(&widened::<48>(hashed), &signature).ok()
}

fn p521(point: &[u8], hashed: &[u8], (r, s): (&[u8], &[u8])) -> Option<()> {
    use ::p521::ecdsa::{Signature, VerifyingKey};
    let signature = Signature::from_scalars(padded::<66>(r)?, padded::<66>(s)?).ok()?;
    let key = VerifyingKey::from_sec1_bytes(point).ok()?;
    key.verify_prehash(&widened::<66>(hashed), &signature).ok()
}

/// A digest shorter than the field is the same number with zeros before it (FIPS 186-4 section 6.4); the libraries refuse one that
/// is shorter than half of it.
fn widened<const N: usize>(hashed: &[u8]) -> Vec<u8> {
    padded::<N>(hashed).map_or_else(|| hashed.to_vec(), |wide| wide.to_vec())
}
