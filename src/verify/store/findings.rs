//! The findings that the trust stores raise; listed in [`crate::verify::findings::ALL`].

use crate::model::finding::{Definition, Dimension, Severity};

/// The bundle is old.
pub static TRUST_ROOTS_STALE: Definition = Definition {
    id: "trust-roots-stale",
    dimension: Dimension::Identity,
    severity: Severity::Low,
    title: "The root list was more than 90 days old at the judgement time",
    references: &["Microsoft Trusted Root Program, authroot.stl"],
};

/// dbx names the image or a certificate of it.
pub static UEFI_FORBIDDEN: Definition = Definition {
    id: "uefi-forbidden",
    dimension: Dimension::Identity,
    severity: Severity::High,
    title: "Microsoft's Secure Boot revocation list (dbx) forbids the image",
    references: &["UEFI Specification 2.10 section 32.5.3.3"],
};

/// A pinned cross-certificate came with the signature.
pub static KERNEL_CROSS_SIGNED: Definition = Definition {
    id: "kernel-cross-signed",
    dimension: Dimension::Identity,
    severity: Severity::Info,
    title: "The signature carries one of Microsoft's cross-certificates for kernel drivers",
    references: &["Microsoft, Cross-Certificates for Kernel Mode Code Signing"],
};
