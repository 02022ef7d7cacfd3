//! What kind of public key a certificate carries: algorithm, size and curve, read from subjectPublicKeyInfo.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::base::der::{self, Reader, tag};

/// A public key, described.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Key {
    /// `rsa`, `ec`, `ed25519`, `dsa`, or the algorithm's object identifier.
    pub algorithm: String,
    /// Size of the modulus or of the field, where it is known.
    pub bits: Option<u32>,
    /// Named curve, or its object identifier; `explicit` where the parameters are spelled out.
    pub curve: Option<String>,
}

impl Key {
    /// Reads a subjectPublicKeyInfo; `None` where it is no such thing.
    pub fn read(spki: &[u8]) -> Option<Self> {
        read(spki).ok()
    }
}

fn read(spki: &[u8]) -> Result<Key, der::Error> {
    let mut outer = Reader::ber(spki)
        .expect(tag::SEQUENCE, "subjectPublicKeyInfo")?
        .reader();
    let mut algorithm = outer.expect(tag::SEQUENCE, "algorithm")?.reader();
    let oid = algorithm.expect(tag::OID, "algorithm identifier")?.oid()?;
    let oid = oid.to_string();
    Ok(match oid.as_str() {
        "1.2.840.113549.1.1.1" | "1.2.840.113549.1.1.10" => Key {
            algorithm: "rsa".into(),
            bits: rsa_bits(
                outer
                    .expect(tag::BIT_STRING, "subjectPublicKey")?
                    .bit_string()?,
            )?,
            curve: None,
        },
        "1.2.840.10045.2.1" => ec(&mut algorithm)?,
        "1.2.840.10040.4.1" => Key {
            algorithm: "dsa".into(),
            bits: None,
            curve: None,
        },
        "1.3.101.112" => Key {
            algorithm: "ed25519".into(),
            bits: Some(256),
            curve: None,
        },
        _ => Key {
            algorithm: oid,
            bits: None,
            curve: None,
        },
    })
}

/// Bits of the modulus (RFC 8017 appendix A.1.1).
fn rsa_bits(key: &[u8]) -> Result<Option<u32>, der::Error> {
    let mut fields = Reader::ber(key)
        .expect(tag::SEQUENCE, "RSAPublicKey")?
        .reader();
    let modulus = fields.expect(tag::INTEGER, "modulus")?.value;
    let start = modulus
        .iter()
        .position(|b| *b != 0)
        .unwrap_or(modulus.len());
    let significant = modulus.get(start..).unwrap_or_default();
    let lead = significant.first().map_or(0, |b| b.leading_zeros());
    Ok(u32::try_from(significant.len())
        .ok()
        .and_then(|len| len.checked_mul(8)?.checked_sub(lead)))
}

/// ECParameters (RFC 5480 section 2.1.1).
fn ec(algorithm: &mut Reader<'_>) -> Result<Key, der::Error> {
    let named = algorithm.optional(tag::OID)?;
    let (curve, bits) = match named {
        None => ("explicit".to_owned(), None),
        Some(tlv) => {
            let oid = tlv.oid()?.to_string();
            match oid.as_str() {
                "1.2.840.10045.3.1.7" => ("P-256".into(), Some(256)),
                "1.3.132.0.33" => ("P-224".into(), Some(224)),
                "1.3.132.0.34" => ("P-384".into(), Some(384)),
                "1.3.132.0.35" => ("P-521".into(), Some(521)),
                "1.3.132.0.10" => ("secp256k1".into(), Some(256)),
                _ => (oid, None),
            }
        }
    };
    Ok(Key {
        algorithm: "ec".into(),
        bits,
        curve: Some(curve),
    })
}

#[cfg(test)]
mod tests {
    use super::Key;

    #[test]
    fn curve_and_size_are_read() {
        let p256 = [
            0x30, 0x18, 0x30, 0x13, 6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 8, 0x2a, 0x86,
            0x48, 0xce, 0x3d, 3, 1, 7, 3, 1, 0,
        ];
        let key = Key::read(&p256).unwrap();
        assert_eq!((key.bits, key.curve.as_deref()), (Some(256), Some("P-256")));
        let rsa = [
            0x30, 0x1b, 0x30, 0x0d, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0, 3, 10,
            0, 0x30, 7, 2, 2, 0x7f, 0xff, 2, 1, 3,
        ];
        let key = Key::read(&rsa).unwrap();
        assert_eq!((key.algorithm.as_str(), key.bits), ("rsa", Some(15)));
        assert_eq!(Key::read(b""), None);
        assert_eq!(Key::read(&rsa[..20]), None);
    }
}
