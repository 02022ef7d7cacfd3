//! One signature's verdict: integrity, trust and time are three answers and never collapse into one flag.

use std::fmt;

use super::certificate::{CertificateId, SharedCertificate};
use super::cms::Opus;
use super::digest::DigestAlgorithm;
use super::extract::Span;
use super::finding::Finding;
use crate::base::time::Time;

/// Names a signature inside its subject: `1`, `1.1` for the first nested one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SignatureId(pub String);

impl fmt::Display for SignatureId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where among a file's signatures it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Position {
    /// The one the platform looks at first.
    Primary,
    /// A further entry of the certificate table; the number counts from 2.
    ExtraEntry(u32),
    /// Inside another signature's unsigned attributes, at this depth.
    Nested(u32),
    /// In the file, but nothing points to it.
    Orphan,
    /// In a catalog of this name.
    Catalog(String),
}

/// Do the bytes match what was signed, and is the signature over that true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Integrity {
    /// Digest and signature hold.
    Valid,
    /// At least one does not; the reasons are finding ids, worst first.
    Invalid(Vec<&'static str>),
    /// An algorithm or form this product does not compute with; named.
    Unverifiable(String),
}

/// Whether the chain carries trust under the programme, at the time it is judged by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TrustStatus {
    /// A path to an anchor of the programme holds.
    Trusted,
    /// No path, or none that holds.
    Untrusted,
    /// The only thing wrong is time.
    Expired,
    /// A certificate on the path is revoked for this time.
    Revoked,
    /// The programme itself withdrew the anchor, or lists the certificate or image as disallowed.
    Distrusted,
    /// Could not be established.
    Unknown,
    /// The policy of verification asks for integrity only.
    NotChecked,
}

impl TrustStatus {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Trusted => "trusted",
            Self::Untrusted => "untrusted",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::Distrusted => "distrusted",
            Self::Unknown => "unknown",
            Self::NotChecked => "not_checked",
        }
    }
}

/// Trust, with where it comes from.
#[derive(Debug, Clone)]
pub struct Trust {
    /// The answer.
    pub status: TrustStatus,
    /// Trust programme that was asked: `windows`, `uefi`, `kernel`, `user`.
    pub programme: String,
    /// The anchor reached, trusted or not.
    pub root: Option<CertificateId>,
    /// Why, in one sentence.
    pub reason: String,
    /// Fault ids of the best path (`no-path`, `expired`, `eku-missing-codesigning` …), empty where trusted.
    pub faults: Vec<&'static str>,
    /// The chain shown: the trusted path, else the best attempt; leaf first.
    pub chain: Vec<SharedCertificate>,
    /// How many paths were tried.
    pub paths_tried: usize,
}

/// State of a revocation question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RevocationStatus {
    /// A fresh, well-signed answer says not revoked, for every certificate on the path below the anchor.
    Good,
    /// Revoked at the time that counts.
    Revoked,
    /// An answer was at hand but is stale, badly signed or does not cover the certificate.
    Unknown,
    /// No answer was at hand.
    NotChecked,
}

impl RevocationStatus {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Revoked => "revoked",
            Self::Unknown => "unknown",
            Self::NotChecked => "not_checked",
        }
    }
}

/// Revocation, with how it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revocation {
    /// The answer.
    pub status: RevocationStatus,
    /// Why or by what, in one sentence.
    pub reason: String,
    /// When the certificate was revoked.
    pub revoked_at: Option<Time>,
}

/// What kind of token attests the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimestampKind {
    /// RFC 3161 token in attribute 1.3.6.1.4.1.311.3.3.1.
    Rfc3161,
    /// PKCS #9 countersignature.
    Authenticode,
    /// PKCS #9 countersignature whose RSA block holds the digest without DigestInfo.
    LegacyBareDigest,
}

impl TimestampKind {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rfc3161 => "rfc3161",
            Self::Authenticode => "authenticode",
            Self::LegacyBareDigest => "legacy-bare-digest",
        }
    }
}

/// A timestamp and its own verdict.
#[derive(Debug, Clone)]
pub struct Timestamp {
    /// Kind of token.
    pub kind: TimestampKind,
    /// The time it states.
    pub at: Option<Time>,
    /// Does it bind to this signature, and does its own signature hold.
    pub integrity: Integrity,
    /// Its own chain, judged at its own time.
    pub trust: Trust,
    /// It may serve as time basis.
    pub usable: bool,
    /// Why it may or may not.
    pub reason: String,
    /// The timestamp authority's certificate.
    pub signer: Option<SharedCertificate>,
    /// Where it stands in the file.
    pub span: Span,
}

/// The time by which the chain is judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeBasis {
    /// The time.
    pub at: Time,
    /// From a verified timestamp, not the judgement time.
    pub attested: bool,
    /// Why this one.
    pub why: String,
}

/// One signature, judged.
#[derive(Debug, Clone)]
pub struct Signature {
    /// Its handle inside the subject.
    pub id: SignatureId,
    /// `authenticode`.
    pub scheme: &'static str,
    /// Its place.
    pub position: Position,
    /// Where its envelope stands in the file.
    pub span: Span,
    /// Do the bytes match.
    pub integrity: Integrity,
    /// Digest algorithm of the file digest.
    pub digest_algorithm: Option<DigestAlgorithm>,
    /// The digest it was made over.
    pub signed_digest: Vec<u8>,
    /// The digest of the file as it is.
    pub computed_digest: Vec<u8>,
    /// The certificate whose key made it; where that fails, the one it names.
    pub signer: Option<SharedCertificate>,
    /// Does the chain carry trust.
    pub trust: Trust,
    /// The time the chain was judged by.
    pub time_basis: TimeBasis,
    /// The signer's own claim of when it signed.
    pub claimed_time: Option<Time>,
    /// Every timestamp on it.
    pub timestamps: Vec<Timestamp>,
    /// Revocation of the chain.
    pub revocation: Revocation,
    /// What the signer typed in.
    pub opus: Option<Opus>,
    /// Page hashes: `None` where there are none.
    pub page_hashes: Option<PageHashVerdict>,
    /// What was noticed about it.
    pub findings: Vec<Finding>,
}

/// Page hashes, judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageHashVerdict {
    /// Their algorithm.
    pub algorithm: DigestAlgorithm,
    /// Pages compared.
    pub pages: usize,
    /// Offsets of pages that differ or that the table lacks; the first few.
    pub mismatches: Vec<u64>,
    /// The table is malformed or cannot be applied to the file.
    pub malformed: Option<String>,
}
