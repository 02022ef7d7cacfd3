//! minisign signatures: over a file and, by a second one, over the trusted comment.
//!
//! Specification: see [`crate::envelope::minisign`]. A good signature says that a key signed these bytes at some time. It does not say
//! which release they are: only the trusted comment can, and what it names is to be compared with what was asked for.

use blake2::{Blake2b512, Digest};

use crate::base::time::Time;
use crate::envelope::minisign::{self, Algorithm, PublicKey, Signature};
use crate::model::digest::DigestAlgorithm;
use crate::verify::crypto::{Answer, BareKey, BareSignature, verify_digest};

pub use crate::envelope::minisign::Error;

/// What a signature came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Both signatures hold.
    Good,
    /// No key at hand has its id: nothing was computed.
    NoKey,
    /// It signs the file itself and only a digest is at hand: nothing was computed.
    NotComputed,
    /// The signature over the file holds and the one over the trusted comment does not.
    CommentBad,
    /// The signature over the file does not hold.
    Bad,
}

impl Status {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::NoKey => "no-key",
            Self::NotComputed => "not-computed",
            Self::CommentBad => "comment-bad",
            Self::Bad => "bad",
        }
    }
}

/// What the trusted comment says, in the form that minisign writes by default. Claims of the signer, and only where its signature holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claims {
    /// `timestamp:`.
    pub timestamp: Option<Time>,
    /// `file:`.
    pub file: Option<String>,
}

/// What became of a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What it came to.
    pub status: Status,
    /// What was signed.
    pub algorithm: Algorithm,
    /// Key id that the signature names, as minisign prints it.
    pub key_id: String,
    /// Which of the keys at hand has that id.
    pub key: Option<usize>,
    /// The trusted comment; empty where nothing vouches for it.
    pub trusted_comment: String,
    /// What it says.
    pub claims: Claims,
    /// The untrusted comment: text, not facts.
    pub untrusted_comment: String,
    /// Bytes of the signature file behind its fourth line, which nothing covers.
    pub trailing: Option<std::ops::Range<usize>>,
}

/// A running digest for signatures of [`Algorithm::Prehashed`], over files that are not in memory.
#[derive(Debug, Clone, Default)]
pub struct Prehash(Blake2b512);

impl Prehash {
    /// Starts one.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in the next bytes of the file.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// BLAKE2b-512 of everything taken in.
    pub fn finish(self) -> [u8; 64] {
        self.0.finalize().into()
    }
}

/// Checks a signature over a file in memory.
///
/// # Errors
/// Where `signature` is no minisign signature.
pub fn check(data: &[u8], signature: &[u8], keys: &[PublicKey]) -> Result<Checked, Error> {
    let signature = minisign::read_signature(signature)?;
    let mut hash = Prehash::new();
    let digest;
    let message = match signature.algorithm {
        Algorithm::Legacy => data,
        Algorithm::Prehashed => {
            hash.update(data);
            digest = hash.finish();
            &digest
        }
    };
    Ok(judge(&signature, Some(message), keys))
}

/// Checks a signature over a file whose digest was taken as it streamed by. One that signs the file itself is not computed.
///
/// # Errors
/// Where `signature` is no minisign signature.
pub fn check_prehashed(
    digest: &[u8; 64],
    signature: &[u8],
    keys: &[PublicKey],
) -> Result<Checked, Error> {
    let signature = minisign::read_signature(signature)?;
    let message = match signature.algorithm {
        Algorithm::Legacy => None,
        Algorithm::Prehashed => Some(digest.as_slice()),
    };
    Ok(judge(&signature, message, keys))
}

fn judge(signature: &Signature, message: Option<&[u8]>, keys: &[PublicKey]) -> Checked {
    let key = keys.iter().position(|k| k.key_id == signature.key_id);
    let status = match (key.and_then(|at| keys.get(at)), message) {
        (None, _) => Status::NoKey,
        (Some(_), None) => Status::NotComputed,
        (Some(key), Some(message)) => {
            let covered = [&signature.signature[..], &signature.trusted_comment].concat();
            if !holds(&key.key, message, &signature.signature) {
                Status::Bad
            } else if holds(&key.key, &covered, &signature.global_signature) {
                Status::Good
            } else {
                Status::CommentBad
            }
        }
    };
    let trusted_comment = match status {
        Status::Good => String::from_utf8_lossy(&signature.trusted_comment).into_owned(),
        Status::NoKey | Status::NotComputed | Status::CommentBad | Status::Bad => String::new(),
    };
    Checked {
        status,
        algorithm: signature.algorithm,
        key_id: minisign::shown_key_id(&signature.key_id),
        key,
        claims: claims(&trusted_comment),
        trusted_comment,
        untrusted_comment: String::from_utf8_lossy(&signature.untrusted_comment).into_owned(),
        trailing: signature.trailing.clone(),
    }
}

/// Ed25519 over `message` itself.
pub(super) fn holds(key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    // The digest that the facade takes is what is signed; which one it was plays no part in Ed25519.
    let answer = verify_digest(
        BareKey::Ed25519(key),
        DigestAlgorithm::Sha512,
        message,
        BareSignature::Ed25519(signature),
    );
    answer == Answer::Valid
}

/// Fields that minisign separates with tabs.
fn claims(comment: &str) -> Claims {
    let field = |name: &str| comment.split('\t').find_map(|f| f.strip_prefix(name));
    Claims {
        timestamp: field("timestamp:")
            .and_then(|seconds| seconds.parse().ok())
            .and_then(|seconds| Time::from_unix_timestamp(seconds).ok()),
        file: field("file:").map(str::to_owned),
    }
}
