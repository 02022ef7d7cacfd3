//! signify signatures and keys: a line of anybody's text and a line of base64; the message may follow.
//!
//! Specification: signify(1) of OpenBSD. Signatures inside gzip comments (`-z`) are not read. Nothing here verifies anything.

use std::ops::Range;

pub use crate::envelope::minisign::{Error, PublicKey};
use crate::envelope::minisign::{Lines, UNTRUSTED, split_signature};

/// A signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The key that it says made it.
    pub key_id: [u8; 8],
    /// Over the message.
    pub signature: [u8; 64],
    /// Unsigned: text, not facts.
    pub untrusted_comment: Vec<u8>,
    /// What follows: the signed message where it is embedded (`-e`), and unsigned bytes where it is not.
    pub following: Option<Range<usize>>,
}

/// Reads a public key, which has the form of a minisign key.
///
/// # Errors
/// Anything that is not one Ed25519 key.
pub fn read_public_key(bytes: &[u8]) -> Result<PublicKey, Error> {
    crate::envelope::minisign::read_public_key(bytes)
}

/// Reads a signature, and where the message would follow.
///
/// # Errors
/// Anything that does not begin with two lines of that form.
pub fn read_signature(bytes: &[u8]) -> Result<Signature, Error> {
    let mut lines = Lines::new(bytes);
    let untrusted_comment = lines.comment(UNTRUSTED)?.to_vec();
    let octets = lines.octets::<74>()?;
    let (key_id, signature) = octets
        .strip_prefix(b"Ed")
        .and_then(split_signature)
        .ok_or_else(|| lines.error("a signature of another algorithm than Ed25519"))?;
    let following = lines.at()..bytes.len();
    Ok(Signature {
        key_id,
        signature,
        untrusted_comment,
        following: (!following.is_empty()).then_some(following),
    })
}
