//! Findings about one signature and its timestamps.

use crate::model::finding::{Definition, Dimension, Severity};

/// Signature cannot be read.
pub static MALFORMED_SIGNATURE: Definition = Definition {
    id: "malformed-signature",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Signature cannot be read",
    references: &["RFC 5652", "RFC 2315"],
};

/// Signature is over another kind of content.
pub static CONTENT_TYPE_MISMATCH: Definition = Definition {
    id: "content-type-mismatch",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Signature is over another kind of content",
    references: &[
        "RFC 5652 section 11.1",
        "Windows Authenticode Portable Executable Signature Format, version 1.0",
    ],
};

/// Signature states an unusual type of data.
pub static UNUSUAL_DATA_TYPE: Definition = Definition {
    id: "unusual-data-type",
    dimension: Dimension::Integrity,
    severity: Severity::Low,
    title: "Signature states an unusual type of data",
    references: &["Windows Authenticode Portable Executable Signature Format, version 1.0"],
};

/// Signature has no signer.
pub static NO_SIGNERINFOS: Definition = Definition {
    id: "no-signerinfos",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Signature has no signer",
    references: &[
        "RFC 5652 section 5.1",
        "Windows Authenticode Portable Executable Signature Format, version 1.0",
    ],
};

/// Signature has more than one SignerInfo.
pub static MULTIPLE_SIGNERINFOS: Definition = Definition {
    id: "multiple-signerinfos",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Signature has more than one SignerInfo",
    references: &[
        "RFC 5652 section 5.1",
        "Windows Authenticode Portable Executable Signature Format, version 1.0",
    ],
};

/// Digest algorithms of the signature disagree.
pub static INCONSISTENT_DIGEST_ALGORITHMS: Definition = Definition {
    id: "inconsistent-digest-algorithms",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Digest algorithms of the signature disagree",
    references: &[
        "RFC 5652 section 5.3",
        "Windows Authenticode Portable Executable Signature Format, version 1.0",
    ],
};

/// File is not what was signed.
pub static DIGEST_MISMATCH: Definition = Definition {
    id: "digest-mismatch",
    dimension: Dimension::Integrity,
    severity: Severity::Critical,
    title: "File is not what was signed",
    references: &["Windows Authenticode Portable Executable Signature Format, version 1.0"],
};

/// Signed digest has the wrong length.
pub static DIGEST_LENGTH_WRONG: Definition = Definition {
    id: "digest-length-wrong",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Signed digest has the wrong length",
    references: &["Windows Authenticode Portable Executable Signature Format, version 1.0"],
};

/// File digest was not computed.
pub static DIGEST_NOT_COMPUTED: Definition = Definition {
    id: "digest-not-computed",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "File digest was not computed",
    references: &["Windows Authenticode Portable Executable Signature Format, version 1.0"],
};

/// Certificate of the signer is missing.
pub static SIGNER_CERTIFICATE_MISSING: Definition = Definition {
    id: "signer-certificate-missing",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Certificate of the signer is missing",
    references: &["RFC 5652 section 5.1"],
};

/// Signed attributes are missing.
pub static MISSING_SIGNED_ATTRIBUTES: Definition = Definition {
    id: "missing-signed-attributes",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Signed attributes are missing",
    references: &[
        "RFC 5652 section 5.3",
        "Windows Authenticode Portable Executable Signature Format, version 1.0",
    ],
};

/// contentType attribute is missing.
pub static MISSING_CONTENT_TYPE: Definition = Definition {
    id: "missing-content-type",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "contentType attribute is missing",
    references: &["RFC 5652 section 11.1"],
};

/// messageDigest attribute is missing.
pub static MISSING_MESSAGE_DIGEST: Definition = Definition {
    id: "missing-message-digest",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "messageDigest attribute is missing",
    references: &["RFC 5652 section 11.2"],
};

/// Signed content is not what the attributes name.
pub static MESSAGEDIGEST_MISMATCH: Definition = Definition {
    id: "messagedigest-mismatch",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Signed content is not what the attributes name",
    references: &["RFC 5652 section 11.2"],
};

