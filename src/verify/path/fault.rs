//! What can be wrong with a path, each with a stable id and what it makes of trust.

use super::Refusal;
use crate::model::signature::TrustStatus;

/// One kind of fault, in the order in which a report names them: what points at forgery first, dates late, what only says that
/// an answer is missing last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fault {
    ExplicitEcParameters,
    AlgorithmMismatch,
    BadSignature,
    Disallowed,
    Revoked,
    /// By the programme; see [`Refusal`].
    Refused(&'static str, TrustStatus),
    SelfSigned,
    NoPath,
    PathTooLong,
    BudgetExceeded,
    DuplicateExtension,
    MalformedExtension,
    UnknownCriticalExtension,
    AnchorNotACa,
    NotACa,
    IssuerKeyUsage,
    PathLength,
    NameConstraints,
    MissingCodeSigning,
    MissingTimeStamping,
    MissingUsage,
    TimeStampingNotExclusive,
    UsageNotPermittedByIssuer,
    LeafKeyUsage,
    WeakHashMd5,
    WeakHashSha1,
    WeakKey,
    Nonconforming,
    ValidityInverted,
    TimestampInFuture,
    ExpiredLifetimeSigning,
    Expired,
    NotYetValid,
    AnchorExpired,
    UnsupportedAlgorithm,
    CrlBadSignature,
    CrlStale,
    RevocationUnknown,
}

impl Fault {
    /// The word used in reports.
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::ExplicitEcParameters => "explicit-ec-parameters",
            Self::AlgorithmMismatch => "sigalg-mismatch",
            Self::BadSignature => "bad-signature",
            Self::Disallowed => "certificate-disallowed",
            Self::Revoked => "revoked",
            Self::Refused(id, _) => id,
            Self::SelfSigned => "untrusted-self-signed",
            Self::NoPath => "no-path",
            Self::PathTooLong => "path-too-long",
            Self::BudgetExceeded => "budget-exceeded",
            Self::DuplicateExtension => "duplicate-extension",
            Self::MalformedExtension => "malformed-extension",
            Self::UnknownCriticalExtension => "unknown-critical-extension",
            Self::AnchorNotACa => "anchor-not-a-ca",
            Self::NotACa => "not-a-ca",
            Self::IssuerKeyUsage => "issuer-ku",
            Self::PathLength => "path-len",
            Self::NameConstraints => "name-constraints",
            Self::MissingCodeSigning => "eku-missing-codesigning",
            Self::MissingTimeStamping => "eku-missing-timestamping",
            Self::MissingUsage => "eku-missing",
            Self::TimeStampingNotExclusive => "tsa-eku-not-exclusive",
            Self::UsageNotPermittedByIssuer => "eku-not-permitted-by-issuer",
            Self::LeafKeyUsage => "leaf-ku",
            Self::WeakHashMd5 => "weak-hash-md5",
            Self::WeakHashSha1 => "weak-hash-sha1",
            Self::WeakKey => "weak-key",
            Self::Nonconforming => "nonconforming",
            Self::ValidityInverted => "validity-inverted",
            Self::TimestampInFuture => "timestamp-in-future",
            Self::ExpiredLifetimeSigning => "expired-lifetime-signing",
            Self::Expired => "expired",
            Self::NotYetValid => "not-yet-valid",
            Self::AnchorExpired => "anchor-expired",
            Self::UnsupportedAlgorithm => "unsupported-algorithm",
            Self::CrlBadSignature => "crl-bad-signature",
            Self::CrlStale => "crl-stale",
            Self::RevocationUnknown => "revocation-not-established",
        }
    }

    /// What this fault alone makes of trust.
    pub(super) fn status(self) -> TrustStatus {
        match self {
            Self::Disallowed => TrustStatus::Distrusted,
            Self::Revoked => TrustStatus::Revoked,
            Self::Refused(_, status) => status,
            Self::TimestampInFuture
            | Self::ExpiredLifetimeSigning
            | Self::Expired
            | Self::NotYetValid
            | Self::AnchorExpired => TrustStatus::Expired,
            Self::UnsupportedAlgorithm
            | Self::CrlBadSignature
            | Self::CrlStale
            | Self::RevocationUnknown => TrustStatus::Unknown,
            Self::ExplicitEcParameters
            | Self::AlgorithmMismatch
            | Self::BadSignature
            | Self::SelfSigned
            | Self::NoPath
            | Self::PathTooLong
            | Self::BudgetExceeded
            | Self::DuplicateExtension
            | Self::MalformedExtension
            | Self::UnknownCriticalExtension
            | Self::AnchorNotACa
            | Self::NotACa
            | Self::IssuerKeyUsage
            | Self::PathLength
            | Self::NameConstraints
            | Self::MissingCodeSigning
            | Self::MissingTimeStamping
            | Self::MissingUsage
            | Self::TimeStampingNotExclusive
            | Self::UsageNotPermittedByIssuer
            | Self::LeafKeyUsage
            | Self::WeakHashMd5
            | Self::WeakHashSha1
            | Self::WeakKey
            | Self::Nonconforming
            | Self::ValidityInverted => TrustStatus::Untrusted,
        }
    }
}

/// One fault of one path, with the particulars.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Defect {
    pub(super) fault: Fault,
    pub(super) detail: String,
}

impl Defect {
    pub(super) fn new(fault: Fault, detail: impl Into<String>) -> Self {
        Self {
            fault,
            detail: detail.into(),
        }
    }

    pub(super) fn refused(refusal: Refusal) -> Self {
        // A programme that refuses does not trust, whatever it says.
        let status = match refusal.status {
            TrustStatus::Trusted | TrustStatus::NotChecked => TrustStatus::Untrusted,
            status => status,
        };
        Self::new(Fault::Refused(refusal.fault, status), refusal.reason)
    }
}

/// What a path with these faults comes to. Only a path without any is trusted; where faults differ in kind the graver one
/// decides, and being in time or computable never outweighs a rule that is broken.
pub(super) fn fold(defects: &[Defect]) -> TrustStatus {
    let mut status = TrustStatus::Trusted;
    for defect in defects {
        let next = defect.fault.status();
        if gravity(next) > gravity(status) {
            status = next;
        }
    }
    status
}

/// How far from trust a status is.
pub(super) fn gravity(status: TrustStatus) -> u8 {
    match status {
        TrustStatus::Trusted => 0,
        TrustStatus::NotChecked => 1,
        TrustStatus::Unknown => 2,
        TrustStatus::Expired => 3,
        TrustStatus::Untrusted => 4,
        TrustStatus::Revoked => 5,
        TrustStatus::Distrusted => 6,
    }
}
