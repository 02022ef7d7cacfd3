//! What became of each signature: one outcome each, never one for all.

use std::ops::Range;

use crate::base::time::Time;
use crate::envelope::openpgp::anomaly::Anomaly;
use crate::model::digest::DigestAlgorithm;
use crate::verify::openpgp::state::Revocation;

/// What a signature came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignatureStatus {
    /// It holds, and its key may sign, is alive and not revoked.
    Good,
    /// It holds over a hash whose collisions are practical, which does not say which of two texts was signed.
    Weak,
    /// It has expired.
    Expired,
    /// It is from a time that has not come, or before its key.
    NotYetValid,
    /// Its key has expired.
    KeyExpired,
    /// Its key is revoked.
    KeyRevoked,
    /// Its key is not bound to a certificate, or may not sign.
    KeyUnusable,
    /// Its key is not in the keyring: nothing was computed.
    NoKey,
    /// It rests on something that is not computed with or not understood; said so, and never taken for good or bad.
    Unsupported,
    /// It cannot be read.
    Malformed,
    /// It does not hold.
    Bad,
}

impl SignatureStatus {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Weak => "weak",
            Self::Expired => "expired",
            Self::NotYetValid => "not-yet-valid",
            Self::KeyExpired => "key-expired",
            Self::KeyRevoked => "key-revoked",
            Self::KeyUnusable => "key-unusable",
            Self::NoKey => "no-key",
            Self::Unsupported => "unsupported",
            Self::Malformed => "malformed",
            Self::Bad => "bad",
        }
    }
}

/// Why a signature is not simply good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The numbers do not verify.
    DoesNotVerify,
    /// The packet cannot be read: what, and where in the signature's octets.
    Malformed(&'static str, usize),
    /// A version, algorithm, curve or hash that is not computed with.
    NotComputed(String),
    /// A critical subpacket of this type, which is not understood.
    UnknownCritical(u8),
    /// A signature of a type that signs no document.
    WrongType,
    /// No key in the keyring has the issuer's id or fingerprint.
    NoSuchKey,
    /// The signature names no issuer.
    NoIssuer,
    /// The signature does not say when it was made.
    NoCreationTime,
    /// The signature has expired.
    SignatureExpired,
    /// The signature says that it was made after the judgement time.
    MadeInFuture,
    /// The signature says that it was made before its key.
    MadeBeforeKey,
    /// The key, or the certificate it belongs to, has expired.
    KeyExpired,
    /// The key, or the certificate it belongs to, is revoked.
    KeyRevoked,
    /// A revocation that could not be checked stands in the certificate.
    RevocationUnchecked,
    /// No self-signature of the primary key holds at the judgement time.
    NoSelfSignature,
    /// No binding of the subkey holds at the judgement time.
    SubkeyNotBound,
    /// The subkey did not sign its binding back, so that anybody could have claimed it (CVE-2021-3521).
    SubkeyNotCrossCertified,
    /// The key's flags do not let it sign.
    NotForSigning,
    /// The hash of the signature is MD5 or SHA-1.
    WeakHash(DigestAlgorithm),
    /// The work allowed for one call is spent.
    LimitReached,
}

impl Reason {
    /// What it makes of the signature.
    pub fn status(&self) -> SignatureStatus {
        match self {
            Self::DoesNotVerify => SignatureStatus::Bad,
            Self::Malformed(..) | Self::NoCreationTime => SignatureStatus::Malformed,
            Self::NotComputed(_)
            | Self::UnknownCritical(_)
            | Self::RevocationUnchecked
            | Self::LimitReached => SignatureStatus::Unsupported,
            Self::NoSuchKey | Self::NoIssuer => SignatureStatus::NoKey,
            Self::SignatureExpired => SignatureStatus::Expired,
            Self::MadeInFuture | Self::MadeBeforeKey => SignatureStatus::NotYetValid,
            Self::KeyExpired => SignatureStatus::KeyExpired,
            Self::KeyRevoked => SignatureStatus::KeyRevoked,
            Self::WrongType
            | Self::NoSelfSignature
            | Self::SubkeyNotBound
            | Self::SubkeyNotCrossCertified
            | Self::NotForSigning => SignatureStatus::KeyUnusable,
            Self::WeakHash(_) => SignatureStatus::Weak,
        }
    }

