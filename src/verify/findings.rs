//! The findings that this room raises. Each has its long text in `docs/findings/<id>.md`.

pub mod signature;

use crate::model::finding::{Definition, Dimension, Severity};
use crate::verify::store::findings as store;

/// All of them; a test holds this list against the documents and the code.
pub static ALL: &[&Definition] = &[
    &store::TRUST_ROOTS_STALE,
    &store::UEFI_FORBIDDEN,
    &store::KERNEL_CROSS_SIGNED,
    &CHECKSUM_MISMATCH,
    &signature::MALFORMED_SIGNATURE,
    &signature::CONTENT_TYPE_MISMATCH,
    &signature::NO_SIGNERINFOS,
    &signature::MULTIPLE_SIGNERINFOS,
    &signature::INCONSISTENT_DIGEST_ALGORITHMS,
    &signature::DIGEST_MISMATCH,
    &signature::DIGEST_LENGTH_WRONG,
    &signature::DIGEST_NOT_COMPUTED,
    &signature::SIGNER_CERTIFICATE_MISSING,
    &signature::MISSING_SIGNED_ATTRIBUTES,
    &signature::MISSING_CONTENT_TYPE,
    &signature::MISSING_MESSAGE_DIGEST,
    &signature::MESSAGEDIGEST_MISMATCH,
    &signature::DUPLICATE_SIGNED_ATTRIBUTE,
    &signature::MISSING_SIGNING_TIME,
    &signature::BAD_SIGNATURE,
    &signature::SIGALG_KEY_MISMATCH,
    &signature::SIGALG_DIGEST_MISMATCH,
    &signature::BAD_ALGORITHM_PARAMETERS,
    &signature::UNUSUAL_VERSION,
    &signature::SIGNATURE_ALGORITHM_AS_DIGEST,
    &signature::UNSUPPORTED_ALGORITHM,
    &signature::DAMAGED_CERTIFICATE,
    &signature::SIGNED_ATTRIBUTES_NOT_DER,
    &signature::BER_ENCODING,
    &signature::UNRELATED_CERTS_PRESENT,
    &signature::UNVERIFIED_CERTIFICATE,
    &signature::OTHER_CERTIFICATES_PRESENT,
    &signature::EMBEDDED_CRLS,
    &signature::UNAUTHENTICATED_BLOB,
    &signature::MALFORMED_ATTRIBUTE,
    &signature::NESTED_SIGNATURE,
    &signature::NESTED_SIGNATURE_SURPLUS,
    &signature::NESTED_TOO_DEEP,
    &signature::PAGE_HASH_MISMATCH,
    &signature::PAGE_HASHES_MALFORMED,
    &signature::WEAK_HASH_MD5,
    &signature::WEAK_HASH_SHA1,
    &signature::CLAIMED_SIGNING_TIME_UNTRUSTED,
    &signature::TIMESTAMP_INVALID,
    &signature::TIMESTAMP_UNTRUSTED,
    &signature::TIMESTAMP_IN_FUTURE,
    &signature::TIMESTAMP_BEFORE_NOTBEFORE,
    &signature::TIMESTAMP_AFTER_NOTAFTER,
    &signature::TIMESTAMP_SIGNER_NOT_BOUND,
    &signature::TIMESTAMP_SIGNER_MISMATCH,
    &signature::TIMESTAMPS_DISAGREE,
    &signature::LEGACY_BARE_DIGEST,
    &signature::LIFETIME_SIGNING,
];

/// PE checksum differs.
pub static CHECKSUM_MISMATCH: Definition = Definition {
    id: "checksum-mismatch",
    dimension: Dimension::Integrity,
    severity: Severity::Info,
    title: "PE checksum in the header is not the file's",
    references: &["PE format, section 3.4.2 (CheckSum)"],
};
