//! What is hashed of a document: its octets, or its lines with CR LF between them (RFC 9580 section 5.2.4).

use crate::model::digest::DigestAlgorithm;
use crate::verify::digest::Hasher;

/// A running hash over a document.
#[derive(Debug, Clone)]
pub(super) struct DocumentHasher {
    hasher: Hasher,
    /// Of text: carriage returns that are not known to stand before a line end yet.
    text: Option<usize>,
}

impl DocumentHasher {
    /// Starts one; `None` for a hash that is never computed.
    pub(super) fn new(algorithm: DigestAlgorithm, salt: &[u8], is_text: bool) -> Option<Self> {
        let mut hasher = Hasher::new(algorithm)?;
        hasher.update(salt);
        Some(Self {
            hasher,
            text: is_text.then_some(0),
        })
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        let Some(mut held) = self.text else {
            self.hasher.update(bytes);
            return;
        };
        let mut rest = bytes;
        while let Some(at) = memchr::memchr2(b'\r', b'\n', rest) {
            let (plain, tail) = rest.split_at_checked(at).unwrap_or((rest, &[]));
            if !plain.is_empty() {
                self.release(&mut held);
                self.hasher.update(plain);
            }
            match tail.split_first() {
                Some((b'\r', after)) => {
                    held = held.saturating_add(1);
                    rest = after;
                }
                Some((_, after)) => {
                    held = 0;
                    self.hasher.update(b"\r\n");
                    rest = after;
                }
                None => rest = &[],
            }
        }
        if !rest.is_empty() {
            self.release(&mut held);
            self.hasher.update(rest);
        }
        self.text = Some(held);
    }

    fn release(&mut self, held: &mut usize) {
        for _ in 0..std::mem::take(held) {
            self.hasher.update(b"\r");
        }
    }

    /// The digest, with what the signature adds behind the document.
    pub(super) fn finish(mut self, trailer: &[u8]) -> Vec<u8> {
        self.hasher.update(trailer);
        self.hasher.finish()
    }
}