/// A signed attribute occurs twice.
pub static DUPLICATE_SIGNED_ATTRIBUTE: Definition = Definition {
    id: "duplicate-signed-attribute",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "A signed attribute occurs twice",
    references: &["RFC 5652 sections 5.3 and 11"],
};

/// Countersignature states no time.
pub static MISSING_SIGNING_TIME: Definition = Definition {
    id: "missing-signing-time",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Countersignature states no time",
    references: &["RFC 2985 section 5.3.6"],
};

/// Signature does not hold.
pub static BAD_SIGNATURE: Definition = Definition {
    id: "bad-signature",
    dimension: Dimension::Integrity,
    severity: Severity::Critical,
    title: "Signature does not hold",
    references: &["RFC 5652 section 5.6"],
};

/// Signature algorithm is not one of the key.
pub static SIGALG_KEY_MISMATCH: Definition = Definition {
    id: "sigalg-key-mismatch",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Signature algorithm is not one of the key",
    references: &["RFC 5652 section 5.3"],
};

/// Signature algorithm names another digest.
pub static SIGALG_DIGEST_MISMATCH: Definition = Definition {
    id: "sigalg-digest-mismatch",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Signature algorithm names another digest",
    references: &["RFC 5652 section 5.3"],
};

/// Algorithm has parameters it does not take.
pub static BAD_ALGORITHM_PARAMETERS: Definition = Definition {
    id: "bad-algorithm-parameters",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Algorithm has parameters it does not take",
    references: &["RFC 3370", "RFC 5754"],
};

/// Signature has an unusual version number.
pub static UNUSUAL_VERSION: Definition = Definition {
    id: "unusual-version",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "Signature has an unusual version number",
    references: &[
        "RFC 2315 section 9",
        "RFC 5652 section 5.1",
        "Windows Authenticode Portable Executable Signature Format, version 1.0",
    ],
};

/// A signature algorithm stands where a digest belongs.
pub static SIGNATURE_ALGORITHM_AS_DIGEST: Definition = Definition {
    id: "signature-algorithm-as-digest",
    dimension: Dimension::Integrity,
    severity: Severity::Low,
    title: "A signature algorithm stands where a digest belongs",
    references: &["RFC 3370 section 2"],
};

/// Signature uses an algorithm that is not computed.
pub static UNSUPPORTED_ALGORITHM: Definition = Definition {
    id: "unsupported-algorithm",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "Signature uses an algorithm that is not computed",
    references: &[],
};

/// A certificate in the signature is damaged.
pub static DAMAGED_CERTIFICATE: Definition = Definition {
    id: "damaged-certificate",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "A certificate in the signature is damaged",
    references: &["RFC 5280 section 4.1"],
};

/// Signed attributes are not in DER order.
pub static SIGNED_ATTRIBUTES_NOT_DER: Definition = Definition {
    id: "signed-attributes-not-der",
    dimension: Dimension::Integrity,
    severity: Severity::Low,
    title: "Signed attributes are not in DER order",
    references: &["RFC 5652 section 5.3", "X.690 section 11.6"],
};

/// Signature is BER, not DER.
pub static BER_ENCODING: Definition = Definition {
    id: "ber-encoding",
    dimension: Dimension::Integrity,
    severity: Severity::Low,
    title: "Signature is BER, not DER",
    references: &["X.690", "RFC 5652 section 10.1"],
};

/// Signature brings unrelated certificates.
pub static UNRELATED_CERTS_PRESENT: Definition = Definition {
    id: "unrelated-certs-present",
    dimension: Dimension::Integrity,
    severity: Severity::Low,
    title: "Signature brings unrelated certificates",
    references: &["RFC 5652 section 10.2.3"],
};

/// A certificate in the signature could not be checked.
pub static UNVERIFIED_CERTIFICATE: Definition = Definition {
    id: "unverified-certificate",
    dimension: Dimension::Integrity,
    severity: Severity::Low,
    title: "A certificate in the signature could not be checked",
    references: &["RFC 5280 section 6"],
};

/// Signature brings attribute certificates.
pub static OTHER_CERTIFICATES_PRESENT: Definition = Definition {
    id: "other-certificates-present",
    dimension: Dimension::Integrity,
    severity: Severity::Low,
    title: "Signature brings attribute certificates",
    references: &["RFC 5652 section 10.2.2"],
};

