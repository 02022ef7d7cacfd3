//! Keys and signatures as bare numbers, over a digest that is already known: what OpenPGP has, and streams leave.
//!
//! ring takes messages only, so RustCrypto computes these.

use crate::model::digest::DigestAlgorithm;
use crate::verify::crypto::key::{
    self, Curve, DsaKey, EcKey, Key, KeyError, RsaKey, check_dsa, check_rsa,
};
use crate::verify::crypto::{Answer, dsa, ecdsa, integer, rsa};

/// A named curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BareCurve {
    /// NIST P-256.
    P256,
    /// NIST P-384.
    P384,
    /// NIST P-521.
    P521,
}

/// A key by its numbers: big-endian magnitudes without leading zeros.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BareKey<'a> {
    /// RSA.
    Rsa {
        /// Modulus.
        n: &'a [u8],
        /// Exponent.
        e: &'a [u8],
    },
    /// DSA.
    Dsa {
        /// Prime.
        p: &'a [u8],
        /// Order of the group.
        q: &'a [u8],
        /// Generator.
        g: &'a [u8],
        /// The key.
        y: &'a [u8],
    },
    /// ECDSA.
    Ec {
        /// Curve.
        curve: BareCurve,
        /// ECPoint.
        point: &'a [u8],
    },
    /// Ed25519; what it signs is the digest itself.
    Ed25519(&'a [u8]),
}

