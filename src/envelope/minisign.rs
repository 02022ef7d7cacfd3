//! minisign signatures and keys: four lines, of which the first is anybody's text and the third is signed.
//!
//! Specification: the format as minisign's manual describes it (`Ed` signs the file, `ED` its BLAKE2b-512 digest, and a second signature
//! covers the first one and the trusted comment). Nothing here verifies anything.

use std::ops::Range;

use crate::base::base64;

/// Largest comment, in octets: minisign's own limit is 8192.
pub const MAX_COMMENT: usize = 8192;
/// Longest line of base64: a signature has 100 digits.
const MAX_DIGITS: usize = 1024;

pub(super) const UNTRUSTED: &[u8] = b"untrusted comment: ";
const TRUSTED: &[u8] = b"trusted comment: ";

/// Why bytes are no such file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{what} in line {line}")]
pub struct Error {
    /// Which line, from one.
    pub line: usize,
    /// What is wrong, as a phrase.
    pub what: &'static str,
}

/// What was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// `Ed`: the file itself.
    Legacy,
    /// `ED`: its BLAKE2b-512 digest.
    Prehashed,
}

/// A public key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    /// As it stands; printed in reverse.
    pub key_id: [u8; 8],
    /// Ed25519.
    pub key: [u8; 32],
}

/// A signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// What was signed.
    pub algorithm: Algorithm,
    /// The key that it says made it.
    pub key_id: [u8; 8],
    /// Over the file or its digest.
    pub signature: [u8; 64],
    /// Unsigned: text, not facts.
    pub untrusted_comment: Vec<u8>,
    /// Signed by [`Signature::global_signature`].
    pub trusted_comment: Vec<u8>,
    /// Over the signature and the trusted comment.
    pub global_signature: [u8; 64],
    /// What stands behind the fourth line, which no signature covers.
    pub trailing: Option<Range<usize>>,
}

/// A key id as minisign prints it.
pub fn shown_key_id(key_id: &[u8; 8]) -> String {
    format!("{:016X}", u64::from_le_bytes(*key_id))
}

/// Reads a public key: its file of two lines, or the line of base64 alone, as configurations carry it.
///
/// # Errors
/// Anything that is not one Ed25519 key.
pub fn read_public_key(bytes: &[u8]) -> Result<PublicKey, Error> {
    let mut lines = Lines::new(bytes);
    if bytes.starts_with(UNTRUSTED) {
        lines.comment(UNTRUSTED)?;
    }
    let octets = lines.octets::<42>()?;
    if lines.rest().is_some() {
        return Err(lines.error("something behind the key"));
    }
    match octets.split_first_chunk::<2>() {
        Some((b"Ed", rest)) => {
            let (key_id, key) = rest
                .split_first_chunk::<8>()
                .ok_or_else(|| lines.error("a key of the wrong length"))?;
            Ok(PublicKey {
                key_id: *key_id,
                key: key
                    .try_into()
                    .map_err(|_| lines.error("a key of the wrong length"))?,
            })
        }
        _ => Err(lines.error("a key of another algorithm than Ed25519")),
    }
}

/// Reads a signature.
///
/// # Errors
/// Anything that is not four lines of that form.
pub fn read_signature(bytes: &[u8]) -> Result<Signature, Error> {
    let mut lines = Lines::new(bytes);
    let untrusted_comment = lines.comment(UNTRUSTED)?.to_vec();
    let octets = lines.octets::<74>()?;
    let (algorithm, rest) = match octets.split_first_chunk::<2>() {
        Some((b"Ed", rest)) => (Algorithm::Legacy, rest),
        Some((b"ED", rest)) => (Algorithm::Prehashed, rest),
        _ => return Err(lines.error("a signature of another algorithm than Ed25519")),
    };
    let (key_id, signature) = split_signature(rest).ok_or_else(|| lines.error("cut short"))?;
    let trusted_comment = lines.comment(TRUSTED)?.to_vec();
    let global_signature = lines.octets::<64>()?;
    Ok(Signature {
        algorithm,
        key_id,
        signature,
        untrusted_comment,
        trusted_comment,
        global_signature,
        trailing: lines.rest(),
    })
}

/// Key id and signature, as both formats write them.
pub(super) fn split_signature(octets: &[u8]) -> Option<([u8; 8], [u8; 64])> {
    let (key_id, signature) = octets.split_first_chunk::<8>()?;
    Some((*key_id, signature.try_into().ok()?))
}

/// Lines from the front, by number.
pub(super) struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    number: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            number: 0,
        }
    }

    pub(super) fn error(&self, what: &'static str) -> Error {
        Error {
            line: self.number,
            what,
        }
    }

    /// The next line without its end.
    fn next(&mut self, limit: usize) -> Result<&'a [u8], Error> {
        self.number = self.number.saturating_add(1);
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if rest.is_empty() {
            return Err(self.error("nothing"));
        }
        let (line, next) = match memchr::memchr(b'\n', rest) {
            Some(end) => (rest.get(..end).unwrap_or_default(), end.saturating_add(1)),
            None => (rest, rest.len()),
        };
        self.at = self.at.saturating_add(next);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.len() > limit {
            return Err(self.error("more octets than there may be"));
        }
        Ok(line)
    }

    pub(super) fn comment(&mut self, prefix: &[u8]) -> Result<&'a [u8], Error> {
        self.next(MAX_COMMENT)?
            .strip_prefix(prefix)
            .ok_or_else(|| self.error("another line than the comment that belongs there"))
    }

    pub(super) fn octets<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let line = self.next(MAX_DIGITS)?;
        std::str::from_utf8(line)
            .ok()
            .filter(|text| !text.contains(|c: char| c.is_ascii_whitespace()))
            .and_then(base64::decode)
            .and_then(|octets| octets.try_into().ok())
            .ok_or_else(|| self.error("other than the base64 that belongs there"))
    }

    /// Where what is left stands, if it is more than line ends.
    pub(super) fn rest(&self) -> Option<Range<usize>> {
        let rest = self.bytes.get(self.at..)?;
        rest.iter()
            .any(|b| !matches!(b, b'\r' | b'\n'))
            .then_some(self.at..self.bytes.len())
    }

    /// Where the next line begins.
    pub(super) fn at(&self) -> usize {
        self.at
    }
}
