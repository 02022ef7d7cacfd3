//! RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2).

use ::rsa::traits::SignatureScheme;
use ::rsa::{BoxedUint, Pkcs1v15Sign, PublicKey};
use ring::signature::{
    RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY, RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY,
    RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA384, RsaParameters,
    RsaPublicKeyComponents,
};

use crate::model::digest::DigestAlgorithm;
use crate::verify::crypto::Answer;
use crate::verify::crypto::key::RsaKey;
use crate::verify::digest::hash;

/// Largest modulus that ring takes.
pub(super) const MAX_RING_OCTETS: usize = 1024;

/// Checks `signature` over `message`.
pub(super) fn verify(
    key: &RsaKey<'_>,
    digest: DigestAlgorithm,
    message: &[u8],
    signature: &[u8],
) -> Answer {
    match ring_parameters(key, digest) {
        Some(ring) => Answer::from_check(verify_with_ring(key, ring, message, signature)),
        None => verify_without_ring(key, digest, message, signature),
    }
}

/// ring's name for these, where it has one.
pub(super) fn ring_parameters(
    key: &RsaKey<'_>,
    digest: DigestAlgorithm,
) -> Option<&'static RsaParameters> {
    if key.octets() > MAX_RING_OCTETS {
        return None;
    }
    match digest {
        DigestAlgorithm::Sha1 => Some(&RSA_PKCS1_1024_8192_SHA1_FOR_LEGACY_USE_ONLY),
        DigestAlgorithm::Sha256 => Some(&RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY),
        DigestAlgorithm::Sha384 if key.octets() >= 256 => Some(&RSA_PKCS1_2048_8192_SHA384),
        DigestAlgorithm::Sha512 => Some(&RSA_PKCS1_1024_8192_SHA512_FOR_LEGACY_USE_ONLY),
        DigestAlgorithm::Sha384
        | DigestAlgorithm::Md2
        | DigestAlgorithm::Md5
        | DigestAlgorithm::Sha224 => None,
    }
}

pub(super) fn verify_with_ring(
    key: &RsaKey<'_>,
    parameters: &RsaParameters,
    message: &[u8],
    signature: &[u8],
) -> bool {
    RsaPublicKeyComponents { n: key.n, e: key.e }
        .verify(parameters, message, signature)
        .is_ok()
}

pub(super) fn verify_without_ring(
    key: &RsaKey<'_>,
    digest: DigestAlgorithm,
    message: &[u8],
    signature: &[u8],
) -> Answer {
    match hash(digest, message) {
        Some(hashed) => verify_hashed(key, digest, &hashed, signature),
        None => Answer::Unsupported(digest.name().into()),
    }
}

/// Checks `signature` over a message with this digest.
pub(super) fn verify_hashed(
    key: &RsaKey<'_>,
    digest: DigestAlgorithm,
    hashed: &[u8],
    signature: &[u8],
) -> Answer {
    let Some(prefix) = digest_info_prefix(digest) else {
        return Answer::Unsupported(digest.name().into());
    };
    let scheme = Pkcs1v15Sign {
        hash_len: Some(digest.output_len()),
        prefix: prefix.into(),
    };
    Answer::from_check(verify_block(key, scheme, hashed, signature))
}

/// Checks a block that holds `digest` without DigestInfo.
pub(super) fn verify_bare(key: &RsaKey<'_>, digest: &[u8], signature: &[u8]) -> Answer {
    // Only the lengths of MD5 and SHA-1 are met in the field. An empty digest would accept any block of padding.
    if !matches!(digest.len(), 16 | 20) {
        return Answer::Unsupported(format!("bare digest of {} octets", digest.len()));
    }
    Answer::from_check(verify_block(
        key,
        Pkcs1v15Sign::new_unprefixed(),
        digest,
        signature,
    ))
}

fn verify_block(key: &RsaKey<'_>, scheme: Pkcs1v15Sign, hashed: &[u8], signature: &[u8]) -> bool {
    public_key(key).is_some_and(|key| scheme.verify(&key, hashed, signature).is_ok())
}

fn public_key(key: &RsaKey<'_>) -> Option<PublicKey> {
    // Sizes were judged when the key was read.
    let sizes = 1..=usize::MAX;
    PublicKey::new_with_size_limits(
        BoxedUint::from_be_slice_vartime(key.n),
        BoxedUint::from_be_slice_vartime(key.e),
        sizes,
    )
    .ok()
}

/// RSAVP1 (RFC 8017 section 5.2.2) with the length and range checks of its callers: the block as long as the modulus.
pub(super) fn recover(key: &RsaKey<'_>, signature: &[u8]) -> Option<Vec<u8>> {
    use ::rsa::traits::PublicKeyParts;
    // Both have the modulus' length, so octets compare as the numbers do.
    if signature.len() != key.octets() || signature >= key.n {
        return None;
    }
    let public = public_key(key)?;
    let representative = BoxedUint::from_be_slice(signature, public.n_bits_precision()).ok()?;
    let block = ::rsa::hazmat::rsa_encrypt(&public, &representative).ok()?;
    let octets = block.to_be_bytes();
    let excess = octets.len().checked_sub(key.octets())?;
    octets.get(excess..).map(<[u8]>::to_vec)
}

/// DER of DigestInfo up to the digest itself (RFC 8017 section 9.2 note 1); `None` for a hash that is never computed.
fn digest_info_prefix(digest: DigestAlgorithm) -> Option<&'static [u8]> {
    Some(match digest {
        DigestAlgorithm::Md2 => return None,
        DigestAlgorithm::Md5 => &[
            0x30, 0x20, 0x30, 0x0c, 0x06, 0x08, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05,
            0x05, 0x00, 0x04, 0x10,
        ],
        DigestAlgorithm::Sha1 => &[
            0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04,
            0x14,
        ],
        DigestAlgorithm::Sha224 => &[
            0x30, 0x2d, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
            0x04, 0x05, 0x00, 0x04, 0x1c,
        ],
        DigestAlgorithm::Sha256 => &[
            0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
            0x01, 0x05, 0x00, 0x04, 0x20,
        ],
        DigestAlgorithm::Sha384 => &[
            0x30, 0x41, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
            0x02, 0x05, 0x00, 0x04, 0x30,
        ],
        DigestAlgorithm::Sha512 => &[
            0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
            0x03, 0x05, 0x00, 0x04, 0x40,
        ],
    })
}