/// A signature by its numbers: big-endian magnitudes without leading zeros.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BareSignature<'a> {
    /// RSASSA-PKCS1-v1_5.
    Rsa(&'a [u8]),
    /// r and s of DSA or ECDSA.
    Pair(&'a [u8], &'a [u8]),
    /// Ed25519.
    Ed25519(&'a [u8; 64]),
}

/// Checks `signature` over a message whose digest is `hashed`.
pub fn verify_digest(
    key: BareKey<'_>,
    digest: DigestAlgorithm,
    hashed: &[u8],
    signature: BareSignature<'_>,
) -> Answer {
    match (key, signature) {
        (BareKey::Rsa { n, e }, BareSignature::Rsa(number)) => {
            settle(check_rsa(n, e), || verify_rsa(n, e, digest, hashed, number))
        }
        (BareKey::Dsa { p, q, g, y }, BareSignature::Pair(r, s)) => settle(check_dsa(p, q), || {
            Answer::from_check(dsa::verify_pair(&DsaKey { p, q, g, y }, hashed, (r, s)))
        }),
        (BareKey::Ec { curve, point }, BareSignature::Pair(r, s)) => {
            let curve = match curve {
                BareCurve::P256 => Curve::P256,
                BareCurve::P384 => Curve::P384,
                BareCurve::P521 => Curve::P521,
            };
            Answer::from_check(ecdsa::verify_pair(&EcKey { curve, point }, hashed, (r, s)))
        }
        (BareKey::Ed25519(key), BareSignature::Ed25519(signature)) => Answer::from_check(
            ring::signature::UnparsedPublicKey::new(&ring::signature::ED25519, key)
                .verify(hashed, signature)
                .is_ok(),
        ),
        (
            BareKey::Rsa { .. } | BareKey::Dsa { .. } | BareKey::Ec { .. } | BareKey::Ed25519(_),
            BareSignature::Rsa(_) | BareSignature::Pair(..) | BareSignature::Ed25519(_),
        ) => Answer::Invalid,
    }
}

/// Checks a signature as certificates and CMS write it over a message whose digest is `hashed`, with the key in `spki`. Keys that sign
/// the message itself (Ed25519), or by a scheme that the key alone does not give (RSASSA-PSS), are unsupported.
pub fn verify_hashed(
    spki: &[u8],
    digest: DigestAlgorithm,
    hashed: &[u8],
    signature: &[u8],
) -> Answer {
    let pair = integer::signature_pair(signature);
    match key::read(spki) {
        Ok(Key::Rsa(key)) if !key.pss_only => rsa::verify_hashed(&key, digest, hashed, signature),
        Ok(Key::Ec(key)) => {
            Answer::from_check(pair.is_ok_and(|pair| ecdsa::verify_pair(&key, hashed, pair)))
        }
        Ok(Key::Dsa(key)) => {
            Answer::from_check(pair.is_ok_and(|pair| dsa::verify_pair(&key, hashed, pair)))
        }
        Ok(Key::Rsa(_)) => Answer::Unsupported("RSASSA-PSS over a bare digest".into()),
        Ok(Key::Ed25519(_)) => Answer::Unsupported("Ed25519 over a bare digest".into()),
        Err(KeyError::Malformed(_)) => Answer::Invalid,
        Err(KeyError::Unsupported(what)) => Answer::Unsupported(what),
    }
}

fn settle(key: Result<(), KeyError>, verify: impl FnOnce() -> Answer) -> Answer {
    match key {
        Ok(()) => verify(),
        Err(KeyError::Malformed(_)) => Answer::Invalid,
        Err(KeyError::Unsupported(what)) => Answer::Unsupported(what),
    }
}

/// The block has the modulus' length (RFC 8017 section 8.2.2); a number has lost its leading zeros.
fn verify_rsa(n: &[u8], e: &[u8], digest: DigestAlgorithm, hashed: &[u8], number: &[u8]) -> Answer {
    let Some(zeros) = n.len().checked_sub(number.len()) else {
        return Answer::Invalid;
    };
    let mut block = vec![0; zeros];
    block.extend_from_slice(number);
    let key = RsaKey {
        n,
        e,
        pss_only: false,
        pss_parameters: None,
    };
    rsa::verify_hashed(&key, digest, hashed, &block)
}

#[cfg(test)]
mod tests {
    use super::{BareCurve, BareKey, BareSignature, verify_digest};
    use crate::model::digest::DigestAlgorithm::{Sha1, Sha256};
    use crate::verify::crypto::Answer;
    use signature::hazmat::PrehashSigner;

    #[test]
    fn a_digest_shorter_than_half_the_field_is_computed_with() {
        let secret = p521::ecdsa::SigningKey::from_slice(&[1; 66]);
        let secret = secret.unwrap_or_else(|_| {
            let mut scalar = [1; 66];
            scalar[0] = 0;
            p521::ecdsa::SigningKey::from_slice(&scalar).unwrap()
        });
        let mut wide = [0; 66];
        wide[46..].copy_from_slice(&[9; 20]);
        let signature: p521::ecdsa::Signature = secret.sign_prehash(&wide).unwrap();
        let (r, s) = signature.split_bytes();
        let point = p521::ecdsa::VerifyingKey::from(&secret).to_sec1_point(false);
        let key = BareKey::Ec {
            curve: BareCurve::P521,
            point: point.as_bytes(),
        };
        let pair = BareSignature::Pair(&r, &s);
        assert_eq!(verify_digest(key, Sha1, &[9; 20], pair), Answer::Valid);
        assert_eq!(verify_digest(key, Sha1, &[8; 20], pair), Answer::Invalid);
    }

    #[test]
    fn another_kind_of_key_or_size_is_told_apart_from_a_bad_signature() {
        let tiny = BareKey::Rsa {
            n: &[0xff; 64],
            e: &[1, 0, 1],
        };
        let verify = |key, signature| verify_digest(key, Sha256, &[0; 32], signature);
        assert!(matches!(
            verify(tiny, BareSignature::Rsa(&[1])),
            Answer::Unsupported(_)
        ));
        assert_eq!(
            verify(tiny, BareSignature::Pair(&[1], &[1])),
            Answer::Invalid
        );
        let key = BareKey::Rsa {
            n: &[0xff; 256],
            e: &[1, 0, 1],
        };
        assert_eq!(verify(key, BareSignature::Rsa(&[1; 257])), Answer::Invalid);
    }
}
