//! signify signatures: Ed25519 over a message, beside it or in front of it.
//!
//! Specification: signify(1) of OpenBSD. A good signature says nothing of a time, a name or a version: the format has none.

use std::ops::Range;

use crate::envelope::minisign::shown_key_id;
use crate::envelope::signify::{self, PublicKey, Signature};
use crate::verify::minisign::holds;

pub use crate::envelope::minisign::Error;

/// What a signature came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// It holds.
    Good,
    /// No key at hand has its number: nothing was computed.
    NoKey,
    /// It does not hold.
    Bad,
}

/// What became of a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What it came to.
    pub status: Status,
    /// Key number that the signature names.
    pub key_id: String,
    /// Which of the keys at hand has that number.
    pub key: Option<usize>,
    /// Text, not facts.
    pub untrusted_comment: String,
    /// Embedded: where the signed message stands in the file.
    pub message: Option<Range<usize>>,
    /// Detached: bytes behind the signature, which nothing covers.
    pub trailing: Option<Range<usize>>,
}

/// Checks a detached signature.
///
/// # Errors
/// Where `signature` is no signify signature.
pub fn check(data: &[u8], signature: &[u8], keys: &[PublicKey]) -> Result<Checked, Error> {
    let read = signify::read_signature(signature)?;
    let trailing = read.following.clone();
    Ok(judge(&read, data, keys, None, trailing))
}

/// Checks a file that holds its message behind its signature.
///
/// # Errors
/// Where `bytes` do not begin with a signify signature.
pub fn check_embedded(bytes: &[u8], keys: &[PublicKey]) -> Result<Checked, Error> {
    let read = signify::read_signature(bytes)?;
    let message = read.following.clone().unwrap_or(bytes.len()..bytes.len());
    let data = bytes.get(message.clone()).unwrap_or_default();
    Ok(judge(&read, data, keys, Some(message), None))
}

fn judge(
    signature: &Signature,
    data: &[u8],
    keys: &[PublicKey],
    message: Option<Range<usize>>,
    trailing: Option<Range<usize>>,
) -> Checked {
    let key = keys.iter().position(|k| k.key_id == signature.key_id);
    let status = match key.and_then(|at| keys.get(at)) {
        None => Status::NoKey,
        Some(key) if holds(&key.key, data, &signature.signature) => Status::Good,
        Some(_) => Status::Bad,
    };
    Checked {
        status,
        key_id: shown_key_id(&signature.key_id),
        key,
        untrusted_comment: String::from_utf8_lossy(&signature.untrusted_comment).into_owned(),
        message,
        trailing,
    }
}
