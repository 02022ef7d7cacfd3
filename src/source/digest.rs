//! Digests of fetched bytes, for comparing with what a registry states.

use std::io;

use md5::Md5;
use sha1::Sha1;
use sha2::digest::Digest;
use sha2::{Sha224, Sha256, Sha384, Sha512};

use crate::base::blob::ReadAt;
use crate::model::digest::DigestAlgorithm;

/// How much is hashed at once.
const CHUNK: u64 = 1 << 20;

/// The digest of all of `blob`; `None` for an algorithm that is never computed.
///
/// # Errors
/// What reading says.
pub(super) fn of(blob: &dyn ReadAt, algorithm: DigestAlgorithm) -> io::Result<Option<Vec<u8>>> {
    match algorithm {
        DigestAlgorithm::Md2 => Ok(None),
        DigestAlgorithm::Md5 => with::<Md5>(blob).map(Some),
        DigestAlgorithm::Sha1 => with::<Sha1>(blob).map(Some),
        DigestAlgorithm::Sha224 => with::<Sha224>(blob).map(Some),
        DigestAlgorithm::Sha256 => with::<Sha256>(blob).map(Some),
        DigestAlgorithm::Sha384 => with::<Sha384>(blob).map(Some),
        DigestAlgorithm::Sha512 => with::<Sha512>(blob).map(Some),
    }
}

fn with<D: Digest>(blob: &dyn ReadAt) -> io::Result<Vec<u8>> {
    let mut digest = D::new();
    let mut at = 0u64;
    while at < blob.size() {
        let end = at.saturating_add(CHUNK).min(blob.size());
        digest.update(blob.read_range(at..end)?);
        at = end;
    }
    Ok(digest.finalize().to_vec())
}

/// Bytes from hexadecimal of either case; `None` for anything else.
pub(super) fn unhex(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    pairs
        .iter()
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

/// The algorithm of this name, as registries spell it.
pub(super) fn named(name: &str) -> Option<DigestAlgorithm> {
    let all = [
        DigestAlgorithm::Md5,
        DigestAlgorithm::Sha1,
        DigestAlgorithm::Sha224,
        DigestAlgorithm::Sha256,
        DigestAlgorithm::Sha384,
        DigestAlgorithm::Sha512,
    ];
    all.into_iter()
        .find(|a| a.name().eq_ignore_ascii_case(name))
}
