//! The words that people read for the words of the schema.

use crate::base::text::shown;
use crate::report::json::Party;
use crate::report::json::handle::EvidenceId;
use crate::report::json::words::{Aspect, Role, Status, TimestampKind, Validation};

use super::page::Tone;

pub(super) fn kind(kind: TimestampKind) -> &'static str {
    match kind {
        TimestampKind::Rfc3161 => "RFC 3161",
        TimestampKind::Authenticode => "countersignature",
        TimestampKind::LegacyBareDigest => "countersignature over a bare digest",
    }
}

pub(super) fn validation(validation: Validation) -> &'static str {
    match validation {
        Validation::Extended => "extended validation",
        Validation::Organization => "organisation validated",
        Validation::Individual => "individual",
        Validation::Platform => "the platform's own authority",
        Validation::Unknown => "validation not stated",
    }
}

pub(super) fn aspect(aspect: Aspect) -> &'static str {
    match aspect {
        Aspect::Incorporation => "Incorporated in",
        Aspect::PlaceOfBusiness => "Place of business",
        Aspect::Owner => "Owner",
        Aspect::Controller => "Controller",
        Aspect::PkiOperator => "Certificate authority",
        Aspect::TsaOperator => "Timestamp authority",
        Aspect::NetworkHolder => "Network registered to",
        Aspect::NetworkLocation => "Network located in",
        Aspect::DomainRegistry => "Domain registry",
        Aspect::HostingOperator => "Hosting operator",
        Aspect::Listing => "Listed by",
        Aspect::VendorStatement => "Vendor's statement",
    }
}

pub(super) fn role(role: Role) -> &'static str {
    match role {
        Role::Signer => "signer",
        Role::CoSigner => "co-signer",
        Role::ClaimedSigner => "claimed signer",
        Role::CertificateAuthority => "certificate authority",
        Role::TimestampAuthority => "timestamp authority",
        Role::DeclaredVendor => "declared maker",
    }
}

/// The mark before a finding: never colour alone.
pub(super) fn mark(status: Status) -> (Tone, &'static str) {
    match status {
        Status::Fail => (Tone::Bad, "!"),
        Status::Review => (Tone::Look, "?"),
        Status::Unknown => (Tone::Faint, "-"),
        Status::Pass => (Tone::Good, "+"),
    }
}

pub(super) fn countries(party: &Party) -> String {
    let codes: Vec<String> = party.countries.iter().map(|c| shown(c)).collect();
    codes.join(" ")
}

/// Plays a part in making the file, as against operating an authority.
pub(super) fn stands_behind(party: &Party) -> bool {
    party.roles.iter().any(|r| match r {
        Role::Signer | Role::CoSigner | Role::ClaimedSigner | Role::DeclaredVendor => true,
        Role::CertificateAuthority | Role::TimestampAuthority => false,
    })
}

/// Handles of evidence as they stand after a text, with the space before them.
pub(super) fn handles(evidence: &[EvidenceId]) -> String {
    if evidence.is_empty() {
        return String::new();
    }
    let handles: Vec<String> = evidence.iter().map(ToString::to_string).collect();
    format!(" [{}]", handles.join(" "))
}

/// A digest algorithm as people write it.
pub(super) fn digest(name: &str) -> String {
    let upper = shown(name).to_uppercase();
    match upper.strip_prefix("SHA") {
        Some(size) => format!("SHA-{size}"),
        None => upper,
    }
}
