//! Hash functions of signatures (FIPS 180-4, RFC 1321), one at a time or streamed.
//!
//! MD2 is named by old certificates and never computed: there is no [`Hasher`] for it, so whatever rests on it is
//! unverifiable, not invalid. Weakness is not judged here; see [`DigestAlgorithm::is_weak`].

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};

use crate::model::digest::DigestAlgorithm;

/// A running hash.
#[derive(Debug, Clone)]
pub struct Hasher(State);

#[derive(Debug, Clone)]
enum State {
    Md5(Md5),
    Sha1(Sha1),
    Sha224(Sha224),
    Sha256(Sha256),
    Sha384(Sha384),
    Sha512(Sha512),
}

impl Hasher {
    /// Starts one; `None` for an algorithm that is never computed (MD2).
    pub fn new(algorithm: DigestAlgorithm) -> Option<Self> {
        Some(Self(match algorithm {
            DigestAlgorithm::Md2 => return None,
            DigestAlgorithm::Md5 => State::Md5(Md5::new()),
            DigestAlgorithm::Sha1 => State::Sha1(Sha1::new()),
            DigestAlgorithm::Sha224 => State::Sha224(Sha224::new()),
            DigestAlgorithm::Sha256 => State::Sha256(Sha256::new()),
            DigestAlgorithm::Sha384 => State::Sha384(Sha384::new()),
            DigestAlgorithm::Sha512 => State::Sha512(Sha512::new()),
        }))
    }

    /// Takes in the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            State::Md5(h) => h.update(bytes),
            State::Sha1(h) => h.update(bytes),
            State::Sha224(h) => h.update(bytes),
            State::Sha256(h) => h.update(bytes),
            State::Sha384(h) => h.update(bytes),
            State::Sha512(h) => h.update(bytes),
        }
    }

    /// The digest of everything taken in.
    pub fn finish(self) -> Vec<u8> {
        match self.0 {
            State::Md5(h) => h.finalize().to_vec(),
            State::Sha1(h) => h.finalize().to_vec(),
            State::Sha224(h) => h.finalize().to_vec(),
            State::Sha256(h) => h.finalize().to_vec(),
            State::Sha384(h) => h.finalize().to_vec(),
            State::Sha512(h) => h.finalize().to_vec(),
        }
    }
}

/// Digest of one slice; `None` for an algorithm that is never computed (MD2).
pub fn hash(algorithm: DigestAlgorithm, bytes: &[u8]) -> Option<Vec<u8>> {
    let mut hasher = Hasher::new(algorithm)?;
    hasher.update(bytes);
    Some(hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::{Hasher, hash};
    use crate::model::digest::{DigestAlgorithm, hex};

    /// Digests of `abc`: RFC 1321 appendix A.5 and the examples published with FIPS 180-4.
    const ABC: [(DigestAlgorithm, &str); 6] = [
        (DigestAlgorithm::Md5, "900150983cd24fb0d6963f7d28e17f72"),
        (
            DigestAlgorithm::Sha1,
            "a9993e364706816aba3e25717850c26c9cd0d89d",
        ),
        (
            DigestAlgorithm::Sha224,
            "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7",
        ),
        (
            DigestAlgorithm::Sha256,
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ),
        (
            DigestAlgorithm::Sha384,
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed\
             8086072ba1e7cc2358baeca134c825a7",
        ),
        (
            DigestAlgorithm::Sha512,
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
             2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
        ),
    ];

    #[test]
    fn every_algorithm_gives_its_published_digest_in_one_go_and_in_pieces() {
        for (algorithm, expected) in ABC {
            assert_eq!(hex(&hash(algorithm, b"abc").unwrap()), expected);
            let mut hasher = Hasher::new(algorithm).unwrap();
            for piece in [&b"a"[..], b"", b"bc"] {
                hasher.update(piece);
            }
            let digest = hasher.finish();
            assert_eq!(digest.len(), algorithm.output_len());
            assert_eq!(hex(&digest), expected);
        }
    }

    #[test]
    fn md2_is_never_computed() {
        assert!(Hasher::new(DigestAlgorithm::Md2).is_none());
        assert!(hash(DigestAlgorithm::Md2, b"").is_none());
    }
}
