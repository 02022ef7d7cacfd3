//! Public keys as XML signatures and strong names write them.

use crate::base::der::{Reader, tag};
use crate::model::digest::DigestAlgorithm;
use crate::model::xmldsig::KeyValue;
use crate::verify::digest;

/// AlgorithmIdentifier of rsaEncryption with NULL (RFC 3279 section 2.3.1).
const RSA_ENCRYPTION: [u8; 15] = [
    0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
];

/// subjectPublicKeyInfo of a key that is spelled out; `None` for a kind that is not read.
pub(super) fn spki(key: &KeyValue) -> Option<Vec<u8>> {
    let KeyValue::Rsa { modulus, exponent } = key else {
        return None;
    };
    let numbers = sequence(&[unsigned(modulus), unsigned(exponent)].concat());
    let mut bits = vec![0];
    bits.extend_from_slice(&numbers);
    let key = tlv(tag::BIT_STRING, &bits);
    Some(sequence(&[RSA_ENCRYPTION.to_vec(), key].concat()))
}

/// Modulus and exponent of an RSA key, without leading zeros.
pub(super) fn rsa(spki: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let mut fields = Reader::der(spki).any().ok()?.reader();
    let algorithm = fields.any().ok()?.reader().any().ok()?.oid().ok()?;
    if !algorithm.is("1.2.840.113549.1.1.1") {
        return None;
    }
    let key = fields.any().ok()?.bit_string().ok()?;
    let mut numbers = Reader::der(key).any().ok()?.reader();
    let mut next = || -> Option<Vec<u8>> {
        let value = numbers.any().ok()?.value;
        Some(value.iter().copied().skip_while(|b| *b == 0).collect())
    };
    Some((next()?, next()?))
}

/// The key is this one; `None` where its kind is not read.
pub(super) fn is(key: &KeyValue, spki: &[u8]) -> Option<bool> {
    match key {
        KeyValue::Rsa { modulus, exponent } => {
            Some(rsa(spki).is_some_and(|(n, e)| n == *modulus && e == *exponent))
        }
        KeyValue::Other(_) => None,
    }
}

/// The public key token of an RSA key: the last eight octets, reversed, of the SHA-1 over its public key blob (ECMA-335
/// section II.6.2.1.3; the blob as .NET writes it, for signing with RSA and SHA-1 whatever is used).
pub(super) fn token(spki: &[u8]) -> Option<Vec<u8>> {
    let (modulus, exponent) = rsa(spki)?;
    let len = u32::try_from(modulus.len()).ok()?;
    let mut blob = Vec::new();
    blob.extend(0x2400u32.to_le_bytes());
    blob.extend(0x8004u32.to_le_bytes());
    blob.extend(len.checked_add(20)?.to_le_bytes());
    blob.extend([6, 2, 0, 0]);
    blob.extend(0x2400u32.to_le_bytes());
    blob.extend(b"RSA1");
    blob.extend(len.checked_mul(8)?.to_le_bytes());
    let mut little: Vec<u8> = exponent.iter().rev().copied().collect();
    if little.len() > 4 {
        return None;
    }
    little.resize(4, 0);
    blob.extend(little);
    blob.extend(modulus.iter().rev());
    let hash = digest::hash(DigestAlgorithm::Sha1, &blob)?;
    Some(hash.iter().rev().take(8).copied().collect())
}

/// INTEGER of a magnitude.
pub(super) fn unsigned(magnitude: &[u8]) -> Vec<u8> {
    let mut contents: Vec<u8> = magnitude.iter().copied().skip_while(|b| *b == 0).collect();
    if contents.first().is_none_or(|b| *b >= 0x80) {
        contents.insert(0, 0);
    }
    tlv(tag::INTEGER, &contents)
}

/// SEQUENCE of encoded values.
pub(super) fn sequence(contents: &[u8]) -> Vec<u8> {
    tlv(tag::SEQUENCE, contents)
}

fn tlv(tag: u8, contents: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match u8::try_from(contents.len()) {
        Ok(short) if short < 0x80 => out.push(short),
        _ => {
            let len = contents.len().to_be_bytes();
            let len: Vec<u8> = len.into_iter().skip_while(|b| *b == 0).collect();
            out.push(0x80 | u8::try_from(len.len()).unwrap_or(0));
            out.extend(len);
        }
    }
    out.extend_from_slice(contents);
    out
}
