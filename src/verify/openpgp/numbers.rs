//! From a packet's numbers to the facade: one signature over one digest.

use crate::envelope::openpgp::key::{Curve, Material, PublicKey, algorithm_name};
use crate::envelope::openpgp::signature::{Signature, Value};
use crate::model::digest::DigestAlgorithm;
use crate::verify::crypto::{Answer, BareCurve, BareKey, BareSignature, verify_digest};
use crate::verify::digest::Hasher;

/// A hash by number (RFC 9580 section 9.5), where it is computed.
pub(super) fn hash(number: u8) -> Option<DigestAlgorithm> {
    Some(match number {
        1 => DigestAlgorithm::Md5,
        2 => DigestAlgorithm::Sha1,
        8 => DigestAlgorithm::Sha256,
        9 => DigestAlgorithm::Sha384,
        10 => DigestAlgorithm::Sha512,
        11 => DigestAlgorithm::Sha224,
        _ => return None,
    })
}

/// A hash by name.
pub(super) fn hash_name(number: u8) -> String {
    match number {
        3 => "ripemd160".into(),
        12 => "sha3-256".into(),
        14 => "sha3-512".into(),
        other => hash(other).map_or_else(
            || format!("hash algorithm {other}"),
            |known| known.name().into(),
        ),
    }
}

/// The name of a hash in `Hash:` headers (RFC 9580 section 9.5).
pub(super) fn header_name(number: u8) -> Option<&'static str> {
    Some(match number {
        1 => "MD5",
        2 => "SHA1",
        3 => "RIPEMD160",
        8 => "SHA256",
        9 => "SHA384",
        10 => "SHA512",
        11 => "SHA224",
        12 => "SHA3-256",
        14 => "SHA3-512",
        _ => return None,
    })
}

/// Octets of salt that a version 6 signature over this hash has (RFC 9580 section 9.5).
pub(super) fn salt_len(hash: DigestAlgorithm) -> Option<usize> {
    match hash {
        DigestAlgorithm::Sha224 | DigestAlgorithm::Sha256 => Some(16),
        DigestAlgorithm::Sha384 => Some(24),
        DigestAlgorithm::Sha512 => Some(32),
        DigestAlgorithm::Md2 | DigestAlgorithm::Md5 | DigestAlgorithm::Sha1 => None,
    }
}

/// The digest that a signature stands over, of what is signed in parts; `None` where it is not computed.
pub(super) fn digest(signature: &Signature, parts: &[&[u8]]) -> Option<Vec<u8>> {
    let mut hasher = Hasher::new(hash(signature.hash_algorithm)?)?;
    hasher.update(&signature.salt);
    for part in parts {
        hasher.update(part);
    }
    hasher.update(&signature.trailer);
    Some(hasher.finish())
}

/// Checks the numbers of `signature` over `hashed`.
pub(super) fn verify(key: &PublicKey, signature: &Signature, hashed: &[u8]) -> Answer {
    let Some(digest) = hash(signature.hash_algorithm) else {
        return Answer::Unsupported(hash_name(signature.hash_algorithm));
    };
    // RFC 9580 sections 5.2.3 and 5.2.5: a key signs with its own algorithm and version.
    if !same_algorithm(key.algorithm, signature.public_key_algorithm)
        || (key.version == 6) != (signature.version == 6)
    {
        return Answer::Invalid;
    }
    if signature.version == 6 && salt_len(digest) != Some(signature.salt.len()) {
        return Answer::Invalid;
    }
    let bare = match bare_key(key) {
        Ok(bare) => bare,
        Err(answer) => return answer,
    };
    if hashed.get(..2) != Some(signature.left16.as_slice()) {
        return Answer::Invalid;
    }
    let fixed;
    let numbers = match (&signature.value, &bare) {
        (Value::Rsa(number), BareKey::Rsa { .. }) => BareSignature::Rsa(number),
        (Value::Pair(r, s), BareKey::Dsa { .. } | BareKey::Ec { .. }) => BareSignature::Pair(r, s),
        (Value::Pair(r, s), BareKey::Ed25519(_)) => match joined(r, s) {
            Some(octets) => {
                fixed = octets;
                BareSignature::Ed25519(&fixed)
            }
            None => return Answer::Invalid,
        },
        (Value::Native(octets), BareKey::Ed25519(_)) => match octets.as_slice().try_into() {
            Ok(octets) => BareSignature::Ed25519(octets),
            Err(_) => return Answer::Invalid,
        },
        (Value::Rsa(_) | Value::Pair(..) | Value::Native(_) | Value::Unread, _) => {
            return Answer::Invalid;
        }
    };
    verify_digest(bare, digest, hashed, numbers)
}

/// 1, 2 and 3 are one algorithm with different uses; 2 only encrypts, and signs nothing.
fn same_algorithm(key: u8, signature: u8) -> bool {
    key == signature || (matches!(key, 1 | 3) && matches!(signature, 1 | 3))
}

fn bare_key(key: &PublicKey) -> Result<BareKey<'_>, Answer> {
    let unsupported = || Answer::Unsupported(format!("{} key", key.name()));
    Ok(match &key.material {
        Material::Rsa { n, e } => BareKey::Rsa { n, e },
        Material::Dsa { p, q, g, y } => BareKey::Dsa { p, q, g, y },
        Material::Ecdsa { curve, point } => BareKey::Ec {
            curve: match curve {
                Curve::P256 => BareCurve::P256,
                Curve::P384 => BareCurve::P384,
                Curve::P521 => BareCurve::P521,
                Curve::Ed25519 | Curve::Other(_) => return Err(unsupported()),
            },
            point,
        },
        Material::EddsaLegacy {
            curve: Curve::Ed25519,
            point,
        } => match point.as_slice() {
            // RFC 9580 section 9.2.2: a point in native form is prefixed with 0x40.
            [0x40, native @ ..] if native.len() == 32 => BareKey::Ed25519(native),
            _ => return Err(Answer::Invalid),
        },
        Material::EddsaLegacy { .. } => return Err(unsupported()),
        Material::Ed25519(point) => BareKey::Ed25519(point),
        Material::Unread => {
            return Err(Answer::Unsupported(format!(
                "{} key",
                algorithm_name(key.algorithm)
            )));
        }
    })
}

/// The legacy form keeps R and S as numbers, and numbers lose leading zeros (RFC 9580 section 5.2.3.3).
fn joined(r: &[u8], s: &[u8]) -> Option<[u8; 64]> {
    let mut octets = [0; 64];
    let r_at = 32usize.checked_sub(r.len())?;
    octets.get_mut(r_at..32)?.copy_from_slice(r);
    let s_at = 64usize.checked_sub(s.len()).filter(|at| *at >= 32)?;
    octets.get_mut(s_at..)?.copy_from_slice(s);
    Some(octets)
}
