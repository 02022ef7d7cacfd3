//! DSA (FIPS 186-4 section 4), met on signed files of the 1990s.

use ::dsa::{BoxedUint, Components, Signature, VerifyingKey};
use signature::hazmat::PrehashVerifier;

use crate::model::digest::DigestAlgorithm;
use crate::verify::crypto::Answer;
use crate::verify::crypto::integer::{bits, signature_pair};
use crate::verify::crypto::key::DsaKey;
use crate::verify::digest::hash;

/// Checks `signature` over `message`.
pub(super) fn verify(
    key: &DsaKey<'_>,
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
pub(super) fn verify_pair(key: &DsaKey<'_>, hashed: &[u8], pair: (&[u8], &[u8])) -> bool {
    holds(key, hashed, pair).is_some()
}

/// The library wants every number at the width of its modulus, and checks that y has order q.
fn holds(key: &DsaKey<'_>, hashed: &[u8], (r, s): (&[u8], &[u8])) -> Option<()> {
    // q is odd in every real key; an even one has no inverse to compute with.
    if key.q.last()? & 1 == 0 || (key.y.len(), key.y) >= (key.p.len(), key.p) {
        return None;
    }
    let wide = u32::try_from(bits(key.p)).ok()?;
    let narrow = u32::try_from(bits(key.q)).ok()?;
    let number = |bytes: &[u8], width: u32| BoxedUint::from_be_slice(bytes, width).ok();
    let components = Components::from_components(
        number(key.p, wide)?,
        number(key.q, narrow)?,
        number(key.g, wide)?,
    )
    .ok()?;
    let verifying = VerifyingKey::from_components(components, number(key.y, wide)?).ok()?;
    let signature = Signature::from_components(number(r, narrow)?, number(s, narrow)?)?;
    verifying.verify_prehash(hashed, &signature).ok()
}
