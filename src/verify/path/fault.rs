//! What can be wrong with a path, each with a stable id and what it makes of trust.

use super::Refusal;
use crate::model::signature::TrustStatus;
use crate::verify::findings::{fault as f, path, signature};

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
            Self::ExplicitEcParameters => f::EXPLICIT_EC_PARAMETERS.id,
            Self::AlgorithmMismatch => f::SIGALG_MISMATCH.id,
            Self::BadSignature => signature::BAD_SIGNATURE.id,
            Self::Disallowed => f::CERTIFICATE_DISALLOWED.id,
            Self::Revoked => f::REVOKED.id,
            Self::Refused(id, _) => id,
            Self::SelfSigned => f::UNTRUSTED_SELF_SIGNED.id,
            Self::NoPath => f::NO_PATH.id,
            Self::PathTooLong => f::PATH_TOO_LONG.id,
            Self::BudgetExceeded => f::BUDGET_EXCEEDED.id,
            Self::DuplicateExtension => f::DUPLICATE_EXTENSION.id,
            Self::MalformedExtension => f::MALFORMED_EXTENSION.id,
            Self::UnknownCriticalExtension => f::UNKNOWN_CRITICAL_EXTENSION.id,
            Self::AnchorNotACa => f::ANCHOR_NOT_A_CA.id,
            Self::NotACa => f::NOT_A_CA.id,
            Self::IssuerKeyUsage => f::ISSUER_KU.id,
            Self::PathLength => f::PATH_LEN.id,
            Self::NameConstraints => f::NAME_CONSTRAINTS.id,
            Self::MissingCodeSigning => f::EKU_MISSING_CODESIGNING.id,
            Self::MissingTimeStamping => f::EKU_MISSING_TIMESTAMPING.id,
            Self::MissingUsage => f::EKU_MISSING.id,
            Self::TimeStampingNotExclusive => f::TSA_EKU_NOT_EXCLUSIVE.id,
            Self::UsageNotPermittedByIssuer => f::EKU_NOT_PERMITTED_BY_ISSUER.id,
            Self::LeafKeyUsage => f::LEAF_KU.id,
            Self::WeakHashMd5 => signature::WEAK_HASH_MD5.id,
            Self::WeakHashSha1 => signature::WEAK_HASH_SHA1.id,
            Self::WeakKey => path::WEAK_KEY.id,
            Self::Nonconforming => f::NONCONFORMING.id,
            Self::ValidityInverted => f::VALIDITY_INVERTED.id,
            Self::TimestampInFuture => signature::TIMESTAMP_IN_FUTURE.id,
            Self::ExpiredLifetimeSigning => f::EXPIRED_LIFETIME_SIGNING.id,
            Self::Expired => f::EXPIRED.id,
            Self::NotYetValid => f::NOT_YET_VALID.id,
            Self::AnchorExpired => f::ANCHOR_EXPIRED.id,
            Self::UnsupportedAlgorithm => signature::UNSUPPORTED_ALGORITHM.id,
            Self::CrlBadSignature => f::CRL_BAD_SIGNATURE.id,
            Self::CrlStale => f::CRL_STALE.id,
            Self::RevocationUnknown => f::REVOCATION_NOT_ESTABLISHED.id,
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
