//! Bodies of what was collected: their digests, and what comes out of those that are compressed. Streamed, never all in memory.

use std::io::Read;

use crate::base::blob::ReadAt;
use crate::format::codec;
use crate::model::digest::DigestAlgorithm;
use crate::verify::digest::Hasher;

/// How much is read at once.
const CHUNK: u64 = 1 << 20;

/// The digests of all of `body`, one for each algorithm that is computed, in one pass.
///
/// # Errors
/// What reading says.
pub fn digests(
    body: &dyn ReadAt,
    algorithms: &[DigestAlgorithm],
) -> Result<Vec<(DigestAlgorithm, Vec<u8>)>, String> {
    let mut hashers: Vec<(DigestAlgorithm, Hasher)> = algorithms
        .iter()
        .filter_map(|a| Some((*a, Hasher::new(*a)?)))
        .collect();
    let mut at = 0u64;
    while at < body.size() {
        let end = at.saturating_add(CHUNK).min(body.size());
        let bytes = body.read_range(at..end).map_err(|e| e.to_string())?;
        for (_, hasher) in &mut hashers {
            hasher.update(&bytes);
        }
        at = end;
    }
    Ok(hashers.into_iter().map(|(a, h)| (a, h.finish())).collect())
}

/// What comes out of `body` by the ending of its name; more than `limit` bytes is an error.
///
/// # Errors
/// Where its coding cannot be opened.
pub fn decoded<'a>(
    name: &str,
    body: &'a dyn ReadAt,
    limit: u64,
) -> Result<impl Read + use<'a>, String> {
    let inner = codec::document(name, body).map_err(|e| e.to_string())?;
    Ok(Bounded { inner, left: limit })
}

/// Ends with an error, not in silence, where more comes out than may.
struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buf)?;
        let count = u64::try_from(read).unwrap_or(u64::MAX);
        self.left = self
            .left
            .checked_sub(count)
            .ok_or_else(|| std::io::Error::other("more comes out than is stated or allowed"))?;
        Ok(read)
    }
}

/// Bytes from hexadecimal of either case; `None` for anything else.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    pairs
        .iter()
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{decoded, digests, unhex};
    use crate::model::digest::{DigestAlgorithm, hex};
    use std::io::Read as _;

    #[test]
    fn a_limit_is_an_error_and_not_the_end() {
        let body = b"0123456789".to_vec();
        let all = |limit: u64| {
            let mut out = Vec::new();
            let mut reader = decoded("Packages", &body, limit).unwrap().take(100);
            std::io::copy(&mut reader, &mut out).map(|_| out)
        };
        assert_eq!(all(10).unwrap(), body);
        assert!(all(9).is_err());
        assert!(
            decoded("Packages.xz", &body, 10)
                .unwrap()
                .read(&mut [0; 4])
                .is_err()
        );
    }

    #[test]
    fn several_digests_come_of_one_pass() {
        let all = digests(
            &b"abc".to_vec(),
            &[
                DigestAlgorithm::Md5,
                DigestAlgorithm::Md2,
                DigestAlgorithm::Sha1,
            ],
        )
        .unwrap();
        assert_eq!(all.len(), 2);
        assert_eq!(hex(&all[0].1), "900150983cd24fb0d6963f7d28e17f72");
        assert_eq!(unhex("0aF"), None);
        assert_eq!(unhex("0aFf"), Some(vec![10, 255]));
    }
}
