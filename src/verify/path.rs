//! Certificate paths. Interface between path building, the trust stores and the signature schemes.

use std::collections::HashMap;
use std::sync::Mutex;

use crate::base::time::Time;
use crate::model::certificate::{Certificate, CertificateId, Name, SharedCertificate};
use crate::model::finding::Finding;
use crate::model::signature::{Revocation, Trust, TrustStatus};
use crate::verify::crypto::Answer;
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

/// Signature checks already made, by (issuer key, certificate); shared by threads, bounded.
#[derive(Debug, Default)]
pub struct Cache {
    answers: Mutex<HashMap<([u8; 32], CertificateId), Answer>>,
}

/// Judges every path from the leaf to an anchor.
pub fn judge(_query: &Query<'_>) -> Judged {
    let reason = "no path was searched";
    Judged {
        trust: Trust {
            status: TrustStatus::Unknown,
            programme: String::new(),
            root: None,
            reason: reason.into(),
            faults: Vec::new(),
            chain: Vec::new(),
            paths_tried: 0,
        },
        revocation: Revocation {
            status: crate::model::signature::RevocationStatus::NotChecked,
            reason: reason.into(),
            revoked_at: None,
        },
        findings: Vec::new(),
    }
}
