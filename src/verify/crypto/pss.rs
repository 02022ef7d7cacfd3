//! RSASSA-PSS (RFC 8017 section 8.1) with the parameters of RFC 4055 section 3.1, all of them enforced.
//!
//! ring knows the usual combinations. The others (SHA-1, SHA-224, another salt length, another hash in the mask) are decoded
//! here over the library's public-key operation, because no library takes a mask hash of its own.

use ring::signature::{
    RSA_PSS_2048_8192_SHA256, RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, RsaParameters,
};

use crate::base::der::{Error, Reader, tag};
use crate::model::digest::DigestAlgorithm;
use crate::verify::crypto::Answer;
use crate::verify::crypto::algorithm::{self, SchemeError};
use crate::verify::crypto::integer;
use crate::verify::crypto::key::RsaKey;
use crate::verify::crypto::names;
use crate::verify::crypto::rsa;
use crate::verify::digest::{Hasher, hash};

/// RSASSA-PSS-params.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parameters {
    pub(super) hash: DigestAlgorithm,
    /// The hash inside MGF1.
    pub(super) mask: DigestAlgorithm,
    /// In octets.
    pub(super) salt: usize,
}

impl Parameters {
    /// What a key is bound to allows these (RFC 4055 section 3.3): the same hashes, and a salt at least as long.
    pub(super) fn within(&self, allowed: &Self) -> bool {
        self.hash == allowed.hash && self.mask == allowed.mask && self.salt >= allowed.salt
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ParametersError {
    Malformed(&'static str),
    Unsupported(String),
}

impl From<Error> for ParametersError {
    fn from(error: Error) -> Self {
        Self::Malformed(error.what)
    }
}

impl From<SchemeError> for ParametersError {
    fn from(error: SchemeError) -> Self {
        match error {
            SchemeError::Unsupported(what) => Self::Unsupported(format!("RSASSA-PSS with {what}")),
            SchemeError::Malformed(what) => Self::Malformed(what),
            SchemeError::DigestMismatch => Self::Malformed("hash algorithm inside parameters"),
        }
    }
}

/// Reads RSASSA-PSS-params; a field left out has its default (SHA-1, MGF1 with SHA-1, 20, 1).
pub(super) fn parameters(raw: &[u8]) -> Result<Parameters, ParametersError> {
    let mut outer = Reader::der(raw);
    let mut fields = outer
        .expect(tag::SEQUENCE, "expected RSASSA-PSS-params")?
        .reader();
    outer.finish()?;
    let mut found = Parameters {
        hash: DigestAlgorithm::Sha1,
        mask: DigestAlgorithm::Sha1,
        salt: 20,
    };
    if let Some(field) = fields.optional(tag::explicit(0))? {
        let identifier = algorithm::algorithm_identifier(field.value)?;
        found.hash = algorithm::hash_algorithm(&identifier)?;
    }
    if let Some(field) = fields.optional(tag::explicit(1))? {
        let mask = algorithm::algorithm_identifier(field.value)?;
        if !mask.oid.is("1.2.840.113549.1.1.8") {
            return Err(ParametersError::Unsupported(format!(
                "RSASSA-PSS with mask {}",
                names::name(&mask.oid)
            )));
        }
        let inner = algorithm::algorithm_identifier(mask.parameters.as_deref().unwrap_or(&[]))?;
        found.mask = algorithm::hash_algorithm(&inner)?;
    }
    if let Some(field) = fields.optional(tag::explicit(2))? {
        found.salt = usize::try_from(small_integer(field.value)?)
            .map_err(|_| ParametersError::Malformed("salt length"))?;
    }
    if let Some(field) = fields.optional(tag::explicit(3))?
        && small_integer(field.value)? != 1
    {
        return Err(ParametersError::Malformed("trailerField other than 1"));
    }
    fields.finish()?;
    Ok(found)
}

fn small_integer(raw: &[u8]) -> Result<u64, ParametersError> {
    let mut reader = Reader::der(raw);
    let tlv = reader.any()?;
    reader.finish()?;
    if (tlv.tag, tlv.value) == (tag::INTEGER, &[0]) {
        return Ok(0);
    }
    integer::small(integer::positive(&tlv)?).ok_or(ParametersError::Malformed("INTEGER too large"))
}

/// Checks `signature` over `message`.
pub(super) fn verify(
    key: &RsaKey<'_>,
    parameters: &Parameters,
    message: &[u8],
    signature: &[u8],
) -> Answer {
    match ring_parameters(key, parameters) {
        Some(ring) => Answer::from_check(rsa::verify_with_ring(key, ring, message, signature)),
        None => verify_without_ring(key, parameters, message, signature),
    }
}

/// ring's name for these parameters, where it has one: salt as long as the hash, the same hash in the mask, 2048 to 8192 bits.
pub(super) fn ring_parameters(
    key: &RsaKey<'_>,
    parameters: &Parameters,
) -> Option<&'static RsaParameters> {
    let usual = parameters.hash == parameters.mask
        && parameters.salt == parameters.hash.output_len()
        && (256..=rsa::MAX_RING_OCTETS).contains(&key.octets());
    match parameters.hash {
        DigestAlgorithm::Sha256 if usual => Some(&RSA_PSS_2048_8192_SHA256),
        DigestAlgorithm::Sha384 if usual => Some(&RSA_PSS_2048_8192_SHA384),
        DigestAlgorithm::Sha512 if usual => Some(&RSA_PSS_2048_8192_SHA512),
        DigestAlgorithm::Md2
        | DigestAlgorithm::Md5
        | DigestAlgorithm::Sha1
        | DigestAlgorithm::Sha224
        | DigestAlgorithm::Sha256
        | DigestAlgorithm::Sha384
        | DigestAlgorithm::Sha512 => None,
    }
}

pub(super) fn verify_without_ring(
    key: &RsaKey<'_>,
    parameters: &Parameters,
    message: &[u8],
    signature: &[u8],
) -> Answer {
    let Some(digest) = hash(parameters.hash, message) else {
        return Answer::Unsupported(parameters.hash.name().into());
    };
    let holds = rsa::recover(key, signature).is_some_and(|block| {
        encoded_message(key, &block)
            .and_then(|em| consistent(parameters, &digest, em, integer::bits(key.n)))
            .unwrap_or(false)
    });
    Answer::from_check(holds)
}

/// EM of emLen = ceil((modBits - 1) / 8) octets (RFC 8017 section 8.1.2 step 2c): one octet shorter than the modulus where
/// modBits - 1 is divisible by 8, and the octet left over must then be zero.
fn encoded_message<'b>(key: &RsaKey<'_>, block: &'b [u8]) -> Option<&'b [u8]> {
    let em_len = integer::bits(key.n).checked_sub(1)?.div_ceil(8);
    let (head, em) = block.split_at_checked(block.len().checked_sub(em_len)?)?;
    head.iter().all(|b| *b == 0).then_some(em)
}

/// EMSA-PSS-VERIFY (RFC 8017 section 9.1.2), steps 3 to 14; `None` where a step ends in "inconsistent".
fn consistent(
    parameters: &Parameters,
    digest: &[u8],
    em: &[u8],
    modulus_bits: usize,
) -> Option<bool> {
    let (db, trailer) = em.split_at_checked(em.len().checked_sub(digest.len())?.checked_sub(1)?)?;
    let (h, [0xbc]) = trailer.split_at_checked(digest.len())? else {
        return None;
    };
    let unused = em
        .len()
        .checked_mul(8)?
        .checked_sub(modulus_bits.checked_sub(1)?)?;
    let kept = 0xffu8.checked_shr(u32::try_from(unused).ok()?)?;
    if db.first()? & !kept != 0 {
        return None;
    }
    let mask = mgf1(parameters.mask, h, db.len())?;
    let mut db: Vec<u8> = db.iter().zip(&mask).map(|(a, b)| a ^ b).collect();
    *db.first_mut()? &= kept;
    let (padding, salt) = db.split_at_checked(db.len().checked_sub(parameters.salt)?)?;
    let (1, zeros) = padding.split_last()? else {
        return None;
    };
    if zeros.iter().any(|b| *b != 0) {
        return None;
    }
    let mut hasher = Hasher::new(parameters.hash)?;
    hasher.update(&[0; 8]);
    hasher.update(digest);
    hasher.update(salt);
    Some(hasher.finish() == h)
}

/// MGF1 (RFC 8017 appendix B.2.1); `len` is bounded by the modulus.
fn mgf1(algorithm: DigestAlgorithm, seed: &[u8], len: usize) -> Option<Vec<u8>> {
    let mut mask = Vec::with_capacity(len.saturating_add(64));
    for counter in 0u32.. {
        if mask.len() >= len {
            break;
        }
        let mut hasher = Hasher::new(algorithm)?;
        hasher.update(seed);
        hasher.update(&counter.to_be_bytes());
        mask.extend(hasher.finish());
    }
    mask.truncate(len);
    Some(mask)
}
