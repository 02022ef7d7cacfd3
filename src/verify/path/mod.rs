//! Certificate paths: whether a chain from a leaf to an anchor holds, under the rules of code signing.
//!
//! Specifications: RFC 5280 section 6 (path validation), section 4.2.1.10 (name constraints), section 7.1 (comparison of names);
//! RFC 3161 section 2.3 (timestamp authorities); for what Windows adds, the nesting of extended key usages and lifetime signing.
//! Every path is tried within a budget, and the best one is reported with everything that is wrong with it. Certificate policies
//! (RFC 5280 section 6.1.5) are not evaluated; a path that constrains them says so in a finding.
//!
//! A trusted path says that a programme's authority vouches for the name in the leaf. It does not say that the name is who one
//! thinks it is, nor that its owner still holds the key.

mod attempt;
mod budget;
mod cache;
mod candidates;
mod check;
mod conformance;
mod constraints;
mod extension;
mod fault;
mod general_name;
mod judge;
mod names;
mod notes;
mod rules;
mod search;
mod strength;
#[cfg(test)]
mod tests;
mod time;

pub use self::cache::Cache;
pub use self::candidates::unrelated;
pub use self::judge::{judge, judge_under};
pub use self::names::same as same_name;
pub use self::notes::name_findings;
pub use self::rules::{RevocationRule, Rules, Usage};
pub use self::time::{is_lifetime_signing, time_basis};

pub(crate) use self::check::title;

use crate::base::time::Time;
use crate::model::certificate::{Certificate, CertificateId, Name, SharedCertificate};
use crate::model::finding::Finding;
use crate::model::signature::{Revocation, Trust, TrustStatus};
use crate::verify::profile::Profile;
use crate::verify::revocation::RevocationEvidence;

/// What the leaf must be allowed to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Sign code.
    CodeSigning,
    /// Sign timestamps (RFC 3161 section 2.3).
    TimeStamping,
    /// Sign a Microsoft certificate trust list (1.3.6.1.4.1.311.10.3.9).
    TrustListSigning,
    /// No extended key usage is asked.
    Any,
}

/// An anchor: trusted as an input, not by its own signature.
#[derive(Debug, Clone)]
pub struct Anchor {
    /// The certificate; identity is its hash.
    pub certificate: SharedCertificate,
    /// Which programme it belongs to: `windows`, `windows-legacy`, `uefi`, `kernel`, `user`.
    pub programme: &'static str,
}

/// Why a programme refuses a path that otherwise holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Fault id: `root-not-for-code-signing`, `root-disallowed`, `root-not-before` ….
    pub fault: &'static str,
    /// What that makes of trust: `Distrusted` where the programme withdrew it, else `Untrusted`.
    pub status: TrustStatus,
    /// One sentence, with the property and the date.
    pub reason: String,
}

/// A set of anchors with the rules of its programme.
pub trait Anchors: Send + Sync {
    /// Anchors whose subject could be `issuer`.
    fn issued_by(&self, issuer: &Name) -> Vec<Anchor>;

    /// The anchor that is this very certificate.
    fn get(&self, id: &CertificateId) -> Option<Anchor>;

    /// Whether the programme lets `anchor` vouch for `leaf` at the time basis `at` (which is a timestamp where `attested`).
    ///
    /// # Errors
    /// The refusal.
    fn admits(
        &self,
        anchor: &Anchor,
        leaf: &Certificate,
        purpose: Purpose,
        at: Time,
        attested: bool,
    ) -> Result<(), Refusal>;

    /// Why this certificate, anywhere on a path, is disallowed by the programme.
    fn disallowed(&self, certificate: &Certificate) -> Option<String>;
}

/// Issuing certificates at hand beside those in the envelope.
pub trait Issuers: Send + Sync {
    /// Certificates whose subject could be `issuer`.
    fn issued_by(&self, issuer: &Name) -> Vec<SharedCertificate>;
}

/// A question to the path builder.
#[derive(Clone, Copy)]
pub struct Query<'a> {
    /// The end-entity certificate.
    pub leaf: &'a SharedCertificate,
    /// Certificates that came with the signature, in any order.
    pub supplied: &'a [SharedCertificate],
    /// Bundled issuing certificates.
    pub issuers: &'a dyn Issuers,
    /// Anchors.
    pub anchors: &'a dyn Anchors,
    /// What the leaf must be allowed to do.
    pub purpose: Purpose,
    /// The time that validity is judged at.
    pub at: Time,
    /// `at` comes from a verified timestamp.
    pub attested: bool,
    /// The judgement time.
    pub now: Time,
    /// Whose rules.
    pub profile: Profile,
    /// CRLs and OCSP answers at hand.
    pub revocation: &'a RevocationEvidence,
    /// Answers already known.
    pub cache: &'a Cache,
}

impl std::fmt::Debug for Query<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Query")
            .field("leaf", &self.leaf.id)
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

/// The answer.
#[derive(Debug, Clone)]
pub struct Judged {
    /// Trust, with the chain.
    pub trust: Trust,
    /// Revocation of that chain.
    pub revocation: Revocation,
    /// What was noticed on the chain: weak hashes, hostile names, expired anchors ….
    pub findings: Vec<Finding>,
}