    /// One clause for a report.
    pub fn message(&self) -> String {
        match self {
            Self::DoesNotVerify => "the signature does not hold".into(),
            Self::Malformed(what, offset) => format!("{what} at offset {offset}"),
            Self::NotComputed(what) => format!("not computed with: {what}"),
            Self::UnknownCritical(number) => {
                format!("critical subpacket {number} is not understood")
            }
            Self::WrongType => "a signature of a type that signs no document".into(),
            Self::NoSuchKey => "the key is not in the keyring".into(),
            Self::NoIssuer => "the signature names no issuer".into(),
            Self::NoCreationTime => "the signature does not say when it was made".into(),
            Self::SignatureExpired => "the signature has expired".into(),
            Self::MadeInFuture => "the signature says that it was made in the future".into(),
            Self::MadeBeforeKey => "the signature says that it was made before its key".into(),
            Self::KeyExpired => "the key has expired".into(),
            Self::KeyRevoked => "the key is revoked".into(),
            Self::RevocationUnchecked => {
                "the certificate carries a revocation that could not be checked".into()
            }
            Self::NoSelfSignature => "no self-signature of the key holds".into(),
            Self::SubkeyNotBound => "the subkey is not bound to its certificate".into(),
            Self::SubkeyNotCrossCertified => "the subkey did not sign its binding back".into(),
            Self::NotForSigning => "the key may not sign".into(),
            Self::WeakHash(hash) => format!("the signature is over {hash}"),
            Self::LimitReached => "more signatures on certificates than are checked".into(),
        }
    }
}

/// What weakens a signature that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weakness {
    /// An RSA key below 2048 bits.
    SmallRsa(usize),
    /// A DSA key (FIPS 186-5 no longer has DSA).
    Dsa(usize),
    /// The newest self-signature of the certificate is over SHA-1 or MD5.
    WeakSelfSignature(DigestAlgorithm),
    /// The binding of the signing subkey is over SHA-1 or MD5.
    WeakBinding(DigestAlgorithm),
    /// The back signature of the signing subkey is over SHA-1 or MD5.
    WeakBackSignature(DigestAlgorithm),
}

/// The key that a signature was checked with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningKey {
    /// Index of its certificate in the keyring.
    pub certificate: usize,
    /// Fingerprint of the certificate, which is its primary key's.
    pub primary_fingerprint: Vec<u8>,
    /// Fingerprint of the key itself.
    pub fingerprint: Vec<u8>,
    /// Its key id.
    pub key_id: [u8; 8],
    /// It is a subkey.
    pub is_subkey: bool,
    /// `RSA 4096`, `Ed25519` ….
    pub algorithm: String,
    /// Size of the modulus or field.
    pub bits: Option<usize>,
    /// When it was made.
    pub created: Time,
    /// When it, or its certificate, expires; the earlier.
    pub expires: Option<Time>,
    /// Its revocation, or its certificate's.
    pub revoked: Option<Revocation>,
    /// User ids that a self-signature holds for, the main one first: claims of the key's holder.
    pub user_ids: Vec<String>,
}

/// What became of one signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureOutcome {
    /// The worst of its reasons, or good.
    pub status: SignatureStatus,
    /// Everything that speaks against it.
    pub reasons: Vec<Reason>,
    /// The numbers verify; `None` where nothing was computed.
    pub holds: Option<bool>,
    /// Version of the packet; 0 where it could not be read.
    pub version: u8,
    /// The issuer's fingerprint, where the signature covers it.
    pub issuer_fingerprint: Option<Vec<u8>>,
    /// The issuer's key id, covered or only hinted at.
    pub issuer_key_id: Option<[u8; 8]>,
    /// The key, where one was found.
    pub key: Option<SigningKey>,
    /// Public-key algorithm by name.
    pub algorithm: String,
    /// Hash by name.
    pub hash: String,
    /// When its signer says that it was made.
    pub created: Option<Time>,
    /// When it expires.
    pub expires: Option<Time>,
    /// The key was alive at the time that the signature claims.
    pub key_alive_when_made: Option<bool>,
    /// What weakens it, good or not.
    pub weaknesses: Vec<Weakness>,
    /// Where it stands: its armored block, or the packet where it came without armor.
    pub span: Range<usize>,
}

/// A message or file with its signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// Clearsigned: where the message's lines stand, escapes included.
    pub body: Option<Range<usize>>,
    /// Clearsigned: the text that is signed, with LF between lines and none at its end.
    pub text: Option<Vec<u8>>,
    /// The signatures came in armor.
    pub armored: bool,
    /// What stands outside every signature or is out of form; spans are of the signed message, or of the detached signature.
    pub anomalies: Vec<Anomaly>,
    /// One outcome each, in order; never empty.
    pub signatures: Vec<SignatureOutcome>,
}
