//! What the chain from a registry to a file says; listed in [`crate::verify::findings::ALL`].

use crate::model::finding::{Definition, Dimension, Severity};

/// The bytes are those that the registry states.
pub static REGISTRY_HASH_MATCHES: Definition = Definition {
    id: "registry-hash-matches",
    dimension: Dimension::Channel,
    severity: Severity::Info,
    title: "the file is the one that the registry states",
    references: &[],
};

/// The bytes are not those that the registry states.
pub static REGISTRY_HASH_MISMATCH: Definition = Definition {
    id: "registry-hash-mismatch",
    dimension: Dimension::Integrity,
    severity: Severity::Critical,
    title: "what came is not what the registry states",
    references: &["PEP 503", "PEP 691", "W3C Subresource Integrity"],
};

/// The registry states no digest of the file.
pub static REGISTRY_HASH_MISSING: Definition = Definition {
    id: "registry-hash-missing",
    dimension: Dimension::Channel,
    severity: Severity::Medium,
    title: "the registry states no digest of the file",
    references: &["PEP 503", "PEP 691"],
};

/// Only a broken hash function binds the file.
pub static REGISTRY_HASH_WEAK: Definition = Definition {
    id: "registry-hash-weak",
    dimension: Dimension::Channel,
    severity: Severity::Medium,
    title: "only a weak digest binds the file to the registry's statement",
    references: &["RFC 6151", "RFC 6194"],
};

/// The registry withdrew the release.
pub static PACKAGE_YANKED: Definition = Definition {
    id: "package-yanked",
    dimension: Dimension::Channel,
    severity: Severity::Medium,
    title: "the registry has withdrawn this release",
    references: &["PEP 592"],
};

/// Something on the way came without TLS.
pub static REGISTRY_OVER_HTTP: Definition = Definition {
    id: "registry-over-http",
    dimension: Dimension::Channel,
    severity: Severity::Medium,
    title: "fetched without TLS",
    references: &["RFC 9110 section 4.2.1"],
};