/// Signature brings revocation lists.
pub static EMBEDDED_CRLS: Definition = Definition {
    id: "embedded-crls",
    dimension: Dimension::Integrity,
    severity: Severity::Info,
    title: "Signature brings revocation lists",
    references: &["RFC 5652 section 10.2.1"],
};

/// Unsigned attribute holds data.
pub static UNAUTHENTICATED_BLOB: Definition = Definition {
    id: "unauthenticated-blob",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "Unsigned attribute holds data",
    references: &["RFC 5652 section 5.3"],
};

/// An attribute cannot be read.
pub static MALFORMED_ATTRIBUTE: Definition = Definition {
    id: "malformed-attribute",
    dimension: Dimension::Integrity,
    severity: Severity::Low,
    title: "An attribute cannot be read",
    references: &["Windows Authenticode Portable Executable Signature Format, version 1.0"],
};

/// Signature has further signatures nested in it.
pub static NESTED_SIGNATURE: Definition = Definition {
    id: "nested-signature",
    dimension: Dimension::Integrity,
    severity: Severity::Info,
    title: "Signature has further signatures nested in it",
    references: &["Windows Authenticode Portable Executable Signature Format, version 1.0"],
};

/// Nested signature stands where verifiers do not look.
pub static NESTED_SIGNATURE_SURPLUS: Definition = Definition {
    id: "nested-signature-surplus",
    dimension: Dimension::Integrity,
    severity: Severity::Low,
    title: "Nested signature stands where verifiers do not look",
    references: &["Windows Authenticode Portable Executable Signature Format, version 1.0"],
};

/// Nested signatures over the limit.
pub static NESTED_TOO_DEEP: Definition = Definition {
    id: "nested-too-deep",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Nested signatures over the limit",
    references: &["Windows Authenticode Portable Executable Signature Format, version 1.0"],
};

/// Page hashes differ from the file.
pub static PAGE_HASH_MISMATCH: Definition = Definition {
    id: "page-hash-mismatch",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Page hashes differ from the file",
    references: &["Windows Authenticode Portable Executable Signature Format, version 1.0"],
};

/// Page hashes cannot be applied.
pub static PAGE_HASHES_MALFORMED: Definition = Definition {
    id: "page-hashes-malformed",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "Page hashes cannot be applied",
    references: &["Windows Authenticode Portable Executable Signature Format, version 1.0"],
};

/// Signature rests on MD5.
pub static WEAK_HASH_MD5: Definition = Definition {
    id: "weak-hash-md5",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Signature rests on MD5",
    references: &["Microsoft Security Advisory 2862973", "RFC 6151"],
};

/// Signature rests on SHA-1.
pub static WEAK_HASH_SHA1: Definition = Definition {
    id: "weak-hash-sha1",
    dimension: Dimension::Integrity,
    severity: Severity::Low,
    title: "Signature rests on SHA-1",
    references: &["RFC 6194", "SHAttered (2017)"],
};

/// Only the signer states that it signed in time.
pub static CLAIMED_SIGNING_TIME_UNTRUSTED: Definition = Definition {
    id: "claimed-signing-time-untrusted",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "Only the signer states that it signed in time",
    references: &["RFC 5652 section 11.3"],
};

/// Timestamp does not hold.
pub static TIMESTAMP_INVALID: Definition = Definition {
    id: "timestamp-invalid",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Timestamp does not hold",
    references: &["RFC 3161", "RFC 2985 section 5.3.6"],
};

/// Timestamp is not trusted.
pub static TIMESTAMP_UNTRUSTED: Definition = Definition {
    id: "timestamp-untrusted",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "Timestamp is not trusted",
    references: &["RFC 3161"],
};

/// Timestamp is later than the judgement time.
pub static TIMESTAMP_IN_FUTURE: Definition = Definition {
    id: "timestamp-in-future",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "Timestamp is later than the judgement time",
    references: &["RFC 3161"],
};

