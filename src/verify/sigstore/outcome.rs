//! What a bundle came to.

use crate::base::time::Time;
use crate::envelope::dsse::Statement;
use crate::verify::sigstore::identity::Identity;

/// What a bundle came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Everything that its version asks for holds.
    Verified,
    /// Its key is not known.
    NoKey,
    /// It rests on something that is not computed with; neither good nor bad.
    Unsupported,
    /// Something in it comes from an authority or log that the trusted root does not name, or not for that time.
    Untrusted,
    /// Something in it does not hold, or is missing.
    Failed,
}

impl Status {
    /// The word used in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::NoKey => "no-key",
            Self::Unsupported => "unsupported",
            Self::Untrusted => "untrusted",
            Self::Failed => "failed",
        }
    }
}

/// What speaks against a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultKind {
    /// A certificate that cannot be read, or may not sign code.
    Certificate,
    /// A root certificate where only the signer's own chain belongs.
    RootInChain,
    /// No authority of the trusted root issued the certificate.
    UntrustedCertificate,
    /// A time outside the validity of the certificate, of its issuer, or of the authority in the trusted root.
    OutsideValidity,
    /// No signed certificate timestamp of a log that the trusted root names.
    NoCertificateTimestamp,
    /// A signed certificate timestamp that does not hold.
    CertificateTimestamp,
    /// No entry in a log.
    NoEntry,
    /// An entry of a log that the trusted root does not name.
    UnknownLog,
    /// The log's promise does not hold.
    Promise,
    /// No proof of inclusion, where the bundle's version asks for one.
    NoProof,
    /// The proof of inclusion does not lead to its root.
    Proof,
    /// The checkpoint is missing, cannot be read, is of another tree, or is not signed by the log.
    Checkpoint,
    /// The entry records something else than what is signed here.
    EntryMismatch,
    /// A timestamp that does not hold.
    Timestamp,
    /// A timestamp of an authority that the trusted root does not name.
    UntrustedTimestamp,
    /// Nobody vouches for a time of signing.
    NoTime,
    /// The signature does not hold.
    Signature,
    /// The bundle's own hint at the digest is another than the artifact's.
    DigestHint,
    /// The statement is not about the artifact.
    Subject,
    /// The envelope holds no statement that can be read.
    Statement,
    /// The envelope names another key than the bundle.
    KeyId,
    /// The key that the bundle names is not known.
    NoKey,
    /// Something that is not computed with.
    Unsupported,
}

impl FaultKind {
    /// What it makes of the bundle.
    pub fn status(self) -> Status {
        match self {
            Self::UntrustedCertificate
            | Self::UnknownLog
            | Self::UntrustedTimestamp
            | Self::NoCertificateTimestamp => Status::Untrusted,
            Self::NoKey => Status::NoKey,
            Self::Unsupported => Status::Unsupported,
            Self::Certificate
            | Self::RootInChain
            | Self::OutsideValidity
            | Self::CertificateTimestamp
            | Self::NoEntry
            | Self::Promise
            | Self::NoProof
            | Self::Proof
            | Self::Checkpoint
            | Self::EntryMismatch
            | Self::Timestamp
            | Self::NoTime
            | Self::Signature
            | Self::DigestHint
            | Self::Subject
            | Self::KeyId
            | Self::Statement => Status::Failed,
        }
    }
}

/// One thing that speaks against a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What.
    pub kind: FaultKind,
    /// One clause for a report.
    pub message: String,
}

/// Who vouches for a time of signing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignedAt {
    /// A log, by its promise; with the address of the log.
    Log(Time, String),
    /// A timestamp authority; with its address.
    Authority(Time, String),
}

impl SignedAt {
    /// The time.
    pub fn time(&self) -> Time {
        match self {
            Self::Log(at, _) | Self::Authority(at, _) => *at,
        }
    }
}

/// An entry of a log, as far as it was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedEntry {
    /// Address of the log.
    pub log: String,
    /// Index in the log.
    pub log_index: u64,
    /// Kind and version of the entry; what is not printable is escaped.
    pub kind: String,
    /// It is proven to stand in the tree that the log signed.
    pub is_included: bool,
    /// When the log says that it took it in, where its promise holds.
    pub integrated: Option<Time>,
}

/// A bundle, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// What it came to.
    pub status: Status,
    /// Everything that speaks against it.
    pub faults: Vec<Fault>,
    /// Whose certificate it is; claims of it are to be believed only where the status is verified.
    pub identity: Option<Identity>,
    /// The name that the bundle has for its key, where it has no certificate.
    pub key_hint: Option<String>,
    /// Times of signing that somebody vouches for.
    pub signed_at: Vec<SignedAt>,
    /// Log entries.
    pub entries: Vec<LoggedEntry>,
    /// What the envelope states, where it holds a statement and its signature holds.
    pub statement: Option<Statement>,
}