/// Timestamp is older than the certificate.
pub static TIMESTAMP_BEFORE_NOTBEFORE: Definition = Definition {
    id: "timestamp-before-notbefore",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "Timestamp is older than the certificate",
    references: &["RFC 3161"],
};

/// Timestamp is later than the certificate.
pub static TIMESTAMP_AFTER_NOTAFTER: Definition = Definition {
    id: "timestamp-after-notafter",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "Timestamp is later than the certificate",
    references: &["RFC 3161"],
};

/// Timestamp does not name its certificate.
pub static TIMESTAMP_SIGNER_NOT_BOUND: Definition = Definition {
    id: "timestamp-signer-not-bound",
    dimension: Dimension::Integrity,
    severity: Severity::Low,
    title: "Timestamp does not name its certificate",
    references: &["RFC 3161 section 2.4.1", "RFC 5816"],
};

/// Timestamp names another certificate.
pub static TIMESTAMP_SIGNER_MISMATCH: Definition = Definition {
    id: "timestamp-signer-mismatch",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Timestamp names another certificate",
    references: &["RFC 3161 section 2.4.1", "RFC 5816"],
};

/// Timestamps of one signature lie far apart.
pub static TIMESTAMPS_DISAGREE: Definition = Definition {
    id: "timestamps-disagree",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "Timestamps of one signature lie far apart",
    references: &["RFC 3161"],
};

/// Countersignature of an old form.
pub static LEGACY_BARE_DIGEST: Definition = Definition {
    id: "legacy-bare-digest",
    dimension: Dimension::Integrity,
    severity: Severity::Low,
    title: "Countersignature of an old form",
    references: &["RFC 8017 section 9.2"],
};

/// Certificate is for lifetime signing.
pub static LIFETIME_SIGNING: Definition = Definition {
    id: "lifetime-signing",
    dimension: Dimension::Integrity,
    severity: Severity::Info,
    title: "Certificate is for lifetime signing",
    references: &["Microsoft lifetime signing OID 1.3.6.1.4.1.311.10.3.13"],
};

/// Data follows the signature inside its slot.
pub static DATA_AFTER_SIGNATURE: Definition = Definition {
    id: "data-after-signature",
    dimension: Dimension::Integrity,
    severity: Severity::Medium,
    title: "Data follows the signature inside its slot",
    references: &["CVE-2013-3900", "Microsoft Security Bulletin MS13-098"],
};

/// What a signed list lists.
pub static LISTED_MEMBERS: Definition = Definition {
    id: "catalog-members",
    dimension: Dimension::Integrity,
    severity: Severity::Info,
    title: "What the signed list lists",
    references: &["CTL_INFO and CATALOG_INFO of the Windows SDK"],
};

/// Signature is not bound to its certificate.
pub static SIGNING_CERTIFICATE_MISMATCH: Definition = Definition {
    id: "signing-certificate-mismatch",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "Signature is not bound to its certificate",
    references: &["RFC 5035", "NuGet package signatures technical details"],
};

/// What the signer states that it signed for.
pub static SIGNATURE_COMMITMENT: Definition = Definition {
    id: "signature-commitment",
    dimension: Dimension::Integrity,
    severity: Severity::Info,
    title: "What the signer states that it signed for",
    references: &[
        "RFC 5126 section 5.11.1",
        "NuGet package signatures technical details",
    ],
};

/// A repository signed, not the maker.
pub static REPOSITORY_SIGNATURE: Definition = Definition {
    id: "repository-signature",
    dimension: Dimension::Integrity,
    severity: Severity::Info,
    title: "A repository signed, not the maker",
    references: &["NuGet package signatures technical details"],
};

/// A repository's signature is countersigned by a repository.
pub static TWO_REPOSITORY_SIGNATURES: Definition = Definition {
    id: "two-repository-signatures",
    dimension: Dimension::Integrity,
    severity: Severity::High,
    title: "A repository's signature is countersigned by a repository",
    references: &["NuGet package signatures technical details"],
};

/// Signature is over another signature.
pub static COUNTERSIGNATURE: Definition = Definition {
    id: "countersignature",
    dimension: Dimension::Integrity,
    severity: Severity::Info,
    title: "Signature is over another signature",
    references: &["RFC 5652 section 11.4"],
};
